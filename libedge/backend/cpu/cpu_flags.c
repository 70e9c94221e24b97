// SPDX-License-Identifier: MIT
#include <stdatomic.h>

#include "edge/cpu.h"

static atomic_uint mask = ~0u;

/* The compiler's run-time library asks CPUID and XGETBV, so that what the system does not save
 * counts as absent. */
static unsigned int detect(void)
{
	unsigned int flags = 0;

#if defined(__x86_64__) || defined(__i386__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("sse4.1"))
		flags |= EDGE_CPU_SSE41;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		flags |= EDGE_CPU_AVX2;
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
		flags |= EDGE_CPU_AVX512;
#endif
	return flags;
}

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
	if (flags & EDGE_CPU_AVX512)
		return "avx512";
	if (flags & EDGE_CPU_AVX2)
		return "avx2";
	if (flags & EDGE_CPU_SSE41)
		return "sse4.1";
	return "c";
}
