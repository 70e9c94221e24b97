// SPDX-License-Identifier: MIT
#include "runtime/frame.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "runtime/futex.h"

/* Nodes work[first] to work[first + count - 1]; of several only if each is a single task. */
struct phase {
	int first;
	int count;
	unsigned int num_tasks;
};

struct progress {
	atomic_uint next; /* task to take */
	atomic_uint done; /* tasks that are complete */
};

/*
 * @finished: for each thread and entry of @work, when the thread had no more of it to do; 0 when it
 *	did none. Only where times are kept.
 */
struct edge_frame {
	const struct edge_graph *graph;
	struct edge_backend_request *request;
	unsigned int threads;
	int num_work;
	int *work;
	int num_phases;
	struct phase *phases;
	struct progress *progress;
	atomic_uint sleepers;
	uint64_t started;
	uint64_t *finished;
};

/* All nodes are the processor's so far. */
static const struct edge_backend_ops *const backend = &edge_backend_cpu;

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static enum edge_status add_node(struct edge_frame *frame, int node, struct edge_error *error)
{
	int64_t num_tasks = backend->num_tasks(frame->request, node);
	struct phase *last = frame->num_phases ? &frame->phases[frame->num_phases - 1] : NULL;

	if (!num_tasks)
		return EDGE_OK;
	if (num_tasks > INT32_MAX)
		return edge_fail(error, EDGE_UNSUPPORTED, "node %s: too large",
				 frame->graph->nodes[node]->name);
	frame->work[frame->num_work] = node;
	if (num_tasks == 1 && last && last->num_tasks == 1) {
		last->count++;
	} else {
		frame->phases[frame->num_phases++] = (struct phase) {
			.first = frame->num_work,
			.count = 1,
			.num_tasks = num_tasks,
		};
	}
	frame->num_work++;
	return EDGE_OK;
}

static bool allocate(struct edge_frame *frame, bool profile)
{
	size_t nodes = frame->graph->num_nodes + 1;

	frame->work = calloc(nodes, sizeof(*frame->work));
	frame->phases = calloc(nodes, sizeof(*frame->phases));
	frame->progress = calloc(nodes, sizeof(*frame->progress));
	if (profile)
		frame->finished = calloc(nodes, frame->threads * sizeof(*frame->finished));
	return frame->work && frame->phases && frame->progress && (frame->finished || !profile);
}

enum edge_status edge_frame_create(const struct edge_graph *graph, unsigned int cpu_flags,
				   const struct edge_memory_map *map, unsigned int threads,
				   bool profile, struct edge_frame **result,
				   struct edge_error *error)
{
	struct edge_frame *frame = calloc(1, sizeof(*frame));
	enum edge_status status;

	if (!frame)
		return edge_fail_memory(error);
	frame->graph = graph;
	frame->threads = threads;
	if (!allocate(frame, profile)) {
		status = edge_fail_memory(error);
		goto destroy_frame;
	}
	status = backend->prepare(graph, cpu_flags, map, threads, &frame->request, error);
	for (int i = 0; i < graph->num_nodes && !status; i++)
		status = add_node(frame, i, error);
	if (status)
		goto destroy_frame;
	*result = frame;
	return EDGE_OK;

destroy_frame:
	edge_frame_destroy(frame);
	return status;
}

void edge_frame_destroy(struct edge_frame *frame)
{
	if (!frame)
		return;
	backend->release(frame->request);
	free(frame->finished);
	free(frame->progress);
	free(frame->phases);
	free(frame->work);
	free(frame);
}

size_t edge_frame_scratch_size(const struct edge_frame *frame)
{
	return (backend->scratch_size(frame->request) + 63) / 64 * 64;
}

void edge_frame_begin(struct edge_frame *frame)
{
	memset(frame->progress, 0, frame->num_phases * sizeof(*frame->progress));
	if (!frame->finished)
		return;
	memset(frame->finished, 0, frame->num_work * frame->threads * sizeof(*frame->finished));
	frame->started = now();
}

static void stamp(struct edge_frame *frame, int work, unsigned int thread)
{
	if (frame->finished)
		frame->finished[work * frame->threads + thread] = now();
}

/* Runs tasks of the phase while there are any to take; how many it has completed. */
static unsigned int run_tasks(struct edge_frame *frame, const struct phase *phase,
			      struct progress *progress, unsigned int thread, void *scratch)
{
	unsigned int completed = 0, task;

	/* A thread that comes late looks only, since to count would take the line from others. */
	if (atomic_load_explicit(&progress->next, memory_order_relaxed) >= phase->num_tasks)
		return 0;
	while ((task = atomic_fetch_add(&progress->next, 1)) < phase->num_tasks) {
		for (int i = phase->first; i < phase->first + phase->count; i++) {
			backend->run(frame->request, frame->work[i], task, scratch);
			if (phase->count > 1)
				stamp(frame, i, thread);
		}
		completed++;
	}
	if (completed && phase->count == 1)
		stamp(frame, phase->first, thread);
	return completed;
}

static void wait_until_done(struct edge_frame *frame, const struct phase *phase,
			    struct progress *progress)
{
	unsigned int done;

	while ((done = atomic_load(&progress->done)) != phase->num_tasks)
		edge_futex_wait(&progress->done, done, &frame->sleepers);
}

void edge_frame_run(struct edge_frame *frame, unsigned int thread, void *scratch)
{
	for (int i = 0; i < frame->num_phases; i++) {
		const struct phase *phase = &frame->phases[i];
		struct progress *progress = &frame->progress[i];
		unsigned int completed = run_tasks(frame, phase, progress, thread, scratch);

		if (completed &&
		    atomic_fetch_add(&progress->done, completed) + completed == phase->num_tasks)
			edge_futex_wake(&progress->done, &frame->sleepers);
		else
			wait_until_done(frame, phase, progress);
	}
}

int64_t edge_frame_output_size(const struct edge_frame *frame, const struct edge_tensor *tensor)
{
	const struct edge_node *node = tensor->producer;
	int index = 0;

	while (node->outputs[index] != tensor)
		index++;
	return backend->output_size(frame->request, node->id, index);
}

static uint64_t finished_at(const struct edge_frame *frame, int work)
{
	const uint64_t *times = &frame->finished[work * frame->threads];
	uint64_t last = 0;

	for (unsigned int i = 0; i < frame->threads; i++)
		last = times[i] > last ? times[i] : last;
	return last;
}

uint64_t edge_frame_node_time(const struct edge_frame *frame, int node)
{
	if (!frame->finished)
		return 0;
	for (int i = 0; i < frame->num_work; i++) {
		if (frame->work[i] == node)
			return finished_at(frame, i) -
			       (i ? finished_at(frame, i - 1) : frame->started);
	}
	return 0;
}
