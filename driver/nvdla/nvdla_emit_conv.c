// SPDX-License-Identifier: GPL-2.0-only
/* The registers of the convolution core: CDMA, CSC, CMAC and CACC. */
#include <linux/kernel.h>

#include "nvdla_emit.h"

/* What the code of a pixel format says: where each byte of a pixel goes. */
static u32 nvdla_pixel_format(u32 format)
{
	switch (format) {
	case DRM_EDGE_NVDLA_RGBA:
		return 12;
	case DRM_EDGE_NVDLA_BGRA:
		return 13;
	case DRM_EDGE_NVDLA_ARGB:
		return 14;
	case DRM_EDGE_NVDLA_ABGR:
		return 15;
	default:
		return 0;
	}
}

static u32 nvdla_conv_padding(const struct drm_edge_nvdla_conv *conv)
{
	return conv->left | conv->right << 8 | conv->top << 16 | conv->bottom << 24;
}

static u32 nvdla_conv_banks(const struct drm_edge_nvdla_conv *conv)
{
	return NVDLA_PAIR(conv->data_banks, conv->weight_banks);
}

/* Bytes of one kernel. */
static u32 nvdla_kernel_bytes(const struct drm_edge_nvdla_conv *conv)
{
	return conv->kernel_width * conv->kernel_height * conv->input.channels;
}

/* Whether channels have means of their own. */
static bool nvdla_means_differ(const struct drm_edge_nvdla_conv *conv)
{
	unsigned int c;

	for (c = 1; c < conv->input.channels; c++) {
		if (conv->pixel.mean[c] != conv->pixel.mean[0])
			return true;
	}
	return false;
}

static void nvdla_emit_pixels(const struct drm_edge_nvdla_conv *conv, const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_pixel *pixel = &conv->pixel;
	bool means = false;
	u32 format = 0, convert = 0;

	if (conv->format != DRM_EDGE_NVDLA_FEATURE)
		format = NVDLA_CDMA_FORMAT_IMAGE |
			 NVDLA_CDMA_FORMAT_PIXEL(nvdla_pixel_format(conv->format));
	if (pixel->flags & DRM_EDGE_NVDLA_PIXEL_SIGNED)
		format |= NVDLA_CDMA_FORMAT_SIGNED;
	if (pixel->flags & DRM_EDGE_NVDLA_PIXEL_CONVERT) {
		convert = NVDLA_CDMA_CVT_ENABLE | NVDLA_CDMA_CVT_TRUNCATE(pixel->shift);
		means = nvdla_means_differ(conv);
	}
	nvdla_set(port, NVDLA_CDMA_DATAIN_FORMAT, format);
	nvdla_set(port, NVDLA_CDMA_PIXEL_OFFSET, pixel->x_offset);
	nvdla_set(port, NVDLA_CDMA_MEAN_FORMAT, means);
	nvdla_set(port, NVDLA_CDMA_MEAN_GLOBAL_0,
		  NVDLA_S16(pixel->mean[0]) | NVDLA_S16(pixel->mean[1]) << 16);
	nvdla_set(port, NVDLA_CDMA_MEAN_GLOBAL_1,
		  NVDLA_S16(pixel->mean[2]) | NVDLA_S16(pixel->mean[3]) << 16);
	nvdla_set(port, NVDLA_CDMA_CVT_CFG, convert);
	nvdla_set(port, NVDLA_CDMA_CVT_OFFSET, means ? 0 : NVDLA_S16(pixel->mean[0]));
	nvdla_set(port, NVDLA_CDMA_CVT_SCALE, NVDLA_S16(pixel->scale));
}

