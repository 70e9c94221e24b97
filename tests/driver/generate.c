// SPDX-License-Identifier: MIT
#include "generate.h"

#include <linux/kernel.h>
#include <string.h>

#define ATOM 8
#define BANK_ENTRIES 512
#define BANKS 32

static u32 surfaces(u32 channels)
{
	return (channels + ATOM - 1) / ATOM;
}

/* One time in @of. */
static bool once(u32 *random, u32 of)
{
	return rig_random(random) % of == 0;
}

static void place(const struct rig *rig, u32 *random, struct drm_edge_ref *ref, u64 bytes)
{
	const struct edge_buffer *buffer;

	ref->handle = rig_between(random, 1, rig->num_buffers);
	buffer = &rig->buffers[ref->handle - 1].buffer;
	ref->pad = 0;
	ref->offset = 0;
	if (bytes < buffer->size)
		ref->offset = rig_between(random, 0, (u32)(buffer->size - bytes) / ATOM) * ATOM;
}

static void place_cube(const struct rig *rig, u32 *random, struct drm_edge_nvdla_cube *cube)
{
	cube->line_stride =
		(cube->width + (once(random, 2) ? 0 : rig_between(random, 0, 5))) * ATOM;
	cube->surface_stride = cube->line_stride * cube->height +
			       (once(random, 2) ? 0 : rig_between(random, 0, 9) * ATOM);
	if (cube->width == 1 && cube->height == 1) {
		cube->line_stride = ATOM;
		cube->surface_stride = ATOM;
	}
	place(rig, random, &cube->at,
	      (u64)(surfaces(cube->channels) - 1) * cube->surface_stride +
		      (u64)(cube->height - 1) * cube->line_stride + cube->width * ATOM);
}

static void make_sizes(u32 *random, struct drm_edge_nvdla_cube *cube, u32 width, u32 height)
{
	cube->width = rig_between(random, 1, width);
	cube->height = rig_between(random, 1, height);
	cube->channels = rig_between(random, 1, 20);
}

static void make_operands(const struct rig *rig, u32 *random, struct drm_edge_nvdla_stage *stage,
			  const struct drm_edge_nvdla_cube *cube)
{
	const u32 memory = DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY;
	u32 bytes = ATOM;

	if ((stage->flags & memory) == memory)
		bytes *= 2;
	if (once(random, 2)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_TWO_BYTES;
		bytes *= 2;
	}
	if (once(random, 2)) {
		place(rig, random, &stage->operands, surfaces(cube->channels) * bytes);
		return;
	}
	stage->flags |= DRM_EDGE_NVDLA_STAGE_PER_ELEMENT;
	stage->line_stride = cube->width * bytes;
	if (cube->width > 1 || cube->height > 1)
		stage->line_stride += rig_between(random, 0, 2) * ATOM;
	stage->surface_stride = stage->line_stride * cube->height;
	place(rig, random, &stage->operands, (u64)surfaces(cube->channels) * stage->surface_stride);
}

static void make_stage(const struct rig *rig, u32 *random, struct drm_edge_nvdla_stage *stage,
		       const struct drm_edge_nvdla_cube *cube)
{
	if (once(random, 3))
		return;
	stage->flags = DRM_EDGE_NVDLA_STAGE_ON;
	stage->mul_shift = rig_between(random, 0, once(random, 8) ? 63 : 8);
	if (once(random, 2))
		stage->flags |= DRM_EDGE_NVDLA_STAGE_RELU;
	if (once(random, 2)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_ALU;
		stage->alu = rig_between(random, 0, 2);
		stage->alu_shift = rig_between(random, 0, once(random, 8) ? 63 : 8);
		if (once(random, 2))
			stage->flags |= DRM_EDGE_NVDLA_STAGE_ALU_MEMORY;
		else
			stage->alu_value = (s16)rig_random(random);
	}
	if (once(random, 2)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_MUL;
		if (once(random, 4))
			stage->flags |= DRM_EDGE_NVDLA_STAGE_PRELU;
		if (once(random, 2))
			stage->flags |= DRM_EDGE_NVDLA_STAGE_MUL_MEMORY;
		else
			stage->mul_value = (s16)rig_random(random);
	}
	if (stage->flags & (DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY))
		make_operands(rig, random, stage, cube);
}

static void make_tail(const struct rig *rig, u32 *random, struct drm_edge_nvdla_tail *tail,
		      const struct drm_edge_nvdla_cube *cube)
{
	make_stage(rig, random, &tail->bs, cube);
	make_stage(rig, random, &tail->bn, cube);
	tail->offset = (s32)rig_random(random) >> rig_between(random, 0, 31);
	tail->scale = (s16)rig_random(random);
	tail->shift = rig_between(random, 0, once(random, 8) ? 63 : 12);
}

