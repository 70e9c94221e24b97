/* SPDX-License-Identifier: MIT */
/* AVX2 and AVX-VNNI. See simd.h. */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_AVXVNNI_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_AVXVNNI_H

#include "backend/cpu/kernels/simd_avx2.h"

#define CPU_HAS_DOT4

CPU_INLINE vi vi_dot4(vi sum, vi a, vi b)
{
	return _mm256_dpbusd_avx_epi32(sum, a, b);
}

#endif
