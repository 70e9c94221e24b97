/* SPDX-License-Identifier: MIT */
/* AVX2 and AVX-VNNI. See simd.h. */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_AVXVNNI_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_AVXVNNI_H

#include "backend/cpu/kernels/simd_avx2.h"

#define CPU_HAS_DOT4

/* Settled, or GCC gives each sum of a loop a second register, and one more place on the stack. */
CPU_INLINE vi vi_dot4(vi sum, vi a, vi b)
{
	sum = _mm256_dpbusd_avx_epi32(sum, a, b);
	vi_settle(&sum);
	return sum;
}

#endif
