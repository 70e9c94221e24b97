// SPDX-License-Identifier: MIT
/* Operations that do not end: whose fault it is, and who does not suffer from it. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_job_that_hangs_times_out(void **state)
{
	struct worker *worker = first_worker(state);
	const uint64_t resets = accel_device(worker->fd).resets;
	struct drm_edge_ctx_status status;
	uint64_t job;

	card_tell("hang");
	job = worker_push(worker);
	worker_expect(worker, job, -ETIMEDOUT);
	assert_false(worker_has(worker, job));
	status = ctx_status(worker->fd, worker->ctx);
	assert_int_equal(status.state, DRM_EDGE_CTX_GUILTY);
	assert_int_equal(status.completed, 1);
	assert_int_equal(status.failed, 1);
	assert_int_equal(status.resets, 1);
	assert_int_equal(accel_device(worker->fd).resets, resets + 1);
	assert_int_equal(card_number("edge/resets"), resets + 1);
}

static void test_guilty_context_is_refused(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));

	card_tell("hang");
	worker_expect(worker, worker_push(worker), -ETIMEDOUT);
	memset(&args.error_op, 0xff, 16);
	assert_int_equal(submit_try(worker->fd, &args), -ECANCELED);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_NONE);
	/* The file is not: with a new context it goes on. */
	worker_renew(worker);
	worker_expect(worker, worker_push(worker), 0);
	assert_int_equal(worker_state(worker), DRM_EDGE_CTX_OK);
}

static void test_queued_jobs_of_a_guilty_context(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_ctx_status status;

	card_tell("hang");
	for (int i = 0; i < 6; i++)
		worker_push(worker);
	worker_expect(worker, 1, -ETIMEDOUT);
	for (int job = 2; job <= 6; job++) {
		worker_expect(worker, job, -ECANCELED);
		assert_false(worker_has(worker, job));
	}
	status = ctx_status(worker->fd, worker->ctx);
	assert_int_equal(status.completed, 6);
	assert_int_equal(status.failed, 6);
}

/* One job of theirs is on the hardware at the reset, others wait. */
static void test_others_go_on(void **state)
{
	struct worker *guilty = first_worker(state), *other = second_worker(state);
	uint64_t job;

	card_tell("hang");
	job = worker_push(guilty);
	queue_wait(1);
	for (int i = 0; i < 10; i++)
		worker_push(other);
	queue_wait(2);
	worker_expect(guilty, job, -ETIMEDOUT);
	for (job = 1; job <= 10; job++)
		worker_expect(other, job, 0);
	assert_int_equal(worker_state(other), DRM_EDGE_CTX_INNOCENT);
	assert_int_equal(ctx_status(other->fd, other->ctx).failed, 0);
	assert_int_equal(ctx_status(other->fd, other->ctx).resets, 1);
}

/* What ran before the hang is not run again, what came after is. */
static void test_hang_behind_others(void **state)
{
	struct worker *other = first_worker(state), *guilty = second_worker(state);
	uint64_t first = worker_push(other), job;

	worker_expect(other, first, 0);
	card_tell("hang");
	job = worker_push(guilty);
	queue_wait(1);
	worker_push(other);
	worker_expect(guilty, job, -ETIMEDOUT);
	worker_expect(other, 2, 0);
	assert_int_equal(ctx_status(other->fd, other->ctx).ops, 2);
}

/* It may have begun, and what it did to its input is not known. */
static void test_job_in_place_is_lost(void **state)
{
	struct worker *guilty = first_worker(state), *other = second_worker(state);
	uint64_t job, lost;

	card_tell("hang");
	job = worker_push(guilty);
	queue_wait(1);
	lost = worker_push_in_place(other);
	queue_wait(2);
	worker_push(other);
	worker_expect(guilty, job, -ETIMEDOUT);
	assert_int_equal(job_result(other->fd, other->ctx, lost), -EIO);
	assert_int_equal(worker_state(other), DRM_EDGE_CTX_LOST);
	/* Later jobs run. */
	worker_expect(other, 2, 0);
	worker_expect(other, worker_push(other), 0);
}

/* The innocent one's operation hangs too when it is run again: then it is guilty itself. */
static void test_two_hangs_in_a_row(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	const uint64_t resets = accel_device(first->fd).resets;
	uint64_t job;

	card_tell("hang 2");
	job = worker_push(first);
	queue_wait(1);
	worker_push(second);
	queue_wait(2);
	worker_expect(first, job, -ETIMEDOUT);
	worker_expect(second, 1, -ETIMEDOUT);
	assert_int_equal(worker_state(first), DRM_EDGE_CTX_GUILTY);
	assert_int_equal(worker_state(second), DRM_EDGE_CTX_GUILTY);
	assert_int_equal(accel_device(first->fd).resets, resets + 2);
}