static void make_window(u32 *random, struct drm_edge_nvdla_pool *pool)
{
	pool->width = rig_between(random, 1, once(random, 4) ? 8 : 3);
	pool->height = rig_between(random, 1, once(random, 4) ? 8 : 3);
	pool->stride_x = rig_between(random, 1, once(random, 8) ? 16 : 3);
	pool->stride_y = rig_between(random, 1, once(random, 8) ? 16 : 3);
	pool->left = rig_between(random, 0, pool->width - 1);
	pool->right = rig_between(random, 0, pool->width - 1);
	pool->top = rig_between(random, 0, pool->height - 1);
	pool->bottom = rig_between(random, 0, pool->height - 1);
	pool->method = rig_between(random, 0, 2);
	if (pool->method == DRM_EDGE_NVDLA_POOL_AVERAGE) {
		pool->pad_value = (s8)rig_random(random);
		pool->reciprocal_x = 65536 / pool->width;
		pool->reciprocal_y = 65536 / pool->height;
	}
}

/* How many windows fit; 0 for none. */
static u32 windows(u32 padded, u32 reach, u32 stride)
{
	return padded < reach ? 0 : (padded - reach) / stride + 1;
}

/* A window whose output is not empty, and no wider than the line buffer. */
static void make_pool(u32 *random, struct drm_edge_nvdla_pool *pool,
		      const struct drm_edge_nvdla_cube *in, struct drm_edge_nvdla_cube *out)
{
	do {
		make_window(random, pool);
		out->width =
			windows(pool->left + in->width + pool->right, pool->width, pool->stride_x);
		out->height = windows(pool->top + in->height + pool->bottom, pool->height,
				      pool->stride_y);
	} while (!out->width || !out->height || out->width > 16);
	out->channels = in->channels;
}

/* Vertical bands, where there are columns for them. */
static void make_bands(u32 *random, struct drm_edge_nvdla_pool *pool, u32 width)
{
	const u32 bands = rig_between(random, 2, 5);

	if (width < bands * 2)
		return;
	pool->bands = bands;
	pool->middle = bands > 2 ? rig_between(random, 1, (width - 2) / (bands - 2)) : 0;
	pool->first = rig_between(random, 1, width - 1 - (bands - 2) * pool->middle);
	pool->last = width - (bands - 2) * pool->middle - pool->first;
}

static void make_image(const struct rig *rig, u32 *random, struct drm_edge_nvdla_conv *conv)
{
	const u32 channels = conv->format == DRM_EDGE_NVDLA_R8 ? 1 : 4;
	struct drm_edge_nvdla_pixel *pixel = &conv->pixel;
	u32 line;

	conv->input.channels = channels;
	pixel->x_offset = rig_between(random, 0, 7 / channels);
	if (once(random, 2)) {
		pixel->flags = DRM_EDGE_NVDLA_PIXEL_CONVERT |
			       (once(random, 2) ? DRM_EDGE_NVDLA_PIXEL_SIGNED : 0);
		for (u32 c = 0; c < channels; c++)
			pixel->mean[c] = (s16)rig_random(random) >> 7;
		pixel->scale = (s16)rig_random(random);
		pixel->shift = rig_between(random, 0, 16);
	}
	line = round_up((pixel->x_offset + conv->input.width) * channels, ATOM);
	conv->input.line_stride = line + rig_between(random, 0, 2) * ATOM;
	place(rig, random, &conv->input.at,
	      (u64)(conv->input.height - 1) * conv->input.line_stride + line);
}

static u32 make_axis(u32 *random, u32 size, u32 *kernel, u32 *stride, u32 *dilation, u32 *before,
		     u32 *after, bool image)
{
	u32 reach, out;

	do {
		*kernel = rig_between(random, 1, 4);
		*stride = rig_between(random, 1, once(random, 8) ? 8 : 2);
		*dilation = image ? 1 : rig_between(random, 1, once(random, 4) ? 3 : 1);
		reach = (*kernel - 1) * *dilation + 1;
		*before = rig_between(random, 0, reach - 1);
		*after = rig_between(random, 0, reach - 1);
		out = windows(*before + size + *after, reach, *stride);
	} while (!out);
	return out;
}

