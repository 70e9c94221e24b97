/* SPDX-License-Identifier: MIT */
/* AVX-512 F, BW, DQ and VL. See simd.h. */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_AVX512_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_AVX512_H

#include <immintrin.h>

#define VF_LANES 16

typedef __m512 vf;
typedef __m512i vi;
typedef __m512i vs;
typedef __mmask16 vm;

CPU_INLINE vm vm_first(int64_t n)
{
	return (vm)((1u << n) - 1);
}

CPU_INLINE vf vf_zero(void)
{
	return _mm512_setzero_ps();
}

CPU_INLINE vf vf_set1(float a)
{
	return _mm512_set1_ps(a);
}

CPU_INLINE vf vf_load(const float *p)
{
	return _mm512_loadu_ps(p);
}

CPU_INLINE void vf_store(float *p, vf a)
{
	_mm512_storeu_ps(p, a);
}

CPU_INLINE vf vf_load_part(const float *p, int64_t n)
{
	return _mm512_maskz_loadu_ps(vm_first(n), p);
}

CPU_INLINE void vf_store_part(float *p, vf a, int64_t n)
{
	_mm512_mask_storeu_ps(p, vm_first(n), a);
}

CPU_INLINE vf vf_add(vf a, vf b)
{
	return _mm512_add_ps(a, b);
}

CPU_INLINE vf vf_sub(vf a, vf b)
{
	return _mm512_sub_ps(a, b);
}

CPU_INLINE vf vf_mul(vf a, vf b)
{
	return _mm512_mul_ps(a, b);
}

CPU_INLINE vf vf_div(vf a, vf b)
{
	return _mm512_div_ps(a, b);
}

CPU_INLINE vf vf_fma(vf a, vf b, vf c)
{
	return _mm512_fmadd_ps(a, b, c);
}

CPU_INLINE vf vf_fnma(vf a, vf b, vf c)
{
	return _mm512_fnmadd_ps(a, b, c);
}

CPU_INLINE vf vf_min(vf a, vf b)
{
	return _mm512_min_ps(a, b);
}

CPU_INLINE vf vf_max(vf a, vf b)
{
	return _mm512_max_ps(a, b);
}

CPU_INLINE vf vf_abs(vf a)
{
	return _mm512_abs_ps(a);
}

CPU_INLINE vf vf_neg(vf a)
{
	return _mm512_xor_ps(a, _mm512_set1_ps(-0.0f));
}

CPU_INLINE vf vf_sqrt(vf a)
{
	return _mm512_sqrt_ps(a);
}

/* 14 bits, doubled by a step of Newton's. */
CPU_INLINE vf vf_reciprocal(vf a)
{
	vf r = _mm512_rcp14_ps(a);

	return _mm512_mul_ps(r, _mm512_fnmadd_ps(a, r, _mm512_set1_ps(2.0f)));
}

CPU_INLINE vf vf_scale2(vf a, vf n)
{
	return _mm512_scalef_ps(a, n);
}

CPU_INLINE vf vf_round(vf a)
{
	return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

CPU_INLINE vf vf_floor(vf a)
{
	return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}

CPU_INLINE vf vf_ceil(vf a)
{
	return _mm512_roundscale_ps(a, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC);
}

CPU_INLINE vm vf_less(vf a, vf b)
{
	return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
}

CPU_INLINE vm vf_less_equal(vf a, vf b)
{
	return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
}

CPU_INLINE vm vf_equal(vf a, vf b)
{
	return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}

CPU_INLINE vf vf_select(vm m, vf a, vf b)
{
	return _mm512_mask_blend_ps(m, b, a);
}

/* The magnitude of @a with the sign of @b. */
CPU_INLINE vf vf_copysign(vf a, vf b)
{
	const vf sign = _mm512_set1_ps(-0.0f);

	return _mm512_or_ps(_mm512_andnot_ps(sign, a), _mm512_and_ps(sign, b));
}

CPU_INLINE vf vf_zip_low(vf a, vf b)
{
	const __m512i index =
		_mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);

	return _mm512_permutex2var_ps(a, index, b);
}

CPU_INLINE vf vf_zip_high(vf a, vf b)
{
	const __m512i index =
		_mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);

	return _mm512_permutex2var_ps(a, index, b);
}

CPU_INLINE vf vf_even(vf a, vf b)
{
	const __m512i index =
		_mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);

	return _mm512_permutex2var_ps(a, index, b);
}

CPU_INLINE vf vf_odd(vf a, vf b)
{
	const __m512i index =
		_mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);

	return _mm512_permutex2var_ps(a, index, b);
}

CPU_INLINE float vf_sum(vf a)
{
	return _mm512_reduce_add_ps(a);
}

CPU_INLINE float vf_highest(vf a)
{
	return _mm512_reduce_max_ps(a);
}

CPU_INLINE float vf_lowest(vf a)
{
	return _mm512_reduce_min_ps(a);
}

CPU_INLINE vi vf_to_vi(vf a)
{
	return _mm512_cvtps_epi32(a);
}

CPU_INLINE vi vf_cut(vf a)
{
	return _mm512_cvttps_epi32(a);
}

