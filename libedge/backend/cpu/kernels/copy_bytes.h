/* SPDX-License-Identifier: MIT */
/* What copy.h is to elements of four bytes, for single ones. */
#ifndef EDGE_BACKEND_CPU_KERNELS_COPY_BYTES_H
#define EDGE_BACKEND_CPU_KERNELS_COPY_BYTES_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct cpu_copy_bytes_rows - one call
 * @y: @num_rows rows of @num bytes side by side, @y_pitch apart
 * @x: apart by @x_pitch: of straight, the rows; of transpose, the bytes of a row, the rows' first
 *	ones lying side by side
 */
struct cpu_copy_bytes_rows {
	uint8_t *y;
	const uint8_t *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
};

/**
 * struct cpu_copy_bytes_kernels
 * @strided: like straight, but the bytes of x in a row are @step apart
 */
struct cpu_copy_bytes_kernels {
	void (*straight)(const struct cpu_copy_bytes_rows *rows);
	void (*transpose)(const struct cpu_copy_bytes_rows *rows);
	void (*strided)(const struct cpu_copy_bytes_rows *rows, int64_t step);
};

#endif
