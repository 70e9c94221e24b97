// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "passes/passes.h"
#include "passes/patterns.h"
#include "passes/rewrite.h"

enum edge_status edge_pass_fuse_patterns(struct edge_graph *graph, struct edge_error *error)
{
	/* In the order of running: what is a part of a larger pattern has been found before it. */
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (!edge_pattern_activation(node) || !edge_pattern_gate(node) ||
		    !edge_pattern_padding(node) || !edge_pattern_focus(graph, node))
			return edge_fail_memory(error);
	}
	/* The largest pool first, while those that it can build on still show their size. */
	for (int i = graph->num_nodes - 1; i >= 0; i--) {
		if (!edge_pattern_pool(graph->nodes[i]))
			return edge_fail_memory(error);
	}
	return edge_pass_dead_nodes(graph, error);
}
