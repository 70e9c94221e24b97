// SPDX-License-Identifier: MIT
#include <stdatomic.h>
#include <stdbool.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "edge/cpu.h"

static atomic_uint mask = ~0u;

#if defined(__x86_64__) || defined(__i386__)

/* What not all compilers know to ask for. These use the registers of AVX2 and AVX-512, so that the
 * system saves them if it does those. */
static bool has_f16c(void)
{
	unsigned int eax, ebx, ecx = 0, edx;

	return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && ecx & 1 << 29;
}

static unsigned int detect_extensions(unsigned int flags)
{
	unsigned int eax = 0, ebx, ecx, edx;
	unsigned int found = 0;

	if (!__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx))
		return 0;
	if (flags & EDGE_CPU_AVX2 && eax & 1 << 4)
		found |= EDGE_CPU_AVX_VNNI;
	if (flags & EDGE_CPU_AVX512 && eax & 1 << 5)
		found |= EDGE_CPU_AVX512_BF16;
	return found;
}

/* The compiler's run-time library asks CPUID and XGETBV, so that what the system does not save
 * counts as absent. */
static unsigned int detect(void)
{
	unsigned int flags = 0;

	__builtin_cpu_init();
	if (__builtin_cpu_supports("sse4.1"))
		flags |= EDGE_CPU_SSE41;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c())
		flags |= EDGE_CPU_AVX2;
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
		flags |= EDGE_CPU_AVX512;
	if (flags & EDGE_CPU_AVX512 && __builtin_cpu_supports("avx512vnni"))
		flags |= EDGE_CPU_AVX512_VNNI;
	return flags | detect_extensions(flags);
}

#else

static unsigned int detect(void)
{
	return 0;
}

#endif

unsigned int edge_cpu_flags(void)
{
	return detect() & atomic_load_explicit(&mask, memory_order_relaxed);
}

void edge_set_cpu_mask(unsigned int flags)
{
	atomic_store_explicit(&mask, flags, memory_order_relaxed);
}

const char *edge_cpu_level_name(unsigned int flags)
{
	if (flags & EDGE_CPU_AVX512_BF16)
		return "avx512bf16";
	if (flags & EDGE_CPU_AVX512_VNNI)
		return "avx512vnni";
	if (flags & EDGE_CPU_AVX512)
		return "avx512";
	if (flags & EDGE_CPU_AVX_VNNI)
		return "avxvnni";
	if (flags & EDGE_CPU_AVX2)
		return "avx2";
	if (flags & EDGE_CPU_SSE41)
		return "sse4.1";
	return "c";
}
