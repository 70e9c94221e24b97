/* SPDX-License-Identifier: MIT */
/*
 * Orders of a tensor's dimensions in memory, as tensor->order: outermost first. Dimensions of size
 * 1 make no difference to what an order means.
 */
#ifndef EDGE_PASSES_ORDER_H
#define EDGE_PASSES_ORDER_H

#include "graph/graph.h"

struct edge_order {
	int dims[EDGE_MAX_RANK];
};

struct edge_order edge_order_of(const struct edge_tensor *tensor);
void edge_order_set(struct edge_tensor *tensor, const struct edge_order *order);

struct edge_order edge_order_row_major(int rank);

/* Channels, which are dimension 1, innermost; row-major below rank 3. */
struct edge_order edge_order_channels_last(int rank);

/* Whether a dense tensor with @dims lies in memory in the same way in both orders. */
bool edge_order_same(int rank, const int64_t *dims, const struct edge_order *a,
		     const struct edge_order *b);

/* The innermost dimension whose size is not 1; -1 when there is none. */
int edge_order_innermost(int rank, const int64_t *dims, const struct edge_order *order);

/* The order of a view that has these strides. */
struct edge_order edge_order_from_strides(int rank, const int64_t *dims, const int64_t *strides);

/* The order in which a dense tensor with @dims in @order lies when it is looked at as @to_dims;
 * false when no strides do that. */
bool edge_order_reshape(int rank, const int64_t *dims, const struct edge_order *order, int to_rank,
			const int64_t *to_dims, struct edge_order *to);

/* The order of Transpose's output that makes it a view of an input in @order, and the reverse. */
struct edge_order edge_order_transpose(int rank, const int32_t *perm,
				       const struct edge_order *order);
struct edge_order edge_order_untranspose(int rank, const int32_t *perm,
					 const struct edge_order *order);

#endif
