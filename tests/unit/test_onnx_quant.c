// SPDX-License-Identifier: MIT
/* Quantised operators of ONNX: what they become, what they compute, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/edge.h"
#include "import/model.h"
#include "onnx_model.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct edge_model *load(Onnx__ModelProto *proto)
{
	struct edge_error error = { 0 };
	struct edge_model *model;

	if (model_load(proto, NULL, &model, &error))
		fail_msg("%s", error.message);
	model_free(proto);
	return model;
}

static void refuse(Onnx__ModelProto *proto, enum edge_status status, const char *words)
{
	struct edge_error error = { 0 };
	struct edge_model *model;

	assert_int_equal(model_load(proto, NULL, &model, &error), status);
	if (!strstr(error.message, words))
		fail_msg("'%s' lacks '%s'", error.message, words);
	model_free(proto);
}

/* The first node of @op. */
static const struct edge_node *find(struct edge_model *model, enum edge_op op)
{
	const struct edge_graph *graph = model->graph;

	for (int i = 0; i < graph->num_nodes; i++) {
		if (graph->nodes[i]->op == op)
			return graph->nodes[i];
	}
	fail_msg("no %s", edge_op_info(op)->name);
	return NULL;
}

static void assert_quant(const struct edge_tensor *tensor, float scale, int zero_point)
{
	assert_non_null(tensor->quant);
	assert_int_equal(tensor->quant->axis, -1);
	assert_true(tensor->quant->scales[0] == scale);
	assert_int_equal(tensor->quant->zero_points[0], zero_point);
}

/* Copies between a buffer that is dense and a view that need not be. */
static void copy(const struct edge_view *view, void *dense, bool out)
{
	const size_t size = edge_type_size(view->type);
	int64_t index[EDGE_MAX_RANK] = { 0 }, count = 1;

	for (int i = 0; i < view->rank; i++)
		count *= view->dims[i];
	for (int64_t i = 0; i < count; i++) {
		char *element = view->data, *other = (char *)dense + i * size;

		for (int d = 0; d < view->rank; d++)
			element += index[d] * view->strides[d] * size;
		memcpy(out ? other : element, out ? element : other, size);
		for (int d = view->rank - 1; d >= 0 && ++index[d] == view->dims[d]; d--)
			index[d] = 0;
	}
}

/* Compiles @model and runs it; its inputs and outputs in their order, NULL ends each list. */
static void run(struct edge_model *model, const void *const *inputs, void *const *outputs)
{
	struct edge_session_settings settings;
	struct edge_program *program = NULL;
	struct edge_session *session = NULL;
	struct edge_request *request = NULL;
	struct edge_error error = { 0 };
	struct edge_view view;

	edge_session_settings_default(&settings);
	settings.threads = 1;
	if (edge_compile(model, NULL, &program, &error) ||
	    edge_session_create(program, &settings, &session, &error) ||
	    edge_request_create(session, &request, &error))
		fail_msg("%s", error.message);
	for (int i = 0; inputs[i]; i++) {
		assert_int_equal(edge_request_input(request, i, &view), EDGE_OK);
		copy(&view, (void *)inputs[i], false);
	}
	assert_int_equal(edge_request_run(request, &error), EDGE_OK);
	for (int i = 0; outputs[i]; i++) {
		assert_int_equal(edge_request_output(request, i, &view), EDGE_OK);
		copy(&view, outputs[i], true);
	}
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
	edge_model_destroy(model);
}

/* One scale "NAMEs" and zero point "NAMEz" as constants. */
static void pair(Onnx__ModelProto *proto, const char *name, float scale, int type, int32_t zero)
{
	char text[32];

	snprintf(text, sizeof(text), "%ss", name);
	model_floats(proto, text, NONE, &scale);
	snprintf(text, sizeof(text), "%sz", name);
	model_numbers(proto, text, type, NONE, &zero);
}

/* The same as inputs of the graph. */
static void open_pair(Onnx__ModelProto *proto, const char *name, int type)
{
	char text[32];

	snprintf(text, sizeof(text), "%ss", name);
	model_input(proto, text, FLOAT, NONE);
	snprintf(text, sizeof(text), "%sz", name);
	model_input(proto, text, type, NONE);
}

static Onnx__NodeProto *microsoft(Onnx__ModelProto *proto, const char *op, const char *inputs)
{
	Onnx__NodeProto *node = model_node(proto, op, inputs, "y");

	node_domain(node, "com.microsoft");
	return node;
}

