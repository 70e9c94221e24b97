// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/kernels.h"

#include <stddef.h>

#include "edge/cpu.h"

#if defined(__x86_64__) || defined(__i386__)
#define CHOOSE(noun, flags) \
	((flags)&EDGE_CPU_AVX512  ? &cpu_##noun##__avx512 \
	 : (flags)&EDGE_CPU_AVX2  ? &cpu_##noun##__avx2 \
	 : (flags)&EDGE_CPU_SSE41 ? &cpu_##noun##__sse4 \
				  : &cpu_##noun##__c)
#else
#define CHOOSE(noun, flags) (&cpu_##noun##__c)
#endif

#define DEFINE(noun) \
	const struct cpu_##noun##_kernels *cpu_##noun##_kernels(unsigned int cpu_flags) \
	{ \
		return CHOOSE(noun, cpu_flags); \
	}
CPU_KERNELS(DEFINE)

const struct cpu_qgemm_kernels *cpu_qgemm_byte_kernels(unsigned int cpu_flags)
{
#if defined(__x86_64__) || defined(__i386__)
	if (cpu_flags & EDGE_CPU_AVX512_VNNI)
		return &cpu_qgemm__avx512vnni;
	if (cpu_flags & EDGE_CPU_AVX_VNNI)
		return &cpu_qgemm__avxvnni;
#endif
	return NULL;
}

const struct cpu_qgemm_kernels *cpu_pgemm_kernels(unsigned int cpu_flags)
{
#if defined(__x86_64__) || defined(__i386__)
	if (cpu_flags & EDGE_CPU_AVX512)
		return &cpu_pgemm__avx512;
	if (cpu_flags & EDGE_CPU_AVX2)
		return &cpu_pgemm__avx2;
	if (cpu_flags & EDGE_CPU_SSE41)
		return &cpu_pgemm__sse4;
#endif
	return NULL;
}

const struct cpu_bgemm_kernels *cpu_bgemm_best_kernels(unsigned int cpu_flags)
{
#if defined(__x86_64__) || defined(__i386__)
	if (cpu_flags & EDGE_CPU_AVX512_BF16)
		return &cpu_bgemm__avx512bf16;
#endif
	return cpu_bgemm_kernels(cpu_flags);
}
