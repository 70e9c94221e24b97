// SPDX-License-Identifier: MIT
/* What users see of a device: fdinfo, sysfs, hwmon, debugfs. */
#include "card.h"
#include "worker.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The value of a key in the fdinfo of a file; false without that key. */
static bool fdinfo(int fd, const char *key, char *value, size_t size)
{
	char path[64], text[4096];
	const char *at;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	assert_true(file_read(path, text, sizeof(text)));
	at = strstr(text, key);
	if (!at || (at != text && at[-1] != '\n') || at[strlen(key)] != ':')
		return false;
	at += strlen(key) + 1;
	at += strspn(at, "\t ");
	snprintf(value, size, "%.*s", (int)strcspn(at, "\n"), at);
	return true;
}

static long long fdinfo_number(int fd, const char *key, const char *unit)
{
	char value[128], *end;
	long long number;

	if (!fdinfo(fd, key, value, sizeof(value)))
		fail_msg("no %s", key);
	number = strtoll(value, &end, 10);
	assert_string_equal(end, unit);
	return number;
}

static void test_fdinfo_names(void **state)
{
	char value[128], slot[64];

	assert_true(fdinfo(first_worker(state)->fd, "drm-driver", value, sizeof(value)));
	assert_string_equal(value, "edge_accel");
	assert_true(fdinfo(first_worker(state)->fd, "drm-pdev", value, sizeof(value)));
	card_slot(slot, sizeof(slot));
	assert_string_equal(value, slot);
}

static void test_fdinfo_client_ids_differ(void **state)
{
	assert_int_not_equal(fdinfo_number(first_worker(state)->fd, "drm-client-id", ""),
			     fdinfo_number(second_worker(state)->fd, "drm-client-id", ""));
}

static void test_fdinfo_counts_work(void **state)
{
	struct worker *worker = first_worker(state), *idle = second_worker(state);

	assert_int_equal(fdinfo_number(worker->fd, "drm-engine-npu", " ns"), 0);
	for (int job = 1; job <= 4; job++)
		worker_push_ops(worker, 5);
	worker_expect(worker, 4, 0);
	assert_int_equal(fdinfo_number(worker->fd, "edge-jobs", ""), 4);
	assert_int_equal(fdinfo_number(worker->fd, "edge-ops", ""), 20);
	assert_true(fdinfo_number(worker->fd, "drm-engine-npu", " ns") > 0);
	assert_int_equal(fdinfo_number(idle->fd, "edge-jobs", ""), 0);
	assert_int_equal(fdinfo_number(idle->fd, "drm-engine-npu", " ns"), 0);
}

static void test_fdinfo_counts_memory(void **state)
{
	struct worker *worker = first_worker(state);
	const long long before = fdinfo_number(worker->fd, "drm-total-memory", " KiB");
	struct bo bo;

	assert_int_equal(before, worker->bo.size / 1024);
	bo_create(&bo, worker->fd, 1 << 20, 0);
	assert_int_equal(fdinfo_number(worker->fd, "drm-total-memory", " KiB"), before + 1024);
	assert_int_equal(fdinfo_number(worker->fd, "drm-resident-memory", " KiB"), before + 1024);
	bo_destroy(&bo);
	assert_int_equal(fdinfo_number(worker->fd, "drm-total-memory", " KiB"), before);
}

static void test_sysfs_says_what_it_is(void **state)
{
	char text[256];

	assert_true(card_read("edge/kind", text, sizeof(text)));
	assert_string_equal(text, "fpga");
	assert_true(card_read("edge/family", text, sizeof(text)));
	assert_string_equal(text, "nvdla");
	assert_true(card_read("edge/name", text, sizeof(text)));
	assert_string_equal(text, "nv_small");
	assert_int_equal(card_number("edge/hw_version"), 0x00303031);
	assert_true(card_read("edge/geometry", text, sizeof(text)));
	assert_non_null(strstr(text, "atomic_c=8 atomic_k=8 atom=8 "));
	assert_non_null(strstr(text, "cbuf_banks=32 cbuf_width=8 cbuf_depth=512"));
}

static void test_busy_time_moves_with_work(void **state)
{
	struct worker *worker = first_worker(state);
	const long long before = card_number("edge/busy_time_us");

	assert_int_equal(card_number("edge/busy_time_us"), before);
	for (int job = 1; job <= 10; job++)
		worker_push_ops(worker, 10);
	worker_expect(worker, 10, 0);
	assert_true(card_number("edge/busy_time_us") > before);
}

static void test_busy_time_counts_what_still_runs(void **state)
{
	struct worker *worker = first_worker(state);
	long long before;

	card_tell("stop");
	worker_push(worker);
	queue_wait(1);
	before = card_number("edge/busy_time_us");
	usleep(100 * 1000);
	assert_true(card_number("edge/busy_time_us") >= before + 100 * 1000);
	card_tell("continue");
	worker_expect(worker, 1, 0);
}

static void test_temperature(void **state)
{
	const int values[] = { 25000, 81500, 0, -10000 };
	char path[128], command[64], text[64];
	glob_t found;

	assert_true(card_file(path, sizeof(path), "hwmon/hwmon*/temp1_input"));
	if (glob(path, 0, NULL, &found))
		skip();
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(command, sizeof(command), "temperature %d", values[i]);
		card_tell(command);
		assert_true(file_read(found.gl_pathv[0], text, sizeof(text)));
		assert_int_equal(atoi(text), values[i]);
	}
	globfree(&found);
}

static void test_debugfs(void **state)
{
	struct worker *worker = first_worker(state);
	const long long done = queue_number("jobs done:");

	worker_expect(worker, worker_push(worker), 0);
	assert_int_equal(queue_number("jobs done:"), done + 1);
	assert_int_equal(queue_jobs(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fdinfo_names),
		TEST(test_fdinfo_client_ids_differ),
		TEST(test_fdinfo_counts_work),
		TEST(test_fdinfo_counts_memory),
		TEST(test_sysfs_says_what_it_is),
		TEST(test_busy_time_moves_with_work),
		TEST(test_busy_time_counts_what_still_runs),
		TEST(test_temperature),
		TEST(test_debugfs),
	};

	return cmocka_run_group_tests(tests, patient_set_up, patient_tear_down);
}
