/* SPDX-License-Identifier: MIT */
/*
 * From canvas to photograph: the faults of a lens and a sensor.
 */
#ifndef SCENE_FINISH_H
#define SCENE_FINISH_H

#include "canvas.h"
#include "edge/image.h"
#include "prng.h"

/* Blurs the canvas; writes it, with noise and a vignette, to an RGB8 image of its size. */
void finish_photograph(struct canvas *c, struct prng *r, struct edge_image *image);

#endif
