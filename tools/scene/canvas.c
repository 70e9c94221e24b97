// SPDX-License-Identifier: MIT
#include "canvas.h"

#include <math.h>
#include <stdlib.h>

#define ARC_STEPS 20
#define HULL_CIRCLES 8

struct canvas *canvas_create(int width, int height)
{
	size_t n = (size_t)width * (size_t)height;
	struct canvas *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->width = width;
	c->height = height;
	c->pixels = calloc(n, sizeof(*c->pixels));
	c->owners = calloc(n, sizeof(*c->owners));
	c->mask = calloc(n, sizeof(*c->mask));
	/* A row holds one step more than it has pixels: where cover ends. */
	c->cover = calloc(n + 2 * (size_t)height, sizeof(*c->cover));
	if (!c->pixels || !c->owners || !c->mask || !c->cover) {
		canvas_destroy(c);
		return NULL;
	}
	for (int i = 0; i < CANVAS_OWNERS; i++)
		c->extents[i] = (struct extent) { 1e9, 1e9, -1e9, -1e9 };
	return c;
}

void canvas_destroy(struct canvas *c)
{
	if (!c)
		return;
	free(c->pixels);
	free(c->owners);
	free(c->mask);
	free(c->cover);
	free(c);
}

struct rgb *canvas_row(struct canvas *c, int y)
{
	return c->pixels + (size_t)y * (size_t)c->width;
}

struct rgb rgb_hex(uint32_t v)
{
	return (struct rgb) { (float)(v >> 16 & 255) / 255.0f, (float)(v >> 8 & 255) / 255.0f,
			      (float)(v & 255) / 255.0f };
}

struct rgb rgb_mix(struct rgb a, struct rgb b, double t)
{
	float f = (float)t;

	return (struct rgb) { a.r + (b.r - a.r) * f, a.g + (b.g - a.g) * f, a.b + (b.b - a.b) * f };
}

struct rgb rgb_scale(struct rgb a, double s)
{
	float f = (float)s;

	return (struct rgb) { a.r * f, a.g * f, a.b * f };
}

struct rgb rgb_multiply(struct rgb a, struct rgb b)
{
	return (struct rgb) { a.r * b.r, a.g * b.g, a.b * b.b };
}

struct paint paint_flat(struct rgb colour)
{
	return (struct paint) { colour, colour, 1.0f };
}

struct paint paint_fade(struct rgb top, struct rgb bottom)
{
	return (struct paint) { top, bottom, 1.0f };
}

struct paint paint_glaze(struct rgb colour, double alpha)
{
	return (struct paint) { colour, colour, (float)alpha };
}

/* Signed area that the part of an edge within one row of pixels covers. */
static void cover_row(float *row, int width, double x0, double x1, double dy)
{
	double left = clamp(x0 < x1 ? x0 : x1, 0, width);
	double right = clamp(x0 < x1 ? x1 : x0, 0, width);
	int first = (int)left;
	int last = (int)ceil(right);
	double slope, done = 0;

	if (last <= first + 1) {
		double mid = (left + right) / 2 - first;

		row[first] += (float)(dy * (1 - mid));
		row[first + 1] += (float)(dy * mid);
		return;
	}
	/* The cover right of the edge grows along it: integrate by pixel. */
	slope = 1 / (right - left);
	for (int x = first; x < last; x++) {
		double a = x < left ? left : x;
		double b = x + 1 > right ? right : x + 1;
		double span = (b - a) * slope;
		double mid = (a + b) / 2 - x;
		double here = span * (1 - mid);

		row[x] += (float)(dy * (done + here));
		done = span - here;
	}
	row[last] += (float)(dy * done);
}

