/* SPDX-License-Identifier: MIT */
/*
 * The inner loops of the CPU back end, written once as NOUN_tmpl.c and compiled for each
 * instruction set. A noun's header, NOUN.h, defines struct cpu_NOUN_kernels.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_KERNELS_H
#define EDGE_BACKEND_CPU_KERNELS_KERNELS_H

/* From this list come the declarations here, the choice by CPU, the tests and the benchmarks. */
#define CPU_KERNELS(X) \
	X(activate) \
	X(bgemm) \
	X(binary) \
	X(cast) \
	X(copy) \
	X(copy_bytes) \
	X(depthwise) \
	X(igemm) \
	X(lookup) \
	X(pool) \
	X(qbinary) \
	X(qdepthwise) \
	X(qgemm) \
	X(qpool) \
	X(qresize) \
	X(quantize) \
	X(qwinograd) \
	X(reduce) \
	X(resize) \
	X(softmax) \
	X(winograd)

/* cpu_NOUN_kernels(): those for the best instruction set in @cpu_flags; never NULL. */
#define CPU_KERNELS_DECLARE(noun) \
	struct cpu_##noun##_kernels; \
	extern const struct cpu_##noun##_kernels cpu_##noun##__c; \
	extern const struct cpu_##noun##_kernels cpu_##noun##__sse4; \
	extern const struct cpu_##noun##_kernels cpu_##noun##__avx2; \
	extern const struct cpu_##noun##_kernels cpu_##noun##__avx512; \
	const struct cpu_##noun##_kernels *cpu_##noun##_kernels(unsigned int cpu_flags);
CPU_KERNELS(CPU_KERNELS_DECLARE)
#undef CPU_KERNELS_DECLARE

/* Those that multiply bytes as they are; NULL where no instruction in @cpu_flags does. */
extern const struct cpu_qgemm_kernels cpu_qgemm__avxvnni;
extern const struct cpu_qgemm_kernels cpu_qgemm__avx512vnni;
const struct cpu_qgemm_kernels *cpu_qgemm_byte_kernels(unsigned int cpu_flags);

/* Those that multiply them in pairs; the same. */
extern const struct cpu_qgemm_kernels cpu_pgemm__sse4;
extern const struct cpu_qgemm_kernels cpu_pgemm__avx2;
extern const struct cpu_qgemm_kernels cpu_pgemm__avx512;
const struct cpu_qgemm_kernels *cpu_pgemm_kernels(unsigned int cpu_flags);

/* cpu_bgemm_kernels() with the instruction that is made for it, where @cpu_flags have it. */
extern const struct cpu_bgemm_kernels cpu_bgemm__avx512bf16;
const struct cpu_bgemm_kernels *cpu_bgemm_best_kernels(unsigned int cpu_flags);

#endif
