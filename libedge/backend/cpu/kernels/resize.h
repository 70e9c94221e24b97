/* SPDX-License-Identifier: MIT */
/*
 * Weighted sums of a few pixels, for pixels with their channels side by side:
 *
 *	y[p * y_step + c] = sum over t of weight[p][t] * x[index[p][t] + c]
 *
 * Interpolation in two dimensions is two of them.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_RESIZE_H
#define EDGE_BACKEND_CPU_KERNELS_RESIZE_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_resize_line - one call
 * @index, @weight: [pixels][taps]
 * @taps: 1, 2 or 4; with 1 the weights are not looked at
 */
struct cpu_resize_line {
	float *y;
	const float *x;
	int64_t y_step;
	const int64_t *index;
	const float *weight;
	int64_t pixels, channels, taps;
};

struct cpu_resize_kernels {
	void (*line)(const struct cpu_resize_line *line);
};

#endif
