/* SPDX-License-Identifier: MIT */
/* Windows of pools over images whose channels are innermost. */
#ifndef EDGE_BACKEND_CPU_OPS_POOL_SHAPE_H
#define EDGE_BACKEND_CPU_OPS_POOL_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/graph.h"

/* One dimension of the window. */
struct pool_axis {
	int64_t in, out;
	int64_t kernel, stride, dilation;
	int64_t pad_begin, pad_end;
};

/* Taps of one output that lie inside the image, and the input at which the first does. */
struct pool_taps {
	int64_t first, count;
	int64_t counted; /* that a mean divides by */
};

/**
 * struct pool_shape - a pool over one or two dimensions
 * @whole, @num_whole: outputs of a row whose windows lie inside the image
 */
struct pool_shape {
	struct pool_axis y, x;
	int64_t whole, num_whole;
	bool count_padding;
	int64_t channels;
	int64_t in_batch, in_row, in_pixel;
	int64_t out_batch, out_row, out_pixel;
};

/* False for other images, for what also wants indices, and where a window has no tap inside. */
bool pool_shape_get(const struct edge_node *node, struct pool_shape *shape);

/* Of output @out along @axis, which is one of the shape's. */
struct pool_taps pool_shape_taps(const struct pool_shape *shape, const struct pool_axis *axis,
				 int64_t out);

#endif
