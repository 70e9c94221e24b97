/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_CONV_SHAPE_H
#define EDGE_BACKEND_CPU_OPS_CONV_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/graph.h"

/* One spatial dimension. */
struct conv_axis {
	int64_t in, out;
	int64_t kernel, stride, dilation, pad;
};

/* Distances between neighbours of an image in channels-last, in elements. */
struct conv_pitch {
	int64_t image, row, pixel;
};

/**
 * struct conv_shape - a convolution of one or two spatial dimensions
 * @in_channels, @out_channels: of one group
 * @residual: zeroes when there is none
 */
struct conv_shape {
	int64_t batch, groups;
	int64_t in_channels, out_channels;
	struct conv_axis y, x;
	struct conv_pitch in, out, residual;
};

/**
 * conv_shape_get() - the shape of a Conv or ConvTranspose, as kernels want it
 *
 * Return: false when kernels do not take it: not f32, a weight or bias that is no constant, three
 * spatial dimensions, channels that are not next to each other, an empty tensor.
 */
bool conv_shape_get(const struct edge_node *node, struct conv_shape *shape);

/* The same for a Conv of u8 by constant i8 weights without a residual. */
bool conv_shape_get_bytes(const struct edge_node *node, struct conv_shape *shape);

/* Output pixels: of all images. */
static inline int64_t conv_shape_pixels(const struct conv_shape *shape)
{
	return shape->batch * shape->y.out * shape->x.out;
}

#endif
