// SPDX-License-Identifier: MIT
/* Operators of TensorFlow Lite one by one, with values by hand, as tensorflow.org defines them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/edge.h"
#include "tflite_model.h"

#define X -1

/* In the place of a constant: the input. */
#define INPUT \
	{ \
		.type = X \
	}

/**
 * struct constant - an input that the file holds
 * @type: of the schema; X for the input of the graph
 */
struct constant {
	int type;
	int rank;
	int32_t dims[4];
	const void *data;
};

/**
 * struct op_case - one operator
 * @parts: outputs, all of the same shape
 */
struct op_case {
	const char *name;
	int code;
	int x_rank;
	int32_t x_dims[4];
	const float *x;
	int num_inputs;
	struct constant inputs[4];
	int num_options;
	struct lite_option options[5];
	int y_type;
	int y_rank;
	int32_t y_dims[4];
	int parts;
	const float *y;
};

#define LITE_MAX_POOL 17

static const float ramp[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const float mixed[] = { -2, -1, 0, 1, 2, 3, -4, 8 };

#define INTS(...) \
	(const int32_t[]) \
	{ \
		__VA_ARGS__ \
	}
#define FLOATS(...) \
	(const float[]) \
	{ \
		__VA_ARGS__ \
	}

/* clang-format off */
static const struct op_case cases[] = {
	{ "SQUEEZE", 43, 3, { 1, 2, 1 }, ramp, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 2 },
	  1, ramp },
	{ "EXPAND_DIMS", 70, 1, { 3 }, ramp, 2, { INPUT, { LITE_I32, 0, { 0 }, INTS(-1) } }, 0,
	  { { 0 } }, LITE_F32, 2, { 3, 1 }, 1, ramp },
	{ "RESHAPE", 22, 2, { 2, 3 }, ramp, 2, { INPUT, { LITE_I32, 1, { 2 }, INTS(3, -1) } },
	  0, { { 0 } }, LITE_F32, 2, { 3, 2 }, 1, ramp },
	{ "TRANSPOSE", 39, 2, { 2, 3 }, ramp, 2, { INPUT, { LITE_I32, 1, { 2 }, INTS(1, 0) } },
	  0, { { 0 } }, LITE_F32, 2, { 3, 2 }, 1, FLOATS(0, 3, 1, 4, 2, 5) },
	{ "PACK", 83, 1, { 2 }, ramp, 2, { INPUT, { LITE_F32, 1, { 2 }, FLOATS(8, 9) } }, 2, { {
	  0, 4, 2 }, { 1, 4, 1 } }, LITE_F32, 2, { 2, 2 }, 1, FLOATS(0, 8, 1, 9) },
	{ "UNPACK", 88, 2, { 2, 3 }, ramp, 1, { INPUT }, 2, { { 0, 4, 3 }, { 1, 4, 1 } },
	  LITE_F32, 1, { 2 }, 3, FLOATS(0, 3, 1, 4, 2, 5) },
	{ "SPLIT_V", 102, 4, { 1, 1, 2, 4 }, ramp, 3, { INPUT, { LITE_I32, 1, { 2 }, INTS(2, -1)
	  }, { LITE_I32, 0, { 0 }, INTS(3) } }, 1, { { 0, 4, 2 } }, LITE_F32, 4, { 1, 1, 2, 2 },
	  2, FLOATS(0, 1, 4, 5, 2, 3, 6, 7) },
	{ "SLICE", 65, 4, { 1, 2, 2, 2 }, ramp, 3, { INPUT, { LITE_I32, 1, { 4 }, INTS(0, 1, 0,
	  1) }, { LITE_I32, 1, { 4 }, INTS(1, 1, 2, -1) } }, 0, { { 0 } }, LITE_F32, 4, { 1, 1, 2,
	  1 }, 1, FLOATS(5, 7) },
	{ "GATHER", 36, 2, { 2, 3 }, ramp, 2, { INPUT, { LITE_I32, 1, { 2 }, INTS(2, 0) } }, 1,
	  { { 0, 4, 1 } }, LITE_F32, 2, { 2, 2 }, 1, FLOATS(2, 0, 5, 3) },
	{ "MIRROR_PAD", 100, 1, { 3 }, ramp, 2, { INPUT, { LITE_I32, 2, { 1, 2 }, INTS(2, 1) }
	  }, 0, { { 0 } }, LITE_F32, 1, { 6 }, 1, FLOATS(2, 1, 0, 1, 2, 1) },
	{ "MIRROR_PAD", 100, 1, { 3 }, ramp, 2, { INPUT, { LITE_I32, 2, { 1, 2 }, INTS(1, 1) }
	  }, 1, { { 0, 1, 1 } }, LITE_F32, 1, { 5 }, 1, FLOATS(0, 0, 1, 2, 2) },
	{ "PADV2", 60, 4, { 1, 1, 2, 2 }, ramp, 3, { INPUT, { LITE_I32, 2, { 4, 2 }, INTS(0, 0,
	  0, 0, 1, 0, 0, 1) }, { LITE_F32, 0, { 0 }, FLOATS(7) } }, 0, { { 0 } }, LITE_F32, 4, {
	  1, 1, 3, 3 }, 1, FLOATS(7, 7, 7, 0, 1, 7, 2, 3, 7) },
	{ "SPACE_TO_DEPTH", 26, 4, { 1, 2, 4, 1 }, ramp, 1, { INPUT }, 1, { { 0, 4, 2 } },
	  LITE_F32, 4, { 1, 1, 2, 4 }, 1, FLOATS(0, 1, 4, 5, 2, 3, 6, 7) },
	{ "DEPTH_TO_SPACE", 5, 4, { 1, 1, 2, 4 }, ramp, 1, { INPUT }, 1, { { 0, 4, 2 } },
	  LITE_F32, 4, { 1, 2, 4, 1 }, 1, FLOATS(0, 1, 4, 5, 2, 3, 6, 7) },
	{ "TILE", 69, 2, { 1, 2 }, ramp, 2, { INPUT, { LITE_I32, 1, { 2 }, INTS(2, 2) } }, 0, {
	  { 0 } }, LITE_F32, 2, { 2, 4 }, 1, FLOATS(0, 1, 0, 1, 0, 1, 0, 1) },
	{ "SUM", 74, 4, { 1, 2, 2, 2 }, ramp, 2, { INPUT, { LITE_I32, 1, { 1 }, INTS(-1) } }, 0,
	  { { 0 } }, LITE_F32, 3, { 1, 2, 2 }, 1, FLOATS(1, 5, 9, 13) },
	{ "REDUCE_MAX", 82, 4, { 1, 2, 2, 2 }, ramp, 2, { INPUT, { LITE_I32, 1, { 2 }, INTS(2,
	  1) } }, 1, { { 0, 1, 1 } }, LITE_F32, 4, { 1, 1, 1, 2 }, 1, FLOATS(6, 7) },
	{ "ARG_MAX", 56, 4, { 1, 1, 2, 4 }, mixed, 2, { INPUT, { LITE_I32, 0, { 0 }, INTS(3) }
	  }, 1, { { 0, 1, LITE_I64 } }, LITE_I64, 3, { 1, 1, 2 }, 1, FLOATS(3, 3) },
	{ "PRELU", 54, 4, { 1, 2, 2, 2 }, mixed, 2, { INPUT, { LITE_F32, 3, { 1, 1, 2 },
	  FLOATS(0.5f, 3) } }, 0, { { 0 } }, LITE_F32, 4, { 1, 2, 2, 2 }, 1, FLOATS(-1, -3, 0, 1,
	  2, 3, -2, 8) },
	{ "LEAKY_RELU", 98, 1, { 8 }, mixed, 1, { INPUT }, 1, { { 0, 4, 0x3e800000 } },
	  LITE_F32, 1, { 8 }, 1, FLOATS(-.5f, -.25f, 0, 1, 2, 3, -1, 8) },
	{ "RELU_N1_TO_1", 20, 1, { 8 }, mixed, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 8 },
	  1, FLOATS(-1, -1, 0, 1, 1, 1, -1, 1) },
	{ "RELU6", 21, 4, { 1, 1, 2, 4 }, mixed, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 4, { 1,
	  1, 2, 4 }, 1, FLOATS(0, 0, 0, 1, 2, 3, 0, 6) },
	{ "HARD_SWISH", 117, 1, { 8 }, mixed, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 8 }, 1,
	  FLOATS(-1 / 3.0f, -1 / 3.0f, 0, 2 / 3.0f, 5 / 3.0f, 3, 0, 8) },
	{ "GELU", 150, 1, { 2 }, ramp, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 2 }, 1,
	  FLOATS(0, 0.84134475f) },
	{ "RSQRT", 76, 1, { 2 }, ramp + 1, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 2 }, 1,
	  FLOATS(1, 0.70710678f) },
	{ "SQUARE", 92, 1, { 8 }, mixed, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 8 }, 1,
	  FLOATS(4, 1, 0, 1, 4, 9, 16, 64) },
	{ "ELU", 111, 1, { 2 }, mixed + 1, 1, { INPUT }, 0, { { 0 } }, LITE_F32, 1, { 2 }, 1,
	  FLOATS(-0.63212056f, 0) },
	{ "SQUARED_DIFFERENCE", 99, 1, { 2 }, ramp, 2, { INPUT, { LITE_F32, 1, { 2 }, FLOATS(3,
	  -1) } }, 0, { { 0 } }, LITE_F32, 1, { 2 }, 1, FLOATS(9, 4) },
	{ "SUB", 41, 4, { 1, 1, 2, 2 }, ramp, 2, { { LITE_F32, 1, { 2 }, FLOATS(10, 20) }, INPUT
	  }, 1, { { 0, 1, 1 } }, LITE_F32, 4, { 1, 1, 2, 2 }, 1, FLOATS(10, 19, 8, 17) },
	{ "DIV", 42, 4, { 1, 1, 2, 2 }, ramp, 2, { INPUT, { LITE_F32, 0, { 0 }, FLOATS(2) } },
	  0, { { 0 } }, LITE_F32, 4, { 1, 1, 2, 2 }, 1, FLOATS(0, 0.5f, 1, 1.5f) },
	{ "MAXIMUM", 55, 1, { 8 }, mixed, 2, { INPUT, { LITE_F32, 0, { 0 }, FLOATS(1) } }, 0, {
	  { 0 } }, LITE_F32, 1, { 8 }, 1, FLOATS(1, 1, 1, 1, 2, 3, 1, 8) },
	{ "POW", 78, 1, { 3 }, ramp, 2, { INPUT, { LITE_F32, 0, { 0 }, FLOATS(2) } }, 0, { { 0 }
	  }, LITE_F32, 1, { 3 }, 1, FLOATS(0, 1, 4) },
	{ "BATCH_MATMUL", 126, 2, { 2, 2 }, ramp, 2, { INPUT, { LITE_F32, 2, { 1, 2 },
	  FLOATS(10, 1) } }, 1, { { 1, 1, 1 } }, LITE_F32, 2, { 2, 1 }, 1, FLOATS(1, 23) },
	{ "FULLY_CONNECTED", 9, 3, { 1, 2, 2 }, ramp, 2, { INPUT, { LITE_F32, 2, { 1, 2 },
	  FLOATS(10, 1) } }, 1, { { 2, 1, 1 } }, LITE_F32, 3, { 1, 2, 1 }, 1, FLOATS(1, 23) },
	{ "SOFTMAX", 25, 2, { 1, 2 }, ramp, 1, { INPUT }, 1, { { 0, 4, 0x40000000 } }, LITE_F32,
	  2, { 1, 2 }, 1, FLOATS(0.11920292f, 0.88079708f) },
	{ "L2_NORMALIZATION", 11, 2, { 1, 2 }, ramp + 3, 1, { INPUT }, 0, { { 0 } }, LITE_F32,
	  2, { 1, 2 }, 1, FLOATS(0.6f, 0.8f) },
	{ "CAST", 53, 1, { 8 }, mixed, 1, { INPUT }, 2, { { 0, 1, LITE_F32 }, { 1, 1, LITE_I32 }
	  }, LITE_I32, 1, { 8 }, 1, mixed },
	{ "LESS", 58, 1, { 8 }, mixed, 2, { INPUT, { LITE_F32, 0, { 0 }, FLOATS(1) } }, 0, { { 0
	  } }, LITE_BOOL, 1, { 8 }, 1, FLOATS(1, 1, 1, 0, 0, 0, 1, 0) },
	{ "NOT_EQUAL", 72, 1, { 8 }, mixed, 2, { INPUT, { LITE_F32, 0, { 0 }, FLOATS(1) } }, 0,
	  { { 0 } }, LITE_BOOL, 1, { 8 }, 1, FLOATS(1, 1, 1, 0, 1, 1, 1, 1) },
	{ "SHAPE", 77, 3, { 1, 2, 1 }, ramp, 1, { INPUT }, 1, { { 0, 1, LITE_I64 } }, LITE_I64,
	  1, { 3 }, 1, FLOATS(1, 2, 1) },
};
/* clang-format on */

