// SPDX-License-Identifier: MIT
#include "passes/order.h"

#include <string.h>

struct edge_order edge_order_of(const struct edge_tensor *tensor)
{
	struct edge_order order;

	memcpy(order.dims, tensor->order, sizeof(order.dims));
	return order;
}

void edge_order_set(struct edge_tensor *tensor, const struct edge_order *order)
{
	memcpy(tensor->order, order->dims, sizeof(order->dims));
}

struct edge_order edge_order_row_major(int rank)
{
	struct edge_order order = { 0 };

	for (int i = 0; i < rank; i++)
		order.dims[i] = i;
	return order;
}

struct edge_order edge_order_channels_last(int rank)
{
	struct edge_order order = edge_order_row_major(rank);

	if (rank < 3)
		return order;
	for (int i = 1; i < rank - 1; i++)
		order.dims[i] = i + 1;
	order.dims[rank - 1] = 1;
	return order;
}

/* Position of the next dimension from @i on whose size is not 1. */
static int skip_ones(int rank, const int64_t *dims, const struct edge_order *order, int i)
{
	while (i < rank && dims[order->dims[i]] == 1)
		i++;
	return i;
}

bool edge_order_same(int rank, const int64_t *dims, const struct edge_order *a,
		     const struct edge_order *b)
{
	int i = skip_ones(rank, dims, a, 0), j = skip_ones(rank, dims, b, 0);

	while (i < rank && j < rank) {
		if (a->dims[i] != b->dims[j])
			return false;
		i = skip_ones(rank, dims, a, i + 1);
		j = skip_ones(rank, dims, b, j + 1);
	}
	return true;
}

int edge_order_innermost(int rank, const int64_t *dims, const struct edge_order *order)
{
	for (int i = rank - 1; i >= 0; i--) {
		if (dims[order->dims[i]] != 1)
			return order->dims[i];
	}
	return -1;
}

struct edge_order edge_order_from_strides(int rank, const int64_t *dims, const int64_t *strides)
{
	struct edge_order order = edge_order_row_major(rank);

	/* Insertion; a dimension of size 1 stays where it stands, as its stride means nothing. */
	for (int i = 1; i < rank; i++) {
		int dim = order.dims[i], j = i;

		if (dims[dim] == 1)
			continue;
		while (j > 0 &&
		       (dims[order.dims[j - 1]] == 1 || strides[order.dims[j - 1]] < strides[dim]))
			j--;
		while (j < i && dims[order.dims[j]] == 1)
			j++;
		memmove(&order.dims[j + 1], &order.dims[j], (i - j) * sizeof(dim));
		order.dims[j] = dim;
	}
	return order;
}

bool edge_order_reshape(int rank, const int64_t *dims, const struct edge_order *order, int to_rank,
			const int64_t *to_dims, struct edge_order *to)
{
	int64_t strides[EDGE_MAX_RANK], to_strides[EDGE_MAX_RANK];

	edge_dense_strides(rank, dims, order->dims, strides);
	if (!edge_reshape_strides(rank, dims, strides, to_rank, to_dims, to_strides))
		return false;
	*to = edge_order_from_strides(to_rank, to_dims, to_strides);
	return true;
}

struct edge_order edge_order_transpose(int rank, const int32_t *perm,
				       const struct edge_order *order)
{
	struct edge_order to = { 0 };

	for (int i = 0; i < rank; i++) {
		for (int j = 0; j < rank; j++) {
			if (perm[j] == order->dims[i])
				to.dims[i] = j;
		}
	}
	return to;
}

struct edge_order edge_order_untranspose(int rank, const int32_t *perm,
					 const struct edge_order *order)
{
	struct edge_order from = { 0 };

	for (int i = 0; i < rank; i++)
		from.dims[i] = perm[order->dims[i]];
	return from;
}
