// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/infer.h"

#define MAX_TENSORS 8

/* Shapes as text: "f32[1,3,8,8] f32[16,3,3,3]". */
struct infer_case {
	enum edge_op op;
	const char *inputs;
	const char *outputs; /* or a part of the error message */
	union edge_params params;
};

static enum edge_type parse_type(const char *name)
{
	for (int type = EDGE_F32; type < EDGE_NUM_TYPES; type++) {
		if (!strcmp(edge_type_name(type), name))
			return type;
	}
	fail_msg("no type '%s'", name);
	return EDGE_TYPE_NONE;
}

static int count_words(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += *text == ']';
	return count;
}

/* Fills the shapes of @tensors from @text. */
static void parse_shapes(const char *text, struct edge_tensor **tensors)
{
	int64_t dims[EDGE_MAX_RANK];
	char type[8];

	for (int i = 0; strchr(text, '['); i++) {
		int rank = 0;
		char *dim;

		assert_int_equal(sscanf(text, " %7[a-z0-9]", type), 1);
		dim = strchr(text, '[') + 1;
		while (*dim != ']') {
			dims[rank++] = strtoll(dim, &dim, 10);
			dim += *dim == ',';
		}
		edge_tensor_set_shape(tensors[i], parse_type(type), rank, dims);
		text = dim + 1;
	}
}

static void print_shapes(struct edge_tensor **tensors, int count, char *text, size_t size)
{
	FILE *file = fmemopen(text, size, "w");

	for (int i = 0; i < count; i++) {
		fprintf(file, "%s%s[", i ? " " : "", edge_type_name(tensors[i]->type));
		for (int d = 0; d < tensors[i]->rank; d++)
			fprintf(file, "%s%" PRId64, d ? "," : "", tensors[i]->dims[d]);
		fprintf(file, "]");
	}
	fclose(file);
}

static struct edge_graph *build(const struct infer_case *this, int num_outputs)
{
	struct edge_graph *graph = edge_graph_create("g");
	int num_inputs = count_words(this->inputs);
	struct edge_node *node = edge_graph_add_node(graph, this->op, "n", num_inputs, num_outputs);

	for (int i = 0; i < num_inputs; i++)
		edge_node_set_input(node, i, edge_graph_add_tensor(graph, "x"));
	for (int i = 0; i < num_outputs; i++)
		edge_node_set_output(node, i, edge_graph_add_tensor(graph, "y"));
	parse_shapes(this->inputs, node->inputs);
	node->params = this->params;
	return graph;
}

/* A constant of up to 4 integers as input @index. */
static void set_ints(struct edge_graph *graph, int index, enum edge_type type, int rank,
		     int64_t count, const int64_t *values)
{
	struct edge_tensor *tensor = edge_graph_add_constant(graph, NULL, type, rank, &count, NULL);

	for (int i = 0; i < (rank ? count : 1); i++) {
		if (type == EDGE_I64)
			((int64_t *)tensor->data)[i] = values[i];
		else if (type == EDGE_I32)
			((int32_t *)tensor->data)[i] = values[i];
		else
			((float *)tensor->data)[i] = values[i];
	}
	edge_node_set_input(graph->nodes[0], index, tensor);
}

static void assert_infers(struct edge_graph *graph, const char *expected)
{
	struct edge_node *node = graph->nodes[0];
	struct edge_error error = { 0 };
	union edge_params resolved;
	char text[256];

	for (int round = 0; round < 2; round++) {
		if (edge_infer_node(graph, node, &error))
			fail_msg("%s", error.message);
		print_shapes(node->outputs, node->num_outputs, text, sizeof(text));
		assert_string_equal(text, expected);
		if (round)
			assert_memory_equal(&node->params, &resolved, sizeof(resolved));
		resolved = node->params;
	}
}

static void assert_refuses(struct edge_graph *graph, enum edge_status status, const char *expected)
{
	struct edge_node *node = graph->nodes[0];
	struct edge_error error = { 0 };

	if (edge_infer_node(graph, node, &error) != status)
		fail_msg("not refused as '%s' but '%s'", expected, error.message);
	if (!strstr(error.message, expected) || !strstr(error.message, "node 'n' ("))
		fail_msg("'%s' is not in '%s'", expected, error.message);
}

