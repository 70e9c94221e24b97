// SPDX-License-Identifier: MIT
/*
 * What the checker refuses, at its edges: a field with the last value that is good and the first that
 * is not, the reason, and where it points.
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

#include "generate.h"

/* Buffers of the rig */
enum {
	NONE,
	INPUT, /* and what else a descriptor has no other place for */
	WEIGHTS,
	OUTPUT,
	OPERANDS,
	NO_READ,
	NO_WRITE,
	UNKNOWN,
};

#define BYTES (1u << 21)

static void set_cube(struct drm_edge_nvdla_cube *cube, u32 handle, u32 width, u32 height,
		     u32 channels)
{
	cube->at.handle = handle;
	cube->width = width;
	cube->height = height;
	cube->channels = channels;
	cube->line_stride = width * 8;
	cube->surface_stride = width * height * 8;
}

static void set_window(struct drm_edge_nvdla_conv *conv, u32 kernel, u32 stride, u32 dilation,
		       u32 before, u32 after)
{
	conv->kernel_width = kernel;
	conv->kernel_height = kernel;
	conv->stride_x = stride;
	conv->stride_y = stride;
	conv->dilation_x = dilation;
	conv->dilation_y = dilation;
	conv->left = before;
	conv->top = before;
	conv->right = after;
	conv->bottom = after;
}

/* Convolution of squares. */
static void make_conv(union generate_desc *desc, u32 in, u32 channels, u32 out, u32 kernels)
{
	struct drm_edge_nvdla_conv *conv = &desc->conv;

	conv->op.type = DRM_EDGE_OP_NVDLA_CONV;
	conv->op.size = sizeof(*conv);
	set_cube(&conv->input, INPUT, in, in, channels);
	conv->weights.handle = WEIGHTS;
	conv->data_banks = 1;
	conv->weight_banks = 1;
	conv->width = out;
	conv->height = out;
	conv->tail.scale = 1;
	set_cube(&conv->output, OUTPUT, out, out, kernels);
}

static void conv(union generate_desc *desc)
{
	make_conv(desc, 8, 16, 10, 16);
	set_window(&desc->conv, 3, 1, 1, 2, 2);
}

/* Kernels as large as there are, and as much padding. */
static void conv_large(union generate_desc *desc)
{
	make_conv(desc, 40, 8, 41, 8);
	set_window(&desc->conv, 32, 1, 3, 31, 63);
	desc->conv.data_banks = 4;
	desc->conv.weight_banks = 16;
}

static void conv_stride(union generate_desc *desc)
{
	make_conv(desc, 16, 8, 2, 8);
	set_window(&desc->conv, 1, 8, 1, 0, 0);
}

static void conv_dilation(union generate_desc *desc)
{
	make_conv(desc, 34, 1, 2, 8);
	set_window(&desc->conv, 2, 1, 32, 0, 0);
	desc->conv.data_banks = 3;
}

static void conv_tall(union generate_desc *desc)
{
	make_conv(desc, 1, 8, 1, 8);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
	desc->conv.data_banks = 9;
	desc->conv.input.height = 4096;
	desc->conv.input.surface_stride = 8200 * 8;
	desc->conv.height = 4096;
	desc->conv.output.height = 4096;
	desc->conv.output.surface_stride = 4096 * 8;
}

/* Of an input of 512 entries, which are a bank. */
static void conv_bank_of_data(union generate_desc *desc)
{
	make_conv(desc, 8, 64, 8, 8);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
}

/* Of 8 kernels of 512 bytes, which are a bank. */
static void conv_bank_of_weights(union generate_desc *desc)
{
	make_conv(desc, 2, 512, 2, 9);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
}

/* Of 4 kernels of 1024 bytes, which are all that there are. */
static void conv_few_kernels(union generate_desc *desc)
{
	make_conv(desc, 2, 1024, 2, 4);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
}

