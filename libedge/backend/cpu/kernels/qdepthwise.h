/* SPDX-License-Identifier: MIT */
/*
 * Depthwise convolution of bytes. The lanes of a vector are channels; taps are taken in pairs, since
 * an instruction adds two products.
 *
 * There are two kinds of weights. Words have 16 bits, which is what bytes are widened to. Split ones
 * are two signed bytes, coarse and fine, that stand for CPU_QDEPTHWISE_COARSE * coarse + fine: bytes are
 * multiplied as they are, and both sums kept in 16 bits until all taps are added, which takes half
 * the instructions.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_QDEPTHWISE_H
#define EDGE_BACKEND_CPU_KERNELS_QDEPTHWISE_H

#include <stdint.h>

#include "backend/cpu/kernels/qgemm.h"

#define CPU_QDEPTHWISE_COARSE 16

/* What the sum of coarse or fine weights of one sign may be, so that 255 times that fits 16 bits. */
#define CPU_QDEPTHWISE_MOST_PART 128

/**
 * struct cpu_qdepthwise_call - pixels of an output row, in one vector of channels or more
 * @vectors: whole ones, side by side, as their weights are; at least 1, and no more than that if they
 *	are not in one piece
 * @weights: vectors of words, each four for a vector of bytes: biases, less what the zero point of x
 *	adds; for each pair of taps the two weights, less their zero points; multipliers and shifts
 *	as in struct cpu_qgemm_tile. See cpu_qdepthwise_lane(), and cpu_qdepthwise_part()
 * @split: weights are, and a rounded sum * multiplier has 31 bits if it is by f32
 * @taps: at least 1; a last one that has no second has weights of 0 for it
 * @to: its zero point must be a byte
 * @a, @offset: for each tap the input of the first pixel, the first vector's first channel being at
 *	@offset
 * @x_step, @y_step: from one pixel to the next
 * @x_half, @y_half: from the lower half of a vector to the upper: half a vector, or what makes it
 *	two pixels or channels that are not neighbours
 * @channels: valid ones, if they are fewer than half a vector; else 0
 */
struct cpu_qdepthwise_call {
	int64_t vectors;
	const int32_t *weights;
	bool split;
	int64_t taps;
	struct cpu_requantise to;
	const uint8_t *const *a;
	int64_t offset;
	int64_t x_step, x_half;
	uint8_t *y;
	int64_t y_step, y_half;
	int64_t pixels;
	int64_t channels;
};

/**
 * struct cpu_qdepthwise_kernels
 * @lanes: bytes of a vector
 * @run: any kernel
 */
struct cpu_qdepthwise_kernels {
	int lanes;
	void (*run)(const struct cpu_qdepthwise_call *call);
};

/* Where the word for byte @i of a vector of @lanes stands among those of all its bytes. */
static inline int cpu_qdepthwise_lane(int lanes, int i)
{
	return i % 16 / 4 * (lanes / 4) + i / 16 * 4 + i % 4;
}

/* Where, among the bytes of a pair's split weights, coarse ones of byte @i are, first tap and second; fine
 * ones are 2 * @lanes further on. */
static inline int cpu_qdepthwise_part(int lanes, int i)
{
	return i % 16 / 8 * lanes + i / 16 * 16 + i % 8 * 2;
}

#endif
