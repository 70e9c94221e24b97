/* SPDX-License-Identifier: MIT */
/*
 * Matrix multiplication of bytes by bytes, in integers without any error, like igemm.h in all else:
 *
 *	sum[row][j] = bias[j] + sum over t, k of a[t][row][k] * b[t][k][j]	modulo 2^32
 *	c[row][offset + j] = sum[row][j], or the byte that stands for it
 *
 * There are two kinds, and pgemm.h. Words: a is 16 bits, bytes less their zero point, which @gather has made of a
 * tile's rows; so are weights, less theirs. Two channels make a group. Bytes, where the processor
 * multiplies them: a is the unsigned bytes as they lie in memory, weights are signed, and the bias
 * has the zero point of a in it. Four channels make a group. Either way a group is 32 bits.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_QGEMM_H
#define EDGE_BACKEND_CPU_KERNELS_QGEMM_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

#define CPU_QGEMM_MAX_ROWS 12
#define CPU_QGEMM_MAX_VECTORS 2
#define CPU_QGEMM_MAX_WIDTH 32 /* columns of a panel */

/* What cpu_qgemm_gather may write behind a row, in bytes. */
#define CPU_QGEMM_SLACK 64

/**
 * struct cpu_requantise - how a sum becomes a byte: rounded sum * multiplier, plus @zero, at least
 *	@low and at most @high, which are bytes
 * @fixed: whether the multiplier is a whole number times 2^(shift - 31), not an f32
 */
struct cpu_requantise {
	bool fixed;
	int32_t zero, low, high;
};

/**
 * struct cpu_qgemm_target - where the results of a tile go
 * @to: what bytes; not read for sums
 * @c: pointers [rows]; if @c_pitch is not 0, one to the first row
 * @c_pitch, @offset: in elements
 * @columns: valid columns of the panel's last vector, 1 to lanes; no others are written
 */
struct cpu_qgemm_target {
	struct cpu_requantise to;
	void *const *c;
	int64_t c_pitch;
	int64_t offset;
	int64_t columns;
};

/**
 * struct cpu_qgemm_tile - one call
 * @tiles: how many tiles of the kernel's rows follow each other, at least 1; if more, neither @a_pitch
 *	nor that of the target is 0
 * @taps: values of t, at least 1
 * @depth: groups of a tap, at least 1
 * @last: read by pgemm.h's alone
 * @a: pointers [taps][rows]; if @a_pitch is not 0, [taps] alone: the first row lies @a_first behind
 *	each, and the others follow at that distance, in bytes
 * @panel: the panel's biases, then its groups b[taps][depth], all of the panel's width; where bytes
 *	are made of the sums, multipliers (integers, or the bits of an f32) and shifts (read only if
 *	target.to.fixed; -31 to 31, positive is to the left) follow
 */
struct cpu_qgemm_tile {
	int64_t tiles;
	int64_t taps;
	int64_t depth;
	int64_t last;
	const void *const *a;
	int64_t a_first;
	int64_t a_pitch;
	const int32_t *panel;
	struct cpu_qgemm_target target;
};

typedef void (*cpu_qgemm_fn)(const struct cpu_qgemm_tile *tile);

/**
 * struct cpu_qgemm_gather - a tile's rows of one tap after the other, as a kernel of one tap reads them
 * @taps, @depth, @rows: each at least 1; depth in bytes
 * @a, @a_pitch: as struct cpu_qgemm_tile has it, of unsigned bytes
 * @zero: their zero point
 * @to: rows at a distance of @pitch bytes, both multiples of 4, filled up to whole groups by what
 *	adds nothing: words after each tap, bytes after the last. CPU_QGEMM_SLACK bytes behind each
 *	row may be written too
 */
struct cpu_qgemm_gather {
	int64_t taps;
	int64_t depth;
	int rows;
	const void *const *a;
	int64_t a_pitch;
	uint8_t zero;
	void *to;
	int64_t pitch;
};

/**
 * struct cpu_qgemm_kernels - the kernels of one instruction set
 * @group: channels of a group: 2 for words, 4 for bytes
 * @lanes: columns of a vector
 * @rows: most rows of a tile
 * @vectors: of a panel; the last panel of a matrix may have fewer
 * @tile: [rows - 1][vectors - 1]; c is bytes
 * @sums: the same; c is the sums, int32_t
 */
struct cpu_qgemm_kernels {
	int group;
	int lanes;
	int rows;
	int vectors;
	cpu_qgemm_fn tile[CPU_QGEMM_MAX_ROWS][CPU_QGEMM_MAX_VECTORS];
	cpu_qgemm_fn sums[CPU_QGEMM_MAX_ROWS][CPU_QGEMM_MAX_VECTORS];
	void (*gather)(const struct cpu_qgemm_gather *gather);
};

#endif
