/* SPDX-License-Identifier: MIT */
#ifndef EDGE_VISION_HEADS_DARKNET_H
#define EDGE_VISION_HEADS_DARKNET_H

#include "vision/heads/head.h"

/* Adds the grids of all outputs whose metadata, as import/import.h describes it, says that they are
 * detection layers of @type, "yolo" or "region". False unless each output is one. */
bool edge_darknet_bind(const struct edge_head_model *model, struct edge_head *head,
		       const char *type);

#endif
