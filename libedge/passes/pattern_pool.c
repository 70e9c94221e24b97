// SPDX-License-Identifier: MIT
#include "passes/patterns.h"

/* The side of a square window that moves by 1 and keeps the size; 0 when @node is no such pool. */
static int window_side(const struct edge_node *node)
{
	int spatial = node->op == EDGE_OP_MAX_POOL ? node->inputs[0]->rank - 2 : 0;
	int side = spatial ? node->params.pool.kernel[0] : 0;

	if (side % 2 == 0 || node->num_outputs > 1)
		return 0;
	for (int i = 0; i < spatial; i++) {
		if (node->params.pool.kernel[i] != side || node->params.pool.stride[i] != 1 ||
		    node->params.pool.dilation[i] != 1 ||
		    node->params.pool.pad_begin[i] != side / 2 ||
		    node->params.pool.pad_end[i] != side / 2)
			return 0;
	}
	return side;
}

/* The largest of the smaller pools of the same input that run before @node. */
static struct edge_node *smaller_pool(const struct edge_node *node, int side)
{
	const struct edge_tensor *x = node->inputs[0];
	struct edge_node *best = NULL;

	for (int i = 0; i < x->num_consumers; i++) {
		struct edge_node *other = x->consumers[i];
		int other_side = window_side(other);

		if (other_side > 1 && other_side < side && other->id < node->id &&
		    (!best || other_side > window_side(best)))
			best = other;
	}
	return best;
}

bool edge_pattern_pool(struct edge_node *node)
{
	int side = window_side(node);
	struct edge_node *smaller = side ? smaller_pool(node, side) : NULL;

	if (!smaller)
		return true;
	side -= window_side(smaller) - 1;
	for (int i = 0; i < node->inputs[0]->rank - 2; i++) {
		node->params.pool.kernel[i] = side;
		node->params.pool.pad_begin[i] = side / 2;
		node->params.pool.pad_end[i] = side / 2;
	}
	return edge_node_set_input(node, 0, smaller->outputs[0]);
}
