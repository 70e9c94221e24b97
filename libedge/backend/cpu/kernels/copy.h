/* SPDX-License-Identifier: MIT */
/* Moving elements of four bytes, whatever they are. */
#ifndef EDGE_BACKEND_CPU_KERNELS_COPY_H
#define EDGE_BACKEND_CPU_KERNELS_COPY_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_copy_rows - one call
 * @y: @num_rows rows of @num elements side by side, @y_pitch apart
 * @x: apart by @x_pitch: of straight, the rows; of transpose, the elements of a row, the rows'
 *	first ones lying side by side
 */
struct cpu_copy_rows {
	float *y;
	const float *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
};

struct cpu_copy_kernels {
	void (*straight)(const struct cpu_copy_rows *rows);
	void (*transpose)(const struct cpu_copy_rows *rows);
};

#endif
