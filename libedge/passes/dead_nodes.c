// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "base/error.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

static bool has_reader(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	return tensor->num_consumers || edge_graph_is_output(graph, tensor);
}

/* Back ends need not compute an optional output that is absent, such as the indices of MaxPool. */
static void drop_optional_outputs(const struct edge_graph *graph, struct edge_node *node)
{
	for (int i = edge_op_info(node->op)->min_outputs; i < node->num_outputs; i++) {
		if (node->op != EDGE_OP_SPLIT && node->outputs[i] &&
		    !has_reader(graph, node->outputs[i]))
			edge_node_set_output(node, i, NULL);
	}
}

enum edge_status edge_pass_dead_nodes(struct edge_graph *graph, struct edge_error *error)
{
	/* Backwards, so that a node is seen after all that might read its results. */
	for (int i = graph->num_nodes - 1; i >= 0; i--) {
		struct edge_node *node = graph->nodes[i];
		bool used = false;

		if (node->op == EDGE_OP_NONE)
			continue;
		for (int j = 0; j < node->num_outputs; j++)
			used |= node->outputs[j] && has_reader(graph, node->outputs[j]);
		if (used)
			drop_optional_outputs(graph, node);
		else
			edge_rewrite_remove(node);
	}
	edge_graph_compact(graph);
	return EDGE_OK;
}
