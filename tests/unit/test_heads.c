// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vision/heads/head.h"

#define MAX_OUTPUTS 16
#define MAX_BOXES 12

/* An output filled with noise between two values. */
struct noise {
	const char *name;
	int rank;
	int64_t dims[5];
	float low, high;
	uint32_t seed;
	unsigned int origin;
};

struct expected_box {
	float x0, y0, x1, y1, score;
	int class_id;
};

struct head_case {
	const char *name, *family;
	int width, height, num_labels;
	enum edge_func activation;
	float threshold;
	struct noise outputs[MAX_OUTPUTS];
	int num_outputs;
	struct edge_metadata metadata[16];
	int num_metadata;
	struct edge_head_params params;
	struct expected_box boxes[MAX_BOXES];
	float points[MAX_BOXES][2 * EDGE_MAX_POINTS];
};

#include "data/heads.h"

#define NUM_CASES (sizeof(cases) / sizeof(cases[0]))

/* How the numbers of an output lie in memory. */
enum layout {
	ROW_MAJOR,
	CHANNELS_LAST, /* the second dimension innermost, with a gap behind it */
	REVERSED, /* the first dimension innermost */
	NUM_LAYOUTS
};

/* Room for exactly the elements that the strides reach, so that a sanitizer sees any other. */
static void set_strides(struct edge_view *view, enum layout layout)
{
	int64_t stride = 1;

	for (int i = 0; i < view->rank; i++) {
		int d = view->rank - 1 - i;

		if (layout == REVERSED)
			d = i;
		if (layout == CHANNELS_LAST)
			d = i == 0 ? 1 : d + 1 < 2 ? 0 : d + 1;
		view->strides[d] = stride;
		stride *= view->dims[d] + (layout == CHANNELS_LAST && i == 0 ? 3 : 0);
	}
	stride = 1;
	for (int d = 0; d < view->rank; d++)
		stride += (view->dims[d] - 1) * view->strides[d];
	view->data = malloc(stride * sizeof(float));
	memset(view->data, 0x7f, stride * sizeof(float));
}

static void fill(const struct noise *noise, struct edge_view *view)
{
	int64_t index[EDGE_MAX_RANK] = { 0 };
	uint32_t state = noise->seed;
	int d;

	do {
		int64_t at = 0;

		for (d = 0; d < view->rank; d++)
			at += index[d] * view->strides[d];
		state = state * 1664525 + 1013904223;
		((float *)view->data)[at] =
			(state >> 8) / 16777216.0 * ((double)noise->high - noise->low) + noise->low;
		for (d = view->rank - 1; d >= 0 && ++index[d] == view->dims[d]; d--)
			index[d] = 0;
	} while (d >= 0);
}

static void make_outputs(const struct head_case *c, enum layout layout,
			 struct edge_head_output *outputs)
{
	for (int i = 0; i < c->num_outputs; i++) {
		const struct noise *noise = &c->outputs[i];

		outputs[i] =
			(struct edge_head_output) { .name = noise->name, .origin = noise->origin };
		outputs[i].view.type = EDGE_F32;
		outputs[i].view.rank = noise->rank;
		memcpy(outputs[i].view.dims, noise->dims, sizeof(noise->dims));
		set_strides(&outputs[i].view, layout);
		fill(noise, &outputs[i].view);
	}
}

static void free_outputs(const struct head_case *c, struct edge_head_output *outputs)
{
	for (int i = 0; i < c->num_outputs; i++)
		free(outputs[i].view.data);
}

static struct edge_head_model make_model(const struct head_case *c,
					 const struct edge_head_output *outputs)
{
	return (struct edge_head_model) {
		.width = c->width,
		.height = c->height,
		.outputs = outputs,
		.num_outputs = c->num_outputs,
		.metadata = c->metadata,
		.num_metadata = c->num_metadata,
		.activation = c->activation,
		.num_labels = c->num_labels,
		.params = &c->params,
	};
}

static void check_near(const struct head_case *c, const char *what, float got, float wanted)
{
	if (!(fabsf(got - wanted) <= 1e-3f + 2e-5f * fabsf(wanted)))
		fail_msg("%s: %s is %g, not %g", c->name, what, got, wanted);
}

