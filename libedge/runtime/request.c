// SPDX-License-Identifier: MIT
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/memory.h"
#include "runtime/session.h"

#define NANOSECONDS UINT64_C(1000000000)

static bool reserve_scratch(struct edge_session *session, size_t size)
{
	bool good = true;

	pthread_mutex_lock(&session->lock);
	if (!session->scratch) {
		session->scratch = edge_alloc_zeroed(size * session->threads);
		session->scratch_size = size;
		good = session->scratch;
	}
	pthread_mutex_unlock(&session->lock);
	return good;
}

enum edge_status edge_request_create(struct edge_session *session, struct edge_request **result,
				     struct edge_error *error)
{
	const struct edge_program *program = session->program;
	struct edge_request *request = calloc(1, sizeof(*request));
	struct edge_memory_map map;
	enum edge_status status;

	if (!request)
		return edge_fail_memory(error);
	request->session = session;
	request->io = edge_alloc_zeroed(program->graph->io_size);
	if (!request->io) {
		status = edge_fail_memory(error);
		goto destroy_request;
	}
	map.arena = session->arena;
	map.io = request->io;
	status = edge_frame_create(program->graph, program->cpu_flags, &map, session->threads,
				   session->profile, &request->frame, error);
	if (status)
		goto destroy_request;
	if (!reserve_scratch(session, edge_frame_scratch_size(request->frame))) {
		status = edge_fail_memory(error);
		goto destroy_request;
	}
	*result = request;
	return EDGE_OK;

destroy_request:
	edge_request_destroy(request);
	return status;
}

void edge_request_destroy(struct edge_request *request)
{
	struct edge_session *session;

	if (!request)
		return;
	session = request->session;
	pthread_mutex_lock(&session->lock);
	while (request->state == REQUEST_QUEUED)
		pthread_cond_wait(&session->changed, &session->lock);
	pthread_mutex_unlock(&session->lock);
	edge_frame_destroy(request->frame);
	free(request->io);
	free(request);
}

static enum edge_status view_of(struct edge_request *request, struct edge_tensor *const *tensors,
				int count, size_t index, struct edge_view *view)
{
	const struct edge_memory_map map = {
		.arena = request->session->arena,
		.io = request->io,
	};
	const struct edge_tensor *tensor;

	if (index >= (size_t)count)
		return EDGE_INVALID_ARGUMENT;
	tensor = tensors[index];
	*view = edge_tensor_view(tensor, &map);
	if (tensor->dynamic)
		view->dims[0] = edge_frame_output_size(request->frame, tensor);
	return EDGE_OK;
}

enum edge_status edge_request_input(struct edge_request *request, size_t index,
				    struct edge_view *view)
{
	const struct edge_graph *graph = request->session->program->graph;

	return view_of(request, graph->inputs, graph->num_inputs, index, view);
}

enum edge_status edge_request_output(struct edge_request *request, size_t index,
				     struct edge_view *view)
{
	const struct edge_graph *graph = request->session->program->graph;

	return view_of(request, graph->outputs, graph->num_outputs, index, view);
}

uint64_t edge_request_node_time(const struct edge_request *request, size_t index)
{
	const struct edge_program *program = request->session->program;

	if (index >= (size_t)program->num_work)
		return 0;
	return edge_frame_node_time(request->frame, program->work[index]);
}

static void run_job(void *data, unsigned int thread)
{
	struct edge_request *request = data;
	const struct edge_session *session = request->session;

	edge_frame_run(request->frame, thread, session->scratch + thread * session->scratch_size);
}

/* By the thread whose turn it is, without the lock. */
static void run(struct edge_request *request)
{
	edge_frame_begin(request->frame);
	edge_pool_run(request->session->pool, run_job, request);
}

/* The following are called with the lock held. */

static bool enqueue(struct edge_request *request, bool caller_runs)
{
	struct edge_session *session = request->session;

	if (request->state == REQUEST_QUEUED)
		return false;
	request->state = REQUEST_QUEUED;
	request->caller_runs = caller_runs;
	request->next = NULL;
	if (session->head)
		session->tail->next = request;
	else
		session->head = request;
	session->tail = request;
	return true;
}

