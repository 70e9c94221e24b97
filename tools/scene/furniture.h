/* SPDX-License-Identifier: MIT */
/*
 * What else stands on a pavement. Nothing here is annotated.
 */
#ifndef SCENE_FURNITURE_H
#define SCENE_FURNITURE_H

#include "prng.h"
#include "view.h"

enum furniture_kind {
	FURNITURE_TREE,
	FURNITURE_LAMP,
	FURNITURE_SIGN,
	FURNITURE_BIN,
	FURNITURE_BOLLARD,
	FURNITURE_KINDS,
};

struct furniture {
	enum furniture_kind kind;
	double height;
	struct rgb colour;
	uint64_t seed; /* of its details */
};

void furniture_random(struct furniture *f, enum furniture_kind kind, struct prng *r);

/* Its own +x points at the road. */
void furniture_draw(struct view *v, const struct furniture *f, const struct pose *pose);

#endif
