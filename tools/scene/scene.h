/* SPDX-License-Identifier: MIT */
/*
 * A whole scene: who is where, and what of them is to be seen.
 */
#ifndef SCENE_SCENE_H
#define SCENE_SCENE_H

#include "edge/image.h"

#include <stdint.h>

enum scene_class { SCENE_PERSON, SCENE_BICYCLE, SCENE_CAR, SCENE_CLASSES };

/* The visible part of one object: pixels, x1 and y1 exclusive, inside the image. */
struct scene_box {
	enum scene_class label;
	int x0, y0, x1, y1;
};

#define SCENE_BOXES 128

struct scene_truth {
	int count;
	struct scene_box boxes[SCENE_BOXES];
};

/*
 * Paints the scene of this seed over the whole image (EDGE_PIXEL_RGB8). The same seed and size
 * give the same pixels and boxes everywhere. What is hidden almost wholly, or too small to be
 * told, has no box. Returns EDGE_OK or EDGE_OUT_OF_MEMORY.
 */
enum edge_status scene_render(uint64_t seed, struct edge_image *image, struct scene_truth *truth);

/* A static name in the singular, as in the COCO data set; its category there is *coco_id. */
const char *scene_class_name(enum scene_class label, int *coco_id);

#endif
