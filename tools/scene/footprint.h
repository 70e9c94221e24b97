/* SPDX-License-Identifier: MIT */
/*
 * The rectangles that things cover on the ground: they must not overlap, and
 * they tell which of two things hides the other.
 */
#ifndef SCENE_FOOTPRINT_H
#define SCENE_FOOTPRINT_H

#include "geometry.h"

struct footprint {
	struct pose pose;
	double half_length, half_width; /* along local x and z */
};

bool footprints_overlap(const struct footprint *a, const struct footprint *b);

/* Whether a may hide b from the camera, which stands on neither. */
bool footprint_hides(const struct footprint *a, const struct footprint *b);

#endif
