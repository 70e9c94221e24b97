// SPDX-License-Identifier: MIT
/* Messages as QEMU would never send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/conv1x1.h"
#include "qemu.h"

static int setup(void **state)
{
	*state = qemu_start(NULL);
	return 0;
}

static int teardown(void **state)
{
	qemu_stop(*state);
	return 0;
}

static void bytes_one_by_one(void **state)
{
	static const uint32_t question[7] = { CFG_READ, 0, 12, 0, 0x00, 0, 4 };
	struct qemu *qemu = *state;

	for (size_t i = 0; i < sizeof(question); i++) {
		assert_int_equal(send(qemu->card, (const char *)question + i, 1, MSG_NOSIGNAL), 1);
		usleep(100);
	}
	assert_int_equal(qemu_answer(qemu), 0xed6e1234);
}

static void several_at_once(void **state)
{
	static const uint32_t questions[14] = { CFG_READ, 0, 12, 0, 0x00, 0, 4,
						CFG_READ, 0, 12, 0, 0x08, 0, 4 };
	struct qemu *qemu = *state;

	assert_int_equal(send(qemu->card, questions, sizeof(questions), 0), sizeof(questions));
	assert_int_equal(qemu_answer(qemu), 0xed6e1234);
	assert_int_equal(qemu_answer(qemu), 0x12000001);
}

static void irqfds_are_no_matter(void **state)
{
	struct qemu *qemu = *state;
	const int fds[2] = { qemu->file, qemu->file };

	qemu_send(qemu, SET_IRQFD, NULL, 0, fds, 2);
	qemu_send(qemu, SET_IRQFD, NULL, 0, NULL, 0);
	assert_int_equal(qemu_config_read(qemu, 0x00, 4), 0xed6e1234);
}

/* The card is gone for QEMU, the rest goes on. */
static void it_ends(struct qemu *qemu)
{
	qemu_expect_end(qemu);
	qemu_fault(qemu, "stats");
}

static void an_unknown_command(void **state)
{
	qemu_send(*state, 8, NULL, 0, NULL, 0);
	it_ends(*state);
}

static void a_negative_command(void **state)
{
	qemu_send(*state, -1, NULL, 0, NULL, 0);
	it_ends(*state);
}

static void an_answer(void **state)
{
	static const uint64_t value;

	qemu_send(*state, RET, &value, sizeof(value), NULL, 0);
	it_ends(*state);
}

static void sizes_that_are_wrong(void **state)
{
	static const struct {
		int command;
		uint64_t size;
	} messages[] = {
		{ SYNC_SYSMEM, 0 },
		{ SYNC_SYSMEM, 191 },
		{ SYNC_SYSMEM, UINT64_MAX },
		{ CFG_WRITE, 8 },
		{ CFG_READ, 16 },
		{ BAR_WRITE, 25 },
		{ BAR_READ, 23 },
		{ BAR_READ, UINT64_C(1) << 32 },
		{ SET_IRQFD, 1 },
		{ DEVICE_RESET, 16 },
	};

	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		struct qemu *qemu = qemu_start(NULL);

		qemu_send(qemu, messages[i].command, NULL, messages[i].size, NULL, 0);
		it_ends(qemu);
		qemu_stop(qemu);
	}
}

static void a_message_that_is_cut_off(void **state)
{
	struct qemu *qemu = *state;

	qemu_send(qemu, BAR_READ, NULL, 24, NULL, 0);
	assert_int_equal(send(qemu->card, "12345678", 8, 0), 8);
	shutdown(qemu->card, SHUT_WR);
	it_ends(qemu);
}

static void accesses_of_impossible_sizes(void **state)
{
	static const uint32_t sizes[] = { 0, 3, 5, 8, 0xffffffff };
	static const uint32_t bar_sizes[] = { 0, 3, 9, 16, 0x80000000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		const uint32_t config[3] = { 0, 0, sizes[i] };
		const uint32_t bar[6] = { BAR_SHELL, 0, 0, 0, bar_sizes[i], 1 };
		struct qemu *qemu = qemu_start(NULL);

		qemu_send(qemu, CFG_READ, config, sizeof(config), NULL, 0);
		it_ends(qemu);
		qemu_stop(qemu);
		qemu = qemu_start(NULL);
		qemu_bring_up(qemu, false);
		qemu_send(qemu, BAR_WRITE, bar, sizeof(bar), NULL, 0);
		it_ends(qemu);
		qemu_stop(qemu);
	}
}

static void too_many_files(void **state)
{
	struct qemu *qemu = *state;
	int fds[16];

	for (int i = 0; i < 16; i++)
		fds[i] = qemu->file;
	qemu_send(qemu, SET_IRQFD, NULL, 0, fds, 16);
	it_ends(qemu);
}