/* Outputs as onnx.shape_inference gives them for the same operator; constants are below. */
static const struct infer_case onnx_cases[] = {
	{ EDGE_OP_CONV,
	  "f32[1,3,416,415] f32[16,3,3,3] f32[16]",
	  "f32[1,16,208,208]",
	  { .conv = { .stride = { 2, 2 },
		      .dilation = { 1, 1 },
		      .pad_begin = { 1, 1 },
		      .pad_end = { 1, 1 },
		      .group = 1 } } },
	{ EDGE_OP_CONV,
	  "f32[2,8,20,21] f32[12,2,3,4]",
	  "f32[2,12,18,16]",
	  { .conv = { .stride = { 1, 1 },
		      .dilation = { 2, 3 },
		      .pad_begin = { 0, 1 },
		      .pad_end = { 2, 3 },
		      .group = 4 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,10,11] f32[4,3,5,4]",
	  "f32[1,4,4,6]",
	  { .conv = { .stride = { 3, 2 },
		      .dilation = { 1, 1 },
		      .group = 1,
		      .auto_pad = EDGE_PAD_SAME_UPPER } } },
	{ EDGE_OP_CONV,
	  "f16[1,3,30] f16[4,3,5]",
	  "f16[1,4,8]",
	  { .conv = { .stride = { 3 },
		      .dilation = { 2 },
		      .group = 1,
		      .auto_pad = EDGE_PAD_VALID } } },
	{ EDGE_OP_CONV,
	  "f32[1,2,5,6,7] f32[3,2,2,3,4]",
	  "f32[1,3,4,2,5]",
	  { .conv = { .stride = { 1, 2, 1 },
		      .dilation = { 1, 1, 1 },
		      .pad_end = { 0, 0, 1 },
		      .group = 1 } } },
	{ EDGE_OP_CONV_TRANSPOSE,
	  "f32[1,8,13,14] f32[8,6,4,4] f32[6]",
	  "f32[1,6,26,28]",
	  { .conv = { .stride = { 2, 2 },
		      .dilation = { 1, 1 },
		      .pad_begin = { 1, 1 },
		      .pad_end = { 1, 1 },
		      .group = 1 } } },
	{ EDGE_OP_CONV_TRANSPOSE,
	  "f32[1,4,3,3] f32[4,3,3,2]",
	  "f32[1,6,11,8]",
	  { .conv = { .stride = { 3, 2 },
		      .dilation = { 1, 2 },
		      .output_pad = { 2, 1 },
		      .group = 2 } } },
	{ EDGE_OP_CONV_TRANSPOSE,
	  "f32[1,1,3,3] f32[1,2,3,3]",
	  "f32[1,2,10,8]",
	  { .conv = { .stride = { 3, 2 },
		      .dilation = { 1, 1 },
		      .output_shape = { 10, 8 },
		      .group = 1 } } },
	{ EDGE_OP_CONV_TRANSPOSE,
	  "f32[1,1,5,6] f32[1,2,3,4]",
	  "f32[1,2,10,18]",
	  { .conv = { .stride = { 2, 3 },
		      .dilation = { 1, 1 },
		      .auto_pad = EDGE_PAD_SAME_LOWER,
		      .group = 1 } } },
	{ EDGE_OP_MATMUL,
	  "f32[5,1,3,4] f32[2,4,7]",
	  "f32[5,2,3,7]",
	  { .matmul = { .alpha = 1, .beta = 1 } } },
	{ EDGE_OP_MATMUL,
	  "f32[4,3] f32[7,4] f32[7]",
	  "f32[3,7]",
	  { .matmul = { .transpose_a = 1, .transpose_b = 1, .alpha = 1, .beta = 1 } } },
	{ EDGE_OP_MAX_POOL,
	  "f32[1,4,11,12]",
	  "f32[1,4,6,11] i64[1,4,6,11]",
	  { .pool = { .kernel = { 3, 2 },
		      .stride = { 2, 1 },
		      .dilation = { 1, 2 },
		      .pad_begin = { 1, 0 },
		      .pad_end = { 1, 1 } } } },
	{ EDGE_OP_MAX_POOL,
	  "f32[1,4,11,12]",
	  "f32[1,4,6,6]",
	  { .pool = { .kernel = { 2, 2 },
		      .stride = { 2, 2 },
		      .dilation = { 1, 1 },
		      .ceil_mode = 1 } } },
	{ EDGE_OP_MAX_POOL,
	  "u8[1,4,11,12]",
	  "u8[1,4,11,6]",
	  { .pool = { .kernel = { 3, 3 },
		      .stride = { 1, 2 },
		      .dilation = { 1, 1 },
		      .auto_pad = EDGE_PAD_SAME_LOWER } } },
	{ EDGE_OP_AVERAGE_POOL,
	  "f32[2,3,32]",
	  "f32[2,3,11]",
	  { .pool = { .kernel = { 5 },
		      .stride = { 3 },
		      .dilation = { 1 },
		      .pad_begin = { 2 },
		      .pad_end = { 2 } } } },
	{ EDGE_OP_AVERAGE_POOL,
	  "f32[2,3,7,9]",
	  "f32[2,3,1,1]",
	  { .pool = { .auto_pad = EDGE_PAD_EXPLICIT } } },
	{ EDGE_OP_LP_POOL,
	  "f32[1,3,32,32]",
	  "f32[1,3,15,15]",
	  { .pool = { .kernel = { 3, 3 }, .stride = { 2, 2 }, .dilation = { 1, 1 }, .p = 2 } } },
	{ EDGE_OP_BATCH_NORM,
	  "f32[2,3,4,5] f32[3] f32[3] f32[3] f32[3]",
	  "f32[2,3,4,5]",
	  { .norm = { .epsilon = 1e-5f } } },
	{ EDGE_OP_INSTANCE_NORM,
	  "f32[2,3,4,5] f32[3] f32[3]",
	  "f32[2,3,4,5]",
	  { .norm = { .epsilon = 1e-5f } } },
	{ EDGE_OP_LAYER_NORM,
	  "f32[2,3,4,5] f32[4,5] f32[4,5]",
	  "f32[2,3,4,5] f32[2,3,1,1] f32[2,3,1,1]",
	  { .norm = { .axis = -2 } } },
	{ EDGE_OP_LRN, "f32[5,5,5,5]", "f32[5,5,5,5]", { .lrn = { .size = 3 } } },
	{ EDGE_OP_UNARY, "f32[3,4]", "bool[3,4]", { .unary = { .func = EDGE_FUNC_IS_NAN } } },
	{ EDGE_OP_UNARY, "i32[3,4]", "i32[3,4]", { .unary = { .func = EDGE_FUNC_RELU } } },
	{ EDGE_OP_BINARY,
	  "f32[3,1,5] f32[2,1,4,1]",
	  "f32[2,3,4,5]",
	  { .binary = { .func = EDGE_BINARY_ADD } } },
	{ EDGE_OP_BINARY,
	  "i32[3,4] i32[]",
	  "bool[3,4]",
	  { .binary = { .func = EDGE_BINARY_LESS } } },
	{ EDGE_OP_BINARY,
	  "f32[3,4] i64[4]",
	  "f32[3,4]",
	  { .binary = { .func = EDGE_BINARY_POW } } },
	{ EDGE_OP_BINARY,
	  "f32[0,4] f32[1,1]",
	  "f32[0,4]",
	  { .binary = { .func = EDGE_BINARY_MUL } } },
	{ EDGE_OP_PRELU, "f32[2,3,4] f32[3,1]", "f32[2,3,4]", { .none = { 0 } } },
	{ EDGE_OP_WHERE, "bool[3,1] u8[4] u8[2,1,1]", "u8[2,3,4]", { .none = { 0 } } },
	{ EDGE_OP_CAST, "f32[2,3]", "i8[2,3]", { .cast = { .type = EDGE_I8 } } },
	{ EDGE_OP_SOFTMAX, "f32[2,3]", "f32[2,3]", { .axis = { -1 } } },
	{ EDGE_OP_REDUCE,
	  "f32[2,3,4,5]",
	  "f32[2,1,4,1]",
	  { .reduce = { .kind = EDGE_REDUCE_MEAN,
			.num_axes = 2,
			.axes = { -1, 1 },
			.keep_dims = 1 } } },
	{ EDGE_OP_REDUCE,
	  "i64[2,3,4,5]",
	  "i64[3,5]",
	  { .reduce = { .kind = EDGE_REDUCE_SUM, .num_axes = 2, .axes = { 0, -2 } } } },
	{ EDGE_OP_REDUCE, "f32[2,3,4]", "f32[]", { .reduce = { .kind = EDGE_REDUCE_L2 } } },
	{ EDGE_OP_ARG_MAX, "f32[2,3,4]", "i64[2,4]", { .arg = { .axis = -2, .keep_dims = 0 } } },
	{ EDGE_OP_ARG_MIN, "i8[2,3,4]", "i64[1,3,4]", { .arg = { .axis = 0, .keep_dims = 1 } } },
	{ EDGE_OP_CUM_SUM, "f32[2,3]", "f32[2,3]", { .cum_sum = { .axis = -1 } } },
	{ EDGE_OP_RESIZE,
	  "f32[1,3,5,10]",
	  "f32[1,3,10,7]",
	  { .resize = { .scales = { 1, 1, 2, 0.7f } } } },
	{ EDGE_OP_RESIZE,
	  "u8[1,3,5,10]",
	  "u8[1,3,13,7]",
	  { .resize = { .sizes = { 1, 3, 13, 7 } } } },
	{ EDGE_OP_ROI_ALIGN,
	  "f32[2,3,20,20] f32[9,4] i64[9]",
	  "f32[9,3,5,6]",
	  { .roi_align = { .output_height = 5, .output_width = 6 } } },
	{ EDGE_OP_GRID_SAMPLE,
	  "f32[2,3,20,20] f32[2,7,9,2]",
	  "f32[2,3,7,9]",
	  { .grid_sample = { .mode = EDGE_RESIZE_LINEAR } } },
	{ EDGE_OP_CONCAT,
	  "f32[2,3,4,5] f32[2,1,4,5] f32[2,7,4,5]",
	  "f32[2,11,4,5]",
	  { .axis = { -3 } } },
	{ EDGE_OP_SPLIT, "f32[2,6,4]", "f32[2,2,4] f32[2,2,4] f32[2,2,4]", { .axis = { 1 } } },
	{ EDGE_OP_SLICE,
	  "f32[2,10,10]",
	  "f32[2,3,4]",
	  { .slice = { .start = { 0, 3, 9 }, .end = { 2, 8, -1 }, .step = { 1, 2, -3 } } } },
	{ EDGE_OP_TRANSPOSE,
	  "f32[2,3,4,5]",
	  "f32[4,2,5,3]",
	  { .transpose = { .perm = { 2, 0, 3, 1 } } } },
	{ EDGE_OP_RESHAPE,
	  "f32[2,3,4,5]",
	  "f32[2,30,2]",
	  { .shape = { .dims = { 0, -1, 2 }, .rank = 3 } } },
	{ EDGE_OP_RESHAPE,
	  "f32[0,3]",
	  "f32[3,0]",
	  { .shape = { .dims = { 3, 0 }, .rank = 2, .allow_zero = 1 } } },
	{ EDGE_OP_EXPAND,
	  "f32[3,1]",
	  "f32[2,3,6]",
	  { .shape = { .dims = { 2, 1, 6 }, .rank = 3 } } },
	{ EDGE_OP_TILE,
	  "f32[2,3,4]",
	  "f32[2,6,12]",
	  { .shape = { .dims = { 1, 2, 3 }, .rank = 3 } } },
	{ EDGE_OP_PAD,
	  "f32[2,3,7]",
	  "f32[3,8,4]",
	  { .pad = { .begin = { 0, 2, -1 }, .end = { 1, 3, -2 } } } },
	{ EDGE_OP_DEPTH_TO_SPACE, "f32[2,12,3,4]", "f32[2,3,6,8]", { .block = { .size = 2 } } },
	{ EDGE_OP_SPACE_TO_DEPTH, "f32[2,3,4,6]", "f32[2,12,2,3]", { .block = { .size = 2 } } },
	{ EDGE_OP_GATHER, "f32[2,3,4] i32[5,6]", "f32[2,5,6,4]", { .axis = { -2 } } },
	{ EDGE_OP_GATHER, "f32[7,3] i64[]", "f32[3]", { .axis = { 0 } } },
	{ EDGE_OP_GATHER_ELEMENTS, "f32[2,3] i64[2,9]", "f32[2,9]", { .axis = { 1 } } },
	{ EDGE_OP_GATHER_ND,
	  "f32[2,3,4,5] i64[2,7,2]",
	  "f32[2,7,5]",
	  { .gather_nd = { .batch_dims = 1 } } },
	{ EDGE_OP_SCATTER_ELEMENTS,
	  "f32[2,6] i64[2,3] f32[2,3]",
	  "f32[2,6]",
	  { .scatter = { .axis = -1 } } },
	{ EDGE_OP_SCATTER_ND, "f32[4,5,6] i64[3,2] f32[3,6]", "f32[4,5,6]", { .scatter = { 0 } } },
	{ EDGE_OP_TRILU, "f32[2,3,4]", "f32[2,3,4]", { .trilu = { .k = -1 } } },
	{ EDGE_OP_REVERSE_SEQUENCE,
	  "f32[4,3,2] i64[3]",
	  "f32[4,3,2]",
	  { .reverse = { .batch_axis = 1 } } },
};

static void shapes_are_those_of_onnx(void **state)
{
	for (size_t i = 0; i < sizeof(onnx_cases) / sizeof(onnx_cases[0]); i++) {
		struct edge_graph *graph =
			build(&onnx_cases[i], count_words(onnx_cases[i].outputs));

		assert_infers(graph, onnx_cases[i].outputs);
		edge_graph_destroy(graph);
	}
}

#define BIG "4611686018427387904" /* 2^62 */

static const struct infer_case refused[] = {
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,2,3,3]",
	  "3 channels",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, 1 }, .group = 1 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,3,3,3]",
	  "0 groups",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, 1 } } } },
	{ EDGE_OP_CONV,
	  "f32[1,4,8,8] f32[3,2,3,3]",
	  "with 2 groups",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, 1 }, .group = 2 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,3,3,3]",
	  "stride 0",
	  { .conv = { .stride = { 1, 0 }, .dilation = { 1, 1 }, .group = 1 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,3,3,3] f32[3]",
	  "[4]",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, 1 }, .group = 1 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,3,3,3]",
	  "a window of 4294967295",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, INT32_MAX }, .group = 1 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,3,3,3]",
	  "negative padding",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, 1 }, .pad_end = { -1 }, .group = 1 } } },
	{ EDGE_OP_CONV,
	  "f32[1,3,8,8] f32[4,3,3,3]",
	  "kernel size 5",
	  { .conv = { .kernel = { 5 }, .stride = { 1, 1 }, .dilation = { 1, 1 }, .group = 1 } } },
	{ EDGE_OP_CONV, "f32[1,3,8,8] f16[4,3,3,3]", "f16", { .conv = { .group = 1 } } },
	{ EDGE_OP_CONV, "f32[1,3,8,8]", "1 inputs", { .conv = { .group = 1 } } },
	{ EDGE_OP_CONV_TRANSPOSE,
	  "f32[1,3,8,8] f32[3,4,3,3]",
	  "leaves nothing",
	  { .conv = { .stride = { 1, 1 }, .dilation = { 1, 1 }, .pad_end = { 10 }, .group = 1 } } },
	{ EDGE_OP_CONV_TRANSPOSE,
	  "f32[1,3,1099511627776,1] f32[3,4,3,3]",
	  "input size",
	  { .conv = { .stride = { INT32_MAX, 1 }, .dilation = { 1, 1 }, .group = 1 } } },
	{ EDGE_OP_MATMUL, "f32[2,3] f32[4,5]", "3 columns by 4 rows", { .matmul = { 0 } } },
	{ EDGE_OP_MATMUL, "f32[3] f32[3,5]", "rank 1", { .matmul = { 0 } } },
	{ EDGE_OP_MAX_POOL,
	  "f32[1,1,8,8]",
	  "padding 2, 0",
	  { .pool = { .kernel = { 2, 2 },
		      .stride = { 1, 1 },
		      .dilation = { 1, 1 },
		      .pad_begin = { 2 } } } },
	{ EDGE_OP_BINARY, "f32[2,3] f32[2]", "do not broadcast", { .binary = { 0 } } },
	{ EDGE_OP_BINARY, "f32[2,3] i32[3]", "is i32, but", { .binary = { 0 } } },
	{ EDGE_OP_BINARY,
	  "f32[2]  f32[2]",
	  "does not take",
	  { .binary = { .func = EDGE_BINARY_AND } } },
	{ EDGE_OP_BINARY, "f32[2]  f32[2]", "function 99", { .binary = { .func = 99 } } },
	{ EDGE_OP_PRELU, "f32[3,1] f32[3,4]", "does not broadcast to", { .none = { 0 } } },
	{ EDGE_OP_REDUCE, "f32[2,3]", "twice", { .reduce = { .num_axes = 2, .axes = { 1, -1 } } } },
	{ EDGE_OP_REDUCE, "f32[2,3]", "axis 2 of", { .reduce = { .num_axes = 1, .axes = { 2 } } } },
	{ EDGE_OP_ARG_MAX, "f32[2,0]", "is empty", { .arg = { .axis = 1 } } },
	{ EDGE_OP_RESIZE,
	  "f32[1,1,2,2]",
	  "times inf",
	  { .resize = { .scales = { 1, 1, __builtin_inff() } } } },
	{ EDGE_OP_RESIZE,
	  "f32[1,1,2,2]",
	  "gives 4, not 5",
	  { .resize = { .scales = { 1, 1, 2 }, .sizes = { 1, 1, 5, 2 } } } },
	{ EDGE_OP_CONCAT, "f32[2,3] f32[3,3]", "does not fit beside", { .axis = { 1 } } },
	{ EDGE_OP_SLICE,
	  "f32[8]",
	  "from 0 to 9",
	  { .slice = { .start = { 0 }, .end = { 9 }, .step = { 1 } } } },
	{ EDGE_OP_SLICE,
	  "f32[8]",
	  "by 0",
	  { .slice = { .start = { 0 }, .end = { 8 }, .step = { 0 } } } },
	{ EDGE_OP_SLICE,
	  "f32[8]",
	  "dimension 0",
	  { .slice = { .start = { INT64_MIN }, .end = { INT64_MAX }, .step = { INT64_MAX } } } },
	{ EDGE_OP_SLICE,
	  "f32[8]",
	  "dimension 0",
	  { .slice = { .start = { 7 }, .end = { -2 }, .step = { -1 } } } },
	{ EDGE_OP_TRANSPOSE, "f32[2,3]", "no permutation", { .transpose = { .perm = { 1, 1 } } } },
	{ EDGE_OP_RESHAPE,
	  "f32[2,3]",
	  "6 elements into a shape of 5",
	  { .shape = { .dims = { 5 }, .rank = 1 } } },
	{ EDGE_OP_RESHAPE,
	  "f32[2,3]",
	  "no size of dimension 1",
	  { .shape = { .dims = { 4, -1 }, .rank = 2 } } },
	{ EDGE_OP_RESHAPE, "f32[2,3]", "rank 9", { .shape = { .rank = 9 } } },
	{ EDGE_OP_EXPAND,
	  "f32[1,1]",
	  "too large",
	  { .shape = { .dims = { 1ll << 40, 1ll << 40 }, .rank = 2 } } },
	{ EDGE_OP_TILE,
	  "f32[1,4]",
	  "dimension 1",
	  { .shape = { .dims = { 1, 1ll << 62 }, .rank = 2 } } },
	{ EDGE_OP_PAD, "f32[4]", "4 before", { .pad = { EDGE_PAD_REFLECT, .begin = { 4 } } } },
	{ EDGE_OP_PAD, "f32[4]", "-5 before", { .pad = { EDGE_PAD_CONSTANT, .begin = { -5 } } } },
	{ EDGE_OP_DEPTH_TO_SPACE, "f32[1,6,2,2]", "6 channels", { .block = { .size = 2 } } },
	{ EDGE_OP_GATHER, "f32[0,2] i64[1]", "which is empty", { .axis = { 0 } } },
	{ EDGE_OP_GATHER, "f32[1,1,1,1,1] i64[1,1,1,1,1]", "rank 9", { .axis = { 0 } } },
	{ EDGE_OP_GATHER_ND, "f32[2,3] i64[2,3]", "tuples of 3", { .gather_nd = { 0 } } },
	{ EDGE_OP_SCATTER_ND, "f32[4,5,6] i64[3,2] f32[3,5]", "do not fit", { .scatter = { 0 } } },
	{ EDGE_OP_CAST, "f32[1]", "type 77", { .cast = { .type = 77 } } },
	{ EDGE_OP_UNARY, "f32[" BIG "," BIG "]", "no sound shape", { .unary = { 0 } } },
	{ EDGE_OP_UNARY, "f32[-1]", "no sound shape", { .unary = { 0 } } },
	{ EDGE_NUM_OPS, "f32[1]", "which is none", { .none = { 0 } } },
};

