/* SPDX-License-Identifier: MIT */
/* Where in its storage a tensor is: strides and offset, and what they have in common with others.
 */
#ifndef EDGE_PASSES_REGION_H
#define EDGE_PASSES_REGION_H

#include "graph/graph.h"

struct edge_region {
	struct edge_tensor *storage;
	int64_t strides[EDGE_MAX_RANK];
	int64_t offset;
};

struct edge_region edge_region_of(const struct edge_tensor *tensor);
void edge_region_set(struct edge_tensor *tensor, const struct edge_region *region);

/* A storage of its own, dense in tensor->order. */
struct edge_region edge_region_dense(struct edge_tensor *tensor);

/* Whether @tensor fills a run of memory in tensor->order without gaps. */
bool edge_region_is_dense(const struct edge_tensor *tensor);

/* Where output @index of @node, for which edge_layout_is_alias() holds, lies when its input lies in
 * @input. False when no strides say it. */
bool edge_region_forward(const struct edge_node *node, int index, const struct edge_region *input,
			 struct edge_region *output);

/* The reverse: where the input must lie for output @index to lie in @output. */
bool edge_region_backward(const struct edge_node *node, int index, const struct edge_region *output,
			  struct edge_region *input);

/* Whether each element has a place of its own, so that the tensor can be written there. */
bool edge_region_is_injective(const struct edge_tensor *tensor);

/* The first and last element of the storage that @tensor has. */
void edge_region_bounds(const struct edge_tensor *tensor, int64_t *first, int64_t *last);

/* Whether it is certain that no element of the storage is of both. */
bool edge_region_disjoint(const struct edge_tensor *a, const struct edge_tensor *b);

#endif
