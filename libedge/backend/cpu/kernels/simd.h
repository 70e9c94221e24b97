/* SPDX-License-Identifier: MIT */
/*
 * The vector vocabulary that kernels are written in.
 *
 * Every *_tmpl.c here is compiled once for each instruction set; CPU_ISA, set by the build, picks
 * the words below and the suffix of the names that the file defines.
 *
 *	vf, vi, vm		VF_LANES floats, 32-bit integers, lanes of a mask
 *	vs			2 * VF_LANES 16-bit integers, in the same register as vi
 *	vf_load, vf_store	at any address
 *	vf_load_part(p, n)	lanes 0 to n - 1, the others 0; touches no memory beyond;
 *				0 <= n <= VF_LANES
 *	vf_store_part(p, v, n)	lanes 0 to n - 1
 *	vf_load_upto, vf_store_upto	the same where n may be more, which means all
 *	vf_fma(a, b, c)		a * b + c; vf_fnma(a, b, c) is c - a * b; fused where the CPU can
 *	vf_min(a, b), vf_max	b where either is a NaN
 *	vf_reciprocal		1 / a to 2 ulp; a is finite and not 0
 *	vf_scale2(a, n)		a * 2^n; n integral, -126 to 127
 *	vf_round		to nearest even; vf_to_vi rounds likewise, and makes the least integer of
 *				what is below it
 *	vf_cut			to integers, towards zero; a is in their range
 *	vi_load_i8, vi_load_u8	VF_LANES bytes, widened
 *	vi_store_i8, vi_store_u8	the other way round; a is in their range
 *	vi_store2_u8(p, a, b)	the lanes of a and then those of b
 *	vi_add, vi_sub, vi_mul, vi_shift_left	modulo 2^32
 *	vi_shift_left_each(a, n), vi_shift_right_each	by bits of each lane's own, 0 to 31
 *	vi_high_product(a, b)	(a * b + 2^30) / 2^31, rounded down; not for the least a and b
 *	vi_product2(a, b)	of each lane's two signed halves, the sum of their products, modulo 2^32
 *	vi_dot2(sum, a, b)	it and sum
 *	vi_dot4(sum, a, b)	the same of four bytes, of which those of a are unsigned; only where
 *				CPU_HAS_DOT4 is defined
 *	vi_dot_pairs(sum, a, b)	the same of four bytes too, where neither the first two products nor the
 *				last two sum up to more than 16 bits; only where CPU_HAS_SHUFFLE_BYTES is
 *	vf_dot2_bf16(sum, a, b)	sum and the products of the two bf16 halves of each lane, of the upper ones
 *				first; denormals are zero. NaNs may come from either side
 *	vf_store_bf16(p, a)	VF_LANES bf16, as cpu_bf16() of bgemm.h
 *	vi_settle(&a)		nothing; what is used on several paths behind a loop is best settled
 *				there, or the compiler finds no register for it in the loop
 *	vs_load_u8		2 * VF_LANES bytes, widened
 *	vs_widen8(to, from, zero)	eight bytes less zero, as 16 bits, whatever the lanes
 *	vf_select(m, a, b)	a where m is set, else b
 *	vf_zip_low, vf_zip_high	a[0], b[0], a[1], b[1], ...: the first VF_LANES of these, the others
 *	vf_even, vf_odd		undo it: of a and b, one after the other, every second lane
 *	vf_sum, vf_highest, vf_lowest	across the lanes
 *	vb			VB_LANES bytes, in the same register as vi
 *	vb_load, vb_store	at any address
 *	vb_sub, vb_sub_signed	modulo 2^8; of signed bytes, to the nearest end
 *	vb_load_halves, vb_store_halves	the lower and the upper half from two addresses
 *	vb_zip16_low, vb_zip16_high	of each 16 bytes of a and b: a[0], b[0], a[1], ...: the first 8
 *				pairs, the others
 *	vb_widen16_low, vb_widen16_high	of each 16 bytes the first 8, the others, as 16-bit halves of vi
 *	vb_dot2(a, b)		of each two bytes, those of a unsigned, the sum of the products, which must
 *				fit 16 bits; vb_dot2_add(sum, a, b) adds it to sum, modulo 2^16
 *	vs_zip8_low, vs_zip8_high	of each 8 words what vb_zip16_low and vb_zip16_high do of bytes
 *	vi_pack16(a, b, c, d, e)	undoes widening and zipping: 16 bytes from four lanes of each of them,
 *				plus e, whose lanes are all alike and bytes; to the nearest end
 *	vb_by_fours(a)		of each 16 bytes the first four, then of each the next four, and so on
 *	vs_high_product(a, b)	the upper 16 bits of the products of unsigned words
 *	vs_max, vs_shift_right	of signed words
 *	vs_pack16(a, b)		undoes vb_zip16_low and vb_zip16_high: bytes of signed words, to the nearest end
 *	vb_repeat16(p)		16 bytes, over and over
 *	vb_select(m, a, b)	a where the highest bit of m is set, else b
 *	vb_shuffle16(t, i)	of each 16 bytes of t, byte i % 16; 0 where i is above 127; this and what is
 *				from vs_high_product on only where CPU_HAS_SHUFFLE_BYTES is defined
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CPU_ISA_c 0
#define CPU_ISA_sse4 1
#define CPU_ISA_avx2 2
#define CPU_ISA_avx512 3
#define CPU_ISA_avxvnni 4
#define CPU_ISA_avx512vnni 5
#define CPU_ISA_avx512bf16 6

#define CPU_JOIN_(a, b) a##b
#define CPU_JOIN(a, b) CPU_JOIN_(a, b)
#define CPU_ISA_NUMBER CPU_JOIN(CPU_ISA_, CPU_ISA)

/* cpu_igemm__avx512 for CPU_NAME(cpu_igemm). */
#define CPU_NAME(name) CPU_JOIN(name##__, CPU_ISA)

