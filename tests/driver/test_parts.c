// SPDX-License-Identifier: MIT
/*
 * Parts of the driver that the model of the hardware does not see: which bytes two cubes share, how
 * columns are dealt out to bands, and what is on the hardware at the same time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>

#include "nvdla/nvdla_check.h"
#include "nvdla/nvdla_pool.h"
#include "nvdla/nvdla_regs.h"
#include "samples.h"

#define SEED 0x9e3779b9u
#define PAIRS 200000
#define POOLS 100000
#define SPACE 4096

/* In small numbers, so that spans are often near each other. */
static struct nvdla_span make_span(u32 *random, const struct nvdla_span *other)
{
	struct nvdla_span span;

	span.start = rig_between(random, 0, 40) * 8;
	span.bytes = rig_between(random, 1, 4) * 8;
	span.lines = rig_between(random, 1, 4);
	span.line_stride = span.bytes + rig_between(random, 0, 6) * 8;
	span.surfaces = rig_between(random, 1, 3);
	span.surface_stride = span.lines * span.line_stride + rig_between(random, 0, 8) * 8;
	/* Of a cube that both are parts of. */
	if (other && rig_between(random, 0, 1) && other->line_stride >= span.bytes)
		span.line_stride = other->line_stride;
	if (other && rig_between(random, 0, 1) &&
	    other->surface_stride >= span.lines * span.line_stride)
		span.surface_stride = other->surface_stride;
	return span;
}

static void mark(const struct nvdla_span *span, u8 *bytes, u8 bit, bool *meet)
{
	for (u32 s = 0; s < span->surfaces; s++)
		for (u32 y = 0; y < span->lines; y++)
			for (u32 i = 0; i < span->bytes; i++) {
				u8 *at = bytes + span->start + s * span->surface_stride +
					 y * span->line_stride + i;

				*meet |= *at & ~bit;
				*at |= bit;
			}
}

/* Byte by byte. */
static bool have_a_byte_in_common(const struct nvdla_span *a, const struct nvdla_span *b)
{
	static u8 bytes[SPACE];
	bool meet = false;

	memset(bytes, 0, sizeof(bytes));
	mark(a, bytes, 1, &meet);
	meet = false;
	mark(b, bytes, 2, &meet);
	return meet;
}

static void spans_that_meet_are_found(void **state)
{
	int apart = 0, interleaved = 0;
	u32 random = SEED;

	(void)state;
	for (int i = 0; i < PAIRS; i++) {
		const struct nvdla_span a = make_span(&random, NULL);
		const struct nvdla_span b = make_span(&random, &a);
		const struct nvdla_extent x = nvdla_span_extent(&a), y = nvdla_span_extent(&b);
		const bool meet = nvdla_spans_meet(&a, &b);

		assert_int_equal(meet, nvdla_spans_meet(&b, &a));
		if (have_a_byte_in_common(&a, &b))
			assert_true(meet);
		apart += !meet;
		interleaved += !meet && nvdla_extents_meet(&x, &y);
	}
	/* And it does not simply find that all meet. */
	assert_true(apart > PAIRS / 10);
	assert_true(interleaved > PAIRS / 100);
}

/* Parts of one cube, of which each line holds several parts. */
static void parts_of_one_cube_are_told_exactly(void **state)
{
	u32 random = SEED;

	(void)state;
	for (int i = 0; i < PAIRS; i++) {
		struct nvdla_span a = { .lines = 4, .surfaces = 2 }, b;

		a.line_stride = 96;
		a.surface_stride = 4 * 96;
		a.bytes = rig_between(&random, 1, 11) * 8;
		b = a;
		a.start = rig_between(&random, 0, 12 - a.bytes / 8) * 8;
		b.bytes = rig_between(&random, 1, 11) * 8;
		b.start = rig_between(&random, 0, 12 - b.bytes / 8) * 8;
		assert_int_equal(nvdla_spans_meet(&a, &b), have_a_byte_in_common(&a, &b));
	}
}

static void bands_make_up_the_line(void **state)
{
	u32 random = SEED;
	int uneven = 0;

	(void)state;
	for (int i = 0; i < POOLS; i++) {
		struct drm_edge_nvdla_pool pool = { .bands = rig_between(&random, 2, 6) };
		struct nvdla_cube in = { .width = rig_between(&random, 1, 300) }, out = in;
		struct nvdla_pool_plan plan;
		u32 reach, between = pool.bands - 2;

		pool.width = rig_between(&random, 1, 8);
		pool.stride_x = rig_between(&random, 1, 16);
		pool.left = rig_between(&random, 0, pool.width - 1);
		pool.right = rig_between(&random, 0, pool.width - 1);
		if (pool.left + in.width + pool.right < pool.width)
			continue;
		out.width = (pool.left + in.width + pool.right - pool.width) / pool.stride_x + 1;
		if (out.width < 2 * pool.bands)
			continue;
		pool.first = rig_between(&random, 1, 2);
		pool.middle = between ? (out.width - 3) / between : 0;
		pool.last = out.width - pool.first - between * pool.middle;
		nvdla_pool_plan(&pool, &in, &out, &plan);
		reach = (out.width - 1) * pool.stride_x + pool.width;
		/* What is programmed is what windows reach, neither more nor less. */
		assert_int_equal(pool.left + plan.width + plan.right, reach);
		assert_true(plan.width <= in.width && plan.right <= pool.right);
		assert_int_equal(plan.first_in + (s32)between * (between ? plan.middle_in : 0) +
					 plan.last_in,
				 plan.width);
		uneven += plan.width != in.width || plan.right != pool.right;
	}
	assert_true(uneven > POOLS / 10);
}

