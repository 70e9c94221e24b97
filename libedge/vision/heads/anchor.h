/* SPDX-License-Identifier: MIT */
/* What YOLOv2 to v5 and v7 have in common: boxes relative to a cell and to one of some anchors. */
#ifndef EDGE_VISION_HEADS_ANCHOR_H
#define EDGE_VISION_HEADS_ANCHOR_H

#include "vision/heads/head.h"

/* Redmon and Farhadi 2017 and 2018 (arXiv 1612.08242, 1804.02767); with head->xy_scale also
 * Bochkovskiy et al. 2020 (arXiv 2004.10934), with head->square YOLOv5. */
void edge_anchor_box(const struct edge_head *head, const struct edge_head_cell *cell,
		     struct edge_detection *box);

/**
 * edge_anchor_add_level() - add a grid for each anchor of output @index
 * @anchors: pixels of the input
 *
 * The output is [1, A * numbers, h, w] or [1, A, h, w, numbers]: x, y, width, height, objectness
 * and classes of each anchor, in cells of @stride pixels.
 *
 * Return: whether it is, with as many classes as the levels before.
 */
bool edge_anchor_add_level(const struct edge_head_model *model, struct edge_head *head, int index,
			   float stride, const float (*anchors)[2], int num_anchors);

/* The same for a whole model whose strides, or else @count from @first on, doubling, and
 * anchors, or else @usual, three a level, are those of its card. False unless each is an output. */
bool edge_anchor_bind(const struct edge_head_model *model, struct edge_head *head, float first,
		      int count, const float (*usual)[3][2]);

#endif
