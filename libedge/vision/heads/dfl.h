/* SPDX-License-Identifier: MIT */
/*
 * Heads that give each side of a box as a distribution: Li et al. 2020, "Generalized Focal Loss"
 * (arXiv 2006.04388). The distance from a cell's point to a side is the mean of the softmax of
 * head->bins numbers, in strides.
 */
#ifndef EDGE_VISION_HEADS_DFL_H
#define EDGE_VISION_HEADS_DFL_H

#include "vision/heads/head.h"

/* Left, top, right and bottom in turn. At most this many bins. */
#define EDGE_MAX_BINS 64

/**
 * edge_dfl_bind() - find scores and distances for each of @strides
 * @bins: a card's count of bins comes before it
 * @box_first: where both stand in one output, distances come before scores
 *
 * Each stride has an output, or two; or one output, or two, have the cells of all. Sets the
 * classes, bins and squash of @head.
 *
 * Return: whether all were found.
 */
bool edge_dfl_bind(const struct edge_head_model *model, struct edge_head *head,
		   const float *strides, int count, int bins, bool box_first);

void edge_dfl_box(const struct edge_head *head, const struct edge_head_cell *cell,
		  struct edge_detection *box);

#endif
