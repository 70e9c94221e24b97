/* SPDX-License-Identifier: MIT */
/*
 * Tests and benchmarks of the CPU kernels: each instruction set that this machine has against plain
 * loops. Every noun of CPU_KERNELS has a check_NOUN() and a bench_NOUN().
 */
#ifndef EDGE_TESTS_KERNELS_CHECK_H
#define EDGE_TESTS_KERNELS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

/**
 * struct check - one run over one instruction set
 * @isa: its name
 * @cpu_flags: it and those below
 * @peak: GFLOP/s of multiply-adds in registers, measured when benchmarking
 * @byte_peak: the same of bytes, in integers
 * @bf16_peak: the same of bf16
 */
struct check {
	const char *isa;
	unsigned int cpu_flags;
	double peak;
	double byte_peak;
	double bf16_peak;
};

/* Kinds of operators that are checked as whole nodes, besides the kernels that they are made of, and
 * kernels that not every instruction set has. */
#define CHECK_OPS(X) \
	X(bytes) \
	X(conv) \
	X(conv_transpose) \
	X(elementwise) \
	X(image) \
	X(matmul) \
	X(move) \
	X(pgemm) \
	X(qconv)

#define CHECK_DECLARE(noun) \
	void check_##noun(const struct check *check); \
	void bench_##noun(const struct check *check);
CPU_KERNELS(CHECK_DECLARE)
CHECK_OPS(CHECK_DECLARE)
#undef CHECK_DECLARE

/* Random numbers, the same for the same --seed. */
uint32_t check_random(void);
int64_t check_between(int64_t low, int64_t high); /* both included */
float check_uniform(void); /* -1 to 1 */

/*
 * @count floats that end where a page begins which nobody may touch, with a guard zone in front.
 * Filled with a pattern that is a NaN. The memory is given back by check_free_all().
 */
float *check_alloc(int64_t count);
float *check_alloc_random(int64_t count);
uint8_t *check_alloc_bytes(int64_t count);
uint8_t *check_alloc_random_bytes(int64_t count);
void check_free_all(void);

/* Whether @p still holds the pattern. */
bool check_is_untouched(const float *p);
bool check_is_untouched_byte(const uint8_t *p);

/* Whether the guard zone in front of every live buffer is whole. */
bool check_guards(void);

/* Counts a test; where @ok is false, prints the description. */
void check_result(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Times @run(@argument) and prints a line; @flops and @bytes are of one call. */
void check_bench(const struct check *check, const char *name, double flops,
		 void (*run)(void *argument), void *argument);

/* The same for products of bf16. */
void check_bench_bf16(const struct check *check, const char *name, double flops,
		      void (*run)(void *argument), void *argument);

/* The same for work on bytes, @operations of them. */
void check_bench_bytes(const struct check *check, const char *name, double operations,
		       void (*run)(void *argument), void *argument);

#endif