static void conv_pool(union generate_desc *desc)
{
	struct drm_edge_nvdla_pool *pool = &desc->conv.pool;

	conv(desc);
	desc->conv.flags = DRM_EDGE_NVDLA_POOL;
	pool->method = DRM_EDGE_NVDLA_POOL_MAX;
	pool->width = 2;
	pool->height = 2;
	pool->stride_x = 2;
	pool->stride_y = 2;
	set_cube(&desc->conv.output, OUTPUT, 5, 5, 16);
}

static void make_image(union generate_desc *desc, u32 format, u32 channels)
{
	make_conv(desc, 16, channels, 14, 8);
	set_window(&desc->conv, 3, 1, 1, 0, 0);
	desc->conv.format = format;
	desc->conv.input.line_stride = 72;
	desc->conv.input.surface_stride = 0;
}

static void image(union generate_desc *desc)
{
	make_image(desc, DRM_EDGE_NVDLA_RGBA, 4);
	desc->conv.pixel.flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
	desc->conv.pixel.x_offset = 1;
}

static void image_grey(union generate_desc *desc)
{
	make_image(desc, DRM_EDGE_NVDLA_R8, 1);
	desc->conv.pixel.flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
}

static void image_as_it_is(union generate_desc *desc)
{
	make_image(desc, DRM_EDGE_NVDLA_BGRA, 4);
}

static void make_sdp(union generate_desc *desc, u32 width, u32 height, u32 channels)
{
	struct drm_edge_nvdla_sdp *sdp = &desc->sdp;

	sdp->op.type = DRM_EDGE_OP_NVDLA_SDP;
	sdp->op.size = sizeof(*sdp);
	set_cube(&sdp->input, INPUT, width, height, channels);
	set_cube(&sdp->output, OUTPUT, width, height, channels);
	sdp->tail.scale = 1;
}

static void sdp(union generate_desc *desc)
{
	make_sdp(desc, 8, 8, 16);
}

static void sdp_point(union generate_desc *desc)
{
	make_sdp(desc, 1, 1, 8192);
}

static void sdp_wide(union generate_desc *desc)
{
	make_sdp(desc, 8192, 1, 8);
	desc->sdp.input.line_stride = 8193 * 8;
	desc->sdp.input.surface_stride = 8193 * 8;
}

static void sdp_tall(union generate_desc *desc)
{
	make_sdp(desc, 1, 8192, 8);
	desc->sdp.input.surface_stride = 8193 * 8;
}

/* In one buffer, the output behind the input. */
static void sdp_one_buffer(union generate_desc *desc)
{
	sdp(desc);
	desc->sdp.output.at.handle = INPUT;
	desc->sdp.output.at.offset = 1024;
}

/* Stages with all sorts of operands: in registers, and of two bytes for each element. */
static void sdp_stages(union generate_desc *desc)
{
	struct drm_edge_nvdla_stage *bs = &desc->sdp.tail.bs, *bn = &desc->sdp.tail.bn;

	sdp(desc);
	bs->flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU | DRM_EDGE_NVDLA_STAGE_MUL;
	bn->flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU | DRM_EDGE_NVDLA_STAGE_MUL |
		    DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY |
		    DRM_EDGE_NVDLA_STAGE_PER_ELEMENT | DRM_EDGE_NVDLA_STAGE_TWO_BYTES;
	bn->operands.handle = OPERANDS;
	bn->line_stride = 8 * 32;
	bn->surface_stride = 8 * 8 * 32;
}

static void sdp_stage_of_alu(union generate_desc *desc)
{
	sdp(desc);
	desc->sdp.tail.bs.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU;
}

static void sdp_stage_of_mul(union generate_desc *desc)
{
	sdp(desc);
	desc->sdp.tail.bs.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_MUL;
}

/* One byte for each channel, 16 of them. */
static void sdp_channels(union generate_desc *desc)
{
	sdp(desc);
	desc->sdp.tail.bs.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU |
				  DRM_EDGE_NVDLA_STAGE_ALU_MEMORY;
	desc->sdp.tail.bs.operands.handle = OPERANDS;
}

