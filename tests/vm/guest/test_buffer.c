// SPDX-License-Identifier: MIT
/* Buffers: making, asking, mapping and synchronising them, rightly and wrongly. */
#include "accel.h"
#include "ops.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define ALL_FLAGS (DRM_EDGE_BO_CACHED | DRM_EDGE_BO_DEVICE_READS | DRM_EDGE_BO_DEVICE_WRITES)

static int create(int fd, uint64_t size, uint32_t flags, struct drm_edge_bo_create *args)
{
	*args = (struct drm_edge_bo_create) { .size = size, .flags = flags };
	return accel_call(fd, DRM_IOCTL_EDGE_BO_CREATE, args);
}

static void test_sizes_are_whole_pages(void **state)
{
	const uint64_t sizes[] = { 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 100000 };
	struct drm_edge_bo_create args;
	int fd = accel_open();

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		assert_int_equal(create(fd, sizes[i], 0, &args), 0);
		assert_int_equal(args.size, (sizes[i] + PAGE - 1) / PAGE * PAGE);
		assert_int_not_equal(args.handle, 0);
		assert_int_equal(gem_close(fd, args.handle), 0);
	}
	close(fd);
}

static void test_sizes_out_of_range(void **state)
{
	struct drm_edge_bo_create args;
	int fd = accel_open();
	const uint64_t max = accel_device(fd).max_bo;
	const uint64_t sizes[] = { 0,	      max + 1,		 max + PAGE, UINT64_C(1) << 32,
				   INT64_MAX, UINT64_MAX - PAGE, UINT64_MAX };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		assert_int_equal(create(fd, sizes[i], 0, &args), -EINVAL);
	close(fd);
}

/* More than the machine has, and less than the device takes. */
static void test_more_than_there_is(void **state)
{
	struct drm_edge_bo_create args;
	int fd = accel_open();
	const uint64_t max = accel_device(fd).max_bo;

	assert_int_equal(create(fd, max, 0, &args), -ENOMEM);
	assert_int_equal(create(fd, max, DRM_EDGE_BO_CACHED, &args), -ENOMEM);
	close(fd);
}

static void test_flags(void **state)
{
	struct drm_edge_bo_create args;
	int fd = accel_open();

	for (uint32_t flags = 0; flags <= ALL_FLAGS; flags++) {
		struct drm_edge_bo_info info;
		bool both = flags & DRM_EDGE_BO_DEVICE_READS && flags & DRM_EDGE_BO_DEVICE_WRITES;

		assert_int_equal(create(fd, PAGE, flags, &args), both ? -EINVAL : 0);
		if (both)
			continue;
		info = (struct drm_edge_bo_info) { .handle = args.handle, .flags = UINT32_MAX };
		assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_BO_INFO, &info), 0);
		assert_int_equal(info.flags, flags);
		assert_int_equal(info.size, PAGE);
		assert_true(info.mmap_offset == args.mmap_offset);
		gem_close(fd, args.handle);
	}
	for (int bit = 3; bit < 32; bit++)
		assert_int_equal(create(fd, PAGE, UINT32_C(1) << bit, &args), -EINVAL);
	close(fd);
}

static void check_unknown_handle(int fd, uint32_t handle)
{
	struct drm_edge_bo_info info = { .handle = handle };
	struct drm_edge_bo_sync sync = { .handle = handle, .flags = DRM_EDGE_SYNC_TO_CPU };

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_BO_INFO, &info), -ENOENT);
	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_BO_SYNC, &sync), -ENOENT);
}

static void test_unknown_handles(void **state)
{
	const uint32_t handles[] = { 0, 1, 1000, 0x7fffffff, 0x80000000, UINT32_MAX };
	int fd = accel_open();

	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		check_unknown_handle(fd, handles[i]);
	close(fd);
}

static void test_closed_handle(void **state)
{
	struct drm_edge_bo_create args;
	int fd = accel_open();

	assert_int_equal(create(fd, PAGE, 0, &args), 0);
	assert_int_equal(gem_close(fd, args.handle), 0);
	check_unknown_handle(fd, args.handle);
	assert_int_equal(gem_close(fd, args.handle), -EINVAL);
	close(fd);
}