static void nvdla_emit_cdma_input(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const struct nvdla_cube *from = &op->from;
	u32 map = 0;

	if (op->conv->format == DRM_EDGE_NVDLA_FEATURE) {
		if (from->line_stride == from->width * op->atom)
			map |= NVDLA_MAP_LINE_PACKED;
		if (from->surface_stride == from->line_stride * from->height)
			map |= NVDLA_MAP_SURF_PACKED;
	}
	nvdla_set(port, NVDLA_CDMA_DATAIN_SIZE_0, NVDLA_PAIR(from->width, from->height));
	nvdla_set(port, NVDLA_CDMA_DATAIN_SIZE_1, from->channels - 1);
	nvdla_set(port, NVDLA_CDMA_DATAIN_SIZE_EXT_0, NVDLA_PAIR(from->width, from->height));
	nvdla_set(port, NVDLA_CDMA_DAIN_RAM_TYPE, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_CDMA_DAIN_ADDR_HIGH_0, 0);
	nvdla_set(port, NVDLA_CDMA_DAIN_ADDR_LOW_0, from->address);
	nvdla_set(port, NVDLA_CDMA_DAIN_ADDR_HIGH_1, 0);
	nvdla_set(port, NVDLA_CDMA_DAIN_ADDR_LOW_1, 0);
	nvdla_set(port, NVDLA_CDMA_LINE_STRIDE, from->line_stride);
	nvdla_set(port, NVDLA_CDMA_LINE_UV_STRIDE, 0);
	nvdla_set(port, NVDLA_CDMA_SURF_STRIDE, from->surface_stride);
	nvdla_set(port, NVDLA_CDMA_DAIN_MAP, map);
	nvdla_set(port, NVDLA_CDMA_RESERVED_X_CFG, 0);
	nvdla_set(port, NVDLA_CDMA_RESERVED_Y_CFG, 0);
	nvdla_set(port, NVDLA_CDMA_BATCH_NUMBER, 0);
	nvdla_set(port, NVDLA_CDMA_BATCH_STRIDE, 0);
	nvdla_set(port, NVDLA_CDMA_ENTRY_PER_SLICE, op->entries - 1);
	nvdla_set(port, NVDLA_CDMA_FETCH_GRAIN, 0);
}

static void nvdla_emit_cdma_weights(const struct nvdla_op *op, const struct nvdla_port *port)
{
	nvdla_set(port, NVDLA_CDMA_WEIGHT_FORMAT, 0);
	nvdla_set(port, NVDLA_CDMA_WEIGHT_SIZE_0, nvdla_kernel_bytes(op->conv) - 1);
	nvdla_set(port, NVDLA_CDMA_WEIGHT_SIZE_1, op->middle.channels - 1);
	nvdla_set(port, NVDLA_CDMA_WEIGHT_RAM_TYPE, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_CDMA_WEIGHT_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_CDMA_WEIGHT_ADDR_LOW, op->weights);
	nvdla_set(port, NVDLA_CDMA_WEIGHT_BYTES, op->weight_bytes);
	nvdla_set(port, NVDLA_CDMA_WGS_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_CDMA_WGS_ADDR_LOW, 0);
	nvdla_set(port, NVDLA_CDMA_WMB_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_CDMA_WMB_ADDR_LOW, 0);
	nvdla_set(port, NVDLA_CDMA_WMB_BYTES, 0);
}

static void nvdla_emit_cdma(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_conv *conv = op->conv;

	/* Direct convolution of 8-bit integers, nothing kept from one operation to the next. */
	nvdla_set(port, NVDLA_CDMA_MISC_CFG, 0);
	nvdla_emit_cdma_input(op, port);
	nvdla_emit_cdma_weights(op, port);
	nvdla_emit_pixels(conv, port);
	nvdla_set(port, NVDLA_CDMA_CONV_STRIDE, NVDLA_PAIR(conv->stride_x, conv->stride_y));
	nvdla_set(port, NVDLA_CDMA_ZERO_PADDING, nvdla_conv_padding(conv));
	nvdla_set(port, NVDLA_CDMA_ZERO_PADDING_VALUE, NVDLA_S16(conv->pad_value));
	nvdla_set(port, NVDLA_CDMA_BANK, nvdla_conv_banks(conv));
	nvdla_set(port, NVDLA_CDMA_NAN_FLUSH_TO_ZERO, 0);
}

