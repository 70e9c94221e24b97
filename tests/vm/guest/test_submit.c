// SPDX-License-Identifier: MIT
/* Arguments of submissions: what is refused before, and beside, the operations themselves. */
#include "accel.h"
#include "ops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define MAX_SYNCS 64
#define MAX_BUFFERS 256
#define COPIED 0x5a

/* A job that copies an atom, and would show it. */
struct setting {
	int fd;
	struct bo bo;
	uint32_t ctx;
	struct drm_edge_nvdla_copy copy;
};

static struct setting *of(void **state)
{
	return *state;
}

static struct drm_edge_submit plain(const struct setting *setting)
{
	return submit_args(setting->ctx, &setting->copy, sizeof(setting->copy));
}

static void check_refused(const struct setting *setting, struct drm_edge_submit args, int error)
{
	assert_int_equal(submit_try(setting->fd, &args), error);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_NONE);
}

static void check_accepted(const struct setting *setting, struct drm_edge_submit args)
{
	assert_int_equal(submit_try(setting->fd, &args), 0);
	assert_int_equal(job_result(setting->fd, setting->ctx, args.job), 0);
	assert_int_equal(setting->bo.map[64], COPIED);
}

static void test_flags(void **state)
{
	for (int bit = 0; bit < 32; bit++) {
		struct drm_edge_submit args = plain(of(state));

		args.flags = UINT32_C(1) << bit;
		check_refused(of(state), args, -EINVAL);
	}
}

static void test_pad(void **state)
{
	for (int bit = 0; bit < 32; bit++) {
		struct drm_edge_submit args = plain(of(state));

		args.pad = UINT32_C(1) << bit;
		check_refused(of(state), args, -EINVAL);
	}
}

/* A deadline that makes no sense is one that has passed. */
static void test_deadlines(void **state)
{
	const int64_t deadlines[] = { 0, 1, -1, INT64_MIN, INT64_MAX };

	for (size_t i = 0; i < sizeof(deadlines) / sizeof(*deadlines); i++) {
		struct drm_edge_submit args = plain(of(state));

		args.deadline_ns = deadlines[i];
		check_accepted(of(state), args);
	}
}

static void test_stream_sizes(void **state)
{
	const uint32_t max = accel_device(of(state)->fd).max_stream;
	const uint32_t sizes[] = { 0,
				   1,
				   4,
				   7,
				   sizeof(struct drm_edge_nvdla_copy) + 4,
				   max + 8,
				   0x80000000,
				   UINT32_MAX,
				   UINT32_MAX - 7 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct drm_edge_submit args = plain(of(state));

		args.stream_size = sizes[i];
		assert_int_equal(submit_try(of(state)->fd, &args), -EINVAL);
		assert_int_equal(args.error_reason, DRM_EDGE_REASON_STREAM);
		assert_int_equal(args.error_op, 0);
	}
}

static void test_stream_nowhere(void **state)
{
	const uint64_t pointers[] = { 0, 8, UINT64_C(1) << 62, UINT64_MAX, UINT64_MAX - 31 };

	for (size_t i = 0; i < sizeof(pointers) / sizeof(*pointers); i++) {
		struct drm_edge_submit args = plain(of(state));

		args.stream = pointers[i];
		check_refused(of(state), args, -EFAULT);
	}
}

static void test_stream_at_the_end_of_a_page(void **state)
{
	const size_t size = sizeof(struct drm_edge_nvdla_copy);
	struct drm_edge_submit args = plain(of(state));
	uint8_t *pages =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(pages != MAP_FAILED);
	munmap(pages + PAGE, PAGE);
	memcpy(pages + PAGE - size, &of(state)->copy, size);
	args.stream = (uintptr_t)(pages + PAGE - size);
	check_accepted(of(state), args);
	args.stream += 8;
	check_refused(of(state), args, -EFAULT);
	munmap(pages, PAGE);
}

