// SPDX-License-Identifier: MIT
#include "rounding.h"

#include <math.h>

double rounding_float(int32_t sum, float multiplier)
{
	const float real = (float)sum * multiplier;

	return rint((double)real);
}

void rounding_split(double real, int32_t *multiplier, int32_t *shift)
{
	int exponent;
	int64_t whole = (int64_t)round(frexp(real, &exponent) * 2147483648.0);

	if (whole == (int64_t)1 << 31) {
		whole /= 2;
		exponent++;
	}
	if (exponent < -31) {
		whole = 0;
		exponent = 0;
	}
	*multiplier = (int32_t)whole;
	*shift = exponent;
}

double rounding_fixed(int32_t sum, int32_t multiplier, int32_t shift)
{
	const int32_t shifted = (int32_t)((uint32_t)sum << (shift > 0 ? shift : 0));
	const int64_t product = (int64_t)shifted * multiplier;
	const int64_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
	const int64_t high = (product + nudge) / ((int64_t)1 << 31);

	/* Halves away from zero. */
	return shift < 0 ? round(ldexp((double)high, shift)) : (double)high;
}

uint8_t rounding_clamp(double rounded, int32_t zero, int32_t low, int32_t high)
{
	return (uint8_t)fmin(fmax(rounded + zero, low), high);
}
