// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/infer.h"
#include "graph/print.h"

typedef enum edge_status print_fn(const struct edge_graph *graph, FILE *file,
				  struct edge_error *error);

/* An image through a strided convolution and a pool, beside itself resized; a name with a quote and
 * an escape sequence. */
static struct edge_graph *build(void)
{
	const int64_t image[] = { 1, 3, 64, 48 }, kernel[] = { 8, 3, 3, 3 };
	struct edge_graph *graph = edge_graph_create("street \"a\".onnx");
	struct edge_node *conv = edge_graph_add_node(graph, EDGE_OP_CONV, "stem\033[2J\"", 2, 1);
	struct edge_node *pool = edge_graph_add_node(graph, EDGE_OP_MAX_POOL, "pool", 1, 1);
	struct edge_node *resize = edge_graph_add_node(graph, EDGE_OP_RESIZE, "up", 1, 1);
	struct edge_tensor *x = edge_graph_add_tensor(graph, "images");
	struct edge_error error = { 0 };

	edge_tensor_set_shape(x, EDGE_F32, 4, image);
	edge_graph_add_input(graph, x);
	edge_node_set_input(conv, 0, x);
	edge_node_set_input(conv, 1,
			    edge_graph_add_constant(graph, "w", EDGE_F32, 4, kernel, NULL));
	for (int i = 0; i < 2; i++) {
		conv->params.conv.stride[i] = 2;
		conv->params.conv.pad_begin[i] = 1;
		conv->params.conv.pad_end[i] = 1;
		pool->params.pool.kernel[i] = 2;
		pool->params.pool.pad_end[i] = 1;
		resize->params.resize.scales[i + 2] = 2;
	}
	conv->act = (struct edge_activation) { EDGE_FUNC_CLIP, 0, 6 };
	edge_node_set_output(conv, 0, edge_graph_add_tensor(graph, "a"));
	edge_node_set_input(pool, 0, conv->outputs[0]);
	edge_node_set_output(pool, 0, edge_graph_add_tensor(graph, "b"));
	edge_node_set_input(resize, 0, pool->outputs[0]);
	edge_node_set_output(resize, 0, edge_graph_add_tensor(graph, "boxes"));
	edge_graph_add_output(graph, resize->outputs[0]);
	assert_int_equal(edge_infer_graph(graph, &error), EDGE_OK);
	return graph;
}

static char *print(const struct edge_graph *graph, print_fn *fn)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_int_equal(fn(graph, file, NULL), EDGE_OK);
	fclose(file);
	return text;
}

static void text_stands_in_columns(void **state)
{
	static const char expected[] =
		"#  operator        parameters          input -> output         type  name\n"
		"0  Conv+Clip(0,6)  3x3 s2 p1           1x3x64x48 -> 1x8x32x24  f32   stem?[2J\"\n"
		"1  MaxPool         2x2 p0,0:1,1        1x8x32x24 -> 1x8x32x24  f32   pool\n"
		"2  Resize          nearest half_pixel  1x8x32x24 -> 1x8x64x48  f32   up\n"
		"\n"
		"input   f32 1x3x64x48  images\n"
		"output  f32 1x8x64x48  boxes\n"
		"3 nodes, 1 constant of 216 elements, 864 bytes\n";
	struct edge_graph *graph = build();
	char *text = print(graph, edge_print_text);

	assert_string_equal(text, expected);
	free(text);
	edge_graph_destroy(graph);
}

static void what_is_compiled_is_shown(void **state)
{
	struct edge_graph *graph = build();
	char *text;

	graph->nodes[0]->kernel = "conv3";
	graph->nodes[1]->is_view = true;
	graph->arena_size = 1500;
	graph->io_size = 36864;
	text = print(graph, edge_print_text);
	assert_non_null(strstr(text, "type  kernel  name\n"));
	assert_non_null(strstr(text, "f32   conv3   stem"));
	assert_non_null(strstr(text, "f32   view    pool"));
	assert_non_null(strstr(text, "memory: 1.5 kB a session, 36.9 kB a request\n"));
	free(text);
	edge_graph_destroy(graph);
}

static void unknown_shapes_are_printed(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_node *node = edge_graph_add_node(graph, EDGE_OP_CONV, "n", 2, 1);
	struct edge_tensor *tensor = edge_graph_add_tensor(graph, "x");
	const int64_t dims[] = { -1, 4 };
	char buffer[32], *text;

	edge_node_set_input(node, 0, tensor);
	text = print(graph, edge_print_text);
	assert_non_null(strstr(text, "? -> constant"));
	free(text);
	edge_tensor_set_shape(tensor, EDGE_F32, 2, dims);
	edge_print_shape(tensor, buffer, sizeof(buffer));
	assert_string_equal(buffer, "?x4");
	tensor->dims[0] = 100;
	tensor->dynamic = true;
	edge_print_shape(tensor, buffer, sizeof(buffer));
	assert_string_equal(buffer, "<=100x4");
	edge_print_shape(tensor, buffer, 4);
	assert_string_equal(buffer, "<=1");
	edge_graph_destroy(graph);
}

