/* SPDX-License-Identifier: MIT */
/*
 * The street: sky, ground, houses, and how it lies before the camera.
 *
 * Street space is the local space of street.axis: x runs along the road, z
 * across it to the left, from the road's middle line.
 */
#ifndef SCENE_STREET_H
#define SCENE_STREET_H

#include "prng.h"
#include "view.h"

struct street {
	struct pose axis;
	bool both_sides; /* houses to the right, too */
	double road_half; /* metres, half of the carriageway */
	double pavement; /* width of each */
	double crossing; /* where along the road there is a zebra */
	bool has_crossing;
	bool verge; /* the pavements are partly grass */
	struct rgb asphalt, slabs;
};

/* Also aims the camera: its place, height and focal length. */
void street_random(struct street *s, struct camera *c, int width, int height, struct prng *r);

/* Metres along the road, to its left and up, to the world. */
struct vec3 street_point(const struct street *s, double along, double left, double up);

/* Everything up to and including the ground, before shadows fall on it. */
void street_draw_ground(struct view *v, const struct street *s, struct prng *r);

#endif
