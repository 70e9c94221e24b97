// SPDX-License-Identifier: MIT
/* Many jobs, and nothing is left of them. */
#include "card.h"
#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS 10000
#define JOBS_OF_A_FILE 500
#define FLIGHT 32
#define BUFFERS 3000

/* Less than what the smallest thing that a job needs would add up to: 64 bytes each. */
#define SLACK_KB (JOBS * 64 / 1024)

/* A number of /proc/meminfo, in KiB. */
static long memory(const char *name)
{
	char text[4096];
	const char *at;

	assert_true(file_read("/proc/meminfo", text, sizeof(text)));
	at = strstr(text, name);
	assert_non_null(at);
	return strtol(at + strlen(name), NULL, 10);
}

static bool has_settled(void *data)
{
	return memory("SUnreclaim:") <= *(long *)data + SLACK_KB;
}

/* Frees come late: after grace periods, by work that waits. */
static void check_growth(const char *name, long before)
{
	if (!wait_until(has_settled, &before, 5000))
		fail_msg("%s: from %ld to %ld KiB", name, before, memory("SUnreclaim:"));
}

static void run_jobs(int jobs)
{
	while (jobs > 0) {
		struct worker worker;

		worker_open(&worker);
		for (int i = 0; i < JOBS_OF_A_FILE && jobs > 0; i++, jobs--) {
			uint64_t job = worker_push(&worker);

			if (job > FLIGHT)
				assert_int_equal(job_result(worker.fd, worker.ctx, job - FLIGHT),
						 0);
		}
		assert_int_equal(ctx_destroy(worker.fd, worker.ctx), 0);
		worker_close(&worker);
	}
}

static void test_jobs(void **state)
{
	long before;

	/* What is made once, and what allocators keep for later. */
	run_jobs(2 * JOBS_OF_A_FILE);
	before = memory("SUnreclaim:");
	run_jobs(JOBS);
	check_growth("jobs", before);
}

static void make_buffers(int count)
{
	int fd = accel_open();

	for (int i = 0; i < count; i++) {
		struct bo bo;

		bo_create(&bo, fd, 16384, i % 2 ? DRM_EDGE_BO_CACHED : 0);
		bo.map[0] = 1;
		bo_destroy(&bo);
	}
	close(fd);
}

static void test_buffers(void **state)
{
	long before, available;

	make_buffers(100);
	before = memory("SUnreclaim:");
	available = memory("MemAvailable:");
	make_buffers(BUFFERS);
	check_growth("buffers", before);
	/* A page of each would be 12 MB. */
	assert_true(memory("MemAvailable:") > available - 4096);
}

static void make_refused(int count)
{
	struct worker worker;
	struct drm_edge_submit args;
	uint64_t stream[2] = { 0 };

	worker_open(&worker);
	for (int i = 0; i < count; i++) {
		args = submit_args(worker.ctx, stream, sizeof(stream));
		assert_int_not_equal(submit_try(worker.fd, &args), 0);
	}
	worker_close(&worker);
}

static void test_refused_jobs(void **state)
{
	long before;

	make_refused(500);
	before = memory("SUnreclaim:");
	make_refused(JOBS);
	check_growth("refused jobs", before);
}

static void open_files(int count)
{
	for (int i = 0; i < count; i++) {
		int fd = accel_open();

		ctx_create(fd);
		syncobj_create(fd);
		close(fd);
	}
}

static void test_files(void **state)
{
	long before;

	open_files(100);
	before = memory("SUnreclaim:");
	open_files(2000);
	check_growth("files", before);
}

/* Jobs, files and buffers hold the module: if it goes, they have gone. */
static int nothing_is_left(void **state)
{
	module_reload("");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jobs),
		cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_refused_jobs),
		cmocka_unit_test(test_files),
	};

	/* What is freed there stays in quarantine for long; what is lost is found by the scan at the end. */
	if (!access("/sys/kernel/debug/kmemleak", F_OK)) {
		puts("SKIP kmemleak counts in this kernel");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