static void what_does_not_fit_is_refused(void **state)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct edge_graph *graph = build(&refused[i], 1);

		assert_refuses(graph, EDGE_BAD_FORMAT, refused[i].outputs);
		edge_graph_destroy(graph);
	}
}

/* ONNX: "auto_pad" of Conv; the odd element of SAME_LOWER comes first. */
static void automatic_padding_becomes_explicit(void **state)
{
	const struct infer_case lower = { EDGE_OP_CONV,
					  "f32[1,1,10,7] f32[1,1,5,3]",
					  "",
					  { .conv = { .stride = { 3, 2 },
						      .dilation = { 1, 1 },
						      .group = 1,
						      .auto_pad = EDGE_PAD_SAME_LOWER } } };
	struct edge_graph *graph = build(&lower, 1);
	const union edge_params *params = &graph->nodes[0]->params;

	/* 10 / 3 -> 4 outputs: 3 * 3 + 5 - 10 = 4; 7 / 2 -> 4: 3 * 2 + 3 - 7 = 2. */
	assert_infers(graph, "f32[1,1,4,4]");
	assert_int_equal(params->conv.auto_pad, EDGE_PAD_EXPLICIT);
	assert_int_equal(params->conv.pad_begin[0], 2);
	assert_int_equal(params->conv.pad_end[0], 2);
	assert_int_equal(params->conv.pad_begin[1], 1);
	assert_int_equal(params->conv.pad_end[1], 1);
	assert_int_equal(params->conv.kernel[0], 5);
	assert_int_equal(params->conv.kernel[1], 3);
	edge_graph_destroy(graph);
}