static void test_handle_of_another_file(void **state)
{
	struct drm_edge_bo_create args;
	int fd = accel_open(), other = accel_open();

	/* So that numbers do not happen to be the same. */
	assert_int_equal(create(fd, PAGE, 0, &args), 0);
	assert_int_equal(create(fd, PAGE, 0, &args), 0);
	check_unknown_handle(other, args.handle);
	close(other);
	close(fd);
}

static void test_sync_flags(void **state)
{
	struct bo bo;
	int fd = accel_open();

	bo_create(&bo, fd, PAGE, DRM_EDGE_BO_CACHED);
	assert_int_equal(bo_sync(&bo, 0), -EINVAL);
	for (int bit = 2; bit < 32; bit++)
		assert_int_equal(bo_sync(&bo, UINT32_C(1) << bit | DRM_EDGE_SYNC_TO_CPU), -EINVAL);
	assert_int_equal(bo_sync(&bo, DRM_EDGE_SYNC_TO_CPU), 0);
	assert_int_equal(bo_sync(&bo, DRM_EDGE_SYNC_TO_DEVICE), 0);
	assert_int_equal(bo_sync(&bo, DRM_EDGE_SYNC_TO_CPU | DRM_EDGE_SYNC_TO_DEVICE), 0);
	bo_destroy(&bo);
	close(fd);
}

static int sync_range(const struct bo *bo, uint64_t offset, uint64_t size)
{
	struct drm_edge_bo_sync sync = {
		.handle = bo->handle,
		.flags = DRM_EDGE_SYNC_TO_CPU,
		.offset = offset,
		.size = size,
	};

	return accel_call(bo->fd, DRM_IOCTL_EDGE_BO_SYNC, &sync);
}

static void check_sync_ranges(uint32_t flags)
{
	struct bo bo;
	int fd = accel_open();

	bo_create(&bo, fd, 2 * PAGE, flags);
	assert_int_equal(sync_range(&bo, 0, 2 * PAGE), 0);
	assert_int_equal(sync_range(&bo, 1, 1), 0);
	assert_int_equal(sync_range(&bo, 2 * PAGE - 1, 1), 0);
	assert_int_equal(sync_range(&bo, 2 * PAGE, 0), 0);
	assert_int_equal(sync_range(&bo, 2 * PAGE, 1), -EINVAL);
	assert_int_equal(sync_range(&bo, 2 * PAGE + 1, 0), -EINVAL);
	assert_int_equal(sync_range(&bo, 0, 2 * PAGE + 1), -EINVAL);
	assert_int_equal(sync_range(&bo, PAGE, UINT64_MAX), -EINVAL);
	assert_int_equal(sync_range(&bo, PAGE, UINT64_MAX - PAGE + 1), -EINVAL);
	assert_int_equal(sync_range(&bo, UINT64_MAX, 1), -EINVAL);
	assert_int_equal(sync_range(&bo, UINT64_MAX, UINT64_MAX), -EINVAL);
	bo_destroy(&bo);
	close(fd);
}

static void test_sync_ranges_of_cached(void **state)
{
	check_sync_ranges(DRM_EDGE_BO_CACHED);
}

static void test_sync_ranges_of_write_combined(void **state)
{
	check_sync_ranges(0);
}

/* Memory that others have had. */
static void check_zero(uint32_t flags)
{
	const uint64_t size = 64 * PAGE;
	int fd = accel_open();

	for (int round = 0; round < 4; round++) {
		struct bo bo;

		bo_create(&bo, fd, size, flags);
		for (uint64_t i = 0; i < size / 8; i++)
			assert_true(((uint64_t *)bo.map)[i] == 0);
		memset(bo.map, 0xff, size);
		bo_destroy(&bo);
	}
	close(fd);
}

static void test_new_write_combined_buffers_are_zero(void **state)
{
	check_zero(0);
}

static void test_new_cached_buffers_are_zero(void **state)
{
	check_zero(DRM_EDGE_BO_CACHED);
}

static int map_errno(int fd, uint64_t size, int prot, int flags, uint64_t offset)
{
	void *map = mmap(NULL, size, prot, flags, fd, (off_t)offset);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, size);
	return 0;
}

