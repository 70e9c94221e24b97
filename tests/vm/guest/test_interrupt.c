// SPDX-License-Identifier: MIT
/* Interrupts that do not come, and that come for nothing. */
#include "card.h"
#include "worker.h"

#include <unistd.h>

static void test_lost_interrupt_costs_time_only(void **state)
{
	struct worker *worker = first_worker(state);
	const uint64_t resets = accel_device(worker->fd).resets;
	const long long lost = queue_number("lost interrupts:");

	card_tell("interrupt lose");
	worker_expect(worker, worker_push(worker), 0);
	assert_int_equal(accel_device(worker->fd).resets, resets);
	assert_int_equal(worker_state(worker), DRM_EDGE_CTX_OK);
	assert_int_equal(queue_number("lost interrupts:"), lost + 1);
	/* The next one is heard. */
	worker_expect(worker, worker_push(worker), 0);
	assert_int_equal(queue_number("lost interrupts:"), lost + 1);
}

static void test_lost_interrupt_among_many_jobs(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	const uint64_t resets = accel_device(first->fd).resets;

	card_tell("interrupt lose");
	for (int i = 0; i < 20; i++) {
		worker_push_ops(first, 3);
		worker_push(second);
	}
	for (int job = 1; job <= 20; job++) {
		worker_expect(first, job, 0);
		worker_expect(second, job, 0);
	}
	assert_int_equal(accel_device(first->fd).resets, resets);
}

static void test_spurious_interrupts_at_rest(void **state)
{
	struct worker *worker = first_worker(state);
	const long long before = card_stat("interrupts");

	card_tell("interrupt spurious 300 500");
	usleep(300 * 1000);
	assert_true(card_stat("interrupts") > before);
	worker_expect(worker, worker_push(worker), 0);
}

static void test_spurious_interrupts_at_work(void **state)
{
	struct worker *worker = first_worker(state);
	const uint64_t resets = accel_device(worker->fd).resets;

	card_tell("interrupt spurious 300 300");
	for (int i = 0; i < 100; i++)
		worker_push(worker);
	for (int job = 100 - 63; job <= 100; job++)
		worker_expect(worker, job, 0);
	for (int job = 1; job <= 100; job++)
		assert_true(worker_has(worker, job));
	assert_int_equal(accel_device(worker->fd).resets, resets);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lost_interrupt_costs_time_only),
		TEST(test_lost_interrupt_among_many_jobs),
		TEST(test_spurious_interrupts_at_rest),
		TEST(test_spurious_interrupts_at_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
