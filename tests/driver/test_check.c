// SPDX-License-Identifier: MIT
/* What the checker refuses that is not one field's fault, and what it accepts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

static void assert_refused(struct rig *rig, const union generate_desc *desc, u32 reason, size_t at)
{
	struct edge_refusal refusal;

	assert_int_equal(sample_check(rig, desc, desc->op.size, &refusal), -EINVAL);
	assert_int_equal(refusal.reason, reason);
	assert_int_equal(refusal.at, at);
}

static void assert_accepted(struct rig *rig, const union generate_desc *desc)
{
	struct edge_refusal refusal;

	if (sample_check(rig, desc, desc->op.size, &refusal) != 1)
		fail_msg("reason %u, at %u", refusal.reason, refusal.at);
}

/* Both strides of a point are wrong together, as surfaces must not be shorter than lines. */
static void points_are_packed(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sample_sdp_point(&desc);
	desc.sdp.input.line_stride = 16;
	desc.sdp.input.surface_stride = 16;
	assert_refused(*state, &desc, DRM_EDGE_REASON_POINT,
		       offsetof(struct drm_edge_nvdla_sdp, input.line_stride));
}

static void operands_of_a_point_are_packed(void **state)
{
	union generate_desc desc = { .op = { 0 } };
	struct drm_edge_nvdla_stage *bs = &desc.sdp.tail.bs;

	sample_make_sdp(&desc, 1, 1, 16);
	bs->flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU |
		    DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_PER_ELEMENT;
	bs->operands.handle = OPERANDS;
	bs->line_stride = 8;
	bs->surface_stride = 8;
	assert_accepted(*state, &desc);
	bs->surface_stride = 16;
	assert_refused(*state, &desc, DRM_EDGE_REASON_POINT,
		       offsetof(struct drm_edge_nvdla_sdp, tail.bs.surface_stride));
	bs->line_stride = 16;
	assert_refused(*state, &desc, DRM_EDGE_REASON_POINT,
		       offsetof(struct drm_edge_nvdla_sdp, tail.bs.line_stride));
}

/* Halves of a cube of 16 columns, 8 lines and 16 channels. */
static void make_halves(union generate_desc *desc, u64 offset)
{
	sample_sdp_one_buffer(desc);
	desc->sdp.input.line_stride = 128;
	desc->sdp.input.surface_stride = 1024;
	desc->sdp.output.line_stride = 128;
	desc->sdp.output.surface_stride = 1024;
	desc->sdp.output.at.offset = offset;
}

static void parts_of_a_cube_may_interleave(void **state)
{
	const size_t at = offsetof(struct drm_edge_nvdla_sdp, output.at.offset);
	union generate_desc desc = { .op = { 0 } };

	/* Right of it, and one column too far left. */
	make_halves(&desc, 64);
	assert_accepted(*state, &desc);
	desc.sdp.output.at.offset = 56;
	assert_refused(*state, &desc, DRM_EDGE_REASON_OVERLAP, at);
	/* The next line's left half, where the input's lines are right halves. */
	desc.sdp.input.at.offset = 64;
	desc.sdp.output.at.offset = 128;
	assert_accepted(*state, &desc);
	desc.sdp.output.at.offset = 120;
	assert_refused(*state, &desc, DRM_EDGE_REASON_OVERLAP, at);
}

static void upper_and_lower_part_of_a_cube(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sample_make_sdp(&desc, 8, 4, 16);
	desc.sdp.input.surface_stride = 512;
	desc.sdp.output.surface_stride = 512;
	desc.sdp.output.at.handle = INPUT;
	desc.sdp.output.at.offset = 256;
	assert_accepted(*state, &desc);
	desc.sdp.output.at.offset = 248;
	assert_refused(*state, &desc, DRM_EDGE_REASON_OVERLAP,
		       offsetof(struct drm_edge_nvdla_sdp, output.at.offset));
}

