// SPDX-License-Identifier: MIT
#include "house.h"

#define ROW_MAX 24

static const uint32_t walls[] = { 0xd9cbb2, 0xc78f6e, 0xa85f48, 0xe5dccb, 0xb7a58c, 0xcfd3d4,
				  0xd8a878, 0x9a8577, 0xe2c9a0, 0x8f6a5a, 0xc9b7b0, 0xa3adb0 };
static const uint32_t shops[] = { 0x27435e, 0x7a2b2b, 0x2d5240, 0x2b2b2e,
				  0xc08a2d, 0x5b3560, 0xd8d2c4 };

struct house {
	double begin, end; /* along the road */
	double height, storey;
	int storeys, columns;
	struct rgb wall, trim, shutter, shop;
	bool shutters, awning, has_shop, bands;
	uint32_t salt; /* of what differs from window to window */
};

/* The front of a house: metres along it, and up. */
struct front {
	struct view *view;
	const struct street *street;
	const struct house *house;
	double side; /* of the road: 1 left, -1 right */
	double distance; /* from the camera */
	struct vec3 normal;
};

static double front_line(const struct street *s, double side)
{
	return side * (s->road_half + s->pavement);
}

static void house_random(struct house *h, double begin, struct prng *r)
{
	h->begin = begin;
	h->end = begin + prng_range(r, 7, 15);
	h->storey = prng_range(r, 2.9, 3.5);
	h->storeys = prng_int(r, 2, 6);
	h->height = h->storeys * h->storey + prng_range(r, 0.6, 1.4);
	h->columns = (int)((h->end - h->begin) / prng_range(r, 2.3, 3.2));
	h->wall = rgb_hex(walls[prng_int(r, 0, 11)]);
	h->trim = rgb_mix(h->wall, rgb_hex(0xfbf7ee), prng_range(r, 0.4, 0.8));
	h->shutter = rgb_hex(shops[prng_int(r, 0, 6)]);
	h->shop = rgb_hex(shops[prng_int(r, 0, 6)]);
	h->has_shop = prng_chance(r, 0.55);
	h->awning = prng_chance(r, 0.5);
	h->shutters = prng_chance(r, 0.35);
	h->bands = prng_chance(r, 0.5);
	h->salt = prng_next(r);
}

static void front_corners(const struct front *f, double a0, double a1, double y0, double y1,
			  struct vec3 *out)
{
	double w = front_line(f->street, f->side);
	double u = f->house->begin;

	out[0] = street_point(f->street, u + a0, w, y1);
	out[1] = street_point(f->street, u + a1, w, y1);
	out[2] = street_point(f->street, u + a1, w, y0);
	out[3] = street_point(f->street, u + a0, w, y0);
}

static void draw_panel(const struct front *f, double a0, double a1, double y0, double y1,
		       struct rgb colour)
{
	struct vec3 p[4];

	front_corners(f, a0, a1, y0, y1, p);
	view_face(f->view, p, 4, colour, f->normal);
}

/* Glass: lit from within, or a mirror of the sky. */
static void draw_pane(const struct front *f, double a0, double a1, double y0, double y1, int key)
{
	const struct light *l = &f->view->light;
	double chance = prng_hash(key, 3, f->house->salt);
	struct rgb top = rgb_mix(rgb_hex(0x252c34), l->skyline, 0.5);
	struct rgb bottom = rgb_mix(rgb_hex(0x1b2027), l->zenith, 0.25);
	struct paint paint;
	struct vec3 p[4];

	if (l->lamps && chance < 0.55) {
		top = rgb_mix(rgb_hex(0xffd98a), rgb_hex(0xf7b65a), chance);
		bottom = rgb_scale(top, 0.85);
	} else if (chance > 0.75) {
		/* A curtain. */
		top = rgb_mix(top, rgb_scale(rgb_hex(0xe9e2d4), 0.7), 0.6);
	}
	paint = paint_fade(light_haze(l, top, f->distance), light_haze(l, bottom, f->distance));
	front_corners(f, a0, a1, y0, y1, p);
	view_face_painted(f->view, p, 4, &paint);
}