static void nvdla_emit_csc(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_conv *conv = op->conv;
	const bool image = conv->format != DRM_EDGE_NVDLA_FEATURE;
	/* Of an image, a line of a kernel is one pixel with all the line's channels. */
	const u32 columns = image ? 1 : conv->kernel_width;
	const u32 channels = conv->input.channels * (image ? conv->kernel_width : 1);
	const struct nvdla_cube *middle = &op->middle;

	nvdla_set(port, NVDLA_CSC_MISC_CFG, 0);
	nvdla_set(port, NVDLA_CSC_DATAIN_FORMAT, image);
	nvdla_set(port, NVDLA_CSC_DATAIN_SIZE_EXT_0, NVDLA_PAIR(op->from.width, op->from.height));
	nvdla_set(port, NVDLA_CSC_DATAIN_SIZE_EXT_1, op->from.channels - 1);
	nvdla_set(port, NVDLA_CSC_BATCH_NUMBER, 0);
	nvdla_set(port, NVDLA_CSC_POST_Y_EXTENSION, 0);
	nvdla_set(port, NVDLA_CSC_ENTRY_PER_SLICE, op->entries - 1);
	nvdla_set(port, NVDLA_CSC_WEIGHT_FORMAT, 0);
	nvdla_set(port, NVDLA_CSC_WEIGHT_SIZE_EXT_0, NVDLA_PAIR(columns, conv->kernel_height));
	nvdla_set(port, NVDLA_CSC_WEIGHT_SIZE_EXT_1, NVDLA_PAIR(channels, middle->channels));
	nvdla_set(port, NVDLA_CSC_WEIGHT_BYTES, op->weight_bytes);
	nvdla_set(port, NVDLA_CSC_WMB_BYTES, 0);
	nvdla_set(port, NVDLA_CSC_DATAOUT_SIZE_0, NVDLA_PAIR(middle->width, middle->height));
	nvdla_set(port, NVDLA_CSC_DATAOUT_SIZE_1, middle->channels - 1);
	nvdla_set(port, NVDLA_CSC_ATOMICS, middle->width * middle->height - 1);
	nvdla_set(port, NVDLA_CSC_RELEASE, op->from.height - 1);
	nvdla_set(port, NVDLA_CSC_CONV_STRIDE_EXT, NVDLA_PAIR(conv->stride_x, conv->stride_y));
	nvdla_set(port, NVDLA_CSC_DILATION_EXT, NVDLA_PAIR(conv->dilation_x, conv->dilation_y));
	nvdla_set(port, NVDLA_CSC_ZERO_PADDING, conv->left | conv->top << 16);
	nvdla_set(port, NVDLA_CSC_ZERO_PADDING_VALUE, NVDLA_S16(conv->pad_value));
	nvdla_set(port, NVDLA_CSC_BANK, nvdla_conv_banks(conv));
	nvdla_set(port, NVDLA_CSC_PRA_CFG, 0);
}

static void nvdla_emit_cacc(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const struct nvdla_cube *middle = &op->middle;
	u32 map = 0;

	if (middle->width == 1 && middle->height == 1)
		map = NVDLA_MAP_LINE_PACKED | NVDLA_MAP_SURF_PACKED;
	nvdla_set(port, NVDLA_CACC_MISC_CFG, 0);
	nvdla_set(port, NVDLA_CACC_DATAOUT_SIZE_0, NVDLA_PAIR(middle->width, middle->height));
	nvdla_set(port, NVDLA_CACC_DATAOUT_SIZE_1, middle->channels - 1);
	nvdla_set(port, NVDLA_CACC_DATAOUT_ADDR, middle->address);
	nvdla_set(port, NVDLA_CACC_BATCH_NUMBER, 0);
	nvdla_set(port, NVDLA_CACC_LINE_STRIDE, NVDLA_CACC_STRIDE(middle->line_stride));
	nvdla_set(port, NVDLA_CACC_SURF_STRIDE, NVDLA_CACC_STRIDE(middle->surface_stride));
	nvdla_set(port, NVDLA_CACC_DATAOUT_MAP, map);
	nvdla_set(port, NVDLA_CACC_CLIP_CFG, op->conv->truncate);
}

void nvdla_emit_conv(const struct nvdla_op *op, const struct nvdla_port *port)
{
	nvdla_emit_cacc(op, port);
	nvdla_set(port, NVDLA_CMAC_A_MISC_CFG, 0);
	nvdla_set(port, NVDLA_CMAC_B_MISC_CFG, 0);
	nvdla_emit_csc(op, port);
	nvdla_emit_cdma(op, port);
}