CPU_INLINE vi vi_load_i8(const int8_t *p)
{
	return _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p));
}

CPU_INLINE vi vi_load_u8(const uint8_t *p)
{
	return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p));
}

CPU_INLINE void vi_store_i8(int8_t *p, vi a)
{
	_mm_storeu_si128((__m128i *)p, _mm512_cvtepi32_epi8(a));
}

CPU_INLINE void vi_store_u8(uint8_t *p, vi a)
{
	_mm_storeu_si128((__m128i *)p, _mm512_cvtepi32_epi8(a));
}

CPU_INLINE vf vi_to_vf(vi a)
{
	return _mm512_cvtepi32_ps(a);
}

CPU_INLINE vi vf_as_vi(vf a)
{
	return _mm512_castps_si512(a);
}

CPU_INLINE vf vi_as_vf(vi a)
{
	return _mm512_castsi512_ps(a);
}

CPU_INLINE vi vi_set1(int32_t a)
{
	return _mm512_set1_epi32(a);
}

CPU_INLINE vi vi_add(vi a, vi b)
{
	return _mm512_add_epi32(a, b);
}

CPU_INLINE vi vi_sub(vi a, vi b)
{
	return _mm512_sub_epi32(a, b);
}

CPU_INLINE vi vi_and(vi a, vi b)
{
	return _mm512_and_si512(a, b);
}

CPU_INLINE vi vi_or(vi a, vi b)
{
	return _mm512_or_si512(a, b);
}

CPU_INLINE vi vi_load(const int32_t *p)
{
	return _mm512_loadu_si512((const __m512i *)p);
}

CPU_INLINE void vi_store(int32_t *p, vi a)
{
	_mm512_storeu_si512((__m512i *)p, a);
}

CPU_INLINE vi vi_min(vi a, vi b)
{
	return _mm512_min_epi32(a, b);
}

CPU_INLINE vi vi_max(vi a, vi b)
{
	return _mm512_max_epi32(a, b);
}

CPU_INLINE vi vi_mul(vi a, vi b)
{
	return _mm512_mullo_epi32(a, b);
}

CPU_INLINE void vi_store_part(int32_t *p, vi a, int64_t n)
{
	_mm512_mask_storeu_epi32(p, vm_first(n), a);
}

CPU_INLINE void vi_store_u8_part(uint8_t *p, vi a, int64_t n)
{
	_mm_mask_storeu_epi8(p, vm_first(n), _mm512_cvtepi32_epi8(a));
}

CPU_INLINE void vi_store2_u8(uint8_t *p, vi a, vi b)
{
	vi_store_u8(p, a);
	vi_store_u8(p + VF_LANES, b);
}

CPU_INLINE vi vi_shift_left_each(vi a, vi n)
{
	return _mm512_sllv_epi32(a, n);
}

CPU_INLINE vi vi_shift_right_each(vi a, vi n)
{
	return _mm512_srav_epi32(a, n);
}

/* Products of the even and of the odd lanes, whose bits 31 to 62 are then put side by side. */
CPU_INLINE vi vi_high_product(vi a, vi b)
{
	const vi half = _mm512_set1_epi64(1 << 30);
	vi even = _mm512_add_epi64(_mm512_mul_epi32(a, b), half);
	vi odd = _mm512_add_epi64(
		_mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(b, 32)), half);

	return _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 31),
				       _mm512_slli_epi64(odd, 1));
}

CPU_INLINE vi vi_product2(vi a, vi b)
{
	return _mm512_madd_epi16(a, b);
}

/* The compiler, left alone, makes many products first and sums in other registers than they come
 * from, until it has none left. */
CPU_INLINE vi vi_dot2(vi sum, vi a, vi b)
{
	vi products = vi_product2(a, b);

#ifdef __AVX512F__
	__asm__ volatile("vpaddd %1, %0, %0" : "+v"(sum) : "v"(products));
	return sum;
#else /* emulated, in tests */
	return _mm512_add_epi32(sum, products);
#endif
}

CPU_INLINE vi vi_dot_pairs(vi sum, vi a, vi b)
{
	vi sums = _mm512_madd_epi16(_mm512_maddubs_epi16(a, b), _mm512_set1_epi16(1));

#ifdef __AVX512F__
	__asm__ volatile("vpaddd %1, %0, %0" : "+v"(sum) : "v"(sums));
	return sum;
#else /* emulated, in tests */
	return _mm512_add_epi32(sum, sums);
#endif
}

CPU_INLINE void vi_settle(vi *a)
{
#ifdef __AVX512F__
	__asm__("" : "+v"(*a));
#endif
}

CPU_INLINE vs vs_set1(int16_t a)
{
	return _mm512_set1_epi16(a);
}

CPU_INLINE vs vs_load_u8(const uint8_t *p)
{
	return _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)p));
}

CPU_INLINE void vs_store(int16_t *p, vs a)
{
	_mm512_storeu_si512((__m512i *)p, a);
}

