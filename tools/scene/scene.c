// SPDX-License-Identifier: MIT
#include "scene.h"

#include "bicycle.h"
#include "car.h"
#include "finish.h"
#include "footprint.h"
#include "furniture.h"
#include "house.h"
#include "person.h"

#include <stdlib.h>

#define ITEMS 96

enum item_kind { ITEM_PERSON, ITEM_BICYCLE, ITEM_CAR, ITEM_FURNITURE };

struct item {
	enum item_kind kind;
	struct footprint footprint;
	struct person person; /* or the rider */
	bool ridden;
	struct bicycle bicycle;
	struct car car;
	struct furniture furniture;
	int owner; /* on the canvas */
	int rider_owner;
	bool drawn;
};

struct scene {
	struct canvas *canvas;
	struct view view;
	struct street street;
	struct prng random;
	struct item items[ITEMS];
	int count;
	int owners; /* in use; 0 is the street's */
	enum scene_class labels[CANVAS_OWNERS];
};

const char *scene_class_name(enum scene_class label, int *coco_id)
{
	static const char *const names[] = { "person", "bicycle", "car" };

	*coco_id = (int)label + 1;
	return names[label];
}

static int scene_own(struct scene *s, enum scene_class label)
{
	s->labels[s->owners] = label;
	return s->owners++;
}

/* Room for one more, and for its rider. */
static bool scene_full(const struct scene *s)
{
	return s->count >= ITEMS || s->owners + 2 > CANVAS_OWNERS;
}

/* Whether a thing here is well in the picture and in nobody's way. */
static bool scene_fits(const struct scene *s, const struct footprint *f, double nearest,
		       double farthest)
{
	const struct camera *c = &s->view.camera;
	double width = s->canvas->width;
	struct vec2 at;

	if (f->pose.z < nearest || f->pose.z > farthest)
		return false;
	at = camera_project(c, (struct vec3) { f->pose.x, 0, f->pose.z });
	if (at.x < 0.01 * width || at.x > 0.99 * width)
		return false;
	for (int i = 0; i < s->count; i++)
		if (footprints_overlap(f, &s->items[i].footprint))
			return false;
	return true;
}

/* Where things of a kind are put: a band of the street and a range of depths. */
struct ground {
	double left_lo, left_hi;
	double nearest, farthest;
	double half_length, half_width;
	double heading; /* to the street's */
};

/*
 * Looks for a free place and reserves it with a new item. Near places are tried more often: far
 * ones all look alike. Returns NULL when there is none.
 */
static struct item *scene_place(struct scene *s, const struct ground *g)
{
	struct prng *r = &s->random;

	for (int tries = 0; tries < 60 && !scene_full(s); tries++) {
		double along = prng_range(r, -12, 12);
		double left = prng_range(r, g->left_lo, g->left_hi);
		double reach = prng_unit(r);
		struct vec3 p;
		struct footprint f;
		struct item *item;

		if (s->street.both_sides)
			along = mix(g->nearest, g->farthest, reach * reach);
		p = street_point(&s->street, along, left, 0);
		f.pose.x = p.x;
		f.pose.z = p.z;
		/* The sum of the two headings. */
		f.pose.cosine = cosine(g->heading) * s->street.axis.cosine -
				sine(g->heading) * s->street.axis.sine;
		f.pose.sine = sine(g->heading) * s->street.axis.cosine +
			      cosine(g->heading) * s->street.axis.sine;
		f.half_length = g->half_length;
		f.half_width = g->half_width;
		if (!scene_fits(s, &f, g->nearest, g->farthest))
			continue;
		item = &s->items[s->count++];
		*item = (struct item) { .footprint = f };
		return item;
	}
	return NULL;
}

/* Along the street one way or the other, seldom across it. */
static double random_heading(struct prng *r)
{
	double heading = prng_chance(r, 0.5) ? 0 : PI;

	if (prng_chance(r, 0.3))
		return prng_range(r, 0, 2 * PI);
	return heading + prng_range(r, -0.2, 0.2);
}

static double random_side(struct scene *s)
{
	return prng_chance(&s->random, 0.5) ? 1 : -1;
}

static void add_person(struct scene *s)
{
	struct prng *r = &s->random;
	double side = random_side(s);
	double edge = s->street.road_half;
	struct ground g = { .nearest = 4.2, .farthest = 27, .half_length = 0.3, .half_width = 0.3 };
	struct item *item;

	g.heading = random_heading(r);
	g.left_lo = side * (edge + 0.4);
	g.left_hi = side * (edge + s->street.pavement - 0.4);
	if (prng_chance(r, 0.2)) {
		/* On the carriageway, most likely across it. */
		g.left_lo = -edge;
		g.left_hi = edge;
		g.heading = side * PI / 2 + prng_range(r, -0.3, 0.3);
	}
	item = scene_place(s, &g);
	if (!item)
		return;
	item->kind = ITEM_PERSON;
	person_random(&item->person, r);
	item->owner = scene_own(s, SCENE_PERSON);
}