/* Banks that are just enough, or more. */
static void make_banks(u32 *random, struct drm_edge_nvdla_conv *conv)
{
	const u32 kernel = conv->kernel_width * conv->kernel_height * conv->input.channels;
	const u32 kernels = conv->output.channels < ATOM ? conv->output.channels : ATOM;
	const u32 columns = conv->format ? conv->left + conv->input.width + conv->right : 0;
	const u32 line = conv->format ? (columns * conv->input.channels + 7) / 8
				      : conv->input.width * surfaces(conv->input.channels);

	conv->data_banks = (line * conv->input.height + BANK_ENTRIES - 1) / BANK_ENTRIES;
	conv->weight_banks = (kernels * kernel + BANK_ENTRIES * ATOM - 1) / (BANK_ENTRIES * ATOM);
	if (once(random, 2))
		conv->weight_banks =
			rig_between(random, conv->weight_banks, BANKS - conv->data_banks);
	if (once(random, 2))
		conv->data_banks = BANKS - conv->weight_banks;
}

static void make_conv(const struct rig *rig, u32 *random, struct drm_edge_nvdla_conv *conv)
{
	struct drm_edge_nvdla_cube middle = { .width = 0 };

	conv->op.type = DRM_EDGE_OP_NVDLA_CONV;
	conv->op.size = sizeof(*conv);
	make_sizes(random, &conv->input, 14, 14);
	conv->format = once(random, 3) ? rig_between(random, 1, 5) : 0;
	if (conv->format)
		make_image(rig, random, conv);
	else
		place_cube(rig, random, &conv->input);
	conv->width = make_axis(random, conv->input.width, &conv->kernel_width, &conv->stride_x,
				&conv->dilation_x, &conv->left, &conv->right, conv->format);
	conv->height = make_axis(random, conv->input.height, &conv->kernel_height, &conv->stride_y,
				 &conv->dilation_y, &conv->top, &conv->bottom, conv->format);
	conv->pad_value = (s8)rig_random(random);
	conv->truncate = rig_between(random, 0, once(random, 8) ? 31 : 8);
	middle.width = conv->width;
	middle.height = conv->height;
	middle.channels = rig_between(random, 1, 20);
	conv->output.channels = middle.channels;
	make_banks(random, conv);
	place(rig, random, &conv->weights,
	      round_up((u64)conv->kernel_width * conv->kernel_height * conv->input.channels *
			       middle.channels,
		       ATOM));
	make_tail(rig, random, &conv->tail, &middle);
	conv->output.width = middle.width;
	conv->output.height = middle.height;
	if (once(random, 3)) {
		conv->flags = DRM_EDGE_NVDLA_POOL;
		make_pool(random, &conv->pool, &middle, &conv->output);
	}
	place_cube(rig, random, &conv->output);
}

static void make_sdp(const struct rig *rig, u32 *random, struct drm_edge_nvdla_sdp *sdp)
{
	sdp->op.type = DRM_EDGE_OP_NVDLA_SDP;
	sdp->op.size = sizeof(*sdp);
	make_sizes(random, &sdp->input, 14, 14);
	place_cube(rig, random, &sdp->input);
	make_tail(rig, random, &sdp->tail, &sdp->input);
	sdp->output = sdp->input;
	if (once(random, 4))
		return;
	if (once(random, 3)) {
		sdp->flags = DRM_EDGE_NVDLA_POOL;
		make_pool(random, &sdp->pool, &sdp->input, &sdp->output);
	}
	place_cube(rig, random, &sdp->output);
}

static void make_pdp(const struct rig *rig, u32 *random, struct drm_edge_nvdla_pdp *pdp)
{
	pdp->op.type = DRM_EDGE_OP_NVDLA_PDP;
	pdp->op.size = sizeof(*pdp);
	make_sizes(random, &pdp->input, 40, 14);
	place_cube(rig, random, &pdp->input);
	make_pool(random, &pdp->pool, &pdp->input, &pdp->output);
	if (once(random, 2))
		make_bands(random, &pdp->pool, pdp->output.width);
	place_cube(rig, random, &pdp->output);
}

static void make_table(const struct rig *rig, u32 *random, struct drm_edge_nvdla_table *table)
{
	/* Few different tables, so that some are loaded already. */
	u32 values = rig_between(random, 1, 3);

	table->op.type = DRM_EDGE_OP_NVDLA_TABLE;
	table->op.size = sizeof(*table);
	make_sizes(random, &table->input, 14, 14);
	place_cube(rig, random, &table->input);
	table->output = table->input;
	place_cube(rig, random, &table->output);
	table->offset = (s32)rig_random(random) >> 20;
	table->scale = (s16)rig_random(random);
	table->shift = rig_between(random, 0, 20);
	for (u32 i = 0; i < ARRAY_SIZE(table->values); i++)
		table->values[i] = (s16)rig_random(&values);
}

