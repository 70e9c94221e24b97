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
#include "proxy.h"

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

/* QEMU's end of both sockets, with the emulator in the same thread. */
struct bench {
	struct qtest qtest;
	struct wiring wiring;
	struct card card;
	struct proxy proxy;
	int qemu, answers;
};

static void start(struct bench *bench)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	qtest_init(&bench->qtest, ends[0]);
	bench->answers = ends[1];
	bench->wiring = (struct wiring) { .qtest = &bench->qtest, .machine = MACHINE_Q35 };
	assert_true(card_create(&bench->card, 0, 16, 0, &bench->wiring));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	proxy_init(&bench->proxy, ends[0], &bench->card);
	bench->qemu = ends[1];
}

static void stop(struct bench *bench)
{
	proxy_finish(&bench->proxy);
	card_destroy(&bench->card);
	qtest_finish(&bench->qtest);
	close(bench->qemu);
	close(bench->answers);
}

/* Asks, when an answer of qtest lies ready; how many answers are left to be taken. */
static unsigned int ask(struct bench *bench, uint32_t command, const void *payload, uint32_t size)
{
	const uint32_t header[4] = { command, 0, size, 0 };
	uint64_t reply[3];

	assert_int_equal(send(bench->answers, "OK\n", 3, 0), 3);
	assert_int_equal(send(bench->qemu, header, sizeof(header), 0), sizeof(header));
	if (size)
		assert_int_equal(send(bench->qemu, payload, size, 0), size);
	proxy_serve(&bench->proxy);
	assert_int_equal(recv(bench->qemu, reply, sizeof(reply), MSG_DONTWAIT), sizeof(reply));
	return bench->qtest.unanswered;
}

/*
 * A guest's write is over when the line has its new level, which is when qtest has answered; but when
 * it is QEMU's main thread that asks, it does not answer to qtest.
 */
static void only_guests_wait_for_the_line(void **state)
{
	static const uint32_t bar[3] = { 0x10, 0xfe000000, 4 }, disable[3] = { 4, 0x402, 2 };
	static const uint32_t enable[3] = { 4, 0x2, 2 };
	static const uint32_t raise[6] = { 0xfe001008, 0, 1, 0, 4, 1 };
	struct bench bench;

	start(&bench);
	ask(&bench, 2, bar, sizeof(bar));
	card_write_config(&bench.card, 0x18, 4, 0xfe100000);
	card_write(&bench.card, 0xfe100008, 4, 0);
	assert_int_equal(ask(&bench, 4, raise, sizeof(raise)), 0);
	assert_int_equal(bench.wiring.changes, 1);
	assert_int_equal(ask(&bench, 2, disable, sizeof(disable)), 0);
	assert_int_equal(bench.wiring.changes, 2);
	assert_int_equal(ask(&bench, 2, enable, sizeof(enable)), 0);
	assert_int_equal(bench.wiring.changes, 3);
	assert_int_equal(ask(&bench, 7, NULL, 0), 1);
	assert_int_equal(bench.wiring.changes, 4);
	stop(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_are_told_apart),
		cmocka_unit_test(cards_share_an_input),
		cmocka_unit_test(slots_of_q35_have_inputs_in_turn),
		cmocka_unit_test(only_guests_wait_for_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