static void finish(struct edge_request *request)
{
	struct edge_session *session = request->session;

	session->head = request->next;
	request->state = REQUEST_DONE;
	pthread_cond_broadcast(&session->changed);
}

static void *dispatch(void *data)
{
	struct edge_session *session = data;

	pthread_mutex_lock(&session->lock);
	while (!session->quit) {
		struct edge_request *request = session->head;

		if (!request || request->caller_runs) {
			pthread_cond_wait(&session->changed, &session->lock);
			continue;
		}
		pthread_mutex_unlock(&session->lock);
		run(request);
		pthread_mutex_lock(&session->lock);
		finish(request);
	}
	pthread_mutex_unlock(&session->lock);
	return NULL;
}

static enum edge_status start_dispatcher(struct edge_session *session, struct edge_error *error)
{
	sigset_t all, before;
	int failed;

	if (session->has_dispatcher)
		return EDGE_OK;
	/* Signals are for the application's own threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&session->dispatcher, NULL, dispatch, session);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return edge_fail(error, EDGE_OUT_OF_MEMORY, "cannot start a thread: %s",
				 strerror(failed));
	pthread_setname_np(session->dispatcher, "edge-queue");
	session->has_dispatcher = true;
	return EDGE_OK;
}

enum edge_status edge_request_run(struct edge_request *request, struct edge_error *error)
{
	struct edge_session *session = request->session;

	pthread_mutex_lock(&session->lock);
	if (!enqueue(request, true)) {
		pthread_mutex_unlock(&session->lock);
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "the request is in flight; wait for it first");
	}
	while (session->head != request)
		pthread_cond_wait(&session->changed, &session->lock);
	pthread_mutex_unlock(&session->lock);
	run(request);
	pthread_mutex_lock(&session->lock);
	finish(request);
	pthread_mutex_unlock(&session->lock);
	return EDGE_OK;
}

enum edge_status edge_request_submit(struct edge_request *request, struct edge_error *error)
{
	struct edge_session *session = request->session;
	enum edge_status status;

	pthread_mutex_lock(&session->lock);
	status = start_dispatcher(session, error);
	if (!status && !enqueue(request, false))
		status = edge_fail(error, EDGE_INVALID_ARGUMENT,
				   "the request is in flight; wait for it first");
	pthread_cond_broadcast(&session->changed);
	pthread_mutex_unlock(&session->lock);
	return status;
}

/* The moment @timeout nanoseconds from now; false when it is too far to be told from forever. */
static bool deadline(uint64_t timeout, struct timespec *time)
{
	uint64_t seconds = timeout / NANOSECONDS;

	clock_gettime(CLOCK_MONOTONIC, time);
	if (seconds > INT32_MAX)
		return false;
	time->tv_sec += seconds;
	time->tv_nsec += timeout % NANOSECONDS;
	if (time->tv_nsec >= (long)NANOSECONDS) {
		time->tv_sec++;
		time->tv_nsec -= NANOSECONDS;
	}
	return true;
}

enum edge_status edge_request_wait(struct edge_request *request, uint64_t timeout_ns,
				   struct edge_error *error)
{
	struct edge_session *session = request->session;
	enum edge_status status = EDGE_OK;
	struct timespec end;
	bool bounded = deadline(timeout_ns, &end);
	int result = 0;

	pthread_mutex_lock(&session->lock);
	if (request->state == REQUEST_IDLE)
		status = edge_fail(error, EDGE_INVALID_ARGUMENT,
				   "the request has never been submitted");
	while (request->state == REQUEST_QUEUED && result != ETIMEDOUT)
		result = bounded ? pthread_cond_timedwait(&session->changed, &session->lock, &end)
				 : pthread_cond_wait(&session->changed, &session->lock);
	if (request->state == REQUEST_QUEUED)
		status = edge_fail(error, EDGE_TIMED_OUT,
				   "the request is not done after %llu us; wait for it again",
				   (unsigned long long)timeout_ns / 1000);
	pthread_mutex_unlock(&session->lock);
	return status;
}
