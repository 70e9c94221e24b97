// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "edge/cpu.h"
#include "peak/peak_isa.h"

#define SECONDS 0.05 /* a core takes some milliseconds to reach its speed for wide vectors */

struct worker {
	pthread_t thread;
	void (*run)(void);
	double operations;
	double best;
};

const struct peak *peak_burst(unsigned int cpu_flags)
{
#if defined(__x86_64__) || defined(__i386__)
	if (cpu_flags & EDGE_CPU_AVX512_VNNI)
		return &peak__avx512vnni;
	if (cpu_flags & EDGE_CPU_AVX512)
		return &peak__avx512;
	if (cpu_flags & EDGE_CPU_AVX_VNNI)
		return &peak__avxvnni;
	if (cpu_flags & EDGE_CPU_AVX2)
		return &peak__avx2;
	if (cpu_flags & EDGE_CPU_SSE41)
		return &peak__sse4;
#endif
	return &peak__c;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void *work(void *data)
{
	struct worker *worker = data;
	double end = seconds() + SECONDS, start;

	while ((start = seconds()) < end) {
		double rate;

		worker->run();
		rate = worker->operations / (seconds() - start);
		if (rate > worker->best)
			worker->best = rate;
	}
	return NULL;
}

static double measure(void (*run)(void), double operations, unsigned int threads)
{
	struct worker *workers = calloc(threads, sizeof(*workers));
	unsigned int started = 0;
	double sum = 0;

	if (!workers)
		return 0;
	for (; started < threads; started++) {
		workers[started].run = run;
		workers[started].operations = operations;
		if (pthread_create(&workers[started].thread, NULL, work, &workers[started]))
			break;
	}
	for (unsigned int i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		sum += workers[i].best;
	}
	free(workers);
	return started == threads ? sum : 0;
}

double peak_flops(unsigned int cpu_flags, unsigned int threads)
{
	const struct peak *peak = peak_burst(cpu_flags);

	return measure(peak->run, peak->flops, threads);
}

double peak_byte_operations(unsigned int cpu_flags, unsigned int threads)
{
	const struct peak *peak = peak_burst(cpu_flags);

	return measure(peak->run_bytes, peak->byte_operations, threads);
}

double peak_bf16_operations(unsigned int cpu_flags, unsigned int threads)
{
	const struct peak *peak = peak_burst(cpu_flags);

#if defined(__x86_64__) || defined(__i386__)
	if (cpu_flags & EDGE_CPU_AVX512_BF16)
		peak = &peak__avx512bf16;
#endif
	return measure(peak->run_bf16, peak->bf16_operations, threads);
}
