/* SPDX-License-Identifier: MIT */
/* AVX-512 F, BW, DQ, VL and VNNI. See simd.h. */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_AVX512VNNI_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_AVX512VNNI_H

#include "backend/cpu/kernels/simd_avx512.h"

#define CPU_HAS_DOT4

/* Settled, or GCC gives each sum of a loop a second register, and one more place on the stack. */
CPU_INLINE vi vi_dot4(vi sum, vi a, vi b)
{
	sum = _mm512_dpbusd_epi32(sum, a, b);
	vi_settle(&sum);
	return sum;
}

#endif
