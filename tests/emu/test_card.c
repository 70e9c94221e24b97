// SPDX-License-Identifier: MIT
/* The card as QEMU and a driver see it: configuration, registers, memory, interrupts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/conv1x1.h"
#include "qemu.h"

static int setup(void **state)
{
	*state = qemu_start(NULL);
	return 0;
}

static int setup_q35(void **state)
{
	const struct server_settings settings = { .slot = 17, .machine = MACHINE_Q35 };

	*state = qemu_start(&settings);
	return 0;
}

static int teardown(void **state)
{
	qemu_stop(*state);
	return 0;
}

static void it_says_what_it_is(void **state)
{
	struct qemu *qemu = *state;

	assert_int_equal(qemu_config_read(qemu, 0x00, 2), 0x1234);
	assert_int_equal(qemu_config_read(qemu, 0x02, 2), 0xed6e);
	assert_int_equal(qemu_config_read(qemu, 0x08, 4), 0x12000001);
	assert_int_equal(qemu_config_read(qemu, 0x2c, 4), 0xed6e1234);
	assert_int_equal(qemu_config_read(qemu, 0x0e, 1), 0);
	assert_int_equal(qemu_config_read(qemu, 0x3d, 1), 1);
	assert_int_equal(qemu_config_read(qemu, 0x06, 2), 0x10);
	/* Nothing of it can be written. */
	qemu_config_write(qemu, 0x00, 4, 0);
	qemu_config_write(qemu, 0x08, 4, 0);
	assert_int_equal(qemu_config_read(qemu, 0x00, 4), 0xed6e1234);
	assert_int_equal(qemu_config_read(qemu, 0x08, 4), 0x12000001);
	assert_int_equal(qemu_config_read(qemu, 0x100, 4), 0xffffffff);
	assert_int_equal(qemu_config_read(qemu, 0xfe, 4), 0xffffffff);
	assert_int_equal(qemu_config_read(qemu, 0xfffffffe, 4), 0xffffffff);
}

/* As the proxy device does when it comes to be, and firmware after it. */
static void bars_tell_their_sizes(void **state)
{
	static const uint32_t masks[7] = { 0xfffc0000, 0, 0xfffff000 };
	struct qemu *qemu = *state;

	for (uint32_t i = 0; i < 7; i++) {
		const uint32_t offset = 0x10 + 4 * i, before = qemu_config_read(qemu, offset, 4);

		qemu_config_write(qemu, offset, 4, 0xffffffff);
		assert_int_equal(qemu_config_read(qemu, offset, 4), masks[i]);
		qemu_config_write(qemu, offset, 4, before);
		assert_int_equal(qemu_config_read(qemu, offset, 4), 0);
	}
	qemu_config_write(qemu, 0x13, 1, 0xfe);
	assert_int_equal(qemu_config_read(qemu, 0x10, 4), 0xfe000000);
}

static void the_capability_is_msix(void **state)
{
	struct qemu *qemu = *state;
	const uint32_t at = qemu_config_read(qemu, 0x34, 1);

	assert_int_equal(qemu_config_read(qemu, at, 2), 0x11);
	assert_int_equal(qemu_config_read(qemu, at + 2, 2), 0);
	assert_int_equal(qemu_config_read(qemu, at + 4, 4), 0x802);
	assert_int_equal(qemu_config_read(qemu, at + 8, 4), 0xc02);
	qemu_config_write(qemu, at + 2, 2, 0xffff);
	assert_int_equal(qemu_config_read(qemu, at + 2, 2), 0xc000);
}

static void the_shell_has_its_registers(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, false);
	assert_int_equal(qemu_shell(qemu, 0x00), 0x45474445);
	assert_int_equal(qemu_shell(qemu, 0x04), 0x00010000);
	assert_int_equal(qemu_shell(qemu, 0x08), 0);
	assert_int_equal(qemu_shell(qemu, 0x0c), 1);
	assert_int_equal(qemu_shell(qemu, 0x10), 0);
	assert_int_equal(qemu_shell(qemu, 0x14), 1);
	assert_in_range(qemu_shell(qemu, 0x18), 10000, 80000);
	assert_int_equal(qemu_shell(qemu, 0x1c), 0);
	qemu_set_shell(qemu, 0x00, 0);
	assert_int_equal(qemu_shell(qemu, 0x00), 0x45474445);
}

