// SPDX-License-Identifier: MIT
/* Fences: what jobs wait for, what they signal, and waiting for jobs themselves. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#define SOURCE_AT 0
#define MIDDLE_AT 4096
#define END_AT 4160

/* A job that copies an atom. */
static uint64_t push_copy(const struct worker *worker, uint64_t from, uint64_t to,
			  const struct drm_edge_sync *in, const struct drm_edge_sync *out)
{
	struct drm_edge_nvdla_copy copy = copy_op(&worker->bo, from, &worker->bo, to, ATOM);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));

	args.in_syncs = (uintptr_t)in;
	args.in_sync_count = !!in;
	args.in_sync_stride = sizeof(*in);
	args.out_syncs = (uintptr_t)out;
	args.out_sync_count = !!out;
	args.out_sync_stride = sizeof(*out);
	assert_int_equal(submit_try(worker->fd, &args), 0);
	return args.job;
}

static void test_binary_out(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_sync sync = { .handle = syncobj_create(worker->fd) };

	card_tell("stop");
	push_copy(worker, SOURCE_AT, MIDDLE_AT, NULL, &sync);
	assert_int_equal(syncobj_wait(worker->fd, sync.handle, 0, 50 * MS), -ETIME);
	card_tell("continue");
	assert_int_equal(syncobj_wait(worker->fd, sync.handle, 0, PATIENCE), 0);
	assert_memory_equal(worker->bo.map + MIDDLE_AT, worker->bo.map, ATOM);
	syncobj_destroy(worker->fd, sync.handle);
}

/* A syncobj that another file signals. */
static void test_binary_in(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	struct drm_edge_sync out = { .handle = syncobj_create(first->fd) }, in = { 0 };
	struct drm_syncobj_handle handle = { .handle = out.handle };
	struct drm_edge_wait wait;
	uint64_t job;

	assert_int_equal(accel_call(first->fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &handle), 0);
	handle.handle = 0;
	assert_int_equal(accel_call(second->fd, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &handle), 0);
	close(handle.fd);
	in.handle = handle.handle;
	card_tell("stop");
	push_copy(first, SOURCE_AT, MIDDLE_AT, NULL, &out);
	job = push_copy(second, SOURCE_AT, MIDDLE_AT, &in, NULL);
	queue_wait(1);
	assert_int_equal(job_wait(second->fd, second->ctx, job, 200 * MS, &wait), -ETIME);
	card_tell("continue");
	assert_int_equal(job_result(second->fd, second->ctx, job), 0);
	assert_int_equal(job_result(first->fd, first->ctx, 1), 0);
}

static void test_timeline_out(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_sync sync = { .handle = syncobj_create(worker->fd) };

	for (sync.point = 5; sync.point <= 25; sync.point += 5)
		push_copy(worker, SOURCE_AT, MIDDLE_AT, NULL, &sync);
	assert_int_equal(syncobj_wait(worker->fd, sync.handle, 25, PATIENCE), 0);
	assert_int_equal(syncobj_point(worker->fd, sync.handle), 25);
	/* Points between have been passed. */
	assert_int_equal(syncobj_wait(worker->fd, sync.handle, 7, 0), 0);
	assert_int_equal(syncobj_wait(worker->fd, sync.handle, 26, 0), -EINVAL);
	syncobj_destroy(worker->fd, sync.handle);
}

static void test_timeline_in(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_sync sync = { .handle = syncobj_create(worker->fd), .point = 3 };

	syncobj_signal(worker->fd, sync.handle, 3);
	push_copy(worker, SOURCE_AT, MIDDLE_AT, &sync, NULL);
	assert_int_equal(job_result(worker->fd, worker->ctx, 1), 0);
	syncobj_destroy(worker->fd, sync.handle);
}

/* Back and forth between two contexts of a file: each job takes what the other one's made. */
static void test_chain_over_a_timeline(void **state)
{
	struct worker *worker = first_worker(state), other = *worker;
	struct drm_edge_sync in = { .handle = syncobj_create(worker->fd) }, out = in;
	uint64_t job;

	other.ctx = ctx_create(worker->fd);
	for (int i = 0; i < 40; i++) {
		in.point = i;
		out.point = i + 1;
		job = push_copy(i % 2 ? &other : worker, ATOM * i, ATOM * (i + 1), i ? &in : NULL,
				&out);
	}
	assert_int_equal(job_result(other.fd, other.ctx, job), 0);
	assert_memory_equal(worker->bo.map + ATOM * 40, worker->bo.map, ATOM);
	/* The waiting ioctl may be a moment ahead of the fence. */
	assert_int_equal(syncobj_wait(worker->fd, in.handle, 40, PATIENCE), 0);
	assert_int_equal(syncobj_point(worker->fd, in.handle), 40);
}