/* Nobody is there any more to be told, but others are to be served. */
static void test_killed_while_its_job_hangs(void **state)
{
	struct worker *other = second_worker(state);
	int status;
	pid_t child;

	card_tell("hang");
	child = fork();
	if (!child) {
		struct worker worker;

		worker_open(&worker);
		for (int i = 0; i < 10; i++)
			worker_push(&worker);
		job_result(worker.fd, worker.ctx, 10);
		_exit(0);
	}
	queue_wait(1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	worker_push(other);
	worker_expect(other, 1, 0);
	worker_expect(other, worker_push(other), 0);
}

static void test_fence_signals(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));
	struct drm_edge_sync sync = { .handle = syncobj_create(worker->fd) };

	args.out_syncs = (uintptr_t)&sync;
	args.out_sync_count = 1;
	args.out_sync_stride = sizeof(sync);
	card_tell("hang");
	assert_int_equal(submit_try(worker->fd, &args), 0);
	assert_int_equal(syncobj_wait(worker->fd, sync.handle, 0, PATIENCE), 0);
	assert_int_equal(job_result(worker->fd, worker->ctx, args.job), -ETIMEDOUT);
	syncobj_destroy(worker->fd, sync.handle);
}

static void test_coredump(void **state)
{
	static char text[128 * 1024];
	struct worker *guilty = first_worker(state), *other = second_worker(state);
	uint64_t job;

	worker_expect(guilty, worker_push(guilty), 0);
	assert_false(coredump_read(text, sizeof(text)));
	card_tell("hang");
	job = worker_push_ops(guilty, 5);
	queue_wait(1);
	worker_push(other);
	queue_wait(2);
	worker_expect(guilty, job, -ETIMEDOUT);
	assert_true(coredump_read(text, sizeof(text)));
	assert_non_null(strstr(text, "driver: edge_accel\n"));
	assert_non_null(strstr(text, "device: nv_small\n"));
	assert_non_null(strstr(text, "cause: timeout\n"));
	assert_non_null(strstr(text, " job 2 after 0 of 5 operations\n"));
	assert_non_null(strstr(text, " job 1: 0 of 1 operations done"));
	assert_non_null(strstr(text, "copy"));
	assert_non_null(strstr(text, "sdp+"));
}

static void test_uevent(void **state)
{
	struct worker *worker = first_worker(state);
	int fd = uevents_open();

	card_tell("hang");
	worker_expect(worker, worker_push(worker), -ETIMEDOUT);
	assert_true(uevents_have(fd, "EDGE_EVENT=RESET"));
	close(fd);
}

#define COPIED (2 << 20)
#define COPIES 160

/* Longer than the time-out, and yet no hang: operations end all the while. */
static void test_long_job_is_no_hang(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy *stream = calloc(COPIES, sizeof(*stream));
	const uint64_t resets = accel_device(worker->fd).resets;
	const int64_t timeout = accel_device(worker->fd).timeout_ms * MS;
	struct drm_edge_wait wait;
	struct bo from, to;
	uint64_t job;

	bo_create(&from, worker->fd, COPIED, 0);
	bo_create(&to, worker->fd, COPIED, 0);
	for (int i = 0; i < COPIES; i++) {
		stream[i] = copy_op(&from, 0, &to, 0, 32768);
		stream[i].lines = COPIED / 32768;
	}
	job = submit(worker->fd, worker->ctx, stream, COPIES * sizeof(*stream));
	assert_int_equal(job_wait(worker->fd, worker->ctx, job, timeout, &wait), -ETIME);
	assert_int_equal(job_wait(worker->fd, worker->ctx, job, 3 * PATIENCE, &wait), 0);
	assert_int_equal(wait.result, 0);
	assert_int_equal(wait.ops, COPIES);
	assert_int_equal(accel_device(worker->fd).resets, resets);
	assert_true(ctx_status(worker->fd, worker->ctx).busy_ns >= timeout);
	bo_destroy(&from);
	bo_destroy(&to);
	free(stream);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_job_that_hangs_times_out),
		TEST(test_guilty_context_is_refused),
		TEST(test_queued_jobs_of_a_guilty_context),
		TEST(test_others_go_on),
		TEST(test_hang_behind_others),
		TEST(test_job_in_place_is_lost),
		TEST(test_two_hangs_in_a_row),
		TEST(test_killed_while_its_job_hangs),
		TEST(test_fence_signals),
		TEST(test_coredump),
		TEST(test_uevent),
		TEST(test_long_job_is_no_hang),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