static void the_clock_says_how_fast_it_is(void **state)
{
	const struct server_settings settings = { .clock = 250000000 };
	struct qemu *qemu = qemu_start(&settings);

	qemu_bring_up(qemu, false);
	assert_int_equal(qemu_shell(qemu, 0x10), 250000000);
	qemu_stop(qemu);
}

static void the_core_waits_in_reset(void **state)
{
	struct qemu *qemu = *state;

	qemu_config_write(qemu, 0x10, 4, BAR_CORE);
	qemu_config_write(qemu, 0x18, 4, BAR_SHELL);
	assert_int_equal(qemu_shell(qemu, 0x08), 1);
	assert_int_equal(qemu_shell(qemu, 0x0c), 0);
	assert_int_equal(qemu_core(qemu, 0x1000), 0);
	qemu_set_core(qemu, 0x1004, 1);
	qemu_set_shell(qemu, 0x08, 0);
	assert_int_equal(qemu_shell(qemu, 0x0c), 1);
	assert_int_equal(qemu_core(qemu, 0x1000), 0x303031);
	assert_int_equal(qemu_core(qemu, 0x1004), 0);
	/* Reset gives registers their values of power-on. */
	qemu_set_core(qemu, 0x1004, 5);
	qemu_set_shell(qemu, 0x08, 1);
	qemu_set_shell(qemu, 0x08, 0);
	assert_int_equal(qemu_core(qemu, 0x1004), 0);
}

static void accesses_of_other_sizes_do_nothing(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, false);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE + 0x1000, 1), 0);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE + 0x1000, 2), 0);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE + 0x1000, 8), 0);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE + 0x1002, 4), 0);
	assert_int_equal(qemu_read_bytes(qemu, BAR_SHELL + 1, 1), 0);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE - 4, 4), 0);
	assert_int_equal(qemu_read_bytes(qemu, BAR_CORE + 0x40000, 4), 0);
	assert_int_equal(qemu_read_bytes(qemu, UINT64_C(0x100000000) | BAR_CORE, 4), 0);
	qemu_write_bytes(qemu, BAR_CORE + 0x1004, 2, 3);
	qemu_write_bytes(qemu, BAR_CORE + 0x1004, 8, 3);
	assert_int_equal(qemu_core(qemu, 0x1004), 0);
	assert_non_null(strstr(qemu_fault(qemu, "stats"), "\"misuses\":10,"));
	assert_non_null(strstr(qemu_fault(qemu, "stats"),
			       "\"last_misuse\":\"an access of 8 bytes to BAR0, offset 0x1004\""));
	/* The MSI-X table is one that 64 bits may reach. */
	qemu_write_bytes(qemu, BAR_SHELL + 0x800, 8, UINT64_C(0x1234567890));
	assert_int_equal(qemu_read_bytes(qemu, BAR_SHELL + 0x800, 8), UINT64_C(0x1234567890));
	assert_int_equal(qemu_shell(qemu, 0x804), 0x12);
}

static void a_convolution_ends_with_a_message(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_convolve(qemu);
	qemu_wait(qemu, 1, 0);
	assert_true(qemu_convolved(qemu));
	assert_int_equal(qemu->address, MSI_ADDRESS);
	assert_int_equal(qemu->data, MSI_DATA);
	assert_int_equal(qemu_shell(qemu, 0x0c), 3);
	assert_int_equal(qemu_core(qemu, 0x100c) & CONV_STATUS, CONV_STATUS);
	qemu_set_core(qemu, 0x100c, 0xffffffff);
	assert_int_equal(qemu_shell(qemu, 0x0c), 1);
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 1);
	assert_int_equal(qemu->rises, 0);
	/* 128 bytes of input, 64 of weights. */
	assert_non_null(strstr(qemu_fault(qemu, "stats"), "\"operations\":1,\"interrupts\":1,"
							  "\"bytes_read\":192,"
							  "\"bytes_written\":128,"));
	/* A test's own interrupt: the line rises again. */
	qemu_set_core(qemu, 0x1008, 1);
	qemu_wait(qemu, 2, 0);
}

