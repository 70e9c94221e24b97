// SPDX-License-Identifier: GPL-2.0-only
/* NVDLA's sequencer: what is on the hardware together, in which groups, and what ends it. */
#include <kunit/test.h>

#include <linux/sizes.h>

#include "../nvdla/nvdla_regs.h"
#include "../nvdla/nvdla_seq.h"
#include "nvdla_ops.h"

#define OPS 8

/**
 * struct seq_test - a sequencer with operations
 * @seq: the sequencer
 * @port: where it writes registers
 * @streams: descriptors
 * @ops: operations made of them
 * @pointers: what was last written to each unit's S_POINTER, by page
 * @enabled: how often a register was written that enables a unit
 * @tables: entries written to the CDP's table
 */
struct seq_test {
	struct nvdla_seq *seq;
	struct nvdla_port port;
	union nvdla_desc streams[OPS];
	struct nvdla_op ops[OPS];
	u32 pointers[16];
	u32 enabled;
	u32 tables;
};

static u32 port_read(void *opaque, u32 offset)
{
	return 0;
}

static void port_write(void *opaque, u32 offset, u32 value)
{
	struct seq_test *seq = opaque;

	if (offset >= 0x3000 && (offset & 0xfff) == NVDLA_S_POINTER)
		seq->pointers[offset >> 12] = value;
	if (offset == NVDLA_CDP_LUT_ACCESS_DATA)
		seq->tables++;
	switch (offset) {
	case NVDLA_CACC + NVDLA_D_OP_ENABLE:
	case NVDLA_SDP_OP_ENABLE:
	case NVDLA_PDP + NVDLA_D_OP_ENABLE:
	case NVDLA_CDP_OP_ENABLE:
		seq->enabled++;
		break;
	}
}

static int seq_init(struct kunit *test)
{
	struct seq_test *seq = kunit_kzalloc(test, sizeof(*seq), GFP_KERNEL);

	if (!seq)
		return -ENOMEM;
	seq->seq = nvdla_seq_create();
	if (!seq->seq)
		return -ENOMEM;
	seq->port = (struct nvdla_port) { .opaque = seq, .read = port_read, .write = port_write };
	test->priv = seq;
	return 0;
}

static void seq_exit(struct kunit *test)
{
	struct seq_test *seq = test->priv;

	if (seq)
		nvdla_seq_destroy(seq->seq);
}

/* Makes an operation of a descriptor, moved so that it meets no other. */
static struct nvdla_op *op_at(struct kunit *test, unsigned int index, const union nvdla_desc *desc)
{
	struct seq_test *seq = test->priv;
	union nvdla_desc *copy = &seq->streams[index];
	struct edge_refusal refusal = {};

	*copy = *desc;
	switch (desc->op.type) {
	case DRM_EDGE_OP_NVDLA_CONV:
		copy->conv.input.at.offset += index * SZ_4K;
		copy->conv.output.at.offset += index * SZ_4K;
		break;
	case DRM_EDGE_OP_NVDLA_SDP:
		copy->sdp.input.at.offset += index * SZ_4K;
		copy->sdp.output.at.offset += index * SZ_4K;
		break;
	case DRM_EDGE_OP_NVDLA_PDP:
		copy->pdp.input.at.offset += index * SZ_4K;
		copy->pdp.output.at.offset += index * SZ_4K;
		break;
	case DRM_EDGE_OP_NVDLA_TABLE:
		copy->table.input.at.offset += index * SZ_4K;
		copy->table.output.at.offset += index * SZ_4K;
		break;
	}
	KUNIT_ASSERT_EQ(test,
			nvdla_check(&nvdla_test_geometry, copy, copy->op.size, &nvdla_test_buffers,
				    &seq->ops[index], &refusal),
			0);
	return &seq->ops[index];
}

static bool ready(struct kunit *test, struct nvdla_op *op)
{
	struct seq_test *seq = test->priv;

	return nvdla_seq_ready(seq->seq, op);
}

