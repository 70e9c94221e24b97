/* SPDX-License-Identifier: MIT */
/*
 * Single-shot detectors with default boxes: Liu et al. 2016 (arXiv 1512.02325). One output has four
 * numbers for each default box, another a score for each class; rows run over strides, cells and
 * the boxes of a cell.
 */
#ifndef EDGE_VISION_HEADS_SSD_H
#define EDGE_VISION_HEADS_SSD_H

#include "vision/heads/head.h"

/**
 * struct edge_ssd_rows - the two outputs of such a network
 * @count: default boxes
 */
struct edge_ssd_rows {
	int64_t count;
	struct edge_map box, scores;
};

/* Finds two outputs with the same number of rows, one of four numbers. */
bool edge_ssd_find(const struct edge_head_model *model, struct edge_ssd_rows *rows);

/**
 * struct edge_ssd_level - the default boxes of one stride
 * @anchors: width and height in pixels of the input
 */
struct edge_ssd_level {
	float stride;
	int num_anchors;
	float anchors[EDGE_MAX_ANCHORS][2];
};

/* Adds the grids of @levels; false when they make another number of default boxes than there
 * are. */
bool edge_ssd_add(const struct edge_head_model *model, struct edge_head *head,
		  const struct edge_ssd_rows *rows, const struct edge_ssd_level *levels, int count);

/* Reads the levels of the card; 0 when it has none. */
int edge_ssd_card_levels(const struct edge_head_model *model, struct edge_ssd_level *levels);

/* Whether boxes come decoded, as corners in fractions of the input. */
bool edge_ssd_decoded(const struct edge_head_model *model, const struct edge_ssd_rows *rows,
		      bool otherwise);

/* Box of either kind, with the usual variances 0.1 and 0.2. */
void edge_ssd_box(const struct edge_head *head, const struct edge_head_cell *cell,
		  struct edge_detection *box);

#endif
