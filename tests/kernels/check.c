// SPDX-License-Identifier: MIT
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "edge/cpu.h"
#include "peak/peak.h"

/* Whether the kernels of the highest levels are made of AVX2; see emulate.h. */
#ifndef EMULATED
#define EMULATED 0
#endif

#define GUARD 64
#define MAX_BUFFERS 256
#define SKIPPED 77 /* as meson has it */

static const uint32_t pattern = 0x7fdead77;

static struct buffer {
	void *map;
	size_t size;
	float *data;
} buffers[MAX_BUFFERS];
static int num_buffers;

static uint64_t state;
static int num_passed;
static int num_failed;

uint32_t check_random(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 32);
}

int64_t check_between(int64_t low, int64_t high)
{
	return low + check_random() % (high - low + 1);
}

float check_uniform(void)
{
	return (float)((int32_t)check_random() * 0x1p-31);
}

float *check_alloc(int64_t count)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = ((size_t)count + GUARD) * sizeof(float);
	size_t size = (bytes + page - 1) / page * page + page;
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || num_buffers == MAX_BUFFERS ||
	    mprotect(map + size - page, page, PROT_NONE)) {
		perror("check: memory");
		exit(1);
	}

	float *data = (float *)(map + size - page) - count;

	for (int64_t i = -GUARD; i < count; i++)
		memcpy(&data[i], &pattern, sizeof(pattern));
	buffers[num_buffers++] = (struct buffer) { map, size, data };
	return data;
}

float *check_alloc_random(int64_t count)
{
	float *data = check_alloc(count);

	for (int64_t i = 0; i < count; i++)
		data[i] = check_uniform();
	return data;
}

/* The last byte is the last before the page. */
uint8_t *check_alloc_bytes(int64_t count)
{
	const int64_t floats = (count + 3) / 4;

	return (uint8_t *)check_alloc(floats) + 4 * floats - count;
}

uint8_t *check_alloc_random_bytes(int64_t count)
{
	uint8_t *data = check_alloc_bytes(count);

	for (int64_t i = 0; i < count; i++)
		data[i] = (uint8_t)check_random();
	return data;
}

void check_free_all(void)
{
	while (num_buffers) {
		num_buffers--;
		munmap(buffers[num_buffers].map, buffers[num_buffers].size);
	}
}

bool check_is_untouched(const float *p)
{
	return !memcmp(p, &pattern, sizeof(pattern));
}

bool check_is_untouched_byte(const uint8_t *p)
{
	return *p == ((const uint8_t *)&pattern)[(uintptr_t)p % sizeof(pattern)];
}

bool check_guards(void)
{
	for (int b = 0; b < num_buffers; b++) {
		for (int i = 1; i <= GUARD; i++) {
			if (!check_is_untouched(buffers[b].data - i))
				return false;
		}
	}
	return true;
}

