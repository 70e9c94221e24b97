/* SPDX-License-Identifier: MIT */
/* Functions of two elements, over rows. */
#ifndef EDGE_BACKEND_CPU_KERNELS_BINARY_H
#define EDGE_BACKEND_CPU_KERNELS_BINARY_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

enum cpu_binary_func {
	CPU_BINARY_ADD,
	CPU_BINARY_SUB,
	CPU_BINARY_MUL,
	CPU_BINARY_DIV,
	CPU_BINARY_MIN,
	CPU_BINARY_MAX,
	CPU_BINARY_PRELU, /* a < 0 ? a * b : a */
	CPU_NUM_BINARIES
};

/**
 * struct cpu_binary_rows - one call
 * @y: results; may be @a or @b, if it lies the same way
 * @y_pitch, @a_pitch, @b_pitch: from one row to the next
 * @a_step, @b_step: from one element of a row to the next; those of @y lie side by side
 * @num_rows, @num: 0 or more
 * @low, @high: limits of the result
 */
struct cpu_binary_rows {
	float *y;
	const float *a, *b;
	int64_t y_pitch, a_pitch, b_pitch;
	int64_t a_step, b_step;
	int64_t num_rows;
	int64_t num;
	float low, high;
};

struct cpu_binary_kernels {
	void (*rows[CPU_NUM_BINARIES])(const struct cpu_binary_rows *rows);
};

#endif