/* "convtranspose_output_shape" of the ONNX node tests: 9 x 7 without padding, 10 x 8 wanted. */
static void a_stated_output_shape_is_met(void **state)
{
	const struct infer_case larger = { EDGE_OP_CONV_TRANSPOSE,
					   "f32[1,1,3,3] f32[1,2,3,3]",
					   "",
					   { .conv = { .stride = { 3, 2 },
						       .dilation = { 1, 1 },
						       .output_shape = { 10, 8 },
						       .group = 1 } } };
	const struct infer_case smaller = { EDGE_OP_CONV_TRANSPOSE,
					    "f32[1,1,3,3] f32[1,2,3,3]",
					    "",
					    { .conv = { .stride = { 3, 2 },
							.dilation = { 1, 1 },
							.output_shape = { 6, 6 },
							.group = 1,
							.auto_pad = EDGE_PAD_SAME_UPPER } } };
	struct edge_graph *graph = build(&larger, 1);

	assert_infers(graph, "f32[1,2,10,8]");
	assert_int_equal(graph->nodes[0]->params.conv.output_pad[0], 1);
	assert_int_equal(graph->nodes[0]->params.conv.pad_begin[0], 0);
	edge_graph_destroy(graph);
	graph = build(&smaller, 1);
	assert_infers(graph, "f32[1,2,6,6]");
	assert_int_equal(graph->nodes[0]->params.conv.pad_begin[0], 1);
	assert_int_equal(graph->nodes[0]->params.conv.pad_end[0], 2);
	edge_graph_destroy(graph);
}

