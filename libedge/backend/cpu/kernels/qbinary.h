/* SPDX-License-Identifier: MIT */
/* Sums, differences and products of what bytes stand for, as bytes. */
#ifndef EDGE_BACKEND_CPU_KERNELS_QBINARY_H
#define EDGE_BACKEND_CPU_KERNELS_QBINARY_H

#include <stdint.h>

#include "backend/cpu/kernels/qgemm.h"

enum cpu_qbinary_func { CPU_QBINARY_ADD, CPU_QBINARY_SUB, CPU_QBINARY_MUL, CPU_NUM_QBINARIES };

/* A real that integers are multiplied by: @real, or @fixed / 2^31 * 2^@shift. */
struct cpu_qbinary_scale {
	float real;
	int32_t fixed, shift;
};

/**
 * struct cpu_qbinary_rows - one call
 * @y: @num_rows rows of @num bytes side by side
 * @a, @b: their bytes are @a_step and @b_step apart; 0 repeats one, and a pitch of 0 a row; y may be
 *	the same as one of them that lies like it
 * @zero_a, @zero_b: zero points, which are bytes
 * @scale_a, @scale_b: of what is added; if to.fixed, once 20 bits have been shifted in
 * @scale: of a product; if to.fixed, also of a sum
 * @to: how results are rounded and limited; its zero point is a byte
 */
struct cpu_qbinary_rows {
	uint8_t *y;
	const uint8_t *a, *b;
	int64_t y_pitch, a_pitch, b_pitch;
	int64_t a_step, b_step;
	int64_t num_rows, num;
	int32_t zero_a, zero_b;
	struct cpu_qbinary_scale scale_a, scale_b, scale;
	struct cpu_requantise to;
};

struct cpu_qbinary_kernels {
	void (*rows[CPU_NUM_QBINARIES])(const struct cpu_qbinary_rows *rows);
};

#endif
