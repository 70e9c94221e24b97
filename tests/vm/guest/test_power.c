// SPDX-License-Identifier: MIT
/* Sleep: of the device when nobody needs it, and of the machine. */
#include "card.h"
#include "worker.h"

#include <unistd.h>

static void doze(void)
{
	assert_int_equal(card_write("power/control", "auto"), 0);
	assert_true(card_becomes("power/runtime_status", "suspended", 5000));
}

static void test_sleeps_when_idle(void **state)
{
	worker_expect(first_worker(state), worker_push(first_worker(state)), 0);
	doze();
}

static void test_works_after_sleep(void **state)
{
	struct worker *worker = first_worker(state);
	const uint64_t resets = accel_device(worker->fd).resets;

	for (int job = 1; job <= 5; job++) {
		doze();
		worker_expect(worker, worker_push_ops(worker, 3), 0);
	}
	/* To wake is no reset to anybody. */
	assert_int_equal(accel_device(worker->fd).resets, resets);
	assert_int_equal(worker_state(worker), DRM_EDGE_CTX_OK);
}

static void test_stays_awake_with_work(void **state)
{
	struct worker *worker = first_worker(state);
	char text[64];

	doze();
	card_tell("hang");
	worker_push(worker);
	queue_wait(1);
	usleep(600 * 1000);
	assert_true(card_read("power/runtime_status", text, sizeof(text)));
	assert_string_equal(text, "active");
}

static void test_asking_does_not_wake(void **state)
{
	struct worker *worker = first_worker(state);
	char text[64];

	doze();
	accel_device(worker->fd);
	worker_state(worker);
	card_number("edge/busy_time_us");
	queue_number("jobs done:");
	assert_true(card_read("power/runtime_status", text, sizeof(text)));
	assert_string_equal(text, "suspended");
}

/* The machine's sleep as far as its devices, and back. */
static bool sleep_of_devices(void)
{
	if (access("/sys/power/pm_test", W_OK))
		return false;
	file_write("/sys/module/suspend/parameters/pm_test_delay", "1");
	assert_int_equal(file_write("/sys/power/pm_test", "devices"), 0);
	assert_int_equal(file_write("/sys/power/state", "freeze"), 0);
	assert_int_equal(file_write("/sys/power/pm_test", "none"), 0);
	return true;
}

static void test_machine_sleeps_at_rest(void **state)
{
	struct worker *worker = first_worker(state);

	assert_int_equal(card_write("power/control", "on"), 0);
	worker_expect(worker, worker_push(worker), 0);
	if (!sleep_of_devices())
		skip();
	worker_expect(worker, worker_push(worker), 0);
	assert_int_equal(worker_state(worker), DRM_EDGE_CTX_OK);
}

static void test_machine_sleeps_while_the_device_does(void **state)
{
	struct worker *worker = first_worker(state);

	doze();
	if (!sleep_of_devices())
		skip();
	worker_expect(worker, worker_push(worker), 0);
}

/* Jobs wait until it is over. */
static void test_machine_sleeps_with_work(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);

	for (int i = 0; i < 20; i++) {
		worker_push_ops(first, 60);
		worker_push(second);
	}
	if (!sleep_of_devices())
		skip();
	for (int job = 1; job <= 20; job++) {
		worker_expect(first, job, 0);
		worker_expect(second, job, 0);
	}
	assert_int_equal(ctx_status(first->fd, first->ctx).failed, 0);
}

static int awake(void **state)
{
	card_write("power/control", "on");
	return workers_tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, awake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sleeps_when_idle),
		TEST(test_works_after_sleep),
		TEST(test_stays_awake_with_work),
		TEST(test_asking_does_not_wake),
		TEST(test_machine_sleeps_at_rest),
		TEST(test_machine_sleeps_while_the_device_does),
		TEST(test_machine_sleeps_with_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
