// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <xf86drm.h>

#include "device/device.h"
#include "device/list.h"
#include "fake_edge.h"
#include "tree.h"

static const char *root;

static int set_up(void **state)
{
	fake_edge_reset();
	root = tree_create();
	return 0;
}

static int tear_down(void **state)
{
	tree_destroy();
	return 0;
}

static struct edge_device_list *list_devices(void)
{
	struct edge_device_list *list;
	struct edge_error error = { 0 };

	if (edge_device_list_create_with(&fake_kernel, root, &list, &error))
		fail_msg("%s", error.message);
	return list;
}

static void a_machine_without_accelerators_has_an_empty_list(void **state)
{
	struct edge_device_list *list = list_devices();

	assert_null(edge_device_list_at(list, 0));
	assert_null(edge_device_list_find(list, "0"));
	edge_device_list_destroy(list);
	edge_device_list_destroy(NULL);
	assert_null(edge_device_list_at(NULL, 0));
}

static void a_card_is_found_by_sysfs_and_described_by_its_driver(void **state)
{
	struct edge_device_list *list;
	const struct edge_device_info *info;

	tree_card("0000:01:00.0");
	tree_accel("accel0", "0000:01:00.0");
	list = list_devices();
	info = edge_device_list_at(list, 0);
	assert_non_null(info);
	assert_null(edge_device_list_at(list, 1));
	assert_string_equal(info->node, "/dev/accel/accel0");
	assert_string_equal(info->bus, "pci");
	assert_string_equal(info->address, "0000:01:00.0");
	assert_string_equal(info->sysfs, "/sys/class/accel/accel0/device");
	assert_int_equal(info->kind, EDGE_ACCEL_FPGA);
	assert_string_equal(info->family, "nvdla");
	assert_string_equal(info->name, "nv_small");
	assert_string_equal(info->geometry,
			    "atomic_c=8 atomic_k=8 atom=8 cbuf_banks=32 cbuf_width=8 "
			    "cbuf_depth=512 features=bs,pdp,cdp pdp_line=128");
	assert_int_equal(info->status, EDGE_OK);
	assert_string_equal(info->reason, "");
	assert_int_equal(info->driver_major, 1);
	assert_int_equal(info->clock_hz, 100000000);
	assert_int_equal(info->max_buffer, 64 << 20);
	assert_int_equal(info->timeout_ms, 2000);
	/* The driver's own number, not the one sysfs had. */
	assert_int_equal(info->resets, 0);
	edge_device_list_destroy(list);
}

static void one_that_may_not_be_opened_is_described_by_sysfs(void **state)
{
	struct edge_device_list *list;
	const struct edge_device_info *info;

	tree_card("0000:01:00.0");
	tree_accel("accel0", "0000:01:00.0");
	fake.open_error = EACCES;
	list = list_devices();
	info = edge_device_list_at(list, 0);
	assert_int_equal(info->status, EDGE_PERMISSION_DENIED);
	assert_non_null(strstr(info->reason, "edgectl doctor"));
	assert_int_equal(info->kind, EDGE_ACCEL_FPGA);
	assert_string_equal(info->name, "nv_small");
	assert_string_equal(info->geometry, "atomic_c=8 atomic_k=8 atom=8");
	assert_int_equal(info->hw_version, 0x10001);
	assert_int_equal(info->resets, 3);
	assert_int_equal(info->driver_major, 0);
	edge_device_list_destroy(list);
}

static void nodes_are_ordered_by_number(void **state)
{
	static const char *const numbers[] = { "10", "2", "0" };
	struct edge_device_list *list;

	for (int i = 0; i < 3; i++) {
		char name[16], address[16];

		snprintf(name, sizeof(name), "accel%s", numbers[i]);
		snprintf(address, sizeof(address), "0000:0%d:00.0", i);
		tree_card(address);
		tree_accel(name, address);
	}
	list = list_devices();
	assert_string_equal(edge_device_list_at(list, 0)->node, "/dev/accel/accel0");
	assert_string_equal(edge_device_list_at(list, 1)->node, "/dev/accel/accel2");
	assert_string_equal(edge_device_list_at(list, 2)->node, "/dev/accel/accel10");
	/* By index, node and address, but not by less. */
	assert_ptr_equal(edge_device_list_find(list, "2"), edge_device_list_at(list, 2));
	assert_ptr_equal(edge_device_list_find(list, "accel10"), edge_device_list_at(list, 2));
	assert_ptr_equal(edge_device_list_find(list, "/dev/accel/accel2"),
			 edge_device_list_at(list, 1));
	assert_ptr_equal(edge_device_list_find(list, "0000:02:00.0"), edge_device_list_at(list, 0));
	assert_ptr_equal(edge_device_list_find(list, "02:00.0"), edge_device_list_at(list, 0));
	assert_null(edge_device_list_find(list, "00.0"));
	assert_null(edge_device_list_find(list, "accel1"));
	assert_null(edge_device_list_find(list, "3"));
	assert_null(edge_device_list_find(list, ""));
	edge_device_list_destroy(list);
}

