// SPDX-License-Identifier: MIT
/* What a device tells of itself. */
#include "accel.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static int query(int fd, uint32_t type, uint32_t size, void *answer, uint32_t *known)
{
	struct drm_edge_dev_query args = {
		.type = type,
		.size = size,
		.pointer = (uintptr_t)answer,
	};
	int ret = accel_call(fd, DRM_IOCTL_EDGE_DEV_QUERY, &args);

	*known = args.size;
	return ret;
}

static void test_size_is_told(void **state)
{
	int fd = accel_open();
	uint32_t known;

	assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, 0, NULL, &known), 0);
	assert_int_equal(known, sizeof(struct drm_edge_device));
	assert_int_equal(query(fd, DRM_EDGE_QUERY_NVDLA, 0, NULL, &known), 0);
	assert_int_equal(known, sizeof(struct drm_edge_nvdla));
	close(fd);
}

static void test_null_asks_for_the_size_only(void **state)
{
	int fd = accel_open();
	uint32_t known;

	assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, UINT32_MAX, NULL, &known), 0);
	assert_int_equal(known, sizeof(struct drm_edge_device));
	close(fd);
}

/* A program that was built with a smaller struct. */
static void test_short_answer(void **state)
{
	const uint32_t sizes[] = { 0, 1, 4, 7, 40, sizeof(struct drm_edge_device) - 1 };
	struct drm_edge_device whole;
	int fd = accel_open();

	whole = accel_device(fd);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		uint8_t bytes[sizeof(whole) + 8];
		uint32_t known;

		memset(bytes, 0xa5, sizeof(bytes));
		assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, sizes[i], bytes, &known), 0);
		assert_int_equal(known, sizeof(whole));
		assert_memory_equal(bytes, &whole, sizes[i]);
		for (size_t j = sizes[i]; j < sizeof(bytes); j++)
			assert_int_equal(bytes[j], 0xa5);
	}
	close(fd);
}

/* A program that was built with a larger struct. */
static void test_long_answer(void **state)
{
	struct drm_edge_device whole;
	uint8_t bytes[sizeof(whole) + 64];
	int fd = accel_open();
	uint32_t known;

	whole = accel_device(fd);
	memset(bytes, 0xa5, sizeof(bytes));
	assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, sizeof(bytes), bytes, &known), 0);
	assert_int_equal(known, sizeof(whole));
	assert_memory_equal(bytes, &whole, sizeof(whole));
	for (size_t j = sizeof(whole); j < sizeof(bytes); j++)
		assert_int_equal(bytes[j], 0xa5);
	close(fd);
}

static void test_unknown_types(void **state)
{
	const uint32_t types[] = { 2, 3, 0x80000000, UINT32_MAX };
	int fd = accel_open();

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		uint8_t byte = 0xa5;
		uint32_t known;

		assert_int_equal(query(fd, types[i], 1, &byte, &known), -EOPNOTSUPP);
		assert_int_equal(byte, 0xa5);
	}
	close(fd);
}

static void test_bad_pointer(void **state)
{
	int fd = accel_open();
	uint32_t known;

	assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, 16, (void *)16, &known), -EFAULT);
	assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, 16, (void *)(UINTPTR_MAX & ~7), &known),
			 -EFAULT);
	/* Nothing is to be written there. */
	assert_int_equal(query(fd, DRM_EDGE_QUERY_DEVICE, 0, (void *)16, &known), 0);
	close(fd);
}

static void test_the_card_as_emulated(void **state)
{
	struct drm_edge_device device;
	int fd = accel_open();

	device = accel_device(fd);
	assert_int_equal(device.kind, DRM_EDGE_KIND_FPGA);
	assert_int_equal(device.family, DRM_EDGE_FAMILY_NVDLA);
	assert_string_equal((char *)device.name, "nv_small");
	assert_int_equal(device.hw_version, 0x00303031);
	assert_int_equal(device.fw_version, 0);
	assert_int_equal(device.clock_hz, 100000000);
	assert_int_equal(device.address_bits, 32);
	assert_int_equal(device.bo_align, 8);
	assert_true(device.max_ops >= 1 && device.max_stream >= 4096 && device.max_bo >= 4096);
	assert_true(device.jobs_in_flight >= 1 && device.timeout_ms >= 10);
	for (int i = 0; i < 4; i++)
		assert_int_equal(device.reserved[i], 0);
	close(fd);
}

static void test_geometry(void **state)
{
	struct drm_edge_nvdla nvdla = { 0 };
	int fd = accel_open();
	uint32_t known;

	assert_int_equal(query(fd, DRM_EDGE_QUERY_NVDLA, sizeof(nvdla), &nvdla, &known), 0);
	assert_int_equal(nvdla.atomic_c, 8);
	assert_int_equal(nvdla.atomic_k, 8);
	assert_int_equal(nvdla.atom, 8);
	assert_int_equal(nvdla.cbuf_banks, 32);
	assert_int_equal(nvdla.cbuf_width, 8);
	assert_int_equal(nvdla.cbuf_depth, 512);
	assert_int_equal(nvdla.features, DRM_EDGE_NVDLA_BS | DRM_EDGE_NVDLA_BN |
						 DRM_EDGE_NVDLA_PDP | DRM_EDGE_NVDLA_CDP);
	for (int i = 0; i < 8; i++)
		assert_int_equal(nvdla.reserved[i], 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size_is_told),
		cmocka_unit_test(test_null_asks_for_the_size_only),
		cmocka_unit_test(test_short_answer),
		cmocka_unit_test(test_long_answer),
		cmocka_unit_test(test_unknown_types),
		cmocka_unit_test(test_bad_pointer),
		cmocka_unit_test(test_the_card_as_emulated),
		cmocka_unit_test(test_geometry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
