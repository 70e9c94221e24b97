// SPDX-License-Identifier: MIT
#include "draw.h"

#include <cairo.h>
#include <math.h>
#include <stdio.h>

struct color {
	double r, g, b;
};

/* Neighbouring classes get hues far apart: steps of the golden angle round the colour wheel. */
static struct color class_color(int class_id)
{
	double hue = fmod(class_id * 0.381966 + 0.02, 1) * 6;
	double x = 1 - fabs(fmod(hue, 2) - 1);
	double low = 0.12, high = 0.92;
	double mid = low + (high - low) * x;

	switch ((int)hue) {
	case 0:
		return (struct color) { high, mid, low };
	case 1:
		return (struct color) { mid, high, low };
	case 2:
		return (struct color) { low, high, mid };
	case 3:
		return (struct color) { low, mid, high };
	case 4:
		return (struct color) { mid, low, high };
	default:
		return (struct color) { high, low, mid };
	}
}

static void draw_box(cairo_t *cr, const struct edge_detection *box, double line)
{
	struct color color = class_color(box->class_id);
	double width = fmax(box->x1 - box->x0, 1), height = fmax(box->y1 - box->y0, 1);

	/* A dark rim keeps the line visible on any ground. */
	cairo_rectangle(cr, box->x0, box->y0, width, height);
	cairo_set_source_rgba(cr, 0, 0, 0, 0.55);
	cairo_set_line_width(cr, line + 2);
	cairo_stroke_preserve(cr);
	cairo_set_source_rgb(cr, color.r, color.g, color.b);
	cairo_set_line_width(cr, line);
	cairo_stroke(cr);
	for (int i = 0; i < box->num_points; i++) {
		cairo_arc(cr, box->points[i][0], box->points[i][1], line * 1.5, 0, 2 * M_PI);
		cairo_fill(cr);
	}
}

/* A caption: text on a ground of the class's colour. */
struct label {
	char text[96];
	struct color color;
	cairo_font_extents_t font;
	double width, height;
};

static struct label make_label(cairo_t *cr, const struct edge_detection *box, const char *name)
{
	struct label label = { .color = class_color(box->class_id) };
	cairo_text_extents_t extents;

	snprintf(label.text, sizeof(label.text), "%.80s %.2f", name, box->score);
	cairo_text_extents(cr, label.text, &extents);
	cairo_font_extents(cr, &label.font);
	label.width = extents.x_advance + 6;
	label.height = label.font.ascent + label.font.descent + 2;
	return label;
}

static void put_label(cairo_t *cr, const struct label *label, double x, double y)
{
	struct color color = label->color;

	cairo_set_source_rgb(cr, color.r, color.g, color.b);
	cairo_rectangle(cr, x, y, label->width, label->height);
	cairo_fill(cr);
	if (0.299 * color.r + 0.587 * color.g + 0.114 * color.b > 0.5)
		cairo_set_source_rgb(cr, 0, 0, 0);
	else
		cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_move_to(cr, x + 3, y + 1 + label->font.ascent);
	cairo_show_text(cr, label->text);
}

/* Above the box where there is room, else inside; never beyond the image. */
static void draw_label(cairo_t *cr, const struct edge_image *image,
		       const struct edge_detection *box, const char *name, double line)
{
	struct label label = make_label(cr, box, name);
	double x = fmax(0, fmin(box->x0 - line / 2, image->width - label.width));
	double y = box->y0 - line / 2 - label.height;

	if (y < 0)
		y = fmin(box->y0, image->height - label.height);
	put_label(cr, &label, x, y);
}

/* The classes of a whole image, one below the other. */
static void draw_classes(cairo_t *cr, const struct edge_detector *detector,
			 const struct edge_detection *classes, size_t count)
{
	double y = 0;

	for (size_t i = 0; i < count; i++) {
		struct label label = make_label(cr, &classes[i],
						edge_detector_label(detector, classes[i].class_id));

		put_label(cr, &label, 0, y);
		y += label.height;
	}
}

static void draw_boxes(cairo_t *cr, const struct edge_image *image,
		       const struct edge_detector *detector,
		       const struct edge_detection *detections, size_t count, double line)
{
	/* The best come first, and are to lie on top. */
	for (size_t i = count; i--;)
		draw_box(cr, &detections[i], line);
	for (size_t i = count; i--;)
		draw_label(cr, image, &detections[i],
			   edge_detector_label(detector, detections[i].class_id), line);
}

/* Cairo's RGB24 is a native 32-bit word a pixel. */
static void to_surface(const struct edge_image *image, cairo_surface_t *surface)
{
	uint8_t *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);

	for (int y = 0; y < image->height; y++) {
		const uint8_t *from = image->data + (size_t)y * image->stride;
		uint32_t *to = (uint32_t *)(data + (size_t)y * stride);

		for (int x = 0; x < image->width; x++, from += 3)
			to[x] = (uint32_t)from[0] << 16 | from[1] << 8 | from[2];
	}
	cairo_surface_mark_dirty(surface);
}

static void from_surface(cairo_surface_t *surface, struct edge_image *image)
{
	const uint8_t *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);

	for (int y = 0; y < image->height; y++) {
		const uint32_t *from = (const uint32_t *)(data + (size_t)y * stride);
		uint8_t *to = image->data + (size_t)y * image->stride;

		for (int x = 0; x < image->width; x++, to += 3) {
			to[0] = from[x] >> 16;
			to[1] = from[x] >> 8;
			to[2] = from[x];
		}
	}
}

bool draw_detections(struct edge_image *image, const struct edge_detector *detector,
		     const struct edge_detection *detections, size_t count)
{
	double size = fmax(11, fmin(image->width, image->height) / 32.0);
	double line = fmax(2, size / 7);
	cairo_surface_t *surface;
	cairo_t *cr;
	bool done;

	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->width, image->height);
	if (cairo_surface_status(surface)) {
		cairo_surface_destroy(surface);
		return false;
	}
	to_surface(image, surface);
	cr = cairo_create(surface);
	cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
	cairo_set_font_size(cr, size);
	if (edge_detector_is_classifier(detector))
		draw_classes(cr, detector, detections, count);
	else
		draw_boxes(cr, image, detector, detections, count, line);
	done = !cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (done)
		from_surface(surface, image);
	cairo_surface_destroy(surface);
	return done;
}
