/* SPDX-License-Identifier: MIT */
/*
 * What edge_pass_fuse_patterns() looks for. Each looks at the last node of a pattern, and rewrites
 * it in place where all of the pattern is there; the nodes before it stay for those who still read
 * them. They return false when memory has run out.
 */
#ifndef EDGE_PASSES_PATTERNS_H
#define EDGE_PASSES_PATTERNS_H

#include "graph/graph.h"

/* UNARY nodes for functions spelled out in small operators. */
bool edge_pattern_activation(struct edge_node *node);

/* x times a function of x: SiLU, HardSwish, Mish, GELU; and HardSigmoid as Clip(x + 3, 0, 6) / 6. */
bool edge_pattern_gate(struct edge_node *node);

/* A Pad becomes the padding of the convolution or pool. */
bool edge_pattern_padding(struct edge_node *node);

/* MaxPools of growing size over the same input, as in spatial pyramids, take over from each other:
 * the greatest in 9 x 9 is that in 5 x 5 of those in 5 x 5. */
bool edge_pattern_pool(struct edge_node *node);

/* Concat of the pixels of even and odd rows and columns, then a convolution with stride s and
 * kernel k, as YOLOv5 and YOLOX begin: one convolution with stride 2 s and kernel 2 k. */
bool edge_pattern_focus(struct edge_graph *graph, struct edge_node *node);

#endif
