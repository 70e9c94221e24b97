/* SPDX-License-Identifier: MIT */
#ifndef EDGE_PASSES_FOLD_CONSTANTS_H
#define EDGE_PASSES_FOLD_CONSTANTS_H

#include "graph/graph.h"

/* Whether all that @node reads is constant, and its value not too large to be one. */
bool edge_fold_is_possible(const struct edge_graph *graph, const struct edge_node *node);

/* Replaces such a node by its value. False when memory has run out. */
bool edge_fold_node(struct edge_node *node);

#endif
