// SPDX-License-Identifier: MIT
/* What the model of NVDLA does besides computing: groups that take turns, interrupts, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nvdla/nvdla.h"
#include "nvdla/regs.h"

#define MEMORY 0x10000
#define INPUT 0x0
#define WEIGHTS 0x4000
#define OUTPUT 0x8000

struct card {
	uint8_t memory[MEMORY];
	struct nvdla *nvdla;
	char misuse[160];
	int reports;
};

static bool read_memory(void *opaque, uint32_t address, void *to, size_t size)
{
	const struct card *card = opaque;

	if (address > MEMORY || size > MEMORY - address)
		return false;
	memcpy(to, card->memory + address, size);
	return true;
}

static bool write_memory(void *opaque, uint32_t address, const void *from, size_t size)
{
	struct card *card = opaque;

	if (address > MEMORY || size > MEMORY - address)
		return false;
	memcpy(card->memory + address, from, size);
	return true;
}

static void report(void *opaque, const char *what)
{
	struct card *card = opaque;

	strncpy(card->misuse, what, sizeof(card->misuse) - 1);
	card->reports++;
}

static int setup(void **state)
{
	static struct card card;

	memset(&card, 0, sizeof(card));
	for (int i = 0; i < 0x4000; i++)
		card.memory[INPUT + i] = (uint8_t)(i * 7 - 3);
	card.nvdla = nvdla_create(&(struct nvdla_bus) { &card, read_memory, write_memory, report });
	*state = &card;
	return !card.nvdla;
}

static int teardown(void **state)
{
	struct card *card = *state;

	nvdla_destroy(card->nvdla);
	return 0;
}

static uint32_t address_of(enum nvdla_unit unit, uint32_t offset)
{
	return (uint32_t)(PAGE_FIRST_UNIT + unit) << 12 | offset;
}

static void set(struct card *card, enum nvdla_unit unit, uint32_t offset, uint32_t value)
{
	nvdla_write(card->nvdla, address_of(unit, offset), value);
}

static uint32_t get(struct card *card, enum nvdla_unit unit, uint32_t offset)
{
	return nvdla_read(card->nvdla, address_of(unit, offset));
}

static uint32_t interrupts(struct card *card)
{
	return nvdla_read(card->nvdla, PAGE_GLB << 12 | GLB_INTR_STATUS);
}

/* A copy of @width x 2 pixels of 8 channels by SDP, in register group @group; not armed. */
static void program_copy(struct card *card, int group, int width, uint32_t to)
{
	const uint32_t line = width * 8;

	set(card, SDP, S_POINTER, group);
	set(card, SDP_RDMA, S_POINTER, group);
	set(card, SDP_RDMA, SDP_RDMA_WIDTH, width - 1);
	set(card, SDP_RDMA, SDP_RDMA_HEIGHT, 1);
	set(card, SDP_RDMA, SDP_RDMA_CHANNEL, 7);
	set(card, SDP_RDMA, SDP_RDMA_SRC_ADDR, INPUT);
	set(card, SDP_RDMA, SDP_RDMA_SRC_LINE_STRIDE, line);
	set(card, SDP_RDMA, SDP_RDMA_SRC_SURF_STRIDE, 2 * line);
	set(card, SDP_RDMA, SDP_RDMA_FEATURE_MODE, 0);
	set(card, SDP_RDMA, SDP_RDMA_SRC_DMA_CFG, 1);
	set(card, SDP, SDP_WIDTH, width - 1);
	set(card, SDP, SDP_HEIGHT, 1);
	set(card, SDP, SDP_CHANNEL, 7);
	set(card, SDP, SDP_DST_ADDR, to);
	set(card, SDP, SDP_DST_LINE_STRIDE, line);
	set(card, SDP, SDP_DST_SURF_STRIDE, 2 * line);
	set(card, SDP, SDP_DST_DMA_CFG, 1);
	set(card, SDP, SDP_CVT_SCALE, 1);
}

