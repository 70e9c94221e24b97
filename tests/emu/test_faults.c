// SPDX-License-Identifier: MIT
/* What commands do to a card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

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

static json_int_t stat_of(struct qemu *qemu, const char *name)
{
	json_t *stats = json_loads(qemu_fault(qemu, "stats"), 0, NULL);
	json_int_t value;

	assert_non_null(stats);
	assert_int_equal(json_integer_value(json_object_get(stats, "schema")), 1);
	value = json_integer_value(json_object_get(stats, name));
	json_decref(stats);
	return value;
}

static void reset_core(struct qemu *qemu)
{
	qemu_set_shell(qemu, 0x08, 1);
	qemu_set_shell(qemu, 0x08, 0);
	while (!(qemu_shell(qemu, 0x0c) & 1))
		;
}

/* A clean convolution: its message comes, its output is right. */
static void convolve(struct qemu *qemu)
{
	const int before = qemu->messages;

	reset_core(qemu);
	qemu_convolve(qemu);
	qemu_wait(qemu, before + 1, 0);
	assert_true(qemu_convolved(qemu));
	qemu_set_core(qemu, 0x100c, 0xffffffff);
}

/* Longer than the operation takes. */
static void let_time_pass(struct qemu *qemu)
{
	for (int i = 0; i < 100; i++)
		qemu_core(qemu, 0x100c);
}

static void operations_hang(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "hang 2");
	for (int i = 0; i < 2; i++) {
		reset_core(qemu);
		qemu_convolve(qemu);
		let_time_pass(qemu);
		assert_int_equal(qemu_core(qemu, 0x100c), 0);
		assert_int_equal(qemu_core(qemu, 0x9000), 1); /* it still runs */
		assert_int_equal(qemu->ram[2 * RAM_PART], 0xa5);
	}
	assert_int_equal(qemu->messages, 0);
	convolve(qemu);
	assert_int_equal(stat_of(qemu, "misuses"), 0);
	assert_int_equal(stat_of(qemu, "operations"), 1);
	assert_int_equal(stat_of(qemu, "resets"), 3);
	qemu_fault(qemu, "hang");
	qemu_fault(qemu, "hang 0");
	convolve(qemu);
}

static void data_gets_corrupt(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "corrupt 1");
	qemu_convolve(qemu);
	qemu_wait(qemu, 1, 0);
	assert_false(qemu_convolved(qemu));
	assert_memory_equal(qemu->ram + 2 * RAM_PART + 1, conv_output + 1, sizeof(conv_output) - 1);
	convolve(qemu);
}

static void interrupts_get_lost(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "interrupt lose 1");
	qemu_convolve(qemu);
	while (!(qemu_shell(qemu, 0x0c) & 2))
		;
	assert_true(qemu_convolved(qemu));
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 0);
	assert_int_equal(stat_of(qemu, "interrupts"), 0);
	convolve(qemu);
	/* By a pin: not while the line stays up, whatever else is written. */
	qemu_config_write(qemu, 0x42, 2, 0);
	qemu_fault(qemu, "interrupt lose 1");
	qemu_set_core(qemu, 0x1008, 1);
	qemu_set_core(qemu, 0x1008, 2);
	qemu_config_write(qemu, 0x04, 2, 0x6);
	assert_int_equal(qemu->rises, 0);
	qemu_set_core(qemu, 0x100c, 0xffffffff);
	qemu_set_core(qemu, 0x1008, 1);
	assert_int_equal(qemu->rises, 1);
}

static void interrupts_come_without_a_cause(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "interrupt spurious 5 10");
	qemu_wait(qemu, 5, 0);
	assert_int_equal(qemu->data, MSI_DATA);
	assert_int_equal(qemu_core(qemu, 0x100c), 0);
	assert_int_equal(stat_of(qemu, "interrupts"), 5);
	qemu_config_write(qemu, 0x42, 2, 0);
	qemu_fault(qemu, "interrupt spurious 3");
	qemu_wait(qemu, 0, 3);
	qemu_settle(qemu);
	assert_int_equal(qemu->inputs[11], 0);
	assert_int_equal(qemu->messages, 5);
}

