// SPDX-License-Identifier: MIT
#include "lift_op.h"

#include <linux/types.h>
#include <stddef.h>
#include <string.h>

#include "nvdla/nvdla_regs.h"

#define ATOM 8

enum chain { CHAIN_SDP, CHAIN_PDP, CHAIN_CDP, NUM_CHAINS };

static uint32_t field(uint32_t value, int high, int low)
{
	return value >> low & (uint32_t)(((uint64_t)1 << (high - low + 1)) - 1);
}

static int32_t signed_field(uint32_t value, int high)
{
	return (int32_t)(value << (31 - high)) >> (31 - high);
}

static uint32_t op_enable(uint32_t page)
{
	switch (page << 12) {
	case NVDLA_CDMA:
		return NVDLA_CDMA_OP_ENABLE & 0xfff;
	case NVDLA_SDP:
		return NVDLA_SDP_OP_ENABLE & 0xfff;
	case NVDLA_CDP:
		return NVDLA_CDP_OP_ENABLE & 0xfff;
	default:
		return NVDLA_D_OP_ENABLE;
	}
}

static void write_lut(struct lift_registers *registers, uint32_t offset, uint32_t value)
{
	if (offset == NVDLA_CDP_LUT_ACCESS_CFG) {
		registers->lut_access = value;
	} else if (offset == NVDLA_CDP_LUT_ACCESS_DATA) {
		const uint32_t entry = field(registers->lut_access, 9, 0);

		registers->lut[field(registers->lut_access, 16, 16)][entry] = (int16_t)value;
		registers->lut_access = (registers->lut_access & ~0x3ffu) | ((entry + 1) & 0x3ff);
	}
}

bool lift_write(struct lift_registers *registers, uint32_t offset, uint32_t value)
{
	const uint32_t page = offset >> 12, at = offset & 0xffc;
	struct lift_unit *unit;

	if (page < NVDLA_CDMA >> 12 || page >= LIFT_PAGES || at >= 4 * LIFT_PAGE_REGS)
		return true;
	unit = &registers->units[page];
	if (at == NVDLA_S_POINTER) {
		unit->producer = value & 1;
	} else if (at < op_enable(page)) {
		unit->single[at / 4] = value;
		write_lut(registers, offset, value);
	} else if (unit->armed[unit->producer] || unit->live[unit->producer]) {
		return false;
	} else if (at == op_enable(page)) {
		unit->armed[unit->producer] = value & 1;
	} else {
		unit->group[unit->producer][at / 4] = value;
	}
	return true;
}

void lift_wait(struct lift_registers *registers)
{
	for (int i = 0; i < LIFT_PAGES; i++) {
		registers->units[i].live[0] = false;
		registers->units[i].live[1] = false;
	}
}

/* A register of the group whose turn it is. */
static uint32_t get(const struct lift_registers *registers, uint32_t offset)
{
	const struct lift_unit *unit = &registers->units[offset >> 12];

	return unit->group[unit->consumer][(offset & 0xfff) / 4];
}

static uint32_t size_of(const struct lift_registers *registers, uint32_t offset)
{
	return (get(registers, offset) & 0x1fff) + 1;
}

static void add_ref(struct lift_op *op, struct drm_edge_ref *ref, uint32_t address, uint64_t bytes)
{
	struct lift_ref *added = &op->refs[op->num_refs++];

	ref->offset = address;
	added->at = (size_t)((char *)ref - (char *)&op->op);
	added->address = address;
	added->bytes = bytes;
}

/* Strides that do not matter to the hardware are made to look as the interface wants them. */
static void add_cube(struct lift_op *op, struct drm_edge_nvdla_cube *cube, uint32_t address,
		     uint32_t line_stride, uint32_t surface_stride)
{
	const uint32_t surfaces = (cube->channels + ATOM - 1) / ATOM;

	cube->line_stride = cube->height == 1 ? cube->width * ATOM : line_stride;
	cube->surface_stride = surfaces == 1 ? cube->line_stride * cube->height : surface_stride;
	add_ref(op, &cube->at, address,
		(uint64_t)(surfaces - 1) * cube->surface_stride +
			(uint64_t)(cube->height - 1) * cube->line_stride + cube->width * ATOM);
}

