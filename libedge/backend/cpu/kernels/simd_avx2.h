/* SPDX-License-Identifier: MIT */
/* AVX2, FMA and F16C. See simd.h. */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_AVX2_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_AVX2_H

#include <immintrin.h>

#define VF_LANES 8

typedef __m256 vf;
typedef __m256i vi;
typedef __m256i vs;
typedef __m256 vm;

CPU_INLINE __m256i vm_first(int64_t n)
{
	return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n),
				  _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

CPU_INLINE vf vf_zero(void)
{
	return _mm256_setzero_ps();
}

CPU_INLINE vf vf_set1(float a)
{
	return _mm256_set1_ps(a);
}

CPU_INLINE vf vf_load(const float *p)
{
	return _mm256_loadu_ps(p);
}

CPU_INLINE void vf_store(float *p, vf a)
{
	_mm256_storeu_ps(p, a);
}

CPU_INLINE vf vf_load_part(const float *p, int64_t n)
{
	return _mm256_maskload_ps(p, vm_first(n));
}

/* In pieces: a masked store is microcode on AMD before Zen 4. */
CPU_INLINE void vf_store_part(float *p, vf a, int64_t n)
{
	__m128 half = _mm256_castps256_ps128(a);

	if (n & 8) {
		_mm256_storeu_ps(p, a);
		return;
	}
	if (n & 4) {
		_mm_storeu_ps(p, half);
		half = _mm256_extractf128_ps(a, 1);
		p += 4;
	}
	if (n & 2) {
		_mm_storel_pi((__m64 *)p, half);
		half = _mm_movehl_ps(half, half);
		p += 2;
	}
	if (n & 1)
		_mm_store_ss(p, half);
}

CPU_INLINE vf vf_add(vf a, vf b)
{
	return _mm256_add_ps(a, b);
}

CPU_INLINE vf vf_sub(vf a, vf b)
{
	return _mm256_sub_ps(a, b);
}

CPU_INLINE vf vf_mul(vf a, vf b)
{
	return _mm256_mul_ps(a, b);
}

CPU_INLINE vf vf_div(vf a, vf b)
{
	return _mm256_div_ps(a, b);
}

CPU_INLINE vf vf_fma(vf a, vf b, vf c)
{
	return _mm256_fmadd_ps(a, b, c);
}

CPU_INLINE vf vf_fnma(vf a, vf b, vf c)
{
	return _mm256_fnmadd_ps(a, b, c);
}

CPU_INLINE vf vf_min(vf a, vf b)
{
	return _mm256_min_ps(a, b);
}

CPU_INLINE vf vf_max(vf a, vf b)
{
	return _mm256_max_ps(a, b);
}

CPU_INLINE vf vf_abs(vf a)
{
	return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a);
}

CPU_INLINE vf vf_neg(vf a)
{
	return _mm256_xor_ps(a, _mm256_set1_ps(-0.0f));
}

CPU_INLINE vf vf_sqrt(vf a)
{
	return _mm256_sqrt_ps(a);
}

/* 12 bits, doubled by a step of Newton's. */
CPU_INLINE vf vf_reciprocal(vf a)
{
	vf r = _mm256_rcp_ps(a);

	return _mm256_mul_ps(r, _mm256_fnmadd_ps(a, r, _mm256_set1_ps(2.0f)));
}

CPU_INLINE vf vf_scale2(vf a, vf n)
{
	__m256i bits = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));

	return _mm256_mul_ps(a, _mm256_castsi256_ps(_mm256_slli_epi32(bits, 23)));
}

