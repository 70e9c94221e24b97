// SPDX-License-Identifier: MIT
#include "vision/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

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
	unsigned int origin = of_function(node->act.func);

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
