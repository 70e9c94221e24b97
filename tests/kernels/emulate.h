/* SPDX-License-Identifier: MIT */
/*
 * AVX-512, AVX-512 VNNI, AVX-512 BF16 and AVX-VNNI for machines that have AVX2: included before a
 * template that is compiled for them, so that its intrinsics are functions. Most are SIMDe's; here are
 * those that its release in Debian 12 lacks. One that neither has does not compile.
 */
#ifndef EDGE_TESTS_KERNELS_EMULATE_H
#define EDGE_TESTS_KERNELS_EMULATE_H

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define EMULATE static inline __attribute__((always_inline, unused))

union emulate {
	__m512 ps;
	__m512i si;
	__m256 ps_half[2];
	__m256i si_half[2];
	float f[16];
	uint32_t u[16];
};

/* By halves, which AVX2 knows how to treat. */
#define EMULATE_HALVES(name, result, to, type, from, function) \
	EMULATE result emulate_##name(type a) \
	{ \
		union emulate in = { .from = a }, out; \
\
		for (int h = 0; h < 2; h++) \
			out.to##_half[h] = function(in.from##_half[h]); \
		return out.to; \
	}

EMULATE_HALVES(cvtepi32_ps, __m512, ps, __m512i, si, _mm256_cvtepi32_ps)
EMULATE_HALVES(cvtps_epi32, __m512i, si, __m512, ps, _mm256_cvtps_epi32)
EMULATE_HALVES(cvttps_epi32, __m512i, si, __m512, ps, _mm256_cvttps_epi32)

EMULATE __m512i emulate_srav_epi32(__m512i a, __m512i n)
{
	union emulate in = { .si = a }, bits = { .si = n }, out;

	for (int h = 0; h < 2; h++)
		out.si_half[h] = _mm256_srav_epi32(in.si_half[h], bits.si_half[h]);
	return out.si;
}

EMULATE __m512i emulate_mulhi_epu16(__m512i a, __m512i b)
{
	union emulate x = { .si = a }, y = { .si = b }, out;

	for (int h = 0; h < 2; h++)
		out.si_half[h] = _mm256_mulhi_epu16(x.si_half[h], y.si_half[h]);
	return out.si;
}

EMULATE __m512i emulate_cvtepi8_epi32(__m128i a)
{
	union emulate out;

	out.si_half[0] = _mm256_cvtepi8_epi32(a);
	out.si_half[1] = _mm256_cvtepi8_epi32(_mm_srli_si128(a, 8));
	return out.si;
}

EMULATE __m512i emulate_cvtepu8_epi32(__m128i a)
{
	union emulate out;

	out.si_half[0] = _mm256_cvtepu8_epi32(a);
	out.si_half[1] = _mm256_cvtepu8_epi32(_mm_srli_si128(a, 8));
	return out.si;
}

EMULATE __m512i emulate_cvtepu8_epi16(__m256i a)
{
	union emulate out;

	out.si_half[0] = _mm256_cvtepu8_epi16(_mm256_castsi256_si128(a));
	out.si_half[1] = _mm256_cvtepu8_epi16(_mm256_extracti128_si256(a, 1));
	return out.si;
}

EMULATE __m128i emulate_cvtepi32_epi8(__m512i a)
{
	const union emulate in = { .si = a };
	uint8_t out[16];

	for (int i = 0; i < 16; i++)
		out[i] = (uint8_t)in.u[i];
	return _mm_loadu_si128((const __m128i *)out);
}

/* What a mask leaves out is neither read nor written. */
EMULATE __m512 emulate_maskz_loadu_ps(__mmask16 mask, const void *p)
{
	union emulate out = { .u = { 0 } };

	for (int i = 0; i < 16; i++) {
		if (mask >> i & 1)
			memcpy(&out.f[i], (const float *)p + i, sizeof(float));
	}
	return out.ps;
}

EMULATE void emulate_mask_storeu_ps(void *p, __mmask16 mask, __m512 a)
{
	const union emulate in = { .ps = a };

	for (int i = 0; i < 16; i++) {
		if (mask >> i & 1)
			memcpy((float *)p + i, &in.f[i], sizeof(float));
	}
}

EMULATE void emulate_mask_storeu_epi32(void *p, __mmask16 mask, __m512i a)
{
	const union emulate in = { .si = a };

	emulate_mask_storeu_ps(p, mask, in.ps);
}

EMULATE void emulate_mask_storeu_epi8(void *p, __mmask16 mask, __m128i a)
{
	uint8_t in[16];

	_mm_storeu_si128((__m128i *)in, a);
	for (int i = 0; i < 16; i++) {
		if (mask >> i & 1)
			((uint8_t *)p)[i] = in[i];
	}
}

/* No better than the instruction: 14 bits. */
EMULATE __m512 emulate_rcp14_ps(__m512 a)
{
	union emulate r = { .ps = a };

	for (int i = 0; i < 16; i++) {
		r.f[i] = 1 / r.f[i];
		r.u[i] &= ~0u << 9;
	}
	return r.ps;
}

