// SPDX-License-Identifier: MIT
/*
 * Operators in the forms that they had in older opsets, and got in newer ones, than those of ONNX's
 * own test suite. The expected values are worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "onnx_model.h"

#define VALUES(...) \
	(int)(sizeof((float[]) { __VA_ARGS__ }) / sizeof(float)), (const float[]) \
	{ \
		__VA_ARGS__ \
	}

static struct edge_program *compile(Onnx__ModelProto *proto)
{
	struct edge_error error = { 0 };
	struct edge_program *program;
	struct edge_model *model;

	if (model_load(proto, NULL, &model, &error))
		fail_msg("%s", error.message);
	if (edge_compile(model, NULL, &program, &error))
		fail_msg("%s", error.message);
	edge_model_destroy(model);
	model_free(proto);
	return program;
}

/* Runs the model with 1, 2, 3, ... as its input; its first output is to be @expected. */
static void expect(Onnx__ModelProto *proto, int count, const float *expected)
{
	struct edge_program *program = compile(proto);
	struct edge_error error = { 0 };
	struct edge_session *session;
	struct edge_request *request;
	struct edge_view view;
	int64_t elements = 1;

	assert_int_equal(edge_session_create(program, NULL, &session, &error), EDGE_OK);
	assert_int_equal(edge_request_create(session, &request, &error), EDGE_OK);
	assert_int_equal(edge_request_input(request, 0, &view), EDGE_OK);
	for (int i = 0; i < view.rank; i++)
		elements *= view.dims[i];
	for (int64_t i = 0; i < elements; i++)
		((float *)view.data)[i] = i + 1;
	assert_int_equal(edge_request_run(request, &error), EDGE_OK);
	assert_int_equal(edge_request_output(request, 0, &view), EDGE_OK);
	elements = 1;
	for (int i = 0; i < view.rank; i++)
		elements *= view.dims[i];
	assert_int_equal(elements, count);
	for (int i = 0; i < count; i++)
		assert_float_equal(((const float *)view.data)[i], expected[i], 1e-5);
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
}

/* A model of one node that reads x and gives y. */
static Onnx__ModelProto *model_of(int opset, const char *op, const char *inputs, int rank,
				  const int64_t *dims, Onnx__NodeProto **node)
{
	const bool splits = !strcmp(op, "Split");
	Onnx__ModelProto *proto = model_new(opset);

	model_input(proto, "x", FLOAT, rank, dims);
	*node = model_node(proto, op, inputs, splits ? "head y" : "y");
	model_output(proto, "y", FLOAT, NONE);
	return proto;
}

static void softmax(void **state)
{
	const float e = 2.7182818f;
	Onnx__NodeProto *node;
	float sum = 1 + e + e * e + e * e * e;

	/* All dimensions behind the first are one. */
	expect(model_of(11, "Softmax", "x", LIST(1, 2, 2), &node),
	       VALUES(1 / sum, e / sum, e * e / sum, e * e * e / sum));
	expect(model_of(13, "Softmax", "x", LIST(1, 2, 2), &node),
	       VALUES(1 / (1 + e), e / (1 + e), 1 / (1 + e), e / (1 + e)));
}

static void slice(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(9, "Slice", "x", LIST(2, 4), &node);

	node_ints(node, "starts", LIST(1, 1));
	node_ints(node, "ends", LIST(INT64_MAX, -1));
	node_ints(node, "axes", LIST(0, 1));
	expect(proto, VALUES(6, 7));
}

static void split(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(11, "Split", "x", LIST(4), &node);

	node_ints(node, "split", LIST(1, 3));
	expect(proto, VALUES(2, 3, 4));

	/* As equal as can be, the last one smaller. */
	proto = model_of(18, "Split", "x", LIST(5), &node);
	node_int(node, "num_outputs", 2);
	expect(proto, VALUES(4, 5));
}

static void pad(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(10, "Pad", "x", LIST(1, 2), &node);

	node_ints(node, "pads", LIST(0, 1, 0, 2));
	node_float(node, "value", 9);
	expect(proto, VALUES(9, 1, 2, 9, 9));

	proto = model_of(18, "Pad", "x pads - axes", LIST(1, 2), &node);
	model_ints(proto, "pads", LIST(1, 0));
	model_ints(proto, "axes", LIST(-1));
	expect(proto, VALUES(0, 1, 2));
}

static void clip(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(6, "Clip", "x", LIST(4), &node);
	const float limit = 3;

	node_float(node, "min", 2);
	expect(proto, VALUES(2, 2, 3, 4));

	proto = model_of(11, "Clip", "x - max", LIST(4), &node);
	model_floats(proto, "max", NONE, &limit);
	expect(proto, VALUES(1, 2, 3, 3));
}

