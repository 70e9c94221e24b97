// SPDX-License-Identifier: MIT
#include "vision/origin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ref/ref.h"

#define BYTES 256

/* A walk up the graph: tensors to be looked at, and which have been. */
struct walk {
	const struct edge_tensor **stack;
	int depth;
	bool *seen;
};

static void push(struct walk *walk, const struct edge_tensor *tensor)
{
	if (!tensor || walk->seen[tensor->id])
		return;
	walk->seen[tensor->id] = true;
	walk->stack[walk->depth++] = tensor;
}

/* The table of a Lookup, or of a convolution that has one; NULL for any other node. */
static const struct edge_tensor *table_of(const struct edge_node *node)
{
	int index = node->op == EDGE_OP_CONV ? 4 : 1;

	if ((node->op != EDGE_OP_CONV && node->op != EDGE_OP_LOOKUP) || node->num_inputs <= index ||
	    !node->inputs[index] || !node->inputs[index]->data)
		return NULL;
	return node->inputs[index];
}

/* What the byte @index of the table of @node stands for, before and behind it. */
static void read_entry(const struct edge_node *node, const struct edge_tensor *table, int index,
		       float *before, float *behind)
{
	const struct edge_tensor *byte = node->inputs[0];
	struct edge_tensor_info info;

	if (node->op == EDGE_OP_CONV)
		byte = node->outputs[0];
	edge_tensor_describe(byte, &info);
	if (node->op == EDGE_OP_CONV) {
		info.scale = node->params.conv.table_scale;
		info.zero_point = node->params.conv.table_zero_point;
	}
	*before = ((byte->type == EDGE_I8 ? (int8_t)index : index) - info.zero_point) * info.scale;
	edge_tensor_describe(node->outputs[0], &info);
	if (table->type == EDGE_F32)
		*behind = ((const float *)table->data)[index];
	else if (table->type == EDGE_I8)
		*behind = (((const int8_t *)table->data)[index] - info.zero_point) * info.scale;
	else
		*behind = (((const uint8_t *)table->data)[index] - info.zero_point) * info.scale;
}

/* Two steps for the roundings on the way; what is outside the range that is stored says nothing. */
static bool fits(const struct edge_activation *function, const float (*entries)[2])
{
	float low = INFINITY, high = -INFINITY, step;

	for (int i = 0; i < BYTES; i++) {
		low = fminf(low, entries[i][1]);
		high = fmaxf(high, entries[i][1]);
	}
	step = (high - low) / 255;
	for (int i = 0; i < BYTES; i++) {
		float wanted = edge_ref_activate(function, entries[i][0]);

		if (!(fabsf(fminf(fmaxf(wanted, low), high) - entries[i][1]) <= 2 * step))
			return false;
	}
	return high > low;
}

/* The function that the table of @node was made from; the identity where that cannot be told. */
static enum edge_func function_of_table(const struct edge_node *node)
{
	static const struct edge_activation known[] = {
		{ EDGE_FUNC_SIGMOID, 0, 0 }, { EDGE_FUNC_HARD_SIGMOID, 0.2f, 0.5f },
		{ EDGE_FUNC_EXP, 0, 0 },     { EDGE_FUNC_HARD_SIGMOID, 1 / 6.0f, 0.5f },
		{ EDGE_FUNC_SILU, 0, 0 },    { EDGE_FUNC_HARD_SWISH, 0, 0 },
		{ EDGE_FUNC_MISH, 0, 0 },    { EDGE_FUNC_LEAKY_RELU, 0.1f, 0 },
	};
	const struct edge_tensor *table = table_of(node);
	float entries[BYTES][2];

	for (int i = 0; i < BYTES && table; i++)
		read_entry(node, table, i, &entries[i][0], &entries[i][1]);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && table; i++) {
		if (fits(&known[i], entries))
			return known[i].func;
	}
	return EDGE_FUNC_IDENTITY;
}