static void only_the_same_cube_is_in_place(void **state)
{
	union generate_desc desc = { .op = { 0 } };
	struct edge_refusal refusal;
	struct nvdla_op *ops;

	sample_sdp_one_buffer(&desc);
	desc.sdp.output.at.offset = 0;
	assert_int_equal(rig_check(*state, &desc, desc.op.size, &ops, &refusal), 1);
	assert_true(nvdla_op_in_place(nvdla_op_at(ops, 0)));
	free(ops);
	desc.sdp.output.surface_stride = 1024;
	assert_refused(*state, &desc, DRM_EDGE_REASON_OVERLAP,
		       offsetof(struct drm_edge_nvdla_sdp, output.at.offset));
	desc.sdp.output.surface_stride = 576;
	desc.sdp.input.surface_stride = 576;
	desc.sdp.output.line_stride = 72;
	assert_refused(*state, &desc, DRM_EDGE_REASON_OVERLAP,
		       offsetof(struct drm_edge_nvdla_sdp, output.at.offset));
	sample_sdp(&desc);
	assert_int_equal(rig_check(*state, &desc, desc.op.size, &ops, &refusal), 1);
	assert_false(nvdla_op_in_place(nvdla_op_at(ops, 0)));
	free(ops);
}

/* An input of one column: its lines are the entries of the buffer, one bank of which is given. */
static void the_last_entry_of_a_bank(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sample_conv_tall(&desc);
	desc.conv.data_banks = 1;
	desc.conv.input.height = 512;
	desc.conv.height = 512;
	desc.conv.output.height = 512;
	assert_accepted(*state, &desc);
	desc.conv.input.height = 513;
	desc.conv.height = 513;
	desc.conv.output.height = 513;
	assert_refused(*state, &desc, DRM_EDGE_REASON_DATA_BANKS,
		       offsetof(struct drm_edge_nvdla_conv, data_banks));
}

/* All banks, and one more. */
static void data_and_weights_share_the_banks(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sample_conv(&desc);
	desc.conv.data_banks = 20;
	desc.conv.weight_banks = 12;
	assert_accepted(*state, &desc);
	desc.conv.weight_banks = 13;
	assert_refused(*state, &desc, DRM_EDGE_REASON_BANKS,
		       offsetof(struct drm_edge_nvdla_conv, weight_banks));
}

/* Of windows @height high that are @step apart, as the RTL was seen to do it. */
static u32 widest(u32 height, u32 step)
{
	static const u32 columns[] = { 0, 128, 64, 32, 32, 16, 16, 16, 16 };

	return columns[(height + step - 1) / step];
}

static void lines_of_the_pooling_unit(void **state)
{
	for (u32 height = 1; height <= 8; height++) {
		for (u32 step = 1; step <= 8; step++) {
			const u32 width = widest(height, step);
			union generate_desc desc = { .op = { 0 } };

			sample_make_pdp(&desc, 8, 8);
			desc.pdp.pool.height = height;
			desc.pdp.pool.stride_y = step;
			sample_set_cube(&desc.pdp.input, INPUT, width, height, 8);
			sample_set_cube(&desc.pdp.output, OUTPUT, width, 1, 8);
			assert_accepted(*state, &desc);
			sample_set_cube(&desc.pdp.input, INPUT, width + 1, height, 8);
			sample_set_cube(&desc.pdp.output, OUTPUT, width + 1, 1, 8);
			assert_refused(*state, &desc, DRM_EDGE_REASON_POOL_WIDTH,
				       offsetof(struct drm_edge_nvdla_pdp, output.width));
		}
	}
}

static void set_bands(union generate_desc *desc, u32 bands, u32 first, u32 middle, u32 last)
{
	desc->pdp.pool.bands = bands;
	desc->pdp.pool.first = first;
	desc->pdp.pool.middle = middle;
	desc->pdp.pool.last = last;
}