static void make_pdp(union generate_desc *desc, u32 in, u32 out)
{
	struct drm_edge_nvdla_pdp *pdp = &desc->pdp;

	pdp->op.type = DRM_EDGE_OP_NVDLA_PDP;
	pdp->op.size = sizeof(*pdp);
	set_cube(&pdp->input, INPUT, in, in, 16);
	set_cube(&pdp->output, OUTPUT, out, out, 16);
	pdp->pool.method = DRM_EDGE_NVDLA_POOL_AVERAGE;
	pdp->pool.width = 1;
	pdp->pool.height = 1;
	pdp->pool.stride_x = 1;
	pdp->pool.stride_y = 1;
}

static void pdp(union generate_desc *desc)
{
	make_pdp(desc, 8, 8);
}

static void pdp_large(union generate_desc *desc)
{
	make_pdp(desc, 8, 15);
	desc->pdp.pool.width = 8;
	desc->pdp.pool.height = 8;
	desc->pdp.pool.left = 7;
	desc->pdp.pool.right = 7;
	desc->pdp.pool.top = 7;
	desc->pdp.pool.bottom = 7;
}

static void pdp_padded(union generate_desc *desc)
{
	make_pdp(desc, 8, 10);
	desc->pdp.pool.width = 3;
	desc->pdp.pool.height = 3;
	desc->pdp.pool.left = 2;
	desc->pdp.pool.right = 2;
	desc->pdp.pool.top = 2;
	desc->pdp.pool.bottom = 2;
}

static void pdp_stride(union generate_desc *desc)
{
	make_pdp(desc, 17, 2);
	desc->pdp.pool.stride_x = 16;
	desc->pdp.pool.stride_y = 16;
}

static void pdp_max(union generate_desc *desc)
{
	pdp(desc);
	desc->pdp.pool.method = DRM_EDGE_NVDLA_POOL_MAX;
}

/* Bands of 2, 3, 3, 4 columns. */
static void pdp_bands(union generate_desc *desc)
{
	make_pdp(desc, 12, 12);
	desc->pdp.pool.bands = 4;
	desc->pdp.pool.first = 2;
	desc->pdp.pool.middle = 3;
	desc->pdp.pool.last = 4;
}

static void pdp_two_bands(union generate_desc *desc)
{
	make_pdp(desc, 12, 12);
	desc->pdp.pool.bands = 2;
	desc->pdp.pool.first = 6;
	desc->pdp.pool.last = 6;
}

static void table(union generate_desc *desc)
{
	desc->table.op.type = DRM_EDGE_OP_NVDLA_TABLE;
	desc->table.op.size = sizeof(desc->table);
	set_cube(&desc->table.input, INPUT, 8, 8, 16);
	set_cube(&desc->table.output, OUTPUT, 8, 8, 16);
	desc->table.scale = 1;
}

static void copy(union generate_desc *desc)
{
	desc->copy.op.type = DRM_EDGE_OP_NVDLA_COPY;
	desc->copy.op.size = sizeof(desc->copy);
	desc->copy.from.handle = INPUT;
	desc->copy.to.handle = OUTPUT;
	desc->copy.line_bytes = 64;
	desc->copy.lines = 4;
	desc->copy.from_stride = 64;
	desc->copy.to_stride = 72;
}

static void copy_long(union generate_desc *desc)
{
	copy(desc);
	desc->copy.line_bytes = 65536;
	desc->copy.lines = 1;
	desc->copy.from_stride = 65544;
	desc->copy.to_stride = 65544;
}

