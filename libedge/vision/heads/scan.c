// SPDX-License-Identifier: MIT
/*
 * Nearly all cells of a head see nothing. So each row is first swept with a comparison, of the
 * objectness if there is one, else of all scores, in the numbers that the network gives: the
 * threshold goes through the inverse of the sigmoid instead of every number through the sigmoid. Of
 * quantised outputs bytes are compared with the byte that stands for the threshold.
 */
#include <math.h>
#include <string.h>

#include "vision/heads/head.h"

#define BLOCK 64

/* Raw numbers below which a cell cannot reach the threshold, whatever its other number. */
struct limits {
	float threshold;
	float object;
	float score;
	float lead; /* of a class before the background, where softmax decides */
};

/* What is left of a scan when it comes to a grid. */
struct scan {
	const struct edge_head *head;
	const struct edge_head_output *outputs;
	struct edge_candidates *candidates;
	struct limits limits;
};

float edge_head_sigmoid(float x)
{
	return 1.0f / (1.0f + expf(-x));
}

/* A little low, as rounding differs from that of the score that is compared in the end. */
static float raw_limit(float threshold, float power, enum edge_head_squash squash)
{
	float least = powf(threshold, 1.0f / power) * 0.9999f;

	if (squash == EDGE_SQUASH_NONE)
		return least;
	/* A class's share is not known before all are; its logit may be anything. */
	if (squash == EDGE_SQUASH_SOFTMAX || least <= 0)
		return -INFINITY;
	return logf(least / (1 - least));
}

static void set_limits(const struct edge_head *head, float threshold, struct limits *limits)
{
	if (limits->threshold == threshold)
		return;
	limits->threshold = threshold;
	limits->object = raw_limit(threshold, head->object_power, head->object_squash);
	limits->score = raw_limit(threshold, head->score_power, head->score_squash);
	limits->lead = raw_limit(threshold, head->score_power, EDGE_SQUASH_SIGMOID);
}

/*
 * The least byte that stands for @limit or more, by the arithmetic that reads it; one above the
 * type's range when none does.
 */
static int stored_limit(const struct edge_map *map, float limit)
{
	int low = map->type == EDGE_I8 ? INT8_MIN : 0, high = low + 255;
	float at = ceilf(limit / map->scale) + map->zero_point;
	int stored = (int)fminf(fmaxf(at, (float)low), (float)(high + 1));

	while (stored > low && edge_map_real(map, stored - 1) >= limit)
		stored--;
	while (stored <= high && edge_map_real(map, stored) < limit)
		stored++;
	return stored;
}

/*
 * Sets found[i] where one of the numbers of cell i reaches @limit. One function for each type of
 * number; @flag is as wide as one, so that what is compared and what is found share a vector.
 */
#define SWEEP(name, number, flag) \
	static void name(const struct edge_map *map, const number *data, int count, number limit, \
			 uint8_t *found) \
	{ \
		int64_t stride_x = map->stride_x, stride_c = map->stride_c; \
		int channels = map->channels; \
		flag any[BLOCK] = { 0 }; \
\
		if (stride_c == 1) { \
			for (int i = 0; i < count; i++) { \
				const number *cell = data + i * stride_x; \
				flag reached = 0; \
\
				for (int c = 0; c < channels; c++) \
					reached |= cell[c] >= limit; \
				any[i] = reached; \
			} \
		} else if (stride_x == 1) { \
			for (int c = 0; c < channels; c++) { \
				const number *plane = data + c * stride_c; \
\
				for (int i = 0; i < count; i++) \
					any[i] |= plane[i] >= limit; \
			} \
		} else { \
			for (int c = 0; c < channels; c++) { \
				for (int i = 0; i < count; i++) \
					any[i] |= data[i * stride_x + c * stride_c] >= limit; \
			} \
		} \
		for (int i = 0; i < BLOCK; i++) \
			found[i] = (uint8_t)any[i]; \
	}

SWEEP(sweep_f32, float, int32_t)
SWEEP(sweep_u8, uint8_t, uint8_t)
SWEEP(sweep_i8, int8_t, uint8_t)

static void sweep(const struct edge_map *map, const void *data, int count, float limit,
		  uint8_t *found)
{
	int stored;

	if (map->type == EDGE_F32) {
		sweep_f32(map, data, count, limit, found);
		return;
	}
	stored = stored_limit(map, limit);
	if (map->type == EDGE_U8 && stored <= UINT8_MAX)
		sweep_u8(map, data, count, (uint8_t)stored, found);
	else if (map->type == EDGE_I8 && stored <= INT8_MAX)
		sweep_i8(map, data, count, (int8_t)stored, found);
	else
		memset(found, 0, BLOCK);
}

