// SPDX-License-Identifier: MIT
/* Devices that go away while they are in use: pulled out, removed from the bus, taken from the driver. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Somebody who waits for a job meanwhile. */
struct waiter {
	const struct worker *worker;
	uint64_t job;
	pthread_t thread;
	struct drm_edge_wait wait;
	int ret;
};

static void *wait_for_job(void *data)
{
	struct waiter *waiter = data;

	waiter->ret = job_wait(waiter->worker->fd, waiter->worker->ctx, waiter->job, PATIENCE,
			       &waiter->wait);
	return NULL;
}

/* A job that does not end, on the hardware, one behind it, and somebody who waits for the first. */
static void begin(struct worker *worker, struct waiter *waiter)
{
	card_tell("hang");
	waiter->worker = worker;
	waiter->job = worker_push(worker);
	worker_push(worker);
	queue_wait(1);
	assert_int_equal(pthread_create(&waiter->thread, NULL, wait_for_job, waiter), 0);
	usleep(50 * 1000);
}

/* The wait ends, either in the job's error or in its own. */
static void expect_gone(struct waiter *waiter)
{
	pthread_join(waiter->thread, NULL);
	if (waiter->ret)
		assert_int_equal(waiter->ret, -ENODEV);
	else
		assert_int_equal(waiter->wait.result, -ENODEV);
}

static bool is_gone(void *data)
{
	const struct worker *worker = data;
	struct drm_edge_ctx_create create = { 0 };

	return accel_call(worker->fd, DRM_IOCTL_EDGE_CTX_CREATE, &create) == -ENODEV;
}

static void expect_mapping_to_work(uint8_t *map, uint64_t size)
{
	for (uint64_t i = 0; i < size; i += 64)
		map[i] = (uint8_t)(i / 64);
	for (uint64_t i = 0; i < size; i += 64)
		assert_int_equal(map[i], (uint8_t)(i / 64));
}

/* Nothing can be asked of it any more, but memory is memory. */
static void expect_no_device(struct worker *worker)
{
	struct drm_edge_bo_create create = { .size = 4096 };
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));

	assert_true(wait_until(is_gone, worker, 10000));
	assert_int_equal(accel_call(worker->fd, DRM_IOCTL_EDGE_BO_CREATE, &create), -ENODEV);
	assert_int_equal(submit_try(worker->fd, &args), -ENODEV);
	assert_int_equal(edge_open(NULL, 0), -1);
	expect_mapping_to_work(worker->bo.map, worker->bo.size);
}

static int card_returns(void **state)
{
	int ret = workers_tear_down(state);

	card_renew();
	workers_set_up(state);
	worker_expect(first_worker(state), worker_push(first_worker(state)), 0);
	return ret || workers_tear_down(state);
}

static void test_pulled_out_in_mid_job(void **state)
{
	struct worker *worker = first_worker(state);
	struct waiter waiter;

	begin(worker, &waiter);
	card_tell("remove");
	expect_gone(&waiter);
	expect_no_device(worker);
	expect_no_device(second_worker(state));
}

static void test_fences_signal_when_pulled_out(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_sync sync = { .handle = syncobj_create(worker->fd) };
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));
	int dmabuf = prime_export(worker->fd, worker->bo.handle);

	args.out_syncs = (uintptr_t)&sync;
	args.out_sync_count = 1;
	args.out_sync_stride = sizeof(sync);
	card_tell("hang");
	assert_int_equal(submit_try(worker->fd, &args), 0);
	queue_wait(1);
	card_tell("remove");
	expect_no_device(worker);
	/* Others wait for the buffer's fences, which are the job's: it has been written. */
	assert_true(dmabuf_is_idle(dmabuf, 5000));
	close(dmabuf);
}

/* Nobody looks until somebody has work. */
static void test_pulled_out_at_rest(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy copy = smallest_op(&worker->bo, 4096);
	struct drm_edge_submit args = submit_args(worker->ctx, &copy, sizeof(copy));
	struct drm_edge_wait wait;
	int ret;

	card_tell("remove");
	ret = submit_try(worker->fd, &args);
	if (!ret) {
		ret = job_wait(worker->fd, worker->ctx, args.job, PATIENCE, &wait);
		if (!ret)
			ret = wait.result;
	}
	assert_int_equal(ret, -ENODEV);
	expect_no_device(worker);
}

/* Asleep, it is waking that finds nobody. */
static void test_pulled_out_while_it_sleeps(void **state)
{
	assert_int_equal(card_write("power/control", "auto"), 0);
	assert_true(card_becomes("power/runtime_status", "suspended", 5000));
	test_pulled_out_at_rest(state);
}

static void test_removed_from_the_bus_in_mid_job(void **state)
{
	struct worker *worker = first_worker(state);
	struct waiter waiter;

	begin(worker, &waiter);
	card_drop();
	expect_gone(&waiter);
	expect_no_device(worker);
}

static void test_unbound_in_mid_job(void **state)
{
	struct worker *worker = first_worker(state);
	struct waiter waiter;
	uint8_t *map;
	int fd;

	begin(worker, &waiter);
	assert_int_equal(card_unbind(), 0);
	expect_gone(&waiter);
	expect_no_device(worker);
	card_calm();
	assert_int_equal(card_bind(), 0);
	/* The old file stays without a device, the new one has one. */
	assert_true(is_gone(worker));
	fd = accel_open();
	map = bo_map(worker->fd, worker->bo.handle, 4096);
	assert_null(map);
	close(fd);
}

static void test_unbound_while_the_card_sleeps(void **state)
{
	assert_int_equal(card_write("power/control", "auto"), 0);
	assert_true(card_becomes("power/runtime_status", "suspended", 5000));
	assert_int_equal(card_unbind(), 0);
	expect_no_device(first_worker(state));
	assert_int_equal(card_bind(), 0);
}

/* A file that outlives its device, opened before, closed after another one has come. */
static void test_file_outlives_two_devices(void **state)
{
	struct worker *worker = first_worker(state);

	for (int i = 0; i < 3; i++) {
		assert_int_equal(card_unbind(), 0);
		assert_int_equal(card_bind(), 0);
		assert_true(is_gone(worker));
	}
	expect_mapping_to_work(worker->bo.map, worker->bo.size);
}

static void test_bound_and_unbound_many_times(void **state)
{
	for (int i = 0; i < 30; i++) {
		assert_int_equal(card_unbind(), 0);
		assert_int_equal(edge_open(NULL, 0), -1);
		assert_int_equal(card_bind(), 0);
		close(accel_open());
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, card_returns)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pulled_out_in_mid_job),
		TEST(test_fences_signal_when_pulled_out),
		TEST(test_pulled_out_at_rest),
		TEST(test_pulled_out_while_it_sleeps),
		TEST(test_removed_from_the_bus_in_mid_job),
		TEST(test_unbound_in_mid_job),
		TEST(test_unbound_while_the_card_sleeps),
		TEST(test_file_outlives_two_devices),
		TEST(test_bound_and_unbound_many_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
