// SPDX-License-Identifier: MIT
#include "runtime/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "edge/cpu.h"
#include "runtime/cores.h"

/* More than any machine has cores; beyond, it is a mistake of the caller's. */
#define MAX_THREADS 1024

void edge_session_settings_default(struct edge_session_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
}

/* Timeouts must not jump with the wall clock. */
static bool init_queue(struct edge_session *session)
{
	pthread_condattr_t attributes;
	bool good;

	if (pthread_mutex_init(&session->lock, NULL))
		return false;
	if (pthread_condattr_init(&attributes))
		goto destroy_lock;
	good = !pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) &&
	       !pthread_cond_init(&session->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (good)
		return true;

destroy_lock:
	pthread_mutex_destroy(&session->lock);
	return false;
}

static enum edge_status check(const struct edge_program *program,
			      const struct edge_session_settings *settings,
			      struct edge_error *error)
{
	unsigned int missing = program->cpu_flags & ~edge_cpu_flags();

	if (settings->threads > MAX_THREADS)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "%u threads; at most %d are possible", settings->threads,
				 MAX_THREADS);
	if (missing)
		return edge_fail(
			error, EDGE_INCOMPATIBLE,
			"%s: compiled for %s, which is masked out; compile the model again",
			program->graph->name, edge_cpu_level_name(program->cpu_flags));
	return EDGE_OK;
}

enum edge_status edge_session_create(const struct edge_program *program,
				     const struct edge_session_settings *settings,
				     struct edge_session **result, struct edge_error *error)
{
	struct edge_session_settings defaults;
	struct edge_session *session;
	enum edge_status status;

	edge_session_settings_default(&defaults);
	if (!settings)
		settings = &defaults;
	status = check(program, settings, error);
	if (status)
		return status;
	session = calloc(1, sizeof(*session));
	if (!session)
		return edge_fail_memory(error);
	session->program = program;
	session->profile = settings->profile;
	session->threads = settings->threads ? settings->threads : edge_cores();
	session->arena = edge_alloc_zeroed(program->graph->arena_size);
	if (!session->arena || !init_queue(session)) {
		status = edge_fail_memory(error);
		goto free_session;
	}
	status = edge_pool_create(session->threads, &session->pool, error);
	if (status)
		goto destroy_queue;
	*result = session;
	return EDGE_OK;

destroy_queue:
	pthread_cond_destroy(&session->changed);
	pthread_mutex_destroy(&session->lock);
free_session:
	free(session->arena);
	free(session);
	return status;
}

void edge_session_destroy(struct edge_session *session)
{
	if (!session)
		return;
	if (session->has_dispatcher) {
		pthread_mutex_lock(&session->lock);
		session->quit = true;
		pthread_cond_broadcast(&session->changed);
		pthread_mutex_unlock(&session->lock);
		pthread_join(session->dispatcher, NULL);
	}
	edge_pool_destroy(session->pool);
	pthread_cond_destroy(&session->changed);
	pthread_mutex_destroy(&session->lock);
	free(session->scratch);
	free(session->arena);
	free(session);
}

unsigned int edge_session_threads(const struct edge_session *session)
{
	return session->threads;
}
