// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vision/nms.h"

#define NUM 500

static uint32_t state = 7;

static float uniform(float low, float high)
{
	state = state * 1664525 + 1013904223;
	return low + (high - low) * (state >> 8) / 16777216.0f;
}

static void add(struct edge_candidates *candidates, float x0, float y0, float x1, float y1,
		float score, int class_id)
{
	struct edge_detection *box = edge_candidates_add(candidates, score, class_id);

	if (!box)
		return;
	box->x0 = x0;
	box->y0 = y0;
	box->x1 = x1;
	box->y1 = y1;
}

static void overlaps_of_a_class_are_dropped(void **none)
{
	struct edge_detection kept[4];
	struct edge_candidates candidates;

	assert_int_equal(edge_candidates_init(&candidates, 10, NULL), EDGE_OK);
	edge_candidates_reset(&candidates, 0.1f);
	add(&candidates, 0, 0, 10, 10, 0.5f, 1);
	/* Intersection 50, union 150: a third. */
	add(&candidates, 0, 5, 10, 15, 0.9f, 1);
	add(&candidates, 0, 0, 10, 10, 0.4f, 2);
	assert_null(edge_candidates_add(&candidates, 0.09f, 1));
	assert_null(edge_candidates_add(&candidates, NAN, 1));

	assert_int_equal(edge_nms(&candidates, 0.34f, kept, 4), 3);
	assert_true(kept[0].score == 0.9f && kept[1].score == 0.5f && kept[2].score == 0.4f);
	edge_candidates_reset(&candidates, 0.1f);
	add(&candidates, 0, 0, 10, 10, 0.5f, 1);
	add(&candidates, 0, 5, 10, 15, 0.9f, 1);
	add(&candidates, 0, 0, 10, 10, 0.4f, 2);
	assert_int_equal(edge_nms(&candidates, 0.33f, kept, 4), 2);
	assert_int_equal(kept[1].class_id, 2);
	edge_candidates_finish(&candidates);
}

static void boxes_without_area_are_dropped(void **none)
{
	struct edge_detection kept[8];
	struct edge_candidates candidates;

	assert_int_equal(edge_candidates_init(&candidates, 10, NULL), EDGE_OK);
	edge_candidates_reset(&candidates, 0);
	add(&candidates, 5, 5, 5, 9, 0.9f, 0);
	add(&candidates, 5, 5, 4, 9, 0.9f, 0);
	add(&candidates, NAN, 5, 6, 9, 0.9f, 0);
	add(&candidates, 0, 0, INFINITY, 9, 0.9f, 0);
	add(&candidates, 0, 0, 3e38f, 3e38f, 0.9f, 0);
	add(&candidates, 1, 2, 3, 4, 0.2f, 0);
	assert_int_equal(edge_nms(&candidates, 0.5f, kept, 8), 1);
	assert_true(kept[0].x0 == 1);
	edge_candidates_finish(&candidates);
}

static float iou_of(const struct edge_detection *a, const struct edge_detection *b)
{
	double width = fmin(a->x1, b->x1) - fmax(a->x0, b->x0);
	double height = fmin(a->y1, b->y1) - fmax(a->y0, b->y0);
	double inter = fmax(width, 0) * fmax(height, 0);
	double first = ((double)a->x1 - a->x0) * ((double)a->y1 - a->y0);
	double second = ((double)b->x1 - b->x0) * ((double)b->y1 - b->y0);

	return inter / (first + second - inter);
}

static int by_score(const void *a, const void *b)
{
	float first = ((const struct edge_detection *)a)->score;
	float second = ((const struct edge_detection *)b)->score;

	return first < second ? 1 : first > second ? -1 : 0;
}

/* The textbook's way: sort all, walk down, drop what the kept overlap. */
static size_t textbook(struct edge_detection *boxes, size_t count, float iou)
{
	size_t kept = 0;

	qsort(boxes, count, sizeof(*boxes), by_score);
	for (size_t i = 0; i < count; i++) {
		bool drop = false;

		for (size_t k = 0; k < kept && !drop; k++)
			drop = boxes[k].class_id == boxes[i].class_id &&
			       iou_of(&boxes[k], &boxes[i]) > iou;
		if (!drop)
			boxes[kept++] = boxes[i];
	}
	return kept;
}

static void fill(struct edge_candidates *candidates, struct edge_detection *boxes)
{
	for (int i = 0; i < NUM; i++) {
		struct edge_detection *box = &boxes[i];

		*box = (struct edge_detection) { .x0 = uniform(0, 80), .y0 = uniform(0, 80) };
		box->x1 = box->x0 + uniform(1, 30);
		box->y1 = box->y0 + uniform(1, 30);
		box->score = uniform(0, 1);
		box->class_id = (int)uniform(0, 4);
		add(candidates, box->x0, box->y0, box->x1, box->y1, box->score, box->class_id);
	}
}

static void same_as_the_textbook(void **none)
{
	struct edge_detection boxes[NUM], kept[NUM];
	struct edge_candidates candidates;

	assert_int_equal(edge_candidates_init(&candidates, NUM + 1, NULL), EDGE_OK);
	for (int round = 0; round < 50; round++) {
		float iou = 0.05f + 0.015f * round;
		size_t count, wanted;

		edge_candidates_reset(&candidates, 0);
		fill(&candidates, boxes);
		count = edge_nms(&candidates, iou, kept, NUM);
		wanted = textbook(boxes, NUM, iou);
		assert_int_equal(count, wanted);
		for (size_t i = 0; i < count; i++)
			assert_true(kept[i].score == boxes[i].score && kept[i].x0 == boxes[i].x0);
	}
	edge_candidates_finish(&candidates);
}

/* With less room the best candidates stay, so that the first results are the same. */
static void the_best_stay(void **none)
{
	struct edge_detection boxes[NUM], kept[20];
	struct edge_candidates candidates;

	for (size_t capacity = 1; capacity < NUM; capacity += 37) {
		assert_int_equal(edge_candidates_init(&candidates, capacity, NULL), EDGE_OK);
		edge_candidates_reset(&candidates, 0);
		fill(&candidates, boxes);
		assert_int_equal(candidates.count, capacity);
		qsort(boxes, NUM, sizeof(*boxes), by_score);
		assert_true(candidates.threshold == boxes[capacity - 1].score);
		textbook(boxes, capacity, 0.5f);
		assert_true(edge_nms(&candidates, 0.5f, kept, 20) > 0);
		for (size_t i = 0; i < 20 && i < capacity / 4; i++)
			assert_true(kept[i].score == boxes[i].score);
		edge_candidates_finish(&candidates);
	}
}

static void equal_scores_keep_their_order(void **none)
{
	struct edge_detection kept[9];
	struct edge_candidates candidates;

	assert_int_equal(edge_candidates_init(&candidates, 10, NULL), EDGE_OK);
	edge_candidates_reset(&candidates, 0);
	for (int i = 0; i < 9; i++)
		add(&candidates, 10 * i, 0, 10 * i + 5, 5, 0.5f, 0);
	assert_int_equal(edge_nms(&candidates, 0.5f, kept, 5), 5);
	for (int i = 0; i < 5; i++)
		assert_true(kept[i].x0 == 10 * i);
	edge_candidates_finish(&candidates);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overlaps_of_a_class_are_dropped),
		cmocka_unit_test(boxes_without_area_are_dropped),
		cmocka_unit_test(same_as_the_textbook),
		cmocka_unit_test(the_best_stay),
		cmocka_unit_test(equal_scores_keep_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
