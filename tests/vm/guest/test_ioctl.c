// SPDX-License-Identifier: MIT
/* Arguments of ioctls as memory: where they end, how long they are, and what comes back in them. */
#include "accel.h"
#include "card.h"
#include "ops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define LARGEST 256
#define MARK 0xa5

/* What the calls below are about. */
static struct {
	int fd;
	struct bo bo;
	uint32_t ctx;
	struct drm_edge_nvdla_copy copy;
	uint64_t job;
} device;

static void query_args(void *at)
{
	*(struct drm_edge_dev_query *)at = (struct drm_edge_dev_query) { 0 };
}

static void bo_create_args(void *at)
{
	*(struct drm_edge_bo_create *)at = (struct drm_edge_bo_create) { .size = 100 };
}

static void bo_info_args(void *at)
{
	*(struct drm_edge_bo_info *)at = (struct drm_edge_bo_info) { .handle = device.bo.handle };
}

static void bo_sync_args(void *at)
{
	*(struct drm_edge_bo_sync *)at = (struct drm_edge_bo_sync) {
		.handle = device.bo.handle,
		.flags = DRM_EDGE_SYNC_TO_DEVICE,
	};
}

static void ctx_create_args(void *at)
{
	*(struct drm_edge_ctx_create *)at = (struct drm_edge_ctx_create) { 0 };
}

/* One that is made for it. */
static void ctx_destroy_args(void *at)
{
	*(struct drm_edge_ctx_destroy *)at =
		(struct drm_edge_ctx_destroy) { .handle = ctx_create(device.fd) };
}

static void ctx_status_args(void *at)
{
	*(struct drm_edge_ctx_status *)at = (struct drm_edge_ctx_status) { .handle = device.ctx };
}

static void submit_plain_args(void *at)
{
	*(struct drm_edge_submit *)at = submit_args(device.ctx, &device.copy, sizeof(device.copy));
}

static void wait_args(void *at)
{
	*(struct drm_edge_wait *)at = (struct drm_edge_wait) {
		.ctx = device.ctx,
		.job = device.job,
		.timeout_ns = now_ns() + PATIENCE,
	};
}

static void reset_args(void *at)
{
	*(struct drm_edge_reset *)at = (struct drm_edge_reset) { 0 };
}

/* Each ioctl with arguments that it takes. */
static const struct call {
	const char *name;
	unsigned long request;
	void (*fill)(void *at);
} calls[] = {
	{ "DEV_QUERY", DRM_IOCTL_EDGE_DEV_QUERY, query_args },
	{ "BO_CREATE", DRM_IOCTL_EDGE_BO_CREATE, bo_create_args },
	{ "BO_INFO", DRM_IOCTL_EDGE_BO_INFO, bo_info_args },
	{ "BO_SYNC", DRM_IOCTL_EDGE_BO_SYNC, bo_sync_args },
	{ "CTX_CREATE", DRM_IOCTL_EDGE_CTX_CREATE, ctx_create_args },
	{ "CTX_DESTROY", DRM_IOCTL_EDGE_CTX_DESTROY, ctx_destroy_args },
	{ "CTX_STATUS", DRM_IOCTL_EDGE_CTX_STATUS, ctx_status_args },
	{ "SUBMIT", DRM_IOCTL_EDGE_SUBMIT, submit_plain_args },
	{ "WAIT", DRM_IOCTL_EDGE_WAIT, wait_args },
	{ "RESET", DRM_IOCTL_EDGE_RESET, reset_args },
};
#define CALLS (sizeof(calls) / sizeof(*calls))

static size_t size_of(const struct call *call)
{
	return _IOC_SIZE(call->request);
}

/* What a call made stays no longer than it is of use. */
static void undo(const struct call *call, const void *args)
{
	if (call->request == DRM_IOCTL_EDGE_BO_CREATE)
		gem_close(device.fd, ((const struct drm_edge_bo_create *)args)->handle);
	if (call->request == DRM_IOCTL_EDGE_CTX_CREATE)
		ctx_destroy(device.fd, ((const struct drm_edge_ctx_create *)args)->handle);
}

/* The end of a page, with nothing behind it. */
static uint8_t *page_end(void)
{
	uint8_t *pages =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(pages != MAP_FAILED);
	munmap(pages + PAGE, PAGE);
	return pages + PAGE;
}

static void expect(const struct call *call, int got, int wanted)
{
	if (got != wanted)
		fail_msg("%s: %d instead of %d", call->name, got, wanted);
}

static void test_argument_at_the_end_of_a_page(void **state)
{
	uint8_t *end = page_end();

	for (size_t i = 0; i < CALLS; i++) {
		uint8_t *args = end - size_of(&calls[i]);

		calls[i].fill(args);
		expect(&calls[i], accel_call(device.fd, calls[i].request, args), 0);
		undo(&calls[i], args);
	}
	munmap(end - PAGE, PAGE);
}

