/* SPDX-License-Identifier: MIT */
#ifndef EDGE_VISION_NMS_H
#define EDGE_VISION_NMS_H

#include "edge/detector.h"

/* Candidates that are kept for suppression at most: when there are more, the best. */
#define EDGE_MAX_CANDIDATES 8192

/**
 * struct edge_candidate_rank - place in a heap of candidates
 * @index: of the candidate
 */
struct edge_candidate_rank {
	float score;
	uint32_t index;
};

/**
 * struct edge_candidates - boxes that a head has found, before suppression
 * @threshold: least score that edge_candidates_add() takes; rises when the room is full
 *
 * Reused from frame to frame, so that a frame allocates nothing.
 */
struct edge_candidates {
	struct edge_detection *items;
	struct edge_candidate_rank *ranks;
	size_t count;
	size_t capacity;
	float threshold;
};

/* Makes room for @capacity candidates, at least 1. */
enum edge_status edge_candidates_init(struct edge_candidates *candidates, size_t capacity,
				      struct edge_error *error);

void edge_candidates_finish(struct edge_candidates *candidates);

/* Forgets the candidates; @threshold is the least score from now on. */
void edge_candidates_reset(struct edge_candidates *candidates, float threshold);

/* A new candidate to fill in, its score and class set, without landmarks; NULL when its score does
 * not suffice or is no number. May take the place of the weakest. O(log capacity). */
struct edge_detection *edge_candidates_add(struct edge_candidates *candidates, float score,
					   int class_id);

/**
 * edge_nms() - greedy non-maximum suppression within each class
 * @iou: of two boxes whose intersection over union is above it, the weaker is dropped
 * @kept: room for @max boxes; filled best score first, of equal scores the earlier candidate
 *	first (unless there were more than the candidates' capacity)
 *
 * Boxes without a finite area are dropped. The ranks are used up. O(n log n + n * kept).
 *
 * Return: how many were kept.
 */
size_t edge_nms(struct edge_candidates *candidates, float iou, struct edge_detection *kept,
		size_t max);

#endif
