/* SPDX-License-Identifier: MIT */
#ifndef EDGE_RUNTIME_PARTITION_H
#define EDGE_RUNTIME_PARTITION_H

#include "graph/graph.h"

/* Places every node on the first device, best first, that runs it: node->device, and in
 * node->reason why the one before it does not. EDGE_UNSUPPORTED names a node that none runs. */
enum edge_status edge_partition(struct edge_graph *graph, struct edge_error *error);

#endif
