// SPDX-License-Identifier: MIT
/* What edgectl doctor looks at, each thing as it should be and as it is not. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "checks.h"
#include "device/list.h"
#include "fake_edge.h"
#include "tree.h"

#define CARD "0000:01:00.0"
#define MODULE "/lib/modules/6.1.0-9-amd64/updates/dkms/edge_accel.ko"

static struct checks_system here;
static struct edge_device_list *list;
static struct finding finding;

static int set_up(void **state)
{
	fake_edge_reset();
	here = (struct checks_system) {
		.root = tree_create(),
		.release = "6.1.0-9-amd64",
		.page_size = 4096,
		.user = "alice",
		.uid = getuid() + 1000,
	};
	list = NULL;
	return 0;
}

static int tear_down(void **state)
{
	edge_device_list_destroy(list);
	tree_destroy();
	return 0;
}

/* A card with its driver, as the library lists it. */
static void with_device(void)
{
	if (access(tree_path("/sys/class/accel/accel0"), F_OK)) {
		tree_card(CARD);
		tree_accel("accel0", CARD);
	}
	edge_device_list_destroy(list);
	assert_int_equal(edge_device_list_create_with(&fake_kernel, here.root, &list, NULL),
			 EDGE_OK);
	here.devices = list;
}

static const struct finding *look(const char *name)
{
	for (size_t i = 0; i < checks_count(); i++) {
		checks_run(&here, i, &finding);
		if (!strcmp(finding.name, name))
			return &finding;
	}
	fail_msg("no check '%s'", name);
	return NULL;
}

/* The verdict of a check, and a word of what it finds and advises. */
static void expect(const char *name, enum verdict verdict, const char *text, const char *remedy)
{
	look(name);
	if (finding.verdict != verdict || !strstr(finding.text, text) ||
	    !strstr(finding.remedy, remedy))
		fail_msg("%s: %s, \"%s\", \"%s\"", name, verdict_name(finding.verdict),
			 finding.text, finding.remedy);
}

static void whatever_is_found_has_words_and_failures_a_remedy(void **state)
{
	for (int bare = 0; bare < 2; bare++) {
		for (size_t i = 0; i < checks_count(); i++) {
			size_t length;

			checks_run(&here, i, &finding);
			assert_true(strlen(finding.name) <= 10);
			assert_true(finding.text[0]);
			if (finding.verdict == VERDICT_FAIL || finding.verdict == VERDICT_WARN)
				assert_true(finding.remedy[0]);
			length = strlen(finding.remedy);
			assert_true(!length || finding.remedy[length - 1] == '.');
		}
		with_device();
	}
}

/* Its second compatible string is what the driver knows. */
static void write_block(void)
{
	static const char text[] = "vendor,npu\0nvidia,nv_small";
	FILE *file;

	tree_folder("/sys/bus/platform/devices/4000000.npu/of_node");
	file = fopen(tree_path("/sys/bus/platform/devices/4000000.npu/of_node/compatible"), "wb");
	assert_int_equal(fwrite(text, 1, sizeof(text), file), sizeof(text));
	fclose(file);
}

static void hardware(void **state)
{
	expect("hardware", VERDICT_FAIL, "1234:ed6e", "Plug");
	tree_file("/sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n");
	tree_file("/sys/bus/pci/devices/0000:00:02.0/device", "0xed6e\n");
	expect("hardware", VERDICT_FAIL, "1234:ed6e", "Plug");
	tree_file("/sys/bus/platform/devices/4000000.npu/of_node/compatible", "vendor,npu");
	expect("hardware", VERDICT_FAIL, "1234:ed6e", "Plug");
	write_block();
	expect("hardware", VERDICT_OK, "4000000.npu", "");
	tree_card(CARD);
	expect("hardware", VERDICT_OK, "a card at " CARD, "");
	tree_card("0000:02:00.0");
	expect("hardware", VERDICT_OK, "2 cards", "");
}