static void make_copy(const struct rig *rig, u32 *random, struct drm_edge_nvdla_copy *copy)
{
	copy->op.type = DRM_EDGE_OP_NVDLA_COPY;
	copy->op.size = sizeof(*copy);
	copy->line_bytes = rig_between(random, 1, 20) * ATOM;
	copy->lines = rig_between(random, 1, 12);
	copy->from_stride = copy->line_bytes + rig_between(random, 0, 3) * ATOM;
	copy->to_stride = copy->line_bytes + rig_between(random, 0, 3) * ATOM;
	place(rig, random, &copy->from, (u64)copy->lines * copy->from_stride);
	place(rig, random, &copy->to, (u64)copy->lines * copy->to_stride);
}

u32 generate_op(const struct rig *rig, u32 *random, union generate_desc *desc)
{
	memset(desc, 0, sizeof(*desc));
	switch (rig_between(random, 0, 6)) {
	case 0:
	case 1:
	case 2:
		make_conv(rig, random, &desc->conv);
		break;
	case 3:
		make_sdp(rig, random, &desc->sdp);
		break;
	case 4:
		make_pdp(rig, random, &desc->pdp);
		break;
	case 5:
		make_table(rig, random, &desc->table);
		break;
	default:
		make_copy(rig, random, &desc->copy);
		break;
	}
	return desc->op.size;
}

void generate_buffers(struct rig *rig, u32 *random, unsigned int count, size_t size)
{
	while (count--) {
		u8 *data = rig_find(rig, rig_buffer(rig, size))->data;

		for (size_t i = 0; i < size; i++)
			data[i] = (u8)(rig_random(random) >> 8);
	}
}

static const struct drm_edge_nvdla_cube *output_of(const union generate_desc *any)
{
	switch (any->op.type) {
	case DRM_EDGE_OP_NVDLA_CONV:
		return &any->conv.output;
	case DRM_EDGE_OP_NVDLA_SDP:
		return &any->sdp.output;
	case DRM_EDGE_OP_NVDLA_PDP:
		return &any->pdp.output;
	case DRM_EDGE_OP_NVDLA_TABLE:
		return &any->table.output;
	default:
		return NULL;
	}
}

u32 generate_target(const void *desc)
{
	const union generate_desc *any = desc;
	const struct drm_edge_nvdla_cube *cube = output_of(any);

	return cube ? cube->at.handle : any->copy.to.handle;
}

void generate_written(const void *desc, u8 *mask)
{
	const union generate_desc *any = desc;
	const struct drm_edge_nvdla_cube *cube = output_of(any);

	if (!cube) {
		for (u64 y = 0; y < any->copy.lines; y++)
			memset(mask + any->copy.to.offset + y * any->copy.to_stride, 1,
			       any->copy.line_bytes);
		return;
	}
	for (u64 s = 0; s < surfaces(cube->channels); s++)
		for (u64 y = 0; y < cube->height; y++)
			memset(mask + cube->at.offset + s * cube->surface_stride +
				       y * cube->line_stride,
			       1, cube->width * ATOM);
}

void generate_mutation(u32 *random, void *desc, size_t size)
{
	static const u32 edges[] = { 0,		 1,	    2,	  3,	 4,	7,    8,
				     9,		 15,	    16,	  17,	 31,	32,   33,
				     63,	 64,	    65,	  127,	 128,	129,  255,
				     256,	 257,	    512,  513,	 1023,	1024, 1025,
				     4096,	 8192,	    8193, 65535, 65536, ~0u,  1u << 31,
				     0x7fffffff, 0xfffffff8 };
	u32 *words = desc;
	u32 count = rig_between(random, 1, 3);

	while (count--) {
		u32 *word = &words[rig_between(random, 2, (u32)(size / 4) - 1)];

		switch (rig_between(random, 0, 5)) {
		case 0:
			*word = edges[rig_between(random, 0, ARRAY_SIZE(edges) - 1)];
			break;
		case 1:
			++*word;
			break;
		case 2:
			--*word;
			break;
		case 3:
			*word ^= 1u << rig_between(random, 0, 31);
			break;
		case 4:
			*word += once(random, 2) ? ATOM : 0u - ATOM;
			break;
		default:
			*word = words[rig_between(random, 2, (u32)(size / 4) - 1)];
		}
	}
}
