/* SPDX-License-Identifier: MIT */
/* Floats to bytes with a scale and a zero point, and back. */
#ifndef EDGE_BACKEND_CPU_KERNELS_QUANTIZE_H
#define EDGE_BACKEND_CPU_KERNELS_QUANTIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_quantize_rows - one call
 * @y, @x: @num_rows rows of @num elements side by side, of the types that the kernel is for
 * @y_pitch, @x_pitch: from one row to the next, in elements
 * @scale, @zero: real = scale * (integer - zero); from_i32() takes 0 for @zero
 * @away: halves are rounded away from zero, not to even
 */
struct cpu_quantize_rows {
	void *y;
	const void *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
	float scale;
	int32_t zero;
	bool away;
};

typedef void (*cpu_quantize_fn)(const struct cpu_quantize_rows *rows);

/* A NaN becomes the zero point; what is out of range the nearest end. */
struct cpu_quantize_kernels {
	cpu_quantize_fn to_u8, to_i8;
	cpu_quantize_fn from_u8, from_i8, from_i32;
};

#endif
