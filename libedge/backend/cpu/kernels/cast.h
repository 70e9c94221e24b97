/* SPDX-License-Identifier: MIT */
/* Floats from and to bytes. To bytes they are cut towards zero and clamped; a NaN becomes 0. */
#ifndef EDGE_BACKEND_CPU_KERNELS_CAST_H
#define EDGE_BACKEND_CPU_KERNELS_CAST_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_cast_rows - one call
 * @y, @x: @num_rows rows of @num elements side by side, of the types that the kernel is for
 * @y_pitch, @x_pitch: from one row to the next, in elements
 */
struct cpu_cast_rows {
	void *y;
	const void *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
};

typedef void (*cpu_cast_fn)(const struct cpu_cast_rows *rows);

struct cpu_cast_kernels {
	cpu_cast_fn from_i8, from_u8;
	cpu_cast_fn to_i8, to_u8;
};

#endif
