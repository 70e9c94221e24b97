// SPDX-License-Identifier: MIT
/* Secrets are planted all over a machine; what is gathered there has none of them, and all that is needed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "device/list.h"
#include "fake_edge.h"
#include "gather.h"
#include "tree.h"

#define CARD "0000:01:00.0"

static struct checks_system here;
static struct edge_device_list *list;
static struct gathered gathered;

static void plant(void)
{
	tree_file("/etc/hostname", "submarine.example.org\n");
	tree_file("/proc/sys/kernel/hostname", "submarine\n");
	tree_file("/etc/passwd", "nemo:x:1000:1000:Captain Nemo:/home/nemo:/bin/sh\n");
	tree_file("/etc/group", "render:x:105:nemo\n");
	tree_file("/etc/os-release",
		  "PRETTY_NAME=\"Debian 12\"\nID=debian\nHOME_URL=\"https://x\"\n");
	tree_file("/proc/cpuinfo",
		  "processor\t: 0\nmodel name\t: Cortex\nSerial\t\t: 10000000cafebabe\n"
		  "processor\t: 1\nmodel name\t: Cortex\nHardware\t: submarine\n");
	tree_file("/proc/meminfo", "MemTotal: 1000 kB\nCmaTotal: 65536 kB\nCmaFree: 65536 kB\n");
	tree_file("/proc/buddyinfo", "Node 0, zone DMA32 1 2 3\n");
	tree_file("/proc/cmdline", "root=UUID=3f2504e0-4f89-11d3-9a0c-0305e82c3301 cma=64M "
				   "ip=192.168.7.9 password=nautilus\n");
	tree_file("/dev/kmsg", "3,1,2,-;edge_accel " CARD ": job of nemo on submarine hung\n"
			       " SUBSYSTEM=pci\n"
			       "6,2,3,-;edge_accel " CARD
			       ": from /home/nemo/m.onnx for 10.1.2.3, 52:54:00:ab:cd:ef\n"
			       "6,3,4,-;sshd: nautilus typed\n");
	tree_file("/proc/77/cmdline", "player--token=nautilus");
	tree_file("/sys/devices/pci0000:00/" CARD "/serial", "S/N nautilus\n");
	tree_file("/sys/devices/pci0000:00/" CARD "/current_link_speed", "5.0 GT/s PCIe\n");
	tree_file("/sys/module/edge_accel/version", "0.1.0\n");
	tree_file("/sys/module/edge_accel/parameters/timeout_ms", "2000\n");
	tree_file("/sys/class/devcoredump/devcd1/data", "queue:\n  job 7 of nemo\n");
	tree_link("/sys/class/devcoredump/devcd1/failing_device", "/sys/devices/pci0000:00/" CARD);
	tree_file("/sys/class/devcoredump/devcd2/data", "graphics nautilus\n");
	tree_link("/sys/class/devcoredump/devcd2/failing_device", "/sys/devices/0000:00:02.0");
}

static int set_up(void **state)
{
	fake_edge_reset();
	here = (struct checks_system) {
		.root = tree_create(),
		.release = "6.1.0-9-amd64",
		.page_size = 4096,
		.user = "aronnax",
		.uid = 1001,
	};
	tree_card(CARD);
	tree_accel("accel0", CARD);
	plant();
	if (edge_device_list_create_with(&fake_kernel, here.root, &list, NULL))
		return -1;
	here.devices = list;
	return !gather(&here, &gathered);
}

static int tear_down(void **state)
{
	gather_finish(&gathered);
	edge_device_list_destroy(list);
	tree_destroy();
	return 0;
}

static const char *text_of(const char *name)
{
	for (size_t i = 0; i < gathered.count; i++)
		if (!strcmp(gathered.files[i].name, name))
			return gathered.files[i].text;
	fail_msg("no %s", name);
	return NULL;
}

static void has(const char *name, const char *word)
{
	if (!strstr(text_of(name), word))
		fail_msg("%s has no \"%s\":\n%s", name, word, text_of(name));
}

static void no_secret_is_in_it(void **state)
{
	static const char *const secrets[] = {
		"submarine", "nemo",	    "Nemo",	"Captain",  "aronnax",	"cafebabe",
		"3f2504e0",  "192.168.7.9", "nautilus", "10.1.2.3", "52:54:00",
	};

	assert_true(gathered.count >= 10);
	for (size_t i = 0; i < gathered.count; i++)
		for (size_t j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++)
			if (strcasestr(gathered.files[i].text, secrets[j]))
				fail_msg("%s has \"%s\":\n%s", gathered.files[i].name, secrets[j],
					 gathered.files[i].text);
}

static void what_is_needed_is_in_it(void **state)
{
	has("system.txt", "6.1.0-9-amd64");
	has("system.txt", "Debian 12");
	has("cpu.txt", "processors: 2");
	has("cpu.txt", "model name: Cortex");
	has("memory.txt", "CmaTotal: 65536 kB");
	has("memory.txt", "DMA32");
	has("cmdline.txt", "cma=64M");
	has("module.txt", "version: 0.1.0");
	has("module.txt", "timeout_ms: 2000");
	has("cards.txt", "current_link_speed: 5.0 GT/s PCIe");
	has("cards.txt", "driver: edge_accel");
	has("attributes.txt", "geometry: atomic_c=8");
	has("log.txt", "edge_accel " CARD ": job of <user> on <host> hung");
	has("log.txt", "from /home/<user>/m.onnx for <ip>, <mac>");
	has("coredump.txt", "job 7 of <user>");
	has("devices.json", "\"address\": \"" CARD "\"");
	has("doctor.json", "\"verdict\"");
	assert_null(strstr(text_of("log.txt"), "sshd"));
}

static void what_is_not_there_is_left_out(void **state)
{
	gather_finish(&gathered);
	tree_remove("/dev/kmsg");
	tree_remove("/sys/class/devcoredump");
	assert_true(gather(&here, &gathered));
	for (size_t i = 0; i < gathered.count; i++) {
		assert_string_not_equal(gathered.files[i].name, "log.txt");
		assert_string_not_equal(gathered.files[i].name, "coredump.txt");
		assert_true(gathered.files[i].size);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_secret_is_in_it),
		TEST(what_is_needed_is_in_it),
		TEST(what_is_not_there_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