static void check_boxes(const struct head_case *c, struct edge_candidates *candidates, size_t max)
{
	struct edge_detection kept[MAX_BOXES + 1];
	/* No overlap is above 1, so suppression only sorts. */
	size_t count = edge_nms(candidates, 1, kept, max);

	if (count != MAX_BOXES)
		fail_msg("%s: %zu boxes, not %d", c->name, count, MAX_BOXES);
	for (int i = 0; i < MAX_BOXES; i++) {
		const struct expected_box *wanted = &c->boxes[i];

		check_near(c, "score", kept[i].score, wanted->score);
		check_near(c, "x0", kept[i].x0, wanted->x0);
		check_near(c, "y0", kept[i].y0, wanted->y0);
		check_near(c, "x1", kept[i].x1, wanted->x1);
		check_near(c, "y1", kept[i].y1, wanted->y1);
		if (kept[i].class_id != wanted->class_id)
			fail_msg("%s: class %d, not %d", c->name, kept[i].class_id,
				 wanted->class_id);
		for (int k = 0; k < 2 * kept[i].num_points; k++)
			check_near(c, "a landmark", kept[i].points[k / 2][k % 2], c->points[i][k]);
	}
}

static void check_case(const struct head_case *c, enum layout layout)
{
	struct edge_head_output outputs[MAX_OUTPUTS];
	struct edge_head_model model = make_model(c, outputs);
	struct edge_candidates candidates;
	struct edge_error error;
	struct edge_head head;

	make_outputs(c, layout, outputs);
	if (edge_head_bind(&model, &head, &error))
		fail_msg("%s: %s", c->name, error.message);
	if (strcmp(head.ops->name, c->family))
		fail_msg("%s: taken for %s", c->name, head.ops->name);
	if (c->num_labels)
		assert_int_equal(head.num_classes, c->num_labels);
	assert_int_equal(edge_candidates_init(&candidates, 1000, NULL), EDGE_OK);
	edge_candidates_reset(&candidates, c->threshold);
	edge_head_scan(&head, outputs, &candidates);
	check_boxes(c, &candidates, MAX_BOXES + 1);
	edge_candidates_finish(&candidates);
	free_outputs(c, outputs);
}

static void boxes_as_numpy_has_them(void **state)
{
	for (size_t i = 0; i < NUM_CASES; i++) {
		for (int layout = ROW_MAJOR; layout < NUM_LAYOUTS; layout++)
			check_case(&cases[i], (enum layout)layout);
	}
}

/* The best are the same when there is room for few. */
static void few_candidates_are_the_best(void **state)
{
	for (size_t i = 0; i < NUM_CASES; i++) {
		const struct head_case *c = &cases[i];
		struct edge_head_output outputs[MAX_OUTPUTS];
		struct edge_head_model model = make_model(c, outputs);
		struct edge_candidates candidates;
		struct edge_head head;

		make_outputs(c, ROW_MAJOR, outputs);
		assert_int_equal(edge_head_bind(&model, &head, NULL), EDGE_OK);
		assert_int_equal(edge_candidates_init(&candidates, 100, NULL), EDGE_OK);
		edge_candidates_reset(&candidates, 0);
		edge_head_scan(&head, outputs, &candidates);
		check_boxes(c, &candidates, MAX_BOXES);
		edge_candidates_finish(&candidates);
		free_outputs(c, outputs);
	}
}

/* Elements that the strides of @view reach. */
static int64_t reach(const struct edge_view *view)
{
	int64_t last = 0;

	for (int d = 0; d < view->rank; d++)
		last += (view->dims[d] - 1) * view->strides[d];
	return last + 1;
}

/* @bytes becomes the quantised @reals, whose values become those that the bytes stand for. */
static void quantise(const struct noise *noise, enum edge_type type, struct edge_head_output *reals,
		     struct edge_head_output *bytes)
{
	int low = type == EDGE_I8 ? -128 : 0;
	int64_t size = reach(&reals->view);
	float *values = reals->view.data;
	uint8_t *stored = malloc(size);

	*bytes = *reals;
	bytes->view.type = type;
	bytes->view.data = stored;
	bytes->scale = (noise->high - noise->low) / 255;
	bytes->zero_point = low - (int)lrintf(noise->low / bytes->scale);
	for (int64_t i = 0; i < size; i++) {
		float nearest = nearbyintf(values[i] / bytes->scale) + bytes->zero_point;
		int q = (int)fminf(fmaxf(nearest, low), low + 255);

		stored[i] = (uint8_t)q;
		values[i] = (float)(q - bytes->zero_point) * bytes->scale;
	}
}

