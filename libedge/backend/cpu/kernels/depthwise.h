/* SPDX-License-Identifier: MIT */
/*
 * Depthwise convolution: every channel by itself, so the lanes of a vector are channels, and a few
 * output pixels that lie side by side share what is loaded.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_DEPTHWISE_H
#define EDGE_BACKEND_CPU_KERNELS_DEPTHWISE_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/* Output pixels of a tile. */
#define CPU_DEPTHWISE_TILE 4

/**
 * struct cpu_depthwise_call - tiles, or one pixel, of an output row
 * @channels: at least 1
 * @weights: for each vector of channels: the biases, then the weights of each tap
 * @low, @high: limits of the result
 *
 * For row():
 * @tiles: how many
 * @x: the input pixel of the first tile's first tap; all taps lie inside the image
 * @x_row, @x_pixel: distance of its neighbours, in elements
 * @y, @y_pixel: the first output pixel
 *
 * For border() and pixel():
 * @taps: of pixel()
 * @a: border(): the tile's input pixels [kernel][(CPU_DEPTHWISE_TILE - 1) * stride + kernel];
 *	pixel(): the input pixel of each tap
 * @c: the output pixels
 */
struct cpu_depthwise_call {
	int64_t channels;
	const float *weights;
	float low, high;

	int64_t tiles;
	const float *x;
	int64_t x_row, x_pixel;
	float *y;
	int64_t y_pixel;

	int64_t taps;
	const float *const *a;
	float *const *c;
};

typedef void (*cpu_depthwise_fn)(const struct cpu_depthwise_call *call);

/**
 * struct cpu_depthwise_kernels
 * @row: square kernels without dilation; [0] 3x3, [1] 5x5; [stride - 1]
 * @border: the same, with each input pixel found through a pointer
 * @pixel: any kernel, one output pixel
 */
struct cpu_depthwise_kernels {
	int lanes;
	cpu_depthwise_fn row[2][2];
	cpu_depthwise_fn border[2][2];
	cpu_depthwise_fn pixel;
};

#endif
