// SPDX-License-Identifier: MIT
/* Resets that somebody asked for, and a card that does not come back from one. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

static int reset(int fd)
{
	struct drm_edge_reset args = { 0 };

	return accel_call(fd, DRM_IOCTL_EDGE_RESET, &args);
}

static void test_reset_at_rest(void **state)
{
	struct worker *worker = first_worker(state);
	const uint64_t resets = accel_device(worker->fd).resets;

	assert_int_equal(reset(worker->fd), 0);
	assert_int_equal(accel_device(worker->fd).resets, resets + 1);
	worker_expect(worker, worker_push(worker), 0);
	assert_int_equal(worker_state(worker), DRM_EDGE_CTX_OK);
}

/* The first operation never ends, so that all of them are there at the reset. */
static void test_jobs_in_flight_run_again(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);

	card_tell("hang");
	for (int i = 0; i < 5; i++) {
		worker_push_ops(first, 2);
		worker_push(second);
	}
	queue_wait(2);
	assert_int_equal(reset(first->fd), 0);
	for (int job = 1; job <= 5; job++) {
		worker_expect(first, job, 0);
		worker_expect(second, job, 0);
	}
	assert_int_not_equal(worker_state(first), DRM_EDGE_CTX_GUILTY);
	assert_int_not_equal(worker_state(second), DRM_EDGE_CTX_GUILTY);
	assert_int_equal(ctx_status(first->fd, first->ctx).failed, 0);
	assert_int_equal(ctx_status(first->fd, first->ctx).ops, 10);
}

/* What works in place and had begun cannot be run again, whoever asked for the reset. */
static void test_job_in_place_is_lost(void **state)
{
	struct worker *worker = first_worker(state);
	uint64_t job;

	card_tell("hang");
	job = worker_push_in_place(worker);
	queue_wait(1);
	assert_int_equal(reset(worker->fd), 0);
	assert_int_equal(job_result(worker->fd, worker->ctx, job), -EIO);
	assert_int_equal(worker_state(worker), DRM_EDGE_CTX_LOST);
	worker_expect(worker, worker_push(worker), 0);
}

static void *reset_again_and_again(void *data)
{
	const struct worker *worker = data;

	for (int i = 0; i < 20; i++) {
		if (reset(worker->fd))
			return worker->bo.map;
		usleep(20 * 1000);
	}
	return NULL;
}

static void test_resets_under_load(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	pthread_t thread;
	void *failed;

	assert_int_equal(pthread_create(&thread, NULL, reset_again_and_again, first), 0);
	for (int job = 1; job <= 200; job++) {
		worker_push_ops(first, 4);
		worker_push(second);
		if (job % 20)
			continue;
		worker_expect(first, job, 0);
		worker_expect(second, job, 0);
	}
	assert_int_equal(pthread_join(thread, &failed), 0);
	assert_null(failed);
	for (int job = 1; job <= 200; job++) {
		assert_true(worker_has(first, job));
		assert_true(worker_has(second, job));
	}
	assert_int_equal(ctx_status(first->fd, first->ctx).failed, 0);
	assert_int_equal(ctx_status(second->fd, second->ctx).failed, 0);
}

static void test_uevent(void **state)
{
	int fd = uevents_open();

	assert_int_equal(reset(first_worker(state)->fd), 0);
	assert_true(uevents_have(fd, "EDGE_CAUSE=user"));
	close(fd);
}

/* It hangs, and the reset line does not help: all is over until the driver is bound anew. */
static void test_stuck_reset_after_a_hang(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	struct drm_edge_nvdla_copy copy = smallest_op(&second->bo, 4096);
	struct drm_edge_submit args = submit_args(second->ctx, &copy, sizeof(copy));
	int fd = uevents_open();

	card_tell("reset stuck on");
	card_tell("hang");
	worker_push(first);
	queue_wait(1);
	for (int i = 0; i < 4; i++)
		worker_push(second);
	worker_expect(first, 1, -ETIMEDOUT);
	for (int job = 1; job <= 4; job++)
		worker_expect(second, job, -EIO);
	assert_true(uevents_have(fd, "EDGE_EVENT=WEDGED"));
	assert_int_equal(submit_try(second->fd, &args), -EIO);
	/* What needs no hardware still works. */
	assert_int_equal(worker_state(first), DRM_EDGE_CTX_GUILTY);
	assert_true(accel_device(second->fd).resets > 0);
	close(fd);
}

static void test_stuck_reset_that_was_asked_for(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));

	card_tell("reset stuck on");
	assert_int_equal(reset(worker->fd), -EIO);
	assert_int_equal(submit_try(worker->fd, &args), -EIO);
}

/* It sleeps, and waking is a reset. */
static void test_stuck_reset_at_waking(void **state)
{
	struct worker *worker = first_worker(state);

	assert_int_equal(card_write("power/control", "auto"), 0);
	assert_true(card_becomes("power/runtime_status", "suspended", 5000));
	card_tell("reset stuck on");
	worker_expect(worker, worker_push(worker), -EIO);
}

/* The wedged device leaves, and the same card works again once it is bound anew. */
static int wedged_tear_down(void **state)
{
	workers_tear_down(state);
	assert_int_equal(card_unbind(), 0);
	assert_int_equal(card_bind(), 0);
	workers_set_up(state);
	worker_expect(first_worker(state), worker_push(first_worker(state)), 0);
	return workers_tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reset_at_rest),
		TEST(test_jobs_in_flight_run_again),
		TEST(test_job_in_place_is_lost),
		TEST(test_resets_under_load),
		TEST(test_uevent),
		cmocka_unit_test_setup_teardown(test_stuck_reset_after_a_hang, workers_set_up,
						wedged_tear_down),
		cmocka_unit_test_setup_teardown(test_stuck_reset_that_was_asked_for, workers_set_up,
						wedged_tear_down),
		cmocka_unit_test_setup_teardown(test_stuck_reset_at_waking, workers_set_up,
						wedged_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
