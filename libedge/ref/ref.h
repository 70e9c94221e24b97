/* SPDX-License-Identifier: MIT */
/*
 * The scalar reference of every operator: plain C, any strides, any of the types the operator
 * takes.
 *
 * It is what kernels are tested against, what folds constants, and what runs where no kernel fits.
 */
#ifndef EDGE_REF_REF_H
#define EDGE_REF_REF_H

#include "graph/graph.h"

/**
 * edge_ref_supports() - whether the reference implements this node for its types
 * @reason: EDGE_REASON_MAX bytes, filled when not
 *
 * The node's types and shapes have been inferred.
 */
bool edge_ref_supports(const struct edge_node *node, char *reason);

/* Bytes of scratch memory that edge_ref_run() wants for @node; 0 for most. */
size_t edge_ref_scratch_size(const struct edge_node *node);

/**
 * edge_ref_run() - compute the outputs of @node
 * @inputs: a view for each of node->inputs, data NULL where an optional one is absent
 * @outputs: a view for each of node->outputs with memory of the inferred shape; data NULL where an
 *	optional one is absent. A dynamic output's dims[0] is lowered to what was written.
 * @scratch: edge_ref_scratch_size() bytes, aligned to 64
 *
 * node->act is applied. Allocates nothing, cannot fail: the node has passed edge_infer_node() and
 * edge_ref_supports(). Indices in the data (Gather, Scatter) that are out of range are clamped.
 */
void edge_ref_run(const struct edge_node *node, const struct edge_view *inputs,
		  struct edge_view *outputs, void *scratch);

/* The value of @activation at @x. */
float edge_ref_activate(const struct edge_activation *activation, float x);

#endif