CPU_INLINE void vs_widen8(int16_t *to, const uint8_t *from, int16_t zero)
{
	__m128i wide = _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)from));

	_mm_storeu_si128((__m128i *)to, _mm_sub_epi16(wide, _mm_set1_epi16(zero)));
}

CPU_INLINE vs vs_add(vs a, vs b)
{
	return _mm512_add_epi16(a, b);
}

CPU_INLINE vs vs_sub(vs a, vs b)
{
	return _mm512_sub_epi16(a, b);
}

#define vs_shift_left(a, bits) _mm512_slli_epi16(a, bits)
#define vi_shift_left(a, bits) _mm512_slli_epi32(a, bits)
#define vi_shift_right(a, bits) _mm512_srai_epi32(a, bits)

typedef __m512i vb;

#define CPU_HAS_SHUFFLE_BYTES

CPU_INLINE vb vb_load(const uint8_t *p)
{
	return _mm512_loadu_si512((const __m512i *)p);
}

CPU_INLINE void vb_settle(vb *a)
{
#ifdef __AVX512F__
	__asm__("" : "+v"(*a));
#endif
}

CPU_INLINE void vb_store(uint8_t *p, vb a)
{
	_mm512_storeu_si512((__m512i *)p, a);
}

CPU_INLINE vb vb_set1(uint8_t a)
{
	return _mm512_set1_epi8((char)a);
}

CPU_INLINE vb vb_xor(vb a, vb b)
{
	return _mm512_xor_si512(a, b);
}

CPU_INLINE vb vb_sub(vb a, vb b)
{
	return _mm512_sub_epi8(a, b);
}

CPU_INLINE vb vb_sub_signed(vb a, vb b)
{
	return _mm512_subs_epi8(a, b);
}

CPU_INLINE vb vb_repeat16(const uint8_t *p)
{
	return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)p));
}

CPU_INLINE vb vb_select(vb m, vb a, vb b)
{
	return _mm512_mask_blend_epi8(_mm512_movepi8_mask(m), b, a);
}

CPU_INLINE vb vb_shuffle16(vb table, vb index)
{
	return _mm512_shuffle_epi8(table, index);
}

CPU_INLINE vb vb_min(vb a, vb b)
{
	return _mm512_min_epu8(a, b);
}

CPU_INLINE vb vb_max(vb a, vb b)
{
	return _mm512_max_epu8(a, b);
}

CPU_INLINE vb vb_load_halves(const uint8_t *low, const uint8_t *high)
{
	return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)low)),
				  _mm256_loadu_si256((const __m256i *)high), 1);
}

CPU_INLINE void vb_store_halves(uint8_t *low, uint8_t *high, vb a)
{
	_mm256_storeu_si256((__m256i *)low, _mm512_castsi512_si256(a));
	_mm256_storeu_si256((__m256i *)high, _mm512_extracti64x4_epi64(a, 1));
}

CPU_INLINE vb vb_zip16_low(vb a, vb b)
{
	return _mm512_unpacklo_epi8(a, b);
}

CPU_INLINE vb vb_zip16_high(vb a, vb b)
{
	return _mm512_unpackhi_epi8(a, b);
}

CPU_INLINE vi vb_widen16_low(vb a)
{
	return _mm512_unpacklo_epi8(a, _mm512_setzero_si512());
}

CPU_INLINE vi vb_widen16_high(vb a)
{
	return _mm512_unpackhi_epi8(a, _mm512_setzero_si512());
}

CPU_INLINE vs vb_dot2(vb a, vb b)
{
	return _mm512_maddubs_epi16(a, b);
}

/* As vi_dot2(). */
CPU_INLINE vs vb_dot2_add(vs sum, vb a, vb b)
{
	vs sums = _mm512_maddubs_epi16(a, b);

#ifdef __AVX512F__
	__asm__ volatile("vpaddw %2, %1, %0" : "=v"(sums) : "v"(sum), "v"(sums));
	return sums;
#else
	return _mm512_add_epi16(sum, sums);
#endif
}

CPU_INLINE vi vs_zip8_low(vs a, vs b)
{
	return _mm512_unpacklo_epi16(a, b);
}

CPU_INLINE vi vs_zip8_high(vs a, vs b)
{
	return _mm512_unpackhi_epi16(a, b);
}

CPU_INLINE vs vs_high_product(vs a, vs b)
{
	return _mm512_mulhi_epu16(a, b);
}

CPU_INLINE vs vs_max(vs a, vs b)
{
	return _mm512_max_epi16(a, b);
}

#define vs_shift_right(a, bits) _mm512_srai_epi16(a, bits)

CPU_INLINE vb vs_pack16(vs a, vs b)
{
	return _mm512_packus_epi16(a, b);
}

CPU_INLINE vb vi_pack16(vi a, vi b, vi c, vi d, vs more)
{
	const vs low = _mm512_adds_epi16(_mm512_packs_epi32(a, b), more);
	const vs high = _mm512_adds_epi16(_mm512_packs_epi32(c, d), more);

	return _mm512_packus_epi16(low, high);
}

CPU_INLINE vb vb_by_fours(vb a)
{
	const __m512i order =
		_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);

	return _mm512_permutexvar_epi32(order, a);
}

#endif