CPU_INLINE vf vf_round(vf a)
{
	return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

CPU_INLINE vf vf_floor(vf a)
{
	return _mm256_floor_ps(a);
}

CPU_INLINE vf vf_ceil(vf a)
{
	return _mm256_ceil_ps(a);
}

CPU_INLINE vm vf_less(vf a, vf b)
{
	return _mm256_cmp_ps(a, b, _CMP_LT_OQ);
}

CPU_INLINE vm vf_less_equal(vf a, vf b)
{
	return _mm256_cmp_ps(a, b, _CMP_LE_OQ);
}

CPU_INLINE vm vf_equal(vf a, vf b)
{
	return _mm256_cmp_ps(a, b, _CMP_EQ_OQ);
}

CPU_INLINE vf vf_select(vm m, vf a, vf b)
{
	return _mm256_blendv_ps(b, a, m);
}

/* The magnitude of @a with the sign of @b. */
CPU_INLINE vf vf_copysign(vf a, vf b)
{
	const vf sign = _mm256_set1_ps(-0.0f);

	return _mm256_or_ps(_mm256_andnot_ps(sign, a), _mm256_and_ps(sign, b));
}

/* The shuffles of AVX2 stay within its halves, which are then put in order. */
CPU_INLINE vf vf_zip_low(vf a, vf b)
{
	return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x20);
}

CPU_INLINE vf vf_zip_high(vf a, vf b)
{
	return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x31);
}

CPU_INLINE vf vf_even(vf a, vf b)
{
	__m256d pairs = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88));

	return _mm256_castpd_ps(_mm256_permute4x64_pd(pairs, 0xd8));
}

CPU_INLINE vf vf_odd(vf a, vf b)
{
	__m256d pairs = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xdd));

	return _mm256_castpd_ps(_mm256_permute4x64_pd(pairs, 0xd8));
}

CPU_INLINE float vf_sum(vf a)
{
	__m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));

	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

CPU_INLINE float vf_highest(vf a)
{
	__m128 s = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));

	s = _mm_max_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}

CPU_INLINE float vf_lowest(vf a)
{
	__m128 s = _mm_min_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));

	s = _mm_min_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(_mm_min_ss(s, _mm_movehdup_ps(s)));
}

CPU_INLINE vi vf_to_vi(vf a)
{
	return _mm256_cvtps_epi32(a);
}

CPU_INLINE vi vf_cut(vf a)
{
	return _mm256_cvttps_epi32(a);
}

CPU_INLINE vi vi_load_i8(const int8_t *p)
{
	return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)p));
}

CPU_INLINE vi vi_load_u8(const uint8_t *p)
{
	return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p));
}

CPU_INLINE void vi_store_i8(int8_t *p, vi a)
{
	__m128i words = _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));

	_mm_storel_epi64((__m128i *)p, _mm_packs_epi16(words, words));
}

CPU_INLINE void vi_store_u8(uint8_t *p, vi a)
{
	__m128i words = _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));

	_mm_storel_epi64((__m128i *)p, _mm_packus_epi16(words, words));
}

CPU_INLINE vf vi_to_vf(vi a)
{
	return _mm256_cvtepi32_ps(a);
}

CPU_INLINE vi vf_as_vi(vf a)
{
	return _mm256_castps_si256(a);
}

CPU_INLINE vf vi_as_vf(vi a)
{
	return _mm256_castsi256_ps(a);
}

CPU_INLINE vi vi_set1(int32_t a)
{
	return _mm256_set1_epi32(a);
}

CPU_INLINE vi vi_add(vi a, vi b)
{
	return _mm256_add_epi32(a, b);
}

CPU_INLINE vi vi_sub(vi a, vi b)
{
	return _mm256_sub_epi32(a, b);
}

CPU_INLINE vi vi_and(vi a, vi b)
{
	return _mm256_and_si256(a, b);
}

CPU_INLINE vi vi_or(vi a, vi b)
{
	return _mm256_or_si256(a, b);
}

