// SPDX-License-Identifier: MIT
/* Registers of the convolution core. */
#include "lift_unit.h"

#include <linux/types.h>

#include "nvdla/nvdla_regs.h"

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
	const uint32_t format = lift_get(registers, NVDLA_CDMA_DATAIN_FORMAT);
	const uint32_t cfg = lift_get(registers, NVDLA_CDMA_CVT_CFG);
	const uint32_t offset = lift_get(registers, NVDLA_CDMA_PIXEL_OFFSET);
	struct drm_edge_nvdla_pixel *pixel = &conv->pixel;

	conv->format = pixel_format(lift_field(format, 13, 8));
	if (!conv->format)
		return "a format of pixels that the interface has not";
	if (offset >> 16)
		return "an image that begins below its first line";
	pixel->x_offset = lift_field(offset, 4, 0);
	if (!(cfg & NVDLA_CDMA_CVT_ENABLE))
		return NULL;
	pixel->flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
	if (format & NVDLA_CDMA_FORMAT_SIGNED)
		pixel->flags |= DRM_EDGE_NVDLA_PIXEL_SIGNED;
	for (uint32_t c = 0; c < conv->input.channels; c++) {
		const uint32_t means = lift_get(registers, NVDLA_CDMA_MEAN_GLOBAL_0 + c / 2 * 4);

		if (lift_get(registers, NVDLA_CDMA_MEAN_FORMAT) & 1)
			pixel->mean[c] = (int16_t)(c % 2 ? means >> 16 : means);
		else
			pixel->mean[c] = (int16_t)lift_get(registers, NVDLA_CDMA_CVT_OFFSET);
	}
	pixel->scale = (int16_t)lift_get(registers, NVDLA_CDMA_CVT_SCALE);
	pixel->shift = lift_field(cfg, 9, 4);
	return NULL;
}

static const char *lift_modes(const struct lift_registers *registers, bool image)
{
	if (lift_get(registers, NVDLA_CDMA_MISC_CFG) >> 16)
		return "data or weights that are kept from one operation to the next";
	if (lift_get(registers, NVDLA_CDMA_MISC_CFG) || lift_get(registers, NVDLA_CSC_MISC_CFG))
		return "a mode of convolution that the interface has not";
	if ((int8_t)lift_get(registers, NVDLA_CDMA_ZERO_PADDING_VALUE) !=
	    (int8_t)lift_get(registers, NVDLA_CSC_ZERO_PADDING_VALUE))
		return "two values of padding";
	if (!image && lift_get(registers, NVDLA_CDMA_CVT_CFG) & NVDLA_CDMA_CVT_ENABLE)
		return "conversion of a cube";
	return NULL;
}

static void lift_window(struct lift_registers *registers, struct drm_edge_nvdla_conv *conv)
{
	const uint32_t stride = lift_get(registers, NVDLA_CSC_CONV_STRIDE_EXT);
	const uint32_t dilation = lift_get(registers, NVDLA_CSC_DILATION_EXT);
	const uint32_t pad = lift_get(registers, NVDLA_CDMA_ZERO_PADDING);
	const uint32_t size = lift_get(registers, NVDLA_CSC_WEIGHT_SIZE_EXT_0);
	const uint32_t out = lift_get(registers, NVDLA_CSC_DATAOUT_SIZE_0);

	conv->kernel_width = lift_field(size, 4, 0) + 1;
	conv->kernel_height = lift_field(size, 20, 16) + 1;
	if (conv->format)
		conv->kernel_width =
			lift_size(registers, NVDLA_CSC_WEIGHT_SIZE_EXT_1) / conv->input.channels;
	conv->stride_x = lift_field(stride, 2, 0) + 1;
	conv->stride_y = lift_field(stride, 18, 16) + 1;
	conv->dilation_x = lift_field(dilation, 4, 0) + 1;
	conv->dilation_y = lift_field(dilation, 20, 16) + 1;
	conv->left = lift_field(pad, 4, 0);
	conv->right = lift_field(pad, 13, 8);
	conv->top = lift_field(pad, 20, 16);
	conv->bottom = lift_field(pad, 29, 24);
	conv->pad_value = (int8_t)lift_get(registers, NVDLA_CDMA_ZERO_PADDING_VALUE);
	conv->width = lift_field(out, 12, 0) + 1;
	conv->height = lift_field(out, 28, 16) + 1;
	lift_trim(&conv->input.width, conv->left, &conv->right,
		  (conv->width - 1) * conv->stride_x + (conv->kernel_width - 1) * conv->dilation_x +
			  1,
		  conv->stride_x);
	lift_trim(&conv->input.height, conv->top, &conv->bottom,
		  (conv->height - 1) * conv->stride_y +
			  (conv->kernel_height - 1) * conv->dilation_y + 1,
		  conv->stride_y);
}

static void lift_conv_input(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_cube *input = &op->conv.input;
	const uint32_t address = lift_get(registers, NVDLA_CDMA_DAIN_ADDR_LOW_0);
	const uint32_t stride = lift_get(registers, NVDLA_CDMA_LINE_STRIDE);
	uint32_t line;

	if (!op->conv.format) {
		lift_add_cube(op, input, address, stride,
			      lift_get(registers, NVDLA_CDMA_SURF_STRIDE));
		return;
	}
	line = (op->conv.pixel.x_offset + input->width) * input->channels;
	line = (line + LIFT_ATOM - 1) / LIFT_ATOM * LIFT_ATOM;
	input->line_stride = input->height == 1 ? line : stride;
	lift_add_ref(op, &input->at, address, (uint64_t)(input->height - 1) * stride + line);
}

const char *lift_conv(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_conv *conv = &op->conv;
	const uint32_t size = lift_get(registers, NVDLA_CDMA_DATAIN_SIZE_0);
	const uint32_t banks = lift_get(registers, NVDLA_CDMA_BANK);
	const bool image = lift_get(registers, NVDLA_CDMA_DATAIN_FORMAT) & NVDLA_CDMA_FORMAT_IMAGE;
	const uint32_t kernels = lift_size(registers, NVDLA_CDMA_WEIGHT_SIZE_1);
	const char *obstacle = lift_modes(registers, image);
	struct drm_edge_nvdla_cube middle;

	conv->op.type = DRM_EDGE_OP_NVDLA_CONV;
	conv->op.size = sizeof(*conv);
	lift_set_sizes(&conv->input, lift_field(size, 12, 0) + 1, lift_field(size, 28, 16) + 1,
		       lift_size(registers, NVDLA_CDMA_DATAIN_SIZE_1));
	if (!obstacle && image)
		obstacle = lift_pixel(registers, conv);
	if (obstacle)
		return obstacle;
	lift_window(registers, conv);
	lift_conv_input(registers, op);
	lift_add_ref(op, &conv->weights, lift_get(registers, NVDLA_CDMA_WEIGHT_ADDR_LOW),
		     ((uint64_t)kernels * conv->input.channels * conv->kernel_width *
			      conv->kernel_height +
		      LIFT_ATOM - 1) /
			     LIFT_ATOM * LIFT_ATOM);
	conv->truncate = lift_field(lift_get(registers, NVDLA_CACC_CLIP_CFG), 4, 0);
	conv->data_banks = lift_field(banks, 4, 0) + 1;
	conv->weight_banks = lift_field(banks, 20, 16) + 1;
	lift_set_sizes(&middle, conv->width, conv->height, kernels);
	obstacle = lift_tail(registers, op, &conv->tail, &middle);
	if (!obstacle)
		obstacle = lift_end(registers, op, &conv->flags, &conv->output, &conv->pool);
	return obstacle;
}