/* PyTorch: MaxPool2d(2, (2, 3), padding=1, ceil_mode=True) makes 3 x 3 of 5 x 6: a fourth window
 * would start in the padding. */
static void pooling_ignores_windows_of_padding(void **state)
{
	const struct infer_case pool = { EDGE_OP_MAX_POOL,
					 "f32[1,1,5,6]",
					 "",
					 { .pool = { .kernel = { 2, 2 },
						     .stride = { 2, 3 },
						     .dilation = { 1, 1 },
						     .pad_begin = { 1, 1 },
						     .pad_end = { 1, 1 },
						     .ceil_mode = 1 } } };
	struct edge_graph *graph = build(&pool, 1);

	assert_infers(graph, "f32[1,1,3,3]");
	edge_graph_destroy(graph);
}

static void split_sizes_come_from_the_outputs(void **state)
{
	const struct infer_case split = { EDGE_OP_SPLIT, "f32[2,7]", "", { .axis = { -1 } } };
	const struct infer_case whole = { EDGE_OP_SPLIT, "f32[5]", "", { .axis = { 0 } } };
	struct edge_graph *graph = build(&split, 2);

	parse_shapes("f32[3] f32[4]", graph->nodes[0]->outputs);
	assert_infers(graph, "f32[2,3] f32[2,4]");
	parse_shapes("f32[3] f32[3]", graph->nodes[0]->outputs);
	assert_refuses(graph, EDGE_BAD_FORMAT, "1 of 7 are left over");
	parse_shapes("f32[3] f32[5]", graph->nodes[0]->outputs);
	assert_refuses(graph, EDGE_BAD_FORMAT, "part 1 of size 5, 4 are left");
	edge_graph_destroy(graph);
	graph = build(&whole, 4);
	assert_infers(graph, "f32[2] f32[2] f32[1] f32[0]");
	edge_graph_destroy(graph);
}