static void check_mappings(uint32_t flags)
{
	const int rw = PROT_READ | PROT_WRITE;
	struct drm_edge_bo_create args;
	int fd = accel_open(), other = accel_open();

	assert_int_equal(create(fd, 2 * PAGE, flags, &args), 0);
	assert_int_equal(map_errno(fd, 2 * PAGE, rw, MAP_SHARED, args.mmap_offset), 0);
	assert_int_equal(map_errno(fd, 2 * PAGE, PROT_READ, MAP_SHARED, args.mmap_offset), 0);
	/* Part of it, from its start. */
	assert_int_equal(map_errno(fd, PAGE, rw, MAP_SHARED, args.mmap_offset), 0);
	assert_int_equal(map_errno(fd, 3 * PAGE, rw, MAP_SHARED, args.mmap_offset), EINVAL);
	assert_int_not_equal(map_errno(fd, 2 * PAGE, rw, MAP_SHARED, args.mmap_offset + PAGE), 0);
	assert_int_not_equal(map_errno(fd, PAGE, rw, MAP_SHARED, args.mmap_offset + 2 * PAGE), 0);
	assert_int_not_equal(map_errno(fd, PAGE, rw, MAP_SHARED, args.mmap_offset - PAGE), 0);
	assert_int_equal(map_errno(fd, PAGE, rw, MAP_SHARED, args.mmap_offset + 1), EINVAL);
	assert_int_equal(map_errno(fd, PAGE, rw, MAP_SHARED, 0), EINVAL);
	/* Writes to a private copy would not reach the device. */
	assert_int_equal(map_errno(fd, 2 * PAGE, rw, MAP_PRIVATE, args.mmap_offset), EINVAL);
	/* A file that has no handle of it. */
	assert_int_equal(map_errno(other, 2 * PAGE, rw, MAP_SHARED, args.mmap_offset), EACCES);
	gem_close(fd, args.handle);
	assert_int_equal(map_errno(fd, 2 * PAGE, rw, MAP_SHARED, args.mmap_offset), EINVAL);
	close(other);
	close(fd);
}

static void test_mappings_of_write_combined(void **state)
{
	check_mappings(0);
}

static void test_mappings_of_cached(void **state)
{
	check_mappings(DRM_EDGE_BO_CACHED);
}

/* The second page of a mapping is the second page of the buffer, also when only that is left. */
static void test_mapping_outlives_handle_and_file(void **state)
{
	struct bo bo;
	int fd = accel_open();

	bo_create(&bo, fd, 2 * PAGE, 0);
	memset(bo.map, 1, PAGE);
	memset(bo.map + PAGE, 2, PAGE);
	gem_close(fd, bo.handle);
	close(fd);
	munmap(bo.map, PAGE);
	for (int i = 0; i < PAGE; i++)
		assert_int_equal(bo.map[PAGE + i], 2);
	memset(bo.map + PAGE, 3, PAGE);
	munmap(bo.map + PAGE, PAGE);
}

static void test_two_mappings_are_one_buffer(void **state)
{
	struct bo bo;
	uint8_t *second;
	int fd = accel_open();

	bo_create(&bo, fd, PAGE, 0);
	second = bo_map(fd, bo.handle, PAGE);
	assert_non_null(second);
	fill(bo.map, PAGE, 7);
	assert_memory_equal(bo.map, second, PAGE);
	munmap(second, PAGE);
	bo_destroy(&bo);
	close(fd);
}

/* Handles and memory of a file go with it. */
static void test_many_buffers(void **state)
{
	struct drm_edge_bo_create args;

	for (int round = 0; round < 8; round++) {
		int fd = accel_open();

		for (int i = 0; i < 64; i++)
			assert_int_equal(create(fd, 1 << 18, i % 2, &args), 0);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_are_whole_pages),
		cmocka_unit_test(test_sizes_out_of_range),
		cmocka_unit_test(test_more_than_there_is),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_unknown_handles),
		cmocka_unit_test(test_closed_handle),
		cmocka_unit_test(test_handle_of_another_file),
		cmocka_unit_test(test_sync_flags),
		cmocka_unit_test(test_sync_ranges_of_cached),
		cmocka_unit_test(test_sync_ranges_of_write_combined),
		cmocka_unit_test(test_new_write_combined_buffers_are_zero),
		cmocka_unit_test(test_new_cached_buffers_are_zero),
		cmocka_unit_test(test_mappings_of_write_combined),
		cmocka_unit_test(test_mappings_of_cached),
		cmocka_unit_test(test_mapping_outlives_handle_and_file),
		cmocka_unit_test(test_two_mappings_are_one_buffer),
		cmocka_unit_test(test_many_buffers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