/* Input beyond the last window is left out, padding first, until less than a step remains. */
static void trim(uint32_t *size, uint32_t before, uint32_t *after, uint32_t need, uint32_t step)
{
	while (before + *size + *after >= need + step && *size > 1) {
		if (*after)
			--*after;
		else
			--*size;
	}
}

size_t lift_place(uint32_t type, unsigned int index)
{
	static const struct {
		uint32_t type;
		size_t places[LIFT_REFS];
	} types[] = {
		{ DRM_EDGE_OP_NVDLA_CONV,
		  { offsetof(struct drm_edge_nvdla_conv, input.at),
		    offsetof(struct drm_edge_nvdla_conv, weights),
		    offsetof(struct drm_edge_nvdla_conv, tail.bs.operands),
		    offsetof(struct drm_edge_nvdla_conv, tail.bn.operands),
		    offsetof(struct drm_edge_nvdla_conv, output.at) } },
		{ DRM_EDGE_OP_NVDLA_SDP,
		  { offsetof(struct drm_edge_nvdla_sdp, input.at),
		    offsetof(struct drm_edge_nvdla_sdp, tail.bs.operands),
		    offsetof(struct drm_edge_nvdla_sdp, tail.bn.operands),
		    offsetof(struct drm_edge_nvdla_sdp, output.at) } },
		{ DRM_EDGE_OP_NVDLA_PDP,
		  { offsetof(struct drm_edge_nvdla_pdp, input.at),
		    offsetof(struct drm_edge_nvdla_pdp, output.at) } },
		{ DRM_EDGE_OP_NVDLA_TABLE,
		  { offsetof(struct drm_edge_nvdla_table, input.at),
		    offsetof(struct drm_edge_nvdla_table, output.at) } },
		{ DRM_EDGE_OP_NVDLA_COPY,
		  { offsetof(struct drm_edge_nvdla_copy, from),
		    offsetof(struct drm_edge_nvdla_copy, to) } },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (types[i].type == type && index < LIFT_REFS)
			return types[i].places[index];
	}
	return 0;
}

/* ---- SDP ---- */

