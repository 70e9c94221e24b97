/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TESTS_KERNELS_PEAK_H
#define EDGE_TESTS_KERNELS_PEAK_H

/* Multiply-adds that nothing but the processor limits; @run does @flops of them. */
struct peak {
	double flops;
	void (*run)(void);
};

extern const struct peak peak__c;
extern const struct peak peak__sse4;
extern const struct peak peak__avx2;
extern const struct peak peak__avx512;

#endif