static void dot_is_escaped(void **state)
{
	static const char *const expected[] = {
		"digraph \"street \\\"a\\\".onnx\" {\n",
		"\tt0 [shape=ellipse, fillcolor=\"#fff2cc\", label=\"images\\nf32 1x3x64x48\"];\n",
		"label=\"Conv+Clip(0,6)\\n3x3 s2 p1\", tooltip=\"stem?[2J\\\"\"];\n",
		"\tt0 -> n0 [label=\"1x3x64x48\"];\n",
		"\tn0 -> n1 [label=\"1x8x32x24\"];\n",
		"\tn2 -> t4;\n",
	};
	struct edge_graph *graph = build();
	char *text = print(graph, edge_print_dot);

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (!strstr(text, expected[i]))
			fail_msg("'%s' is not in '%s'", expected[i], text);
	}
	free(text);
	edge_graph_destroy(graph);
}

/* By the op and params that a node is given alone. */
static void assert_node(const struct edge_node *node, const char *op, const char *params)
{
	char buffer[64];

	edge_print_op(node, buffer, sizeof(buffer));
	assert_string_equal(buffer, op);
	edge_print_params(node, buffer, sizeof(buffer));
	assert_string_equal(buffer, params);
}

static void params_are_short(void **state)
{
	struct edge_tensor x = { .rank = 3, .dims = { 8, 8, 8 } };
	struct edge_tensor *inputs[4] = { &x, &x, &x, &x };
	struct edge_node node = { .op = EDGE_OP_CONV, .inputs = inputs, .num_inputs = 4 };
	float six = 6;

	node.params.conv.kernel[0] = 5;
	node.params.conv.stride[0] = 1;
	node.params.conv.dilation[0] = 3;
	node.params.conv.group = 8;
	node.act.func = EDGE_FUNC_SILU;
	assert_node(&node, "Conv+Add+SiLU", "5 d3 g8");
	node.params.conv.residual_after_act = 1;
	assert_node(&node, "Conv+SiLU+Add", "5 d3 g8");

	node = (struct edge_node) { .op = EDGE_OP_SLICE, .inputs = inputs, .num_inputs = 1 };
	node.params.slice.end[0] = 8;
	node.params.slice.start[1] = 1;
	node.params.slice.end[1] = 8;
	node.params.slice.end[2] = 4;
	node.params.slice.step[0] = 1;
	node.params.slice.step[1] = 2;
	node.params.slice.step[2] = 1;
	assert_node(&node, "Slice", "[:,1::2,:4]");

	node = (struct edge_node) { .op = EDGE_OP_REDUCE, .inputs = inputs, .num_inputs = 1 };
	node.params.reduce.kind = EDGE_REDUCE_MEAN;
	node.params.reduce.num_axes = 2;
	node.params.reduce.axes[0] = 1;
	node.params.reduce.axes[1] = 2;
	assert_node(&node, "ReduceMean", "axes 1,2");

	node = (struct edge_node) { .op = EDGE_OP_UNARY };
	node.params.unary = (struct edge_activation) { EDGE_FUNC_LEAKY_RELU, 0.1f, 0 };
	assert_node(&node, "LeakyRelu(0.1)", "");

	x = (struct edge_tensor) { .type = EDGE_F32, .constant = true, .data = &six };
	node = (struct edge_node) { .op = EDGE_OP_BINARY, .inputs = inputs, .num_inputs = 1 };
	node.params.binary.func = EDGE_BINARY_DIV;
	assert_node(&node, "Div", "6");

	node = (struct edge_node) { .op = 250 };
	assert_node(&node, "?", "");
}

static void a_full_disk_is_reported(void **state)
{
	struct edge_graph *graph = build();
	struct edge_error error = { 0 };
	FILE *file = fopen("/dev/full", "w");

	if (!file)
		skip();
	assert_int_equal(edge_print_text(graph, file, &error), EDGE_IO_ERROR);
	assert_int_equal(edge_print_dot(graph, file, &error), EDGE_IO_ERROR);
	fclose(file);
	edge_graph_destroy(graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stands_in_columns),
		cmocka_unit_test(what_is_compiled_is_shown),
		cmocka_unit_test(unknown_shapes_are_printed),
		cmocka_unit_test(dot_is_escaped),
		cmocka_unit_test(params_are_short),
		cmocka_unit_test(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
