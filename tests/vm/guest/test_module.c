// SPDX-License-Identifier: MIT
/* The module has taken the card, and its node says whose it is. */
#include "guest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_driver_is_bound(void **state)
{
	char path[128], target[PATH_MAX];

	assert_true(card_file(path, sizeof(path), "driver"));
	assert_non_null(realpath(path, target));
	assert_string_equal(strrchr(target, '/'), "/edge_accel");
}

static void test_node_is_ours(void **state)
{
	char path[128];
	int fd = edge_open(path, sizeof(path));

	assert_true(fd >= 0);
	/* Debian's 6.1 has no accelerators. */
	assert_int_equal(access("/dev/accel", F_OK) == 0, strncmp(path, "/dev/accel/", 11) == 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_driver_is_bound),
		cmocka_unit_test(test_node_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
