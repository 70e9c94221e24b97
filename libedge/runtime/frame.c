// SPDX-License-Identifier: MIT
#include "runtime/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "runtime/futex.h"

/* Nodes work[first] to work[first + count - 1]; of several only if each is a single task. */
struct phase {
	int first;
	int count;
	unsigned int num_tasks;
};

/* Of a thread's share of a phase's tasks, how many have been taken, by itself or by others. */
struct share {
	atomic_uint taken;
};

/*
 * Each thread has a share of every phase, and takes from others' when its own is used up: so it
 * finds in its cache what it wrote in the phase before, and mostly counts where nobody else does.
 *
 * @shares: of each thread in turn, one for each phase
 * @done: for each phase, tasks that are complete
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
	struct share *shares;
	atomic_uint *done;
	atomic_uint sleepers;
	uint64_t started;
	uint64_t *finished;
};

/* All nodes are the processor's so far. */
static const struct edge_backend_ops *const backend = &edge_backend_cpu;

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
	frame->shares = calloc(nodes, frame->threads * sizeof(*frame->shares));
	frame->done = calloc(nodes, sizeof(*frame->done));
	if (profile)
		frame->finished = calloc(nodes, frame->threads * sizeof(*frame->finished));
	return frame->work && frame->phases && frame->shares && frame->done &&
	       (frame->finished || !profile);
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
	free(frame->done);
	free(frame->shares);
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
	memset(frame->shares, 0, frame->num_phases * frame->threads * sizeof(*frame->shares));
	memset(frame->done, 0, frame->num_phases * sizeof(*frame->done));
	if (!frame->finished)
		return;
	memset(frame->finished, 0, frame->num_work * frame->threads * sizeof(*frame->finished));
	frame->started = edge_clock();
}

static void stamp(struct edge_frame *frame, int work, unsigned int thread)
{
	if (frame->finished)
		frame->finished[work * frame->threads + thread] = edge_clock();
}

static void run_task(struct edge_frame *frame, const struct phase *phase, unsigned int task,
		     unsigned int thread, void *scratch)
{
	for (int i = phase->first; i < phase->first + phase->count; i++) {
		backend->run(frame->request, frame->work[i], task, scratch);
		if (phase->count > 1)
			stamp(frame, i, thread);
	}
}

/* Runs what is left of @owner's share as thread @thread; how many tasks that were. */
static unsigned int run_share(struct edge_frame *frame, int index, unsigned int owner,
			      unsigned int thread, void *scratch)
{
	const struct phase *phase = &frame->phases[index];
	struct share *share = &frame->shares[owner * frame->num_phases + index];
	unsigned int each = phase->num_tasks / frame->threads;
	unsigned int rest = phase->num_tasks % frame->threads;
	unsigned int first = owner * each + (owner < rest ? owner : rest);
	unsigned int size = each + (owner < rest);
	unsigned int completed = 0, taken;

	/* Whoever finds nothing only looks, since to count would take the line from others. */
	if (atomic_load_explicit(&share->taken, memory_order_relaxed) >= size)
		return 0;
	while ((taken = atomic_fetch_add(&share->taken, 1)) < size) {
		run_task(frame, phase, first + taken, thread, scratch);
		completed++;
	}
	if (completed && phase->count == 1)
		stamp(frame, phase->first, thread);
	return completed;
}

/* Whether all tasks of the phase are done, after @completed more. */
static bool report(struct edge_frame *frame, int index, unsigned int completed)
{
	atomic_uint *done = &frame->done[index];
	unsigned int num_tasks = frame->phases[index].num_tasks;

	if (!completed)
		return atomic_load(done) == num_tasks;
	if (atomic_fetch_add(done, completed) + completed != num_tasks)
		return false;
	edge_futex_wake(done, &frame->sleepers);
	return true;
}

/* Returns when all tasks of the phase are done. */
static void run_phase(struct edge_frame *frame, int index, unsigned int thread, void *scratch)
{
	unsigned int num_tasks = frame->phases[index].num_tasks;
	unsigned int done;

	for (unsigned int i = 0; i < frame->threads; i++) {
		unsigned int owner = (thread + i) % frame->threads;
		unsigned int completed = run_share(frame, index, owner, thread, scratch);

		if (report(frame, index, completed))
			return;
	}
	while ((done = atomic_load(&frame->done[index])) != num_tasks)
		edge_futex_wait(&frame->done[index], done, &frame->sleepers);
}

void edge_frame_run(struct edge_frame *frame, unsigned int thread, void *scratch)
{
	for (int i = 0; i < frame->num_phases; i++)
		run_phase(frame, i, thread, scratch);
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