static uint8_t to_u8(float value, int zero)
{
	const float stored = nearbyintf(value) + zero;

	return stored < 0 ? 0 : stored > 255 ? 255 : (uint8_t)stored;
}

/* What they become. ------------------------------------------------------------------------------ */

static void scales_become_quantisation(void **state)
{
	Onnx__ModelProto *proto = model_new(13);
	const struct edge_node *conv;
	struct edge_model *model;

	model_input(proto, "x", UINT8, LIST(1, 2, 4, 4));
	pair(proto, "x", 0.5f, UINT8, 7);
	model_numbers(proto, "w", INT8, LIST(3, 2, 1, 1), (int32_t[]) { 1, -2, 3, -4, 5, -6 });
	model_floats(proto, "ws", LIST(3), (float[]) { 1, 2, 4 });
	model_numbers(proto, "wz", INT8, LIST(3), (int32_t[]) { 0, 1, -1 });
	model_numbers(proto, "b", INT32, LIST(3), (int32_t[]) { 100, -200, 300 });
	pair(proto, "y", 2, INT8, -3);
	model_node(proto, "QLinearConv", "x xs xz w ws wz ys yz b", "y");
	model_output(proto, "y", INT8, LIST(1, 3, 4, 4));
	model = load(proto);

	assert_int_equal(model->graph->num_nodes, 1);
	conv = find(model, EDGE_OP_CONV);
	assert_int_equal(conv->rounding, EDGE_ROUND_FLOAT);
	assert_quant(conv->inputs[0], 0.5f, 7);
	assert_quant(conv->outputs[0], 2, -3);
	assert_int_equal(conv->outputs[0]->type, EDGE_I8);
	assert_int_equal(conv->inputs[1]->type, EDGE_I8);
	assert_memory_equal(conv->inputs[1]->data, ((int8_t[]) { 1, -2, 3, -4, 5, -6 }), 6);
	assert_int_equal(conv->inputs[1]->quant->axis, 0);
	assert_int_equal(conv->inputs[1]->quant->count, 3);
	assert_true(conv->inputs[1]->quant->scales[2] == 4);
	assert_int_equal(conv->inputs[1]->quant->zero_points[2], -1);
	assert_int_equal(((const int32_t *)conv->inputs[2]->data)[1], -200);
	edge_model_destroy(model);
}

/* Small weights too: folded they would be floats. */
static void quantised_weights_stay(void **state)
{
	Onnx__ModelProto *proto = model_new(13);
	const struct edge_node *dequantize;
	struct edge_model *model;

	model_input(proto, "x", FLOAT, LIST(1, 1, 3, 3));
	model_numbers(proto, "w", INT8, LIST(2, 1, 1, 1), (int32_t[]) { 3, -5 });
	model_floats(proto, "ws", LIST(2), (float[]) { 0.5f, 0.25f });
	node_int(model_node(proto, "DequantizeLinear", "w ws", "wf"), "axis", 0);
	model_node(proto, "Conv", "x wf", "y");
	model_output(proto, "y", FLOAT, LIST(1, 2, 3, 3));
	model = load(proto);
	dequantize = find(model, EDGE_OP_DEQUANTIZE);
	assert_int_equal(dequantize->inputs[0]->quant->axis, 0);
	assert_true(dequantize->inputs[0]->quant->scales[1] == 0.25f);
	edge_model_destroy(model);
}

/* What they compute. ----------------------------------------------------------------------------- */

static void bytes_may_have_two_meanings(void **state)
{
	static const uint8_t x[] = { 0, 3, 10, 255 };
	Onnx__ModelProto *proto = model_new(13);
	float a[4], b[4], c[4];

	model_input(proto, "x", UINT8, LIST(4));
	pair(proto, "a", 0.5f, UINT8, 3);
	pair(proto, "b", 2, UINT8, 10);
	model_node(proto, "DequantizeLinear", "x as az", "a");
	model_node(proto, "DequantizeLinear", "x bs bz", "b");
	node_int(model_node(proto, "Cast", "x", "c"), "to", FLOAT);
	model_output(proto, "a", FLOAT, LIST(4));
	model_output(proto, "b", FLOAT, LIST(4));
	model_output(proto, "c", FLOAT, LIST(4));
	run(load(proto), (const void *[]) { x, NULL }, (void *[]) { a, b, c, NULL });
	for (int i = 0; i < 4; i++) {
		assert_true(a[i] == (x[i] - 3) * 0.5f);
		assert_true(b[i] == (x[i] - 10) * 2.0f);
		assert_true(c[i] == x[i]);
	}
}