static void arm_copy(struct card *card)
{
	set(card, SDP_RDMA, 0x8, 1);
	set(card, SDP, SDP_OP_ENABLE, 1);
}

static void it_says_what_it_is(void **state)
{
	struct card *card = *state;

	assert_int_equal(nvdla_read(card->nvdla, 0x0), 0x10001);
	assert_int_equal(nvdla_read(card->nvdla, 0x1000), 0x303031);
	assert_int_equal(nvdla_read(card->nvdla, 0x44), 32);
	assert_int_equal(nvdla_read(card->nvdla, 0xe000), 0);
	assert_int_equal(get(card, CDMA, CDMA_CBUF_FLUSH_STATUS), 0);
	nvdla_advance(card->nvdla, 10000);
	assert_int_equal(get(card, CDMA, CDMA_CBUF_FLUSH_STATUS), 1);
}

static void an_operation_takes_time(void **state)
{
	struct card *card = *state;

	program_copy(card, 0, 4, OUTPUT);
	arm_copy(card);
	assert_int_equal(get(card, SDP, S_STATUS), 1);
	nvdla_advance(card->nvdla, 10);
	assert_int_equal(interrupts(card), 0);
	nvdla_advance(card->nvdla, 1000);
	assert_int_equal(interrupts(card), 1 << INTR_SDP);
	assert_memory_equal(card->memory + OUTPUT, card->memory + INPUT, 64);
	assert_int_equal(card->memory[OUTPUT + 64], 0);
	assert_int_equal(get(card, SDP, S_STATUS), 0);
	assert_int_equal(card->reports, 0);
}

static void the_line_follows_status_and_mask(void **state)
{
	struct card *card = *state;

	nvdla_write(card->nvdla, 0x1008, 1 << INTR_PDP);
	assert_true(nvdla_interrupt(card->nvdla));
	nvdla_write(card->nvdla, 0x1004, 1 << INTR_PDP);
	assert_false(nvdla_interrupt(card->nvdla));
	assert_int_equal(interrupts(card), 1 << INTR_PDP);
	nvdla_write(card->nvdla, 0x1004, 0);
	assert_true(nvdla_interrupt(card->nvdla));
	nvdla_write(card->nvdla, 0x100c, 1 << INTR_PDP);
	assert_false(nvdla_interrupt(card->nvdla));
}

/* Group 1 waits for group 0, whichever was armed first. */
static void groups_take_turns(void **state)
{
	struct card *card = *state;

	program_copy(card, 1, 4, OUTPUT + 0x100);
	arm_copy(card);
	nvdla_advance(card->nvdla, 1000);
	assert_int_equal(get(card, SDP, S_STATUS), 2 << 16);
	assert_int_equal(interrupts(card), 0);
	program_copy(card, 0, 4, OUTPUT);
	arm_copy(card);
	nvdla_advance(card->nvdla, 1000);
	assert_int_equal(interrupts(card), 3 << INTR_SDP);
	assert_memory_equal(card->memory + OUTPUT, card->memory + INPUT, 64);
	assert_memory_equal(card->memory + OUTPUT + 0x100, card->memory + INPUT, 64);
}

static void an_armed_group_cannot_be_changed(void **state)
{
	struct card *card = *state;

	program_copy(card, 0, 4, OUTPUT);
	arm_copy(card);
	set(card, SDP, SDP_DST_ADDR, OUTPUT + 0x200);
	set(card, SDP, SDP_OP_ENABLE, 0);
	assert_int_equal(get(card, SDP, SDP_DST_ADDR), OUTPUT);
	nvdla_advance(card->nvdla, 1000);
	assert_memory_equal(card->memory + OUTPUT, card->memory + INPUT, 64);
}

