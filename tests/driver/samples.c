// SPDX-License-Identifier: MIT
#include "samples.h"

#include <stdlib.h>
#include <string.h>

struct rig *sample_rig(void)
{
	struct rig *rig = rig_create();

	for (int i = INPUT; i < UNKNOWN; i++)
		rig_buffer(rig, SAMPLE_BYTES);
	rig_find(rig, NO_READ)->buffer.readable = false;
	rig_find(rig, NO_WRITE)->buffer.writable = false;
	return rig;
}

int sample_check(struct rig *rig, const void *stream, u32 size, struct edge_refusal *refusal)
{
	struct nvdla_op *ops;
	int count;

	memset(refusal, 0xff, sizeof(*refusal));
	count = rig_check(rig, stream, size, &ops, refusal);
	free(ops);
	return count;
}

void sample_set_cube(struct drm_edge_nvdla_cube *cube, u32 handle, u32 width, u32 height,
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
	sample_set_cube(&conv->input, INPUT, in, in, channels);
	conv->weights.handle = WEIGHTS;
	conv->data_banks = 1;
	conv->weight_banks = 1;
	conv->width = out;
	conv->height = out;
	conv->tail.scale = 1;
	sample_set_cube(&conv->output, OUTPUT, out, out, kernels);
}

void sample_conv(union generate_desc *desc)
{
	make_conv(desc, 8, 16, 10, 16);
	set_window(&desc->conv, 3, 1, 1, 2, 2);
}

/* Kernels as large as there are, and as much padding. */
void sample_conv_large(union generate_desc *desc)
{
	make_conv(desc, 40, 8, 41, 8);
	set_window(&desc->conv, 32, 1, 3, 31, 63);
	desc->conv.data_banks = 4;
	desc->conv.weight_banks = 16;
}

void sample_conv_stride(union generate_desc *desc)
{
	make_conv(desc, 16, 8, 2, 8);
	set_window(&desc->conv, 1, 8, 1, 0, 0);
}

void sample_conv_dilation(union generate_desc *desc)
{
	make_conv(desc, 34, 1, 2, 8);
	set_window(&desc->conv, 2, 1, 32, 0, 0);
	desc->conv.data_banks = 3;
}

void sample_conv_tall(union generate_desc *desc)
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
void sample_conv_bank_of_data(union generate_desc *desc)
{
	make_conv(desc, 8, 64, 8, 8);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
}

/* Of 8 kernels of 512 bytes, which are a bank. */
void sample_conv_bank_of_weights(union generate_desc *desc)
{
	make_conv(desc, 2, 512, 2, 9);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
}

/* Of 4 kernels of 1024 bytes, which are all that there are. */
void sample_conv_few_kernels(union generate_desc *desc)
{
	make_conv(desc, 2, 1024, 2, 4);
	set_window(&desc->conv, 1, 1, 1, 0, 0);
}

void sample_conv_pool(union generate_desc *desc)
{
	struct drm_edge_nvdla_pool *pool = &desc->conv.pool;

	sample_conv(desc);
	desc->conv.flags = DRM_EDGE_NVDLA_POOL;
	pool->method = DRM_EDGE_NVDLA_POOL_MAX;
	pool->width = 2;
	pool->height = 2;
	pool->stride_x = 2;
	pool->stride_y = 2;
	sample_set_cube(&desc->conv.output, OUTPUT, 5, 5, 16);
}

static void make_image(union generate_desc *desc, u32 format, u32 channels)
{
	make_conv(desc, 16, channels, 14, 8);
	set_window(&desc->conv, 3, 1, 1, 0, 0);
	desc->conv.format = format;
	desc->conv.input.line_stride = 72;
	desc->conv.input.surface_stride = 0;
}

void sample_image(union generate_desc *desc)
{
	make_image(desc, DRM_EDGE_NVDLA_RGBA, 4);
	desc->conv.pixel.flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
	desc->conv.pixel.x_offset = 1;
}

void sample_image_grey(union generate_desc *desc)
{
	make_image(desc, DRM_EDGE_NVDLA_R8, 1);
	desc->conv.pixel.flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
}

void sample_image_as_it_is(union generate_desc *desc)
{
	make_image(desc, DRM_EDGE_NVDLA_BGRA, 4);
}

void sample_make_sdp(union generate_desc *desc, u32 width, u32 height, u32 channels)
{
	struct drm_edge_nvdla_sdp *sdp = &desc->sdp;

	sdp->op.type = DRM_EDGE_OP_NVDLA_SDP;
	sdp->op.size = sizeof(*sdp);
	sample_set_cube(&sdp->input, INPUT, width, height, channels);
	sample_set_cube(&sdp->output, OUTPUT, width, height, channels);
	sdp->tail.scale = 1;
}

void sample_sdp(union generate_desc *desc)
{
	sample_make_sdp(desc, 8, 8, 16);
}

void sample_sdp_point(union generate_desc *desc)
{
	sample_make_sdp(desc, 1, 1, 8192);
}

void sample_sdp_wide(union generate_desc *desc)
{
	sample_make_sdp(desc, 8192, 1, 8);
	desc->sdp.input.line_stride = 8193 * 8;
	desc->sdp.input.surface_stride = 8193 * 8;
}