static void bands_fit_the_line_buffer(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sample_make_pdp(&desc, 8, 8);
	sample_set_cube(&desc.pdp.input, INPUT, 384, 1, 8);
	sample_set_cube(&desc.pdp.output, OUTPUT, 384, 1, 8);
	set_bands(&desc, 3, 128, 128, 128);
	assert_accepted(*state, &desc);
	set_bands(&desc, 3, 129, 127, 128);
	assert_refused(*state, &desc, DRM_EDGE_REASON_POOL_WIDTH,
		       offsetof(struct drm_edge_nvdla_pdp, pool.first));
	set_bands(&desc, 3, 127, 129, 128);
	assert_refused(*state, &desc, DRM_EDGE_REASON_POOL_WIDTH,
		       offsetof(struct drm_edge_nvdla_pdp, pool.middle));
	set_bands(&desc, 3, 128, 127, 129);
	assert_refused(*state, &desc, DRM_EDGE_REASON_POOL_WIDTH,
		       offsetof(struct drm_edge_nvdla_pdp, pool.last));
}

/* A band reads 1 to 1024 columns: 16 for each output, but for the windows at the ends. */
static void bands_read_what_their_fields_hold(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sample_make_pdp(&desc, 8, 8);
	desc.pdp.pool.stride_x = 16;
	sample_set_cube(&desc.pdp.input, INPUT, 2048, 1, 8);
	sample_set_cube(&desc.pdp.output, OUTPUT, 128, 1, 8);
	set_bands(&desc, 2, 64, 0, 64);
	assert_accepted(*state, &desc);
	set_bands(&desc, 2, 63, 0, 65);
	assert_refused(*state, &desc, DRM_EDGE_REASON_BANDS,
		       offsetof(struct drm_edge_nvdla_pdp, pool.last));
	set_bands(&desc, 2, 65, 0, 63);
	assert_refused(*state, &desc, DRM_EDGE_REASON_BANDS,
		       offsetof(struct drm_edge_nvdla_pdp, pool.first));
	/* Seven columns of padding are the last seven of the last window. */
	sample_pdp_large(&desc);
	set_bands(&desc, 2, 7, 0, 8);
	assert_accepted(*state, &desc);
	set_bands(&desc, 2, 8, 0, 7);
	assert_refused(*state, &desc, DRM_EDGE_REASON_BANDS,
		       offsetof(struct drm_edge_nvdla_pdp, pool.last));
}

static void units_that_the_device_lacks(void **state)
{
	static const struct {
		u32 feature;
		void (*make)(union generate_desc *desc);
		size_t at;
	} units[] = {
		{ DRM_EDGE_NVDLA_BS, sample_sdp_stages,
		  offsetof(struct drm_edge_nvdla_sdp, tail.bs.flags) },
		{ DRM_EDGE_NVDLA_BN, sample_sdp_stages,
		  offsetof(struct drm_edge_nvdla_sdp, tail.bn.flags) },
		{ DRM_EDGE_NVDLA_PDP, sample_pdp,
		  offsetof(struct drm_edge_nvdla_pdp, pool.method) },
		{ DRM_EDGE_NVDLA_PDP, sample_conv_pool,
		  offsetof(struct drm_edge_nvdla_conv, pool.method) },
		{ DRM_EDGE_NVDLA_CDP, sample_table,
		  offsetof(struct drm_edge_nvdla_table, op.type) },
	};
	struct rig *rig = *state;
	const u32 features = rig->geometry.features;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		union generate_desc desc = { .op = { 0 } };

		units[i].make(&desc);
		assert_accepted(rig, &desc);
		rig->geometry.features = features & ~units[i].feature;
		assert_refused(rig, &desc, DRM_EDGE_REASON_UNSUPPORTED, units[i].at);
		rig->geometry.features = features;
	}
}

/* Two descriptors, with room for a longer one. */
struct stream {
	struct drm_edge_nvdla_copy first, second;
	u64 more[2];
};

static void make_two(struct stream *stream)
{
	union generate_desc desc = { .op = { 0 } };

	memset(stream, 0, sizeof(*stream));
	sample_copy(&desc);
	stream->first = desc.copy;
	stream->second = desc.copy;
}

#define TWO (2 * (u32)sizeof(struct drm_edge_nvdla_copy))