static void issue(struct kunit *test, struct nvdla_op *op)
{
	struct seq_test *seq = test->priv;
	u32 enabled = seq->enabled;

	KUNIT_ASSERT_TRUE(test, ready(test, op));
	nvdla_seq_issue(seq->seq, op, op, &seq->port);
	KUNIT_EXPECT_GT(test, seq->enabled, enabled);
}

/* That an interrupt ends an operation, or with NULL none. */
static void interrupt(struct kunit *test, u32 status, struct nvdla_op *op)
{
	struct seq_test *seq = test->priv;
	void *cookies[NVDLA_FLIGHT] = {};

	KUNIT_EXPECT_EQ(test, nvdla_seq_complete(seq->seq, status, cookies), op ? 1 : 0);
	KUNIT_EXPECT_PTR_EQ(test, cookies[0], (void *)op);
}

static void groups_take_turns(struct kunit *test)
{
	struct seq_test *seq = test->priv;
	struct nvdla_op *first = op_at(test, 0, &nvdla_test_sdp);
	struct nvdla_op *second = op_at(test, 1, &nvdla_test_sdp);
	struct nvdla_op *third = op_at(test, 2, &nvdla_test_sdp);

	issue(test, first);
	KUNIT_EXPECT_EQ(test, seq->pointers[NVDLA_SDP >> 12], 0);
	KUNIT_EXPECT_EQ(test, seq->pointers[NVDLA_SDP_RDMA >> 12], 0);
	issue(test, second);
	KUNIT_EXPECT_EQ(test, seq->pointers[NVDLA_SDP >> 12], 1);
	KUNIT_EXPECT_EQ(test, seq->pointers[NVDLA_SDP_RDMA >> 12], 1);
	KUNIT_EXPECT_EQ(test, nvdla_seq_busy(seq->seq), 2);
	KUNIT_EXPECT_FALSE(test, ready(test, third));

	interrupt(test, BIT(NVDLA_INTR_SDP), first);
	issue(test, third);
	KUNIT_EXPECT_EQ(test, seq->pointers[NVDLA_SDP >> 12], 0);
	interrupt(test, BIT(NVDLA_INTR_SDP + 1), second);
	interrupt(test, BIT(NVDLA_INTR_SDP), third);
	KUNIT_EXPECT_EQ(test, nvdla_seq_busy(seq->seq), 0);
}

static void units_work_side_by_side(struct kunit *test)
{
	struct seq_test *seq = test->priv;
	struct nvdla_op *sdp = op_at(test, 0, &nvdla_test_sdp);
	struct nvdla_op *pdp = op_at(test, 1, &nvdla_test_pdp);
	struct nvdla_op *table = op_at(test, 2, &nvdla_test_table);
	void *cookies[NVDLA_FLIGHT];

	issue(test, sdp);
	issue(test, pdp);
	issue(test, table);
	/* Interrupts that end nothing of this */
	interrupt(test, BIT(NVDLA_INTR_SDP + 1) | BIT(NVDLA_INTR_CACC), NULL);
	interrupt(test, BIT(NVDLA_INTR_CDP), table);
	KUNIT_EXPECT_EQ(test,
			nvdla_seq_complete(seq->seq, BIT(NVDLA_INTR_SDP) | BIT(NVDLA_INTR_PDP),
					   cookies),
			2);
	KUNIT_EXPECT_PTR_EQ(test, cookies[0], (void *)sdp);
	KUNIT_EXPECT_PTR_EQ(test, cookies[1], (void *)pdp);
}