#define EMULATE_REDUCE(name) \
	EMULATE float emulate_reduce_##name##_ps(__m512 a) \
	{ \
		const union emulate in = { .ps = a }; \
		__m256 eight = _mm256_##name##_ps(in.ps_half[0], in.ps_half[1]); \
		__m128 four = _mm_##name##_ps(_mm256_castps256_ps128(eight), \
					      _mm256_extractf128_ps(eight, 1)); \
		__m128 two = _mm_##name##_ps(four, _mm_movehl_ps(four, four)); \
\
		return _mm_cvtss_f32(_mm_##name##_ss(two, _mm_movehdup_ps(two))); \
	}

EMULATE_REDUCE(add)
EMULATE_REDUCE(max)
EMULATE_REDUCE(min)

/* As Intel's manual has them: denormals are zero on either side, and the upper half of a pair comes
 * first. */
EMULATE float emulate_flush(float a)
{
	return __builtin_fabsf(a) < FLT_MIN ? __builtin_copysignf(0, a) : a;
}

EMULATE float emulate_upper(uint32_t a)
{
	float f;

	a &= 0xffff0000;
	memcpy(&f, &a, sizeof(f));
	return emulate_flush(f);
}

EMULATE __m512 emulate_dpbf16_ps(__m512 sum, __m512i a, __m512i b)
{
	const union emulate x = { .si = a }, y = { .si = b };
	union emulate out = { .ps = sum };

	for (int i = 0; i < 16; i++) {
		float f = emulate_flush(out.f[i]);

		f = emulate_flush(__builtin_fmaf(emulate_upper(x.u[i]), emulate_upper(y.u[i]), f));
		f = emulate_flush(__builtin_fmaf(emulate_upper(x.u[i] << 16),
						 emulate_upper(y.u[i] << 16), f));
		out.f[i] = f;
	}
	return out.ps;
}

EMULATE __m256i emulate_cvtneps_pbh(__m512 a)
{
	const union emulate in = { .ps = a };
	uint16_t out[16];

	for (int i = 0; i < 16; i++) {
		const uint32_t bits = in.u[i], exponent = bits & 0x7f800000;

		if (exponent == 0x7f800000) /* infinity, or a NaN that becomes quiet */
			out[i] = (uint16_t)(bits >> 16 | (bits & 0x7fffff ? 0x40 : 0));
		else
			out[i] = (uint16_t)((exponent ? bits + 0x7fff + (bits >> 16 & 1)
						      : bits & 0x80000000) >>
					    16);
	}
	return _mm256_loadu_si256((const __m256i *)out);
}

#define _mm512_cvtepi32_ps emulate_cvtepi32_ps
#define _mm512_cvtps_epi32 emulate_cvtps_epi32
#define _mm512_cvttps_epi32 emulate_cvttps_epi32
#undef _mm512_srai_epi32
#define _mm512_srai_epi32(a, bits) emulate_srav_epi32(a, _mm512_set1_epi32(bits))
#define _mm512_srav_epi32 emulate_srav_epi32
#undef _mm512_roundscale_ps /* SIMDe's leaves out the parentheses */
#define _mm512_roundscale_ps(a, how) simde_mm512_roundscale_ps(a, (how))
#undef _mm512_madd_epi16 /* SIMDe's, by mistake, takes the arguments of a masked one */
#define _mm512_madd_epi16 simde_mm512_madd_epi16
#define _mm512_mulhi_epu16 emulate_mulhi_epu16
#define _mm512_cvtepi8_epi32 emulate_cvtepi8_epi32
#define _mm512_cvtepu8_epi32 emulate_cvtepu8_epi32
#define _mm512_cvtepu8_epi16 emulate_cvtepu8_epi16
#define _mm512_cvtepi32_epi8 emulate_cvtepi32_epi8
#define _mm512_maskz_loadu_ps emulate_maskz_loadu_ps
#define _mm512_mask_storeu_ps emulate_mask_storeu_ps
#define _mm512_mask_storeu_epi32 emulate_mask_storeu_epi32
#define _mm_mask_storeu_epi8 emulate_mask_storeu_epi8
#define _mm512_rcp14_ps emulate_rcp14_ps
#define _mm512_reduce_add_ps emulate_reduce_add_ps
#define _mm512_reduce_max_ps emulate_reduce_max_ps
#define _mm512_reduce_min_ps emulate_reduce_min_ps
#undef _mm512_dpbf16_ps /* SIMDe's flushes no denormals */
#define _mm512_dpbf16_ps(sum, a, b) emulate_dpbf16_ps(sum, (__m512i)(a), (__m512i)(b))
#undef _mm512_cvtneps_pbh
#define _mm512_cvtneps_pbh emulate_cvtneps_pbh
#define _mm256_dpbusd_avx_epi32 simde_mm256_dpbusd_epi32

#endif