static size_t decode(const struct head_case *c, struct edge_head_output *outputs,
		     struct edge_detection *kept, size_t max)
{
	struct edge_head_model model = make_model(c, outputs);
	struct edge_candidates candidates;
	struct edge_head head;
	size_t count;

	assert_int_equal(edge_head_bind(&model, &head, NULL), EDGE_OK);
	assert_string_equal(head.ops->name, c->family);
	assert_int_equal(edge_candidates_init(&candidates, 1000, NULL), EDGE_OK);
	edge_candidates_reset(&candidates, c->threshold);
	edge_head_scan(&head, outputs, &candidates);
	count = edge_nms(&candidates, 0.5f, kept, max);
	edge_candidates_finish(&candidates);
	return count;
}

/* The same boxes, bit for bit, from bytes and from the reals that they stand for. */
static void bytes_as_their_reals(void **state)
{
	struct edge_detection expected[50], found[50];
	size_t total = 0;

	for (size_t i = 0; i < NUM_CASES * 2 * NUM_LAYOUTS; i++) {
		const struct head_case *c = &cases[i / 2 / NUM_LAYOUTS];
		struct edge_head_output reals[MAX_OUTPUTS], bytes[MAX_OUTPUTS];
		size_t count;

		make_outputs(c, (enum layout)(i / 2 % NUM_LAYOUTS), reals);
		for (int k = 0; k < c->num_outputs; k++)
			quantise(&c->outputs[k], i & 1 ? EDGE_I8 : EDGE_U8, &reals[k], &bytes[k]);
		memset(expected, 0, sizeof(expected));
		memset(found, 0, sizeof(found));
		count = decode(c, reals, expected, 50);
		assert_int_equal(decode(c, bytes, found, 50), count);
		assert_memory_equal(found, expected, sizeof(found));
		total += count;
		free_outputs(c, reals);
		free_outputs(c, bytes);
	}
	assert_true(total > NUM_CASES * 2 * NUM_LAYOUTS);
}

/* Bytes without a scale stand for nothing. */
static void other_types_are_refused(void **state)
{
	const struct head_case *c = &cases[0];
	struct edge_head_output outputs[MAX_OUTPUTS];
	struct edge_head_model model = make_model(c, outputs);
	struct edge_head head;

	make_outputs(c, ROW_MAJOR, outputs);
	assert_int_equal(edge_head_bind(&model, &head, NULL), EDGE_OK);
	outputs[0].view.type = EDGE_U8;
	assert_int_equal(edge_head_bind(&model, &head, NULL), EDGE_UNSUPPORTED);
	outputs[0].view.type = EDGE_I32;
	outputs[0].scale = 1;
	assert_int_equal(edge_head_bind(&model, &head, NULL), EDGE_UNSUPPORTED);
	free_outputs(c, outputs);
}

/* A card may name the family that would have been found, and no other. */
static void named_families(void **state)
{
	for (size_t i = 0; i < NUM_CASES; i++) {
		const struct head_case *c = &cases[i];
		struct edge_head_params params = c->params;
		struct edge_head_output outputs[MAX_OUTPUTS];
		struct edge_head_model model = make_model(c, outputs);
		struct edge_error error;
		struct edge_head head;

		make_outputs(c, ROW_MAJOR, outputs);
		model.params = &params;
		params.family = c->family;
		assert_int_equal(edge_head_bind(&model, &head, &error), EDGE_OK);
		params.family = strcmp(c->family, "yunet") ? "yunet" : "yolox";
		assert_int_equal(edge_head_bind(&model, &head, &error), EDGE_UNSUPPORTED);
		params.family = "of nobility";
		assert_int_equal(edge_head_bind(&model, &head, &error), EDGE_UNSUPPORTED);
		assert_non_null(strstr(error.message, "of nobility"));
		free_outputs(c, outputs);
	}
}

static uint32_t random_state = 1;

static uint32_t next_random(void)
{
	random_state = random_state * 1664525 + 1013904223;
	return random_state >> 8;
}

static int64_t random_dim(int64_t dim)
{
	switch (next_random() % 8) {
	case 0:
		return 1;
	case 1:
		return dim * 2;
	case 2:
		return dim - 1;
	case 3:
		return next_random() % 90;
	default:
		return dim;
	}
}

