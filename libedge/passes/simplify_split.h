/* SPDX-License-Identifier: MIT */
/* What edge_pass_simplify() does about tensors that are taken apart. Each looks at one node, and
 * returns false when memory has run out. */
#ifndef EDGE_PASSES_SIMPLIFY_SPLIT_H
#define EDGE_PASSES_SIMPLIFY_SPLIT_H

#include "graph/graph.h"

/* Slices that together are all of a tensor become a Split, which says so. @node: one of them. */
bool edge_simplify_slices(struct edge_graph *graph, struct edge_node *node);

/* Split, then a Reshape of each part: one Reshape, then Split. So the shuffling of channels, however
 * it is spelled, ends in Reshape and Split. */
bool edge_simplify_reshaped_parts(struct edge_graph *graph, struct edge_node *split);

/* A Split that undoes a Concat, also through Reshape and Concats along other dimensions, goes; as in
 * YOLOv8, where boxes and classes are joined, flattened, and parted again. */
bool edge_simplify_split_of_concat(struct edge_graph *graph, struct edge_node *split);

#endif