static void test_sync_file(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_sync sync = { .handle = syncobj_create(worker->fd) };
	struct drm_syncobj_handle handle = {
		.handle = sync.handle,
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	struct pollfd poll_fd = { .events = POLLIN };

	card_tell("stop");
	push_copy(worker, SOURCE_AT, MIDDLE_AT, NULL, &sync);
	assert_int_equal(accel_call(worker->fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &handle), 0);
	poll_fd.fd = handle.fd;
	assert_int_equal(poll(&poll_fd, 1, 50), 0);
	card_tell("continue");
	assert_int_equal(poll(&poll_fd, 1, 10000), 1);
	close(handle.fd);
}

static void test_asking_without_waiting(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_wait wait;
	uint64_t job;

	card_tell("stop");
	job = worker_push(worker);
	assert_int_equal(job_wait(worker->fd, worker->ctx, job, -1, &wait), -ETIME);
	assert_int_equal(job_wait(worker->fd, worker->ctx, job, -now_ns(), &wait), -ETIME);
	wait = (struct drm_edge_wait) { .ctx = worker->ctx, .job = job, .timeout_ns = INT64_MIN };
	assert_int_equal(accel_call(worker->fd, DRM_IOCTL_EDGE_WAIT, &wait), -ETIME);
	card_tell("continue");
	worker_expect(worker, job, 0);
	assert_int_equal(job_wait(worker->fd, worker->ctx, job, -1, &wait), 0);
	assert_int_equal(wait.result, 0);
}

static void test_waiting_for_ever(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_wait wait = { .ctx = worker->ctx, .timeout_ns = INT64_MAX };

	card_tell("stop");
	wait.job = worker_push(worker);
	card_tell("continue");
	assert_int_equal(accel_call(worker->fd, DRM_IOCTL_EDGE_WAIT, &wait), 0);
	assert_int_equal(wait.result, 0);
}

static void on_alarm(int number)
{
}

static int wait_interrupted(const struct worker *worker, uint64_t job, int flags)
{
	struct drm_edge_wait wait = {
		.ctx = worker->ctx,
		.job = job,
		.timeout_ns = now_ns() + 300 * MS,
	};
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };
	struct itimerval alarm = { .it_value = { .tv_usec = 50 * 1000 } };
	int ret;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &alarm, NULL);
	ret = ioctl(worker->fd, DRM_IOCTL_EDGE_WAIT, &wait);
	return ret ? -errno : 0;
}

static void test_signals_interrupt_a_wait(void **state)
{
	struct worker *worker = first_worker(state);
	uint64_t job;

	card_tell("stop");
	job = worker_push(worker);
	assert_int_equal(wait_interrupted(worker, job, 0), -EINTR);
	/* Restarted, it ends when it would have. */
	assert_int_equal(wait_interrupted(worker, job, SA_RESTART), -ETIME);
	card_tell("continue");
	worker_expect(worker, job, 0);
}

static void *wait_for_all(void *data)
{
	const struct worker *worker = data;

	for (int job = 1; job <= 50; job++)
		if (job_result(worker->fd, worker->ctx, job))
			return data;
	return NULL;
}

static void test_many_wait_for_the_same(void **state)
{
	struct worker *worker = first_worker(state);
	pthread_t threads[6];
	void *failed;

	card_tell("stop");
	for (int i = 0; i < 50; i++)
		worker_push(worker);
	for (int i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, wait_for_all, worker), 0);
	card_tell("continue");
	for (int i = 0; i < 6; i++) {
		pthread_join(threads[i], &failed);
		assert_null(failed);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_binary_out),
		TEST(test_binary_in),
		TEST(test_timeline_out),
		TEST(test_timeline_in),
		TEST(test_chain_over_a_timeline),
		TEST(test_sync_file),
		TEST(test_asking_without_waiting),
		TEST(test_waiting_for_ever),
		TEST(test_signals_interrupt_a_wait),
		TEST(test_many_wait_for_the_same),
	};

	return cmocka_run_group_tests(tests, patient_set_up, patient_tear_down);
}