void check_result(bool ok, const char *format, ...)
{
	va_list arguments;

	if (ok) {
		num_passed++;
		return;
	}
	num_failed++;
	printf("FAILED ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of one call: the best of several bursts, which others on the machine disturb least. */
static double time_of(void (*run)(void *argument), void *argument)
{
	double best = 1e9;
	int64_t calls = 1;

	for (int burst = 0; burst < 24; burst++) {
		double start = seconds();

		for (int64_t i = 0; i < calls; i++)
			run(argument);

		double taken = seconds() - start;

		if (taken / (double)calls < best)
			best = taken / (double)calls;
		if (taken < 2e-3)
			calls = taken > 1e-5 ? 1 + (int64_t)((double)calls * 2e-3 / taken)
					     : calls * 100;
	}
	return best;
}

static void print_rate(const struct check *check, const char *name, double operations, double time,
		       double peak)
{
	double rate = operations / time * 1e-9;

	printf("%-10s %-44s %12.0f %10.1f %6.0f%%\n", check->isa, name, time * 1e9, rate,
	       100 * rate / peak);
}

void check_bench(const struct check *check, const char *name, double flops,
		 void (*run)(void *argument), void *argument)
{
	print_rate(check, name, flops, time_of(run, argument), check->peak);
}

void check_bench_bf16(const struct check *check, const char *name, double flops,
		      void (*run)(void *argument), void *argument)
{
	print_rate(check, name, flops, time_of(run, argument), check->bf16_peak);
}

void check_bench_bytes(const struct check *check, const char *name, double operations,
		       void (*run)(void *argument), void *argument)
{
	print_rate(check, name, operations, time_of(run, argument), check->byte_peak);
}

#define SSE4 EDGE_CPU_SSE41
#define AVX2 (SSE4 | EDGE_CPU_AVX2)
#define AVX512 (AVX2 | EDGE_CPU_AVX512)

static const struct level {
	const char *isa;
	unsigned int flags;
} levels[] = {
#if !EMULATED
	{ "c", 0 },
#if defined(__x86_64__) || defined(__i386__)
	{ "sse4.1", SSE4 },
	{ "avx2", AVX2 },
#endif
#endif
#if defined(__x86_64__) || defined(__i386__)
	{ "avxvnni", AVX2 | EDGE_CPU_AVX_VNNI },
	{ "avx512", AVX512 },
	{ "avx512vnni", AVX512 | EDGE_CPU_AVX512_VNNI },
	{ "avx512bf16", AVX512 | EDGE_CPU_AVX512_VNNI | EDGE_CPU_AVX512_BF16 },
#endif
};

static bool is_available(const struct level *level)
{
	const unsigned int needed = EMULATED ? AVX2 : level->flags;

	return (edge_cpu_flags() & needed) == needed;
}

static const struct noun {
	const char *name;
	void (*check)(const struct check *check);
	void (*bench)(const struct check *check);
} nouns[] = {
#define NOUN(noun) { #noun, check_##noun, bench_##noun },
	CPU_KERNELS(NOUN) CHECK_OPS(NOUN)
#undef NOUN
};

/* Of these the first are kernels. */
#define COUNT(noun) +1
enum { NUM_NOUNS = CPU_KERNELS(COUNT) CHECK_OPS(COUNT), NUM_KERNELS = CPU_KERNELS(COUNT) };
#undef COUNT

struct options {
	bool bench;
	bool quick;
	const char *isa;
	const char *only;
	uint64_t seed;
};

static void print_peaks(const struct check *check)
{
	printf("%-10s %-44s %12s %10.1f %6.0f%%\n", check->isa, "peak, in registers", "",
	       check->peak, 100.0);
	printf("%-10s %-44s %12s %10.1f %6.0f%%\n", check->isa, "peak of bytes, in registers", "",
	       check->byte_peak, 100.0);
	printf("%-10s %-44s %12s %10.1f %6.0f%%\n", check->isa, "peak of bf16, in registers", "",
	       check->bf16_peak, 100.0);
}

static void run_level(const struct level *level, const struct options *options)
{
	const int passed = num_passed, failed = num_failed;
	struct check check = { .isa = level->isa, .cpu_flags = level->flags };

	if (options->bench) {
		check.peak = peak_flops(level->flags, 1) * 1e-9;
		check.byte_peak = peak_byte_operations(level->flags, 1) * 1e-9;
		check.bf16_peak = peak_bf16_operations(level->flags, 1) * 1e-9;
		print_peaks(&check);
	}
	for (int i = 0; i < (options->quick ? NUM_KERNELS : NUM_NOUNS); i++) {
		if (options->only && strcmp(options->only, nouns[i].name))
			continue;
		if (options->bench)
			nouns[i].bench(&check);
		else
			nouns[i].check(&check);
		check_free_all();
	}
	if (!options->bench)
		printf("%s: %d passed, %d failed\n", level->isa, num_passed - passed,
		       num_failed - failed);
}

static int usage(void)
{
	fprintf(stderr, "usage: check-kernels [--bench] [--quick] [--seed NUMBER] [--isa NAME] "
			"[NOUN]\n"
			"--quick leaves out whole nodes\n");
	return 2;
}

static bool parse(int argc, char **argv, struct options *options)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--bench"))
			options->bench = true;
		else if (!strcmp(argv[i], "--quick"))
			options->quick = true;
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			options->seed = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--isa") && i + 1 < argc)
			options->isa = argv[++i];
		else if (argv[i][0] != '-' && !options->only)
			options->only = argv[i];
		else
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options options = { .seed = (uint64_t)time(NULL) };
	int num_levels = 0;

	if (!parse(argc, argv, &options) || (EMULATED && options.bench))
		return usage();
	state = options.seed;
	if (options.bench)
		printf("%-10s %-44s %12s %10s %7s\n", "isa", "kernel", "ns", "GFLOP/s", "peak");
	else
		printf("seed %llu\n", (unsigned long long)options.seed);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!is_available(&levels[i]) ||
		    (options.isa && strcmp(options.isa, levels[i].isa)))
			continue;
		run_level(&levels[i], &options);
		num_levels++;
	}
	if (!num_levels) {
		printf("this machine lacks %s\n",
		       options.isa ? options.isa : "what emulation takes: AVX2");
		return options.isa ? 1 : SKIPPED;
	}
	if (!options.bench)
		printf("%d passed, %d failed\n", num_passed, num_failed);
	return num_failed != 0;
}
