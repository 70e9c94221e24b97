// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "redact.h"
#include "tree.h"

static struct redact redact;

static int set_up(void **state)
{
	const char *root = tree_create();

	tree_file("/etc/hostname", "kitchen-cam.example.org\n");
	tree_file("/proc/sys/kernel/hostname", "kitchen-cam\n");
	tree_file("/proc/sys/kernel/domainname", "(none)\n");
	tree_file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
				 "games:x:5:60:games:/usr/games:/bin/false\n"
				 "alice:x:1000:1000:Alice Liddell,,,:/home/alice:/bin/sh\n"
				 "bo:x:1001:1001::/home/bo:/bin/sh\n"
				 "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"
				 "damaged\n");
	return !redact_init(&redact, root);
}

static int tear_down(void **state)
{
	redact_finish(&redact);
	tree_destroy();
	return 0;
}

static void expect(const char *text, const char *expected)
{
	char *result = redact_text(&redact, text);

	assert_non_null(result);
	assert_string_equal(result, expected);
	free(result);
}

static void names_of_host_and_people_go(void **state)
{
	expect("Nov 21 kitchen-cam kernel: alice's job", "Nov 21 <host> kernel: <user>'s job");
	expect("kitchen-cam.example.org", "<host>");
	expect("ALICE,Liddell;bo", "<user>,<user>;<user>");
	expect("/home/carol/model.onnx", "/home/<user>/model.onnx");
	expect("HOME=/home/bo\n", "HOME=/home/<user>\n");
	/* Parts of other words, and the system's users, stay. */
	expect("malice bounce bo_1 root games nobody (none)",
	       "malice bounce bo_1 root games nobody (none)");
}

static void addresses_of_networks_go(void **state)
{
	expect("eth0: 52:54:00:ab:CD:ef up", "eth0: <mac> up");
	expect("52-54-00-ab-cd-ef", "<mac>");
	expect("usb-52:54:00:ab:cd:ef", "usb-<mac>");
	expect("192.168.1.17.", "<ip>.");
	expect("192.168.1.17:8080/24", "<ip>:8080/24");
	expect("ip=10.0.0.2::10.0.0.1:", "ip=<ip>::<ip>:");
	expect("fe80::5054:ff:feab:cdef%eth0", "<ip>");
	expect("addr:2001:db8:0:0:1:2:3:4", "addr:<ip>");
	expect("[2001:db8::1]:80", "[<ip>]:80");
	expect("mail alice@example.org, please", "mail <mail>, please");
}

static void numbers_of_one_machine_go(void **state)
{
	expect("root=UUID=3f2504e0-4f89-11d3-9a0c-0305e82c3301 ro", "root=UUID=<uuid> ro");
	expect("Serial\t\t: 00000000deadbeef\nnext", "Serial\t\t: <serial>\nnext");
	expect("\"serial\": \"AB-12/3\", \"x\": 1", "\"serial\": \"<serial>\", \"x\": 1");
	expect("SerialNumber: XYZ", "SerialNumber: <serial>");
}

static void what_is_needed_stays(void **state)
{
	static const char *const texts[] = {
		"edge_accel 0000:01:00.0: [drm] *ERROR* job 7 hung",
		"12:34:56.789 6.1.0-56-amd64 #1 SMP Debian 6.1.0",
		"[    1.234567] BAR 0: assigned [mem 0xfe800000-0xfe8fffff 64bit]",
		"atomic_c=8 atomic_k=8 features=bs,pdp 0x10001",
		"{\n  \"version\": \"0.1.0\",\n  \"node\": \"/dev/accel/accel0\"\n}\n",
		"",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], texts[i]);
}

static void more_secrets_can_be_told(void **state)
{
	assert_true(redact_add(&redact, "", "user"));
	assert_true(redact_add(&redact, "localhost", "host"));
	assert_true(redact_add(&redact, "swordfish", "word"));
	expect("localhost swordfish", "localhost <word>");
	for (int i = 0; i < 1000; i++)
		assert_true(redact_add(&redact, "x", "word"));
	expect("x y", "<word> y");
}

/* What cannot be read may hold secrets: then none are known to be all. */
static void unreadable_names_are_an_error(void **state)
{
	struct redact other;

	tree_remove("/etc/passwd");
	assert_true(redact_init(&other, tree_path("")));
	redact_finish(&other);
	tree_folder("/etc/passwd");
	assert_false(redact_init(&other, tree_path("")));
	redact_finish(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_of_host_and_people_go), TEST(addresses_of_networks_go),
		TEST(numbers_of_one_machine_go),   TEST(what_is_needed_stays),
		TEST(more_secrets_can_be_told),	   TEST(unreadable_names_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
