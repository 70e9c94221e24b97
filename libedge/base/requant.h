/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of quantised tensors, as Documentation/quantisation.md defines it. Everything that
 * computes with 8-bit integers gives the same bits as these functions.
 */
#ifndef EDGE_BASE_REQUANT_H
#define EDGE_BASE_REQUANT_H

#include <stdint.h>

/* How results are scaled and rounded. Values are part of the program file. */
enum edge_rounding {
	EDGE_ROUND_FLOAT = 0, /* f32 multiplier, ties to even: ONNX */
	EDGE_ROUND_FIXED, /* 31-bit multiplier and shift, ties away from zero: TensorFlow Lite */
	EDGE_NUM_ROUNDINGS
};

/**
 * struct edge_multiplier - a positive real that integers are multiplied by
 * @real: FLOAT
 * @fixed, @shift: FIXED: @fixed / 2^31 * 2^@shift; @fixed is 0, or 2^30 to 2^31 - 1
 */
struct edge_multiplier {
	enum edge_rounding rounding;
	float real;
	int32_t fixed;
	int shift;
};

/**
 * struct edge_range - where a result is stored
 * @zero_point: stored for the real 0
 * @low, @high: limits of what is stored: the type's, or narrower for an activation
 */
struct edge_range {
	int32_t zero_point;
	int32_t low, high;
};

/* The multiplier @a * @b / @c of three scales, each step in f32 (FLOAT) or double (FIXED). */
struct edge_multiplier edge_multiplier_of(enum edge_rounding rounding, float a, float b, float c);

/* FIXED: the multiplier nearest to @real, which is positive. */
struct edge_multiplier edge_multiplier_fixed(double real);

/* @value times @multiplier, rounded; what is out of range of int32_t is its nearest end. */
int32_t edge_multiply(int32_t value, const struct edge_multiplier *multiplier);

/* @value + the zero point, within the limits. */
int32_t edge_range_store(const struct edge_range *range, int32_t value);

/* @x rounded to an integer by the rule; NaN is 0, what is out of range the nearest end. */
int32_t edge_round_float(enum edge_rounding rounding, float x);

/* The sum and the product modulo 2^32. */
static inline int32_t edge_wrap_add(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t edge_wrap_mul(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a * (uint32_t)b);
}

#endif