static void render_nodes_of_ours_are_found_and_those_of_others_not(void **state)
{
	struct edge_device_list *list;

	tree_card("0000:01:00.0");
	tree_accel("accel0", "0000:01:00.0");
	tree_remove("/sys/class/accel");
	tree_link("/sys/class/drm/renderD128/device", "/sys/devices/pci0000:00/0000:01:00.0");
	tree_file("/sys/class/drm/renderD128/uevent", "DEVNAME=dri/renderD128\n");
	tree_link("/sys/class/drm/card0/device", "/sys/devices/pci0000:00/0000:01:00.0");
	tree_file("/dev/dri/renderD128", "%s", "");
	tree_folder("/sys/module/i915");
	tree_link("/sys/bus/pci/drivers/i915/module", "/sys/module/i915");
	tree_link("/sys/devices/pci0000:00/0000:00:02.0/driver", "/sys/bus/pci/drivers/i915");
	tree_link("/sys/class/drm/renderD129/device", "/sys/devices/pci0000:00/0000:00:02.0");
	list = list_devices();
	assert_string_equal(edge_device_list_at(list, 0)->node, "/dev/dri/renderD128");
	assert_int_equal(edge_device_list_at(list, 0)->status, EDGE_OK);
	assert_null(edge_device_list_at(list, 1));
	edge_device_list_destroy(list);
}

static void what_is_in_the_way_of_opening_has_its_own_code(void **state)
{
	static const struct {
		int number;
		enum edge_status status;
	} cases[] = {
		{ EACCES, EDGE_PERMISSION_DENIED },
		{ EPERM, EDGE_PERMISSION_DENIED },
		{ ENXIO, EDGE_DEVICE_REMOVED },
		{ ENODEV, EDGE_DEVICE_REMOVED },
		{ EBUSY, EDGE_BUSY },
		{ EIO, EDGE_DEVICE_FAULT },
		{ EMFILE, EDGE_LIMIT_EXCEEDED },
		{ ENOMEM, EDGE_OUT_OF_MEMORY },
		{ ELOOP, EDGE_IO_ERROR },
	};
	struct edge_device *device;
	struct edge_error error;

	tree_file("/dev/accel/accel0", "%s", "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake.open_error = cases[i].number;
		assert_int_equal(edge_device_open_with(&fake_kernel, tree_path("/dev/accel/accel0"),
						       &device, &error),
				 cases[i].status);
		assert_int_equal(error.status, cases[i].status);
		assert_non_null(strstr(error.message, "/dev/accel/accel0"));
		assert_null(device);
	}
	assert_int_equal(edge_device_open_with(&fake_kernel, tree_path("/dev/accel/accel7"),
					       &device, &error),
			 EDGE_DEVICE_REMOVED);
}

static enum edge_status open_it(struct edge_error *error)
{
	struct edge_device *device;
	enum edge_status status;

	tree_file("/dev/accel/accel0", "%s", "");
	status =
		edge_device_open_with(&fake_kernel, tree_path("/dev/accel/accel0"), &device, error);
	edge_device_destroy(device);
	return status;
}

static void drivers_of_other_devices_and_versions_are_told_apart(void **state)
{
	struct edge_error error;

	assert_int_equal(open_it(&error), EDGE_OK);
	fake.driver = "i915";
	assert_int_equal(open_it(&error), EDGE_UNSUPPORTED);
	assert_non_null(strstr(error.message, "'i915'"));
	/* Longer than any buffer. */
	fake.driver = "edge_accel_of_somebody_who_likes_names_long";
	assert_int_equal(open_it(&error), EDGE_UNSUPPORTED);
	fake_edge_reset();
	fake_edge_fail(DRM_IOCTL_VERSION, ENOTTY);
	assert_int_equal(open_it(&error), EDGE_UNSUPPORTED);
	fake_edge_reset();
	fake.minor = 7;
	assert_int_equal(open_it(&error), EDGE_OK);
	fake.major = 2;
	assert_int_equal(open_it(&error), EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "2.7"));
	assert_non_null(strstr(error.message, "install the library"));
	fake.major = 0;
	assert_int_equal(open_it(&error), EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "install the driver"));
}