static void module(void **state)
{
	tree_folder("/lib/modules/6.1.0-9-amd64");
	expect("module", VERDICT_FAIL, "is not installed", "linux-headers-6.1.0-9-amd64");
	tree_folder("/lib/modules/6.1.0-9-amd64/build");
	expect("module", VERDICT_FAIL, "is not installed", "dkms add");
	tree_folder("/var/lib/dkms/edge_accel/0.1.0");
	tree_folder("/var/lib/dkms/edge_accel/kernel-6.1.0-8-amd64-x86_64");
	expect("module", VERDICT_FAIL, "source of edge_accel 0.1.0",
	       "dkms install edge_accel/0.1.0");
	tree_file("/var/lib/dkms/edge_accel/0.1.0/build/make.log", "error");
	expect("module", VERDICT_FAIL, "has not built", "make.log");
	tree_file("/lib/modules/6.1.0-8-amd64/extra/edge_accel.ko.xz", "x");
	expect("module", VERDICT_FAIL, "for kernel 6.1.0-8-amd64, but 6.1.0-9-amd64", "");
	tree_file(MODULE, "x");
	expect("module", VERDICT_WARN, "modprobe cannot", "depmod");
	tree_file("/lib/modules/6.1.0-9-amd64/modules.dep", "updates/dkms/edge_accel.ko: drm.ko\n");
	expect("module", VERDICT_OK, MODULE, "");
}

static void module_elsewhere(void **state)
{
	tree_file("/lib/modules/6.1.0-9-amd64/modules.builtin",
		  "kernel/drivers/accel/edge/edge_accel.ko\n");
	expect("module", VERDICT_OK, "built into", "");
	tree_remove("/lib");
	tree_file("/.dockerenv", "%s", "");
	expect("module", VERDICT_SKIP, "not seen in here", "on the host");
	tree_folder("/sys/module/edge_accel");
	expect("module", VERDICT_OK, "loaded", "");
}

static void built_for(void **state)
{
	expect("built-for", VERDICT_SKIP, "no module", "");
	tree_file(MODULE, "elf");
	expect("built-for", VERDICT_FAIL, "is no kernel module", "--force");
	tree_file(MODULE, "elf vermagic=6.1.0-8-amd64 SMP preempt");
	expect("built-for", VERDICT_FAIL, "for kernel 6.1.0-8-amd64, not for 6.1.0-9",
	       "-k 6.1.0-9");
	tree_file(MODULE, "elf vermagic=6.1.0-9-amd64 SMP preempt");
	expect("built-for", VERDICT_OK, "6.1.0-9-amd64", "");
	tree_remove(MODULE);
	tree_file(MODULE ".xz", "xz");
	expect("built-for", VERDICT_SKIP, "packed", "");
	tree_folder("/sys/module/edge_accel");
	expect("built-for", VERDICT_OK, "has taken it", "");
}

