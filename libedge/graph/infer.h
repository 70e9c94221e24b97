/* SPDX-License-Identifier: MIT */
#ifndef EDGE_GRAPH_INFER_H
#define EDGE_GRAPH_INFER_H

#include "graph/graph.h"

/**
 * edge_infer_node() - type and shape of a node's outputs from its inputs and params
 *
 * Also checks that the node is well formed: number and types of inputs, params in range, shapes
 * that fit together. Sizes are computed with overflow checks. Inputs that decide a shape must be
 * constants (edge_op_info.constant_inputs); EDGE_UNSUPPORTED says which is not.
 *
 * Resolves what params leave to the shapes: automatic padding, axes below zero, zeroes and -1 in a
 * Reshape: afterwards explicit values stand in the params (so the node is not const).
 */
enum edge_status edge_infer_node(struct edge_graph *graph, struct edge_node *node,
				 struct edge_error *error);

/* edge_infer_node() for all nodes in order. Graph inputs must have full shapes. */
enum edge_status edge_infer_graph(struct edge_graph *graph, struct edge_error *error);

#endif