/* Outputs of changed shapes are refused, or read where they are and no further. */
static void other_shapes_stay_inside(void **state)
{
	for (int round = 0; round < 500; round++) {
		const struct head_case *original = &cases[next_random() % NUM_CASES];
		struct head_case c = *original;
		struct edge_head_output outputs[MAX_OUTPUTS];
		struct edge_head_model model;
		struct edge_candidates candidates;
		struct edge_head head;
		bool empty = false;

		for (int i = 0; i < c.num_outputs; i++) {
			struct noise *noise = &c.outputs[i];

			for (int d = 0; d < noise->rank; d++) {
				noise->dims[d] = random_dim(noise->dims[d]);
				empty |= noise->dims[d] < 1;
			}
			if (next_random() % 8 == 0 && noise->rank > 1)
				noise->rank--;
		}
		if (empty)
			continue;
		c.num_labels = next_random() % 3 ? 0 : c.num_labels;
		c.params.num_strides = next_random() % 4 ? 0 : 1 + next_random() % 3;
		for (int i = 0; i < c.params.num_strides; i++)
			c.params.strides[i] = 4 << i;
		model = make_model(&c, outputs);
		make_outputs(&c, (enum layout)(next_random() % NUM_LAYOUTS), outputs);
		if (!edge_head_bind(&model, &head, NULL)) {
			assert_int_equal(edge_candidates_init(&candidates, 100, NULL), EDGE_OK);
			edge_candidates_reset(&candidates, 0);
			edge_head_scan(&head, outputs, &candidates);
			edge_candidates_finish(&candidates);
		}
		free_outputs(&c, outputs);
	}
}

static void numbers_that_are_none(void **state)
{
	static const float odd[] = { NAN, INFINITY, -INFINITY, 1e38f };

	for (size_t i = 0; i < NUM_CASES; i++) {
		const struct head_case *c = &cases[i];
		struct edge_head_output outputs[MAX_OUTPUTS];
		struct edge_head_model model = make_model(c, outputs);
		struct edge_detection kept[MAX_BOXES];
		struct edge_candidates candidates;
		struct edge_head head;
		size_t count;

		make_outputs(c, ROW_MAJOR, outputs);
		for (int k = 0; k < c->num_outputs; k++) {
			float *data = outputs[k].view.data;
			int64_t size = 1;

			for (int d = 0; d < outputs[k].view.rank; d++)
				size *= outputs[k].view.dims[d];
			for (int64_t at = 0; at < size; at++) {
				if (next_random() % 3 == 0)
					data[at] = odd[next_random() % 4];
			}
		}
		assert_int_equal(edge_head_bind(&model, &head, NULL), EDGE_OK);
		assert_int_equal(edge_candidates_init(&candidates, 1000, NULL), EDGE_OK);
		edge_candidates_reset(&candidates, c->threshold);
		edge_head_scan(&head, outputs, &candidates);
		count = edge_nms(&candidates, 0.5f, kept, MAX_BOXES);
		for (size_t k = 0; k < count; k++) {
			assert_true(kept[k].score >= c->threshold);
			assert_true(isfinite(kept[k].x1 - kept[k].x0));
		}
		edge_candidates_finish(&candidates);
		free_outputs(c, outputs);
	}
}

static void errors_list_the_outputs(void **state)
{
	struct edge_head_params params = { 0 };
	struct edge_head_output output = {
		.name = "logits",
		.view = { .type = EDGE_F32,
			  .rank = 2,
			  .dims = { 7, 1000 },
			  .strides = { 1000, 1 } },
	};
	struct edge_head_model model = {
		.width = 224,
		.height = 224,
		.outputs = &output,
		.num_outputs = 1,
		.params = &params,
	};
	struct edge_error error;
	struct edge_head head;

	assert_int_equal(edge_head_bind(&model, &head, &error), EDGE_UNSUPPORTED);
	assert_non_null(strstr(error.message, "logits [7,1000]"));
	assert_non_null(strstr(error.message, "model card"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_as_numpy_has_them),
		cmocka_unit_test(few_candidates_are_the_best),
		cmocka_unit_test(bytes_as_their_reals),
		cmocka_unit_test(other_types_are_refused),
		cmocka_unit_test(named_families),
		cmocka_unit_test(other_shapes_stay_inside),
		cmocka_unit_test(numbers_that_are_none),
		cmocka_unit_test(errors_list_the_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
