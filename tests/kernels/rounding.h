/* SPDX-License-Identifier: MIT */
/* The two rules by which sums become bytes, each step as its definition has it. */
#ifndef EDGE_TESTS_KERNELS_ROUNDING_H
#define EDGE_TESTS_KERNELS_ROUNDING_H

#include <stdint.h>

/* @sum times @multiplier in f32, to the nearest whole number, ties to even. */
double rounding_float(int32_t sum, float multiplier);

/* @real as a multiplier of 31 bits behind the point, and a power of two. */
void rounding_split(double real, int32_t *multiplier, int32_t *shift);

/* TFLite's MultiplyByQuantizedMultiplier, of gemmlowp's fixed-point functions. */
double rounding_fixed(int32_t sum, int32_t multiplier, int32_t shift);

uint8_t rounding_clamp(double rounded, int32_t zero, int32_t low, int32_t high);

#endif
