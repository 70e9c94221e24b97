// SPDX-License-Identifier: GPL-2.0-only
/* The checker of NVDLA: descriptors that are good, and what makes each kind of refusal of them. */
#include <kunit/test.h>

#include <linux/string.h>

#include "nvdla_ops.h"

/**
 * struct edit - a field of a descriptor that gets another value
 * @at: its offset in bytes
 * @value: the value
 */
struct edit {
	u32 at;
	u32 value;
};

#define EDITS 6

/**
 * struct refusal_case - a good descriptor that is made a bad one
 * @name: of the case
 * @desc: the good one
 * @edits: what is changed; the first is what is refused, unless @at says otherwise
 * @reason: why
 * @at: the field that is named
 */
struct refusal_case {
	const char *name;
	const union nvdla_desc *desc;
	struct edit edits[EDITS];
	u32 reason;
	u32 at;
};

#define CONV(field) offsetof(struct drm_edge_nvdla_conv, field)
#define SDP(field) offsetof(struct drm_edge_nvdla_sdp, field)
#define PDP(field) offsetof(struct drm_edge_nvdla_pdp, field)
#define TABLE(field) offsetof(struct drm_edge_nvdla_table, field)
#define COPY(field) offsetof(struct drm_edge_nvdla_copy, field)

static const struct refusal_case refusals[] = {
	{
		.name = "cut off",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(op.size), sizeof(struct drm_edge_nvdla_sdp) - 8 } },
		.reason = DRM_EDGE_REASON_STREAM,
		.at = SDP(op.size),
	},
	{
		.name = "longer than the stream",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(op.size), sizeof(struct drm_edge_nvdla_sdp) + 8 } },
		.reason = DRM_EDGE_REASON_STREAM,
		.at = SDP(op.size),
	},
	{
		.name = "unknown type",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(op.type), 0x00010006 } },
		.reason = DRM_EDGE_REASON_TYPE,
		.at = SDP(op.type),
	},
	{
		.name = "other family",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(op.type), 0x00020001 } },
		.reason = DRM_EDGE_REASON_TYPE,
		.at = SDP(op.type),
	},
	{
		.name = "pad",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(pad), 1 } },
		.reason = DRM_EDGE_REASON_RESERVED,
		.at = SDP(pad),
	},
	{
		.name = "unknown flag",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(flags), 2 } },
		.reason = DRM_EDGE_REASON_RESERVED,
		.at = CONV(flags),
	},
	{
		.name = "pooling that is not asked for",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(pool.last), 1 } },
		.reason = DRM_EDGE_REASON_RESERVED,
		.at = CONV(pool.last),
	},
	{
		.name = "no such buffer",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(weights.handle), BUFFERS } },
		.reason = DRM_EDGE_REASON_HANDLE,
		.at = CONV(weights.handle),
	},
	{
		.name = "beyond the end",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(output.at.offset), BUFFER_SIZE - 120 } },
		.reason = DRM_EDGE_REASON_EXTENT,
		.at = SDP(output.at.offset),
	},
	{
		.name = "offset of 64 bits",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(input.at.offset) + 4, 1 } },
		.reason = DRM_EDGE_REASON_EXTENT,
		.at = SDP(input.at.offset),
	},
	{
		.name = "unaligned offset",
		.desc = &nvdla_test_copy,
		.edits = { { COPY(from.offset), 4 } },
		.reason = DRM_EDGE_REASON_ALIGN,
		.at = COPY(from.offset),
	},
	{
		.name = "unaligned stride",
		.desc = &nvdla_test_pdp,
		.edits = { { PDP(input.line_stride), 33 } },
		.reason = DRM_EDGE_REASON_ALIGN,
		.at = PDP(input.line_stride),
	},
	{
		.name = "writes what is only read",
		.desc = &nvdla_test_table,
		.edits = { { TABLE(output.at.handle), BUFFER_READ } },
		.reason = DRM_EDGE_REASON_ACCESS,
		.at = TABLE(output.at.handle),
	},
	{
		.name = "reads what is only written",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(weights.handle), BUFFER_WRITTEN } },
		.reason = DRM_EDGE_REASON_ACCESS,
		.at = CONV(weights.handle),
	},
	{
		.name = "no columns",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(input.width), 0 } },
		.reason = DRM_EDGE_REASON_SIZE,
		.at = SDP(input.width),
	},
	{
		.name = "too many channels",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(output.channels), 8193 } },
		.reason = DRM_EDGE_REASON_SIZE,
		.at = SDP(output.channels),
	},
	{
		.name = "lines overlap",
		.desc = &nvdla_test_sdp,
		.edits = { { SDP(input.line_stride), 24 } },
		.reason = DRM_EDGE_REASON_STRIDE,
		.at = SDP(input.line_stride),
	},
	{
		.name = "surfaces overlap",
		.desc = &nvdla_test_pdp,
		.edits = { { PDP(output.surface_stride), 24 } },
		.reason = DRM_EDGE_REASON_STRIDE,
		.at = PDP(output.surface_stride),
	},
	{
		.name = "a point that is not packed",
		.desc = &nvdla_test_sdp,
		.edits = {
			{ SDP(input.width), 1 },
			{ SDP(input.height), 1 },
			{ SDP(input.line_stride), 16 },
			{ SDP(input.surface_stride), 16 },
		},
		.reason = DRM_EDGE_REASON_POINT,
		.at = SDP(input.line_stride),
	},
	{
		.name = "overlap",
		.desc = &nvdla_test_sdp,
		.edits = {
			{ SDP(output.at.handle), BUFFER_BOTH },
			{ SDP(output.at.offset), 8 },
		},
		.reason = DRM_EDGE_REASON_OVERLAP,
		.at = SDP(output.at.offset),
	},
	{
		.name = "a table in place",
		.desc = &nvdla_test_table,
		.edits = { { TABLE(output.at.handle), BUFFER_BOTH } },
		.reason = DRM_EDGE_REASON_OVERLAP,
		.at = TABLE(output.at.offset),
	},
	{
		.name = "unknown format",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(format), 6 } },
		.reason = DRM_EDGE_REASON_FORMAT,
		.at = CONV(format),
	},
	{
		.name = "an image of 8 channels",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(format), DRM_EDGE_NVDLA_RGBA } },
		.reason = DRM_EDGE_REASON_FORMAT,
		.at = CONV(input.channels),
	},
	{
		.name = "kernel",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(kernel_height), 33 } },
		.reason = DRM_EDGE_REASON_KERNEL,
		.at = CONV(kernel_height),
	},
	{
		.name = "window",
		.desc = &nvdla_test_pdp,
		.edits = { { PDP(pool.width), 9 } },
		.reason = DRM_EDGE_REASON_KERNEL,
		.at = PDP(pool.width),
	},
	{
		.name = "step",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(stride_x), 9 } },
		.reason = DRM_EDGE_REASON_STEP,
		.at = CONV(stride_x),
	},
	{
		.name = "padding as wide as the kernel",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(left), 1 } },
		.reason = DRM_EDGE_REASON_PADDING,
		.at = CONV(left),
	},
	{
		.name = "value of padding",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(pad_value), 128 } },
		.reason = DRM_EDGE_REASON_PADDING,
		.at = CONV(pad_value),
	},
	{
		.name = "output of a convolution",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(width), 3 } },
		.reason = DRM_EDGE_REASON_OUTPUT,
		.at = CONV(width),
	},
	{
		.name = "output of a pooling",
		.desc = &nvdla_test_pdp,
		.edits = { { PDP(pool.stride_y), 1 } },
		.reason = DRM_EDGE_REASON_OUTPUT,
		.at = PDP(output.height),
	},
	{
		.name = "more banks than there are",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(weight_banks), 32 } },
		.reason = DRM_EDGE_REASON_BANKS,
		.at = CONV(weight_banks),
	},
	{
		.name = "input larger than its banks",
		.desc = &nvdla_test_conv,
		.edits = {
			{ CONV(input.width), 256 },
			{ CONV(input.line_stride), 2048 },
			{ CONV(input.surface_stride), 8192 },
			{ CONV(width), 256 },
		},
		.reason = DRM_EDGE_REASON_DATA_BANKS,
		.at = CONV(data_banks),
	},
	{
		.name = "kernels larger than their banks",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(input.channels), 1024 }, { CONV(data_banks), 4 } },
		.reason = DRM_EDGE_REASON_WEIGHT_BANKS,
		.at = CONV(weight_banks),
	},
	{
		.name = "stage without multiplier",
		.desc = &nvdla_test_sdp,
		.edits = {
			{ SDP(tail.bs.flags),
			  DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_PRELU },
		},
		.reason = DRM_EDGE_REASON_STAGE,
		.at = SDP(tail.bs.flags),
	},
	{
		.name = "operand of 17 bits",
		.desc = &nvdla_test_sdp,
		.edits = {
			{ SDP(tail.bn.flags), DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_MUL },
			{ SDP(tail.bn.mul_value), 0x8000 },
		},
		.reason = DRM_EDGE_REASON_STAGE,
		.at = SDP(tail.bn.mul_value),
	},
	{
		.name = "truncation",
		.desc = &nvdla_test_conv,
		.edits = { { CONV(truncate), 32 } },
		.reason = DRM_EDGE_REASON_SHIFT,
		.at = CONV(truncate),
	},
	{
		.name = "scale",
		.desc = &nvdla_test_table,
		.edits = { { TABLE(scale), 0x8000 } },
		.reason = DRM_EDGE_REASON_SHIFT,
		.at = TABLE(scale),
	},
	{
		.name = "line wider than the line buffer",
		.desc = &nvdla_test_pdp,
		.edits = {
			{ PDP(input.width), 258 },
			{ PDP(input.line_stride), 258 * 8 },
			{ PDP(input.surface_stride), 258 * 8 * 4 },
			{ PDP(output.width), 129 },
			{ PDP(output.line_stride), 129 * 8 },
			{ PDP(output.surface_stride), 129 * 8 * 2 },
		},
		.reason = DRM_EDGE_REASON_POOL_WIDTH,
		.at = PDP(output.width),
	},
	{
		.name = "bands",
		.desc = &nvdla_test_pdp,
		.edits = { { PDP(pool.bands), 2 }, { PDP(pool.first), 1 }, { PDP(pool.last), 2 } },
		.reason = DRM_EDGE_REASON_BANDS,
		.at = PDP(pool.bands),
	},
};

