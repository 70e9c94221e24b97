// SPDX-License-Identifier: MIT
#include "graph/graph.h"

void edge_dense_strides(int rank, const int64_t *dims, const int *order, int64_t *strides)
{
	int64_t stride = 1;

	for (int i = rank - 1; i >= 0; i--) {
		int dim = order ? order[i] : i;

		strides[dim] = stride;
		/* Neighbours along an empty dimension do not exist, but strides stay sound. */
		if (dims[dim])
			stride *= dims[dim];
	}
}

/*
 * Goes through both shapes from the left in groups of the same number of elements: [2, 3 | 4] to
 * [6 | 2, 2]. Within a group the source must be one run of memory with a single stride.
 */
bool edge_reshape_strides(int rank, const int64_t *dims, const int64_t *strides, int to_rank,
			  const int64_t *to_dims, int64_t *to)
{
	int64_t from_dims[EDGE_MAX_RANK], from_strides[EDGE_MAX_RANK];
	int from_rank = 0, from = 0, next = 0;

	for (int i = 0; i < rank; i++) {
		if (!dims[i]) {
			edge_dense_strides(to_rank, to_dims, NULL, to);
			return true;
		}
		if (dims[i] == 1)
			continue;
		from_dims[from_rank] = dims[i];
		from_strides[from_rank++] = strides[i];
	}
	while (from < from_rank) {
		int64_t from_count = from_dims[from], to_count = to_dims[next];
		int from_end = from + 1, to_end = next + 1;
		int64_t stride;

		while (from_count != to_count) {
			if (from_count < to_count)
				from_count *= from_dims[from_end++];
			else
				to_count *= to_dims[to_end++];
		}
		for (int i = from; i < from_end - 1; i++) {
			if (from_strides[i] != from_dims[i + 1] * from_strides[i + 1])
				return false;
		}
		stride = from_strides[from_end - 1];
		for (int i = to_end - 1; i >= next; i--) {
			to[i] = stride;
			stride *= to_dims[i];
		}
		from = from_end;
		next = to_end;
	}
	for (; next < to_rank; next++) /* trailing ones */
		to[next] = 1;
	return true;
}
