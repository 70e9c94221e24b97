// SPDX-License-Identifier: MIT
/*
 * The fixed-point rule is that of gemmlowp (https://github.com/google/gemmlowp,
 * fixedpoint/fixedpoint.h and doc/quantization.md) as TensorFlow Lite's reference kernels use it.
 */
#include "base/requant.h"

#include <math.h>

int32_t edge_round_float(enum edge_rounding rounding, float x)
{
	if (x != x)
		return 0;
	x = rounding == EDGE_ROUND_FIXED ? roundf(x) : nearbyintf(x);
	if (x >= 0x1p31f)
		return INT32_MAX;
	return x < -0x1p31f ? INT32_MIN : (int32_t)x;
}

struct edge_multiplier edge_multiplier_fixed(double real)
{
	struct edge_multiplier multiplier = { .rounding = EDGE_ROUND_FIXED };
	int64_t fixed = llround(frexp(real, &multiplier.shift) * 0x1p31);

	if (fixed == (int64_t)1 << 31) {
		fixed /= 2;
		multiplier.shift++;
	}
	if (multiplier.shift < -31) {
		fixed = 0;
		multiplier.shift = 0;
	} else if (multiplier.shift > 30) {
		fixed = INT32_MAX;
		multiplier.shift = 30;
	}
	multiplier.fixed = (int32_t)fixed;
	return multiplier;
}

struct edge_multiplier edge_multiplier_of(enum edge_rounding rounding, float a, float b, float c)
{
	if (rounding == EDGE_ROUND_FIXED)
		return edge_multiplier_fixed((double)a * b / c);
	return (struct edge_multiplier) { .rounding = rounding, .real = a * b / c };
}

/* 2 * @a * @b / 2^32, rounded to nearest; @b is not negative, so that nothing overflows. */
static int32_t doubling_high(int32_t a, int32_t b)
{
	const int64_t product = (int64_t)a * b;
	const int64_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);

	return (int32_t)((product + nudge) / ((int64_t)1 << 31));
}

/* @value / 2^@exponent, ties away from zero. */
static int32_t divide_by_power(int32_t value, int exponent)
{
	const int32_t mask = (int32_t)(((int64_t)1 << exponent) - 1);
	const int32_t rest = value & mask;
	const int32_t half = (mask >> 1) + (value < 0);

	return (value >> exponent) + (rest > half);
}

int32_t edge_multiply(int32_t value, const struct edge_multiplier *multiplier)
{
	const int shift = multiplier->shift;

	if (multiplier->rounding == EDGE_ROUND_FLOAT)
		return edge_round_float(EDGE_ROUND_FLOAT, (float)value * multiplier->real);
	if (shift > 0)
		value = edge_wrap_mul(value, (int32_t)1 << shift);
	return divide_by_power(doubling_high(value, multiplier->fixed), shift < 0 ? -shift : 0);
}

int32_t edge_range_store(const struct edge_range *range, int32_t value)
{
	const int64_t stored = (int64_t)value + range->zero_point;

	if (stored < range->low)
		return range->low;
	return stored > range->high ? range->high : (int32_t)stored;
}
