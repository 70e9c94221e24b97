/* SPDX-License-Identifier: MIT */
/*
 * Denormal numbers are slower by two orders of magnitude on many cores and mean nothing in a
 * network, so that threads treat them as zero while they run a frame.
 */
#ifndef EDGE_RUNTIME_FPU_H
#define EDGE_RUNTIME_FPU_H

#include <stdint.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

/* Turns denormals off for this thread; the state before, for edge_fpu_restore(). */
static inline uint64_t edge_fpu_flush_denormals(void)
{
#if defined(__SSE__)
	/* Bit 15: results flush to zero; bit 6: operands are zero. */
	uint64_t saved = _mm_getcsr();

	_mm_setcsr(saved | 1 << 15 | 1 << 6);
	return saved;
#elif defined(__aarch64__)
	uint64_t saved;

	__asm__ volatile("mrs %0, fpcr" : "=r"(saved));
	__asm__ volatile("msr fpcr, %0" ::"r"(saved | 1 << 24));
	return saved;
#else
	return 0;
#endif
}

static inline void edge_fpu_restore(uint64_t saved)
{
#if defined(__SSE__)
	_mm_setcsr(saved);
#elif defined(__aarch64__)
	__asm__ volatile("msr fpcr, %0" ::"r"(saved));
#endif
}

#endif
