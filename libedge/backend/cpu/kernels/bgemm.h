/* SPDX-License-Identifier: MIT */
/*
 * What igemm.h is to floats, for bf16: the upper halves of f32, rounded to the nearest, ties to
 * even. Products are summed up in f32:
 *
 *	c[row][offset + j] = clamp(bias[j] + sum over t, k of a[t][row][k] * b[t][k][j])
 *
 * Two channels make a group of 32 bits, the first in the lower half. For each group in turn, the
 * product of the second channels is added to the sum and then that of the first, as VDPBF16PS does
 * it: each a fused multiply-add, rounded to nearest even, with denormals taken as zero on the way in
 * and flushed to zero on the way out.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_BGEMM_H
#define EDGE_BACKEND_CPU_KERNELS_BGEMM_H

#include <stdint.h>
#include <string.h>

#include "backend/cpu/kernels/kernels.h"

#define CPU_BGEMM_MAX_ROWS 12
#define CPU_BGEMM_MAX_VECTORS 2

/* What cpu_bgemm_gather may write behind a row, in bytes. */
#define CPU_BGEMM_SLACK 64

/**
 * struct cpu_bgemm_tile - one call
 * @taps: values of t, at least 1
 * @depth: groups of a tap, at least 1
 * @a: pointers [taps][rows]; if @a_pitch is not 0, [taps] to the first row alone, and the others
 *	follow at that distance, in bytes
 * @panel: the panel's biases (f32), then its groups b[taps][depth], all of the panel's width
 * @c: pointers [rows]; if @c_pitch is not 0, one to the first row
 * @c_pitch, @offset: in elements
 * @columns: valid columns of the panel's last vector, 1 to lanes; no others are written
 * @low, @high: limits of the result
 */
struct cpu_bgemm_tile {
	int64_t taps;
	int64_t depth;
	const void *const *a;
	int64_t a_pitch;
	const int32_t *panel;
	float *const *c;
	int64_t c_pitch;
	int64_t offset;
	int64_t columns;
	float low, high;
};

typedef void (*cpu_bgemm_fn)(const struct cpu_bgemm_tile *tile);

/**
 * struct cpu_bgemm_gather - a tile's rows, rounded, of one tap after the other, as a kernel of one
 *	tap reads them
 * @taps, @depth, @rows: each at least 1; depth in elements
 * @a: pointers [taps][rows]; if @a_pitch is not 0, [taps] to the first row alone, and the others
 *	follow at that distance, in elements
 * @to: rows at a distance of @pitch bytes, both multiples of 4; each tap is filled up to whole
 *	groups by zeroes. CPU_BGEMM_SLACK bytes behind each row may be written too
 */
struct cpu_bgemm_gather {
	int64_t taps;
	int64_t depth;
	int rows;
	const float *const *a;
	int64_t a_pitch;
	void *to;
	int64_t pitch;
};

/**
 * struct cpu_bgemm_kernels - the kernels of one instruction set
 * @lanes: columns of a vector
 * @rows: most rows of a tile
 * @vectors: of a panel; the last panel of a matrix may have fewer
 * @tile: [rows - 1][vectors - 1]
 */
struct cpu_bgemm_kernels {
	int lanes;
	int rows;
	int vectors;
	cpu_bgemm_fn tile[CPU_BGEMM_MAX_ROWS][CPU_BGEMM_MAX_VECTORS];
	void (*gather)(const struct cpu_bgemm_gather *gather);
};

/* @value as bf16, as VCVTNEPS2BF16 rounds it: denormals become zero, NaNs quiet. */
static inline uint16_t cpu_bf16(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	if ((bits & 0x7fffffff) > 0x7f800000)
		return (uint16_t)(bits >> 16 | 0x40);
	if (!(bits & 0x7f800000))
		return (uint16_t)(bits >> 16 & 0x8000);
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