#define NUM_CASES (sizeof(cases) / sizeof(cases[0]))

static double read_element(const struct edge_view *view, int64_t index)
{
	int64_t at = 0;

	for (int i = view->rank - 1; i >= 0; i--) {
		at += index % view->dims[i] * view->strides[i];
		index /= view->dims[i];
	}
	switch (view->type) {
	case EDGE_F32:
		return ((float *)view->data)[at];
	case EDGE_I32:
		return ((int32_t *)view->data)[at];
	case EDGE_I64:
		return ((int64_t *)view->data)[at];
	default:
		return ((uint8_t *)view->data)[at];
	}
}

/* A pool of one pixel in front changes nothing but the order that the input is kept in. */
static int add_pool(struct lite_model *model, const struct op_case *test)
{
	int y = lite_tensor(model, "image", LITE_F32, test->x_rank, test->x_dims, NULL);
	struct lite_operator *op = lite_operator(model, LITE_MAX_POOL, 0, -1, -1, y);

	for (int i = 1; i < 5; i++)
		lite_option(op, i, 4, 1);
	return y;
}

static void describe(struct lite_model *model, const struct op_case *test, bool image)
{
	struct lite_operator *op;
	int x = lite_tensor(model, "x", LITE_F32, test->x_rank, test->x_dims, NULL), ids[4];

	model->inputs[0] = x;
	model->inputs[1] = -1;
	if (image)
		x = add_pool(model, test);
	for (int i = 0; i < test->num_inputs; i++) {
		const struct constant *c = &test->inputs[i];

		ids[i] = x;
		if (c->type != X)
			ids[i] = lite_tensor(model, "c", c->type, c->rank, c->dims, c->data);
	}
	op = lite_operator(model, test->code, ids[0], -1, -1, 0);
	op->num_inputs = test->num_inputs;
	op->num_outputs = test->parts;
	memcpy(op->inputs, ids, sizeof(ids));
	for (int i = 0; i < test->num_options; i++)
		lite_option(op, test->options[i].id, test->options[i].size, test->options[i].value);
	for (int i = 0; i < test->parts; i++) {
		op->outputs[i] =
			lite_tensor(model, "y", test->y_type, test->y_rank, test->y_dims, NULL);
		model->outputs[i] = op->outputs[i];
		model->outputs[i + 1] = -1;
	}
}