/* One region of @file; the others are of no matter. */
static void map_one(struct qemu *qemu, int file, uint64_t address, uint64_t size, int64_t offset)
{
	const uint64_t map[24] = { address, [8] = size, [16] = (uint64_t)offset };

	qemu_send(qemu, SYNC_SYSMEM, map, sizeof(map), &file, 1);
}

static void regions_that_cannot_be(void **state)
{
	static const struct {
		uint64_t address, size;
		int64_t offset;
	} regions[] = {
		{ 0, 3 * RAM_PART + 1, 0 },
		{ 0, RAM_PART, 3 * RAM_PART },
		{ 0, RAM_PART, 4 * RAM_PART },
		{ 0, RAM_PART, 2 * RAM_PART + 0x1000 },
		{ 0, RAM_PART, -0x1000 },
		{ 0, RAM_PART, INT64_MAX - 0xfff },
		{ 0, RAM_PART, 8 },
		{ 0, UINT64_MAX, 0 },
		{ 0, 0, 0 },
		{ UINT64_MAX - 0xfff, RAM_PART, 0 },
	};

	for (size_t i = 0; i < sizeof(regions) / sizeof(*regions); i++) {
		struct qemu *qemu = qemu_start(NULL);

		map_one(qemu, qemu->file, regions[i].address, regions[i].size, regions[i].offset);
		it_ends(qemu);
		qemu_stop(qemu);
	}
}

static void regions_of_no_file(void **state)
{
	struct qemu *qemu = *state;

	map_one(qemu, qemu->card, 0, 0x1000, 0);
	it_ends(qemu);
}

static void a_file_that_cannot_be_written(void **state)
{
	struct qemu *qemu = *state;
	char path[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", qemu->file);
	file = fopen(path, "re");
	assert_non_null(file);
	map_one(qemu, fileno(file), 0, 0x1000, 0);
	fclose(file);
	it_ends(qemu);
}

/* QEMU replaces the whole map every time: the old one is no longer there. */
static void maps_replace_each_other(void **state)
{
	struct qemu *qemu = *state;
	const int other = memfd_create("other", MFD_CLOEXEC);
	uint8_t byte;

	assert_int_equal(ftruncate(other, 0x1000), 0);
	assert_int_equal(pwrite(other, "b", 1, 0), 1);
	qemu->ram[0] = 'a';
	for (int i = 0; i < 200; i++) {
		map_one(qemu, qemu->file, 0, RAM_PART, 0);
		map_one(qemu, other, 0x1000, 0x1000, 0);
	}
	close(other);
	qemu_settle(qemu);
	assert_false(memory_read(&qemu->server.cards[0].memory, 0, &byte, 1));
	assert_true(memory_read(&qemu->server.cards[0].memory, 0x1000, &byte, 1));
	assert_int_equal(byte, 'b');
	assert_int_equal(qemu->server.cards[0].memory.count, 1);
}

/* Descriptors that came are closed: 400 maps leave no more open than one. */
static void no_descriptor_stays(void **state)
{
	struct qemu *qemu = *state;
	int before, after;

	map_one(qemu, qemu->file, 0, RAM_PART, 0);
	qemu_settle(qemu);
	before = dup(0);
	for (int i = 0; i < 20; i++)
		map_one(qemu, qemu->file, 0, RAM_PART, 0);
	qemu_settle(qemu);
	after = dup(0);
	assert_int_equal(after, before + 1);
	close(before);
	close(after);
}

static void qemu_without_qtest(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	shutdown(qemu->qtest, SHUT_RDWR);
	qemu_convolve(qemu);
	while (!(qemu_shell(qemu, 0x0c) & 2))
		;
	assert_true(qemu_convolved(qemu));
}

static void qtest_that_talks_nonsense(void **state)
{
	struct qemu *qemu = *state;
	char text[1000];

	memset(text, 'x', sizeof(text));
	text[500] = '\n';
	qemu_bring_up(qemu, true);
	assert_int_equal(send(qemu->qtest, text, sizeof(text), 0), sizeof(text));
	assert_int_equal(send(qemu->qtest, "\nOK\nOK\n", 7, 0), 7);
	qemu_convolve(qemu);
	qemu_wait(qemu, 1, 0);
	assert_true(qemu_convolved(qemu));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_one_by_one),
		TEST(several_at_once),
		TEST(irqfds_are_no_matter),
		TEST(an_unknown_command),
		TEST(a_negative_command),
		TEST(an_answer),
		cmocka_unit_test(sizes_that_are_wrong),
		TEST(a_message_that_is_cut_off),
		cmocka_unit_test(accesses_of_impossible_sizes),
		TEST(too_many_files),
		cmocka_unit_test(regions_that_cannot_be),
		TEST(regions_of_no_file),
		TEST(a_file_that_cannot_be_written),
		TEST(maps_replace_each_other),
		TEST(no_descriptor_stays),
		TEST(qemu_without_qtest),
		TEST(qtest_that_talks_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
