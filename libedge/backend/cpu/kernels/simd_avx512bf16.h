/* SPDX-License-Identifier: MIT */
/* AVX-512 F, BW, DQ, VL and BF16. See simd.h. */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_AVX512BF16_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_AVX512BF16_H

#include "backend/cpu/kernels/simd_avx512.h"

#define CPU_HAS_BF16

CPU_INLINE vf vf_dot2_bf16(vf sum, vi a, vi b)
{
	return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
}

CPU_INLINE void vf_store_bf16(uint16_t *p, vf a)
{
	_mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh(a));
}

#endif