static void an_empty_slice_starts_at_zero(void **state)
{
	const struct infer_case slice = {
		EDGE_OP_SLICE,
		"f32[8,4]",
		"",
		{ .slice = { .start = { INT64_MAX, 3 }, .end = { 5, 1 }, .step = { 1, -2 } } }
	};
	struct edge_graph *graph = build(&slice, 1);

	assert_infers(graph, "f32[0,1]");
	assert_int_equal(graph->nodes[0]->params.slice.start[0], 0);
	edge_graph_destroy(graph);
}

static void constants_decide_shapes(void **state)
{
	const struct infer_case top_k = {
		EDGE_OP_TOP_K, "f32[2,9] i64[1]", "", { .top_k = { .axis = -1 } }
	};
	const struct infer_case one_hot = {
		EDGE_OP_ONE_HOT, "i64[2,3] i32[] f32[2]", "", { .axis = { 1 } }
	};
	struct edge_graph *graph = build(&top_k, 2);
	int64_t k = 4, too_many = 10, depth = 5;

	assert_refuses(graph, EDGE_UNSUPPORTED, "is no constant");
	set_ints(graph, 1, EDGE_I64, 1, 1, &k);
	assert_infers(graph, "f32[2,4] i64[2,4]");
	set_ints(graph, 1, EDGE_I64, 1, 1, &too_many);
	assert_refuses(graph, EDGE_BAD_FORMAT, "the first 10 of 9");
	edge_graph_destroy(graph);
	graph = build(&one_hot, 1);
	set_ints(graph, 1, EDGE_I32, 0, 1, &depth);
	assert_infers(graph, "f32[2,5,3]");
	edge_graph_destroy(graph);
}