static void test_numbers_of_syncs(void **state)
{
	const uint32_t counts[] = { MAX_SYNCS + 1, 0x10000000, UINT32_MAX };
	struct drm_edge_sync syncs[MAX_SYNCS + 1] = { 0 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct drm_edge_submit args = plain(of(state));

		args.in_syncs = (uintptr_t)syncs;
		args.in_sync_stride = sizeof(*syncs);
		args.in_sync_count = counts[i];
		check_refused(of(state), args, -EINVAL);
		args = plain(of(state));
		args.out_syncs = (uintptr_t)syncs;
		args.out_sync_stride = sizeof(*syncs);
		args.out_sync_count = counts[i];
		check_refused(of(state), args, -EINVAL);
	}
}

static void test_as_many_syncs_as_there_may_be(void **state)
{
	struct drm_edge_sync syncs[MAX_SYNCS] = { 0 };
	struct drm_edge_submit args = plain(of(state));

	for (int i = 0; i < MAX_SYNCS; i++)
		syncs[i].handle = syncobj_create(of(state)->fd);
	args.out_syncs = (uintptr_t)syncs;
	args.out_sync_count = MAX_SYNCS;
	args.out_sync_stride = sizeof(*syncs);
	check_accepted(of(state), args);
	args = plain(of(state));
	args.in_syncs = (uintptr_t)syncs;
	args.in_sync_count = MAX_SYNCS;
	args.in_sync_stride = sizeof(*syncs);
	check_accepted(of(state), args);
	for (int i = 0; i < MAX_SYNCS; i++) {
		assert_int_equal(syncobj_wait(of(state)->fd, syncs[i].handle, 0, PATIENCE), 0);
		syncobj_destroy(of(state)->fd, syncs[i].handle);
	}
}

static void test_sync_flags(void **state)
{
	struct drm_edge_sync sync = { .handle = syncobj_create(of(state)->fd) };

	syncobj_signal(of(state)->fd, sync.handle, 0);
	for (int bit = 0; bit < 32; bit++) {
		struct drm_edge_submit args = plain(of(state));

		sync.flags = UINT32_C(1) << bit;
		args.in_syncs = (uintptr_t)&sync;
		args.in_sync_count = 1;
		args.in_sync_stride = sizeof(sync);
		check_refused(of(state), args, -EINVAL);
		args.in_sync_count = 0;
		args.out_syncs = (uintptr_t)&sync;
		args.out_sync_count = 1;
		args.out_sync_stride = sizeof(sync);
		check_refused(of(state), args, -EINVAL);
	}
	syncobj_destroy(of(state)->fd, sync.handle);
}

static struct drm_edge_submit with_out(const struct setting *setting, const void *syncs,
				       uint32_t count, uint32_t stride)
{
	struct drm_edge_submit args = plain(setting);

	args.out_syncs = (uintptr_t)syncs;
	args.out_sync_count = count;
	args.out_sync_stride = stride;
	return args;
}

static struct drm_edge_submit with_in(const struct setting *setting, const void *syncs,
				      uint32_t count, uint32_t stride)
{
	struct drm_edge_submit args = plain(setting);

	args.in_syncs = (uintptr_t)syncs;
	args.in_sync_count = count;
	args.in_sync_stride = stride;
	return args;
}

/* A program that was built when an element had no point: 8 bytes. */
static void test_short_elements(void **state)
{
	const uint32_t first = syncobj_create(of(state)->fd),
		       second = syncobj_create(of(state)->fd);
	const uint32_t syncs[] = { first, 0, second, 0 };

	check_accepted(of(state), with_out(of(state), syncs, 2, 8));
	assert_int_equal(syncobj_wait(of(state)->fd, first, 0, PATIENCE), 0);
	assert_int_equal(syncobj_wait(of(state)->fd, second, 0, PATIENCE), 0);
	check_accepted(of(state), with_in(of(state), syncs, 2, 8));
	syncobj_destroy(of(state)->fd, first);
	syncobj_destroy(of(state)->fd, second);
}