CPU_INLINE vi vi_load(const int32_t *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

CPU_INLINE void vi_store(int32_t *p, vi a)
{
	_mm256_storeu_si256((__m256i *)p, a);
}

CPU_INLINE vi vi_min(vi a, vi b)
{
	return _mm256_min_epi32(a, b);
}

CPU_INLINE vi vi_max(vi a, vi b)
{
	return _mm256_max_epi32(a, b);
}

CPU_INLINE vi vi_mul(vi a, vi b)
{
	return _mm256_mullo_epi32(a, b);
}

CPU_INLINE void vi_store_part(int32_t *p, vi a, int64_t n)
{
	vf_store_part((float *)p, _mm256_castsi256_ps(a), n);
}

CPU_INLINE void vi_store_u8_part(uint8_t *p, vi a, int64_t n)
{
	uint64_t eight;

	vi_store_u8((uint8_t *)&eight, a);
	if (n & 4) {
		memcpy(p, &eight, 4);
		p += 4;
		eight >>= 32;
	}
	if (n & 2) {
		memcpy(p, &eight, 2);
		p += 2;
		eight >>= 16;
	}
	if (n & 1)
		*p = (uint8_t)eight;
}

CPU_INLINE void vi_store2_u8(uint8_t *p, vi a, vi b)
{
	vi words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xd8);

	_mm_storeu_si128((__m128i *)p, _mm_packus_epi16(_mm256_castsi256_si128(words),
							_mm256_extracti128_si256(words, 1)));
}

CPU_INLINE vi vi_shift_left_each(vi a, vi n)
{
	return _mm256_sllv_epi32(a, n);
}

CPU_INLINE vi vi_shift_right_each(vi a, vi n)
{
	return _mm256_srav_epi32(a, n);
}

/* Products of the even and of the odd lanes, whose bits 31 to 62 are then put side by side. */
CPU_INLINE vi vi_high_product(vi a, vi b)
{
	const vi half = _mm256_set1_epi64x(1 << 30);
	vi even = _mm256_add_epi64(_mm256_mul_epi32(a, b), half);
	vi odd = _mm256_add_epi64(
		_mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32)), half);

	return _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xaa);
}

CPU_INLINE vi vi_product2(vi a, vi b)
{
	return _mm256_madd_epi16(a, b);
}

/* The compiler, left alone, makes many products first and sums in other registers than they come
 * from, until it has none left. */
CPU_INLINE vi vi_dot2(vi sum, vi a, vi b)
{
	vi products = vi_product2(a, b);

	__asm__ volatile("vpaddd %1, %0, %0" : "+x"(sum) : "x"(products));
	return sum;
}

CPU_INLINE vi vi_dot_pairs(vi sum, vi a, vi b)
{
	vi sums = _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1));

	__asm__ volatile("vpaddd %1, %0, %0" : "+x"(sum) : "x"(sums));
	return sum;
}

CPU_INLINE void vi_settle(vi *a)
{
	__asm__("" : "+x"(*a));
}

CPU_INLINE vs vs_set1(int16_t a)
{
	return _mm256_set1_epi16(a);
}

CPU_INLINE vs vs_load_u8(const uint8_t *p)
{
	return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)p));
}

CPU_INLINE void vs_store(int16_t *p, vs a)
{
	_mm256_storeu_si256((__m256i *)p, a);
}

CPU_INLINE void vs_widen8(int16_t *to, const uint8_t *from, int16_t zero)
{
	__m128i wide = _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)from));

	_mm_storeu_si128((__m128i *)to, _mm_sub_epi16(wide, _mm_set1_epi16(zero)));
}

CPU_INLINE vs vs_add(vs a, vs b)
{
	return _mm256_add_epi16(a, b);
}

CPU_INLINE vs vs_sub(vs a, vs b)
{
	return _mm256_sub_epi16(a, b);
}

#define vs_shift_left(a, bits) _mm256_slli_epi16(a, bits)
#define vi_shift_left(a, bits) _mm256_slli_epi32(a, bits)
#define vi_shift_right(a, bits) _mm256_srai_epi32(a, bits)

typedef __m256i vb;

#define CPU_HAS_SHUFFLE_BYTES

