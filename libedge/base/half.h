/* SPDX-License-Identifier: MIT */
/* IEEE 754 binary16, for machines and compilers that have no such type. */
#ifndef EDGE_BASE_HALF_H
#define EDGE_BASE_HALF_H

#include <stdint.h>
#include <string.h>

static inline float edge_half_to_float(uint16_t half)
{
	uint32_t sign = (uint32_t)(half & 0x8000) << 16;
	uint32_t magnitude = half & 0x7fff;
	uint32_t bits;
	float value;

	if (magnitude < 0x0400) { /* subnormal: a multiple of 2^-24 */
		value = (float)magnitude * 0x1p-24f;
		return sign ? -value : value;
	}
	if (magnitude >= 0x7c00) /* infinity or NaN */
		bits = sign | 0x7f800000 | (magnitude & 0x03ff) << 13;
	else
		bits = sign | ((magnitude << 13) + ((127 - 15) << 23));
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Rounds half to even; what is too large becomes infinity. */
static inline uint16_t edge_half_from_float(float value)
{
	uint32_t bits, sign, magnitude, rest;

	memcpy(&bits, &value, sizeof(bits));
	sign = bits >> 16 & 0x8000;
	magnitude = bits & 0x7fffffff;
	if (magnitude > 0x7f800000)
		return sign | 0x7e00;
	if (magnitude >= 0x477ff000) /* 65520, which rounds up */
		return sign | 0x7c00;
	if (magnitude < 0x38800000) { /* below 2^-14: the sum's last bit weighs 2^-24 */
		float shifted;

		memcpy(&shifted, &magnitude, sizeof(shifted));
		shifted += 0.5f;
		memcpy(&bits, &shifted, sizeof(bits));
		return sign | (bits - 0x3f000000);
	}
	rest = magnitude - ((127 - 15) << 23);
	return sign | ((rest + 0x0fff + (rest >> 13 & 1)) >> 13);
}

#endif