static void resize(void **state)
{
	const float scales[] = { 1, 1, 1, 2 };
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(9, "Upsample", "x scales", LIST(1, 1, 1, 2), &node);

	model_floats(proto, "scales", LIST(4), scales);
	expect(proto, VALUES(1, 1, 2, 2));

	/* Positions 0, 0.5, 1 and 1.5 of the input. */
	proto = model_of(10, "Resize", "x scales", LIST(1, 1, 1, 2), &node);
	node_string(node, "mode", "linear");
	model_floats(proto, "scales", LIST(4), scales);
	expect(proto, VALUES(1, 1.5f, 2, 2));

	/* Positions -0.25, 0.25, 0.75 and 1.25. */
	proto = model_of(18, "Resize", "x - scales", LIST(1, 1, 1, 2), &node);
	node_string(node, "mode", "linear");
	node_ints(node, "axes", LIST(3));
	model_floats(proto, "scales", LIST(1), &scales[3]);
	expect(proto, VALUES(1, 1.25f, 1.75f, 2));
}

/* Positions 2/3, 2 and 10/3 of the input. */
static void resize_for_nearest_neighbours(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(11, "Resize", "x - - sizes", LIST(1, 1, 1, 4), &node);

	node_string(node, "coordinate_transformation_mode", "tf_half_pixel_for_nn");
	node_string(node, "nearest_mode", "floor");
	model_ints(proto, "sizes", LIST(1, 1, 1, 3));
	expect(proto, VALUES(1, 3, 4));

	proto = model_of(11, "Resize", "x - - sizes", LIST(1, 1, 1, 4), &node);
	node_string(node, "coordinate_transformation_mode", "tf_half_pixel_for_nn");
	model_ints(proto, "sizes", LIST(1, 1, 1, 3));
	expect(proto, VALUES(2, 3, 4));
}

static void top_k(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(9, "TopK", "x", LIST(4), &node);

	node_int(node, "k", 2);
	expect(proto, VALUES(4, 3));
}

static void dropout(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(7, "Dropout", "x", LIST(3), &node);

	node_float(node, "ratio", 0.5f);
	expect(proto, VALUES(1, 2, 3));
}

static void batch_normalization(void **state)
{
	const float scale = 2, bias = 1, mean = 3, variance = 4;
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto =
		model_of(7, "BatchNormalization", "x s b m v", LIST(1, 1, 3), &node);

	model_floats(proto, "s", LIST(1), &scale);
	model_floats(proto, "b", LIST(1), &bias);
	model_floats(proto, "m", LIST(1), &mean);
	model_floats(proto, "v", LIST(1), &variance);
	node_float(node, "epsilon", 0);
	node_float(node, "momentum", 0.9f);
	expect(proto, VALUES(-1, 0, 1));
}

static void reduce(void **state)
{
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(11, "ReduceSum", "x", LIST(2, 2), &node);

	node_ints(node, "axes", LIST(-1));
	node_int(node, "keepdims", 0);
	expect(proto, VALUES(3, 7));

	proto = model_of(18, "ReduceMean", "x axes", LIST(2, 2), &node);
	model_ints(proto, "axes", LIST(0));
	expect(proto, VALUES(2, 3));
}

/* Unsqueeze, Squeeze and a sum that broadcasts: [2] -> [1, 2, 1] -> [2, 1], with [2]. */
static void axes_of_shapes(void **state)
{
	Onnx__ModelProto *proto = model_new(11);

	model_input(proto, "x", FLOAT, LIST(2));
	node_ints(model_node(proto, "Unsqueeze", "x", "a"), "axes", LIST(0, -1));
	node_ints(model_node(proto, "Squeeze", "a", "b"), "axes", LIST(-3));
	model_node(proto, "Add", "b x", "y");
	model_output(proto, "y", FLOAT, NONE);
	expect(proto, VALUES(2, 3, 3, 4));
}

static void matmul_of_vectors(void **state)
{
	const float vector[] = { 1, 10 }, matrix[] = { 1, 2, 3, 4 };
	Onnx__NodeProto *node;
	Onnx__ModelProto *proto = model_of(13, "MatMul", "x v", LIST(2), &node);

	model_floats(proto, "v", LIST(2), vector);
	expect(proto, VALUES(21));
	proto = model_of(13, "MatMul", "x m", LIST(2), &node);
	model_floats(proto, "m", LIST(2, 2), matrix);
	expect(proto, VALUES(7, 10));
	proto = model_of(13, "MatMul", "x v", LIST(3, 2), &node);
	model_floats(proto, "v", LIST(2), vector);
	expect(proto, VALUES(21, 43, 65));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(softmax),
		cmocka_unit_test(slice),
		cmocka_unit_test(split),
		cmocka_unit_test(pad),
		cmocka_unit_test(clip),
		cmocka_unit_test(resize),
		cmocka_unit_test(resize_for_nearest_neighbours),
		cmocka_unit_test(top_k),
		cmocka_unit_test(dropout),
		cmocka_unit_test(batch_normalization),
		cmocka_unit_test(reduce),
		cmocka_unit_test(axes_of_shapes),
		cmocka_unit_test(matmul_of_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