static void test_argument_beyond_the_end_of_a_page(void **state)
{
	uint8_t *end = page_end();

	for (size_t i = 0; i < CALLS; i++) {
		uint8_t args[LARGEST];

		calls[i].fill(args);
		memcpy(end - size_of(&calls[i]) + 1, args, size_of(&calls[i]) - 1);
		expect(&calls[i],
		       accel_call(device.fd, calls[i].request, end - size_of(&calls[i]) + 1),
		       -EFAULT);
	}
	munmap(end - PAGE, PAGE);
}

static void test_argument_nowhere(void **state)
{
	for (size_t i = 0; i < CALLS; i++) {
		expect(&calls[i], accel_call(device.fd, calls[i].request, NULL), -EFAULT);
		expect(&calls[i], accel_call(device.fd, calls[i].request, (void *)UINTPTR_MAX),
		       -EFAULT);
	}
}

/* An argument that cannot be written back is none that takes effect unseen: the call says so. */
static void test_argument_that_can_only_be_read(void **state)
{
	uint8_t *page =
		mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < CALLS; i++) {
		bool writes = _IOC_DIR(calls[i].request) & _IOC_READ;

		assert_int_equal(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
		calls[i].fill(page);
		assert_int_equal(mprotect(page, PAGE, PROT_READ), 0);
		expect(&calls[i], accel_call(device.fd, calls[i].request, page),
		       writes ? -EFAULT : 0);
	}
	munmap(page, PAGE);
}

static void test_nothing_is_written_beyond_the_argument(void **state)
{
	for (size_t i = 0; i < CALLS; i++) {
		uint8_t args[LARGEST + 64];

		memset(args, MARK, sizeof(args));
		calls[i].fill(args + 32);
		expect(&calls[i], accel_call(device.fd, calls[i].request, args + 32), 0);
		for (size_t j = 0; j < 32; j++) {
			assert_int_equal(args[j], MARK);
			assert_int_equal(args[32 + size_of(&calls[i]) + j], MARK);
		}
		undo(&calls[i], args + 32);
	}
}

static unsigned long resized(const struct call *call, size_t size)
{
	return _IOC(_IOC_DIR(call->request), _IOC_TYPE(call->request), _IOC_NR(call->request),
		    size);
}

/* A program whose struct is larger: the rest comes back as it was. */
static void test_longer_argument(void **state)
{
	for (size_t i = 0; i < CALLS; i++) {
		const size_t size = size_of(&calls[i]) + 32;
		uint8_t args[LARGEST + 32];

		memset(args, 0, sizeof(args));
		calls[i].fill(args);
		expect(&calls[i], accel_call(device.fd, resized(&calls[i], size), args), 0);
		for (size_t j = size_of(&calls[i]); j < size; j++)
			assert_int_equal(args[j], 0);
		undo(&calls[i], args);
	}
}

/* A program whose struct is smaller: what it lacks counts as zero, and is not written. */
static void test_shorter_argument(void **state)
{
	struct drm_edge_submit submit = submit_args(device.ctx, &device.copy, sizeof(device.copy));
	struct drm_edge_ctx_status status = { .handle = device.ctx };
	struct drm_edge_wait wait = { .ctx = device.ctx, .job = device.job };
	const struct call *call_submit = &calls[7], *call_status = &calls[6],
			  *call_wait = &calls[8];
	size_t size = offsetof(struct drm_edge_submit, job);

	memset(&submit.job, MARK, sizeof(submit) - size);
	expect(call_submit, accel_call(device.fd, resized(call_submit, size), &submit), 0);
	for (size_t i = size; i < sizeof(submit); i++)
		assert_int_equal(((uint8_t *)&submit)[i], MARK);

	size = offsetof(struct drm_edge_ctx_status, submitted) + 8;
	memset((uint8_t *)&status + size, MARK, sizeof(status) - size);
	expect(call_status, accel_call(device.fd, resized(call_status, size), &status), 0);
	assert_true(status.submitted > 0);
	for (size_t i = size; i < sizeof(status); i++)
		assert_int_equal(((uint8_t *)&status)[i], MARK);

	/* No time-out is one that has passed. */
	size = offsetof(struct drm_edge_wait, timeout_ns);
	memset((uint8_t *)&wait + size, MARK, sizeof(wait) - size);
	expect(call_wait, accel_call(device.fd, resized(call_wait, size), &wait), 0);
	for (size_t i = size; i < sizeof(wait); i++)
		assert_int_equal(((uint8_t *)&wait)[i], MARK);
}

