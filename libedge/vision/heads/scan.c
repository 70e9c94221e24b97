// SPDX-License-Identifier: MIT
/*
 * Nearly all cells of a head see nothing. So each row is first swept with a comparison, of the
 * objectness if there is one, else of all scores, in the numbers that the network gives: the
 * threshold goes through the inverse of the sigmoid instead of every number through the sigmoid.
 */
#include <math.h>

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

/* Sets found[i] where one of the @channels numbers of cell i reaches @limit. */
static void sweep(const float *data, int64_t stride_x, int64_t stride_c, int channels, int count,
		  float limit, int32_t *found)
{
	for (int i = 0; i < BLOCK; i++)
		found[i] = 0;
	if (stride_c == 1) {
		for (int i = 0; i < count; i++) {
			const float *cell = data + i * stride_x;
			int32_t any = 0;

			for (int c = 0; c < channels; c++)
				any |= cell[c] >= limit;
			found[i] = any;
		}
	} else if (stride_x == 1) {
		for (int c = 0; c < channels; c++) {
			const float *plane = data + c * stride_c;

			for (int i = 0; i < count; i++)
				found[i] |= plane[i] >= limit;
		}
	} else {
		for (int c = 0; c < channels; c++) {
			for (int i = 0; i < count; i++)
				found[i] |= data[i * stride_x + c * stride_c] >= limit;
		}
	}
}

/* The probability of class @best among all entries, background included. */
static float softmax_of(const float *scores, const struct edge_map *map, int best)
{
	float highest = -INFINITY, sum = 0;

	for (int c = 0; c < map->channels; c++)
		highest = fmaxf(highest, edge_head_number(scores, map, c));
	for (int c = 0; c < map->channels; c++)
		sum += expf(edge_head_number(scores, map, c) - highest);
	return expf(edge_head_number(scores, map, best) - highest) / sum;
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
static int best_class(const struct scan *scan, const float *scores, const struct edge_map *map,
		      float *probability)
{
	const struct edge_head *head = scan->head;
	int best = head->background;

	for (int c = best + 1; c < map->channels; c++) {
		if (edge_head_number(scores, map, c) > edge_head_number(scores, map, best))
			best = c;
	}
	*probability = 0;
	if (head->score_squash != EDGE_SQUASH_SOFTMAX)
		*probability = squashed(edge_head_number(scores, map, best), head->score_squash);
	else if (!head->background ||
		 edge_head_number(scores, map, best) - edge_head_number(scores, map, 0) >=
			 scan->limits.lead)
		*probability = softmax_of(scores, map, best);
	return best - head->background;
}

static const float *cell_at(const struct edge_map *map, const struct edge_head_output *outputs,
			    int x, int y)
{
	return edge_map_data(map, outputs) + x * map->stride_x + y * map->stride_y;
}

static void visit(struct scan *scan, const struct edge_head_grid *grid, int x, int y)
{
	const struct edge_head *head = scan->head;
	struct edge_head_cell cell = { .grid = grid, .x = x, .y = y };
	struct edge_detection *box;
	float score;
	int class_id;

	class_id = best_class(scan, cell_at(&grid->scores, scan->outputs, x, y), &grid->scores,
			      &score);
	score = powered(score, head->score_power);
	if (grid->object.channels) {
		float object = *cell_at(&grid->object, scan->outputs, x, y);

		score *= powered(squashed(object, head->object_squash), head->object_power);
	}
	box = edge_candidates_add(scan->candidates, score, class_id);
	if (!box)
		return;
	cell.box = cell_at(&grid->box, scan->outputs, x, y);
	if (grid->points.channels)
		cell.points = cell_at(&grid->points, scan->outputs, x, y);
	head->ops->box(head, &cell, box);
}

static void scan_row(struct scan *scan, const struct edge_head_grid *grid, int y)
{
	bool object = grid->object.channels;
	struct edge_map map = grid->object;
	float limit = scan->limits.object;
	int32_t found[BLOCK];

	if (!object) {
		map = edge_map_channels(&grid->scores, scan->head->background,
					grid->scores.channels - scan->head->background);
		limit = scan->limits.score;
	}
	for (int x = 0; x < map.width; x += BLOCK) {
		int count = map.width - x < BLOCK ? map.width - x : BLOCK;

		sweep(cell_at(&map, scan->outputs, x, y), map.stride_x, map.stride_c, map.channels,
		      count, limit, found);
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

	for (int i = 0; i < head->num_grids; i++) {
		const struct edge_head_grid *grid = &head->grids[i];

		for (int y = 0; y < grid->scores.height; y++) {
			/* The threshold rises when there are more candidates than room. */
			set_limits(head, candidates->threshold, &scan.limits);
			scan_row(&scan, grid, y);
		}
	}
}
