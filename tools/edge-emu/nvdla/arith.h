/* SPDX-License-Identifier: MIT */
/* Rounding and saturation as the datapath has them. */
#ifndef EDGE_EMU_ARITH_H
#define EDGE_EMU_ARITH_H

#include <stdint.h>

static inline int64_t saturate(int64_t value, int bits)
{
	const int64_t high = ((int64_t)1 << (bits - 1)) - 1;

	if (value > high)
		return high;
	return value < -high - 1 ? -high - 1 : value;
}

/* @value / 2^@shift to nearest, halves away from zero; 0 for a shift beyond 49 bits. */
static inline int64_t round_shift(int64_t value, unsigned int shift)
{
	if (!shift)
		return value;
	if (shift >= 49)
		return 0;

	const int64_t half = (int64_t)1 << (shift - 1);

	return value >= 0 ? (value + half) >> shift : -((-value + half) >> shift);
}

static inline int64_t divide_up(int64_t value, int64_t divisor)
{
	return (value + divisor - 1) / divisor;
}

/* Field of bits @low to @high of a register, and the same with a sign. */
static inline uint32_t field(uint32_t value, int high, int low)
{
	return value >> low & (uint32_t)(((uint64_t)1 << (high - low + 1)) - 1);
}

static inline int32_t signed_field(uint32_t value, int high, int low)
{
	const int unused = 31 - high;

	return (int32_t)(value << unused) >> (unused + low);
}

#endif