static void cover_edge(struct canvas *c, struct vec2 a, struct vec2 b)
{
	size_t pitch = (size_t)c->width + 2;
	double sign = 1;
	double y0, y1, slope;

	if (a.y == b.y)
		return;
	if (a.y > b.y) {
		struct vec2 t = a;

		a = b;
		b = t;
		sign = -1;
	}
	slope = (b.x - a.x) / (b.y - a.y);
	y0 = clamp(a.y, 0, c->height);
	y1 = clamp(b.y, 0, c->height);
	for (int y = (int)y0; y < y1; y++) {
		double top = y < y0 ? y0 : y;
		double end = y + 1 > y1 ? y1 : y + 1;

		cover_row(c->cover + (size_t)y * pitch, c->width, a.x + (top - a.y) * slope,
			  a.x + (end - a.y) * slope, sign * (end - top));
	}
}

static void blend(struct canvas *c, size_t at, struct rgb colour, float cover, float alpha)
{
	struct rgb *p = &c->pixels[at];
	float a = cover * alpha;

	if (c->shadow_mode) {
		if (a > c->mask[at])
			c->mask[at] = a;
		return;
	}
	p->r += (colour.r - p->r) * a;
	p->g += (colour.g - p->g) * a;
	p->b += (colour.b - p->b) * a;
	if (cover >= 0.3f)
		c->owners[at] = (uint8_t)c->owner;
}

static struct extent corners_extent(const struct vec2 *p, int n)
{
	struct extent e = { p[0].x, p[0].y, p[0].x, p[0].y };

	for (int i = 1; i < n; i++) {
		e.x0 = p[i].x < e.x0 ? p[i].x : e.x0;
		e.x1 = p[i].x > e.x1 ? p[i].x : e.x1;
		e.y0 = p[i].y < e.y0 ? p[i].y : e.y0;
		e.y1 = p[i].y > e.y1 ? p[i].y : e.y1;
	}
	return e;
}

static void extent_grow(struct extent *e, const struct extent *by)
{
	e->x0 = by->x0 < e->x0 ? by->x0 : e->x0;
	e->y0 = by->y0 < e->y0 ? by->y0 : e->y0;
	e->x1 = by->x1 > e->x1 ? by->x1 : e->x1;
	e->y1 = by->y1 > e->y1 ? by->y1 : e->y1;
}

void canvas_fill(struct canvas *c, const struct vec2 *corners, int n, const struct paint *paint)
{
	size_t pitch = (size_t)c->width + 2;
	struct extent e = corners_extent(corners, n);
	int x0 = (int)clamp(e.x0, 0, c->width);
	int x1 = (int)clamp(ceil(e.x1), 0, c->width);
	int y0 = (int)clamp(e.y0, 0, c->height);
	int y1 = (int)clamp(ceil(e.y1), 0, c->height);

	if (!c->shadow_mode)
		extent_grow(&c->extents[c->owner], &e);
	if (e.x1 <= 0 || e.x0 >= c->width || y0 >= y1)
		return;
	for (int i = 0; i < n; i++)
		cover_edge(c, corners[i], corners[(i + 1) % n]);
	for (int y = y0; y < y1; y++) {
		float *row = c->cover + (size_t)y * pitch;
		double t = (y + 0.5 - e.y0) / (e.y1 - e.y0);
		struct rgb colour = rgb_mix(paint->top, paint->bottom, clamp(t, 0, 1));
		float sum = 0;

		for (int x = x0; x < x1; x++) {
			float cover;

			sum += row[x];
			row[x] = 0;
			cover = fabsf(sum);
			if (cover > 0.002f)
				blend(c, (size_t)y * (size_t)c->width + (size_t)x, colour,
				      cover > 1 ? 1 : cover, paint->alpha);
		}
		row[x1] = 0;
		row[x1 + 1] = 0;
	}
}

static int compare_points(const void *pa, const void *pb)
{
	const struct vec2 *a = pa, *b = pb;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y < b->y ? -1 : a->y > b->y;
}