static void draw_window(const struct front *f, double middle, double y, double width, double height,
			int key)
{
	const struct house *h = f->house;
	double a0 = middle - width / 2, a1 = middle + width / 2;

	draw_panel(f, a0 - 0.1, a1 + 0.1, y - 0.08, y + height + 0.12, h->trim);
	draw_pane(f, a0, a1, y, y + height, key);
	if (f->distance < 45) {
		draw_panel(f, middle - 0.03, middle + 0.03, y, y + height, h->trim);
		draw_panel(f, a0, a1, y + height * 0.62, y + height * 0.62 + 0.05, h->trim);
		draw_panel(f, a0 - 0.16, a1 + 0.16, y - 0.18, y - 0.06, rgb_scale(h->trim, 0.88));
	}
	if (h->shutters) {
		draw_panel(f, a0 - 0.1 - width * 0.42, a0 - 0.1, y, y + height, h->shutter);
		draw_panel(f, a1 + 0.1, a1 + 0.1 + width * 0.42, y, y + height, h->shutter);
	}
}

static void draw_awning(const struct front *f, double a0, double a1, double top)
{
	const struct house *h = f->house;
	double w = front_line(f->street, f->side);
	double out = w - f->side * 1.1;
	int stripes = (int)((a1 - a0) / 0.5) | 1;
	const struct vec3 up = { 0, 0.9, 0 };

	for (int i = 0; i < stripes; i++) {
		double u0 = h->begin + mix(a0, a1, (double)i / stripes);
		double u1 = h->begin + mix(a0, a1, (i + 1.0) / stripes);
		struct rgb c = i % 2 ? rgb_hex(0xf2eee4) : h->shop;
		const struct vec3 slope[] = {
			street_point(f->street, u0, w, top),
			street_point(f->street, u1, w, top),
			street_point(f->street, u1, out, top - 0.55),
			street_point(f->street, u0, out, top - 0.55),
		};
		const struct vec3 edge[] = {
			slope[3],
			slope[2],
			street_point(f->street, u1, out, top - 0.75),
			street_point(f->street, u0, out, top - 0.75),
		};

		view_face(f->view, slope, 4, c, up);
		view_face(f->view, edge, 4, rgb_scale(c, 0.85), f->normal);
	}
}

static void draw_door(const struct front *f, double middle, double top)
{
	const struct house *h = f->house;

	draw_panel(f, middle - 0.62, middle + 0.62, 0, top, h->trim);
	draw_panel(f, middle - 0.5, middle + 0.5, 0, top - 0.1, h->shop);
	draw_pane(f, middle - 0.36, middle + 0.36, top * 0.45, top - 0.25, 77);
}

static void draw_shop(const struct front *f)
{
	const struct house *h = f->house;
	double width = h->end - h->begin;
	double door = width * (h->salt % 2 ? 0.2 : 0.8);
	double left = door < width / 2 ? door + 0.9 : 0.6;
	double right = door < width / 2 ? width - 0.6 : door - 0.9;

	draw_panel(f, 0.2, width - 0.2, 0, h->storey - 0.1, rgb_scale(h->shop, 0.9));
	draw_panel(f, 0.2, width - 0.2, h->storey - 0.65, h->storey - 0.1, h->shop);
	draw_panel(f, width * 0.3, width * 0.7, h->storey - 0.48, h->storey - 0.27,
		   rgb_hex(0xf3ead4));
	draw_pane(f, left, right, 0.5, h->storey - 0.75, 11);
	for (int i = 1; i < 3; i++) {
		double a = mix(left, right, i / 3.0);

		draw_panel(f, a - 0.04, a + 0.04, 0.5, h->storey - 0.75, rgb_scale(h->shop, 1.1));
	}
	draw_door(f, door, 2.3);
	if (h->awning)
		draw_awning(f, left - 0.1, right + 0.1, h->storey - 0.65);
}