static void copy_tall(union generate_desc *desc)
{
	copy(desc);
	desc->copy.line_bytes = 8;
	desc->copy.lines = 8192;
}

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
#make ": " #field " " #bad, make, offsetof(struct drm_edge_nvdla_##type, field), \
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
	READ(conv, conv, input.at, BYTES - 1024, INPUT),
	READ(conv, conv, weights, BYTES - 2304, WEIGHTS),
	WRITTEN(conv, conv, output.at, BYTES - 1600, OUTPUT),
	WRITTEN(conv_pool, conv, output.at, BYTES - 400, OUTPUT),
	READ(image, conv, input.at, BYTES - 72 * 16, INPUT),
	READ(sdp_stages, sdp, input.at, BYTES - 1024, INPUT),
	READ(sdp_stages, sdp, tail.bn.operands, BYTES - 4096, OPERANDS),
	READ(sdp_channels, sdp, tail.bs.operands, BYTES - 16, OPERANDS),
	WRITTEN(sdp, sdp, output.at, BYTES - 1024, OUTPUT),
	READ(pdp, pdp, input.at, BYTES - 1024, INPUT),
	WRITTEN(pdp, pdp, output.at, BYTES - 1024, OUTPUT),
	READ(table, table, input.at, BYTES - 1024, INPUT),
	WRITTEN(table, table, output.at, BYTES - 1024, OUTPUT),
	READ(copy, copy, from, BYTES - 256, INPUT),
	WRITTEN(copy, copy, to, BYTES - 64 - 3 * 72, OUTPUT),
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

static int check(struct rig *rig, const void *stream, u32 size, struct edge_refusal *refusal)
{
	struct nvdla_op *ops;
	int count;

	memset(refusal, 0xff, sizeof(*refusal));
	count = rig_check(rig, stream, size, &ops, refusal);
	free(ops);
	return count;
}

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
		if (check(*state, &desc, desc.op.size, &refusal) != 1)
			fail_msg("%s: the good value is refused: reason %u, at %u", edge->name,
				 refusal.reason, refusal.at);
		set_field(&desc, edge, edge->bad);
		if (check(*state, &desc, desc.op.size, &refusal) != -EINVAL)
			fail_msg("%s: accepted", edge->name);
		if (refusal.op || refusal.reason != edge->reason || refusal.at != edge->at)
			fail_msg("%s: operation %u, reason %u, at %u, not reason %u, at %zu",
				 edge->name, refusal.op, refusal.reason, refusal.at, edge->reason,
				 edge->at);
	}
}

static void assert_refused(struct rig *rig, const union generate_desc *desc, u32 reason, size_t at)
{
	struct edge_refusal refusal;

	assert_int_equal(check(rig, desc, desc->op.size, &refusal), -EINVAL);
	assert_int_equal(refusal.reason, reason);
	assert_int_equal(refusal.at, at);
}

static void assert_accepted(struct rig *rig, const union generate_desc *desc)
{
	struct edge_refusal refusal;

	if (check(rig, desc, desc->op.size, &refusal) != 1)
		fail_msg("reason %u, at %u", refusal.reason, refusal.at);
}

/* Both strides of a point are wrong together, as surfaces must not be shorter than lines. */
static void points_are_packed(void **state)
{
	union generate_desc desc = { .op = { 0 } };

	sdp_point(&desc);
	desc.sdp.input.line_stride = 16;
	desc.sdp.input.surface_stride = 16;
	assert_refused(*state, &desc, DRM_EDGE_REASON_POINT,
		       offsetof(struct drm_edge_nvdla_sdp, input.line_stride));
}

