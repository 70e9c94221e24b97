// SPDX-License-Identifier: MIT
/*
 * One walk in the order of running, so that what a node reads is in bytes already where it can be:
 * dequantisation moves down behind what only moves values, quantisation takes the operator in front
 * of it along. A last walk backwards finds functions of one byte whose results are reals.
 */
#include <string.h>

#include "base/error.h"
#include "passes/byte_table.h"
#include "passes/fold_constants.h"
#include "passes/passes.h"
#include "passes/quantise.h"
#include "passes/rewrite.h"

static bool same_quantisation(const struct edge_node *a, const struct edge_node *b)
{
	if (a->op != b->op || a->rounding != b->rounding)
		return false;
	return a->op == EDGE_OP_DEQUANTIZE ||
	       (a->outputs[0]->type == b->outputs[0]->type &&
		edge_tensor_same_quant(a->outputs[0], b->outputs[0]));
}

/* A node that quantises, or dequantises, the same tensor alike, and runs before. */
static struct edge_node *find_twin(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];

	for (int i = 0; i < x->num_consumers; i++) {
		struct edge_node *other = x->consumers[i];

		if (other->id < node->id && same_quantisation(other, node))
			return other;
	}
	return NULL;
}

/* What is done twice, once for each reader, is done once. */
static bool merge_twin(struct edge_graph *graph, struct edge_node *node)
{
	struct edge_node *twin = find_twin(node);

	if (!twin || edge_graph_is_output(graph, node->outputs[0]))
		return true;
	if (!edge_graph_replace_uses(graph, node->outputs[0], twin->outputs[0]))
		return false;
	edge_rewrite_remove(node);
	return true;
}

/* A function of one byte becomes a table, or vanishes where it is none. */
static bool look_up(struct edge_graph *graph, struct edge_node *node)
{
	struct edge_cone cone;

	if (!edge_cone_find(node->outputs[0], &cone))
		return true;
	if (!edge_cone_become_lookup(graph, &cone))
		return false;
	return !edge_byte_table_is_identity(node) || edge_rewrite_bypass(graph, node, 0);
}

static bool quantise(struct edge_graph *graph, struct edge_node *node);

/* Moves @quantize in front of what moves its input, where it may take more along. */
static bool move_before(struct edge_graph *graph, struct edge_node *quantize)
{
	struct edge_node *mover = quantize->inputs[0]->producer;

	if (!edge_quantise_move_before(graph, quantize))
		return false;
	if (quantize->op == EDGE_OP_QUANTIZE)
		return true;
	for (int i = 0; i < edge_quantise_moved_inputs(mover); i++) {
		struct edge_node *producer = mover->inputs[i]->producer;

		if (producer && producer->op == EDGE_OP_QUANTIZE && !quantise(graph, producer))
			return false;
	}
	return true;
}

/* Weights that are rounded, or moved as bytes, when the program runs: better now. */
static bool fold(const struct edge_graph *graph, struct edge_node *node)
{
	return !edge_fold_is_possible(graph, node) || edge_fold_node(node);
}

static bool take_along(struct edge_graph *graph, struct edge_node *node)
{
	return !edge_tensor_is_bytes(node->outputs[0]) || edge_quantise_operator(graph, node);
}

/* As a table, which is exact, rather than as an operator, which rounds in other places. The second
 * look finds what Resize leaves. */
static bool quantise_result(struct edge_graph *graph, struct edge_node *node)
{
	static bool (*const steps[])(struct edge_graph * graph, struct edge_node * node) = {
		merge_twin, look_up, take_along, look_up, move_before,
	};

	if (!fold(graph, node))
		return false;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (node->op == EDGE_OP_QUANTIZE && !steps[i](graph, node))
			return false;
	}
	return true;
}

static bool quantise(struct edge_graph *graph, struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_NONE:
		return true;
	case EDGE_OP_DEQUANTIZE:
		return merge_twin(graph, node);
	case EDGE_OP_QUANTIZE:
		return quantise_result(graph, node);
	case EDGE_OP_BINARY:
		return !node->outputs[0]->quant || look_up(graph, node);
	default:
		if (node->op == EDGE_OP_TRANSPOSE && !edge_quantise_transpose_weights(graph, node))
			return false;
		if (!edge_quantise_move_bytes(graph, node))
			return false;
		return !edge_quantise_moves(node) || !node->outputs[0]->quant || fold(graph, node);
	}
}

static bool is_read(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	return tensor->num_consumers || edge_graph_is_output(graph, tensor);
}

/* Reals that are a function of one byte, other than what that byte stands for. */
static bool look_up_reals(struct edge_graph *graph, struct edge_node *node)
{
	struct edge_cone cone;

	switch (node->op) {
	case EDGE_OP_UNARY:
	case EDGE_OP_BINARY:
	case EDGE_OP_PRELU:
		break;
	default:
		return true;
	}
	if (node->outputs[0]->type != EDGE_F32 || !is_read(graph, node->outputs[0]) ||
	    !edge_cone_find(node->outputs[0], &cone) || !edge_tensor_is_bytes(cone.source))
		return true;
	return edge_cone_become_lookup(graph, &cone);
}

/* New nodes may have come in front of @node, and its place may have been taken. */
static int next_index(const struct edge_graph *graph, const struct edge_node *node, int index)
{
	while (index < graph->num_nodes && graph->nodes[index] != node)
		index++;
	return index + 1;
}

enum edge_status edge_pass_quantise(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes;) {
		struct edge_node *node = graph->nodes[i];

		if (!quantise(graph, node))
			return edge_fail_memory(error);
		i = next_index(graph, node, i);
	}
	for (int i = graph->num_nodes - 1; i >= 0; i--) {
		if (!look_up_reals(graph, graph->nodes[i]))
			return edge_fail_memory(error);
	}
	return edge_pass_dead_nodes(graph, error);
}