/* Hangs with a report that has @word in it, until reset. */
static void assert_hangs(struct card *card, const char *word)
{
	nvdla_advance(card->nvdla, 1000000);
	if (!strstr(card->misuse, word))
		fail_msg("reported \"%s\", not \"%s\"", card->misuse, word);
	assert_int_equal(card->reports, 1);
	assert_true(nvdla_hangs(card->nvdla));
	assert_int_equal(interrupts(card), 0);
	assert_int_equal(card->memory[OUTPUT], 0);
	nvdla_reset(card->nvdla);
	assert_false(nvdla_hangs(card->nvdla));
	program_copy(card, 0, 4, OUTPUT);
	arm_copy(card);
	nvdla_advance(card->nvdla, 1000);
	assert_int_equal(interrupts(card), 1 << INTR_SDP);
}

static void memory_that_is_not_there(void **state)
{
	struct card *card = *state;

	program_copy(card, 0, 4, MEMORY - 8);
	arm_copy(card);
	assert_hangs(card, "no memory to write");
}

static void units_that_disagree(void **state)
{
	struct card *card = *state;

	program_copy(card, 0, 4, OUTPUT);
	set(card, SDP_RDMA, SDP_RDMA_WIDTH, 4);
	arm_copy(card);
	assert_hangs(card, "different sizes");
}

static void strides_that_overlap(void **state)
{
	struct card *card = *state;

	program_copy(card, 0, 4, OUTPUT);
	set(card, SDP, SDP_DST_LINE_STRIDE, 24);
	arm_copy(card);
	assert_hangs(card, "at a stride of 24");
}

static void a_stage_that_is_missing(void **state)
{
	struct card *card = *state;

	program_copy(card, 0, 4, OUTPUT);
	set(card, SDP, SDP_EW_CFG, 0);
	arm_copy(card);
	assert_hangs(card, "no EW stage");
}

/* A 1x1 convolution of 2 x 2 pixels, 8 channels, 8 kernels, through SDP as it is. */
static void program_conv(struct card *card)
{
	static const struct {
		enum nvdla_unit unit;
		uint32_t offset, value;
	} program[] = {
		{ CDMA, CDMA_MISC_CFG, 0 },
		{ CDMA, CDMA_DATAIN_FORMAT, 0 },
		{ CDMA, CDMA_DATAIN_SIZE_0, 0x10001 },
		{ CDMA, CDMA_DATAIN_SIZE_1, 7 },
		{ CDMA, CDMA_DAIN_RAM_TYPE, 1 },
		{ CDMA, CDMA_DAIN_ADDR, INPUT },
		{ CDMA, CDMA_LINE_STRIDE, 16 },
		{ CDMA, CDMA_SURF_STRIDE, 32 },
		{ CDMA, CDMA_ENTRY_PER_SLICE, 1 },
		{ CDMA, CDMA_WEIGHT_SIZE_0, 7 },
		{ CDMA, CDMA_WEIGHT_SIZE_1, 7 },
		{ CDMA, CDMA_WEIGHT_RAM_TYPE, 1 },
		{ CDMA, CDMA_WEIGHT_ADDR, WEIGHTS },
		{ CDMA, CDMA_WEIGHT_BYTES, 64 },
		{ CSC, CSC_MISC_CFG, 0 },
		{ CSC, CSC_DATAIN_SIZE_0, 0x10001 },
		{ CSC, CSC_DATAIN_SIZE_1, 7 },
		{ CSC, CSC_ENTRY_PER_SLICE, 1 },
		{ CSC, CSC_WEIGHT_SIZE_1, 0x70007 },
		{ CSC, CSC_WEIGHT_BYTES, 64 },
		{ CSC, CSC_DATAOUT_SIZE_0, 0x10001 },
		{ CSC, CSC_DATAOUT_SIZE_1, 7 },
		{ CSC, CSC_ATOMICS, 3 },
		{ CSC, CSC_RELEASE, 1 },
		{ CMAC_A, CMAC_MISC_CFG, 0 },
		{ CMAC_B, CMAC_MISC_CFG, 0 },
		{ CACC, CACC_MISC_CFG, 0 },
		{ CACC, CACC_DATAOUT_SIZE_0, 0x10001 },
		{ CACC, CACC_DATAOUT_SIZE_1, 7 },
		{ SDP, SDP_WIDTH, 1 },
		{ SDP, SDP_HEIGHT, 1 },
		{ SDP, SDP_CHANNEL, 7 },
		{ SDP, SDP_DST_ADDR, OUTPUT },
		{ SDP, SDP_DST_LINE_STRIDE, 16 },
		{ SDP, SDP_DST_SURF_STRIDE, 32 },
		{ SDP, SDP_DST_DMA_CFG, 1 },
		{ SDP, SDP_CVT_SCALE, 1 },
		{ SDP, SDP_FEATURE_MODE, 1 },
	};

	for (size_t i = 0; i < sizeof(program) / sizeof(*program); i++)
		set(card, program[i].unit, program[i].offset, program[i].value);
}

