// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vision/origin.h"

/* Where bytes stand for scale * (stored - zero_point). */
struct pair {
	float scale;
	int32_t zero_point;
};

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

static float silu(float x)
{
	return x * sigmoid(x);
}

static float hard_swish(float x)
{
	return x * fminf(fmaxf(x / 6 + 0.5f, 0), 1);
}

static float exponential(float x)
{
	return expf(x);
}

static float square(float x)
{
	return x * x;
}

static struct edge_tensor *add_bytes(struct edge_graph *graph, enum edge_type type,
				     struct pair pair)
{
	const int64_t dims[] = { 1, 4, 2, 2 };
	struct edge_tensor *tensor = edge_graph_add_tensor(graph, NULL);

	edge_tensor_set_shape(tensor, type, 4, dims);
	assert_true(edge_tensor_set_quant(tensor, -1, 1, &pair.scale, &pair.zero_point));
	return tensor;
}

static void fill_table(struct edge_tensor *table, enum edge_type type, struct pair x, struct pair y,
		       float (*function)(float))
{
	int low = type == EDGE_I8 ? -128 : 0;

	for (int i = 0; i < 256; i++) {
		int stored = type == EDGE_I8 ? (int8_t)i : i;
		float real = function(x.scale * (stored - x.zero_point));
		float nearest = nearbyintf(real / y.scale) + y.zero_point;

		((uint8_t *)table->data)[i] = (uint8_t)(int)fminf(fmaxf(nearest, low), low + 255);
	}
}

/* A convolution of bytes, then @function as a table: part of it where @fused. */
static struct edge_graph *make_graph(enum edge_type type, struct pair x, struct pair y,
				     float (*function)(float), bool fused)
{
	const int64_t weight_dims[] = { 4, 4, 1, 1 }, table_dims[] = { 256 };
	struct edge_graph *graph = edge_graph_create("origin");
	struct edge_tensor *input = add_bytes(graph, type, x);
	struct edge_tensor *output = add_bytes(graph, type, y);
	struct edge_tensor *table = edge_graph_add_constant(graph, NULL, type, 1, table_dims, NULL);
	struct edge_node *conv = edge_graph_add_node(graph, EDGE_OP_CONV, NULL, fused ? 5 : 2, 1);
	struct edge_node *lookup;

	fill_table(table, type, x, y, function);
	edge_graph_add_input(graph, input);
	edge_node_set_input(conv, 0, input);
	edge_node_set_input(conv, 1,
			    edge_graph_add_constant(graph, NULL, EDGE_I8, 4, weight_dims, NULL));
	if (fused) {
		edge_node_set_input(conv, 4, table);
		conv->params.conv.table_scale = x.scale;
		conv->params.conv.table_zero_point = x.zero_point;
		edge_node_set_output(conv, 0, output);
	} else {
		edge_node_set_output(conv, 0, add_bytes(graph, type, x));
		lookup = edge_graph_add_node(graph, EDGE_OP_LOOKUP, NULL, 2, 1);
		edge_node_set_input(lookup, 0, conv->outputs[0]);
		edge_node_set_input(lookup, 1, table);
		edge_node_set_output(lookup, 0, output);
	}
	edge_graph_add_output(graph, output);
	return graph;
}

static void tables_are_told_by_their_values(void **state)
{
	static const struct {
		float (*function)(float);
		struct pair x, y; /* of u8 */
		unsigned int origin;
		enum edge_func activation;
	} cases[] = {
		{ sigmoid,
		  { 0.08f, 180 },
		  { 1 / 256.0f, 0 },
		  EDGE_ORIGIN_SIGMOID,
		  EDGE_FUNC_SIGMOID },
		/* What a model is calibrated to: never sure of anything. */
		{ sigmoid, { 0.05f, 220 }, { 0.0031f, 0 }, EDGE_ORIGIN_SIGMOID, EDGE_FUNC_SIGMOID },
		{ exponential, { 0.02f, 100 }, { 0.09f, 3 }, EDGE_ORIGIN_EXP, EDGE_FUNC_EXP },
		{ silu, { 0.05f, 128 }, { 0.026f, 11 }, EDGE_ORIGIN_WEIGHTS, EDGE_FUNC_SILU },
		{ hard_swish,
		  { 0.05f, 128 },
		  { 0.026f, 15 },
		  EDGE_ORIGIN_WEIGHTS,
		  EDGE_FUNC_HARD_SWISH },
		{ square, { 0.05f, 128 }, { 0.17f, 0 }, EDGE_ORIGIN_WEIGHTS, EDGE_FUNC_IDENTITY },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) * 4; i++) {
		enum edge_type type = i & 1 ? EDGE_I8 : EDGE_U8;
		int less = i & 1 ? 128 : 0;
		struct pair x = cases[i / 4].x, y = cases[i / 4].y;
		struct edge_graph *graph;
		unsigned int origin;

		x.zero_point -= less;
		y.zero_point -= less;
		graph = make_graph(type, x, y, cases[i / 4].function, i & 2);
		assert_int_equal(edge_origins(graph, &origin, NULL), EDGE_OK);
		assert_int_equal(origin, cases[i / 4].origin);
		assert_int_equal(edge_main_activation(graph), cases[i / 4].activation);
		edge_graph_destroy(graph);
	}
}

static struct edge_tensor *add_floats(struct edge_graph *graph, int64_t rows, int64_t columns)
{
	const int64_t dims[] = { 1, rows, columns };
	struct edge_tensor *tensor = edge_graph_add_tensor(graph, NULL);

	edge_tensor_set_shape(tensor, EDGE_F32, 3, dims);
	return tensor;
}

/* By the operator that makes them, in whatever order and behind whatever copy they are. */
static void outputs_of_a_suppression(void **state)
{
	struct edge_graph *graph = edge_graph_create("origin");
	struct edge_node *node =
		edge_graph_add_node(graph, EDGE_OP_DETECTION_POSTPROCESS, NULL, 3, 4);
	struct edge_node *copy = edge_graph_add_node(graph, EDGE_OP_COPY, NULL, 1, 1);
	struct edge_tensor *input = add_floats(graph, 10, 4);

	edge_graph_add_input(graph, input);
	for (int i = 0; i < 3; i++)
		edge_node_set_input(node, i, input);
	for (int i = 0; i < 4; i++)
		edge_node_set_output(node, i, add_floats(graph, 10, i ? 1 : 4));
	edge_node_set_input(copy, 0, node->outputs[2]);
	edge_node_set_output(copy, 0, add_floats(graph, 10, 1));
	node->params.detections.classes = 7;
	assert_int_equal(edge_detections_part(copy->outputs[0]), EDGE_DETECTIONS_SCORES);
	assert_int_equal(edge_detections_part(node->outputs[0]), EDGE_DETECTIONS_BOXES);
	assert_int_equal(edge_detections_part(node->outputs[3]), EDGE_DETECTIONS_COUNT);
	assert_int_equal(edge_detections_part(input), EDGE_DETECTIONS_NONE);
	assert_int_equal(edge_detections_classes(graph), 7);
	edge_graph_destroy(graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_told_by_their_values),
		cmocka_unit_test(outputs_of_a_suppression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