/* Kernels keep sums in small arrays: their loops must vanish for these to become registers. */
#ifdef __clang__
#define CPU_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CPU_UNROLL _Pragma("GCC unroll 64")
#endif

#define CPU_INLINE static inline __attribute__((always_inline, unused))

#if CPU_ISA_NUMBER == CPU_ISA_avx512bf16
#include "backend/cpu/kernels/simd_avx512bf16.h"
#elif CPU_ISA_NUMBER == CPU_ISA_avx512vnni
#include "backend/cpu/kernels/simd_avx512vnni.h"
#elif CPU_ISA_NUMBER == CPU_ISA_avxvnni
#include "backend/cpu/kernels/simd_avxvnni.h"
#elif CPU_ISA_NUMBER == CPU_ISA_avx512
#include "backend/cpu/kernels/simd_avx512.h"
#elif CPU_ISA_NUMBER == CPU_ISA_avx2
#include "backend/cpu/kernels/simd_avx2.h"
#elif CPU_ISA_NUMBER == CPU_ISA_sse4
#include "backend/cpu/kernels/simd_sse4.h"
#else
#include "backend/cpu/kernels/simd_c.h"
#endif

#define VB_LANES (4 * VF_LANES)

CPU_INLINE vf vf_load_upto(const float *p, int64_t n)
{
	return n >= VF_LANES ? vf_load(p) : vf_load_part(p, n);
}

CPU_INLINE void vf_store_upto(float *p, vf a, int64_t n)
{
	if (n >= VF_LANES)
		vf_store(p, a);
	else
		vf_store_part(p, a, n);
}

/* What instructions do elsewhere. A product of two bf16 has 16 bits: where it stays in the range of
 * f32 it is exact, so that it does not matter whether vf_fma() is fused. */
#ifndef CPU_HAS_BF16
CPU_INLINE vf vf_flush(vf a)
{
	return vf_select(vf_less(vf_abs(a), vf_set1(FLT_MIN)), vf_copysign(vf_zero(), a), a);
}

CPU_INLINE vf vf_dot2_bf16(vf sum, vi a, vi b)
{
	const vi upper = vi_set1(-0x10000);

	sum = vf_flush(sum);
	sum = vf_fma(vi_as_vf(vi_and(a, upper)), vi_as_vf(vi_and(b, upper)), sum);
	sum = vf_flush(sum);
	sum = vf_fma(vi_as_vf(vi_shift_left(a, 16)), vi_as_vf(vi_shift_left(b, 16)), sum);
	return vf_flush(sum);
}

CPU_INLINE void vf_store_bf16(uint16_t *p, vf a)
{
	const vi bits = vf_as_vi(a);
	const vi upper = vi_shift_right(bits, 16);
	const vi odd = vi_and(upper, vi_set1(1));
	const vi near = vi_shift_right(vi_add(vi_add(bits, vi_set1(0x7fff)), odd), 16);
	const vi zero = vi_and(upper, vi_set1(0x8000));
	const vi nan = vi_or(upper, vi_set1(0x40));
	int32_t lanes[VF_LANES];
	vf result = vf_select(vf_less(vf_abs(a), vf_set1(FLT_MIN)), vi_as_vf(zero), vi_as_vf(near));

	result = vf_select(vf_equal(a, a), result, vi_as_vf(nan));
	vi_store(lanes, vf_as_vi(result));
	for (int i = 0; i < VF_LANES; i++)
		p[i] = (uint16_t)lanes[i];
}
#endif

#endif
