/* SPDX-License-Identifier: MIT */
/*
 * Depthwise convolution of bytes. The lanes of a vector are channels; taps are taken in pairs, since
 * an instruction adds two products of 16 bits.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_QDEPTHWISE_H
#define EDGE_BACKEND_CPU_KERNELS_QDEPTHWISE_H

#include <stdint.h>

#include "backend/cpu/kernels/qgemm.h"

/**
 * struct cpu_qdepthwise_call - pixels of an output row, in one vector of channels
 * @weights: vectors of words, each four for a vector of bytes: biases, less what the zero point of x
 *	adds; for each pair of taps the two weights, less their zero points; multipliers and shifts
 *	as in struct cpu_qgemm_tile. See cpu_qdepthwise_lane().
 * @pairs: of taps, at least 1; where there is no second tap its weights are 0
 * @to: its zero point must be a byte
 * @a: for each tap the input of the first pixel, from this vector's first channel on
 * @x_step, @y_step: from one pixel to the next
 * @x_half, @y_half: from the lower half of a vector to the upper: half a vector, or what makes it
 *	two pixels or channels that are not neighbours
 * @channels: valid ones, if they are fewer than half a vector; else 0
 */
struct cpu_qdepthwise_call {
	const int32_t *weights;
	int64_t pairs;
	struct cpu_requantise to;
	const uint8_t *const *a;
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

#endif
