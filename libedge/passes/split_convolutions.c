// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

static bool leads_outside(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	while (!edge_graph_is_output(graph, tensor)) {
		const struct edge_node *next = edge_tensor_only_consumer(graph, tensor);

		if (!next || (next->op != EDGE_OP_RESHAPE && next->op != EDGE_OP_TRANSPOSE))
			return false;
		tensor = next->outputs[0];
	}
	return true;
}

static bool leads_to_activation(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	const struct edge_node *next = edge_tensor_only_consumer(graph, tensor);

	return next && next->op == EDGE_OP_UNARY && next->params.unary.func <= EDGE_LAST_ACTIVATION;
}

/* Parts that stay together cost nothing: they are views. Those that get an activation of their own,
 * or end up in different outputs, are better computed apart. (Not for a table of bytes: a pass over
 * bytes costs less than what two narrow convolutions lose.) */
static bool parts_ways(const struct edge_graph *graph, const struct edge_node *split)
{
	for (int i = 0; i < split->num_outputs; i++) {
		if (leads_to_activation(graph, split->outputs[i]) ||
		    leads_outside(graph, split->outputs[i]))
			return true;
	}
	return false;
}

static bool is_known(const struct edge_node *conv, int index)
{
	const struct edge_tensor *input = index < conv->num_inputs ? conv->inputs[index] : NULL;

	return !input || (input->constant && input->data);
}

static bool can_split(const struct edge_graph *graph, const struct edge_node *conv,
		      const struct edge_node *split)
{
	return conv && conv->op == EDGE_OP_CONV && conv->params.conv.group == 1 &&
	       is_known(conv, 1) && is_known(conv, 2) &&
	       (conv->num_inputs <= 3 || !conv->inputs[3]) && split->op == EDGE_OP_SPLIT &&
	       split->params.axis.axis == 1 && edge_tensor_only_consumer(graph, conv->outputs[0]);
}

static bool take_quant(struct edge_tensor *part, const struct edge_tensor *whole, int64_t first)
{
	const struct edge_quant *quant = whole->quant;

	if (!quant || quant->axis != 0)
		return edge_tensor_copy_quant(part, whole);
	return edge_tensor_set_quant(part, 0, part->dims[0], quant->scales + first,
				     quant->zero_points + first);
}

/* The @count rows of constant @whole from @first on. */
static struct edge_tensor *take_rows(struct edge_graph *graph, const struct edge_node *node,
				     const struct edge_tensor *whole, int64_t first, int64_t count)
{
	size_t row = edge_tensor_bytes(whole) / whole->dims[0];
	int64_t dims[EDGE_MAX_RANK];
	struct edge_tensor *part;

	memcpy(dims, whole->dims, sizeof(dims));
	dims[0] = count;
	part = edge_rewrite_weights(graph, node, whole->type, whole->rank, dims);
	if (!part || !take_quant(part, whole, first))
		return NULL;
	memcpy(part->data, (const char *)whole->data + first * row, count * row);
	return part;
}

static bool add_part(struct edge_graph *graph, const struct edge_node *conv,
		     struct edge_node *split, int index, int64_t first)
{
	struct edge_tensor *y = split->outputs[index], *weights, *bias = NULL;
	bool has_bias = conv->num_inputs > 2 && conv->inputs[2];
	bool has_table = conv->num_inputs > 4 && conv->inputs[4];
	struct edge_node *part;

	part = edge_graph_insert_node(graph, split, EDGE_OP_CONV, conv->name, has_table ? 5 : 3, 1);
	weights = take_rows(graph, conv, conv->inputs[1], first, y->dims[1]);
	if (has_bias)
		bias = take_rows(graph, conv, conv->inputs[2], first, y->dims[1]);
	if (!part || !weights || (has_bias && !bias))
		return false;
	part->params = conv->params;
	part->act = conv->act;
	part->rounding = conv->rounding;
	edge_node_set_output(part, 0, y);
	if (has_table && !edge_node_set_input(part, 4, conv->inputs[4]))
		return false;
	return edge_node_set_input(part, 0, conv->inputs[0]) &&
	       edge_node_set_input(part, 1, weights) && edge_node_set_input(part, 2, bias);
}

static bool split_conv(struct edge_graph *graph, struct edge_node *conv, struct edge_node *split)
{
	int64_t first = 0;

	for (int i = 0; i < split->num_outputs; i++) {
		int64_t count = split->outputs[i]->dims[1];

		if (!add_part(graph, conv, split, i, first))
			return false;
		first += count;
	}
	edge_rewrite_remove(split);
	edge_rewrite_remove(conv);
	return true;
}

enum edge_status edge_pass_split_convolutions(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *split = graph->nodes[i];
		struct edge_node *conv;

		if (split->op != EDGE_OP_SPLIT)
			continue;
		conv = split->inputs[0]->producer;
		if (!can_split(graph, conv, split) || !parts_ways(graph, split))
			continue;
		if (!split_conv(graph, conv, split))
			return edge_fail_memory(error);
		i = split->id;
	}
	return edge_pass_dead_nodes(graph, error);
}
