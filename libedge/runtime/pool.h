/* SPDX-License-Identifier: MIT */
/*
 * The threads of a session. They sleep between frames and are woken once a frame; how they share
 * the work inside it is the job's affair.
 */
#ifndef EDGE_RUNTIME_POOL_H
#define EDGE_RUNTIME_POOL_H

#include "edge/status.h"

struct edge_pool;

/* Called as thread @thread, 0 to the number of threads - 1. */
typedef void (*edge_pool_job)(void *data, unsigned int thread);

/* @threads counts the one that calls edge_pool_run(): 1 starts none. */
enum edge_status edge_pool_create(unsigned int threads, struct edge_pool **pool,
				  struct edge_error *error);

/* Accepts NULL. No job may be running. */
void edge_pool_destroy(struct edge_pool *pool);

/**
 * edge_pool_run() - run @job as thread 0 here and as the others on the pool's threads
 *
 * Returns when @job has returned on all threads on which it has begun. It may not begin on a thread
 * that the system does not run in time, so the job as thread 0 must not wait for others to begin.
 * One caller at a time.
 */
void edge_pool_run(struct edge_pool *pool, edge_pool_job job, void *data);

#endif