/* The level has changed before the write that changes it is over. */
static void intx_follows_the_line(struct qemu *qemu, int input)
{
	qemu_bring_up(qemu, false);
	qemu_convolve(qemu);
	qemu_wait(qemu, 0, 1);
	assert_true(qemu_convolved(qemu));
	assert_int_equal(qemu->inputs[input], 1);
	assert_int_equal(qemu_config_read(qemu, 0x06, 2), 0x18);
	qemu_set_core(qemu, 0x100c, 1);
	assert_int_equal(qemu->inputs[input], 1);
	qemu_set_core(qemu, 0x100c, 0xffffffff);
	assert_int_equal(qemu->inputs[input], 0);
	assert_int_equal(qemu_config_read(qemu, 0x06, 2), 0x10);
	qemu_set_core(qemu, 0x1008, 1);
	assert_int_equal(qemu->inputs[input], 1);
	assert_int_equal(qemu->rises, 2);
	assert_int_equal(qemu->messages, 0);
}

static void a_pc_says_where_intx_goes(void **state)
{
	intx_follows_the_line(*state, 11);
}

static void a_slot_of_q35_says_where_intx_goes(void **state)
{
	intx_follows_the_line(*state, 21);
}

static void intx_can_be_disabled(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, false);
	qemu_config_write(qemu, 0x04, 2, 0x406);
	qemu_set_core(qemu, 0x1008, 1);
	qemu_settle(qemu);
	assert_int_equal(qemu->rises, 0);
	assert_int_equal(qemu_config_read(qemu, 0x06, 2), 0x18);
	qemu_config_write(qemu, 0x04, 2, 0x006);
	assert_int_equal(qemu->inputs[11], 1);
	qemu_config_write(qemu, 0x04, 2, 0x406);
	assert_int_equal(qemu->inputs[11], 0);
	qemu_config_write(qemu, 0x04, 2, 0x006);
	qemu_config_write(qemu, 0x42, 2, 0x8000);
	assert_int_equal(qemu->inputs[11], 0);
}

/* While QEMU asks for it, it does not answer to qtest. */
static void a_reset_is_as_power_on(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_config_write(qemu, 0x42, 2, 0);
	qemu_set_core(qemu, 0x1008, 1);
	assert_int_equal(qemu->inputs[11], 1);
	qemu->mute = true;
	qemu_reset(qemu);
	qemu_settle(qemu);
	assert_int_equal(qemu->inputs[11], 0);
	assert_int_equal(qemu_config_read(qemu, 0x04, 2), 0);
	assert_int_equal(qemu_config_read(qemu, 0x10, 4), 0);
	qemu_config_write(qemu, 0x18, 4, BAR_SHELL);
	assert_int_equal(qemu_shell(qemu, 0x08), 1);
	assert_int_equal(qemu_shell(qemu, 0x800), 0);
	assert_int_equal(qemu_shell(qemu, 0x80c), 1);
}

/* A qtest that never answers costs time, and nothing else. */
static void a_mute_qtest_holds_nobody_up(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, false);
	qemu->mute = true;
	qemu_set_core(qemu, 0x1008, 1);
	qemu_set_core(qemu, 0x100c, 1);
	assert_int_equal(qemu->rises, 1);
	assert_int_equal(qemu->inputs[11], 0);
}

static void masked(struct qemu *qemu, const char *what)
{
	qemu_set_core(qemu, 0x1008, 1);
	qemu_settle(qemu);
	if (qemu->messages)
		fail_msg("a message came while %s", what);
	assert_int_equal(qemu_shell(qemu, 0xc00), 1);
}

static void unmasked(struct qemu *qemu)
{
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 1);
	assert_int_equal(qemu_shell(qemu, 0xc00), 0);
	qemu->messages = 0;
	qemu_set_core(qemu, 0x100c, 1);
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 0);
}

