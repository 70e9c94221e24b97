// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/cores.h"
#include "runtime/pool.h"

#define THREADS 4
#define JOBS 2000

/* Plain counters: a thread that is inside two jobs at once, or a job that overlaps the next, is a
 * race that the thread sanitizer sees. */
struct job {
	int runs[THREADS];
	atomic_int started;
};

static void count(void *data, unsigned int thread)
{
	struct job *job = data;

	job->runs[thread]++;
	atomic_fetch_add(&job->started, 1);
}

/* Thread 0 stays until all have come. */
static void gather(void *data, unsigned int thread)
{
	struct job *job = data;

	count(data, thread);
	while (thread == 0 && atomic_load(&job->started) < THREADS)
		;
}

static void every_thread_takes_part(void **state)
{
	struct edge_pool *pool;

	assert_int_equal(edge_pool_create(THREADS, &pool, NULL), EDGE_OK);
	for (int i = 0; i < JOBS; i++) {
		struct job job = { 0 };

		edge_pool_run(pool, gather, &job);
		for (int thread = 0; thread < THREADS; thread++)
			assert_int_equal(job.runs[thread], 1);
	}
	edge_pool_destroy(pool);
}

static void late_threads_stay_out(void **state)
{
	struct edge_pool *pool;

	assert_int_equal(edge_pool_create(THREADS, &pool, NULL), EDGE_OK);
	for (int i = 0; i < JOBS; i++) {
		struct job job = { 0 };
		int sum = 0;

		/* Who came too late must not touch the job when its memory is used again. */
		edge_pool_run(pool, count, &job);
		for (int thread = 0; thread < THREADS; thread++)
			sum += job.runs[thread];
		assert_int_equal(job.runs[0], 1);
		assert_int_equal(sum, atomic_load(&job.started));
		memset(&job, 0, sizeof(job));
	}
	edge_pool_destroy(pool);
}

static void one_thread_needs_no_other(void **state)
{
	struct job job = { 0 };
	struct edge_pool *pool;

	assert_int_equal(edge_pool_create(1, &pool, NULL), EDGE_OK);
	edge_pool_run(pool, count, &job);
	assert_int_equal(job.runs[0], 1);
	edge_pool_destroy(pool);
	edge_pool_destroy(NULL);
}

static void halve(void *data, unsigned int thread)
{
	volatile float *value = data;

	if (thread == 0)
		*value = *value / 2;
}

static void denormals_are_off_in_jobs_only(void **state)
{
	volatile float smallest = 1.17549435e-38f;
	struct edge_pool *pool;
	float value = smallest;

	assert_int_equal(edge_pool_create(1, &pool, NULL), EDGE_OK);
	edge_pool_run(pool, halve, &value);
#if defined(__SSE__) || defined(__aarch64__)
	assert_true(value == 0);
#endif
	assert_true(smallest / 2 > 0);
	edge_pool_destroy(pool);
}

static void there_is_a_core(void **state)
{
	assert_true(edge_cores() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_thread_takes_part),
		cmocka_unit_test(late_threads_stay_out),
		cmocka_unit_test(one_thread_needs_no_other),
		cmocka_unit_test(denormals_are_off_in_jobs_only),
		cmocka_unit_test(there_is_a_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