static const char *lift_stage(struct lift_registers *registers, struct lift_op *op, bool is_bn,
			      struct drm_edge_nvdla_stage *stage,
			      const struct drm_edge_nvdla_cube *cube)
{
	const uint32_t at = is_bn ? NVDLA_SDP_BN_CFG : NVDLA_SDP_BS_CFG;
	const uint32_t rdma = is_bn ? NVDLA_SDP_RDMA_NRDMA_CFG : NVDLA_SDP_RDMA_BRDMA_CFG;
	const uint32_t cfg = get(registers, at), memory = get(registers, rdma);
	const uint32_t alu = get(registers, at + NVDLA_SDP_STAGE_ALU_CFG);
	const uint32_t mul = get(registers, at + NVDLA_SDP_STAGE_MUL_CFG);
	uint32_t bytes = ATOM, use = 0;

	if (cfg & NVDLA_SDP_STAGE_BYPASS)
		return NULL;
	stage->flags = DRM_EDGE_NVDLA_STAGE_ON;
	stage->mul_shift = field(mul, 13, 8);
	if (!(cfg & NVDLA_SDP_STAGE_RELU_BYPASS))
		stage->flags |= DRM_EDGE_NVDLA_STAGE_RELU;
	if (!(cfg & NVDLA_SDP_STAGE_ALU_BYPASS)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_ALU;
		stage->alu = field(cfg, 3, 2);
		stage->alu_shift = field(alu, 13, 8);
		if (alu & NVDLA_SDP_STAGE_FROM_MEMORY)
			stage->flags |= DRM_EDGE_NVDLA_STAGE_ALU_MEMORY;
		else
			stage->alu_value = (int16_t)get(registers, at + NVDLA_SDP_STAGE_ALU_VALUE);
	}
	if (!(cfg & NVDLA_SDP_STAGE_MUL_BYPASS)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_MUL;
		if (cfg & NVDLA_SDP_STAGE_PRELU)
			stage->flags |= DRM_EDGE_NVDLA_STAGE_PRELU;
		if (mul & NVDLA_SDP_STAGE_FROM_MEMORY)
			stage->flags |= DRM_EDGE_NVDLA_STAGE_MUL_MEMORY;
		else
			stage->mul_value = (int16_t)get(registers, at + NVDLA_SDP_STAGE_MUL_VALUE);
	}
	use |= stage->flags & DRM_EDGE_NVDLA_STAGE_ALU_MEMORY ? 1 : 0;
	use |= stage->flags & DRM_EDGE_NVDLA_STAGE_MUL_MEMORY ? 2 : 0;
	if (!use)
		return NULL;
	/* 0 MUL, 1 ALU, 2 both. */
	if (memory & NVDLA_SDP_RDMA_OPERAND_DISABLE ||
	    field(memory, 2, 1) != (use == 3 ? 2 : use == 1))
		return "operands are read that are not used, or used and not read";
	bytes *= use == 3 ? 2 : 1;
	if (memory & NVDLA_SDP_RDMA_OPERAND_TWO_BYTES) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_TWO_BYTES;
		bytes *= 2;
	}
	const uint32_t address = get(registers, rdma + NVDLA_SDP_RDMA_OPERAND_ADDR_LOW);
	const uint64_t surfaces = (cube->channels + ATOM - 1) / ATOM;

	if (!(memory & NVDLA_SDP_RDMA_OPERAND_PER_ELEMENT)) {
		add_ref(op, &stage->operands, address, surfaces * bytes);
		return NULL;
	}
	stage->flags |= DRM_EDGE_NVDLA_STAGE_PER_ELEMENT;
	stage->line_stride = get(registers, rdma + NVDLA_SDP_RDMA_OPERAND_LINE_STRIDE);
	stage->surface_stride = get(registers, rdma + NVDLA_SDP_RDMA_OPERAND_SURFACE_STRIDE);
	if (cube->height == 1)
		stage->line_stride = cube->width * bytes;
	if (surfaces == 1)
		stage->surface_stride = stage->line_stride * cube->height;
	add_ref(op, &stage->operands, address,
		(surfaces - 1) * stage->surface_stride +
			(uint64_t)(cube->height - 1) * stage->line_stride + cube->width * bytes);
	return NULL;
}

/* @cube: sizes of what the SDP works on */
static const char *lift_tail(struct lift_registers *registers, struct lift_op *op,
			     struct drm_edge_nvdla_tail *tail,
			     const struct drm_edge_nvdla_cube *cube)
{
	const char *obstacle = lift_stage(registers, op, false, &tail->bs, cube);

	if (!obstacle)
		obstacle = lift_stage(registers, op, true, &tail->bn, cube);
	if (!(get(registers, NVDLA_SDP_EW_CFG) & NVDLA_SDP_STAGE_BYPASS))
		obstacle = "a third stage of the SDP";
	tail->offset = (int32_t)get(registers, NVDLA_SDP_CVT_OFFSET);
	tail->scale = (int16_t)get(registers, NVDLA_SDP_CVT_SCALE);
	tail->shift = field(get(registers, NVDLA_SDP_CVT_SHIFT), 5, 0);
	return obstacle;
}