static void operands_of_a_point_are_packed(void **state)
{
	union generate_desc desc = { .op = { 0 } };
	struct drm_edge_nvdla_stage *bs = &desc.sdp.tail.bs;

	make_sdp(&desc, 1, 1, 16);
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
	sdp_one_buffer(desc);
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

	make_sdp(&desc, 8, 4, 16);
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

	sdp_one_buffer(&desc);
	desc.sdp.output.at.offset = 0;
	assert_int_equal(rig_check(*state, &desc, desc.op.size, &ops, &refusal), 1);
	assert_true(nvdla_op_in_place(nvdla_op_at(ops, 0)));
	free(ops);
	desc.sdp.output.surface_stride = 1024;
	assert_refused(*state, &desc, DRM_EDGE_REASON_OVERLAP,
		       offsetof(struct drm_edge_nvdla_sdp, output.at.offset));
	sdp(&desc);
	assert_int_equal(rig_check(*state, &desc, desc.op.size, &ops, &refusal), 1);
	assert_false(nvdla_op_in_place(nvdla_op_at(ops, 0)));
	free(ops);
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

			make_pdp(&desc, 8, 8);
			desc.pdp.pool.height = height;
			desc.pdp.pool.stride_y = step;
			set_cube(&desc.pdp.input, INPUT, width, height, 8);
			set_cube(&desc.pdp.output, OUTPUT, width, 1, 8);
			assert_accepted(*state, &desc);
			set_cube(&desc.pdp.input, INPUT, width + 1, height, 8);
			set_cube(&desc.pdp.output, OUTPUT, width + 1, 1, 8);
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

	make_pdp(&desc, 8, 8);
	set_cube(&desc.pdp.input, INPUT, 384, 1, 8);
	set_cube(&desc.pdp.output, OUTPUT, 384, 1, 8);
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

	make_pdp(&desc, 8, 8);
	desc.pdp.pool.stride_x = 16;
	set_cube(&desc.pdp.input, INPUT, 2048, 1, 8);
	set_cube(&desc.pdp.output, OUTPUT, 128, 1, 8);
	set_bands(&desc, 2, 64, 0, 64);
	assert_accepted(*state, &desc);
	set_bands(&desc, 2, 63, 0, 65);
	assert_refused(*state, &desc, DRM_EDGE_REASON_BANDS,
		       offsetof(struct drm_edge_nvdla_pdp, pool.last));
	set_bands(&desc, 2, 65, 0, 63);
	assert_refused(*state, &desc, DRM_EDGE_REASON_BANDS,
		       offsetof(struct drm_edge_nvdla_pdp, pool.first));
	/* Seven columns of padding are the last seven of the last window. */
	pdp_large(&desc);
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
		{ DRM_EDGE_NVDLA_BS, sdp_stages,
		  offsetof(struct drm_edge_nvdla_sdp, tail.bs.flags) },
		{ DRM_EDGE_NVDLA_BN, sdp_stages,
		  offsetof(struct drm_edge_nvdla_sdp, tail.bn.flags) },
		{ DRM_EDGE_NVDLA_PDP, pdp, offsetof(struct drm_edge_nvdla_pdp, pool.method) },
		{ DRM_EDGE_NVDLA_PDP, conv_pool,
		  offsetof(struct drm_edge_nvdla_conv, pool.method) },
		{ DRM_EDGE_NVDLA_CDP, table, offsetof(struct drm_edge_nvdla_table, op.type) },
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
	copy(&desc);
	stream->first = desc.copy;
	stream->second = desc.copy;
}

#define TWO (2 * (u32)sizeof(struct drm_edge_nvdla_copy))

static void assert_stream(struct rig *rig, const struct stream *stream, u32 size, u32 op,
			  u32 reason, u32 at)
{
	struct edge_refusal refusal;

	assert_int_equal(check(rig, stream, size, &refusal), -EINVAL);
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
	assert_int_equal(check(*state, &stream, TWO, &refusal), 2);
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
	assert_int_equal(check(*state, &stream, sizeof(stream), &refusal), 2);
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

	copy(&desc);
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
	copy(&desc);
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
	struct rig *rig = rig_create();

	for (int i = INPUT; i < UNKNOWN; i++)
		rig_buffer(rig, BYTES);
	rig_find(rig, NO_READ)->buffer.readable = false;
	rig_find(rig, NO_WRITE)->buffer.writable = false;
	*state = rig;
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
		cmocka_unit_test(points_are_packed),
		cmocka_unit_test(operands_of_a_point_are_packed),
		cmocka_unit_test(parts_of_a_cube_may_interleave),
		cmocka_unit_test(upper_and_lower_part_of_a_cube),
		cmocka_unit_test(only_the_same_cube_is_in_place),
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