/* Other operators read the integers, which have the sign that the file gives them. */
static void signed_bytes_are_read_as_they_are(void **state)
{
	static const float x[] = { -3, 0.5f, 40, -100 };
	Onnx__ModelProto *proto = model_new(14);
	int8_t q[4], twice[4];
	float cast[4], y[4];
	int32_t sums[1];

	model_input(proto, "x", FLOAT, LIST(1, 4));
	pair(proto, "q", 0.5f, INT8, -10);
	model_numbers(proto, "ones", INT8, LIST(4, 1), (int32_t[]) { 1, 1, 1, 1 });
	model_node(proto, "QuantizeLinear", "x qs qz", "q");
	model_node(proto, "DequantizeLinear", "q qs qz", "y");
	node_int(model_node(proto, "Cast", "q", "cast"), "to", FLOAT);
	model_node(proto, "Max", "q q", "twice");
	model_node(proto, "MatMulInteger", "q ones", "sums");
	model_output(proto, "q", INT8, LIST(1, 4));
	model_output(proto, "y", FLOAT, LIST(1, 4));
	model_output(proto, "cast", FLOAT, LIST(1, 4));
	model_output(proto, "twice", INT8, LIST(1, 4));
	model_output(proto, "sums", INT32, LIST(1, 1));
	run(load(proto), (const void *[]) { x, NULL },
	    (void *[]) { q, y, cast, twice, sums, NULL });
	assert_memory_equal(q, ((int8_t[]) { -16, -9, 70, -128 }), 4);
	assert_memory_equal(y, ((float[]) { -3, 0.5f, 40, -59 }), sizeof(y));
	assert_memory_equal(cast, ((float[]) { -16, -9, 70, -128 }), sizeof(cast));
	assert_memory_equal(twice, q, 4);
	assert_int_equal(sums[0], -83);
}

/* So may constants, and a zero point is no padding. */
static void constants_may_have_two_meanings(void **state)
{
	static const float x[] = { 1 };
	Onnx__ModelProto *proto = model_new(13);
	float a[4], b[2];

	model_input(proto, "x", FLOAT, LIST(1));
	model_numbers(proto, "k", INT8, LIST(2), (int32_t[]) { 5, -7 });
	model_ints(proto, "pads", LIST(1, 1));
	pair(proto, "a", 0.5f, INT8, 3);
	pair(proto, "b", 2, INT8, -1);
	model_node(proto, "DequantizeLinear", "k bs bz", "kb");
	model_node(proto, "Mul", "kb x", "b");
	model_node(proto, "DequantizeLinear", "k as az", "ka");
	model_node(proto, "Mul", "ka x", "ax");
	model_node(proto, "QuantizeLinear", "ax as az", "aq");
	model_node(proto, "Pad", "aq pads", "ap");
	model_node(proto, "DequantizeLinear", "ap as az", "a");
	model_output(proto, "a", FLOAT, LIST(4));
	model_output(proto, "b", FLOAT, LIST(2));
	run(load(proto), (const void *[]) { x, NULL }, (void *[]) { a, b, NULL });
	assert_memory_equal(a, ((float[]) { -1.5f, 1, -5, -1.5f }), sizeof(a));
	assert_memory_equal(b, ((float[]) { 12, -12 }), sizeof(b));
}

static void integers_of_two_scales_are_joined(void **state)
{
	static const float x[] = { 1, -2 };
	Onnx__ModelProto *proto = model_new(13);
	uint8_t y[4];

	model_input(proto, "x", FLOAT, LIST(2));
	pair(proto, "a", 0.5f, UINT8, 30);
	pair(proto, "b", 0.25f, UINT8, 100);
	model_node(proto, "QuantizeLinear", "x as az", "a");
	model_node(proto, "QuantizeLinear", "x bs bz", "b");
	node_int(model_node(proto, "Concat", "a b", "y"), "axis", 0);
	model_output(proto, "y", UINT8, LIST(4));
	run(load(proto), (const void *[]) { x, NULL }, (void *[]) { y, NULL });
	assert_memory_equal(y, ((uint8_t[]) { 32, 26, 104, 92 }), 4);
}