static const char *lift_pool(struct lift_registers *registers, struct drm_edge_nvdla_pool *pool)
{
	const uint32_t kernel = get(registers, NVDLA_PDP_POOLING_KERNEL_CFG);
	const uint32_t pad = get(registers, NVDLA_PDP_POOLING_PADDING_CFG);
	const uint32_t mode = get(registers, NVDLA_PDP_OPERATION_MODE_CFG);
	const uint32_t out = get(registers, NVDLA_PDP_PARTIAL_WIDTH_OUT);

	pool->method = field(mode, 1, 0);
	pool->width = field(kernel, 3, 0) + 1;
	pool->height = field(kernel, 11, 8) + 1;
	pool->stride_x = field(kernel, 19, 16) + 1;
	pool->stride_y = field(kernel, 23, 20) + 1;
	pool->left = field(pad, 2, 0);
	pool->top = field(pad, 6, 4);
	pool->right = field(pad, 10, 8);
	pool->bottom = field(pad, 14, 12);
	if (pool->method == DRM_EDGE_NVDLA_POOL_AVERAGE) {
		pool->reciprocal_x = field(get(registers, NVDLA_PDP_RECIP_KERNEL_WIDTH), 16, 0);
		pool->reciprocal_y = field(get(registers, NVDLA_PDP_RECIP_KERNEL_HEIGHT), 16, 0);
		pool->pad_value =
			signed_field(get(registers, NVDLA_PDP_POOLING_PADDING_VALUE(1)), 18);
		for (int n = 2; n <= NVDLA_PDP_PADDING_VALUES; n++) {
			const uint32_t at = NVDLA_PDP_POOLING_PADDING_VALUE(n);

			if (signed_field(get(registers, at), 18) != n * pool->pad_value)
				return "padding that counts unevenly";
		}
	}
	pool->bands = field(mode, 15, 8) + 1;
	if (pool->bands > 1) {
		pool->first = field(out, 9, 0) + 1;
		pool->last = field(out, 19, 10) + 1;
		pool->middle = pool->bands > 2 ? field(out, 29, 20) + 1 : 0;
	}
	return NULL;
}

static void set_sizes(struct drm_edge_nvdla_cube *cube, uint32_t width, uint32_t height,
		      uint32_t channels)
{
	cube->width = width;
	cube->height = height;
	cube->channels = channels;
}

static void lift_pdp_output(struct lift_registers *registers, struct lift_op *op,
			    struct drm_edge_nvdla_cube *output)
{
	set_sizes(output, size_of(registers, NVDLA_PDP_OUT_WIDTH),
		  size_of(registers, NVDLA_PDP_OUT_HEIGHT),
		  size_of(registers, NVDLA_PDP_OUT_CHANNEL));
	add_cube(op, output, get(registers, NVDLA_PDP_DST_ADDR_LOW),
		 get(registers, NVDLA_PDP_DST_LINE_STRIDE),
		 get(registers, NVDLA_PDP_DST_SURFACE_STRIDE));
}

/* Where the SDP's output goes in the end. */
static const char *lift_end(struct lift_registers *registers, struct lift_op *op, uint32_t *flags,
			    struct drm_edge_nvdla_cube *output, struct drm_edge_nvdla_pool *pool)
{
	if (get(registers, NVDLA_SDP_FEATURE_MODE_CFG) & NVDLA_SDP_FEATURE_TO_PDP) {
		*flags = DRM_EDGE_NVDLA_POOL;
		lift_pdp_output(registers, op, output);
		return lift_pool(registers, pool);
	}
	set_sizes(output, size_of(registers, NVDLA_SDP_WIDTH), size_of(registers, NVDLA_SDP_HEIGHT),
		  size_of(registers, NVDLA_SDP_CHANNEL));
	add_cube(op, output, get(registers, NVDLA_SDP_DST_ADDR_LOW),
		 get(registers, NVDLA_SDP_DST_LINE_STRIDE),
		 get(registers, NVDLA_SDP_DST_SURFACE_STRIDE));
	return NULL;
}

/* An operation that changes nothing, on whole atoms, is a copy. */
static bool is_copy(const struct drm_edge_nvdla_sdp *sdp)
{
	return !sdp->flags && !sdp->tail.bs.flags && !sdp->tail.bn.flags && !sdp->tail.offset &&
	       sdp->tail.scale == 1 && !sdp->tail.shift && sdp->input.channels == ATOM &&
	       sdp->input.at.offset != sdp->output.at.offset;
}

static void make_copy(struct lift_op *op)
{
	const struct drm_edge_nvdla_sdp sdp = op->sdp;
	const struct lift_op from = *op;
	struct drm_edge_nvdla_copy *copy = &op->copy;

	memset(op, 0, sizeof(*op));
	copy->op.type = DRM_EDGE_OP_NVDLA_COPY;
	copy->op.size = sizeof(*copy);
	copy->line_bytes = sdp.input.width * ATOM;
	copy->lines = sdp.input.height;
	copy->from_stride = sdp.input.line_stride;
	copy->to_stride = sdp.output.line_stride;
	add_ref(op, &copy->from, (uint32_t)from.refs[0].address, from.refs[0].bytes);
	add_ref(op, &copy->to, (uint32_t)from.refs[1].address, from.refs[1].bytes);
}