static void signature(void **state)
{
	static const char efi[] = "/sys/firmware/efi/efivars/"
				  "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
	FILE *file;

	expect("signature", VERDICT_OK, "not asked for", "");
	tree_file("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	tree_file("/sys/module/module/parameters/sig_enforce", "N\n");
	tree_file(efi, "12345");
	expect("signature", VERDICT_OK, "not asked for", "");
	file = fopen(tree_path(efi), "wb");
	assert_int_equal(fwrite("\6\0\0\0\1", 1, 5, file), 5);
	fclose(file);
	expect("signature", VERDICT_SKIP, "Secure Boot", "");
	tree_file(MODULE, "elf");
	expect("signature", VERDICT_FAIL, "not signed", "mokutil --import");
	tree_file("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	expect("signature", VERDICT_FAIL, "kernel lockdown", "mokutil");
	tree_file("/sys/module/module/parameters/sig_enforce", "Y\n");
	expect("signature", VERDICT_FAIL, "sig_enforce", "mokutil");
	tree_file(MODULE, "elf~Module signature appended~\n");
	expect("signature", VERDICT_WARN, "not be enrolled", "Enroll MOK");
	tree_remove(MODULE);
	tree_file(MODULE ".zst", "zst");
	expect("signature", VERDICT_WARN, "packed", "modinfo");
	tree_folder("/sys/module/edge_accel");
	expect("signature", VERDICT_OK, "accepted", "");
}

static void loaded(void **state)
{
	expect("loaded", VERDICT_SKIP, "no module", "");
	tree_file(MODULE, "elf");
	expect("loaded", VERDICT_FAIL, "not loaded", "sudo modprobe edge_accel");
	tree_file("/etc/modprobe.d/local.conf", "# blacklist edge_accel\n");
	expect("loaded", VERDICT_FAIL, "not loaded", "sudo modprobe edge_accel");
	tree_file("/etc/modprobe.d/local.conf", "options i915 x=1\nblacklist edge_accel\n");
	expect("loaded", VERDICT_FAIL, "/etc/modprobe.d/local.conf", "Remove the line");
	tree_file("/sys/module/edge_accel/version", "0.1.0\n");
	expect("loaded", VERDICT_OK, "0.1.0", "");
}

static void binding(void **state)
{
	expect("binding", VERDICT_SKIP, "no card", "");
	tree_card(CARD);
	expect("binding", VERDICT_SKIP, "waits for the module", "");
	tree_folder("/sys/module/edge_accel");
	expect("binding", VERDICT_FAIL, "has no driver", "dmesg | grep " CARD);
	tree_link("/sys/devices/pci0000:00/" CARD "/driver", "/sys/bus/pci/drivers/vfio-pci");
	expect("binding", VERDICT_FAIL, "held by the driver vfio-pci", "unbind");
	tree_remove("/sys/devices/pci0000:00/" CARD "/driver");
	tree_link("/sys/devices/pci0000:00/" CARD "/driver", "/sys/bus/pci/drivers/edge_accel");
	expect("binding", VERDICT_OK, "edge_accel", "");
}

static void binding_of_a_block(void **state)
{
	write_block();
	expect("binding", VERDICT_SKIP, "4000000.npu waits", "");
	tree_folder("/sys/module/edge_accel");
	expect("binding", VERDICT_FAIL, "4000000.npu has no driver", "dmesg | grep 4000000.npu");
	tree_symlink("/sys/bus/platform/devices/4000000.npu/driver", "../../drivers/opendla");
	expect("binding", VERDICT_FAIL, "opendla", "/sys/bus/platform/drivers/opendla/unbind");
	tree_remove("/sys/bus/platform/devices/4000000.npu/driver");
	tree_symlink("/sys/bus/platform/devices/4000000.npu/driver", "../../drivers/edge_accel");
	expect("binding", VERDICT_OK, "edge_accel", "");
}

static void interface(void **state)
{
	gzFile file;

	expect("interface", VERDICT_SKIP, "cannot be read", "");
	tree_file("/boot/config-6.1.0-9-amd64", "CONFIG_DRM_ACCEL=y\n# CONFIG_DRM is not set\n");
	expect("interface", VERDICT_FAIL, "without CONFIG_DRM", "Boot a kernel");
	tree_file("/boot/config-6.1.0-9-amd64", "CONFIG_DRM=m\n# CONFIG_DRM_ACCEL is not set\n");
	expect("interface", VERDICT_OK, "/dev/dri/renderDN", "");
	tree_file("/boot/config-6.1.0-9-amd64", "CONFIG_DRM=m\nCONFIG_DRM_ACCEL=y\n");
	expect("interface", VERDICT_OK, "/dev/accel/accelN", "");
	tree_remove("/boot");
	tree_folder("/proc");
	file = gzopen(tree_path("/proc/config.gz"), "wb");
	gzputs(file, "CONFIG_DRM=y\nCONFIG_DRM_ACCEL=y\n");
	gzclose(file);
	expect("interface", VERDICT_OK, "/dev/accel/accelN", "");
}

static void container(void **state)
{
	expect("container", VERDICT_OK, "none", "");
	tree_file("/proc/1/cgroup", "0::/init.scope\n");
	expect("container", VERDICT_OK, "none", "");
	tree_file("/proc/1/cgroup", "0::/lxc/web\n");
	expect("container", VERDICT_WARN, "(lxc)", "on the host");
	tree_file("/run/systemd/container", "systemd-nspawn\n");
	expect("container", VERDICT_WARN, "(systemd-nspawn)", "on the host");
	tree_file("/run/.containerenv", "%s", "");
	expect("container", VERDICT_WARN, "(Podman)", "on the host");
	tree_file("/.dockerenv", "%s", "");
	expect("container", VERDICT_WARN, "(Docker)", "on the host");
	with_device();
	expect("container", VERDICT_OK, "nodes are there", "");
	tree_remove("/dev");
	with_device();
	expect("container", VERDICT_FAIL, "/dev/accel/accel0", "--device /dev/accel/accel0");
}

static void node(void **state)
{
	expect("node", VERDICT_SKIP, "no device", "");
	with_device();
	expect("node", VERDICT_OK, "/dev/accel/accel0", "");
	tree_remove("/dev");
	with_device();
	expect("node", VERDICT_FAIL, "/dev/accel/accel0 is not there", "udevadm trigger");
	tree_file("/.dockerenv", "%s", "");
	expect("node", VERDICT_FAIL, "is not there", "into the container");
}

static void udev(void **state)
{
	expect("udev", VERDICT_WARN, "missing", "make install");
	tree_file("/usr/lib/udev/rules.d/70-edge-accel.rules", "x");
	expect("udev", VERDICT_WARN, "no group 'render'", "systemd-sysusers");
	tree_file("/etc/group", "root:x:0:\nrenderers:x:7:\n");
	expect("udev", VERDICT_WARN, "no group 'render'", "systemd-sysusers");
	tree_file("/etc/group", "root:x:0:\nrender:x:105:\n");
	expect("udev", VERDICT_OK, "group 'render'", "");
	tree_file("/.dockerenv", "%s", "");
	expect("udev", VERDICT_SKIP, "host's udev", "");
}

static void permission(void **state)
{
	const char *path = tree_path("/dev/accel/accel0");
	unsigned int group = getgid() + 77;

	expect("permission", VERDICT_SKIP, "no node", "");
	with_device();
	chmod(path, 0600);
	expect("permission", VERDICT_FAIL, "for root alone (mode 600", "70-edge-accel.rules");
	here.uid = 0;
	expect("permission", VERDICT_OK, "alice may", "");
	here.uid = getuid() + 1000;
	chmod(path, 0666);
	expect("permission", VERDICT_OK, "alice may", "");
	fake.open_error = EPERM;
	with_device();
	expect("permission", VERDICT_FAIL, "the kernel does not", "--device");
	fake.open_error = 0;
	with_device();
	/* Only root can give a file to a group of which it is no member. */
	if (chown(path, -1, group))
		skip();
	chmod(path, 0660);
	expect("permission", VERDICT_FAIL, "for the group", "usermod -aG");
	tree_file("/etc/group", "render:x:%u:malice,al\n", group);
	expect("permission", VERDICT_FAIL, "group render, and alice", "usermod -aG render alice");
	tree_file("/etc/group", "render:x:%u:bob,alice\n", group);
	expect("permission", VERDICT_FAIL, "has joined since", "Log out");
	here.groups[here.num_groups++] = group;
	expect("permission", VERDICT_OK, "alice may", "");
}

static void device(void **state)
{
	expect("device", VERDICT_SKIP, "there is none", "");
	with_device();
	expect("device", VERDICT_OK, "nv_small, driver 1.0", "");
	fake.major = 2;
	with_device();
	expect("device", VERDICT_FAIL, "does not work", "install the library");
	fake.major = 1;
	fake.open_error = EIO;
	with_device();
	expect("device", VERDICT_FAIL, "does not work", "power");
	fake.open_error = EACCES;
	with_device();
	expect("device", VERDICT_SKIP, "may not be opened", "");
}

static void firmware(void **state)
{
	expect("firmware", VERDICT_SKIP, "no device", "");
	with_device();
	expect("firmware", VERDICT_OK, "needs none", "");
	fake.about.kind = DRM_EDGE_KIND_VPU;
	fake.about.family = DRM_EDGE_FAMILY_VPU;
	with_device();
	expect("firmware", VERDICT_FAIL, "started none", "firmware of edge");
	fake.about.fw_version = 2 << 16 | 5;
	with_device();
	expect("firmware", VERDICT_OK, "2.5", "");
}

static void memory(void **state)
{
	expect("memory", VERDICT_SKIP, "meminfo", "");
	tree_file("/proc/meminfo", "MemTotal: 24684092 kB\nCmaTotal: 0 kB\n");
	tree_file(
		"/proc/buddyinfo",
		"Node 0, zone      DMA      0      0      0      0\n"
		"Node 0, zone    DMA32      1      2      4      2      5      4      3      3      4 "
		"     2    0\n"
		"Node 0, zone   Normal    934   5265   2851    926    730    378    158     63     26 "
		"     2   1096\n");
	expect("memory", VERDICT_WARN, "now at most 2 MiB", "cma=256M");
	tree_file("/boot/config-6.1.0-9-amd64", "CONFIG_CMA=y\n");
	expect("memory", VERDICT_WARN, "now at most 2 MiB", "cma=256M");
	tree_file("/boot/config-6.1.0-9-amd64", "# CONFIG_CMA is not set\n");
	expect("memory", VERDICT_WARN, "now at most 2 MiB", "turn on the IOMMU");
	tree_remove("/boot");
	tree_file("/proc/meminfo", "MemTotal: 24684092 kB\nCmaTotal: 65536 kB\nCmaFree: 1024 kB\n");
	expect("memory", VERDICT_WARN, "only 1 of 64 MiB", "larger 'cma='");
	tree_file("/proc/meminfo",
		  "MemTotal: 24684092 kB\nCmaTotal: 65536 kB\nCmaFree: 32768 kB\n");
	expect("memory", VERDICT_OK, "32 of 64 MiB", "");
	tree_file("/proc/meminfo", "MemTotal: 24684092 kB\n");
	tree_card(CARD);
	tree_file("/sys/devices/pci0000:00/" CARD "/iommu_group/type", "identity\n");
	expect("memory", VERDICT_WARN, "no CMA", "cma=256M");
	tree_file("/sys/devices/pci0000:00/" CARD "/iommu_group/type", "DMA-FQ\n");
	expect("memory", VERDICT_OK, "IOMMU", "");
}

static void page_size(void **state)
{
	expect("page-size", VERDICT_OK, "4 KiB", "");
	here.page_size = 16384;
	expect("page-size", VERDICT_OK, "16 KiB", "");
	here.page_size = 8192;
	expect("page-size", VERDICT_WARN, "8 KiB", "Prefer");
}

static void iommu(void **state)
{
	expect("iommu", VERDICT_SKIP, "no card", "");
	tree_card(CARD);
	expect("iommu", VERDICT_OK, "none", "");
	tree_file("/sys/kernel/iommu_groups/12/type", "DMA\n");
	tree_folder("/sys/kernel/iommu_groups/12/devices/" CARD);
	tree_link("/sys/devices/pci0000:00/" CARD "/iommu_group", "/sys/kernel/iommu_groups/12");
	expect("iommu", VERDICT_OK, "in group 12 (DMA)", "");
	tree_folder("/sys/kernel/iommu_groups/12/devices/0000:02:00.0");
	expect("iommu", VERDICT_WARN, "with 1 other", "another slot");
}

static void kernel_log(void **state)
{
	expect("log", VERDICT_SKIP, "only root", "sudo");
	here.uid = 0;
	expect("log", VERDICT_SKIP, "not to be seen", "");
	tree_file("/dev/kmsg", "6,1,2,-;edge_accel " CARD ": nv_small\n3,2,3,-;usb 1-1: failed\n");
	expect("log", VERDICT_OK, "no errors", "");
	tree_file("/dev/kmsg", "3,1,2,-;edge_accel " CARD ": job 7 hung\n"
			       " SUBSYSTEM=pci\n"
			       "11,2,3,-;edge_accel " CARD ": reset failed\n"
			       "6,3,4,-;edge_accel " CARD ": well again\n");
	expect("log", VERDICT_WARN, "2 errors; the last is \"edge_accel " CARD ": reset failed\"",
	       "edgectl report");
}

/* What the tests of one check leave alone: the machine that the tests run on. */
static void this_machine(void **state)
{
	struct checks_system system;

	checks_this_system(&system, NULL);
	assert_string_equal(system.root, "");
	assert_true(system.num_groups > 0);
	assert_int_equal(system.uid, geteuid());
	here = system;
	whatever_is_found_has_words_and_failures_a_remedy(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whatever_is_found_has_words_and_failures_a_remedy),
		TEST(hardware),
		TEST(module),
		TEST(module_elsewhere),
		TEST(built_for),
		TEST(signature),
		TEST(loaded),
		TEST(binding),
		TEST(binding_of_a_block),
		TEST(interface),
		TEST(container),
		TEST(node),
		TEST(udev),
		TEST(permission),
		TEST(device),
		TEST(firmware),
		TEST(memory),
		TEST(page_size),
		TEST(iommu),
		TEST(kernel_log),
		TEST(this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
