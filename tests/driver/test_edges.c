// SPDX-License-Identifier: MIT
/*
 * What the checker refuses, field by field: the last value that is good and the first that is not, the
 * reason, and where it points.
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

#include "samples.h"

/**
 * struct edge - where a field's good values end
 * @make: the descriptor, but for the field
 * @offset: of the field
 * @size: of the field
 * @at: where the refusal points, mostly at the field
 */
struct edge {
	const char *name;
	void (*make)(union generate_desc *desc);
	size_t offset, size;
	u64 good, bad;
	u32 reason;
	size_t at;
};

#define EDGE_AT(make, type, field, good, bad, reason, at) \
	{ \
#make ": " #field " " #bad, sample_##make, \
			offsetof(struct drm_edge_nvdla_##type, field), \
			sizeof(((struct drm_edge_nvdla_##type *)NULL)->field), (u64)(good), \
			(u64)(bad), DRM_EDGE_REASON_##reason, \
			offsetof(struct drm_edge_nvdla_##type, at) \
	}
#define EDGE(make, type, field, good, bad, reason) \
	EDGE_AT(make, type, field, good, bad, reason, field)

/* What every place in memory obeys: @last is its last good offset in its buffer. */
#define PLACE(make, type, ref, last, other) \
	EDGE(make, type, ref.handle, other, UNKNOWN, HANDLE), \
		EDGE(make, type, ref.handle, other, NONE, HANDLE), \
		EDGE(make, type, ref.pad, 0, 1, RESERVED), \
		EDGE(make, type, ref.offset, 8, 4, ALIGN), \
		EDGE(make, type, ref.offset, last, (last) + 8, EXTENT), \
		EDGE(make, type, ref.offset, 0, ~7ull, EXTENT)
#define READ(make, type, ref, last, other) \
	PLACE(make, type, ref, last, other), EDGE(make, type, ref.handle, other, NO_READ, ACCESS)
#define WRITTEN(make, type, ref, last, other) \
	PLACE(make, type, ref, last, other), EDGE(make, type, ref.handle, other, NO_WRITE, ACCESS)

/* What every cube obeys; @line its packed line, @surface its packed surface. */
#define CUBE(make, type, cube, line, surface) \
	EDGE(make, type, cube.pad, 0, 1, RESERVED), \
		EDGE(make, type, cube.line_stride, line, (line)-8, STRIDE), \
		EDGE(make, type, cube.line_stride, line, (line)-4, ALIGN), \
		EDGE_AT(make, type, cube.line_stride, line, (line) + 8, STRIDE, \
			cube.surface_stride), \
		EDGE(make, type, cube.surface_stride, surface, (surface)-8, STRIDE), \
		EDGE(make, type, cube.surface_stride, (surface) + 8, (surface) + 4, ALIGN)

static const struct edge edges[] = {
	/* Sizes */
	EDGE(sdp_wide, sdp, input.width, 8192, 8193, SIZE),
	EDGE(sdp_wide, sdp, input.width, 8192, 0, SIZE),
	EDGE(sdp_tall, sdp, input.height, 8192, 8193, SIZE),
	EDGE(sdp_tall, sdp, input.height, 8192, 0, SIZE),
	EDGE(sdp_point, sdp, input.channels, 8192, 8193, SIZE),
	EDGE(sdp_point, sdp, input.channels, 8192, 0, SIZE),
	EDGE(sdp_point, sdp, output.channels, 8192, 8193, SIZE),
	EDGE(sdp, sdp, output.width, 8, 0, SIZE),
	EDGE(sdp, sdp, output.height, 8, 0, SIZE),
	EDGE(conv_tall, conv, input.height, 4096, 4097, SIZE),
	EDGE(conv, conv, width, 10, 0, SIZE),
	EDGE(conv, conv, height, 10, 0, SIZE),
	EDGE(conv, conv, width, 10, 8193, SIZE),
	EDGE(conv, conv, output.channels, 16, 0, SIZE),
	EDGE(copy_tall, copy, lines, 8192, 8193, SIZE),
	EDGE(copy, copy, lines, 4, 0, SIZE),
	EDGE(copy_long, copy, line_bytes, 65536, 65544, SIZE),
	EDGE(copy, copy, line_bytes, 64, 0, SIZE),
	/* Places in memory */
	READ(conv, conv, input.at, SAMPLE_BYTES - 1024, INPUT),
	READ(conv, conv, weights, SAMPLE_BYTES - 2304, WEIGHTS),
	WRITTEN(conv, conv, output.at, SAMPLE_BYTES - 1600, OUTPUT),
	WRITTEN(conv_pool, conv, output.at, SAMPLE_BYTES - 400, OUTPUT),
	READ(image, conv, input.at, SAMPLE_BYTES - 72 * 16, INPUT),
	READ(sdp_stages, sdp, input.at, SAMPLE_BYTES - 1024, INPUT),
	READ(sdp_stages, sdp, tail.bn.operands, SAMPLE_BYTES - 4096, OPERANDS),
	READ(sdp_channels, sdp, tail.bs.operands, SAMPLE_BYTES - 16, OPERANDS),
	WRITTEN(sdp, sdp, output.at, SAMPLE_BYTES - 1024, OUTPUT),
	READ(pdp, pdp, input.at, SAMPLE_BYTES - 1024, INPUT),
	WRITTEN(pdp, pdp, output.at, SAMPLE_BYTES - 1024, OUTPUT),
	READ(table, table, input.at, SAMPLE_BYTES - 1024, INPUT),
	WRITTEN(table, table, output.at, SAMPLE_BYTES - 1024, OUTPUT),
	READ(copy, copy, from, SAMPLE_BYTES - 256, INPUT),
	WRITTEN(copy, copy, to, SAMPLE_BYTES - 64 - 3 * 72, OUTPUT),
	/* Cubes */
	CUBE(conv, conv, input, 64, 512),
	CUBE(conv, conv, output, 80, 800),
	CUBE(conv_pool, conv, output, 40, 200),
	CUBE(sdp, sdp, input, 64, 512),
	CUBE(sdp, sdp, output, 64, 512),
	CUBE(pdp, pdp, input, 64, 512),
	CUBE(pdp, pdp, output, 64, 512),
	CUBE(table, table, input, 64, 512),
	CUBE(table, table, output, 64, 512),
	EDGE(sdp_point, sdp, input.surface_stride, 8, 16, POINT),
	EDGE(sdp_point, sdp, output.surface_stride, 8, 16, POINT),
	EDGE(copy, copy, from_stride, 64, 56, STRIDE),
	EDGE(copy, copy, from_stride, 64, 68, ALIGN),
	EDGE(copy, copy, to_stride, 64, 56, STRIDE),
	EDGE(copy, copy, to_stride, 64, 68, ALIGN),
	EDGE(copy, copy, line_bytes, 64, 60, ALIGN),
	EDGE_AT(copy, copy, line_bytes, 64, 72, STRIDE, from_stride),
	/* Overlap */
	EDGE(sdp_one_buffer, sdp, output.at.offset, 1024, 1016, OVERLAP),
	EDGE(sdp_one_buffer, sdp, output.at.offset, 0, 8, OVERLAP),
	EDGE_AT(sdp_stages, sdp, tail.bn.operands.handle, OPERANDS, OUTPUT, OVERLAP,
		output.at.offset),
	EDGE_AT(sdp_channels, sdp, tail.bs.operands.handle, OPERANDS, OUTPUT, OVERLAP,
		output.at.offset),
	EDGE_AT(conv, conv, input.at.handle, INPUT, OUTPUT, OVERLAP, output.at.offset),
	EDGE_AT(conv, conv, weights.handle, WEIGHTS, OUTPUT, OVERLAP, output.at.offset),
	EDGE_AT(pdp, pdp, input.at.handle, INPUT, OUTPUT, OVERLAP, output.at.offset),
	EDGE_AT(table, table, input.at.handle, INPUT, OUTPUT, OVERLAP, output.at.offset),
	EDGE_AT(copy, copy, from.handle, INPUT, OUTPUT, OVERLAP, to.offset),
	/* Images */
	EDGE(conv, conv, format, 0, 6, FORMAT),
	EDGE(image, conv, input.channels, 4, 3, FORMAT),
	EDGE(image_grey, conv, input.channels, 1, 4, FORMAT),
	EDGE(image, conv, pixel.x_offset, 1, 2, FORMAT),
	EDGE(image_grey, conv, pixel.x_offset, 7, 8, FORMAT),
	EDGE(image, conv, input.line_stride, 72, 64, STRIDE),
	EDGE(image, conv, input.line_stride, 80, 76, ALIGN),
	EDGE(image, conv, input.surface_stride, 0, 8, RESERVED),
	EDGE(image, conv, pixel.flags, 3, 4, RESERVED),
	EDGE(image, conv, pixel.shift, 63, 64, SHIFT),
	EDGE(image, conv, pixel.scale, 32767, 32768, SHIFT),
	EDGE(image, conv, pixel.scale, -32768, -32769, SHIFT),
	EDGE(image, conv, pixel.mean[0], 32767, 32768, SHIFT),
	EDGE(image, conv, pixel.mean[3], -32768, -32769, SHIFT),
	EDGE(image_grey, conv, pixel.mean[1], 0, 1, RESERVED),
	EDGE(image_grey, conv, pixel.mean[3], 0, 1, RESERVED),
	EDGE(image_as_it_is, conv, pixel.flags, 0, 1, RESERVED),
	EDGE(image_as_it_is, conv, pixel.mean[0], 0, 1, RESERVED),
	EDGE(image_as_it_is, conv, pixel.scale, 0, 1, RESERVED),
	EDGE(image_as_it_is, conv, pixel.shift, 0, 1, RESERVED),
	EDGE(conv, conv, pixel.flags, 0, 2, RESERVED),
	EDGE(conv, conv, pixel.x_offset, 0, 1, RESERVED),
	EDGE(conv, conv, pixel.shift, 0, 1, RESERVED),
	EDGE(image, conv, dilation_x, 1, 2, STEP),
	EDGE(image, conv, dilation_y, 1, 2, STEP),
	/* Windows of convolutions */
	EDGE(conv_large, conv, kernel_width, 32, 33, KERNEL),
	EDGE(conv_large, conv, kernel_width, 32, 0, KERNEL),
	EDGE(conv_large, conv, kernel_height, 32, 33, KERNEL),
	EDGE(conv_large, conv, kernel_height, 32, 0, KERNEL),
	EDGE(conv_stride, conv, stride_x, 8, 9, STEP),
	EDGE(conv_stride, conv, stride_x, 8, 0, STEP),
	EDGE(conv_stride, conv, stride_y, 8, 9, STEP),
	EDGE(conv_stride, conv, stride_y, 8, 0, STEP),
	EDGE(conv_dilation, conv, dilation_x, 32, 33, STEP),
	EDGE(conv_dilation, conv, dilation_x, 32, 0, STEP),
	EDGE(conv_dilation, conv, dilation_y, 32, 33, STEP),
	EDGE(conv_dilation, conv, dilation_y, 32, 0, STEP),
	EDGE(conv, conv, left, 2, 3, PADDING),
	EDGE(conv, conv, right, 2, 3, PADDING),
	EDGE(conv, conv, top, 2, 3, PADDING),
	EDGE(conv, conv, bottom, 2, 3, PADDING),
	EDGE(conv_large, conv, left, 31, 32, PADDING),
	EDGE(conv_large, conv, right, 63, 64, PADDING),
	EDGE(conv_large, conv, top, 31, 32, PADDING),
	EDGE(conv_large, conv, bottom, 63, 64, PADDING),
	EDGE(conv, conv, pad_value, 127, 128, PADDING),
	EDGE(conv, conv, pad_value, -128, -129, PADDING),
	EDGE(conv, conv, truncate, 31, 32, SHIFT),
	EDGE(conv, conv, width, 10, 9, OUTPUT),
	EDGE(conv, conv, width, 10, 11, OUTPUT),
	EDGE(conv, conv, height, 10, 9, OUTPUT),
	EDGE(conv, conv, height, 10, 11, OUTPUT),
	EDGE_AT(conv, conv, left, 2, 1, OUTPUT, width),
	EDGE_AT(conv, conv, bottom, 2, 1, OUTPUT, height),
	EDGE_AT(conv_stride, conv, input.width, 9, 8, OUTPUT, width),
	EDGE(conv, conv, output.width, 10, 9, OUTPUT),
	EDGE(conv, conv, output.height, 10, 9, OUTPUT),
	EDGE(conv, conv, flags, 0, 2, RESERVED),
	EDGE(conv, conv, pool.width, 0, 1, RESERVED),
	EDGE(conv, conv, pool.last, 0, 1, RESERVED),
	EDGE(conv, conv, tail.pad, 0, 1, RESERVED),
	/* The convolution buffer */
	EDGE(conv, conv, data_banks, 31, 32, BANKS),
	EDGE(conv, conv, data_banks, 1, 0, BANKS),
	EDGE(conv, conv, weight_banks, 31, 32, BANKS),
	EDGE(conv, conv, weight_banks, 1, 0, BANKS),
	EDGE_AT(conv_bank_of_data, conv, input.channels, 64, 65, DATA_BANKS, data_banks),
	EDGE_AT(conv_bank_of_weights, conv, input.channels, 512, 513, WEIGHT_BANKS, weight_banks),
	EDGE_AT(conv_few_kernels, conv, output.channels, 4, 5, WEIGHT_BANKS, weight_banks),
	EDGE(conv_large, conv, data_banks, 4, 3, DATA_BANKS),
	EDGE(conv_large, conv, weight_banks, 16, 15, WEIGHT_BANKS),
	/* The SDP */
	EDGE(sdp_stages, sdp, tail.bs.flags, 0x1f, 0x200, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.flags, 7, 0x201, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.flags, 7, 7 | 0x80, STAGE),
	EDGE(sdp_stages, sdp, tail.bs.flags, 7, 7 | 0x100, STAGE),
	EDGE(sdp_stage_of_alu, sdp, tail.bs.flags, 3, 3 | 0x8, STAGE),
	EDGE(sdp_stage_of_alu, sdp, tail.bs.flags, 3, 3 | 0x40, STAGE),
	EDGE(sdp_stage_of_mul, sdp, tail.bs.flags, 5, 5 | 0x20, STAGE),
	EDGE_AT(sdp_stages, sdp, tail.bs.flags, 7, 7 | 0x20, HANDLE, tail.bs.operands.handle),
	EDGE(sdp_stages, sdp, tail.bs.alu, 2, 3, STAGE),
	EDGE(sdp_stages, sdp, tail.bs.alu_shift, 63, 64, SHIFT),
	EDGE(sdp_stages, sdp, tail.bs.mul_shift, 63, 64, SHIFT),
	EDGE(sdp_stages, sdp, tail.bs.alu_value, 32767, 32768, STAGE),
	EDGE(sdp_stages, sdp, tail.bs.alu_value, -32768, -32769, STAGE),
	EDGE(sdp_stages, sdp, tail.bs.mul_value, 32767, 32768, STAGE),
	EDGE(sdp_stages, sdp, tail.bs.mul_value, -32768, -32769, STAGE),
	EDGE(sdp_stages, sdp, tail.bs.operands.handle, 0, 1, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.operands.pad, 0, 1, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.operands.offset, 0, 8, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.operands.offset, 0, 1ull << 32, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.line_stride, 0, 8, RESERVED),
	EDGE(sdp_stages, sdp, tail.bs.surface_stride, 0, 8, RESERVED),
	EDGE(sdp_stages, sdp, tail.bn.alu_value, 0, 1, RESERVED),
	EDGE(sdp_stages, sdp, tail.bn.mul_value, 0, 1, RESERVED),
	EDGE(sdp_stages, sdp, tail.bn.line_stride, 256, 248, STRIDE),
	EDGE(sdp_stages, sdp, tail.bn.line_stride, 256, 252, ALIGN),
	EDGE(sdp_stages, sdp, tail.bn.surface_stride, 2048, 2040, STRIDE),
	EDGE(sdp_stages, sdp, tail.bn.surface_stride, 2056, 2052, ALIGN),
	EDGE(sdp_channels, sdp, tail.bs.line_stride, 0, 8, RESERVED),
	EDGE(sdp_channels, sdp, tail.bs.surface_stride, 0, 8, RESERVED),
	EDGE(sdp_stage_of_alu, sdp, tail.bs.mul_value, 0, 1, RESERVED),
	EDGE(sdp_stage_of_mul, sdp, tail.bs.alu, 0, 1, RESERVED),
	EDGE(sdp_stage_of_mul, sdp, tail.bs.alu_shift, 0, 1, RESERVED),
	EDGE(sdp_stage_of_mul, sdp, tail.bs.alu_value, 0, 1, RESERVED),
	EDGE(sdp, sdp, tail.bn.mul_shift, 0, 1, RESERVED),
	EDGE(sdp, sdp, tail.bn.operands.handle, 0, 1, RESERVED),
	EDGE(sdp, sdp, tail.bn.surface_stride, 0, 8, RESERVED),
	EDGE(sdp, sdp, tail.scale, 32767, 32768, SHIFT),
	EDGE(sdp, sdp, tail.scale, -32768, -32769, SHIFT),
	EDGE(sdp, sdp, tail.shift, 63, 64, SHIFT),
	EDGE(sdp, sdp, tail.pad, 0, 1, RESERVED),
	EDGE(sdp, sdp, pad, 0, 1, RESERVED),
	EDGE(sdp, sdp, flags, 0, 2, RESERVED),
	EDGE(sdp, sdp, pool.method, 0, 1, RESERVED),
	EDGE(sdp, sdp, output.width, 8, 7, OUTPUT),
	EDGE(sdp, sdp, output.height, 8, 7, OUTPUT),
	EDGE(sdp, sdp, output.channels, 16, 15, OUTPUT),
	/* The PDP */
	EDGE(pdp_max, pdp, pool.method, 2, 3, RESERVED),
	EDGE(pdp_large, pdp, pool.width, 8, 9, KERNEL),
	EDGE(pdp_large, pdp, pool.width, 8, 0, KERNEL),
	EDGE(pdp_large, pdp, pool.height, 8, 9, KERNEL),
	EDGE(pdp_large, pdp, pool.height, 8, 0, KERNEL),
	EDGE(pdp_stride, pdp, pool.stride_x, 16, 17, STEP),
	EDGE(pdp_stride, pdp, pool.stride_x, 16, 0, STEP),
	EDGE(pdp_stride, pdp, pool.stride_y, 16, 17, STEP),
	EDGE(pdp_stride, pdp, pool.stride_y, 16, 0, STEP),
	EDGE(pdp_padded, pdp, pool.left, 2, 3, PADDING),
	EDGE(pdp_padded, pdp, pool.right, 2, 3, PADDING),
	EDGE(pdp_padded, pdp, pool.top, 2, 3, PADDING),
	EDGE(pdp_padded, pdp, pool.bottom, 2, 3, PADDING),
	EDGE(pdp_large, pdp, pool.left, 7, 8, PADDING),
	EDGE(pdp_large, pdp, pool.bottom, 7, 8, PADDING),
	EDGE(pdp, pdp, pool.pad_value, 127, 128, PADDING),
	EDGE(pdp, pdp, pool.pad_value, -128, -129, PADDING),
	EDGE(pdp_max, pdp, pool.pad_value, 0, 1, RESERVED),
	EDGE(pdp, pdp, pool.reciprocal_x, 0x1ffff, 0x20000, SHIFT),
	EDGE(pdp, pdp, pool.reciprocal_y, 0x1ffff, 0x20000, SHIFT),
	EDGE(pdp_max, pdp, pool.reciprocal_x, 0, 1, RESERVED),
	EDGE(pdp_max, pdp, pool.reciprocal_y, 0, 1, RESERVED),
	EDGE(pdp, pdp, output.width, 8, 7, OUTPUT),
	EDGE(pdp, pdp, output.height, 8, 7, OUTPUT),
	EDGE(pdp, pdp, output.channels, 16, 15, OUTPUT),
	EDGE(pdp, pdp, pool.first, 0, 1, RESERVED),
	EDGE(pdp, pdp, pool.middle, 0, 1, RESERVED),
	EDGE(pdp, pdp, pool.last, 0, 1, RESERVED),
	EDGE(pdp, pdp, pool.bands, 1, 257, BANDS),
	EDGE(pdp_bands, pdp, pool.bands, 4, 3, BANDS),
	EDGE_AT(pdp_bands, pdp, pool.first, 2, 3, BANDS, pool.bands),
	EDGE_AT(pdp_bands, pdp, pool.middle, 3, 2, BANDS, pool.bands),
	EDGE_AT(pdp_bands, pdp, pool.last, 4, 3, BANDS, pool.bands),
	EDGE(pdp_bands, pdp, pool.first, 2, 0, BANDS),
	EDGE(pdp_bands, pdp, pool.middle, 3, 0, BANDS),
	EDGE(pdp_bands, pdp, pool.last, 4, 0, BANDS),
	EDGE(pdp_bands, pdp, pool.last, 4, ~0u, BANDS),
	EDGE(pdp_two_bands, pdp, pool.middle, 0, 1, RESERVED),
	EDGE(conv_pool, conv, pool.bands, 1, 2, BANDS),
	EDGE(conv_pool, conv, output.width, 5, 4, OUTPUT),
	EDGE(conv_pool, conv, output.height, 5, 4, OUTPUT),
	/* Tables */
	EDGE(table, table, scale, 32767, 32768, SHIFT),
	EDGE(table, table, scale, -32768, -32769, SHIFT),
	EDGE(table, table, shift, 63, 64, SHIFT),
	EDGE(table, table, pad, 0, 1, RESERVED),
	EDGE(table, table, pad2[0], 0, 1, RESERVED),
	EDGE(table, table, pad2[2], 0, 1, RESERVED),
	EDGE(table, table, output.width, 8, 7, OUTPUT),
	EDGE(table, table, output.height, 8, 7, OUTPUT),
	EDGE(table, table, output.channels, 16, 15, OUTPUT),
};

static void set_field(union generate_desc *desc, const struct edge *edge, u64 value)
{
	memcpy((u8 *)desc + edge->offset, &value, edge->size);
}

static void fields_end_where_they_should(void **state)
{
	struct edge_refusal refusal;

	for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
		const struct edge *edge = &edges[i];
		union generate_desc desc = { .op = { 0 } };

		edge->make(&desc);
		set_field(&desc, edge, edge->good);
		if (sample_check(*state, &desc, desc.op.size, &refusal) != 1)
			fail_msg("%s: the good value is refused: reason %u, at %u", edge->name,
				 refusal.reason, refusal.at);
		set_field(&desc, edge, edge->bad);
		if (sample_check(*state, &desc, desc.op.size, &refusal) != -EINVAL)
			fail_msg("%s: accepted", edge->name);
		if (refusal.op || refusal.reason != edge->reason || refusal.at != edge->at)
			fail_msg("%s: operation %u, reason %u, at %u, not reason %u, at %zu",
				 edge->name, refusal.op, refusal.reason, refusal.at, edge->reason,
				 edge->at);
	}
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
		cmocka_unit_test(fields_end_where_they_should),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
