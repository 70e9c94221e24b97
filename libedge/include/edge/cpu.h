/* SPDX-License-Identifier: MIT */
#ifndef EDGE_CPU_H
#define EDGE_CPU_H

#include "edge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Instruction sets that the kernels know. Values are part of the ABI. */
enum edge_cpu_flag {
	EDGE_CPU_SSE41 = 1 << 0,
	EDGE_CPU_AVX2 = 1 << 1, /* AVX2, FMA and F16C */
	EDGE_CPU_AVX512 = 1 << 2, /* AVX-512 F, BW, DQ and VL */
	EDGE_CPU_AVX_VNNI = 1 << 3,
	EDGE_CPU_AVX512_VNNI = 1 << 4,
	EDGE_CPU_AVX512_BF16 = 1 << 5,
};

/* What this machine has (and its system saves on a task switch), less what the mask takes away. */
EDGE_API unsigned int edge_cpu_flags(void);

/**
 * edge_set_cpu_mask() - use only the instruction sets in @mask
 *
 * Process-wide, for tests and for measuring; programs compiled and sessions created later obey.
 * ~0u, the default, allows everything; 0 leaves scalar C.
 */
EDGE_API void edge_set_cpu_mask(unsigned int mask);

/* "avx512bf16", "avx512vnni", "avx512", "avxvnni", "avx2", "sse4.1" or "c": the best of @flags, as
 * programs are compiled for; static. */
EDGE_API const char *edge_cpu_level_name(unsigned int flags);

#ifdef __cplusplus
}
#endif

#endif