static void add_bicycle(struct scene *s)
{
	struct prng *r = &s->random;
	double side = random_side(s);
	double edge = s->street.road_half;
	bool ridden = prng_chance(r, 0.6);
	struct ground g = {
		.nearest = 4.6, .farthest = 22, .half_length = 0.9, .half_width = 0.32
	};
	struct item *item;

	if (ridden) {
		g.left_lo = side * edge * 0.4;
		g.left_hi = side * edge * 0.9;
		g.heading = (side > 0 ? PI : 0) + prng_range(r, -0.25, 0.25);
	} else {
		g.left_lo = side * (edge + 0.3);
		g.left_hi = side * (edge + s->street.pavement - 0.5);
		g.heading = random_heading(r);
	}
	item = scene_place(s, &g);
	if (!item)
		return;
	item->kind = ITEM_BICYCLE;
	item->ridden = ridden;
	bicycle_random(&item->bicycle, r);
	item->owner = scene_own(s, SCENE_BICYCLE);
	if (!ridden)
		return;
	person_random(&item->person, r);
	bicycle_mount(&item->bicycle, &item->person);
	item->rider_owner = scene_own(s, SCENE_PERSON);
}

static void add_car(struct scene *s)
{
	struct prng *r = &s->random;
	double side = random_side(s);
	double edge = s->street.road_half;
	struct ground g = { .nearest = 6.8, .farthest = 38, .half_width = 1.05 };
	struct item *item;
	struct car car;

	car_random(&car, r);
	g.half_length = car_length(&car) / 2 + 0.3;
	/* Traffic keeps to the right; the parked stand at the kerb. */
	g.heading = (side > 0 ? PI : 0) + prng_range(r, -0.04, 0.04);
	g.left_lo = side * edge * 0.42;
	g.left_hi = side * edge * 0.58;
	if (prng_chance(r, 0.45)) {
		g.left_lo = side * (edge - 1.15);
		g.left_hi = side * (edge - 1.05);
	} else if (prng_chance(r, 0.15)) {
		g.heading = prng_range(r, 0, 2 * PI);
	}
	item = scene_place(s, &g);
	if (!item)
		return;
	item->kind = ITEM_CAR;
	item->car = car;
	item->owner = scene_own(s, SCENE_CAR);
}

static void add_furniture(struct scene *s)
{
	struct prng *r = &s->random;
	double side = random_side(s);
	double edge = s->street.road_half;
	enum furniture_kind kind = (enum furniture_kind)prng_int(r, 0, FURNITURE_KINDS - 1);
	struct ground g = { .nearest = 6, .farthest = 45, .half_length = 0.22, .half_width = 0.22 };
	struct item *item;

	/* Trees make a street; too many signs spoil it. */
	if (kind == FURNITURE_SIGN ? prng_chance(r, 0.6) : prng_chance(r, 0.3))
		kind = FURNITURE_TREE;
	g.left_lo = side * (edge + 0.5);
	g.left_hi = side * (edge + 0.9);
	g.heading = side > 0 ? -PI / 2 : PI / 2;
	if (kind == FURNITURE_TREE)
		g.nearest = 7;
	item = scene_place(s, &g);
	if (!item)
		return;
	item->kind = ITEM_FURNITURE;
	furniture_random(&item->furniture, kind, r);
}

static void scene_populate(struct scene *s)
{
	struct prng *r = &s->random;
	int cars = prng_int(r, 1, 5);
	int bicycles = prng_int(r, 0, 4);
	int people = prng_int(r, 1, 8);
	int furniture = prng_int(r, 4, 14);

	for (int i = 0; i < cars; i++)
		add_car(s);
	for (int i = 0; i < bicycles; i++)
		add_bicycle(s);
	for (int i = 0; i < people; i++)
		add_person(s);
	for (int i = 0; i < furniture; i++)
		add_furniture(s);
}

static void draw_item(struct scene *s, const struct item *item)
{
	const struct pose *pose = &item->footprint.pose;
	struct view *v = &s->view;

	s->canvas->owner = item->owner;
	switch (item->kind) {
	case ITEM_PERSON:
		person_draw(v, &item->person, pose, PERSON_ALL);
		break;
	case ITEM_CAR:
		car_draw(v, &item->car, pose);
		break;
	case ITEM_FURNITURE:
		furniture_draw(v, &item->furniture, pose);
		break;
	case ITEM_BICYCLE:
		s->canvas->owner = item->rider_owner;
		if (item->ridden)
			person_draw(v, &item->person, pose, PERSON_FAR_LIMBS);
		s->canvas->owner = item->owner;
		bicycle_draw(v, &item->bicycle, pose);
		s->canvas->owner = item->rider_owner;
		if (item->ridden)
			person_draw(v, &item->person, pose, PERSON_REST);
		break;
	}
	s->canvas->owner = 0;
}