static void readers_wait_for_writers(struct kunit *test)
{
	struct seq_test *seq = test->priv;
	union nvdla_desc desc = nvdla_test_sdp;
	struct nvdla_op *writer, *reader;

	desc.sdp.output.at.handle = BUFFER_BOTH;
	desc.sdp.output.at.offset = SZ_64K;
	writer = op_at(test, 0, &desc);
	desc = nvdla_test_pdp;
	/* Its last line is the first that is written. */
	desc.pdp.input.at.offset = SZ_64K - 96 - SZ_4K;
	reader = op_at(test, 1, &desc);
	issue(test, writer);
	KUNIT_EXPECT_FALSE(test, ready(test, reader));
	interrupt(test, BIT(NVDLA_INTR_SDP), writer);
	issue(test, reader);
	/* Nor does anyone write what is being read. */
	KUNIT_EXPECT_FALSE(test, ready(test, writer));
	interrupt(test, BIT(NVDLA_INTR_PDP), reader);
	KUNIT_EXPECT_TRUE(test, ready(test, writer));
	KUNIT_EXPECT_EQ(test, nvdla_seq_busy(seq->seq), 0);
}

static void sources_do_not_mix(struct kunit *test)
{
	struct nvdla_op *conv = op_at(test, 0, &nvdla_test_conv);
	struct nvdla_op *sdp = op_at(test, 1, &nvdla_test_sdp);
	struct nvdla_op *next = op_at(test, 2, &nvdla_test_conv);

	issue(test, conv);
	KUNIT_EXPECT_FALSE(test, ready(test, sdp));
	issue(test, next);
	interrupt(test, BIT(NVDLA_INTR_SDP), conv);
	KUNIT_EXPECT_FALSE(test, ready(test, sdp));
	interrupt(test, BIT(NVDLA_INTR_SDP + 1), next);
	issue(test, sdp);
	interrupt(test, BIT(NVDLA_INTR_SDP), sdp);
}

static void tables_are_loaded_when_they_differ(struct kunit *test)
{
	struct seq_test *seq = test->priv;
	struct nvdla_op *first = op_at(test, 0, &nvdla_test_table);
	struct nvdla_op *same = op_at(test, 1, &nvdla_test_table);
	union nvdla_desc desc = nvdla_test_table;
	struct nvdla_op *other;
	u32 tables;

	desc.table.values[256] = 1;
	other = op_at(test, 2, &desc);
	issue(test, first);
	tables = seq->tables;
	KUNIT_EXPECT_GE(test, tables, NVDLA_TABLE_ENTRIES);
	KUNIT_EXPECT_FALSE(test, ready(test, other));
	issue(test, same);
	KUNIT_EXPECT_EQ(test, seq->tables, tables);
	interrupt(test, BIT(NVDLA_INTR_CDP), first);
	KUNIT_EXPECT_FALSE(test, ready(test, other));
	interrupt(test, BIT(NVDLA_INTR_CDP + 1), same);
	issue(test, other);
	KUNIT_EXPECT_EQ(test, seq->tables, 2 * tables);
	interrupt(test, BIT(NVDLA_INTR_CDP), other);
}

static void a_reset_forgets(struct kunit *test)
{
	struct seq_test *seq = test->priv;
	struct nvdla_op *first = op_at(test, 0, &nvdla_test_sdp);
	struct nvdla_op *table = op_at(test, 1, &nvdla_test_table);
	u32 tables;

	issue(test, first);
	issue(test, table);
	tables = seq->tables;
	nvdla_seq_reset(seq->seq);
	KUNIT_EXPECT_EQ(test, nvdla_seq_busy(seq->seq), 0);
	interrupt(test, NVDLA_INTR_ALL, NULL);
	/* From the first group again, and with the table loaded anew. */
	issue(test, first);
	KUNIT_EXPECT_EQ(test, seq->pointers[NVDLA_SDP >> 12], 0);
	issue(test, table);
	KUNIT_EXPECT_EQ(test, seq->tables, 2 * tables);
	interrupt(test, BIT(NVDLA_INTR_SDP), first);
	interrupt(test, BIT(NVDLA_INTR_CDP), table);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(groups_take_turns),
	KUNIT_CASE(units_work_side_by_side),
	KUNIT_CASE(readers_wait_for_writers),
	KUNIT_CASE(sources_do_not_mix),
	KUNIT_CASE(tables_are_loaded_when_they_differ),
	KUNIT_CASE(a_reset_forgets),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-nvdla-seq",
	.init = seq_init,
	.exit = seq_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
