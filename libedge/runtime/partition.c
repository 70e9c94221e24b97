// SPDX-License-Identifier: MIT
#include "runtime/partition.h"

#include "backend/backend.h"
#include "base/error.h"

static const enum edge_device_kind preference[] = { EDGE_DEVICE_CPU };

#define NUM_DEVICES (sizeof(preference) / sizeof(preference[0]))

/* The reason of the last refusal stays; a node that the best device takes has none. */
static bool place(struct edge_node *node)
{
	node->reason[0] = 0;
	for (size_t i = 0; i < NUM_DEVICES; i++) {
		if (edge_backend(preference[i])->supports(node, node->reason)) {
			node->device = preference[i];
			return true;
		}
	}
	return false;
}

enum edge_status edge_partition(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (!node->is_view && !place(node))
			return edge_fail(error, EDGE_UNSUPPORTED,
					 "%s: node %s (%s): %s; no device runs it", graph->name,
					 node->name, edge_op_info(node->op)->name, node->reason);
	}
	return EDGE_OK;
}
