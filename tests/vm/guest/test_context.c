// SPDX-License-Identifier: MIT
/* Contexts and the waiting for their jobs: handles, limits, what a context keeps. */
#include "accel.h"
#include "ops.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define CONTEXTS 64
#define RESULTS 64

static void test_reserved_fields(void **state)
{
	int fd = accel_open();

	for (int bit = 0; bit < 32; bit++) {
		struct drm_edge_ctx_create flags = { .flags = UINT32_C(1) << bit };
		struct drm_edge_ctx_create pad = { .pad = UINT32_C(1) << bit };
		struct drm_edge_ctx_destroy destroy = { .handle = 1, .pad = UINT32_C(1) << bit };

		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_CTX_CREATE, &flags), -EINVAL);
		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_CTX_CREATE, &pad), -EINVAL);
		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy), -EINVAL);
	}
	close(fd);
}

static void test_priorities(void **state)
{
	const uint32_t unknown[] = { 3, 4, 0x80000000, UINT32_MAX };
	int fd = accel_open();
	uint32_t ctx;

	for (uint32_t priority = 0; priority <= DRM_EDGE_PRIORITY_HIGH; priority++) {
		assert_int_equal(ctx_try(fd, priority, &ctx), 0);
		assert_int_not_equal(ctx, 0);
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		assert_int_equal(ctx_try(fd, unknown[i], &ctx), -EINVAL);
	close(fd);
}

static void test_as_many_as_there_may_be(void **state)
{
	int fd = accel_open(), other = accel_open();
	uint32_t handles[CONTEXTS], handle;

	for (int i = 0; i < CONTEXTS; i++)
		handles[i] = ctx_create(fd);
	assert_int_equal(ctx_try(fd, DRM_EDGE_PRIORITY_NORMAL, &handle), -ENOSPC);
	/* It is a limit of the file. */
	ctx_create(other);
	assert_int_equal(ctx_destroy(fd, handles[17]), 0);
	assert_int_equal(ctx_try(fd, DRM_EDGE_PRIORITY_NORMAL, &handle), 0);
	assert_int_equal(ctx_try(fd, DRM_EDGE_PRIORITY_NORMAL, &handle), -ENOSPC);
	close(other);
	close(fd);
}

static void check_unknown(int fd, uint32_t handle)
{
	struct drm_edge_ctx_status status = { .handle = handle };
	struct drm_edge_wait wait = { .ctx = handle, .job = 1 };
	struct drm_edge_submit args = submit_args(handle, NULL, 0);

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_CTX_STATUS, &status), -ENOENT);
	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_WAIT, &wait), -ENOENT);
	assert_int_equal(submit_try(fd, &args), -ENOENT);
	assert_int_equal(ctx_destroy(fd, handle), -ENOENT);
}

static void test_unknown_handles(void **state)
{
	const uint32_t handles[] = { 0, 1, CONTEXTS, CONTEXTS + 1, 0x80000000, UINT32_MAX };
	int fd = accel_open();

	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		check_unknown(fd, handles[i]);
	close(fd);
}

static void test_destroyed_handle(void **state)
{
	int fd = accel_open();
	uint32_t ctx = ctx_create(fd);

	assert_int_equal(ctx_destroy(fd, ctx), 0);
	check_unknown(fd, ctx);
	close(fd);
}

static void test_handle_of_another_file(void **state)
{
	int fd = accel_open(), other = accel_open();

	check_unknown(other, ctx_create(fd));
	close(other);
	close(fd);
}

static void test_new_context_has_done_nothing(void **state)
{
	int fd = accel_open();
	struct drm_edge_ctx_status status = ctx_status(fd, ctx_create(fd));

	assert_int_equal(status.state, DRM_EDGE_CTX_OK);
	assert_int_equal(status.submitted, 0);
	assert_int_equal(status.completed, 0);
	assert_int_equal(status.failed, 0);
	assert_int_equal(status.late, 0);
	assert_int_equal(status.ops, 0);
	assert_int_equal(status.busy_ns, 0);
	assert_int_equal(status.resets, 0);
	close(fd);
}

static void test_status_counts(void **state)
{
	struct drm_edge_nvdla_copy copies[3];
	struct drm_edge_ctx_status status;
	struct bo bo;
	int fd = accel_open();
	uint32_t ctx = ctx_create(fd);

	bo_create(&bo, fd, PAGE, 0);
	for (int i = 0; i < 3; i++)
		copies[i] = smallest_op(&bo, 64 + 8 * i);
	for (int i = 0; i < 5; i++)
		assert_int_equal(submit(fd, ctx, copies, sizeof(copies)), i + 1);
	assert_int_equal(job_result(fd, ctx, 5), 0);
	status = ctx_status(fd, ctx);
	assert_int_equal(status.state, DRM_EDGE_CTX_OK);
	assert_int_equal(status.submitted, 5);
	assert_int_equal(status.completed, 5);
	assert_int_equal(status.failed, 0);
	assert_int_equal(status.ops, 15);
	assert_true(status.busy_ns > 0);
	bo_destroy(&bo);
	close(fd);
}