/* The farthest of those that hide nothing that is still to be drawn. */
static struct item *scene_next(struct scene *s)
{
	struct item *best = NULL, *farthest = NULL;

	for (int i = 0; i < s->count; i++) {
		struct item *a = &s->items[i];
		bool hides = false;

		if (a->drawn)
			continue;
		if (!farthest || a->footprint.pose.z > farthest->footprint.pose.z)
			farthest = a;
		for (int k = 0; k < s->count && !hides; k++)
			hides = k != i && !s->items[k].drawn &&
				footprint_hides(&a->footprint, &s->items[k].footprint);
		if (!hides && (!best || a->footprint.pose.z > best->footprint.pose.z))
			best = a;
	}
	/* Three things can hide each other in a ring; then depth decides. */
	return best ? best : farthest;
}

static void draw_shadows(struct scene *s)
{
	struct view *v = &s->view;

	v->camera.sun = v->light.sun;
	v->camera.flatten = true;
	s->canvas->shadow_mode = true;
	for (int i = 0; i < s->count; i++)
		draw_item(s, &s->items[i]);
	v->camera.flatten = false;
	s->canvas->shadow_mode = false;
	canvas_cast_shadows(s->canvas, v->light.shadow, rgb_hex(0x2a3140));
}

static void scene_draw(struct scene *s)
{
	struct view *v = &s->view;
	struct item *item;

	street_draw_ground(v, &s->street, &s->random);
	draw_shadows(s);
	houses_draw(v, &s->street, &s->random);
	for (int i = 0; i < s->count; i++) {
		item = scene_next(s);
		draw_item(s, item);
		item->drawn = true;
	}
}

/* What is left of each owner on the canvas. */
struct remains {
	int x0, y0, x1, y1;
	int pixels;
};

static void scene_survey(const struct scene *s, struct remains *left)
{
	const struct canvas *c = s->canvas;

	for (int i = 0; i < CANVAS_OWNERS; i++)
		left[i] = (struct remains) { c->width, c->height, 0, 0, 0 };
	for (int y = 0; y < c->height; y++)
		for (int x = 0; x < c->width; x++) {
			struct remains *m = &left[c->owners[y * c->width + x]];

			m->x0 = x < m->x0 ? x : m->x0;
			m->y0 = y < m->y0 ? y : m->y0;
			m->x1 = x + 1 > m->x1 ? x + 1 : m->x1;
			m->y1 = y + 1 > m->y1 ? y + 1 : m->y1;
			m->pixels++;
		}
}

/* Whether somebody who looks closely would point at it. */
static bool noticeable(const struct scene *s, const struct remains *m, const struct extent *whole)
{
	double area = (double)(m->x1 - m->x0) * (m->y1 - m->y0);
	double whole_area = (whole->x1 - whole->x0) * (whole->y1 - whole->y0);
	double least = s->canvas->height * 0.025;

	return m->pixels > 0 && m->x1 - m->x0 >= least / 2 && m->y1 - m->y0 >= least &&
	       area >= 0.2 * whole_area && m->pixels >= 0.05 * whole_area;
}

static void scene_measure(const struct scene *s, struct scene_truth *truth)
{
	struct remains left[CANVAS_OWNERS];

	scene_survey(s, left);
	truth->count = 0;
	for (int i = 1; i < s->owners; i++) {
		const struct remains *m = &left[i];

		if (noticeable(s, m, &s->canvas->extents[i]))
			truth->boxes[truth->count++] =
				(struct scene_box) { s->labels[i], m->x0, m->y0, m->x1, m->y1 };
	}
}

static void scene_compose(struct scene *s, uint64_t seed)
{
	struct view *v = &s->view;

	s->owners = 1;
	prng_seed(&s->random, seed);
	v->canvas = s->canvas;
	light_random(&v->light, &s->random);
	street_random(&s->street, &v->camera, s->canvas->width, s->canvas->height, &s->random);
	scene_populate(s);
}

enum edge_status scene_render(uint64_t seed, struct edge_image *image, struct scene_truth *truth)
{
	struct scene *s = calloc(1, sizeof(*s));

	if (!s)
		return EDGE_OUT_OF_MEMORY;
	s->canvas = canvas_create(image->width, image->height);
	if (!s->canvas) {
		free(s);
		return EDGE_OUT_OF_MEMORY;
	}
	scene_compose(s, seed);
	scene_draw(s);
	scene_measure(s, truth);
	finish_photograph(s->canvas, &s->random, image);
	canvas_destroy(s->canvas);
	free(s);
	return EDGE_OK;
}
