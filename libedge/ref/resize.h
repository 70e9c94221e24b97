/* SPDX-License-Identifier: MIT */
/* Which inputs, with what weights, make an output of Resize along one dimension. */
#ifndef EDGE_REF_RESIZE_H
#define EDGE_REF_RESIZE_H

#include "graph/graph.h"

/**
 * struct edge_resize_taps - the inputs of one output coordinate
 * @count: 1, 2 or 4; 0 where tf_crop_and_resize falls outside: the output is params' extrapolation
 * @index: in the input; moved to the edge when beyond
 */
struct edge_resize_taps {
	int count;
	int64_t index[4];
	float weight[4];
};

/**
 * edge_resize_taps() - of output @x along dimension @axis
 * @rank: of the tensors
 * @size, @resized: of that dimension, in the input and in the output
 */
struct edge_resize_taps edge_resize_taps(const union edge_params *params, int rank, int axis,
					 int64_t size, int64_t resized, int64_t x);

#endif