/* A program of the future: what it says beyond what we know must be nothing. */
static void test_long_elements(void **state)
{
	struct {
		struct drm_edge_sync sync;
		uint64_t more;
	} syncs[2] = { 0 };

	for (int i = 0; i < 2; i++)
		syncs[i].sync.handle = syncobj_create(of(state)->fd);
	check_accepted(of(state), with_out(of(state), syncs, 2, sizeof(*syncs)));
	check_accepted(of(state), with_in(of(state), syncs, 2, sizeof(*syncs)));
	syncs[1].more = UINT64_C(1) << 63;
	check_refused(of(state), with_out(of(state), syncs, 2, sizeof(*syncs)), -E2BIG);
	check_refused(of(state), with_in(of(state), syncs, 2, sizeof(*syncs)), -E2BIG);
	for (int i = 0; i < 2; i++)
		syncobj_destroy(of(state)->fd, syncs[i].sync.handle);
}

static void test_strides_out_of_range(void **state)
{
	const uint32_t strides[] = { 0, PAGE + 1, 0x80000000, UINT32_MAX };
	struct drm_edge_sync *syncs = calloc(2, 2 * PAGE);

	for (size_t i = 0; i < sizeof(strides) / sizeof(*strides); i++) {
		check_refused(of(state), with_in(of(state), syncs, 1, strides[i]), -EINVAL);
		check_refused(of(state), with_out(of(state), syncs, 1, strides[i]), -EINVAL);
	}
	free(syncs);
}

static void test_syncs_nowhere(void **state)
{
	const uintptr_t pointers[] = { 0, 8, UINTPTR_MAX, UINTPTR_MAX - 15 };

	for (size_t i = 0; i < sizeof(pointers) / sizeof(*pointers); i++) {
		const void *syncs = (void *)pointers[i];

		check_refused(of(state), with_in(of(state), syncs, 1, 16), -EFAULT);
		check_refused(of(state), with_out(of(state), syncs, 1, 16), -EFAULT);
	}
}

static void test_unknown_syncobjs(void **state)
{
	struct drm_edge_sync sync = { 0 };
	const uint32_t handles[] = { 0, 12345, 0x80000000, UINT32_MAX };

	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++) {
		sync.handle = handles[i];
		check_refused(of(state), with_in(of(state), &sync, 1, sizeof(sync)), -ENOENT);
		check_refused(of(state), with_out(of(state), &sync, 1, sizeof(sync)), -ENOENT);
		sync.point = 1;
		check_refused(of(state), with_out(of(state), &sync, 1, sizeof(sync)), -ENOENT);
		sync.point = 0;
	}
}

static void test_syncobj_of_another_file(void **state)
{
	struct drm_edge_sync sync = { 0 };
	int other = accel_open();

	for (int i = 0; i < 3; i++)
		sync.handle = syncobj_create(other);
	check_refused(of(state), with_in(of(state), &sync, 1, sizeof(sync)), -ENOENT);
	check_refused(of(state), with_out(of(state), &sync, 1, sizeof(sync)), -ENOENT);
	close(other);
}

/* Nobody has said what will signal it. */
static void test_wait_for_a_syncobj_without_fence(void **state)
{
	struct drm_edge_sync sync = { .handle = syncobj_create(of(state)->fd) };

	check_refused(of(state), with_in(of(state), &sync, 1, sizeof(sync)), -EINVAL);
	sync.point = 3;
	check_refused(of(state), with_in(of(state), &sync, 1, sizeof(sync)), -EINVAL);
	syncobj_destroy(of(state)->fd, sync.handle);
}

/* The good ones among the syncobjs of a submission that is refused stay as they were. */
static void test_refused_job_signals_nothing(void **state)
{
	struct drm_edge_sync syncs[2] = { { .handle = syncobj_create(of(state)->fd) },
					  { .handle = UINT32_MAX } };

	check_refused(of(state), with_out(of(state), syncs, 2, sizeof(*syncs)), -ENOENT);
	assert_int_equal(syncobj_wait(of(state)->fd, syncs[0].handle, 0, 0), -EINVAL);
	assert_int_equal(ctx_status(of(state)->fd, of(state)->ctx).submitted, 0);
	syncobj_destroy(of(state)->fd, syncs[0].handle);
}

