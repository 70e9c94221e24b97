/* SPDX-License-Identifier: MIT */
/*
 * Matrix multiplication whose left side is found through pointers, so that a convolution needs no
 * copy of its input: Dukhan, "The Indirect Convolution Algorithm", 2019 (arXiv:1907.02129).
 *
 *	c[row][offset + j] = clamp(bias[j] + sum over t, k of a[t][row][k] * b[t][k][j])
 *
 * for the columns j of one panel.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_IGEMM_H
#define EDGE_BACKEND_CPU_KERNELS_IGEMM_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

#define CPU_IGEMM_MAX_ROWS 12
#define CPU_IGEMM_MAX_VECTORS 2

/**
 * struct cpu_igemm_tile - one call
 * @taps: values of t, at least 1
 * @depth: values of k, at least 1
 * @a: pointers [taps][rows]; if @a_pitch is not 0, [taps] to the first row alone, and the others
 *	follow at that distance
 * @panel: the panel's biases, then its rows b[taps][depth], all of the panel's width
 * @c: pointers [rows]; if @c_pitch is not 0, one to the first row
 * @offset: into each row of c
 * @columns: valid columns of the panel's last vector, 1 to lanes; no others are written
 * @low, @high: limits of the result
 */
struct cpu_igemm_tile {
	int64_t taps;
	int64_t depth;
	const float *const *a;
	int64_t a_pitch;
	const float *panel;
	float *const *c;
	int64_t c_pitch;
	int64_t offset;
	int64_t columns;
	float low, high;
};

typedef void (*cpu_igemm_fn)(const struct cpu_igemm_tile *tile);

/**
 * struct cpu_igemm_kernels - the kernels of one instruction set
 * @lanes: columns of a vector
 * @rows: most rows of a tile
 * @vectors: of a panel; the last panel of a matrix may have fewer
 * @tile: [rows - 1][vectors - 1]
 */
struct cpu_igemm_kernels {
	int lanes;
	int rows;
	int vectors;
	cpu_igemm_fn tile[CPU_IGEMM_MAX_ROWS][CPU_IGEMM_MAX_VECTORS];
};

#endif
