/* SPDX-License-Identifier: MIT */
/*
 * Bicycles, with or without a rider. Local space: x ahead, y up, z to the
 * left, the ground below the pedals at the origin.
 */
#ifndef SCENE_BICYCLE_H
#define SCENE_BICYCLE_H

#include "person.h"

struct bicycle {
	struct rgb frame, trim, tyre;
	bool step_through; /* a low top tube */
	bool mudguards;
	bool basket;
	double size; /* 1 is an adult's */
	double pedal; /* angle of the cranks */
};

void bicycle_random(struct bicycle *b, struct prng *r);

/* Seats someone who was made by person_random(). */
void bicycle_mount(const struct bicycle *b, struct person *rider);

void bicycle_draw(struct view *v, const struct bicycle *b, const struct pose *pose);

#endif