static void answers_of_older_and_newer_kernels(void **state)
{
	struct edge_error error;

	/* Knows nothing of the reserved tail. */
	fake.about_size = offsetof(struct drm_edge_device, reserved);
	fake.nvdla_size = offsetof(struct drm_edge_nvdla, reserved);
	assert_int_equal(open_it(&error), EDGE_OK);
	/* Knows more than we. */
	fake.about_size = 4 * sizeof(struct drm_edge_device);
	fake.nvdla_size = 4 * sizeof(struct drm_edge_nvdla);
	assert_int_equal(open_it(&error), EDGE_OK);
	/* Knows less than the first version did. */
	fake.about_size = offsetof(struct drm_edge_device, resets);
	assert_int_equal(open_it(&error), EDGE_INCOMPATIBLE);
	fake.about_size = sizeof(struct drm_edge_device);
	fake.nvdla_size = 4;
	assert_int_equal(open_it(&error), EDGE_INCOMPATIBLE);
}

static void devices_that_tell_nonsense_are_broken(void **state)
{
	struct edge_error error;

	fake.about.max_ops = 0;
	assert_int_equal(open_it(&error), EDGE_DEVICE_FAULT);
	fake_edge_reset();
	fake.about.bo_align = 24;
	assert_int_equal(open_it(&error), EDGE_DEVICE_FAULT);
	fake_edge_reset();
	fake.nvdla.atom = 0;
	assert_int_equal(open_it(&error), EDGE_DEVICE_FAULT);
	fake_edge_reset();
	memset(fake.about.name, 'x', sizeof(fake.about.name));
	assert_int_equal(open_it(&error), EDGE_OK);
	fake_edge_reset();
	fake_edge_fail(DRM_IOCTL_EDGE_DEV_QUERY, ENODEV);
	assert_int_equal(open_it(&error), EDGE_DEVICE_REMOVED);
	/* Of a family without NVDLA's geometry nobody asks for it. */
	fake_edge_reset();
	fake.about.family = DRM_EDGE_FAMILY_VPU;
	fake.nvdla.atom = 0;
	assert_int_equal(open_it(&error), EDGE_OK);
}

static void resetting_is_for_the_administrator(void **state)
{
	struct edge_device *device;
	struct edge_error error;

	tree_file("/dev/accel/accel0", "%s", "");
	assert_int_equal(edge_device_open_with(&fake_kernel, tree_path("/dev/accel/accel0"),
					       &device, &error),
			 EDGE_OK);
	assert_int_equal(edge_device_reset(device, &error), EDGE_OK);
	assert_int_equal(fake.about.resets, 1);
	fake_edge_fail(DRM_IOCTL_EDGE_RESET, EACCES);
	assert_int_equal(edge_device_reset(device, &error), EDGE_PERMISSION_DENIED);
	assert_non_null(strstr(error.message, "sudo"));
	fake_edge_fail(DRM_IOCTL_EDGE_RESET, EIO);
	assert_int_equal(edge_device_reset(device, &error), EDGE_DEVICE_FAULT);
	assert_int_equal(edge_device_reset(NULL, &error), EDGE_INVALID_ARGUMENT);
	edge_device_destroy(device);
}

static void the_public_calls_ask_the_real_kernel(void **state)
{
	struct edge_device_list *list;
	struct edge_device *device;
	struct edge_error error;

	assert_int_equal(edge_device_list_create(&list, &error), EDGE_OK);
	edge_device_list_destroy(list);
	assert_int_equal(edge_device_list_create(NULL, &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_device_open("/dev/null", &device, &error), EDGE_UNSUPPORTED);
	assert_int_equal(edge_device_open("/nowhere/accel0", &device, &error), EDGE_DEVICE_REMOVED);
	assert_int_equal(edge_device_open(NULL, &device, &error), EDGE_INVALID_ARGUMENT);
	assert_null(device);
	assert_int_equal(edge_device_open("/dev/null", NULL, &error), EDGE_INVALID_ARGUMENT);
	edge_device_destroy(NULL);
	assert_string_equal(edge_accel_kind_name(EDGE_ACCEL_VPU), "vpu");
	assert_string_equal(edge_accel_kind_name(77), "unknown");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_machine_without_accelerators_has_an_empty_list),
		TEST(a_card_is_found_by_sysfs_and_described_by_its_driver),
		TEST(one_that_may_not_be_opened_is_described_by_sysfs),
		TEST(nodes_are_ordered_by_number),
		TEST(render_nodes_of_ours_are_found_and_those_of_others_not),
		TEST(what_is_in_the_way_of_opening_has_its_own_code),
		TEST(drivers_of_other_devices_and_versions_are_told_apart),
		TEST(answers_of_older_and_newer_kernels),
		TEST(devices_that_tell_nonsense_are_broken),
		TEST(resetting_is_for_the_administrator),
		TEST(the_public_calls_ask_the_real_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
