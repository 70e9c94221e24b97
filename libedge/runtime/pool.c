// SPDX-License-Identifier: MIT
#include "runtime/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "runtime/fpu.h"
#include "runtime/futex.h"

struct worker {
	struct edge_pool *pool;
	unsigned int thread;
	pthread_t handle;
};

/*
 * @turn is odd while a job runs and even in between. A worker that finds it odd announces itself in
 * @inside and looks again; the caller that ends a job makes @turn even and then waits for @inside
 * to drain. Both are sequentially consistent, so either the worker sees that the job is over or the
 * caller sees the worker. @job NULL tells the workers to end.
 */
struct edge_pool {
	edge_pool_job job;
	void *data;
	unsigned int num_workers;
	struct worker *workers;
	alignas(64) atomic_uint turn;
	atomic_uint turn_sleepers;
	alignas(64) atomic_uint inside;
	atomic_uint inside_sleepers;
};

/* Takes part in the job of @turn unless it is over already; false when the worker is to end. */
static bool take_part(struct edge_pool *pool, unsigned int turn, unsigned int thread)
{
	bool stay = true;

	atomic_fetch_add(&pool->inside, 1);
	if (atomic_load(&pool->turn) == turn) {
		stay = pool->job;
		if (stay)
			pool->job(pool->data, thread);
	}
	atomic_fetch_sub(&pool->inside, 1);
	edge_futex_wake(&pool->inside, &pool->inside_sleepers);
	return stay;
}

static void *worker_main(void *data)
{
	const struct worker *worker = data;
	struct edge_pool *pool = worker->pool;
	unsigned int turn = 0;

	edge_fpu_flush_denormals();
	do {
		edge_futex_wait(&pool->turn, turn, &pool->turn_sleepers);
		turn = atomic_load(&pool->turn);
	} while (turn % 2 == 0 || take_part(pool, turn, worker->thread));
	return NULL;
}

static void begin(struct edge_pool *pool, edge_pool_job job, void *data)
{
	pool->job = job;
	pool->data = data;
	atomic_fetch_add(&pool->turn, 1);
	edge_futex_wake(&pool->turn, &pool->turn_sleepers);
}

static void end(struct edge_pool *pool)
{
	unsigned int inside;

	atomic_fetch_add(&pool->turn, 1);
	while ((inside = atomic_load(&pool->inside)))
		edge_futex_wait(&pool->inside, inside, &pool->inside_sleepers);
}

void edge_pool_run(struct edge_pool *pool, edge_pool_job job, void *data)
{
	uint64_t saved = edge_fpu_flush_denormals();

	if (pool->num_workers)
		begin(pool, job, data);
	job(data, 0);
	if (pool->num_workers)
		end(pool);
	edge_fpu_restore(saved);
}

/* Signals are for the application's own threads. */
static int start_worker(struct worker *worker)
{
	sigset_t all, before;
	int result;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	result = pthread_create(&worker->handle, NULL, worker_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!result)
		pthread_setname_np(worker->handle, "edge-worker");
	return result;
}

enum edge_status edge_pool_create(unsigned int threads, struct edge_pool **result,
				  struct edge_error *error)
{
	struct edge_pool *pool = aligned_alloc(alignof(struct edge_pool), sizeof(*pool));

	if (!pool)
		return edge_fail_memory(error);
	memset(pool, 0, sizeof(*pool));
	pool->workers = calloc(threads, sizeof(*pool->workers));
	if (!pool->workers) {
		edge_pool_destroy(pool);
		return edge_fail_memory(error);
	}
	while (pool->num_workers + 1 < threads) {
		struct worker *worker = &pool->workers[pool->num_workers];
		int failed;

		worker->pool = pool;
		worker->thread = pool->num_workers + 1;
		failed = start_worker(worker);
		if (failed) {
			edge_fail(error, EDGE_OUT_OF_MEMORY,
				  "cannot start thread %u of %u: %s; ask for fewer threads",
				  worker->thread + 1, threads, strerror(failed));
			edge_pool_destroy(pool);
			return EDGE_OUT_OF_MEMORY;
		}
		pool->num_workers++;
	}
	*result = pool;
	return EDGE_OK;
}

void edge_pool_destroy(struct edge_pool *pool)
{
	if (!pool)
		return;
	begin(pool, NULL, NULL);
	for (unsigned int i = 0; i < pool->num_workers; i++)
		pthread_join(pool->workers[i].handle, NULL);
	free(pool->workers);
	free(pool);
}