/* Ties go to even, what is beyond the type to its end; by constants and by inputs. */
static void quantizing_rounds_and_saturates(void **state)
{
	static const float x[] = { 0.25f, 0.75f, 1.25f, -0.25f, 1000, -1000 };
	static const int8_t expected[] = { 5, 7, 7, 5, 127, -128 };
	static const float scale = 0.5f;
	static const int8_t zero = 5;

	for (int is_open = 0; is_open < 2; is_open++) {
		const void *inputs[] = { x, is_open ? &scale : NULL, &zero, NULL };
		Onnx__ModelProto *proto = model_new(13);
		int8_t y[6];

		model_input(proto, "x", FLOAT, LIST(6));
		if (is_open)
			open_pair(proto, "y", INT8);
		else
			pair(proto, "y", scale, INT8, zero);
		model_node(proto, "QuantizeLinear", "x ys yz", "y");
		model_output(proto, "y", INT8, LIST(6));
		run(load(proto), inputs, (void *[]) { y, NULL });
		assert_memory_equal(y, expected, 6);
	}
}

#define ROWS 3
#define COLUMNS 2
#define TERMS 900

/* Sums beyond what f32 holds exactly, zero points of rows and columns from constants or inputs. */
static void integer_matrices_are_exact(void **state)
{
	static const uint8_t a_zero[ROWS] = { 0, 100, 255 };
	static const int8_t b_zero[COLUMNS] = { -128, 127 };
	static uint8_t a[ROWS * TERMS];
	static int8_t b[TERMS * COLUMNS];
	int32_t y[ROWS * COLUMNS];

	for (int i = 0; i < ROWS * TERMS; i++)
		a[i] = i % 7 ? 255 : i;
	for (int i = 0; i < TERMS * COLUMNS; i++)
		b[i] = i % 5 ? 126 : i;
	for (int mask = 0; mask < 4; mask++) {
		const void *inputs[5] = { a, b };
		Onnx__ModelProto *proto = model_new(13);
		int count = 2;

		model_input(proto, "a", UINT8, LIST(ROWS, TERMS));
		model_input(proto, "b", INT8, LIST(TERMS, COLUMNS));
		if (mask & 1) {
			model_input(proto, "az", UINT8, LIST(ROWS));
			inputs[count++] = a_zero;
		} else {
			model_numbers(proto, "az", UINT8, LIST(ROWS), (int32_t[]) { 0, 100, 255 });
		}
		if (mask & 2) {
			model_input(proto, "bz", INT8, LIST(COLUMNS));
			inputs[count++] = b_zero;
		} else {
			model_numbers(proto, "bz", INT8, LIST(COLUMNS), (int32_t[]) { -128, 127 });
		}
		model_node(proto, "MatMulInteger", "a b az bz", "y");
		model_output(proto, "y", INT32, LIST(ROWS, COLUMNS));
		run(load(proto), inputs, (void *[]) { y, NULL });
		for (int i = 0; i < ROWS * COLUMNS; i++) {
			const int m = i / COLUMNS, n = i % COLUMNS;
			int32_t sum = 0;

			for (int k = 0; k < TERMS; k++)
				sum += (a[m * TERMS + k] - a_zero[m]) *
				       (b[k * COLUMNS + n] - b_zero[n]);
			assert_int_equal(y[i], sum);
		}
	}
}

#define SIDE 5

/* One output of a 3x3 convolution with a border of one, in which there is nothing to add. */
static int32_t convolve(const uint8_t *x, int x_zero, const uint8_t *w, int w_zero, int row,
			int column)
{
	int32_t sum = 0;

	for (int i = 0; i < 9; i++) {
		const int r = row + i / 3 - 1, c = column + i % 3 - 1;

		if (r >= 0 && r < SIDE && c >= 0 && c < SIDE)
			sum += (x[r * SIDE + c] - x_zero) * (w[i] - w_zero);
	}
	return sum;
}

