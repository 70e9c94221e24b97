// SPDX-License-Identifier: MIT
#include "passes/quantise.h"
#include "passes/rewrite.h"
#include "ref/ref.h"

/* Constant bytes with pairs along a dimension, that are dequantised to @tensor; else NULL. */
static struct edge_tensor *weights_of(const struct edge_tensor *tensor)
{
	const struct edge_node *node = tensor->producer;
	struct edge_tensor *bytes;

	if (!node || node->op != EDGE_OP_DEQUANTIZE)
		return NULL;
	bytes = node->inputs[0];
	return bytes->constant && bytes->data && bytes->quant->axis >= 0 ? bytes : NULL;
}

bool edge_quantise_transpose_weights(struct edge_graph *graph, struct edge_node *node)
{
	const struct edge_tensor *y = node->outputs[0];
	const struct edge_tensor *from = weights_of(node->inputs[0]);
	struct edge_view x_view, y_view;
	struct edge_tensor *to;
	int axis = 0;

	if (!from)
		return true;
	to = edge_rewrite_weights(graph, node, from->type, y->rank, y->dims);
	if (!to)
		return false;
	x_view = edge_tensor_constant_view(from);
	y_view = edge_tensor_constant_view(to);
	edge_ref_run(node, &x_view, &y_view, NULL);
	while (node->params.transpose.perm[axis] != from->quant->axis)
		axis++;
	return edge_tensor_set_quant(to, axis, from->quant->count, from->quant->scales,
				     from->quant->zero_points) &&
	       edge_rewrite_op(node, EDGE_OP_DEQUANTIZE, 1) && edge_node_set_input(node, 0, to);
}