static void arm_conv(struct card *card)
{
	set(card, SDP, SDP_OP_ENABLE, 1);
	set(card, CACC, 0x8, 1);
	set(card, CMAC_A, 0x8, 1);
	set(card, CMAC_B, 0x8, 1);
	set(card, CSC, 0x8, 1);
	set(card, CDMA, CDMA_OP_ENABLE, 1);
}

/* Kernel k takes channel 7 - k: every pixel comes out backwards. */
static void a_convolution_turns_channels_round(void **state)
{
	struct card *card = *state;

	for (int k = 0; k < 8; k++)
		card->memory[WEIGHTS + 8 * k + 7 - k] = 1;
	program_conv(card);
	arm_conv(card);
	nvdla_advance(card->nvdla, 10000);
	assert_int_equal(card->reports, 0);
	assert_int_equal(interrupts(card), 1 << INTR_SDP | 1 << INTR_CACC | 1 << INTR_CDMA_DATA |
						   1 << INTR_CDMA_WEIGHT);
	for (int i = 0; i < 32; i++)
		assert_int_equal(card->memory[OUTPUT + i],
				 card->memory[INPUT + i / 8 * 8 + 7 - i % 8]);
}

static void weights_rounded_to_128(void **state)
{
	struct card *card = *state;

	program_conv(card);
	set(card, CDMA, CDMA_WEIGHT_BYTES, 128);
	set(card, CSC, CSC_WEIGHT_BYTES, 128);
	arm_conv(card);
	assert_hangs(card, "128 bytes of weights, not 64");
}

static void more_data_than_its_banks(void **state)
{
	struct card *card = *state;

	program_conv(card);
	set(card, CDMA, CDMA_DATAIN_SIZE_0, 0x1 | 256 << 16);
	set(card, CSC, CSC_DATAIN_SIZE_0, 0x1 | 256 << 16);
	set(card, CDMA, CDMA_SURF_STRIDE, 0x2000);
	set(card, CSC, CSC_RELEASE, 256);
	arm_conv(card);
	assert_hangs(card, "514 entries of data in 1 banks");
}

static void precision_as_after_reset(void **state)
{
	struct card *card = *state;

	program_conv(card);
	set(card, CMAC_A, CMAC_MISC_CFG, 0x1000);
	arm_conv(card);
	assert_hangs(card, "precision");
}