static void draw_storeys(const struct front *f)
{
	const struct house *h = f->house;
	double width = h->end - h->begin;
	double pitch = width / h->columns;

	for (int row = h->has_shop ? 1 : 0; row < h->storeys; row++) {
		double y = row * h->storey + 0.95;

		if (h->bands && row)
			draw_panel(f, 0, width, y - 1.05, y - 0.9, rgb_scale(h->trim, 0.95));
		for (int i = 0; i < h->columns; i++) {
			double middle = (i + 0.5) * pitch;

			if (row == 0 && i == h->columns / 2)
				draw_door(f, middle, 2.35);
			else
				draw_window(f, middle, y, pitch * 0.4, h->storey * 0.5,
					    row * 16 + i);
		}
	}
}

/* The end wall that faces the camera, where the neighbour is lower. */
static void draw_end_wall(const struct front *f, double along, struct vec3 normal)
{
	const struct house *h = f->house;
	double w = front_line(f->street, f->side);
	double back = w + f->side * 11;
	const struct vec3 p[] = { street_point(f->street, along, w, 0),
				  street_point(f->street, along, back, 0),
				  street_point(f->street, along, back, h->height),
				  street_point(f->street, along, w, h->height) };

	view_face(f->view, p, 4, rgb_scale(h->wall, 0.9), normal);
}

static void draw_house(struct view *v, const struct street *s, const struct house *h, double side,
		       double eye_along)
{
	struct front f = { .view = v, .street = s, .house = h, .side = side };
	double width = h->end - h->begin;
	struct vec3 middle = street_point(s, (h->begin + h->end) / 2, front_line(s, side), 0);
	struct vec3 ahead = { eye_along < h->begin ? -1 : 1, 0, 0 };

	f.normal = pose_direction(&s->axis, (struct vec3) { 0, 0, -side });
	f.distance = middle.z > 0 ? middle.z : 0;
	if (eye_along < h->begin)
		draw_end_wall(&f, h->begin, pose_direction(&s->axis, ahead));
	else if (eye_along > h->end)
		draw_end_wall(&f, h->end, pose_direction(&s->axis, ahead));
	draw_panel(&f, 0, width, 0, h->height, h->wall);
	draw_panel(&f, 0, width, 0, 0.5, rgb_scale(h->wall, 0.7));
	draw_panel(&f, -0.1, width + 0.1, h->height - 0.45, h->height, h->trim);
	draw_panel(&f, -0.1, width + 0.1, h->height - 0.55, h->height - 0.45,
		   rgb_scale(h->wall, 0.6));
	draw_storeys(&f);
	if (h->has_shop)
		draw_shop(&f);
}

static void draw_row(struct view *v, const struct street *s, double side, struct prng *r)
{
	/* The camera in street space. */
	double eye_along = -(s->axis.x * s->axis.cosine + s->axis.z * s->axis.sine);
	struct house row[ROW_MAX];
	double at = eye_along - 60;
	int first = 0, last = ROW_MAX - 1;

	for (int i = 0; i < ROW_MAX; i++) {
		house_random(&row[i], at, r);
		at = row[i].end;
		/* Now and then an alley. */
		if (prng_chance(r, 0.12))
			at += prng_range(r, 2, 5);
	}
	/* From both ends towards the camera. */
	while (first <= last) {
		double before = eye_along - row[first].end;
		double after = row[last].begin - eye_along;

		if (before > after)
			draw_house(v, s, &row[first++], side, eye_along);
		else
			draw_house(v, s, &row[last--], side, eye_along);
	}
}

void houses_draw(struct view *v, const struct street *s, struct prng *r)
{
	draw_row(v, s, 1, r);
	if (s->both_sides)
		draw_row(v, s, -1, r);
}