/* All that a guest reads is ones; what ran does not end, and nothing comes any more. */
static void a_card_goes_and_comes(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "stop");
	qemu_convolve(qemu);
	qemu_fault(qemu, "interrupt spurious 1000000 1000000");
	qemu_wait(qemu, 1, 0);
	qemu_fault(qemu, "remove");
	qemu_fault(qemu, "continue");
	let_time_pass(qemu);
	assert_int_equal(qemu_read_bytes(qemu, BAR_SHELL, 4), 0xffffffff);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE + 0x1000, 1), 0xff);
	assert_true(qemu_read_bytes(qemu, BAR_CORE + 0x1000, 8) == UINT64_MAX);
	assert_int_equal(qemu_config_read(qemu, 0x00, 4), 0xffffffff);
	assert_int_equal(qemu_config_read(qemu, 0x06, 2), 0xffffffff);
	qemu_set_core(qemu, 0x1008, 1);
	qemu_config_write(qemu, 0x10, 4, 0);
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 1);
	assert_int_equal(qemu->ram[2 * RAM_PART], 0xa5);
	assert_int_equal(stat_of(qemu, "operations"), 0);

	qemu_fault(qemu, "interrupt spurious 0");
	qemu_fault(qemu, "restore");
	assert_int_equal(qemu_config_read(qemu, 0x00, 4), 0xed6e1234);
	assert_int_equal(qemu_config_read(qemu, 0x04, 2), 0);
	assert_int_equal(qemu_config_read(qemu, 0x10, 4), 0);
	qemu_bring_up(qemu, true);
	convolve(qemu);
}

/* With the line up: it goes down with the card. */
static void a_card_takes_its_pin_along(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, false);
	qemu_set_core(qemu, 0x1008, 1);
	assert_int_equal(qemu->inputs[11], 1);
	qemu_fault(qemu, "remove");
	qemu_settle(qemu);
	assert_int_equal(qemu->inputs[11], 0);
}

static void a_card_that_is_gone_is_silent(void **state)
{
	const struct server_settings settings = { .slot = 16, .machine = MACHINE_Q35 };
	struct qemu *qemu = qemu_start(&settings);

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "remove");
	qemu_fault(qemu, "interrupt spurious 5 1");
	let_time_pass(qemu);
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 0);
	assert_int_equal(qemu->rises, 0);
	qemu_stop(qemu);
}

static void a_reset_is_stuck(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "reset stuck on");
	assert_int_equal(qemu_shell(qemu, 0x0c), 1);
	qemu_set_shell(qemu, 0x08, 1);
	qemu_set_shell(qemu, 0x08, 0);
	let_time_pass(qemu);
	assert_int_equal(qemu_shell(qemu, 0x08), 0);
	assert_int_equal(qemu_shell(qemu, 0x0c), 0);
	qemu_set_core(qemu, 0x1008, 1);
	assert_int_equal(qemu_core(qemu, 0x1000), 0);
	qemu_fault(qemu, "reset stuck off");
	assert_int_equal(qemu_shell(qemu, 0x0c), 1);
	convolve(qemu);
}

static void the_temperature_is_told(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, false);
	qemu_fault(qemu, "temperature 104500");
	assert_int_equal(qemu_shell(qemu, 0x18), 104500);
	qemu_fault(qemu, "temperature -5250");
	assert_int_equal((int32_t)qemu_shell(qemu, 0x18), -5250);
}

static void the_clock_stands_still(void **state)
{
	const struct server_settings settings = { .slot = 16, .clock = 4000000000 };
	struct qemu *qemu = qemu_start(&settings);

	qemu_bring_up(qemu, true);
	qemu_fault(qemu, "stop");
	assert_int_equal(qemu_shell(qemu, 0x0c), 0);
	qemu_convolve(qemu);
	let_time_pass(qemu);
	assert_int_equal(qemu_core(qemu, 0x100c), 0);
	assert_int_equal(qemu->messages, 0);
	qemu_fault(qemu, "continue");
	qemu_wait(qemu, 1, 0);
	assert_true(qemu_convolved(qemu));
	qemu_stop(qemu);
}

