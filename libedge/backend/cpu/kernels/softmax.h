/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_KERNELS_SOFTMAX_H
#define EDGE_BACKEND_CPU_KERNELS_SOFTMAX_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_softmax - one call
 * @y, @x: may be the same
 * @y_pitch, @x_pitch: from one row to the next
 * @num_rows: at least 1
 * @num: elements of a row, side by side; at least 1
 */
struct cpu_softmax {
	float *y;
	const float *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
};

/**
 * struct cpu_softmax_kernels
 * @along: over the elements of each row
 * @across: over the rows, for each element
 */
struct cpu_softmax_kernels {
	void (*along)(const struct cpu_softmax *softmax);
	void (*across)(const struct cpu_softmax *softmax);
};

#endif