CPU_INLINE vb vb_load(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

CPU_INLINE void vb_settle(vb *a)
{
	__asm__("" : "+x"(*a));
}

CPU_INLINE void vb_store(uint8_t *p, vb a)
{
	_mm256_storeu_si256((__m256i *)p, a);
}

CPU_INLINE vb vb_set1(uint8_t a)
{
	return _mm256_set1_epi8((char)a);
}

CPU_INLINE vb vb_xor(vb a, vb b)
{
	return _mm256_xor_si256(a, b);
}

CPU_INLINE vb vb_sub(vb a, vb b)
{
	return _mm256_sub_epi8(a, b);
}

CPU_INLINE vb vb_sub_signed(vb a, vb b)
{
	return _mm256_subs_epi8(a, b);
}

CPU_INLINE vb vb_repeat16(const uint8_t *p)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)p));
}

CPU_INLINE vb vb_select(vb m, vb a, vb b)
{
	return _mm256_blendv_epi8(b, a, m);
}

CPU_INLINE vb vb_shuffle16(vb table, vb index)
{
	return _mm256_shuffle_epi8(table, index);
}

CPU_INLINE vb vb_min(vb a, vb b)
{
	return _mm256_min_epu8(a, b);
}

CPU_INLINE vb vb_max(vb a, vb b)
{
	return _mm256_max_epu8(a, b);
}

CPU_INLINE vb vb_load_halves(const uint8_t *low, const uint8_t *high)
{
	return _mm256_inserti128_si256(
		_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)low)),
		_mm_loadu_si128((const __m128i *)high), 1);
}

CPU_INLINE void vb_store_halves(uint8_t *low, uint8_t *high, vb a)
{
	_mm_storeu_si128((__m128i *)low, _mm256_castsi256_si128(a));
	_mm_storeu_si128((__m128i *)high, _mm256_extracti128_si256(a, 1));
}

CPU_INLINE vb vb_zip16_low(vb a, vb b)
{
	return _mm256_unpacklo_epi8(a, b);
}

CPU_INLINE vb vb_zip16_high(vb a, vb b)
{
	return _mm256_unpackhi_epi8(a, b);
}

CPU_INLINE vi vb_widen16_low(vb a)
{
	return _mm256_unpacklo_epi8(a, _mm256_setzero_si256());
}

CPU_INLINE vi vb_widen16_high(vb a)
{
	return _mm256_unpackhi_epi8(a, _mm256_setzero_si256());
}

CPU_INLINE vs vb_dot2(vb a, vb b)
{
	return _mm256_maddubs_epi16(a, b);
}

/* As vi_dot2(). */
CPU_INLINE vs vb_dot2_add(vs sum, vb a, vb b)
{
	vs sums = _mm256_maddubs_epi16(a, b);

	__asm__ volatile("vpaddw %2, %1, %0" : "=x"(sums) : "x"(sum), "x"(sums));
	return sums;
}

CPU_INLINE vi vs_zip8_low(vs a, vs b)
{
	return _mm256_unpacklo_epi16(a, b);
}

CPU_INLINE vi vs_zip8_high(vs a, vs b)
{
	return _mm256_unpackhi_epi16(a, b);
}

CPU_INLINE vs vs_high_product(vs a, vs b)
{
	return _mm256_mulhi_epu16(a, b);
}

CPU_INLINE vs vs_max(vs a, vs b)
{
	return _mm256_max_epi16(a, b);
}

#define vs_shift_right(a, bits) _mm256_srai_epi16(a, bits)

CPU_INLINE vb vs_pack16(vs a, vs b)
{
	return _mm256_packus_epi16(a, b);
}

CPU_INLINE vb vi_pack16(vi a, vi b, vi c, vi d, vs more)
{
	const vs low = _mm256_adds_epi16(_mm256_packs_epi32(a, b), more);
	const vs high = _mm256_adds_epi16(_mm256_packs_epi32(c, d), more);

	return _mm256_packus_epi16(low, high);
}

CPU_INLINE vb vb_by_fours(vb a)
{
	return _mm256_permutevar8x32_epi32(a, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

#endif
