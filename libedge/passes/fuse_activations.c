// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* How far to look up through nodes that only move elements. */
#define MAX_DEPTH 16

static bool applies_activations(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONV:
		return node->act.func == EDGE_FUNC_IDENTITY &&
		       !node->params.conv.residual_after_act;
	case EDGE_OP_CONV_TRANSPOSE:
	case EDGE_OP_MATMUL:
	case EDGE_OP_BINARY:
		return node->act.func == EDGE_FUNC_IDENTITY;
	default:
		return false;
	}
}

/* Whether the activation of the only reader of @tensor can be applied by what computes it. */
static bool can_absorb(const struct edge_graph *graph, const struct edge_tensor *tensor, int depth)
{
	const struct edge_node *node = tensor->producer;

	if (!node || !depth || tensor->type != EDGE_F32 ||
	    !edge_tensor_only_consumer(graph, tensor))
		return false;
	switch (node->op) {
	case EDGE_OP_RESHAPE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_CONCAT:
		for (int i = 0; i < node->num_inputs; i++) {
			if (!can_absorb(graph, node->inputs[i], depth - 1))
				return false;
		}
		return true;
	default:
		return applies_activations(node);
	}
}

static void absorb(const struct edge_tensor *tensor, const struct edge_activation *act)
{
	struct edge_node *node = tensor->producer;

	if (applies_activations(node)) {
		node->act = *act;
		return;
	}
	for (int i = 0; i < node->num_inputs; i++)
		absorb(node->inputs[i], act);
}

static bool fuse_unary(struct edge_graph *graph, struct edge_node *node)
{
	if (node->params.unary.func > EDGE_LAST_ACTIVATION ||
	    node->act.func != EDGE_FUNC_IDENTITY || !can_absorb(graph, node->inputs[0], MAX_DEPTH))
		return true;
	absorb(node->inputs[0], &node->params.unary);
	return edge_rewrite_bypass(graph, node, 0);
}

/* Whether input @index of an addition comes from a convolution that can add the other one. */
static bool can_add(const struct edge_graph *graph, const struct edge_node *add, int index)
{
	const struct edge_tensor *x = add->inputs[index], *other = add->inputs[1 - index];
	const struct edge_node *conv = x->producer;

	return conv && conv->op == EDGE_OP_CONV && !conv->outputs[0]->quant &&
	       (conv->num_inputs < 4 || !conv->inputs[3]) && edge_tensor_only_consumer(graph, x) &&
	       !other->constant && edge_tensor_same_shape(x, other);
}

/* The addition becomes the convolution, which so comes after the other operand. */
static bool fuse_residual(struct edge_graph *graph, struct edge_node *add)
{
	bool first = can_add(graph, add, 0), second = can_add(graph, add, 1);
	struct edge_tensor *residual;
	struct edge_node *conv;
	int index;

	if (!edge_rewrite_is_binary(add, EDGE_BINARY_ADD) || (!first && !second))
		return true;
	/* Of two convolutions the later one, which need not move. */
	index = second;
	if (first && second)
		index = add->inputs[1]->producer->id > add->inputs[0]->producer->id;
	residual = add->inputs[1 - index];
	conv = add->inputs[index]->producer;
	if (!edge_rewrite_take_over(add, conv) || !edge_node_resize_inputs(add, 4) ||
	    !edge_node_set_input(add, 3, residual))
		return false;
	add->params.conv.residual_after_act = add->act.func != EDGE_FUNC_IDENTITY;
	return true;
}

enum edge_status edge_pass_fuse_activations(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];
		bool ok = true;

		if (node->op == EDGE_OP_UNARY)
			ok = fuse_unary(graph, node);
		else if (node->op == EDGE_OP_BINARY)
			ok = fuse_residual(graph, node);
		if (!ok)
			return edge_fail_memory(error);
	}
	return edge_pass_dead_nodes(graph, error);
}
