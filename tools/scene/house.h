/* SPDX-License-Identifier: MIT */
/*
 * The rows of houses along a street.
 */
#ifndef SCENE_HOUSE_H
#define SCENE_HOUSE_H

#include "street.h"

/* Both rows, or the left one where the street has no other. */
void houses_draw(struct view *v, const struct street *s, struct prng *r);

#endif
