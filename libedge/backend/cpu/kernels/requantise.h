/* SPDX-License-Identifier: MIT */
/*
 * From 32-bit sums to bytes, by either rule of enum edge_rounding: for templates, after simd.h.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_REQUANTISE_H
#define EDGE_BACKEND_CPU_KERNELS_REQUANTISE_H

#include "backend/cpu/kernels/qgemm.h"
#include "backend/cpu/kernels/simd.h"

/* To the nearest, ties to even. Limits are whole numbers, so it does not matter that they come before
 * rounding; they keep what is rounded in the range of an integer. */
CPU_INLINE vi round_float(const struct cpu_requantise *to, vf real)
{
	const vf low = vf_set1((float)(to->low - to->zero));
	const vf high = vf_set1((float)(to->high - to->zero));

	return vi_add(vf_to_vi(vf_min(high, vf_max(low, real))), vi_set1(to->zero));
}

/* By a multiplier in f32. */
CPU_INLINE vi requantise_float(const struct cpu_requantise *to, vi sum, vi multiplier)
{
	return round_float(to, vf_mul(vi_to_vf(sum), vi_as_vf(multiplier)));
}

/*
 * By a multiplier of 31 bits behind the point and a power of two. The first rounds halves up, the
 * second, to the right, away from zero: what remains is compared with half.
 */
CPU_INLINE vi fixed_multiply(vi sum, vi multiplier, vi shift)
{
	const vi none = vi_set1(0);
	const vi left = vi_max(shift, none), right = vi_max(vi_sub(none, shift), none);
	const vi mask = vi_sub(vi_shift_left_each(vi_set1(1), right), vi_set1(1));
	vi a = vi_high_product(vi_shift_left_each(sum, left), multiplier);
	vi half = vi_sub(vi_shift_right(mask, 1), vi_shift_right(a, 31));
	vi more = vi_shift_right(vi_sub(half, vi_and(a, mask)), 31);

	return vi_sub(vi_shift_right_each(a, right), more);
}

CPU_INLINE vi requantise_fixed(const struct cpu_requantise *to, vi sum, vi multiplier, vi shift)
{
	vi real = fixed_multiply(sum, multiplier, shift);

	real = vi_max(real, vi_set1(to->low - to->zero));
	return vi_add(vi_min(real, vi_set1(to->high - to->zero)), vi_set1(to->zero));
}

#endif
