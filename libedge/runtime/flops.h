/* SPDX-License-Identifier: MIT */
#ifndef EDGE_RUNTIME_FLOPS_H
#define EDGE_RUNTIME_FLOPS_H

#include "graph/graph.h"

/*
 * Work of a node, for reports: floating-point operations of its definition, whatever the algorithm
 * that a kernel uses. A multiply-add counts as two, a function of one element as one, a bias and an
 * activation that a convolution or MatMul has along with it as nothing, as is usual.
 */
uint64_t edge_node_flops(const struct edge_node *node);

/* Bytes of the node's inputs, packed constants and outputs, each once. */
uint64_t edge_node_bytes(const struct edge_node *node);

#endif