/* An argument of no bytes at all is one of zeros. */
static void test_no_argument(void **state)
{
	static const int wanted[CALLS] = {
		0, -EINVAL, -ENOENT, -EINVAL, 0, -ENOENT, -ENOENT, -ENOENT, -ENOENT, 0,
	};

	for (size_t i = 0; i < CALLS; i++)
		expect(&calls[i], accel_call(device.fd, _IO('d', _IOC_NR(calls[i].request)), NULL),
		       wanted[i]);
}

static void test_unknown_numbers(void **state)
{
	for (unsigned int nr = DRM_COMMAND_BASE + CALLS; nr < DRM_COMMAND_END; nr++) {
		uint8_t args[LARGEST] = { 0 };

		assert_int_equal(accel_call(device.fd, _IOC(_IOC_READ | _IOC_WRITE, 'd', nr, 64),
					    args),
				 -EINVAL);
		for (size_t i = 0; i < sizeof(args); i++)
			assert_int_equal(args[i], 0);
	}
}

static void test_other_types_of_ioctl(void **state)
{
	uint8_t args[LARGEST] = { 0 };

	assert_int_equal(accel_call(device.fd, _IOC(_IOC_READ | _IOC_WRITE, 'e', 0x40, 16), args),
			 -ENOTTY);
	assert_int_equal(accel_call(device.fd, 0, args), -ENOTTY);
}

/* What is given back is what the kernel says, whatever was there. */
static void test_out_fields_are_defined(void **state)
{
	struct drm_edge_submit submit = submit_args(device.ctx, &device.copy, sizeof(device.copy));
	struct drm_edge_wait wait = { .ctx = device.ctx, .timeout_ns = now_ns() + PATIENCE };

	memset(&submit.job, MARK, sizeof(submit) - offsetof(struct drm_edge_submit, job));
	assert_int_equal(submit_try(device.fd, &submit), 0);
	assert_int_equal(submit.error_op, 0);
	assert_int_equal(submit.error_reason, DRM_EDGE_REASON_NONE);
	assert_int_equal(submit.error_at, 0);
	assert_int_equal(submit.error_pad, 0);

	wait.job = submit.job;
	memset(&wait.result, MARK, sizeof(wait) - offsetof(struct drm_edge_wait, result));
	assert_int_equal(accel_call(device.fd, DRM_IOCTL_EDGE_WAIT, &wait), 0);
	assert_int_equal(wait.result, 0);
	assert_int_equal(wait.pad, 0);
	assert_int_equal(wait.ops, 1);
}

/* The reason is "none" with every error but a refusal. */
static void test_reason_of_other_errors(void **state)
{
	struct drm_edge_submit submit;

	submit = submit_args(device.ctx, &device.copy, sizeof(device.copy));
	memset(&submit.error_op, MARK, 16);
	submit.flags = 1;
	assert_int_equal(submit_try(device.fd, &submit), -EINVAL);
	assert_int_equal(submit.error_reason, DRM_EDGE_REASON_NONE);

	submit = submit_args(device.ctx + 1000, &device.copy, sizeof(device.copy));
	memset(&submit.error_op, MARK, 16);
	assert_int_equal(submit_try(device.fd, &submit), -ENOENT);
	assert_int_equal(submit.error_reason, DRM_EDGE_REASON_NONE);

	submit = submit_args(device.ctx, (void *)16, sizeof(device.copy));
	memset(&submit.error_op, MARK, 16);
	assert_int_equal(submit_try(device.fd, &submit), -EFAULT);
	assert_int_equal(submit.error_reason, DRM_EDGE_REASON_NONE);
}

static int set_up(void **state)
{
	device.fd = accel_open();
	bo_create(&device.bo, device.fd, PAGE, 0);
	device.ctx = ctx_create(device.fd);
	device.copy = smallest_op(&device.bo, 64);
	device.job = submit(device.fd, device.ctx, &device.copy, sizeof(device.copy));
	return job_result(device.fd, device.ctx, device.job);
}

static int tear_down(void **state)
{
	bo_destroy(&device.bo);
	close(device.fd);
	coredump_drop();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_argument_at_the_end_of_a_page),
		cmocka_unit_test(test_argument_beyond_the_end_of_a_page),
		cmocka_unit_test(test_argument_nowhere),
		cmocka_unit_test(test_argument_that_can_only_be_read),
		cmocka_unit_test(test_nothing_is_written_beyond_the_argument),
		cmocka_unit_test(test_longer_argument),
		cmocka_unit_test(test_shorter_argument),
		cmocka_unit_test(test_no_argument),
		cmocka_unit_test(test_unknown_numbers),
		cmocka_unit_test(test_other_types_of_ioctl),
		cmocka_unit_test(test_out_fields_are_defined),
		cmocka_unit_test(test_reason_of_other_errors),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