/* By inputs and by constants, of u8 weights: 9 bits of difference. */
static void convolutions_pad_with_nothing(void **state)
{
	static const float scales[] = { 0.02f, 0.01f, 0.3f };
	static const uint8_t zeros[] = { 131, 77, 60 };
	static uint8_t x[SIDE * SIDE], w[9];
	const float multiplier = scales[0] * scales[1] / scales[2];

	for (int i = 0; i < SIDE * SIDE; i++)
		x[i] = i * 37;
	for (int i = 0; i < 9; i++)
		w[i] = i * 31;
	for (int is_open = 0; is_open < 2; is_open++) {
		const void *inputs[] = { x,	    w,		&scales[0], &zeros[0], &scales[1],
					 &zeros[1], &scales[2], &zeros[2],  NULL };
		Onnx__ModelProto *proto = model_new(13);
		uint8_t y[SIDE * SIDE];

		model_input(proto, "x", UINT8, LIST(1, 1, SIDE, SIDE));
		model_input(proto, "w", UINT8, LIST(1, 1, 3, 3));
		for (int i = 0; i < 3; i++) {
			const char name[] = { "xwy"[i], 0 };

			if (is_open)
				open_pair(proto, name, UINT8);
			else
				pair(proto, name, scales[i], UINT8, zeros[i]);
		}
		inputs[is_open ? 8 : 2] = NULL;
		node_ints(model_node(proto, "QLinearConv", "x xs xz w ws wz ys yz", "y"), "pads",
			  LIST(1, 1, 1, 1));
		model_output(proto, "y", UINT8, LIST(1, 1, SIDE, SIDE));
		run(load(proto), inputs, (void *[]) { y, NULL });
		for (int i = 0; i < SIDE * SIDE; i++) {
			const int32_t sum = convolve(x, zeros[0], w, zeros[1], i / SIDE, i % SIDE);

			assert_int_equal(y[i], to_u8((float)sum * multiplier, zeros[2]));
		}
	}
}

/* All zeroes have no scale, but no result of theirs is anything but zero. */
static void zeroes_are_quantised_dynamically(void **state)
{
	static const float x[3];
	Onnx__ModelProto *proto = model_new(13);
	float y[3] = { 1, 1, 1 };

	model_input(proto, "x", FLOAT, LIST(3));
	model_node(proto, "DynamicQuantizeLinear", "x", "q s z");
	model_node(proto, "DequantizeLinear", "q s z", "y");
	model_output(proto, "y", FLOAT, LIST(3));
	run(load(proto), (const void *[]) { x, NULL }, (void *[]) { y, NULL });
	assert_memory_equal(y, x, sizeof(y));
}

/* ONNX Runtime's operators. ---------------------------------------------------------------------- */

static void sums_and_products(void **state)
{
	static const uint8_t a[] = { 0, 10, 20, 128, 255, 254 };
	static const uint8_t b[] = { 50, 0, 255, 128, 255, 1 };

	for (int is_product = 0; is_product < 2; is_product++) {
		Onnx__ModelProto *proto = model_new(13);
		uint8_t y[6];

		model_input(proto, "a", UINT8, LIST(6));
		model_input(proto, "b", UINT8, LIST(6));
		pair(proto, "a", 0.5f, UINT8, 20);
		pair(proto, "b", 0.25f, UINT8, 0);
		pair(proto, "y", 2, UINT8, 9);
		microsoft(proto, is_product ? "QLinearMul" : "QLinearAdd", "a as az b bs - ys yz");
		model_output(proto, "y", UINT8, LIST(6));
		run(load(proto), (const void *[]) { a, b, NULL }, (void *[]) { y, NULL });
		for (int i = 0; i < 6; i++) {
			const float p = (a[i] - 20) * 0.5f, q = b[i] * 0.25f;

			assert_int_equal(y[i], to_u8((is_product ? p * q : p + q) / 2, 9));
		}
	}
}

static void functions_of_bytes(void **state)
{
	static uint8_t x[256];

	for (int i = 0; i < 256; i++)
		x[i] = i;
	for (int is_sigmoid = 0; is_sigmoid < 2; is_sigmoid++) {
		const float scale = is_sigmoid ? 1 / 256.0f : 0.0625f;
		Onnx__ModelProto *proto = model_new(13);
		Onnx__NodeProto *node;
		uint8_t y[256];

		model_input(proto, "x", UINT8, LIST(256));
		pair(proto, "x", 0.0625f, UINT8, 128);
		pair(proto, "y", scale, UINT8, is_sigmoid ? 0 : 30);
		node = microsoft(proto, is_sigmoid ? "QLinearSigmoid" : "QLinearLeakyRelu",
				 "x xs xz ys yz");
		if (!is_sigmoid)
			node_float(node, "alpha", 0.25f);
		model_output(proto, "y", UINT8, LIST(256));
		run(load(proto), (const void *[]) { x, NULL }, (void *[]) { y, NULL });
		for (int i = 0; i < 256; i++) {
			const float real = (i - 128) * 0.0625f;

			if (is_sigmoid)
				assert_int_equal(y[i], to_u8(256 / (1 + expf(-real)), 0));
			else
				assert_int_equal(y[i],
						 to_u8((real < 0 ? real / 4 : real) / scale, 30));
		}
	}
}

