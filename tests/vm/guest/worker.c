// SPDX-License-Identifier: MIT
#include "worker.h"

#include "card.h"
#include "ops.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* So that all of it is one piece for any driver: many claim no more than 64 KiB. */
#define MARK_BYTES 48
#define SOURCE_BYTES 4096
#define SPARE_AT SOURCE_BYTES
#define MARKS_AT (2 * SOURCE_BYTES)
#define BO_BYTES (MARKS_AT + WORKER_JOBS * MARK_BYTES)

static uint64_t source_at(uint64_t job)
{
	return job * 8 % (SOURCE_BYTES - MARK_BYTES);
}

static uint64_t mark_at(uint64_t job)
{
	return MARKS_AT + job % WORKER_JOBS * MARK_BYTES;
}

void worker_open(struct worker *worker)
{
	worker->fd = accel_open();
	bo_create(&worker->bo, worker->fd, BO_BYTES, 0);
	fill(worker->bo.map, SOURCE_BYTES, (uint32_t)getpid());
	worker->ctx = ctx_create(worker->fd);
}

void worker_close(struct worker *worker)
{
	munmap(worker->bo.map, worker->bo.size);
	close(worker->fd);
}

void worker_renew(struct worker *worker)
{
	worker->ctx = ctx_create(worker->fd);
	memset(worker->bo.map + MARKS_AT, 0, WORKER_JOBS * MARK_BYTES);
}

static uint64_t next_job(const struct worker *worker)
{
	return ctx_status(worker->fd, worker->ctx).submitted + 1;
}

uint64_t worker_push_ops(struct worker *worker, unsigned int ops)
{
	struct drm_edge_nvdla_copy *stream = calloc(ops, sizeof(*stream));
	const uint64_t job = next_job(worker);

	for (unsigned int i = 0; i < ops - 1; i++)
		stream[i] = smallest_op(&worker->bo, SPARE_AT + i % 256 * 8);
	stream[ops - 1] =
		copy_op(&worker->bo, source_at(job), &worker->bo, mark_at(job), MARK_BYTES);
	assert_int_equal(submit(worker->fd, worker->ctx, stream, ops * sizeof(*stream)), job);
	free(stream);
	return job;
}

uint64_t worker_push(struct worker *worker)
{
	return worker_push_ops(worker, 1);
}

uint64_t worker_push_in_place(struct worker *worker)
{
	const uint64_t job = next_job(worker);
	struct drm_edge_nvdla_cube at = cube(&worker->bo, mark_at(job), MARK_BYTES / ATOM, 1, ATOM);
	struct drm_edge_nvdla_sdp sdp = {
		.op = { DRM_EDGE_OP_NVDLA_SDP, sizeof(sdp) },
		.input = at,
		/* What is subtracted is less than nothing. */
		.tail = { .offset = -1, .scale = 1 },
		.output = at,
	};

	assert_int_equal(submit(worker->fd, worker->ctx, &sdp, sizeof(sdp)), job);
	return job;
}

bool worker_has(const struct worker *worker, uint64_t job)
{
	return !memcmp(worker->bo.map + mark_at(job), worker->bo.map + source_at(job), MARK_BYTES);
}

void worker_expect(const struct worker *worker, uint64_t job, int result)
{
	assert_int_equal(job_result(worker->fd, worker->ctx, job), result);
	if (!result)
		assert_true(worker_has(worker, job));
}

uint32_t worker_state(const struct worker *worker)
{
	return ctx_status(worker->fd, worker->ctx).state;
}

int workers_set_up(void **state)
{
	struct worker *workers = calloc(2, sizeof(*workers));

	card_calm();
	coredump_drop();
	worker_open(&workers[0]);
	worker_open(&workers[1]);
	*state = workers;
	return 0;
}

int workers_tear_down(void **state)
{
	struct worker *workers = *state;

	card_calm();
	worker_close(&workers[0]);
	worker_close(&workers[1]);
	free(workers);
	coredump_drop();
	return 0;
}

int patient_set_up(void **state)
{
	module_reload("timeout_ms=20000");
	/* Waking needs the clock. */
	return card_write("power/control", "on");
}

int patient_tear_down(void **state)
{
	module_reload("");
	return 0;
}

struct worker *first_worker(void **state)
{
	return *state;
}

struct worker *second_worker(void **state)
{
	return (struct worker *)*state + 1;
}