static const char *lift_sdp(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_sdp *sdp = &op->sdp;
	const char *obstacle;

	sdp->op.type = DRM_EDGE_OP_NVDLA_SDP;
	sdp->op.size = sizeof(*sdp);
	set_sizes(&sdp->input, size_of(registers, NVDLA_SDP_RDMA_WIDTH),
		  size_of(registers, NVDLA_SDP_RDMA_HEIGHT),
		  size_of(registers, NVDLA_SDP_RDMA_CHANNEL));
	add_cube(op, &sdp->input, get(registers, NVDLA_SDP_RDMA_SRC_ADDR_LOW),
		 get(registers, NVDLA_SDP_RDMA_SRC_LINE_STRIDE),
		 get(registers, NVDLA_SDP_RDMA_SRC_SURFACE_STRIDE));
	obstacle = lift_tail(registers, op, &sdp->tail, &sdp->input);
	if (!obstacle)
		obstacle = lift_end(registers, op, &sdp->flags, &sdp->output, &sdp->pool);
	if (!obstacle && is_copy(sdp))
		make_copy(op);
	return obstacle;
}

/* ---- convolution ---- */

static uint32_t pixel_format(uint32_t code)
{
	switch (code) {
	case 0:
		return DRM_EDGE_NVDLA_R8;
	case 12:
	case 16:
		return DRM_EDGE_NVDLA_RGBA;
	case 13:
	case 17:
	case 26:
		return DRM_EDGE_NVDLA_BGRA;
	case 14:
	case 18:
	case 27:
		return DRM_EDGE_NVDLA_ARGB;
	case 15:
	case 19:
		return DRM_EDGE_NVDLA_ABGR;
	default:
		return 0;
	}
}

static const char *lift_pixel(struct lift_registers *registers, struct drm_edge_nvdla_conv *conv)
{
	const uint32_t format = get(registers, NVDLA_CDMA_DATAIN_FORMAT);
	const uint32_t cfg = get(registers, NVDLA_CDMA_CVT_CFG);
	const uint32_t offset = get(registers, NVDLA_CDMA_PIXEL_OFFSET);
	struct drm_edge_nvdla_pixel *pixel = &conv->pixel;

	conv->format = pixel_format(field(format, 13, 8));
	if (!conv->format)
		return "a format of pixels that the interface has not";
	if (offset >> 16)
		return "an image that begins below its first line";
	pixel->x_offset = field(offset, 4, 0);
	if (!(cfg & NVDLA_CDMA_CVT_ENABLE))
		return NULL;
	pixel->flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
	if (format & NVDLA_CDMA_FORMAT_SIGNED)
		pixel->flags |= DRM_EDGE_NVDLA_PIXEL_SIGNED;
	for (uint32_t c = 0; c < conv->input.channels; c++) {
		const uint32_t means = get(registers, NVDLA_CDMA_MEAN_GLOBAL_0 + c / 2 * 4);

		if (get(registers, NVDLA_CDMA_MEAN_FORMAT) & 1)
			pixel->mean[c] = (int16_t)(c % 2 ? means >> 16 : means);
		else
			pixel->mean[c] = (int16_t)get(registers, NVDLA_CDMA_CVT_OFFSET);
	}
	pixel->scale = (int16_t)get(registers, NVDLA_CDMA_CVT_SCALE);
	pixel->shift = field(cfg, 9, 4);
	return NULL;
}

static const char *lift_modes(const struct lift_registers *registers, bool image)
{
	if (get(registers, NVDLA_CDMA_MISC_CFG) >> 16)
		return "data or weights that are kept from one operation to the next";
	if (get(registers, NVDLA_CDMA_MISC_CFG) || get(registers, NVDLA_CSC_MISC_CFG))
		return "a mode of convolution that the interface has not";
	if ((int8_t)get(registers, NVDLA_CDMA_ZERO_PADDING_VALUE) !=
	    (int8_t)get(registers, NVDLA_CSC_ZERO_PADDING_VALUE))
		return "two values of padding";
	if (!image && get(registers, NVDLA_CDMA_CVT_CFG) & NVDLA_CDMA_CVT_ENABLE)
		return "conversion of a cube";
	return NULL;
}