static void assert_stream(struct rig *rig, const struct stream *stream, u32 size, u32 op,
			  u32 reason, u32 at)
{
	struct edge_refusal refusal;

	assert_int_equal(sample_check(rig, stream, size, &refusal), -EINVAL);
	assert_int_equal(refusal.op, op);
	assert_int_equal(refusal.reason, reason);
	assert_int_equal(refusal.at, at);
}

static void streams_end_with_a_descriptor(void **state)
{
	const u32 at = offsetof(struct drm_edge_op, size);
	struct edge_refusal refusal;
	struct stream stream;

	make_two(&stream);
	assert_int_equal(sample_check(*state, &stream, TWO, &refusal), 2);
	assert_stream(*state, &stream, 0, 0, DRM_EDGE_REASON_STREAM, 0);
	assert_stream(*state, &stream, TWO - 8, 1, DRM_EDGE_REASON_STREAM, at);
	assert_stream(*state, &stream, TWO + 4, 2, DRM_EDGE_REASON_STREAM, 0);
	assert_stream(*state, &stream, TWO + 8, 2, DRM_EDGE_REASON_TYPE, 0);
	stream.second.op.size -= 8;
	assert_stream(*state, &stream, TWO - 8, 1, DRM_EDGE_REASON_STREAM, at);
	stream.second.op.size += 4;
	assert_stream(*state, &stream, TWO, 1, DRM_EDGE_REASON_STREAM, at);
	stream.second.op.size = ~7u;
	assert_stream(*state, &stream, TWO, 1, DRM_EDGE_REASON_STREAM, at);
	stream.second.op.size = 0;
	assert_stream(*state, &stream, TWO, 1, DRM_EDGE_REASON_STREAM, at);
}

/* Of a later kernel: what this one does not know must be zero. */
static void longer_descriptors_are_zero_at_their_end(void **state)
{
	struct edge_refusal refusal;
	struct stream stream;

	make_two(&stream);
	stream.second.op.size += sizeof(stream.more);
	assert_int_equal(sample_check(*state, &stream, sizeof(stream), &refusal), 2);
	((u8 *)stream.more)[9] = 1;
	assert_stream(*state, &stream, sizeof(stream), 1, DRM_EDGE_REASON_STREAM,
		      sizeof(stream.second) + 9);
}

static void types_are_known(void **state)
{
	static const u32 types[] = { 0, 0x10000, 0x10006, 0x20001, 0x1 };
	struct stream stream;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		make_two(&stream);
		stream.second.op.type = types[i];
		assert_stream(*state, &stream, TWO, 1, DRM_EDGE_REASON_TYPE, 0);
	}
}

static void refusals_name_the_operation(void **state)
{
	struct stream stream;

	make_two(&stream);
	stream.second.lines = 0;
	assert_stream(*state, &stream, TWO, 1, DRM_EDGE_REASON_SIZE,
		      offsetof(struct drm_edge_nvdla_copy, lines));
}

static void operations_are_counted(void **state)
{
	struct edge_refusal refusal;
	struct stream stream;

	(void)state;
	make_two(&stream);
	assert_int_equal(nvdla_count(&stream, TWO, 2, &refusal), 2);
	assert_int_equal(nvdla_count(&stream, TWO, 1, &refusal), -EINVAL);
	assert_int_equal(refusal.op, 1);
	assert_int_equal(refusal.reason, DRM_EDGE_REASON_OPS);
	assert_int_equal(refusal.at, 0);
}

/* The end of the addresses that the device has. */
static void addresses_have_32_bits(void **state)
{
	struct rig *rig = *state;
	struct edge_buffer *buffer = &rig_find(rig, INPUT)->buffer;
	const u64 address = buffer->address;
	union generate_desc desc = { .op = { 0 } };

	sample_copy(&desc);
	buffer->address = (1ull << 32) - buffer->size;
	assert_accepted(rig, &desc);
	buffer->address += 4096;
	assert_refused(rig, &desc, DRM_EDGE_REASON_EXTENT,
		       offsetof(struct drm_edge_nvdla_copy, from.handle));
	buffer->address = 1ull << 32;
	assert_refused(rig, &desc, DRM_EDGE_REASON_EXTENT,
		       offsetof(struct drm_edge_nvdla_copy, from.handle));
	buffer->address = address + 4;
	assert_refused(rig, &desc, DRM_EDGE_REASON_ALIGN,
		       offsetof(struct drm_edge_nvdla_copy, from.offset));
	buffer->address = address;
}