/* Maximum over 2x2 windows, stride 1: two lines of the buffer, 64 columns of output. */
static void pool_columns(struct card *card, int columns)
{
	const uint32_t line = (columns + 1) * 8;

	set(card, PDP_RDMA, PDP_RDMA_WIDTH, columns);
	set(card, PDP_RDMA, PDP_RDMA_HEIGHT, 1);
	set(card, PDP_RDMA, PDP_RDMA_CHANNEL, 7);
	set(card, PDP_RDMA, PDP_RDMA_FLYING_MODE, 1);
	set(card, PDP_RDMA, PDP_RDMA_SRC_LINE_STRIDE, line);
	set(card, PDP_RDMA, PDP_RDMA_SRC_SURF_STRIDE, 2 * line);
	set(card, PDP_RDMA, PDP_RDMA_SRC_RAM_CFG, 1);
	set(card, PDP_RDMA, PDP_RDMA_KERNEL_CFG, 1);
	set(card, PDP, PDP_IN_WIDTH, columns);
	set(card, PDP, PDP_IN_HEIGHT, 1);
	set(card, PDP, PDP_IN_CHANNEL, 7);
	set(card, PDP, PDP_OUT_WIDTH, columns - 1);
	set(card, PDP, PDP_OUT_CHANNEL, 7);
	set(card, PDP, PDP_OPERATION_MODE, 0x11);
	set(card, PDP, PDP_KERNEL_CFG, 0x101);
	set(card, PDP, PDP_DST_ADDR, OUTPUT);
	set(card, PDP, PDP_DST_LINE_STRIDE, columns * 8);
	set(card, PDP, PDP_DST_SURF_STRIDE, columns * 8);
	set(card, PDP, PDP_DST_RAM_CFG, 1);
	set(card, PDP_RDMA, 0x8, 1);
	set(card, PDP, 0x8, 1);
}

static void a_pool_as_wide_as_the_buffer(void **state)
{
	struct card *card = *state;

	pool_columns(card, 64);
	nvdla_advance(card->nvdla, 10000);
	assert_int_equal(card->reports, 0);
	assert_int_equal(interrupts(card), 1 << INTR_PDP);
}

static void a_pool_wider_than_the_buffer(void **state)
{
	struct card *card = *state;

	pool_columns(card, 65);
	assert_hangs(card, "65 columns of output, at most 64");
}

static void a_fault_hangs_the_next_operations(void **state)
{
	struct card *card = *state;

	nvdla_fault_hang(card->nvdla, 2);
	for (int i = 0; i < 2; i++) {
		program_copy(card, 0, 4, OUTPUT);
		arm_copy(card);
		nvdla_advance(card->nvdla, 1000000);
		assert_true(nvdla_hangs(card->nvdla));
		assert_int_equal(interrupts(card), 0);
		nvdla_reset(card->nvdla);
	}
	assert_int_equal(card->reports, 0);
	assert_int_equal(nvdla_operations(card->nvdla), 0);
	program_copy(card, 0, 4, OUTPUT);
	arm_copy(card);
	nvdla_advance(card->nvdla, 1000);
	assert_int_equal(interrupts(card), 1 << INTR_SDP);
	assert_int_equal(nvdla_operations(card->nvdla), 1);
}

static int bits_that_differ(const uint8_t *one, const uint8_t *other, int size)
{
	int bits = 0;

	for (int i = 0; i < size; i++)
		bits += __builtin_popcount(one[i] ^ other[i]);
	return bits;
}

static void a_fault_flips_a_bit(void **state)
{
	struct card *card = *state;

	nvdla_fault_corrupt(card->nvdla, 1);
	for (int i = 0; i < 2; i++) {
		program_copy(card, i, 4, OUTPUT);
		arm_copy(card);
		nvdla_advance(card->nvdla, 1000);
		assert_int_equal(interrupts(card), (2 << i) - 1);
		assert_int_equal(bits_that_differ(card->memory + OUTPUT, card->memory + INPUT, 64),
				 1 - i);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_says_what_it_is),
		TEST(an_operation_takes_time),
		TEST(the_line_follows_status_and_mask),
		TEST(groups_take_turns),
		TEST(an_armed_group_cannot_be_changed),
		TEST(memory_that_is_not_there),
		TEST(units_that_disagree),
		TEST(strides_that_overlap),
		TEST(a_stage_that_is_missing),
		TEST(a_convolution_turns_channels_round),
		TEST(weights_rounded_to_128),
		TEST(more_data_than_its_banks),
		TEST(precision_as_after_reset),
		TEST(a_pool_as_wide_as_the_buffer),
		TEST(a_pool_wider_than_the_buffer),
		TEST(a_fault_hangs_the_next_operations),
		TEST(a_fault_flips_a_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