static void lift_window(struct lift_registers *registers, struct drm_edge_nvdla_conv *conv)
{
	const uint32_t stride = get(registers, NVDLA_CSC_CONV_STRIDE_EXT);
	const uint32_t dilation = get(registers, NVDLA_CSC_DILATION_EXT);
	const uint32_t pad = get(registers, NVDLA_CDMA_ZERO_PADDING);
	const uint32_t size = get(registers, NVDLA_CSC_WEIGHT_SIZE_EXT_0);
	const uint32_t out = get(registers, NVDLA_CSC_DATAOUT_SIZE_0);

	conv->kernel_width = field(size, 4, 0) + 1;
	conv->kernel_height = field(size, 20, 16) + 1;
	if (conv->format)
		conv->kernel_width =
			size_of(registers, NVDLA_CSC_WEIGHT_SIZE_EXT_1) / conv->input.channels;
	conv->stride_x = field(stride, 2, 0) + 1;
	conv->stride_y = field(stride, 18, 16) + 1;
	conv->dilation_x = field(dilation, 4, 0) + 1;
	conv->dilation_y = field(dilation, 20, 16) + 1;
	conv->left = field(pad, 4, 0);
	conv->right = field(pad, 13, 8);
	conv->top = field(pad, 20, 16);
	conv->bottom = field(pad, 29, 24);
	conv->pad_value = (int8_t)get(registers, NVDLA_CDMA_ZERO_PADDING_VALUE);
	conv->width = field(out, 12, 0) + 1;
	conv->height = field(out, 28, 16) + 1;
	trim(&conv->input.width, conv->left, &conv->right,
	     (conv->width - 1) * conv->stride_x + (conv->kernel_width - 1) * conv->dilation_x + 1,
	     conv->stride_x);
	trim(&conv->input.height, conv->top, &conv->bottom,
	     (conv->height - 1) * conv->stride_y + (conv->kernel_height - 1) * conv->dilation_y + 1,
	     conv->stride_y);
}

static void lift_conv_input(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_cube *input = &op->conv.input;
	const uint32_t address = get(registers, NVDLA_CDMA_DAIN_ADDR_LOW_0);
	const uint32_t stride = get(registers, NVDLA_CDMA_LINE_STRIDE);
	uint32_t line;

	if (!op->conv.format) {
		add_cube(op, input, address, stride, get(registers, NVDLA_CDMA_SURF_STRIDE));
		return;
	}
	line = (op->conv.pixel.x_offset + input->width) * input->channels;
	line = (line + ATOM - 1) / ATOM * ATOM;
	input->line_stride = input->height == 1 ? line : stride;
	add_ref(op, &input->at, address, (uint64_t)(input->height - 1) * stride + line);
}

static const char *lift_conv(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_conv *conv = &op->conv;
	const uint32_t size = get(registers, NVDLA_CDMA_DATAIN_SIZE_0);
	const uint32_t banks = get(registers, NVDLA_CDMA_BANK);
	const bool image = get(registers, NVDLA_CDMA_DATAIN_FORMAT) & NVDLA_CDMA_FORMAT_IMAGE;
	const uint32_t kernels = size_of(registers, NVDLA_CDMA_WEIGHT_SIZE_1);
	const char *obstacle = lift_modes(registers, image);
	struct drm_edge_nvdla_cube middle;

	conv->op.type = DRM_EDGE_OP_NVDLA_CONV;
	conv->op.size = sizeof(*conv);
	set_sizes(&conv->input, field(size, 12, 0) + 1, field(size, 28, 16) + 1,
		  size_of(registers, NVDLA_CDMA_DATAIN_SIZE_1));
	if (!obstacle && image)
		obstacle = lift_pixel(registers, conv);
	if (obstacle)
		return obstacle;
	lift_window(registers, conv);
	lift_conv_input(registers, op);
	add_ref(op, &conv->weights, get(registers, NVDLA_CDMA_WEIGHT_ADDR_LOW),
		((uint64_t)kernels * conv->input.channels * conv->kernel_width *
			 conv->kernel_height +
		 ATOM - 1) /
			ATOM * ATOM);
	conv->truncate = field(get(registers, NVDLA_CACC_CLIP_CFG), 4, 0);
	conv->data_banks = field(banks, 4, 0) + 1;
	conv->weight_banks = field(banks, 20, 16) + 1;
	set_sizes(&middle, conv->width, conv->height, kernels);
	obstacle = lift_tail(registers, op, &conv->tail, &middle);
	if (!obstacle)
		obstacle = lift_end(registers, op, &conv->flags, &conv->output, &conv->pool);
	return obstacle;
}

