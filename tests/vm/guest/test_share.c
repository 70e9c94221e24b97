// SPDX-License-Identifier: MIT
/* Several users at once: contexts, files, threads and processes, their turns and their ends. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sync_file.h>

static void test_two_contexts_of_a_file(void **state)
{
	struct worker *first = first_worker(state), second;

	worker_open(&second);
	for (int i = 0; i < 50; i++) {
		worker_push(first);
		worker_push_ops(&second, 2);
	}
	for (int job = 1; job <= 50; job++) {
		worker_expect(first, job, 0);
		worker_expect(&second, job, 0);
	}
	worker_close(&second);
}

/* One that does not outlive a test that fails. */
static pid_t fork_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

/* Work of a process of its own; it does not return. */
static void work_alone(int jobs)
{
	struct worker worker;

	worker_open(&worker);
	for (int job = 1; job <= jobs; job++) {
		worker_push_ops(&worker, 1 + job % 3);
		if (job % 8)
			continue;
		if (job_result(worker.fd, worker.ctx, job))
			_exit(1);
	}
	if (job_result(worker.fd, worker.ctx, jobs))
		_exit(2);
	for (int job = 1; job <= jobs; job++)
		if (!worker_has(&worker, job))
			_exit(3);
	_exit(0);
}

static void test_processes(void **state)
{
	pid_t children[6];
	int status;

	for (int i = 0; i < 6; i++) {
		children[i] = fork_child();
		if (!children[i])
			work_alone(40);
	}
	for (int i = 0; i < 6; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
}

struct thread {
	pthread_t id;
	const struct worker *file;
	uint32_t slot;
	bool failed;
};

/* A context of its own in a file and a buffer that all share. */
static void *work_in_a_thread(void *data)
{
	struct thread *thread = data;
	const struct worker *file = thread->file;
	const uint64_t at = 8192 + 64 * thread->slot;
	uint32_t ctx = ctx_create(file->fd);

	for (int i = 0; i < 40; i++) {
		struct drm_edge_nvdla_copy copy = copy_op(&file->bo, 64 * i, &file->bo, at, 64);
		uint64_t job = submit(file->fd, ctx, &copy, sizeof(copy));

		if (job_result(file->fd, ctx, job) ||
		    memcmp(file->bo.map + at, file->bo.map + 64 * i, 64))
			thread->failed = true;
	}
	return NULL;
}

static void test_threads_of_a_file(void **state)
{
	struct thread threads[6];

	for (int i = 0; i < 6; i++) {
		threads[i] = (struct thread) { .file = first_worker(state), .slot = i };
		pthread_create(&threads[i].id, NULL, work_in_a_thread, &threads[i]);
	}
	for (int i = 0; i < 6; i++) {
		pthread_join(threads[i].id, NULL);
		assert_false(threads[i].failed);
	}
}

/* When the fence of a job signalled. */
static uint64_t signalled_at(int fd, uint32_t syncobj)
{
	struct drm_syncobj_handle handle = {
		.handle = syncobj,
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	struct sync_fence_info fence = { 0 };
	struct sync_file_info info = { .num_fences = 1, .sync_fence_info = (uintptr_t)&fence };

	assert_int_equal(accel_call(fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &handle), 0);
	assert_int_equal(accel_call(handle.fd, SYNC_IOC_FILE_INFO, &info), 0);
	assert_int_equal(fence.status, 1);
	close(handle.fd);
	return fence.timestamp_ns;
}

static uint64_t push_signalling(const struct bo *bo, uint32_t ctx, uint32_t syncobj)
{
	struct drm_edge_nvdla_copy copy = smallest_op(bo, 64);
	struct drm_edge_submit args = submit_args(ctx, &copy, sizeof(copy));
	struct drm_edge_sync out = { .handle = syncobj };

	args.out_syncs = (uintptr_t)&out;
	args.out_sync_count = 1;
	args.out_sync_stride = sizeof(out);
	assert_int_equal(submit_try(bo->fd, &args), 0);
	return args.job;
}

#define WAITING 12

/* Many jobs of one priority wait when one of a better priority comes: it need not wait for all of them. */
static void check_overtaking(void **state, uint32_t worse, uint32_t better)
{
	struct worker *slow = first_worker(state), *fast = second_worker(state);
	uint32_t slow_sync = syncobj_create(slow->fd), fast_sync = syncobj_create(fast->fd);
	uint32_t slow_ctx, fast_ctx;
	uint64_t slow_job, fast_job;

	assert_int_equal(ctx_try(slow->fd, worse, &slow_ctx), 0);
	assert_int_equal(ctx_try(fast->fd, better, &fast_ctx), 0);
	card_tell("stop");
	for (int i = 0; i < WAITING; i++)
		slow_job = push_signalling(&slow->bo, slow_ctx, slow_sync);
	fast_job = push_signalling(&fast->bo, fast_ctx, fast_sync);
	card_tell("continue");
	assert_int_equal(job_result(slow->fd, slow_ctx, slow_job), 0);
	assert_int_equal(job_result(fast->fd, fast_ctx, fast_job), 0);
	assert_int_equal(syncobj_wait(slow->fd, slow_sync, 0, PATIENCE), 0);
	assert_int_equal(syncobj_wait(fast->fd, fast_sync, 0, PATIENCE), 0);
	assert_true(signalled_at(fast->fd, fast_sync) < signalled_at(slow->fd, slow_sync));
}

static void test_high_before_normal(void **state)
{
	check_overtaking(state, DRM_EDGE_PRIORITY_NORMAL, DRM_EDGE_PRIORITY_HIGH);
}

static void test_normal_before_low(void **state)
{
	check_overtaking(state, DRM_EDGE_PRIORITY_LOW, DRM_EDGE_PRIORITY_NORMAL);
}

static void push_with_deadline(const struct worker *worker, int64_t deadline)
{
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));

	args.deadline_ns = deadline;
	assert_int_equal(submit_try(worker->fd, &args), 0);
	assert_int_equal(job_result(worker->fd, worker->ctx, args.job), 0);
}