/* The probability of class @best among all entries, background included. */
static float softmax_of(const void *scores, const struct edge_map *map, int best)
{
	float highest = -INFINITY, sum = 0;

	for (int c = 0; c < map->channels; c++)
		highest = fmaxf(highest, edge_map_number(map, scores, c));
	for (int c = 0; c < map->channels; c++)
		sum += expf(edge_map_number(map, scores, c) - highest);
	return expf(edge_map_number(map, scores, best) - highest) / sum;
}

static float squashed(float x, enum edge_head_squash squash)
{
	return squash == EDGE_SQUASH_SIGMOID ? edge_head_sigmoid(x) : x;
}

static float powered(float x, float power)
{
	/* Factors that are not used, and those of 1, are exact. */
	return power == 1 ? x : powf(fmaxf(x, 0), power);
}

/* The best entry behind the background, and its probability; 0 where it is not worth the
 * exponentials: against the background alone the softmax is a sigmoid of the difference. */
static int best_class(const struct scan *scan, const void *scores, const struct edge_map *map,
		      float *probability)
{
	const struct edge_head *head = scan->head;
	int best = head->background;

	for (int c = best + 1; c < map->channels; c++) {
		if (edge_map_number(map, scores, c) > edge_map_number(map, scores, best))
			best = c;
	}
	*probability = 0;
	if (head->score_squash != EDGE_SQUASH_SOFTMAX)
		*probability = squashed(edge_map_number(map, scores, best), head->score_squash);
	else if (!head->background ||
		 edge_map_number(map, scores, best) - edge_map_number(map, scores, 0) >=
			 scan->limits.lead)
		*probability = softmax_of(scores, map, best);
	return best - head->background;
}

static void visit(struct scan *scan, const struct edge_head_grid *grid, int x, int y)
{
	const struct edge_head *head = scan->head;
	struct edge_head_cell cell = { .grid = grid, .x = x, .y = y };
	struct edge_detection *box;
	float score;
	int class_id;

	class_id = best_class(scan, edge_map_cell(&grid->scores, scan->outputs, x, y),
			      &grid->scores, &score);
	score = powered(score, head->score_power);
	if (grid->object.channels) {
		const void *at = edge_map_cell(&grid->object, scan->outputs, x, y);
		float object = edge_map_number(&grid->object, at, 0);

		score *= powered(squashed(object, head->object_squash), head->object_power);
	}
	box = edge_candidates_add(scan->candidates, score, class_id);
	if (!box)
		return;
	cell.box = edge_map_cell(&grid->box, scan->outputs, x, y);
	if (grid->points.channels)
		cell.points = edge_map_cell(&grid->points, scan->outputs, x, y);
	head->ops->box(head, &cell, box);
}

static void scan_row(struct scan *scan, const struct edge_head_grid *grid, int y)
{
	bool object = grid->object.channels;
	struct edge_map map = grid->object;
	float limit = scan->limits.object;
	uint8_t found[BLOCK];

	if (!object) {
		map = edge_map_channels(&grid->scores, scan->head->background,
					grid->scores.channels - scan->head->background);
		limit = scan->limits.score;
	}
	for (int x = 0; x < map.width; x += BLOCK) {
		int count = map.width - x < BLOCK ? map.width - x : BLOCK;

		sweep(&map, edge_map_cell(&map, scan->outputs, x, y), count, limit, found);
		for (int i = 0; i < count; i++) {
			if (found[i])
				visit(scan, grid, x + i, y);
		}
	}
}

void edge_head_scan(const struct edge_head *head, const struct edge_head_output *outputs,
		    struct edge_candidates *candidates)
{
	struct scan scan = {
		.head = head,
		.outputs = outputs,
		.candidates = candidates,
		.limits = { .threshold = -1 },
	};

	if (head->ops->scan) {
		head->ops->scan(head, outputs, candidates);
		return;
	}
	for (int i = 0; i < head->num_grids; i++) {
		const struct edge_head_grid *grid = &head->grids[i];

		for (int y = 0; y < grid->scores.height; y++) {
			/* The threshold rises when there are more candidates than room. */
			set_limits(head, candidates->threshold, &scan.limits);
			scan_row(&scan, grid, y);
		}
	}
}