static unsigned int of_function(enum edge_func func)
{
	switch (func) {
	case EDGE_FUNC_SIGMOID:
	case EDGE_FUNC_HARD_SIGMOID:
		return EDGE_ORIGIN_SIGMOID;
	case EDGE_FUNC_EXP:
		return EDGE_ORIGIN_EXP;
	default:
		return 0;
	}
}

/* What @node does to its values; 0 where it only moves them, and what is before it counts. */
static unsigned int of_node(const struct edge_node *node)
{
	unsigned int origin = of_function(node->act.func) | of_function(function_of_table(node));

	if (origin)
		return origin;
	switch (node->op) {
	case EDGE_OP_CONV:
	case EDGE_OP_CONV_TRANSPOSE:
	case EDGE_OP_MATMUL:
		return EDGE_ORIGIN_WEIGHTS;
	case EDGE_OP_SOFTMAX:
		return EDGE_ORIGIN_SOFTMAX;
	case EDGE_OP_UNARY:
		return of_function(node->params.unary.func);
	case EDGE_OP_BINARY:
		return EDGE_ORIGIN_ARITHMETIC;
	default:
		return 0;
	}
}

static unsigned int walk_up(struct walk *walk, const struct edge_tensor *output)
{
	unsigned int origin = 0;

	push(walk, output);
	while (walk->depth) {
		const struct edge_node *node = walk->stack[--walk->depth]->producer;
		unsigned int found;

		if (!node)
			continue;
		found = of_node(node);
		origin |= found;
		/* Arithmetic on boxes comes last: what has gone into it counts as well. */
		if (found & ~EDGE_ORIGIN_ARITHMETIC)
			continue;
		for (int i = 0; i < node->num_inputs; i++)
			push(walk, node->inputs[i]);
	}
	return origin;
}

enum edge_status edge_origins(const struct edge_graph *graph, unsigned int *origins,
			      struct edge_error *error)
{
	enum edge_status status = EDGE_OK;
	struct walk walk = {
		.stack = calloc(graph->num_tensors + 1, sizeof(*walk.stack)),
		.seen = calloc(graph->num_tensors + 1, sizeof(*walk.seen)),
	};

	if (!walk.stack || !walk.seen) {
		status = edge_fail_memory(error);
		goto free_walk;
	}
	for (int i = 0; i < graph->num_outputs; i++) {
		memset(walk.seen, 0, graph->num_tensors * sizeof(*walk.seen));
		origins[i] = walk_up(&walk, graph->outputs[i]);
	}
free_walk:
	free(walk.seen);
	free(walk.stack);
	return status;
}

enum edge_func edge_main_activation(const struct edge_graph *graph)
{
	int counts[EDGE_NUM_FUNCS] = { 0 };
	enum edge_func main = EDGE_FUNC_IDENTITY;

	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		counts[node->act.func]++;
		counts[function_of_table(node)]++;
		if (node->op == EDGE_OP_UNARY)
			counts[node->params.unary.func]++;
	}
	counts[EDGE_FUNC_IDENTITY] = 0;
	for (int func = 0; func < EDGE_NUM_FUNCS; func++) {
		if (counts[func] > counts[main])
			main = func;
	}
	return main;
}

enum edge_detections_part edge_detections_part(const struct edge_tensor *output)
{
	const struct edge_node *node = output->producer;

	/* A back end may have put a copy behind it. */
	while (node && node->op == EDGE_OP_COPY) {
		output = node->inputs[0];
		node = output->producer;
	}
	for (int i = 0; node && node->op == EDGE_OP_DETECTION_POSTPROCESS && i < node->num_outputs;
	     i++) {
		if (node->outputs[i] == output)
			return (enum edge_detections_part)(EDGE_DETECTIONS_BOXES + i);
	}
	return EDGE_DETECTIONS_NONE;
}

int edge_detections_classes(const struct edge_graph *graph)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		if (graph->nodes[i]->op == EDGE_OP_DETECTION_POSTPROCESS)
			return graph->nodes[i]->params.detections.classes;
	}
	return 0;
}