static void parts_of_other_scales(void **state)
{
	static const uint8_t a[] = { 0, 100 }, b[] = { 7, 200 };
	Onnx__ModelProto *proto = model_new(13);
	uint8_t y[4];

	model_input(proto, "a", UINT8, LIST(1, 2));
	model_input(proto, "b", UINT8, LIST(1, 2));
	pair(proto, "a", 0.5f, UINT8, 10);
	pair(proto, "b", 1, UINT8, 20);
	pair(proto, "y", 0.5f, UINT8, 10);
	node_int(microsoft(proto, "QLinearConcat", "ys yz a as az b bs bz"), "axis", 1);
	model_output(proto, "y", UINT8, LIST(1, 4));
	run(load(proto), (const void *[]) { a, b, NULL }, (void *[]) { y, NULL });
	assert_memory_equal(y, ((uint8_t[]) { 0, 100, 0, 255 }), 4);
}

static void averages(void **state)
{
	static const uint8_t x[] = { 10, 20, 30, 41, 0, 0, 3, 5 };

	for (int is_global = 0; is_global < 2; is_global++) {
		Onnx__ModelProto *proto = model_new(13);
		Onnx__NodeProto *node;
		uint8_t y[2];

		model_input(proto, "x", UINT8, LIST(1, 2, 2, 2));
		pair(proto, "x", 0.5f, UINT8, 4);
		pair(proto, "y", 0.25f, UINT8, 100);
		node = microsoft(proto,
				 is_global ? "QLinearGlobalAveragePool" : "QLinearAveragePool",
				 "x xs xz ys yz");
		if (is_global)
			node_int(node, "channels_last", 0);
		else
			node_ints(node, "kernel_shape", LIST(2, 2));
		model_output(proto, "y", UINT8, LIST(1, 2, 1, 1));
		run(load(proto), (const void *[]) { x, NULL }, (void *[]) { y, NULL });
		assert_int_equal(y[0], 142); /* 85 / 4 * 2 = 42.5, to even */
		assert_int_equal(y[1], 96); /* -8 / 4 * 2 */
	}
}

/* A transposed factor, a bias, a factor alpha, and a result in reals. */
static void gemm_to_reals(void **state)
{
	static const uint8_t a[] = { 1, 2, 3, 4, 5, 6 };
	Onnx__ModelProto *proto = model_new(13);
	Onnx__NodeProto *node;
	float y[4];

	model_input(proto, "a", UINT8, LIST(2, 3));
	pair(proto, "a", 0.5f, UINT8, 1);
	model_numbers(proto, "b", INT8, LIST(2, 3), (int32_t[]) { 1, -1, 2, 7, 8, 9 });
	model_floats(proto, "bs", LIST(2), (float[]) { 1, 2 });
	model_numbers(proto, "bz", INT8, LIST(2), (int32_t[]) { 0, 7 });
	model_numbers(proto, "c", INT32, LIST(2), (int32_t[]) { 10, -10 });
	node = microsoft(proto, "QGemm", "a as az b bs bz c");
	node_int(node, "transB", 1);
	node_float(node, "alpha", 3);
	model_output(proto, "y", FLOAT, LIST(2, 2));
	run(load(proto), (const void *[]) { a, NULL }, (void *[]) { y, NULL });
	/* (0 - 1 + 4 + 10) * 1.5, (0 + 1 + 4 - 10) * 3, ... */
	assert_memory_equal(y, ((float[]) { 19.5f, -15, 28.5f, 12 }), sizeof(y));
}