static void say(int control, const char *text)
{
	assert_int_equal(send(control, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void assert_error(struct qemu *qemu, const char *command)
{
	const char *line;

	say(qemu->control, command);
	line = qemu_line(qemu, qemu->control);
	if (strncmp(line, "error ", 6))
		fail_msg("'%s' gives '%s'", command, line);
}

static void nonsense_is_refused(void **state)
{
	static const char *const commands[] = {
		"hang -1\n",
		"hang 1x\n",
		"hang 1 2\n",
		"hang 99999999999999999999\n",
		"hangs\n",
		"interrupt\n",
		"interrupt keep 1\n",
		"interrupt spurious 1 0\n",
		"reset stuck\n",
		"reset stuck maybe\n",
		"temperature\n",
		"temperature 3000000000\n",
		"card\n",
		"card 1 stats\n",
		"card 0\n",
		"card x stats\n",
		"stop now\n",
		"\x80\xff\x01\n",
		"a b c d e f g h i j\n",
	};
	struct qemu *qemu = *state;

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		assert_error(qemu, commands[i]);
	qemu_fault(qemu, "card 0 hang 0");
	qemu_bring_up(qemu, true);
	convolve(qemu);
}

/* Terminals end lines with CR LF, and may send back what they are sent. */
static void terminals_may_talk(void **state)
{
	struct qemu *qemu = *state;
	char text[1200];

	say(qemu->control, "\r\n\n  temperature 1000\t\r\nok\nok {\"schema\":1}\r\nerror no\n");
	assert_string_equal(qemu_line(qemu, qemu->control), "ok");
	/* In pieces. */
	say(qemu->control, "temper");
	qemu_settle(qemu);
	say(qemu->control, "ature 2000\r");
	qemu_settle(qemu);
	say(qemu->control, "\n");
	assert_string_equal(qemu_line(qemu, qemu->control), "ok");
	/* Too long a line is one error, and the next line is another's. */
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = '\0';
	assert_error(qemu, text);
	qemu_bring_up(qemu, false);
	assert_int_equal(qemu_shell(qemu, 0x18), 2000);
	qemu_fault(qemu, "temperature 3000");
}

static void several_may_connect(void **state)
{
	struct qemu *qemu = *state;
	int others[CONTROL_CLIENTS - 1];

	for (int i = 0; i < CONTROL_CLIENTS - 1; i++) {
		others[i] = qemu_connect(qemu);
		say(others[i], "hang 0\nstats\n");
		assert_string_equal(qemu_line(qemu, others[i]), "ok");
		assert_non_null(strstr(qemu_line(qemu, others[i]), "\"card\":0"));
	}
	qemu_fault(qemu, "hang 0");
	close(others[0]);
	close(others[3]);
	others[0] = qemu_connect(qemu);
	say(others[0], "hang 0\n");
	assert_string_equal(qemu_line(qemu, others[0]), "ok");
	say(others[CONTROL_CLIENTS - 2], "hang 0\n");
	assert_string_equal(qemu_line(qemu, others[CONTROL_CLIENTS - 2]), "ok");
	for (int i = 0; i < CONTROL_CLIENTS - 1; i++) {
		if (i != 3)
			close(others[i]);
	}
	qemu_fault(qemu, "hang 0");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(operations_hang),
		TEST(data_gets_corrupt),
		TEST(interrupts_get_lost),
		TEST(interrupts_come_without_a_cause),
		TEST(a_card_goes_and_comes),
		TEST(a_card_takes_its_pin_along),
		cmocka_unit_test(a_card_that_is_gone_is_silent),
		TEST(a_reset_is_stuck),
		TEST(the_temperature_is_told),
		cmocka_unit_test(the_clock_stands_still),
		TEST(nonsense_is_refused),
		TEST(terminals_may_talk),
		TEST(several_may_connect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
