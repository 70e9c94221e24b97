/* SPDX-License-Identifier: MIT */
/*
 * Operators that only put elements elsewhere, as copies between views: Concat, Split, Slice,
 * Transpose, Expand, DepthToSpace, SpaceToDepth and Copy.
 */
#ifndef EDGE_REF_MOVE_H
#define EDGE_REF_MOVE_H

#include "graph/graph.h"

/* What is copied: views of the same shape, in an order of dimensions of their own. */
struct edge_move {
	struct edge_view to, from;
};

/* Number of copies that make up @node; 0 for another operator. */
int edge_move_count(const struct edge_node *node);

/* Copy @index of them; to.data is NULL where an output is absent. */
struct edge_move edge_move_part(const struct edge_node *node, const struct edge_view *inputs,
				const struct edge_view *outputs, int index);

#endif
