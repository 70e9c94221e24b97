/* SPDX-License-Identifier: MIT */
#ifndef EDGE_GRAPH_RANGE_H
#define EDGE_GRAPH_RANGE_H

#include "graph/graph.h"

/*
 * Where @node, whose output 0 is quantised bytes, stores its results: the limits are those of the
 * type, and of its activation. @scale: of the byte stored. For a Conv with a table both are those of
 * the byte that is looked up.
 */
void edge_node_range(const struct edge_node *node, struct edge_range *range, float *scale);

#endif