void sample_sdp_tall(union generate_desc *desc)
{
	sample_make_sdp(desc, 1, 8192, 8);
	desc->sdp.input.surface_stride = 8193 * 8;
}

/* In one buffer, the output behind the input. */
void sample_sdp_one_buffer(union generate_desc *desc)
{
	sample_sdp(desc);
	desc->sdp.output.at.handle = INPUT;
	desc->sdp.output.at.offset = 1024;
}

/* Stages with all sorts of operands: in registers, and of two bytes for each element. */
void sample_sdp_stages(union generate_desc *desc)
{
	struct drm_edge_nvdla_stage *bs = &desc->sdp.tail.bs, *bn = &desc->sdp.tail.bn;

	sample_sdp(desc);
	bs->flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU | DRM_EDGE_NVDLA_STAGE_MUL;
	bn->flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU | DRM_EDGE_NVDLA_STAGE_MUL |
		    DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY |
		    DRM_EDGE_NVDLA_STAGE_PER_ELEMENT | DRM_EDGE_NVDLA_STAGE_TWO_BYTES;
	bn->operands.handle = OPERANDS;
	bn->line_stride = 8 * 32;
	bn->surface_stride = 8 * 8 * 32;
}

void sample_sdp_stage_of_alu(union generate_desc *desc)
{
	sample_sdp(desc);
	desc->sdp.tail.bs.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU;
}

void sample_sdp_stage_of_mul(union generate_desc *desc)
{
	sample_sdp(desc);
	desc->sdp.tail.bs.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_MUL;
}

/* One byte for each channel, 16 of them. */
void sample_sdp_channels(union generate_desc *desc)
{
	sample_sdp(desc);
	desc->sdp.tail.bs.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU |
				  DRM_EDGE_NVDLA_STAGE_ALU_MEMORY;
	desc->sdp.tail.bs.operands.handle = OPERANDS;
}

void sample_make_pdp(union generate_desc *desc, u32 in, u32 out)
{
	struct drm_edge_nvdla_pdp *pdp = &desc->pdp;

	pdp->op.type = DRM_EDGE_OP_NVDLA_PDP;
	pdp->op.size = sizeof(*pdp);
	sample_set_cube(&pdp->input, INPUT, in, in, 16);
	sample_set_cube(&pdp->output, OUTPUT, out, out, 16);
	pdp->pool.method = DRM_EDGE_NVDLA_POOL_AVERAGE;
	pdp->pool.width = 1;
	pdp->pool.height = 1;
	pdp->pool.stride_x = 1;
	pdp->pool.stride_y = 1;
}

void sample_pdp(union generate_desc *desc)
{
	sample_make_pdp(desc, 8, 8);
}

void sample_pdp_large(union generate_desc *desc)
{
	sample_make_pdp(desc, 8, 15);
	desc->pdp.pool.width = 8;
	desc->pdp.pool.height = 8;
	desc->pdp.pool.left = 7;
	desc->pdp.pool.right = 7;
	desc->pdp.pool.top = 7;
	desc->pdp.pool.bottom = 7;
}

void sample_pdp_padded(union generate_desc *desc)
{
	sample_make_pdp(desc, 8, 10);
	desc->pdp.pool.width = 3;
	desc->pdp.pool.height = 3;
	desc->pdp.pool.left = 2;
	desc->pdp.pool.right = 2;
	desc->pdp.pool.top = 2;
	desc->pdp.pool.bottom = 2;
}

void sample_pdp_stride(union generate_desc *desc)
{
	sample_make_pdp(desc, 17, 2);
	desc->pdp.pool.stride_x = 16;
	desc->pdp.pool.stride_y = 16;
}

void sample_pdp_max(union generate_desc *desc)
{
	sample_pdp(desc);
	desc->pdp.pool.method = DRM_EDGE_NVDLA_POOL_MAX;
}

/* Bands of 2, 3, 3, 4 columns. */
void sample_pdp_bands(union generate_desc *desc)
{
	sample_make_pdp(desc, 12, 12);
	desc->pdp.pool.bands = 4;
	desc->pdp.pool.first = 2;
	desc->pdp.pool.middle = 3;
	desc->pdp.pool.last = 4;
}

void sample_pdp_two_bands(union generate_desc *desc)
{
	sample_make_pdp(desc, 12, 12);
	desc->pdp.pool.bands = 2;
	desc->pdp.pool.first = 6;
	desc->pdp.pool.last = 6;
}

void sample_table(union generate_desc *desc)
{
	desc->table.op.type = DRM_EDGE_OP_NVDLA_TABLE;
	desc->table.op.size = sizeof(desc->table);
	sample_set_cube(&desc->table.input, INPUT, 8, 8, 16);
	sample_set_cube(&desc->table.output, OUTPUT, 8, 8, 16);
	desc->table.scale = 1;
}

void sample_copy(union generate_desc *desc)
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

void sample_copy_long(union generate_desc *desc)
{
	sample_copy(desc);
	desc->copy.line_bytes = 65536;
	desc->copy.lines = 1;
	desc->copy.from_stride = 65544;
	desc->copy.to_stride = 65544;
}

void sample_copy_tall(union generate_desc *desc)
{
	sample_copy(desc);
	desc->copy.line_bytes = 8;
	desc->copy.lines = 8192;
}
