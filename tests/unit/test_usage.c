// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "device/list.h"
#include "fake_edge.h"
#include "tree.h"
#include "usage.h"

static const char *root;
static struct edge_device_list *list;

static int set_up(void **state)
{
	fake_edge_reset();
	root = tree_create();
	tree_card("0000:01:00.0");
	tree_accel("accel0", "0000:01:00.0");
	tree_card("0000:02:00.0");
	tree_accel("accel1", "0000:02:00.0");
	return edge_device_list_create_with(&fake_kernel, root, &list, NULL);
}

static int tear_down(void **state)
{
	edge_device_list_destroy(list);
	tree_destroy();
	return 0;
}

/* Process @pid has @node open as @fd; the kernel tells @text of it. */
static void open_file(int pid, int fd, const char *node, const char *text)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	/* A file that is open already is told of anew. */
	if (lstat(tree_path(path), &status))
		tree_symlink(path, node);
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	tree_file(path, "pos:\t0\nflags:\t02100002\n%s", text);
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	tree_file(path, "camera-%d\n", pid);
}

#define CLIENT(pci, id, ns, kib, jobs) \
	"drm-driver:\tedge_accel\ndrm-client-id:\t" #id "\ndrm-pdev:\t" pci \
	"\ndrm-engine-npu:\t" #ns " ns\ndrm-total-memory:\t" #kib \
	" KiB\ndrm-resident-memory:\t" #kib " KiB\nedge-jobs:\t" #jobs "\nedge-ops:\t900\n"

static void nobody_uses_anything(void **state)
{
	struct usage usage;

	assert_true(usage_read(root, list, &usage));
	assert_int_equal(usage.num_clients, 0);
	assert_int_equal(usage.num_devices, 2);
	assert_int_equal(usage.devices[0].busy_us, 1500000);
	assert_int_equal(usage.devices[1].resets, 3);
	usage_finish(&usage);
}

static void clients_are_found_once_and_on_their_device(void **state)
{
	struct usage usage;

	open_file(77, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 5, 2000, 64, 7));
	/* The same client, duplicated and inherited. */
	open_file(77, 4, "/dev/accel/accel0", CLIENT("0000:01:00.0", 5, 2000, 64, 7));
	open_file(78, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 5, 2000, 64, 7));
	/* Another device may have the same number. */
	open_file(78, 9, "/dev/accel/accel1", CLIENT("0000:02:00.0", 5, 1, 1, 1));
	/* A card for graphics, a file, and a device that is not in the list. */
	open_file(79, 1, "/dev/dri/renderD129", "drm-driver:\ti915\ndrm-client-id:\t8\n");
	open_file(79, 2, "/home/alice/drm-driver", CLIENT("0000:01:00.0", 9, 1, 1, 1));
	open_file(79, 3, "/dev/accel/accel7", CLIENT("0000:07:00.0", 9, 1, 1, 1));
	assert_true(usage_read(root, list, &usage));
	assert_int_equal(usage.num_clients, 2);
	assert_int_equal(usage.clients[0].device, 0);
	assert_int_equal(usage.clients[0].pid, 77);
	assert_string_equal(usage.clients[0].name, "camera-77");
	assert_int_equal(usage.clients[0].busy_ns, 2000);
	assert_int_equal(usage.clients[0].memory, 65536);
	assert_int_equal(usage.clients[0].jobs, 7);
	assert_int_equal(usage.clients[0].ops, 900);
	assert_int_equal(usage.clients[1].device, 1);
	assert_int_equal(usage.clients[1].pid, 78);
	usage_finish(&usage);
}

static void without_a_pci_address_the_node_tells_the_device(void **state)
{
	struct usage usage;

	open_file(80, 3, "/dev/accel/accel1",
		  "drm-driver:\tedge_accel\ndrm-client-id:\t1\ndrm-total-memory:\t4096\n");
	open_file(81, 3, "/dev/accel/accel9", "drm-driver:\tedge_accel\ndrm-client-id:\t2\n");
	assert_true(usage_read(root, list, &usage));
	assert_int_equal(usage.num_clients, 1);
	assert_int_equal(usage.clients[0].device, 1);
	assert_int_equal(usage.clients[0].memory, 4096);
	usage_finish(&usage);
}

static void names_cannot_write_to_the_terminal(void **state)
{
	struct usage usage;

	open_file(82, 3, "/dev/accel/accel1", CLIENT("0000:02:00.0", 5, 1, 1, 1));
	tree_file("/proc/82/comm", "\033[2Jx\177\n");
	assert_true(usage_read(root, list, &usage));
	assert_string_equal(usage.clients[0].name, "?[2Jx?");
	usage_finish(&usage);
}

static void shares_and_rates_lie_between_two_looks(void **state)
{
	struct usage before, now;

	open_file(77, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 5, 1000000000, 64, 100));
	open_file(78, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 6, 500, 64, 10));
	assert_true(usage_read(root, list, &before));
	tree_file("/sys/devices/pci0000:00/0000:01:00.0/edge/busy_time_us", "2250000\n");
	open_file(77, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 5, 1500000000, 64, 130));
	/* The driver was loaded again: what it counts began again. */
	open_file(78, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 6, 100, 64, 2));
	open_file(79, 3, "/dev/accel/accel0", CLIENT("0000:01:00.0", 7, 9000000000, 64, 4));
	assert_true(usage_read(root, list, &now));
	now.now = before.now + UINT64_C(2000000000);
	assert_float_equal(usage_device_busy(&before, &now, 0), 0.375, 1e-9);
	assert_float_equal(usage_device_busy(&before, &now, 1), 0, 1e-9);
	assert_float_equal(usage_device_busy(&before, &now, 2), 0, 1e-9);
	assert_float_equal(usage_client_busy(&before, &now, 0), 0.25, 1e-9);
	assert_float_equal(usage_client_jobs(&before, &now, 0), 15, 1e-9);
	assert_float_equal(usage_client_busy(&before, &now, 1), 0, 1e-9);
	assert_float_equal(usage_client_jobs(&before, &now, 1), 0, 1e-9);
	assert_null(usage_before(&before, &now, 2));
	assert_float_equal(usage_client_busy(&before, &now, 2), 1, 1e-9);
	assert_float_equal(usage_client_jobs(&before, &now, 2), 2, 1e-9);
	/* Two looks at the same moment. */
	now.now = before.now;
	assert_float_equal(usage_device_busy(&before, &now, 0), 0, 1e-9);
	usage_finish(&before);
	usage_finish(&now);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nobody_uses_anything),
		TEST(clients_are_found_once_and_on_their_device),
		TEST(without_a_pci_address_the_node_tells_the_device),
		TEST(names_cannot_write_to_the_terminal),
		TEST(shares_and_rates_lie_between_two_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