static void refusal_describe(const struct refusal_case *refusal, char *text)
{
	strscpy(text, refusal->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refusals, refusals, refusal_describe);

/* A bad descriptor after a good one */
struct bad_stream {
	struct drm_edge_nvdla_copy good;
	u8 bad[sizeof(union nvdla_desc)];
};

static void bad_descriptors_are_refused(struct kunit *test)
{
	const struct refusal_case *param = test->param_value;
	struct bad_stream *stream;
	struct edge_refusal refusal = {};
	struct nvdla_op *ops;
	u32 size;
	int i, ret;

	stream = kunit_kzalloc(test, sizeof(*stream), GFP_KERNEL);
	ops = kunit_kzalloc(test, 2 * nvdla_op_size(), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stream);
	KUNIT_ASSERT_NOT_NULL(test, ops);
	stream->good = nvdla_test_copy.copy;
	memcpy(stream->bad, param->desc, param->desc->op.size);
	for (i = 0; i < EDITS && (param->edits[i].at || param->edits[i].value); i++)
		memcpy(stream->bad + param->edits[i].at, &param->edits[i].value, sizeof(u32));
	size = sizeof(stream->good) + param->desc->op.size;

	ret = nvdla_count(stream, size, 2, &refusal);
	if (ret == 2)
		ret = nvdla_check(&nvdla_test_geometry, stream, size, &nvdla_test_buffers, ops,
				  &refusal);
	KUNIT_EXPECT_EQ(test, ret, -EINVAL);
	KUNIT_EXPECT_EQ(test, refusal.op, 1);
	KUNIT_EXPECT_EQ(test, refusal.reason, param->reason);
	KUNIT_EXPECT_EQ(test, refusal.at, param->at);
}

static void every_reason_has_a_case(struct kunit *test)
{
	u32 reasons = BIT(DRM_EDGE_REASON_NONE) | BIT(DRM_EDGE_REASON_OPS) |
		      BIT(DRM_EDGE_REASON_UNSUPPORTED);
	int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		reasons |= BIT(refusals[i].reason);
	KUNIT_EXPECT_EQ(test, reasons, GENMASK(DRM_EDGE_REASON_UNSUPPORTED, 0));
}

struct good_case {
	const char *name;
	const union nvdla_desc *desc;
	u32 units;
	enum nvdla_unit final;
	u64 read_end;
	u64 write_end;
};

static const struct good_case goods[] = {
	{ "convolution", &nvdla_test_conv, NVDLA_USES(NVDLA_UNIT_CONV) | NVDLA_USES(NVDLA_UNIT_SDP),
	  NVDLA_UNIT_SDP, 128, 128 },
	{ "element-wise", &nvdla_test_sdp,
	  NVDLA_USES(NVDLA_UNIT_SDP_RDMA) | NVDLA_USES(NVDLA_UNIT_SDP), NVDLA_UNIT_SDP, 128, 128 },
	{ "pooling", &nvdla_test_pdp, NVDLA_USES(NVDLA_UNIT_PDP_RDMA) | NVDLA_USES(NVDLA_UNIT_PDP),
	  NVDLA_UNIT_PDP, 128, 32 },
	{ "table", &nvdla_test_table, NVDLA_USES(NVDLA_UNIT_CDP), NVDLA_UNIT_CDP, 128, 128 },
	{ "copy", &nvdla_test_copy, NVDLA_USES(NVDLA_UNIT_SDP_RDMA) | NVDLA_USES(NVDLA_UNIT_SDP),
	  NVDLA_UNIT_SDP, 256, 3 * 128 + 64 },
};

static void good_describe(const struct good_case *good, char *text)
{
	strscpy(text, good->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(goods, goods, good_describe);

static void good_descriptors_become_operations(struct kunit *test)
{
	const struct good_case *param = test->param_value;
	struct edge_refusal refusal = {};
	struct nvdla_op *op;

	op = kunit_kzalloc(test, nvdla_op_size(), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, op);
	KUNIT_ASSERT_EQ(test, nvdla_count(param->desc, param->desc->op.size, 1, &refusal), 1);
	KUNIT_ASSERT_EQ(test,
			nvdla_check(&nvdla_test_geometry, param->desc, param->desc->op.size,
				    &nvdla_test_buffers, op, &refusal),
			0);
	KUNIT_EXPECT_EQ(test, op->units, param->units);
	KUNIT_EXPECT_EQ(test, op->final, param->final);
	KUNIT_EXPECT_FALSE(test, nvdla_op_in_place(op));
	KUNIT_EXPECT_EQ(test, op->reads[0].start, BUFFER_ADDRESS(BUFFER_BOTH));
	KUNIT_EXPECT_EQ(test, op->reads[0].end, BUFFER_ADDRESS(BUFFER_BOTH) + param->read_end);
	KUNIT_EXPECT_EQ(test, op->write.start, BUFFER_ADDRESS(BUFFER_WRITTEN));
	KUNIT_EXPECT_EQ(test, op->write.end, BUFFER_ADDRESS(BUFFER_WRITTEN) + param->write_end);
}

static void the_same_cube_is_in_place(struct kunit *test)
{
	struct drm_edge_nvdla_sdp sdp = nvdla_test_sdp.sdp;
	struct edge_refusal refusal = {};
	struct nvdla_op op;

	sdp.output.at.handle = BUFFER_BOTH;
	KUNIT_ASSERT_EQ(test,
			nvdla_check(&nvdla_test_geometry, &sdp, sizeof(sdp), &nvdla_test_buffers,
				    &op, &refusal),
			0);
	KUNIT_EXPECT_TRUE(test, nvdla_op_in_place(&op));
}

static void operations_are_counted(struct kunit *test)
{
	struct drm_edge_nvdla_copy copies[3] = {
		nvdla_test_copy.copy,
		nvdla_test_copy.copy,
		nvdla_test_copy.copy,
	};
	struct edge_refusal refusal = {};

	KUNIT_EXPECT_EQ(test, nvdla_count(copies, sizeof(copies), 3, &refusal), 3);
	KUNIT_EXPECT_EQ(test, nvdla_count(copies, sizeof(copies), 2, &refusal), -EINVAL);
	KUNIT_EXPECT_EQ(test, refusal.op, 2);
	KUNIT_EXPECT_EQ(test, refusal.reason, DRM_EDGE_REASON_OPS);
	KUNIT_EXPECT_EQ(test, nvdla_count(copies, 0, 3, &refusal), -EINVAL);
	KUNIT_EXPECT_EQ(test, refusal.reason, DRM_EDGE_REASON_STREAM);
}

static void units_may_be_missing(struct kunit *test)
{
	const union nvdla_desc *desc = &nvdla_test_table;
	struct nvdla_geometry geometry = nvdla_test_geometry;
	struct edge_refusal refusal = {};
	struct nvdla_op op;

	geometry.features &= ~DRM_EDGE_NVDLA_CDP;
	KUNIT_EXPECT_EQ(test,
			nvdla_check(&geometry, desc, desc->op.size, &nvdla_test_buffers, &op,
				    &refusal),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, refusal.reason, DRM_EDGE_REASON_UNSUPPORTED);
	geometry.features = 0;
	desc = &nvdla_test_pdp;
	KUNIT_EXPECT_EQ(test,
			nvdla_check(&geometry, desc, desc->op.size, &nvdla_test_buffers, &op,
				    &refusal),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, refusal.reason, DRM_EDGE_REASON_UNSUPPORTED);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(good_descriptors_become_operations, goods_gen_params),
	KUNIT_CASE_PARAM(bad_descriptors_are_refused, refusals_gen_params),
	KUNIT_CASE(every_reason_has_a_case),
	KUNIT_CASE(the_same_cube_is_in_place),
	KUNIT_CASE(operations_are_counted),
	KUNIT_CASE(units_may_be_missing),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-nvdla-check",
	.test_cases = cases,
};

kunit_test_suite(suite);