static void test_wait_reserved_fields(void **state)
{
	int fd = accel_open();
	uint32_t ctx = ctx_create(fd);

	for (int bit = 0; bit < 32; bit++) {
		struct drm_edge_wait wait = { .ctx = ctx, .flags = UINT32_C(1) << bit, .job = 1 };

		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_WAIT, &wait), -EINVAL);
	}
	close(fd);
}

static void test_wait_for_no_such_job(void **state)
{
	const uint64_t jobs[] = { 0, 2, 1000, UINT64_MAX };
	struct drm_edge_nvdla_copy copy;
	struct drm_edge_wait wait;
	struct bo bo;
	int fd = accel_open();
	uint32_t ctx = ctx_create(fd);

	bo_create(&bo, fd, PAGE, 0);
	copy = smallest_op(&bo, 64);
	submit(fd, ctx, &copy, sizeof(copy));
	for (size_t i = 0; i < sizeof(jobs) / sizeof(*jobs); i++)
		assert_int_equal(job_wait(fd, ctx, jobs[i], PATIENCE, &wait), -ENOENT);
	assert_int_equal(job_result(fd, ctx, 1), 0);
	bo_destroy(&bo);
	close(fd);
}

static void test_results_that_are_kept(void **state)
{
	struct drm_edge_nvdla_copy copy;
	struct drm_edge_wait wait;
	struct bo bo;
	int fd = accel_open();
	uint32_t ctx = ctx_create(fd);

	bo_create(&bo, fd, PAGE, 0);
	copy = smallest_op(&bo, 64);
	for (int i = 0; i < RESULTS + 3; i++)
		submit(fd, ctx, &copy, sizeof(copy));
	assert_int_equal(job_result(fd, ctx, RESULTS + 3), 0);
	for (int job = 1; job <= RESULTS + 3; job++)
		assert_int_equal(job_wait(fd, ctx, job, 0, &wait), job <= 3 ? -ENOENT : 0);
	bo_destroy(&bo);
	close(fd);
}

/* What only an administrator may: as somebody else the same calls are refused. */
static void as_nobody(void (*run)(int fd), int fd)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		if (setgid(65534) || setuid(65534))
			_exit(2);
		run(fd);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void try_high_priority(int fd)
{
	uint32_t ctx;

	if (ctx_try(fd, DRM_EDGE_PRIORITY_HIGH, &ctx) != -EACCES ||
	    ctx_try(fd, DRM_EDGE_PRIORITY_NORMAL, &ctx) || ctx_try(fd, DRM_EDGE_PRIORITY_LOW, &ctx))
		_exit(1);
}

static void test_high_priority_is_a_privilege(void **state)
{
	int fd = accel_open();

	as_nobody(try_high_priority, fd);
	close(fd);
}

static void try_reset(int fd)
{
	struct drm_edge_reset reset = { 0 };

	if (accel_call(fd, DRM_IOCTL_EDGE_RESET, &reset) != -EACCES)
		_exit(1);
}

static void test_reset_is_a_privilege(void **state)
{
	int fd = accel_open();
	const uint64_t resets = accel_device(fd).resets;

	as_nobody(try_reset, fd);
	assert_int_equal(accel_device(fd).resets, resets);
	close(fd);
}

static void test_reset_reserved_fields(void **state)
{
	int fd = accel_open();
	const uint64_t resets = accel_device(fd).resets;

	for (int bit = 0; bit < 32; bit++) {
		struct drm_edge_reset flags = { .flags = UINT32_C(1) << bit };
		struct drm_edge_reset pad = { .pad = UINT32_C(1) << bit };

		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_RESET, &flags), -EINVAL);
		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_RESET, &pad), -EINVAL);
	}
	assert_int_equal(accel_device(fd).resets, resets);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reserved_fields),
		cmocka_unit_test(test_priorities),
		cmocka_unit_test(test_as_many_as_there_may_be),
		cmocka_unit_test(test_unknown_handles),
		cmocka_unit_test(test_destroyed_handle),
		cmocka_unit_test(test_handle_of_another_file),
		cmocka_unit_test(test_new_context_has_done_nothing),
		cmocka_unit_test(test_status_counts),
		cmocka_unit_test(test_wait_reserved_fields),
		cmocka_unit_test(test_wait_for_no_such_job),
		cmocka_unit_test(test_results_that_are_kept),
		cmocka_unit_test(test_high_priority_is_a_privilege),
		cmocka_unit_test(test_reset_is_a_privilege),
		cmocka_unit_test(test_reset_reserved_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
