/* SPDX-License-Identifier: MIT */
/* What pool.h is to floats, for bytes: maxima are bytes, sums 32-bit integers. */
#ifndef EDGE_BACKEND_CPU_KERNELS_QPOOL_H
#define EDGE_BACKEND_CPU_KERNELS_QPOOL_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_qpool_line - one call; distances are in elements
 * @y, @x: of the types that the kernel is for; they do not overlap
 * @taps: at least 1
 */
struct cpu_qpool_line {
	void *y;
	const void *x;
	int64_t y_step, x_step, tap_step;
	int64_t pixels, channels, taps;
};

/**
 * struct cpu_qpool_kernels
 * @max: of bytes
 * @sum: of bytes
 * @sum_sums: of what @sum has made
 */
struct cpu_qpool_kernels {
	void (*max)(const struct cpu_qpool_line *line);
	void (*sum)(const struct cpu_qpool_line *line);
	void (*sum_sums)(const struct cpu_qpool_line *line);
};

#endif