static void softmax(void **state)
{
	static const uint8_t x[] = { 128, 138, 148, 0 };
	Onnx__ModelProto *proto = model_new(13);
	Onnx__NodeProto *node;
	float sum = 0;
	uint8_t y[4];

	model_input(proto, "x", UINT8, LIST(1, 4));
	pair(proto, "x", 0.1f, UINT8, 128);
	pair(proto, "y", 1 / 256.0f, UINT8, 0);
	node = microsoft(proto, "QLinearSoftmax", "x xs xz ys yz");
	node_int(node, "opset", 13);
	node_int(node, "axis", -1);
	model_output(proto, "y", UINT8, LIST(1, 4));
	run(load(proto), (const void *[]) { x, NULL }, (void *[]) { y, NULL });
	for (int i = 0; i < 4; i++)
		sum += expf((x[i] - 128) * 0.1f);
	for (int i = 0; i < 4; i++)
		assert_int_equal(y[i], to_u8(256 * expf((x[i] - 128) * 0.1f) / sum, 0));
}

/* What is refused. ------------------------------------------------------------------------------- */

/* x[2, 3] f32 -> QuantizeLinear, with the inputs that the caller adds. */
static Onnx__ModelProto *quantize_model(const char *inputs)
{
	Onnx__ModelProto *proto = model_new(21);

	model_input(proto, "x", FLOAT, LIST(2, 3));
	model_node(proto, "QuantizeLinear", inputs, "y");
	model_output(proto, "y", UINT8, LIST(2, 3));
	return proto;
}

static void scales_that_are_none(void **state)
{
	static const float scales[] = { 0, -1, NAN, INFINITY };

	for (size_t i = 0; i < COUNT(scales); i++) {
		Onnx__ModelProto *proto = quantize_model("x s");

		model_floats(proto, "s", NONE, &scales[i]);
		refuse(proto, EDGE_BAD_FORMAT, "no positive number; quantise the model again");
		proto = quantize_model("x s z");
		model_floats(proto, "s", LIST(3), (float[]) { 1, 1, scales[i] });
		model_input(proto, "z", INT8, LIST(3));
		refuse(proto, EDGE_BAD_FORMAT, "no positive number; quantise the model again");
	}
}

static void scales_that_do_not_fit(void **state)
{
	Onnx__ModelProto *proto = quantize_model("x");

	refuse(proto, EDGE_BAD_FORMAT, "has 1 inputs");
	proto = quantize_model("x -");
	refuse(proto, EDGE_BAD_FORMAT, "input 1 is missing");
	proto = quantize_model("x s");
	model_floats(proto, "s", LIST(2), (float[]) { 1, 1 });
	refuse(proto, EDGE_BAD_FORMAT, "has 2 entries instead of 3");
	proto = quantize_model("x s");
	model_floats(proto, "s", LIST(0), NULL);
	refuse(proto, EDGE_BAD_FORMAT, "has 0 entries");
	proto = quantize_model("x s");
	model_floats(proto, "s", LIST(1, 3), (float[]) { 1, 1, 1 });
	refuse(proto, EDGE_UNSUPPORTED, "2 dimensions");
	proto = quantize_model("x s");
	model_input(proto, "s", FLOAT, LIST(4));
	refuse(proto, EDGE_BAD_FORMAT, "has 4 entries instead of 3");
	proto = quantize_model("x s");
	model_numbers(proto, "s", INT32, NONE, (int32_t[]) { 1 });
	refuse(proto, EDGE_BAD_FORMAT, "its scale 's' is i32 and not float");
}

static void axes_that_are_none(void **state)
{
	for (int axis = -3; axis < 3; axis += 5) {
		Onnx__ModelProto *proto = quantize_model("x s");

		model_floats(proto, "s", LIST(3), (float[]) { 1, 1, 1 });
		node_int(proto->graph->node[0], "axis", axis);
		refuse(proto, EDGE_BAD_FORMAT, "does not exist in a tensor of 2");
	}
}

static void blocks(void **state)
{
	Onnx__ModelProto *proto = quantize_model("x s");

	model_floats(proto, "s", LIST(3), (float[]) { 1, 1, 1 });
	node_int(proto->graph->node[0], "block_size", 2);
	refuse(proto, EDGE_UNSUPPORTED, "scales for blocks");
}

