// SPDX-License-Identifier: MIT
/*
 * Streams of operations that depend on each other or not, on the model of the hardware. What they
 * leave in memory must be what they leave one at a time; what a single one writes must be what its
 * descriptor says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"
#include "nvdla/nvdla_regs.h"

#define SEED 0x2545f491u
#define BUFFERS 8
#define BUFFER_BYTES 32768
#define STREAMS 150
#define STREAM_OPS 24
#define SINGLE_OPS 3000
#define MUTATIONS 20000

/* What the model may have to do for one operation, in products. */
#define WORK (1u << 24)

/* A stream of random operations that the checker accepts, each on its own and so all together. */
static u32 make_stream(struct rig *rig, u32 *random, u8 *stream)
{
	u32 size = 0;

	for (int i = 0; i < STREAM_OPS;) {
		union generate_desc desc;
		const u32 bytes = generate_op(rig, random, &desc);
		struct edge_refusal refusal;
		struct nvdla_op *ops;

		if (rig_check(rig, &desc, bytes, &ops, &refusal) < 0)
			continue;
		free(ops);
		memcpy(stream + size, &desc, bytes);
		size += bytes;
		i++;
	}
	return size;
}

static void run_stream(struct rig *rig, const u8 *stream, u32 size, u32 *random, bool alone)
{
	struct edge_refusal refusal;
	struct nvdla_op *ops;
	const int count = rig_check(rig, stream, size, &ops, &refusal);
	bool done;

	assert_int_equal(count, STREAM_OPS);
	done = rig_run(rig, ops, count, random, alone);
	free(ops);
	if (!done)
		fail_msg("%s", rig->failure);
}

static struct rig *make_rig(u32 seed)
{
	struct rig *rig = rig_create();

	assert_string_equal(rig->failure, "");
	generate_buffers(rig, &seed, BUFFERS, BUFFER_BYTES);
	return rig;
}

static void streams_do_what_their_operations_do_alone(void **state)
{
	static u8 stream[STREAM_OPS * sizeof(union generate_desc)];
	u32 random = SEED;
	u8 groups[RIG_UNITS];
	unsigned int most = 0;

	(void)state;
	memset(groups, 0, sizeof(groups));
	for (u32 i = 0; i < STREAMS; i++) {
		struct rig *together = make_rig(i + 1), *alone = make_rig(i + 1);
		const u32 size = make_stream(together, &random, stream);

		run_stream(together, stream, size, &random, false);
		run_stream(alone, stream, size, NULL, true);
		for (u32 b = 1; b <= BUFFERS; b++)
			assert_memory_equal(rig_find(together, b)->data, rig_find(alone, b)->data,
					    BUFFER_BYTES);
		for (int u = 0; u < RIG_UNITS; u++)
			groups[u] |= together->groups[u];
		if (most < together->most)
			most = together->most;
		rig_destroy(together);
		rig_destroy(alone);
	}
	/* Or nothing was proven. */
	for (int u = NVDLA_CDMA >> 12; u <= NVDLA_CDP >> 12; u++)
		assert_int_equal(groups[u], 3);
	assert_true(most >= 4);
}

/* Everything that an operation has no right to write is as before. */
static void assert_others_untouched(struct rig *rig, const void *desc,
				    u8 before[BUFFERS][BUFFER_BYTES])
{
	static u8 mask[BUFFER_BYTES];
	const u32 handle = generate_target(desc);

	memset(mask, 0, sizeof(mask));
	generate_written(desc, mask);
	for (u32 b = 1; b <= BUFFERS; b++) {
		const u8 *after = rig_find(rig, b)->data;

		for (u32 i = 0; i < BUFFER_BYTES; i++) {
			if (after[i] != before[b - 1][i] && (b != handle || !mask[i]))
				fail_msg("byte %u of buffer %u was written", i, b);
		}
	}
}

static u8 before[BUFFERS][BUFFER_BYTES];

/* Whether the checker takes it; then it must run, and write only what it may. */
static int try(struct rig **rig, const union generate_desc *desc, u32 bytes)
{
	struct edge_refusal refusal = { .reason = 0 };
	struct nvdla_op *op;
	const int count = rig_check(*rig, desc, bytes, &op, &refusal);
	u64 work;

	if (count < 0) {
		assert_int_equal(count, -EINVAL);
		assert_in_range(refusal.reason, 1, DRM_EDGE_REASON_UNSUPPORTED);
		assert_int_equal(refusal.op, 0);
		assert_true(refusal.at < sizeof(*desc));
		return 0;
	}
	work = (u64)op->middle.width * op->middle.height * op->middle.channels;
	if (op->conv)
		work *= (u64)op->conv->kernel_width * op->conv->kernel_height * op->from.channels;
	if (work < WORK) {
		for (u32 b = 1; b <= BUFFERS; b++)
			memcpy(before[b - 1], rig_find(*rig, b)->data, BUFFER_BYTES);
		if (!rig_run(*rig, op, count, NULL, false))
			fail_msg("type 0x%x: %s", desc->op.type, (*rig)->failure);
		assert_others_untouched(*rig, desc, before);
	}
	free(op);
	return 1;
}

static void operations_write_their_output_and_nothing_else(void **state)
{
	struct rig *rig = make_rig(SEED);
	u32 random = SEED;
	int accepted = 0;

	(void)state;
	for (int i = 0; i < SINGLE_OPS; i++) {
		union generate_desc desc;
		const u32 bytes = generate_op(rig, &random, &desc);

		accepted += try(&rig, &desc, bytes);
	}
	/* The others overlap themselves, or have bands that are too narrow. */
	assert_true(accepted > SINGLE_OPS * 3 / 4);
	rig_destroy(rig);
}

static void mutations_are_refused_or_harmless(void **state)
{
	struct rig *rig = make_rig(SEED);
	u32 random = SEED;
	int accepted = 0;

	(void)state;
	for (int i = 0; i < MUTATIONS; i++) {
		union generate_desc desc;
		const u32 bytes = generate_op(rig, &random, &desc);

		generate_mutation(&random, &desc, bytes);
		accepted += try(&rig, &desc, bytes);
	}
	assert_true(accepted > MUTATIONS / 20);
	assert_true(accepted < MUTATIONS * 3 / 4);
	rig_destroy(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_do_what_their_operations_do_alone),
		cmocka_unit_test(operations_write_their_output_and_nothing_else),
		cmocka_unit_test(mutations_are_refused_or_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