static double turn(struct vec2 a, struct vec2 b, struct vec2 c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Andrew's monotone chain; `hull` has room for 2 n points. */
static int convex_hull(struct vec2 *points, int n, struct vec2 *hull)
{
	int k = 0;

	qsort(points, (size_t)n, sizeof(*points), compare_points);
	for (int i = 0; i < n; i++) {
		while (k >= 2 && turn(hull[k - 2], hull[k - 1], points[i]) <= 0)
			k--;
		hull[k++] = points[i];
	}
	for (int i = n - 2, lower = k + 1; i >= 0; i--) {
		while (k >= lower && turn(hull[k - 2], hull[k - 1], points[i]) <= 0)
			k--;
		hull[k++] = points[i];
	}
	return k - 1;
}

void canvas_hull(struct canvas *c, const struct circle *circles, int n, const struct paint *paint)
{
	struct vec2 points[HULL_CIRCLES * ARC_STEPS];
	struct vec2 hull[2 * HULL_CIRCLES * ARC_STEPS];
	int used = 0;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < ARC_STEPS; k++) {
			double a = k * (2 * PI / ARC_STEPS);

			points[used++] = (struct vec2) { circles[i].x + circles[i].r * cosine(a),
							 circles[i].y + circles[i].r * sine(a) };
		}
	used = convex_hull(points, used, hull);
	if (used >= 3)
		canvas_fill(c, hull, used, paint);
}

void canvas_line(struct canvas *c, struct vec2 a, struct vec2 b, double width,
		 const struct paint *paint)
{
	struct circle ends[2] = { { a.x, a.y, width / 2 }, { b.x, b.y, width / 2 } };

	canvas_hull(c, ends, 2, paint);
}

void canvas_ellipse(struct canvas *c, struct vec2 centre, double rx, double ry,
		    const struct paint *paint)
{
	struct vec2 p[2 * ARC_STEPS];

	for (int k = 0; k < 2 * ARC_STEPS; k++) {
		double a = k * (PI / ARC_STEPS);

		p[k] = (struct vec2) { centre.x + rx * cosine(a), centre.y + ry * sine(a) };
	}
	canvas_fill(c, p, 2 * ARC_STEPS, paint);
}

void canvas_glow(struct canvas *c, struct vec2 centre, double radius, struct rgb light)
{
	int x0 = (int)clamp(centre.x - radius, 0, c->width);
	int x1 = (int)clamp(ceil(centre.x + radius), 0, c->width);
	int y0 = (int)clamp(centre.y - radius, 0, c->height);
	int y1 = (int)clamp(ceil(centre.y + radius), 0, c->height);

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++) {
			struct rgb *p = canvas_row(c, y) + x;
			double dx = (x + 0.5 - centre.x) / radius;
			double dy = (y + 0.5 - centre.y) / radius;
			double rest = 1 - dx * dx - dy * dy;
			float f;

			if (rest <= 0)
				continue;
			f = (float)(rest * rest * rest);
			p->r += light.r * f;
			p->g += light.g * f;
			p->b += light.b * f;
		}
}

/* One pass of a three-pixel box along rows (step 1) or columns. */
static void soften(float *v, int lines, size_t line_step, int n, size_t step)
{
	for (int i = 0; i < lines; i++) {
		float *p = v + (size_t)i * line_step;
		float before = p[0];

		for (int k = 0; k < n; k++, p += step) {
			float here = *p;
			float after = k + 1 < n ? p[step] : here;

			*p = (before + here + after) / 3;
			before = here;
		}
	}
}

void canvas_cast_shadows(struct canvas *c, double strength, struct rgb tint)
{
	size_t pitch = (size_t)c->width;
	size_t n = pitch * (size_t)c->height;

	for (int pass = 0; pass < 2; pass++) {
		soften(c->mask, c->height, pitch, c->width, 1);
		soften(c->mask, c->width, 1, c->height, pitch);
	}
	for (size_t i = 0; i < n; i++) {
		struct rgb shade = rgb_multiply(c->pixels[i], tint);

		c->pixels[i] = rgb_mix(c->pixels[i], shade, strength * (double)c->mask[i]);
		c->mask[i] = 0;
	}
}