static void assert_range(enum edge_type type, int64_t start, int64_t limit, int64_t delta,
			 const char *expected)
{
	const struct infer_case range = {
		EDGE_OP_RANGE, "i64[] i64[] i64[]", "", { .none = { 0 } }
	};
	struct edge_graph *graph = build(&range, 1);

	set_ints(graph, 0, type, 0, 1, &start);
	set_ints(graph, 1, type, 0, 1, &limit);
	set_ints(graph, 2, type, 0, 1, &delta);
	if (expected)
		assert_infers(graph, expected);
	else
		assert_refuses(graph, EDGE_BAD_FORMAT, "no end");
	edge_graph_destroy(graph);
}

/* As numpy.arange() counts. */
static void ranges_are_counted(void **state)
{
	assert_range(EDGE_I64, 10, 3, -3, "i64[3]");
	assert_range(EDGE_I32, 0, 7, 2, "i32[4]");
	assert_range(EDGE_F32, 1, 8, 2, "f32[4]");
	assert_range(EDGE_I64, 3, 10, -3, "i64[0]");
	assert_range(EDGE_I64, 3, 10, 0, NULL);
	assert_range(EDGE_F32, 3, 10, 0, NULL);
	assert_range(EDGE_I64, 0, INT64_MIN, -1, NULL);
	assert_range(EDGE_I64, INT64_MIN, INT64_MAX, 1, NULL);
}