static void zero_points_that_do_not_fit(void **state)
{
	Onnx__ModelProto *proto = quantize_model("x s z");

	model_floats(proto, "s", LIST(3), (float[]) { 1, 1, 1 });
	model_numbers(proto, "z", UINT8, LIST(2), (int32_t[]) { 1, 1 });
	refuse(proto, EDGE_BAD_FORMAT, "zero point 'z' has 2 entries instead of 3");
	proto = quantize_model("x s z");
	model_floats(proto, "s", NONE, (float[]) { 1 });
	model_ints(proto, "z", LIST(1));
	refuse(proto, EDGE_UNSUPPORTED, "a result of type i64");
	proto = model_new(13);
	model_input(proto, "x", UINT8, LIST(2));
	pair(proto, "x", 1, INT8, 0);
	model_node(proto, "DequantizeLinear", "x xs xz", "y");
	model_output(proto, "y", FLOAT, LIST(2));
	refuse(proto, EDGE_BAD_FORMAT, "zero point 'xz' is i8, and what it is for u8");
}

static void factors_that_are_no_bytes(void **state)
{
	Onnx__ModelProto *proto = model_new(13);

	model_input(proto, "x", FLOAT, LIST(1, 1, 3, 3));
	model_numbers(proto, "w", INT8, LIST(1, 1, 1, 1), (int32_t[]) { 1 });
	model_node(proto, "ConvInteger", "x w", "y");
	model_output(proto, "y", INT32, LIST(1, 1, 3, 3));
	refuse(proto, EDGE_BAD_FORMAT, "its input 'x' is f32, and not uint8 or int8");
	proto = model_new(13);
	model_input(proto, "x", UINT8, LIST(1, 1, 3, 3));
	pair(proto, "x", 1, UINT8, 0);
	model_floats(proto, "w", LIST(1, 1, 1, 1), (float[]) { 1 });
	model_node(proto, "QLinearConv", "x xs xz w xs xz xs xz", "y");
	model_output(proto, "y", UINT8, LIST(1, 1, 3, 3));
	refuse(proto, EDGE_BAD_FORMAT, "its input 'w' is f32, and not uint8 or int8");
}

static void channels_last(void **state)
{
	Onnx__ModelProto *proto = model_new(13);

	model_input(proto, "x", UINT8, LIST(1, 3, 3, 1));
	pair(proto, "x", 1, UINT8, 0);
	node_int(microsoft(proto, "QLinearGlobalAveragePool", "x xs xz xs xz"), "channels_last", 1);
	model_output(proto, "y", UINT8, LIST(1, 1, 1, 1));
	refuse(proto, EDGE_UNSUPPORTED, "channels last");
}

static void operators_of_other_domains(void **state)
{
	Onnx__ModelProto *proto = model_new(13);

	model_input(proto, "x", UINT8, LIST(1, 3));
	microsoft(proto, "QLinearReduceMean", "x x x x x");
	node_domain(model_node(proto, "QLinearAdd", "x", "z"), "example");
	model_node(proto, "com.microsoft:QLinearAdd", "x x x x x x x", "v");
	model_output(proto, "y", UINT8, LIST(1, 3));
	refuse(proto, EDGE_UNSUPPORTED,
	       "com.microsoft:QLinearReduceMean (node 'n0'), example:QLinearAdd (node 'n1'), "
	       "com.microsoft:QLinearAdd (node 'n2')");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scales_become_quantisation),
		cmocka_unit_test(quantised_weights_stay),
		cmocka_unit_test(bytes_may_have_two_meanings),
		cmocka_unit_test(signed_bytes_are_read_as_they_are),
		cmocka_unit_test(constants_may_have_two_meanings),
		cmocka_unit_test(integers_of_two_scales_are_joined),
		cmocka_unit_test(quantizing_rounds_and_saturates),
		cmocka_unit_test(integer_matrices_are_exact),
		cmocka_unit_test(convolutions_pad_with_nothing),
		cmocka_unit_test(zeroes_are_quantised_dynamically),
		cmocka_unit_test(sums_and_products),
		cmocka_unit_test(functions_of_bytes),
		cmocka_unit_test(parts_of_other_scales),
		cmocka_unit_test(averages),
		cmocka_unit_test(gemm_to_reals),
		cmocka_unit_test(softmax),
		cmocka_unit_test(scales_that_are_none),
		cmocka_unit_test(scales_that_do_not_fit),
		cmocka_unit_test(axes_that_are_none),
		cmocka_unit_test(blocks),
		cmocka_unit_test(zero_points_that_do_not_fit),
		cmocka_unit_test(factors_that_are_no_bytes),
		cmocka_unit_test(channels_last),
		cmocka_unit_test(operators_of_other_domains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
