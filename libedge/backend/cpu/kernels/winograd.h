/* SPDX-License-Identifier: MIT */
/*
 * The transforms of Winograd's minimal filtering F(4x4, 3x3): Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", 2015 (arXiv:1509.09308). A tile of 6x6 input pixels becomes 36
 * coefficients, which are multiplied by those of the kernel, and 36 sums become 4x4 output pixels.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_WINOGRAD_H
#define EDGE_BACKEND_CPU_KERNELS_WINOGRAD_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

#define CPU_WINOGRAD_OUT 4
#define CPU_WINOGRAD_IN 6
#define CPU_WINOGRAD_COEFFICIENTS (CPU_WINOGRAD_IN * CPU_WINOGRAD_IN)

/* The coefficient that counts once in every output pixel: a bias added to it is added to them. */
#define CPU_WINOGRAD_BIAS (CPU_WINOGRAD_IN + 1)

/**
 * struct cpu_winograd_input - one tile on its way in
 * @channels: at least 1
 * @x: its input pixels
 * @v: coefficient i of channel c goes to v[i * plane + c]
 */
struct cpu_winograd_input {
	int64_t channels;
	const float *const *x;
	float *v;
	int64_t plane;
};

/**
 * struct cpu_winograd_output - one tile on its way out
 * @channels: at least 1
 * @m: sum i of channel c stands in m[i * plane + c]
 * @y: its output pixels; channel c goes to y[...][offset + c]
 * @low, @high: limits of the result
 */
struct cpu_winograd_output {
	int64_t channels;
	const float *m;
	int64_t plane;
	float *const *y;
	int64_t offset;
	float low, high;
};

struct cpu_winograd_kernels {
	void (*input)(const struct cpu_winograd_input *input);
	void (*output)(const struct cpu_winograd_output *output);
};

#endif
