/* SPDX-License-Identifier: MIT */
#ifndef EDGE_PASSES_FOLD_CONSTANTS_H
#define EDGE_PASSES_FOLD_CONSTANTS_H

#include "graph/graph.h"

/* Replaces @node, all of whose inputs are constants with a value, by its value; which must not be a
 * graph output. False when memory has run out. */
bool edge_fold_node(struct edge_node *node);

#endif
