/* SPDX-License-Identifier: MIT */
/*
 * Maxima and sums of equally spaced taps, for pixels that lie in a row with their channels side by
 * side:
 *
 *	y[p * y_step + c] = scale * sum over t of x[p * x_step + t * tap_step + c]
 *
 * A window of two dimensions is two of them, down and across.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_POOL_H
#define EDGE_BACKEND_CPU_KERNELS_POOL_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_pool_line - one call
 * @taps: at least 1
 * @scale: of sums; maxima are not scaled
 */
struct cpu_pool_line {
	float *y;
	const float *x;
	int64_t y_step, x_step, tap_step;
	int64_t pixels, channels, taps;
	float scale;
};

struct cpu_pool_kernels {
	void (*max)(const struct cpu_pool_line *line);
	void (*sum)(const struct cpu_pool_line *line);
};

#endif