static int fail_to_find(void *opaque, u32 handle, bool write, struct edge_buffer *buffer)
{
	(void)opaque;
	(void)handle;
	(void)write;
	(void)buffer;
	return -EIO;
}

static void errors_of_buffers_are_passed_on(void **state)
{
	const struct edge_buffers buffers = { NULL, fail_to_find };
	struct rig *rig = *state;
	struct nvdla_op *op = calloc(1, nvdla_op_size());
	union generate_desc desc = { .op = { 0 } };
	struct edge_refusal refusal;

	assert_non_null(op);
	sample_copy(&desc);
	assert_int_equal(nvdla_check(&rig->geometry, &desc, desc.op.size, &buffers, op, &refusal),
			 -EIO);
	free(op);
}

/* Registers of a device that is another one in @offset. */
struct other {
	struct rig *rig;
	u32 offset, value;
};

static u32 read_other(void *opaque, u32 offset)
{
	const struct other *other = opaque;

	if (offset == other->offset)
		return other->value;
	return nvdla_read(other->rig->nvdla, offset);
}

static int identify(struct rig *rig, u32 offset, u32 value)
{
	struct other other = { rig, offset, value };
	const struct nvdla_port port = { &other, read_other, NULL };
	struct nvdla_geometry geometry;
	char name[32];
	u32 version;

	return nvdla_identify(&port, &geometry, name, &version);
}

static void hardware_is_told_apart(void **state)
{
	struct rig *rig = *state;
	struct nvdla_geometry geometry;
	char name[32];
	u32 version;

	assert_int_equal(nvdla_identify(&rig->port, &geometry, name, &version), 0);
	assert_string_equal(name, "nv_small");
	assert_int_equal(version, 0x303031);
	assert_int_equal(geometry.cbuf_banks, 32);
	assert_int_equal(geometry.features, DRM_EDGE_NVDLA_BS | DRM_EDGE_NVDLA_BN |
						    DRM_EDGE_NVDLA_PDP | DRM_EDGE_NVDLA_CDP);
	assert_int_equal(identify(rig, 0x1000, 0xffffffff), -ENODEV);
	assert_int_equal(identify(rig, 0x0, 0), -ENODEV);
	assert_int_equal(identify(rig, 0x38, 32), -EOPNOTSUPP);
	assert_int_equal(identify(rig, 0x44, 16), -EOPNOTSUPP);
	assert_int_equal(identify(rig, 0x20, 64 << 5), -EOPNOTSUPP);
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
		cmocka_unit_test(points_are_packed),
		cmocka_unit_test(operands_of_a_point_are_packed),
		cmocka_unit_test(parts_of_a_cube_may_interleave),
		cmocka_unit_test(upper_and_lower_part_of_a_cube),
		cmocka_unit_test(only_the_same_cube_is_in_place),
		cmocka_unit_test(the_last_entry_of_a_bank),
		cmocka_unit_test(data_and_weights_share_the_banks),
		cmocka_unit_test(lines_of_the_pooling_unit),
		cmocka_unit_test(bands_fit_the_line_buffer),
		cmocka_unit_test(bands_read_what_their_fields_hold),
		cmocka_unit_test(units_that_the_device_lacks),
		cmocka_unit_test(streams_end_with_a_descriptor),
		cmocka_unit_test(longer_descriptors_are_zero_at_their_end),
		cmocka_unit_test(types_are_known),
		cmocka_unit_test(refusals_name_the_operation),
		cmocka_unit_test(operations_are_counted),
		cmocka_unit_test(addresses_have_32_bits),
		cmocka_unit_test(errors_of_buffers_are_passed_on),
		cmocka_unit_test(hardware_is_told_apart),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
