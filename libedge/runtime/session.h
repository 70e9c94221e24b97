/* SPDX-License-Identifier: MIT */
#ifndef EDGE_RUNTIME_SESSION_H
#define EDGE_RUNTIME_SESSION_H

#include <pthread.h>
#include <stdbool.h>

#include "edge/session.h"
#include "runtime/frame.h"
#include "runtime/pool.h"
#include "runtime/program.h"

enum request_state {
	REQUEST_IDLE, /* has not been submitted yet */
	REQUEST_QUEUED, /* in the queue, or running */
	REQUEST_DONE,
};

/**
 * struct edge_request - a frame
 * @io: inputs and outputs
 * @next: in the session's queue
 * @state: under the session's lock, like @next
 * @caller_runs: a thread in edge_request_run() waits for its turn; else the dispatcher runs it
 */
struct edge_request {
	struct edge_session *session;
	uint8_t *io;
	struct edge_frame *frame;
	struct edge_request *next;
	enum request_state state;
	bool caller_runs;
};

/**
 * struct edge_session - a program with threads and memory to run in
 * @scratch: of all threads, @scratch_size bytes each; made with the first request, since all
 *	requests of a session need the same
 * @head: of the queue; it is the request that runs or may begin to
 * @dispatcher: runs submitted requests; started by the first
 * @changed: a request is done, the head has changed, or the dispatcher is to quit
 */
struct edge_session {
	const struct edge_program *program;
	unsigned int threads;
	bool profile;
	uint8_t *arena;
	uint8_t *scratch;
	size_t scratch_size;
	struct edge_pool *pool;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct edge_request *head;
	struct edge_request *tail;
	pthread_t dispatcher;
	bool has_dispatcher;
	bool quit;
};

#endif
