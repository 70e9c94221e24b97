// SPDX-License-Identifier: MIT
/*
 * Every allocation of what edgectl finds out about a system fails once: it says so, or knows less,
 * but shows no secret for it, and gives back what it had (which the address sanitizer checks).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device/list.h"
#include "fake_edge.h"
#include "gather.h"
#include "tree.h"
#include "usage.h"

/* Allocations until one fails; none does while this is below zero. */
static long countdown = -1;

static bool fails(void)
{
	if (countdown < 0 || countdown--)
		return false;
	errno = ENOMEM;
	return true;
}

/* The linker sends the program's calls here. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *string);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *string);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *string)
{
	return fails() ? NULL : __real_strdup(string);
}

static struct checks_system here;
static struct edge_device_list *list;

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
	tree_card("0000:01:00.0");
	tree_accel("accel0", "0000:01:00.0");
	tree_file("/etc/hostname", "submarine\n");
	tree_file("/etc/passwd", "nemo:x:1000:1000:Captain Nemo:/home/nemo:/bin/sh\n");
	tree_file("/etc/group", "render:x:105:nemo\n");
	tree_file("/boot/config-6.1.0-9-amd64", "CONFIG_DRM=m\n");
	tree_file("/proc/meminfo", "MemTotal: 1000 kB\n");
	tree_file("/dev/kmsg", "3,1,2,-;edge_accel: nemo of submarine for aronnax\n");
	tree_symlink("/proc/77/fd/3", "/dev/accel/accel0");
	tree_file("/proc/77/fdinfo/3", "drm-driver:\tedge_accel\ndrm-client-id:\t5\n");
	if (edge_device_list_create_with(&fake_kernel, here.root, &list, NULL))
		return -1;
	here.devices = list;
	return 0;
}

static int tear_down(void **state)
{
	edge_device_list_destroy(list);
	tree_destroy();
	return 0;
}

/* Lets the first allocation of @scenario fail, then the second, until there are no more. */
static void fail_each(bool (*scenario)(bool failing), long least)
{
	long number;

	for (number = 0;; number++) {
		bool all_succeeded, ok;

		countdown = number;
		ok = scenario(true);
		all_succeeded = countdown >= 0;
		countdown = -1;
		if (all_succeeded) {
			assert_true(ok);
			break;
		}
	}
	assert_true(number >= least);
	assert_true(scenario(false));
}

static bool look_at_use(bool failing)
{
	struct usage usage;
	bool ok = usage_read(here.root, list, &usage);

	if (ok)
		assert_int_equal(usage.num_clients, 1);
	usage_finish(&usage);
	return ok;
}

static void looking_at_use(void **state)
{
	fail_each(look_at_use, 8);
}

static bool check_everything(bool failing)
{
	struct finding finding;

	for (size_t i = 0; i < checks_count(); i++) {
		checks_run(&here, i, &finding);
		assert_true(finding.text[0]);
	}
	return true;
}

static void checking(void **state)
{
	fail_each(check_everything, 20);
}

static bool gather_everything(bool failing)
{
	static const char *const secrets[] = { "nemo", "submarine", "aronnax", "Captain" };
	struct gathered gathered;
	bool ok = gather(&here, &gathered);

	for (size_t i = 0; i < gathered.count; i++)
		for (size_t j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++)
			assert_null(strcasestr(gathered.files[i].text, secrets[j]));
	if (ok && !failing)
		assert_true(gathered.count > 5);
	gather_finish(&gathered);
	return ok;
}

static void gathering(void **state)
{
	fail_each(gather_everything, 50);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(looking_at_use),
		TEST(checking),
		TEST(gathering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
