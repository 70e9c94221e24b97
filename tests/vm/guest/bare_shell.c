// SPDX-License-Identifier: MIT
/* The card's shell, reached without a driver. */
#include "guest.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SHELL_ID 0
#define SHELL_VERSION 1
#define SHELL_RESET 2

static void test_identification(void **state)
{
	char path[128];
	const volatile uint32_t *shell;
	int fd;

	assert_true(card_file(path, sizeof(path), "enable"));
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "1", 1), 1);
	close(fd);

	assert_true(card_file(path, sizeof(path), "resource2"));
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	shell = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(shell != MAP_FAILED);
	assert_int_equal(shell[SHELL_ID], 0x45474445);
	assert_int_equal(shell[SHELL_VERSION] >> 16, 1);
	assert_int_equal(shell[SHELL_RESET], 1);
	munmap((void *)shell, 4096);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_identification) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