/* ---- the others ---- */

static const char *lift_pdp(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_pdp *pdp = &op->pdp;
	struct drm_edge_nvdla_pool *pool = &pdp->pool;
	const char *obstacle = lift_pool(registers, pool);

	pdp->op.type = DRM_EDGE_OP_NVDLA_PDP;
	pdp->op.size = sizeof(*pdp);
	set_sizes(&pdp->input, size_of(registers, NVDLA_PDP_RDMA_WIDTH),
		  size_of(registers, NVDLA_PDP_RDMA_HEIGHT),
		  size_of(registers, NVDLA_PDP_RDMA_CHANNEL));
	trim(&pdp->input.width, pool->left, &pool->right,
	     (size_of(registers, NVDLA_PDP_OUT_WIDTH) - 1) * pool->stride_x + pool->width,
	     pool->stride_x);
	trim(&pdp->input.height, pool->top, &pool->bottom,
	     (size_of(registers, NVDLA_PDP_OUT_HEIGHT) - 1) * pool->stride_y + pool->height,
	     pool->stride_y);
	add_cube(op, &pdp->input, get(registers, NVDLA_PDP_RDMA_SRC_ADDR_LOW),
		 get(registers, NVDLA_PDP_RDMA_SRC_LINE_STRIDE),
		 get(registers, NVDLA_PDP_RDMA_SRC_SURFACE_STRIDE));
	lift_pdp_output(registers, op, &pdp->output);
	return obstacle;
}

static const char *lift_table(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_table *table = &op->table;
	const uint32_t *single = registers->units[NVDLA_CDP >> 12].single;

	table->op.type = DRM_EDGE_OP_NVDLA_TABLE;
	table->op.size = sizeof(*table);
	if (get(registers, NVDLA_CDP_FUNC_BYPASS) !=
		    (NVDLA_CDP_BYPASS_SQUARES | NVDLA_CDP_BYPASS_MULTIPLIER) ||
	    single[(NVDLA_CDP_LUT_LO_START_LOW & 0xfff) / 4] != (uint32_t)-128 ||
	    single[(NVDLA_CDP_LUT_LO_END_LOW & 0xfff) / 4] != 128 ||
	    get(registers, NVDLA_CDP_DATIN_OFFSET) || get(registers, NVDLA_CDP_DATIN_SCALE) != 1 ||
	    get(registers, NVDLA_CDP_DATIN_SHIFTER))
		return "the CDP not as a table of a byte's values";
	set_sizes(&table->input, size_of(registers, NVDLA_CDP_RDMA_WIDTH),
		  size_of(registers, NVDLA_CDP_RDMA_HEIGHT),
		  size_of(registers, NVDLA_CDP_RDMA_CHANNEL));
	table->output = table->input;
	add_cube(op, &table->input, get(registers, NVDLA_CDP_RDMA_SRC_ADDR_LOW),
		 get(registers, NVDLA_CDP_RDMA_SRC_LINE_STRIDE),
		 get(registers, NVDLA_CDP_RDMA_SRC_SURFACE_STRIDE));
	add_cube(op, &table->output, get(registers, NVDLA_CDP_DST_ADDR_LOW),
		 get(registers, NVDLA_CDP_DST_LINE_STRIDE),
		 get(registers, NVDLA_CDP_DST_SURFACE_STRIDE));
	table->offset = (int32_t)get(registers, NVDLA_CDP_DATOUT_OFFSET);
	table->scale = (int16_t)get(registers, NVDLA_CDP_DATOUT_SCALE);
	table->shift = field(get(registers, NVDLA_CDP_DATOUT_SHIFTER), 5, 0);
	memcpy(table->values, registers->lut[1], sizeof(table->values));
	return NULL;
}