static void test_late_jobs_are_counted(void **state)
{
	struct worker *worker = first_worker(state);

	push_with_deadline(worker, 0);
	push_with_deadline(worker, now_ns() + 3600 * SECOND);
	assert_int_equal(ctx_status(worker->fd, worker->ctx).late, 0);
	push_with_deadline(worker, 1);
	push_with_deadline(worker, now_ns());
	assert_int_equal(ctx_status(worker->fd, worker->ctx).late, 2);
}

/*
 * What was on the hardware ends, the rest is cancelled; both signal. A buffer for each, since a job that waits for another
 * one is only cancelled when that has ended.
 */
static void test_destroying_a_context_with_jobs(void **state)
{
	struct worker *worker = first_worker(state), *other = second_worker(state);
	uint32_t first = syncobj_create(worker->fd), last = syncobj_create(worker->fd);

	struct bo bos[10];

	for (int i = 0; i < 10; i++)
		bo_create(&bos[i], worker->fd, 4096, 0);
	card_tell("stop");
	push_signalling(&worker->bo, worker->ctx, first);
	for (int i = 0; i < 10; i++)
		push_signalling(&bos[i], worker->ctx, last);
	worker_push(other);
	assert_int_equal(ctx_destroy(worker->fd, worker->ctx), 0);
	assert_int_equal(syncobj_wait(worker->fd, first, 0, 0), -ETIME);
	card_tell("continue");
	assert_int_equal(syncobj_wait(worker->fd, first, 0, PATIENCE), 0);
	assert_int_equal(syncobj_wait(worker->fd, last, 0, PATIENCE), 0);
	worker_expect(other, 1, 0);
	for (int i = 0; i < 10; i++)
		bo_destroy(&bos[i]);
}

static void push_many(struct worker *worker)
{
	for (int i = 0; i < 20; i++)
		worker_push_ops(worker, 3);
}

/* A process with jobs on the hardware and behind it, that has been killed but may not be gone yet. */
static pid_t killed_in_mid_job(void)
{
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork_child();
	if (!child) {
		struct worker worker;

		worker_open(&worker);
		push_many(&worker);
		(void)!write(ready[1], "", 1);
		job_result(worker.fd, worker.ctx, 1);
		pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	queue_wait(1);
	assert_int_equal(kill(child, SIGKILL), 0);
	close(ready[0]);
	close(ready[1]);
	return child;
}

static void test_killed_in_mid_job(void **state)
{
	struct worker *other = second_worker(state);
	uint64_t resets = accel_device(other->fd).resets;

	int status;
	pid_t child;

	card_tell("stop");
	child = killed_in_mid_job();
	worker_push(other);
	card_tell("continue");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	worker_expect(other, 1, 0);
	assert_int_equal(accel_device(other->fd).resets, resets);
}

static void test_exit_with_queued_jobs(void **state)
{
	struct worker *other = second_worker(state);
	int status;
	pid_t child = fork_child();

	if (!child) {
		struct worker worker;

		worker_open(&worker);
		push_many(&worker);
		_exit(0);
	}
	for (int i = 0; i < 10; i++)
		worker_push(other);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	for (int job = 1; job <= 10; job++)
		worker_expect(other, job, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_contexts_of_a_file),
		TEST(test_processes),
		TEST(test_threads_of_a_file),
		TEST(test_high_before_normal),
		TEST(test_normal_before_low),
		TEST(test_late_jobs_are_counted),
		TEST(test_destroying_a_context_with_jobs),
		TEST(test_killed_in_mid_job),
		TEST(test_exit_with_queued_jobs),
	};

	return cmocka_run_group_tests(tests, patient_set_up, patient_tear_down);
}
