// SPDX-License-Identifier: MIT
/*
 * Each ioctl, with the first, second, third allocation of it failing, and so on until there is no further one. It may
 * succeed or say what it lacks; afterwards it works. What it lost on the way is for kmemleak to find.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "card.h"
#include "ops.h"

#define MOST_ALLOCATIONS 400

/**
 * struct setting
 * @fail: where the kernel is told which allocation fails
 * @on: one has been told that
 * @failed: it did
 */
struct setting {
	int fd, fail;
	bool on, failed;
	uint32_t ctx;
	struct bo bo;
};

static void tell(const struct setting *s, unsigned int n)
{
	char text[16];
	const int length = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(s->fail, text, length, 0) != length)
		abort();
}

/* The @n-th allocation of this thread from now on fails. */
static void fail_at(struct setting *s, unsigned int n)
{
	s->on = true;
	tell(s, n);
}

/* What is left to count is 0 if it failed. */
static void fail_no_more(struct setting *s)
{
	char text[16] = "";

	if (!s->on)
		return;
	s->failed = pread(s->fail, text, sizeof(text) - 1, 0) > 0 && atoi(text) == 0;
	s->on = false;
	tell(s, 0);
}

static int try_query(struct setting *s)
{
	struct drm_edge_nvdla nvdla;
	struct drm_edge_dev_query query = {
		.type = DRM_EDGE_QUERY_NVDLA,
		.size = sizeof(nvdla),
		.pointer = (uintptr_t)&nvdla,
	};

	return accel_call(s->fd, DRM_IOCTL_EDGE_DEV_QUERY, &query);
}

static int try_open(struct setting *s)
{
	const int fd = edge_open(NULL, 0);

	if (fd < 0)
		return -ENOMEM;
	close(fd);
	return 0;
}

static int create_with(struct setting *s, uint32_t flags)
{
	struct drm_edge_bo_create create = { .size = 20000, .flags = flags };
	int ret = accel_call(s->fd, DRM_IOCTL_EDGE_BO_CREATE, &create);

	if (!ret)
		gem_close(s->fd, create.handle);
	return ret;
}

static int try_create(struct setting *s)
{
	return create_with(s, 0);
}

static int try_create_cached(struct setting *s)
{
	return create_with(s, DRM_EDGE_BO_CACHED);
}

static int try_map(struct setting *s)
{
	volatile uint8_t *map = bo_map(s->fd, s->bo.handle, s->bo.size);

	if (!map)
		return -errno;
	munmap((void *)map, s->bo.size);
	return 0;
}

static int try_prime(struct setting *s)
{
	const int dmabuf = prime_export(s->fd, s->bo.handle);
	const int fd = dmabuf < 0 ? -1 : edge_open(NULL, 0);
	uint32_t handle;
	int ret = dmabuf;

	if (fd >= 0) {
		ret = prime_import(fd, dmabuf, &handle);
		close(fd);
	} else if (dmabuf >= 0) {
		ret = -ENOMEM;
	}
	if (dmabuf >= 0)
		close(dmabuf);
	return ret < 0 ? ret : 0;
}

static int try_context(struct setting *s)
{
	uint32_t handle;
	int ret = ctx_try(s->fd, DRM_EDGE_PRIORITY_NORMAL, &handle);

	return ret ? ret : ctx_destroy(s->fd, handle);
}

static int try_submit(struct setting *s)
{
	struct drm_edge_nvdla_copy op = smallest_op(&s->bo, 64);
	struct drm_edge_submit args = submit_args(s->ctx, &op, sizeof(op));
	struct drm_edge_wait wait;
	int ret = submit_try(s->fd, &args);

	if (ret)
		return ret;
	/* One that fails once it was accepted fails by its result. */
	fail_no_more(s);
	ret = job_wait(s->fd, s->ctx, args.job, PATIENCE, &wait);
	return ret ? ret : wait.result;
}

static int try_reset(struct setting *s)
{
	struct drm_edge_reset reset = { 0 };

	return accel_call(s->fd, DRM_IOCTL_EDGE_RESET, &reset);
}

static int set_up(void **state)
{
	struct setting *s = calloc(1, sizeof(*s));

	s->fail = open("/proc/self/fail-nth", O_RDWR);
	if (s->fail < 0) {
		print_message("SKIP this kernel injects no faults\n");
		exit(77);
	}
	/* By itself it spares those that may wait, which is nearly all. */
	assert_int_equal(file_write("/sys/kernel/debug/failslab/ignore-gfp-wait", "N"), 0);
	assert_int_equal(file_write("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N"), 0);
	assert_int_equal(file_write("/sys/kernel/debug/fail_page_alloc/min-order", "0"), 0);
	s->fd = accel_open();
	bo_create(&s->bo, s->fd, 4096, 0);
	s->ctx = ctx_create(s->fd);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *s = *state;

	ctx_destroy(s->fd, s->ctx);
	bo_destroy(&s->bo);
	close(s->fd);
	close(s->fail);
	free(s);
	return 0;
}

/* @least: so many failures it cannot do without. */
static void failing_one_by_one(struct setting *s, int (*attempt)(struct setting *s),
			       unsigned int least)
{
	unsigned int n = 0, refused = 0;

	assert_int_equal(attempt(s), 0);
	do {
		int ret;

		fail_at(s, ++n);
		ret = attempt(s);
		fail_no_more(s);
		refused += ret != 0;
		/* Nothing else can be the matter. */
		if (ret != 0 && ret != -ENOMEM && ret != -EINTR)
			fail_msg("allocation %u: %d", n, ret);
		assert_true(n < MOST_ALLOCATIONS);
	} while (s->failed);
	print_message("# %u allocations, %u refusals\n", n - 1, refused);
	assert_true(refused >= least);
	assert_int_equal(attempt(s), 0);
}

#define TEST(name, least) \
	static void test_##name(void **state) \
	{ \
		failing_one_by_one(*state, try_##name, least); \
	}

TEST(query, 0)
TEST(open, 1)
TEST(create, 1)
TEST(create_cached, 1)
TEST(map, 0)
TEST(prime, 1)
TEST(context, 1)
TEST(submit, 1)
TEST(reset, 0)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),	cmocka_unit_test(test_open),
		cmocka_unit_test(test_create),	cmocka_unit_test(test_create_cached),
		cmocka_unit_test(test_map),	cmocka_unit_test(test_prime),
		cmocka_unit_test(test_context), cmocka_unit_test(test_submit),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