#define PAGE(base) (1u << ((base) >> 12))
#define CONV_PAGES \
	(PAGE(NVDLA_CDMA) | PAGE(NVDLA_CSC) | PAGE(NVDLA_CMAC_A) | PAGE(NVDLA_CMAC_B) | \
	 PAGE(NVDLA_CACC))

/* Whether the operation whose turn it is in these units has a stage with operands in memory. */
static bool has_operands(const struct lift_registers *registers)
{
	static const uint32_t stages[] = { NVDLA_SDP_BS_CFG, NVDLA_SDP_BN_CFG };

	for (int i = 0; i < 2; i++) {
		const uint32_t cfg = get(registers, stages[i]);

		if (cfg & NVDLA_SDP_STAGE_BYPASS)
			continue;
		if ((!(cfg & NVDLA_SDP_STAGE_ALU_BYPASS) &&
		     get(registers, stages[i] + NVDLA_SDP_STAGE_ALU_CFG) & 1) ||
		    (!(cfg & NVDLA_SDP_STAGE_MUL_BYPASS) &&
		     get(registers, stages[i] + NVDLA_SDP_STAGE_MUL_CFG) & 1))
			return true;
	}
	return false;
}

/* The pages that the next operation of a sort takes. */
static uint32_t pages_of(const struct lift_registers *registers, enum chain chain)
{
	const uint32_t mode = get(registers, NVDLA_SDP_FEATURE_MODE_CFG);
	uint32_t pages = PAGE(NVDLA_SDP);

	if (chain == CHAIN_PDP)
		return PAGE(NVDLA_PDP) | PAGE(NVDLA_PDP_RDMA);
	if (chain == CHAIN_CDP)
		return PAGE(NVDLA_CDP) | PAGE(NVDLA_CDP_RDMA);
	if (mode & NVDLA_SDP_FEATURE_FLYING)
		pages |= CONV_PAGES;
	if (!(mode & NVDLA_SDP_FEATURE_FLYING) || has_operands(registers))
		pages |= PAGE(NVDLA_SDP_RDMA);
	if (mode & NVDLA_SDP_FEATURE_TO_PDP)
		pages |= PAGE(NVDLA_PDP);
	return pages;
}

static bool are_armed(const struct lift_registers *registers, uint32_t pages)
{
	for (int i = 0; i < LIFT_PAGES; i++) {
		const struct lift_unit *unit = &registers->units[i];

		if (pages & 1u << i && !unit->armed[unit->consumer])
			return false;
	}
	return true;
}

static void take(struct lift_registers *registers, uint32_t pages)
{
	for (int i = 0; i < LIFT_PAGES; i++) {
		struct lift_unit *unit = &registers->units[i];

		if (!(pages & 1u << i))
			continue;
		unit->armed[unit->consumer] = false;
		unit->live[unit->consumer] = true;
		unit->consumer ^= 1;
	}
}

bool lift_next(struct lift_registers *registers, struct lift_op *op)
{
	for (int chain = 0; chain < NUM_CHAINS; chain++) {
		const uint32_t pages = pages_of(registers, chain);
		const bool from_memory = get(registers, NVDLA_PDP_OPERATION_MODE_CFG) &
					 NVDLA_PDP_MODE_FROM_MEMORY;

		if (!are_armed(registers, pages) ||
		    (pages & PAGE(NVDLA_PDP) && from_memory != (chain == CHAIN_PDP)))
			continue;
		memset(op, 0, sizeof(*op));
		if (pages & PAGE(NVDLA_CDMA))
			op->obstacle = lift_conv(registers, op);
		else if (chain == CHAIN_SDP)
			op->obstacle = lift_sdp(registers, op);
		else if (chain == CHAIN_PDP)
			op->obstacle = lift_pdp(registers, op);
		else
			op->obstacle = lift_table(registers, op);
		op->size = op->op.size;
		take(registers, pages);
		return true;
	}
	return false;
}
