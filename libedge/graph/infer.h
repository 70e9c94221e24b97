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
 * Resolves what params leave to the shapes; afterwards explicit values stand in the params, and
 * inferring again changes nothing:
 * - automatic padding and the output_shape of ConvTranspose become pad_begin, pad_end, output_pad;
 * - kernels of 0 become the weight's, or the plane for pooling;
 * - axes below zero count from the front, those of Reduce are all named and ascend;
 * - 0 and -1 in a Reshape and the target of an Expand become the output's shape;
 * - sizes of a Resize are filled in; an empty Slice starts at 0, one of an element has the step 1.
 *
 * Return: EDGE_OK, EDGE_BAD_FORMAT, or EDGE_UNSUPPORTED; the message names node and operator.
 */
enum edge_status edge_infer_node(struct edge_graph *graph, struct edge_node *node,
				 struct edge_error *error);

/* edge_infer_node() for all nodes in order. Graph inputs must have full shapes. */
enum edge_status edge_infer_graph(struct edge_graph *graph, struct edge_error *error);

#endif
