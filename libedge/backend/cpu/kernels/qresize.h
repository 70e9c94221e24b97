/* SPDX-License-Identifier: MIT */
/* Pixels of bytes between four others. */
#ifndef EDGE_BACKEND_CPU_KERNELS_QRESIZE_H
#define EDGE_BACKEND_CPU_KERNELS_QRESIZE_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_qresize_line - one call: y[p][c] = sum over t, in this order, of
 *	weight[p][t] * x[index[p][t] + c], in f32, rounded to the nearest, ties to even
 * @y: pixels @y_step apart
 * @index, @weight: [pixels][4]; weights are not negative, and their sum is 1, as good as f32 has it
 */
struct cpu_qresize_line {
	uint8_t *y;
	const uint8_t *x;
	int64_t y_step;
	const int64_t *index;
	const float *weight;
	int64_t pixels, channels;
};

struct cpu_qresize_kernels {
	void (*line)(const struct cpu_qresize_line *line);
};

#endif
