// SPDX-License-Identifier: MIT
/* Which machine it is, and inputs of its IOAPIC that cards share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "interrupt.h"
#include "launch.h"

static void machines_are_told_apart(void **state)
{
	static const struct {
		const char *words[4];
		enum machine machine;
	} commands[] = {
		{ { "qemu" }, MACHINE_PC },
		{ { "qemu", "-machine", "q35,accel=tcg" }, MACHINE_Q35 },
		{ { "qemu", "--machine", "accel=tcg,type=q35" }, MACHINE_Q35 },
		{ { "qemu", "-M", "pc-q35-7.2" }, MACHINE_Q35 },
		{ { "qemu", "-M", "pc,memory-backend=q35" }, MACHINE_PC },
		{ { "qemu", "-name", "q35" }, MACHINE_PC },
		{ { "qemu", "-M" }, MACHINE_PC },
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		char *words[4];

		memcpy(words, commands[i].words, sizeof(words));
		assert_int_equal(launch_machine(words), commands[i].machine);
	}
}

/* What qtest has been told since the last time. */
static void assert_told(int fd, const char *wanted)
{
	char text[512] = "";
	const ssize_t size = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	assert_string_equal(size > 0 ? text : "", wanted);
}

static void cards_share_an_input(void **state)
{
	struct interrupt interrupts[2];
	struct pci cards[2];
	struct qtest qtest;
	struct wiring wiring = { .qtest = &qtest, .machine = MACHINE_PC };
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	qtest_init(&qtest, ends[0]);
	for (int i = 0; i < 2; i++) {
		pci_reset(&cards[i]);
		pci_write(&cards[i], 0x3c, 1, 10);
		interrupt_init(&interrupts[i], i, 3 + i, &cards[i], &wiring);
	}
	interrupt_line(&interrupts[0], true);
	assert_told(ends[1], "set_irq_in /machine/i440fx/ioapic unnamed-gpio-in 10 1\n");
	interrupt_line(&interrupts[1], true);
	interrupt_line(&interrupts[0], false);
	assert_told(ends[1], "");
	/* Firmware gives it another, which takes it along. */
	pci_write(&cards[1], 0x3c, 1, 5);
	interrupt_update(&interrupts[1]);
	assert_told(ends[1], "set_irq_in /machine/i440fx/ioapic unnamed-gpio-in 10 0\n"
			     "set_irq_in /machine/i440fx/ioapic unnamed-gpio-in 5 1\n");
	pci_write(&cards[1], 0x3c, 1, 0xff);
	interrupt_update(&interrupts[1]);
	assert_told(ends[1], "set_irq_in /machine/i440fx/ioapic unnamed-gpio-in 5 0\n");
	assert_int_equal(interrupts[0].raised, 1);
	qtest_finish(&qtest);
	close(ends[1]);
}

static void slots_of_q35_have_inputs_in_turn(void **state)
{
	static const int slots[] = { 1, 16, 19, 24 }, inputs[] = { 21, 20, 23, 20 };

	for (int i = 0; i < 4; i++) {
		struct qtest qtest;
		struct wiring wiring = { .qtest = &qtest, .machine = MACHINE_Q35 };
		struct interrupt interrupt;
		struct pci card;
		char wanted[80];
		int ends[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		qtest_init(&qtest, ends[0]);
		pci_reset(&card);
		interrupt_init(&interrupt, 0, slots[i], &card, &wiring);
		interrupt_line(&interrupt, true);
		snprintf(wanted, sizeof(wanted),
			 "set_irq_in /machine/q35/ioapic unnamed-gpio-in %d 1\n", inputs[i]);
		assert_told(ends[1], wanted);
		qtest_finish(&qtest);
		close(ends[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_are_told_apart),
		cmocka_unit_test(cards_share_an_input),
		cmocka_unit_test(slots_of_q35_have_inputs_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
