// SPDX-License-Identifier: MIT
#include "vision/nms.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"

enum edge_status edge_candidates_init(struct edge_candidates *candidates, size_t capacity,
				      struct edge_error *error)
{
	candidates->items = calloc(capacity, sizeof(*candidates->items));
	candidates->ranks = calloc(capacity, sizeof(*candidates->ranks));
	candidates->capacity = capacity;
	edge_candidates_reset(candidates, 0);
	if (!candidates->items || !candidates->ranks) {
		edge_candidates_finish(candidates);
		return edge_fail_memory(error);
	}
	return EDGE_OK;
}

void edge_candidates_finish(struct edge_candidates *candidates)
{
	free(candidates->ranks);
	free(candidates->items);
	candidates->ranks = NULL;
	candidates->items = NULL;
}

void edge_candidates_reset(struct edge_candidates *candidates, float threshold)
{
	candidates->count = 0;
	candidates->threshold = threshold;
}

/* Whether @a is the better candidate. A total order, so that results do not depend on the heap. */
static bool better(struct edge_candidate_rank a, struct edge_candidate_rank b)
{
	return a.score > b.score || (a.score == b.score && a.index < b.index);
}

/*
 * Heaps of ranks: the best on top where @best, else the weakest. A heap of the weakest keeps the
 * best candidates while they come; a heap of the best hands them out in order, and only as many as
 * suppression asks for.
 */
static void sift(struct edge_candidate_rank *ranks, size_t count, size_t at, bool best)
{
	struct edge_candidate_rank moving = ranks[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= count)
			break;
		if (child + 1 < count && better(ranks[child + 1], ranks[child]) == best)
			child++;
		if (better(ranks[child], moving) != best)
			break;
		ranks[at] = ranks[child];
		at = child;
	}
	ranks[at] = moving;
}

static void make_heap(struct edge_candidate_rank *ranks, size_t count, bool best)
{
	for (size_t i = count / 2; i-- > 0;)
		sift(ranks, count, i, best);
}

struct edge_detection *edge_candidates_add(struct edge_candidates *candidates, float score,
					   int class_id)
{
	struct edge_candidate_rank *ranks = candidates->ranks;
	struct edge_detection *item;

	if (!(score >= candidates->threshold))
		return NULL;
	if (candidates->count < candidates->capacity) {
		ranks[candidates->count].score = score;
		ranks[candidates->count].index = candidates->count;
		item = &candidates->items[candidates->count++];
		if (candidates->count == candidates->capacity) {
			make_heap(ranks, candidates->count, false);
			candidates->threshold = ranks[0].score;
		}
	} else {
		if (score == candidates->threshold)
			return NULL;
		ranks[0].score = score;
		item = &candidates->items[ranks[0].index];
		sift(ranks, candidates->count, 0, false);
		candidates->threshold = ranks[0].score;
	}
	item->score = score;
	item->class_id = class_id;
	item->num_points = 0;
	return item;
}

static float area(const struct edge_detection *box)
{
	return (box->x1 - box->x0) * (box->y1 - box->y0);
}

static bool overlap(const struct edge_detection *a, const struct edge_detection *b, float iou)
{
	float width = fminf(a->x1, b->x1) - fmaxf(a->x0, b->x0);
	float height = fminf(a->y1, b->y1) - fmaxf(a->y0, b->y0);
	float inter;

	if (width <= 0 || height <= 0)
		return false;
	inter = width * height;
	return inter > iou * (area(a) + area(b) - inter);
}

static bool suppressed(const struct edge_detection *box, const struct edge_detection *kept,
		       size_t count, float iou)
{
	for (size_t i = 0; i < count; i++) {
		if (kept[i].class_id == box->class_id && overlap(box, &kept[i], iou))
			return true;
	}
	return false;
}

size_t edge_nms(struct edge_candidates *candidates, float iou, struct edge_detection *kept,
		size_t max)
{
	struct edge_candidate_rank *ranks = candidates->ranks;
	size_t left = candidates->count, count = 0;

	make_heap(ranks, left, true);
	while (left && count < max) {
		const struct edge_detection *box = &candidates->items[ranks[0].index];

		/* Also false for a box with a coordinate that is no number. */
		if (box->x1 > box->x0 && box->y1 > box->y0 && isfinite(area(box)) &&
		    !suppressed(box, kept, count, iou))
			kept[count++] = *box;
		ranks[0] = ranks[--left];
		sift(ranks, left, 0, true);
	}
	return count;
}