static void messages_wait_while_masked(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_set_shell(qemu, 0x80c, 1);
	masked(qemu, "the vector was masked");
	qemu_set_shell(qemu, 0x80c, 0);
	unmasked(qemu);
	qemu_config_write(qemu, 0x42, 2, 0xc000);
	masked(qemu, "the function was masked");
	qemu_config_write(qemu, 0x42, 2, 0x8000);
	unmasked(qemu);
	qemu_config_write(qemu, 0x04, 2, 0x2);
	masked(qemu, "bus mastering was off");
	qemu_config_write(qemu, 0x04, 2, 0x6);
	unmasked(qemu);
	/* What waits is forgotten when MSI-X goes. */
	qemu_set_shell(qemu, 0x80c, 1);
	masked(qemu, "the vector was masked");
	qemu_set_core(qemu, 0x100c, 1);
	qemu_config_write(qemu, 0x42, 2, 0);
	qemu_config_write(qemu, 0x42, 2, 0x8000);
	qemu_set_shell(qemu, 0x80c, 0);
	qemu_settle(qemu);
	assert_int_equal(qemu->messages, 0);
}

/* The operation never ends, until reset, and the guest's memory is as it was. */
static void hangs(struct qemu *qemu, const char *why)
{
	char what[96];

	qemu_convolve(qemu);
	while (!strstr(qemu_fault(qemu, "stats"), "\"misuses\":1,"))
		;
	snprintf(what, sizeof(what), "%s)\"", why);
	if (why[0] && !strstr(qemu_fault(qemu, "stats"), what))
		fail_msg("reported %s", qemu->answer);
	assert_int_equal(qemu_core(qemu, 0x100c), 0);
	assert_int_equal(qemu->messages, 0);
	for (int i = 0; i < RAM_PART; i++)
		assert_int_equal(qemu->ram[2 * RAM_PART + i], 0xa5);
	qemu_set_shell(qemu, 0x08, 1);
	qemu_map(qemu);
	qemu_config_write(qemu, 0x04, 2, 0x6);
	qemu_set_shell(qemu, 0x08, 0);
	qemu_convolve(qemu);
	qemu_wait(qemu, 1, 0);
	assert_true(qemu_convolved(qemu));
	assert_non_null(strstr(qemu_fault(qemu, "stats"), "\"resets\":1,"));
}

static void no_dma_without_bus_mastering(void **state)
{
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_config_write(qemu, 0x04, 2, 0x2);
	hangs(qemu, "bus mastering is off");
}

static void no_dma_where_no_memory_is(void **state)
{
	static const uint64_t map[24] = { CONV_INPUT, CONV_WEIGHTS, [8] = RAM_PART,
					  RAM_PART,   [16] = 0,	    RAM_PART };
	struct qemu *qemu = *state;
	const int fds[2] = { qemu->file, qemu->file };

	qemu_bring_up(qemu, true);
	qemu_send(qemu, SYNC_SYSMEM, map, sizeof(map), fds, 2);
	hangs(qemu, "");
}

static void no_dma_without_shared_memory(void **state)
{
	static const uint64_t map[24];
	struct qemu *qemu = *state;

	qemu_bring_up(qemu, true);
	qemu_send(qemu, SYNC_SYSMEM, map, sizeof(map), NULL, 0);
	hangs(qemu, "");
}

/* Firmware splits memory at odd places, and takes the split away again. */
static void dma_crosses_regions(void **state)
{
	static const uint64_t map[24] = {
		CONV_OUTPUT + 0x1000,	      CONV_INPUT, CONV_WEIGHTS, CONV_OUTPUT,
		[8] = RAM_PART - 0x1000,      RAM_PART,	  RAM_PART,	0x1000,
		[16] = 2 * RAM_PART + 0x1000, 0,	  RAM_PART,	2 * RAM_PART
	};
	struct memory memory = { .count = 0 };
	struct memory_piece pieces[4];
	struct qemu *qemu = *state;
	uint8_t bytes[0x200];

	for (int i = 0; i < 4; i++)
		pieces[i] = (struct memory_piece) { map[i], map[8 + i], (int64_t)map[16 + i],
						    qemu->file };
	assert_null(memory_set(&memory, pieces, 4));
	for (int i = 0; i < 0x200; i++)
		bytes[i] = (uint8_t)(i * 5);
	assert_true(memory_write(&memory, CONV_OUTPUT + 0xf00, bytes, sizeof(bytes)));
	assert_memory_equal(qemu->ram + 2 * RAM_PART + 0xf00, bytes, sizeof(bytes));
	bytes[0x1ff] = 0;
	assert_true(memory_read(&memory, CONV_OUTPUT + 0xf00, bytes, sizeof(bytes)));
	assert_int_equal(bytes[0x1ff], (uint8_t)(0x1ff * 5));
	assert_false(memory_read(&memory, CONV_OUTPUT + RAM_PART - 1, bytes, 2));
	assert_false(memory_read(&memory, CONV_INPUT - 1, bytes, 2));
	assert_false(memory_write(&memory, UINT64_MAX, bytes, 2));
	memory_clear(&memory);
	assert_false(memory_read(&memory, CONV_OUTPUT, bytes, 1));
}

