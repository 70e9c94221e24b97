/* SPDX-License-Identifier: MIT */
/*
 * Cars, as two convex solids (body and cabin) on four wheels. Local space:
 * x ahead, y up, z to the left, the ground below the middle at the origin.
 */
#ifndef SCENE_CAR_H
#define SCENE_CAR_H

#include "prng.h"
#include "view.h"

struct car {
	const struct car_shape *shape;
	struct rgb body;
	struct rgb wheels;
	bool taxi;
	bool braking;
};

void car_random(struct car *c, struct prng *r);

/* Metres, for keeping others at a distance. */
double car_length(const struct car *c);

void car_draw(struct view *v, const struct car *c, const struct pose *pose);

#endif