/* Two operations that share no memory, the first of them on the hardware. */
struct pair {
	struct rig *rig;
	union generate_desc desc[2];
	struct nvdla_op *ops[2];
};

static void make_ops(struct pair *pair, struct rig *rig, void (*first)(union generate_desc *desc),
		     void (*second)(union generate_desc *desc))
{
	struct edge_refusal refusal;

	memset(pair, 0, sizeof(*pair));
	pair->rig = rig;
	first(&pair->desc[0]);
	second(&pair->desc[1]);
	for (int i = 0; i < 2; i++)
		assert_int_equal(rig_check(rig, &pair->desc[i], pair->desc[i].op.size,
					   &pair->ops[i], &refusal),
				 1);
	/* As if their buffers were others. */
	for (int r = 0; r < NVDLA_READS; r++)
		pair->ops[1]->reads[r] = (struct nvdla_extent) { 0, 0 };
	pair->ops[1]->write = (struct nvdla_extent) { 8, 16 };
}

static bool run_together(struct rig *rig, void (*first)(union generate_desc *desc),
			 void (*second)(union generate_desc *desc))
{
	struct pair pair;
	bool ready;

	make_ops(&pair, rig, first, second);
	nvdla_seq_reset(rig->seq);
	nvdla_seq_issue(rig->seq, pair.ops[0], NULL, &rig->port);
	ready = nvdla_seq_ready(rig->seq, pair.ops[1]);
	nvdla_seq_reset(rig->seq);
	nvdla_reset(rig->nvdla);
	free(pair.ops[0]);
	free(pair.ops[1]);
	return ready;
}

static void table_of_zeros_and_one(union generate_desc *desc)
{
	sample_table(desc);
	desc->table.values[0] = 1;
}

static void units_work_side_by_side(void **state)
{
	struct rig *rig = *state;

	assert_true(run_together(rig, sample_conv, sample_conv));
	assert_true(run_together(rig, sample_conv, sample_pdp));
	assert_true(run_together(rig, sample_pdp, sample_conv));
	assert_true(run_together(rig, sample_sdp, sample_pdp));
	assert_true(run_together(rig, sample_conv_pool, sample_table));
	assert_true(run_together(rig, sample_conv_pool, sample_conv_pool));
	assert_true(run_together(rig, sample_table, sample_table));
	assert_true(run_together(rig, sample_conv, sample_conv_pool));
	/* The input of SDP and PDP comes from one place at a time. */
	assert_false(run_together(rig, sample_conv, sample_sdp));
	assert_false(run_together(rig, sample_sdp, sample_conv));
	assert_false(run_together(rig, sample_conv, sample_copy));
	assert_false(run_together(rig, sample_conv_pool, sample_pdp));
	assert_false(run_together(rig, sample_pdp, sample_conv_pool));
	/* And there is one table. */
	assert_false(run_together(rig, sample_table, table_of_zeros_and_one));
}

/* Interrupts of operations that are not there, and of units on the way of one that is. */
static void only_the_last_unit_ends_an_operation(void **state)
{
	struct rig *rig = *state;
	void *cookies[NVDLA_FLIGHT];
	struct pair pair;
	int mine;

	make_ops(&pair, rig, sample_conv_pool, sample_conv_pool);
	nvdla_seq_reset(rig->seq);
	assert_int_equal(nvdla_seq_complete(rig->seq, ~0u, cookies), 0);
	nvdla_seq_issue(rig->seq, pair.ops[0], &mine, &rig->port);
	nvdla_seq_issue(rig->seq, pair.ops[1], NULL, &rig->port);
	assert_int_equal(nvdla_seq_busy(rig->seq), 2);
	assert_int_equal(nvdla_seq_complete(rig->seq, ~(3u << NVDLA_INTR_PDP), cookies), 0);
	assert_int_equal(nvdla_seq_complete(rig->seq, 1u << NVDLA_INTR_PDP, cookies), 1);
	assert_ptr_equal(cookies[0], &mine);
	assert_int_equal(nvdla_seq_complete(rig->seq, 1u << NVDLA_INTR_PDP, cookies), 0);
	assert_int_equal(nvdla_seq_complete(rig->seq, 2u << NVDLA_INTR_PDP, cookies), 1);
	assert_int_equal(nvdla_seq_busy(rig->seq), 0);
	nvdla_reset(rig->nvdla);
	free(pair.ops[0]);
	free(pair.ops[1]);
}

static int setup(void **state)
{
	*state = sample_rig();
	return 0;
}

static int teardown(void **state)
{
	rig_destroy(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_that_meet_are_found),
		cmocka_unit_test(parts_of_one_cube_are_told_exactly),
		cmocka_unit_test(bands_make_up_the_line),
		cmocka_unit_test(units_work_side_by_side),
		cmocka_unit_test(only_the_last_unit_ends_an_operation),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