static void check_part(const struct op_case *test, struct edge_request *request, int part)
{
	struct edge_view view;
	int64_t count = 1;

	assert_int_equal(edge_request_output(request, part, &view), EDGE_OK);
	assert_int_equal(view.rank, test->y_rank);
	for (int i = 0; i < view.rank; i++) {
		assert_int_equal(view.dims[i], test->y_dims[i]);
		count *= view.dims[i];
	}
	for (int64_t i = 0; i < count; i++) {
		float expected = test->y[part * count + i];

		if (!(fabs(read_element(&view, i) - expected) <= 1e-5))
			fail_msg("%s: element %lld of part %d is %g, not %g", test->name,
				 (long long)i, part, read_element(&view, i), expected);
	}
}

static void run(const struct op_case *test, bool image)
{
	struct lite_model lite = { 0 };
	struct edge_error error = { 0 };
	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
	struct edge_model *model;
	struct lite_file file;
	struct edge_view input;

	describe(&lite, test, image);
	file = lite_write(&lite);
	if (edge_model_load_memory(file.data, file.size, test->name, NULL, &model, &error) ||
	    edge_compile(model, NULL, &program, &error) ||
	    edge_session_create(program, NULL, &session, &error) ||
	    edge_request_create(session, &request, &error))
		fail_msg("%s", error.message);
	edge_request_input(request, 0, &input);
	for (int64_t i = 0, at; i < 16; i++) {
		int64_t index = i;

		at = 0;
		for (int d = input.rank - 1; d >= 0; d--) {
			at += index % input.dims[d] * input.strides[d];
			index /= input.dims[d];
		}
		if (index)
			break;
		((float *)input.data)[at] = test->x[i];
	}
	assert_int_equal(edge_request_run(request, &error), EDGE_OK);
	for (int i = 0; i < test->parts; i++)
		check_part(test, request, i);
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
	edge_model_destroy(model);
	free(file.data);
}

static void operators(void **state)
{
	for (size_t i = 0; i < NUM_CASES; i++)
		run(&cases[i], false);
}

/* The same, where the input is kept in another order. */
static void operators_of_images(void **state)
{
	for (size_t i = 0; i < NUM_CASES; i++) {
		if (cases[i].x_rank == 4)
			run(&cases[i], true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators),
		cmocka_unit_test(operators_of_images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