static void clocks_follow_time(void **state)
{
	struct device_clock clock;

	clock_init(&clock, 100000000, 5000);
	assert_int_equal(clock_cycles(&clock, 5000), 0);
	assert_int_equal(clock_cycles(&clock, 5009), 0);
	assert_int_equal(clock_cycles(&clock, 5010), 1);
	assert_int_equal(clock_cycles(&clock, 5000 + UINT64_C(1000000000) * 86400 * 365),
			 UINT64_C(100000000) * 86400 * 365);
	assert_int_equal(clock_when(&clock, 1), 5010);
	assert_int_equal(clock_when(&clock, UINT64_MAX), UINT64_MAX);
	clock_stop(&clock, 6000);
	assert_int_equal(clock_cycles(&clock, 7000), 100);
	assert_int_equal(clock_when(&clock, 101), UINT64_MAX);
	clock_continue(&clock, 8000);
	assert_int_equal(clock_cycles(&clock, 8010), 101);
	assert_int_equal(clock_when(&clock, 102), 8020);
	clock_continue(&clock, 8010); /* it runs already */
	assert_int_equal(clock_cycles(&clock, 8020), 102);
	/* Of an odd frequency: at that time the cycle is there, and a moment before it is not. */
	clock_init(&clock, 333333, 0);
	assert_int_equal(clock_cycles(&clock, clock_when(&clock, 7)), 7);
	assert_int_equal(clock_cycles(&clock, clock_when(&clock, 7) - 1), 6);
	/* As fast as possible: only when told. */
	clock_init(&clock, 0, 0);
	assert_int_equal(clock_cycles(&clock, 1000000), 0);
	clock_skip(&clock, 12);
	assert_int_equal(clock_cycles(&clock, 1000000), 12);
}

/* At 100 MHz, by the host's clock: no more is asked than that it comes to an end. */
static void operations_take_their_time(void **state)
{
	const struct server_settings settings = { .slot = 16, .clock = 100000000 };
	struct qemu *qemu = qemu_start(&settings);

	qemu_bring_up(qemu, true);
	qemu_convolve(qemu);
	qemu_wait(qemu, 1, 0);
	assert_true(qemu_convolved(qemu));
	qemu_stop(qemu);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_says_what_it_is),
		TEST(bars_tell_their_sizes),
		TEST(the_capability_is_msix),
		TEST(the_shell_has_its_registers),
		cmocka_unit_test(the_clock_says_how_fast_it_is),
		TEST(the_core_waits_in_reset),
		TEST(accesses_of_other_sizes_do_nothing),
		TEST(a_convolution_ends_with_a_message),
		TEST(a_pc_says_where_intx_goes),
		cmocka_unit_test_setup_teardown(a_slot_of_q35_says_where_intx_goes, setup_q35,
						teardown),
		TEST(intx_can_be_disabled),
		TEST(a_reset_is_as_power_on),
		TEST(a_mute_qtest_holds_nobody_up),
		TEST(messages_wait_while_masked),
		TEST(no_dma_without_bus_mastering),
		TEST(no_dma_where_no_memory_is),
		TEST(no_dma_without_shared_memory),
		TEST(dma_crosses_regions),
		cmocka_unit_test(clocks_follow_time),
		cmocka_unit_test(operations_take_their_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