static void only_outputs_may_be_dynamic(void **state)
{
	const struct infer_case nms = { EDGE_OP_NON_MAX_SUPPRESSION,
					"f32[2,100,4] f32[2,80,100]",
					"",
					{ .nms = { .max_per_class = 7 } } };
	struct edge_graph *graph = build(&nms, 1);
	struct edge_node *after = edge_graph_add_node(graph, EDGE_OP_UNARY, "n", 1, 1);
	struct edge_error error = { 0 };

	assert_infers(graph, "i64[1120,3]");
	assert_true(graph->nodes[0]->outputs[0]->dynamic);
	edge_node_set_input(after, 0, graph->nodes[0]->outputs[0]);
	edge_node_set_output(after, 0, edge_graph_add_tensor(graph, "z"));
	assert_int_equal(edge_infer_node(graph, after, &error), EDGE_UNSUPPORTED);
	assert_non_null(strstr(error.message, "only known after a run"));
	edge_graph_destroy(graph);
}

static void activations_need_floats(void **state)
{
	const struct infer_case add = { EDGE_OP_BINARY, "i32[2] i32[2]", "", { .binary = { 0 } } };
	struct edge_graph *graph = build(&add, 1);

	graph->nodes[0]->act.func = EDGE_FUNC_RELU;
	assert_refuses(graph, EDGE_BAD_FORMAT, "an activation on a result of type i32");
	graph->nodes[0]->act.func = EDGE_FUNC_ERF;
	assert_refuses(graph, EDGE_BAD_FORMAT, "which is none");
	edge_graph_destroy(graph);
}

static void open_inputs_are_named(void **state)
{
	const struct infer_case relu = { EDGE_OP_UNARY, "f32[-1,3]", "", { .unary = { 0 } } };
	struct edge_graph *graph = build(&relu, 1);
	struct edge_error error = { 0 };

	edge_graph_add_input(graph, graph->nodes[0]->inputs[0]);
	assert_int_equal(edge_infer_graph(graph, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "input 'x' has no full shape"));
	graph->inputs[0]->dims[0] = 2;
	assert_int_equal(edge_infer_graph(graph, &error), EDGE_OK);
	edge_graph_destroy(graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_are_those_of_onnx),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(automatic_padding_becomes_explicit),
		cmocka_unit_test(a_stated_output_shape_is_met),
		cmocka_unit_test(pooling_ignores_windows_of_padding),
		cmocka_unit_test(split_sizes_come_from_the_outputs),
		cmocka_unit_test(an_empty_slice_starts_at_zero),
		cmocka_unit_test(constants_decide_shapes),
		cmocka_unit_test(ranges_are_counted),
		cmocka_unit_test(only_outputs_may_be_dynamic),
		cmocka_unit_test(activations_need_floats),
		cmocka_unit_test(open_inputs_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
