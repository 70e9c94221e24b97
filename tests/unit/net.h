/* SPDX-License-Identifier: MIT */
/*
 * A small network for tests of the runtime, and what it computes, worked out the long way.
 *
 *	x[1, 4, 12, 12] -> Conv 3x3, 8 filters, ReLU -> a
 *	a -> Conv 1x1, 8 filters -> b;  a + b -> MaxPool 2x2 -> c[1, 8, 6, 6]
 *	c, a third as Mul 0.5 -> Concat -> Transpose -> Reshape -> "boxes"[1, 36, 16]
 *	c -> GlobalAveragePool -> MatMul[8, 5] -> Softmax -> "scores"[1, 5]
 */
#ifndef EDGE_TESTS_UNIT_NET_H
#define EDGE_TESTS_UNIT_NET_H

#include "graph/graph.h"

#define NET_INPUT (4 * 12 * 12)
#define NET_BOXES (36 * 16)
#define NET_SCORES 5

/* The graph as an importer would leave it; the caller's. */
struct edge_graph *net_create(void);

/* A graph of boxes[1, 3, 4] and scores[1, 1, 3] -> NonMaxSuppression. */
struct edge_graph *net_create_nms(void);

/* @count values from -1 to 1 that depend on @seed alone. */
void net_fill(float *values, int count, unsigned int seed);

void net_expect(const float *input, float *boxes, float *scores);

#endif
