/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMPORT_FOLD_H
#define EDGE_IMPORT_FOLD_H

#include "graph/graph.h"

/**
 * edge_import_fold() - compute @made, inferred, from its inputs, which are constants
 * @outputs: of made->num_outputs, become constants
 *
 * The node stays, marked with EDGE_OP_NONE, until the graph is compacted: taking it out now would
 * be quadratic.
 *
 * Return: EDGE_OK; EDGE_OUT_OF_MEMORY.
 */
enum edge_status edge_import_fold(struct edge_graph *graph, struct edge_node *made,
				  struct edge_tensor **outputs, struct edge_error *error);

#endif
