/* SPDX-License-Identifier: MIT */
/*
 * Ground truth as the COCO data set writes it: one JSON file for all images.
 */
#ifndef SCENE_COCO_H
#define SCENE_COCO_H

#include "scene.h"

struct coco;

/* Release with coco_destroy(). NULL without memory. */
struct coco *coco_create(void);

/* Accepts NULL. */
void coco_destroy(struct coco *c);

/* Adds an image, which gets the next number from 1, and its boxes. The name is copied.
 * Returns EDGE_OK or EDGE_OUT_OF_MEMORY. */
enum edge_status coco_add(struct coco *c, const char *file_name, const struct edge_image *image,
			  const struct scene_truth *truth);

/* Writes the file, replacing what was there. The message names it. */
enum edge_status coco_save(const struct coco *c, const char *path, struct edge_error *error);

#endif