/* The first operation is good, the second is not: neither runs. */
static void test_all_or_nothing(void **state)
{
	struct drm_edge_nvdla_copy copies[2] = { of(state)->copy, of(state)->copy };
	struct drm_edge_submit args = submit_args(of(state)->ctx, copies, sizeof(copies));

	copies[1].lines = 0;
	assert_int_equal(submit_try(of(state)->fd, &args), -EINVAL);
	assert_int_equal(args.error_op, 1);
	assert_int_equal(ctx_status(of(state)->fd, of(state)->ctx).submitted, 0);
	/* What comes after it has run, so it would have. */
	copies[1] = copy_op(&of(state)->bo, 0, &of(state)->bo, 128, 8);
	submit(of(state)->fd, of(state)->ctx, &copies[1], sizeof(copies[1]));
	assert_int_equal(job_result(of(state)->fd, of(state)->ctx, 1), 0);
	assert_int_equal(of(state)->bo.map[128], COPIED);
	assert_int_equal(of(state)->bo.map[64], 0);
}

static void test_handle_of_another_file(void **state)
{
	struct drm_edge_submit args;
	struct bo bo;
	int other = accel_open();

	for (int i = 0; i < 3; i++)
		bo_create(&bo, other, PAGE, 0);
	of(state)->copy.from.handle = bo.handle;
	args = plain(of(state));
	assert_int_equal(submit_try(of(state)->fd, &args), -EINVAL);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_HANDLE);
	assert_int_equal(args.error_at, offsetof(struct drm_edge_nvdla_copy, from.handle));
	close(other);
}

static void test_number_of_buffers(void **state)
{
	static struct drm_edge_nvdla_copy copies[MAX_BUFFERS];
	struct drm_edge_submit args = submit_args(of(state)->ctx, copies, sizeof(copies));

	for (int i = 0; i < MAX_BUFFERS; i++) {
		struct drm_edge_bo_create create = { .size = PAGE };

		assert_int_equal(accel_call(of(state)->fd, DRM_IOCTL_EDGE_BO_CREATE, &create), 0);
		copies[i] = of(state)->copy;
		copies[i].from.handle = create.handle;
	}
	/* All of them, and the one that is written. */
	check_refused(of(state), args, -ENOSPC);
	args.stream_size -= sizeof(*copies);
	assert_int_equal(submit_try(of(state)->fd, &args), 0);
	assert_int_equal(job_result(of(state)->fd, of(state)->ctx, args.job), 0);
	for (int i = 0; i < MAX_BUFFERS; i++)
		gem_close(of(state)->fd, copies[i].from.handle);
}

static int set_up(void **state)
{
	struct setting *setting = calloc(1, sizeof(*setting));

	setting->fd = accel_open();
	bo_create(&setting->bo, setting->fd, PAGE, 0);
	setting->bo.map[0] = COPIED;
	setting->ctx = ctx_create(setting->fd);
	setting->copy = smallest_op(&setting->bo, 64);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	bo_destroy(&of(state)->bo);
	close(of(state)->fd);
	free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flags),
		TEST(test_pad),
		TEST(test_deadlines),
		TEST(test_stream_sizes),
		TEST(test_stream_nowhere),
		TEST(test_stream_at_the_end_of_a_page),
		TEST(test_numbers_of_syncs),
		TEST(test_as_many_syncs_as_there_may_be),
		TEST(test_sync_flags),
		TEST(test_short_elements),
		TEST(test_long_elements),
		TEST(test_strides_out_of_range),
		TEST(test_syncs_nowhere),
		TEST(test_unknown_syncobjs),
		TEST(test_syncobj_of_another_file),
		TEST(test_wait_for_a_syncobj_without_fence),
		TEST(test_refused_job_signals_nothing),
		TEST(test_all_or_nothing),
		TEST(test_handle_of_another_file),
		TEST(test_number_of_buffers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
