// SPDX-License-Identifier: MIT
#include "peak.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "cli.h"

#define ROUNDS 20000
#define TRIES 15
#define CHAINS 12 /* latency times throughput of any core so far is below */

/*
 * The compiler vectorises the loop over a chain's lanes for the target of each function; the chains
 * are independent, so that latency does not count.
 */
typedef float lanes16 __attribute__((vector_size(64)));
typedef float lanes8 __attribute__((vector_size(32)));
typedef float lanes4 __attribute__((vector_size(16)));

#define BURST(name, lanes, attribute) \
	attribute static double name(void) \
	{ \
		lanes chain[CHAINS]; \
		lanes factor = { 0 }; \
		uint64_t start; \
\
		for (int i = 0; i < CHAINS; i++) \
			chain[i] = factor; \
		start = cli_now(); \
		for (int round = 0; round < ROUNDS; round++) { \
			_Pragma("GCC unroll 12") for (int i = 0; i < CHAINS; i++) \
			{ \
				chain[i] = chain[i] * factor + factor; \
				__asm__ volatile("" : "+v"(chain[i])); \
			} \
		} \
		return 2.0 * CHAINS * ROUNDS * (sizeof(lanes) / sizeof(float)) * 1e9 / \
		       (cli_now() - start); \
	}

#if defined(__x86_64__)
BURST(burst_avx512, lanes16,
      __attribute__((target("avx512f,avx512vl,fma"), optimize("fp-contract=fast"))))
BURST(burst_avx2, lanes8, __attribute__((target("avx2,fma"), optimize("fp-contract=fast"))))
BURST(burst_sse, lanes4, )

static double burst(unsigned int flags)
{
	if (flags & EDGE_CPU_AVX512)
		return burst_avx512();
	if (flags & EDGE_CPU_AVX2)
		return burst_avx2();
	return burst_sse();
}
#else
static double burst(unsigned int flags)
{
	lanes4 chain[CHAINS] = { 0 }, factor = { 0 };
	uint64_t start = cli_now();

	(void)flags;
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < CHAINS; i++) {
			chain[i] = chain[i] * factor + factor;
			__asm__ volatile("" : "+w"(chain[i]));
		}
	return 2.0 * CHAINS * ROUNDS * 4 * 1e9 / (cli_now() - start);
}
#endif

struct worker {
	pthread_t thread;
	unsigned int flags;
	double best;
};

/* The best of some tries: others on the machine can only make it slower. */
static void *work(void *data)
{
	struct worker *worker = data;

	for (int i = 0; i < TRIES; i++) {
		double rate = burst(worker->flags);

		if (rate > worker->best)
			worker->best = rate;
	}
	return NULL;
}

double peak_flops(unsigned int flags, unsigned int threads)
{
	struct worker *workers = calloc(threads, sizeof(*workers));
	unsigned int started = 0;
	double sum = 0;

	if (!workers)
		return 0;
	for (; started < threads; started++) {
		workers[started].flags = flags;
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
