// SPDX-License-Identifier: GPL-2.0-only
/* The checker's view of convolutions. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "nvdla_check.h"
#include "nvdla_regs.h"

#define NVDLA_MAX_KERNEL 32
#define NVDLA_MAX_STRIDE 8
#define NVDLA_MAX_DILATION 32
#define NVDLA_MAX_PAD_BEFORE 31
#define NVDLA_MAX_PAD_AFTER 63
#define NVDLA_MAX_TRUNCATE 31
#define NVDLA_MAX_CONVERT_SHIFT 63

#define NVDLA_PIXEL_FLAGS (DRM_EDGE_NVDLA_PIXEL_SIGNED | DRM_EDGE_NVDLA_PIXEL_CONVERT)

static int nvdla_check_pixel(const struct nvdla_check *check,
			     const struct drm_edge_nvdla_conv *conv)
{
	const struct drm_edge_nvdla_pixel *pixel = &conv->pixel;
	const u32 channels = conv->input.channels;
	unsigned int c;
	int error;

	if (pixel->flags & ~NVDLA_PIXEL_FLAGS)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &pixel->flags);
	error = nvdla_check_u32(check, &pixel->x_offset, 0, (check->geometry->atom - 1) / channels,
				DRM_EDGE_REASON_FORMAT);
	if (error)
		return error;
	if (!(pixel->flags & DRM_EDGE_NVDLA_PIXEL_CONVERT)) {
		error = nvdla_check_zeros(check, &pixel->flags, 1);
		if (!error)
			error = nvdla_check_zeros(check, pixel->mean, 6);
		return error;
	}
	for (c = 0; c < ARRAY_SIZE(pixel->mean) && !error; c++) {
		if (c < channels)
			error = nvdla_check_s32(check, &pixel->mean[c], S16_MIN, S16_MAX,
						DRM_EDGE_REASON_SHIFT);
		else
			error = nvdla_check_zeros(check, &pixel->mean[c], 1);
	}
	if (!error)
		error = nvdla_check_s32(check, &pixel->scale, S16_MIN, S16_MAX,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_u32(check, &pixel->shift, 0, NVDLA_MAX_CONVERT_SHIFT,
					DRM_EDGE_REASON_SHIFT);
	return error;
}

/* Lines of pixels. What is fetched of each begins and ends with whole atoms. */
static int nvdla_check_image(struct nvdla_check *check, const struct drm_edge_nvdla_conv *conv)
{
	struct nvdla_span *span = &check->reads[NVDLA_READ_INPUT];
	const struct drm_edge_nvdla_cube *input = &conv->input;
	const u32 channels = conv->format == DRM_EDGE_NVDLA_R8 ? 1 : 4;
	const u32 atom = check->geometry->atom;
	struct nvdla_cube *from = &check->op->from;
	int error;

	error = nvdla_check_sizes(check, input);
	if (error)
		return error;
	if (input->channels != channels)
		return nvdla_refuse(check, DRM_EDGE_REASON_FORMAT, &input->channels);
	error = nvdla_check_zeros(check, &input->surface_stride, 1);
	if (!error)
		error = nvdla_check_pixel(check, conv);
	if (error)
		return error;
	if (input->line_stride % atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &input->line_stride);
	span->bytes = round_up((conv->pixel.x_offset + input->width) * channels, atom);
	if (input->line_stride < span->bytes)
		return nvdla_refuse(check, DRM_EDGE_REASON_STRIDE, &input->line_stride);
	span->lines = input->height;
	span->line_stride = input->line_stride;
	span->surfaces = 1;
	span->surface_stride = 0;
	error = nvdla_check_span(check, &input->at, span, false);
	if (error)
		return error;
	from->address = span->start;
	from->line_stride = input->line_stride;
	from->surface_stride = 0;
	from->width = input->width;
	from->height = input->height;
	from->channels = channels;
	return 0;
}

static int nvdla_check_conv_input(struct nvdla_check *check, const struct drm_edge_nvdla_conv *conv)
{
	int error;

	error = nvdla_check_u32(check, &conv->format, 0, DRM_EDGE_NVDLA_ABGR,
				DRM_EDGE_REASON_FORMAT);
	if (error)
		return error;
	if (conv->format == DRM_EDGE_NVDLA_FEATURE) {
		error = nvdla_check_zeros(check, &conv->pixel, sizeof(conv->pixel) / sizeof(u32));
		if (!error)
			error = nvdla_check_input(check, &conv->input);
	} else {
		error = nvdla_check_image(check, conv);
	}
	if (error)
		return error;
	return nvdla_check_u32(check, &conv->input.height, 1, NVDLA_CSC_RELEASE_MAX,
			       DRM_EDGE_REASON_SIZE);
}

static int nvdla_check_kernel(const struct nvdla_check *check,
			      const struct drm_edge_nvdla_conv *conv)
{
	const bool image = conv->format != DRM_EDGE_NVDLA_FEATURE;
	const u32 dilation = image ? 1 : NVDLA_MAX_DILATION;
	int error;

	error = nvdla_check_u32(check, &conv->kernel_width, 1, NVDLA_MAX_KERNEL,
				DRM_EDGE_REASON_KERNEL);
	if (!error)
		error = nvdla_check_u32(check, &conv->kernel_height, 1, NVDLA_MAX_KERNEL,
					DRM_EDGE_REASON_KERNEL);
	if (!error)
		error = nvdla_check_u32(check, &conv->stride_x, 1, NVDLA_MAX_STRIDE,
					DRM_EDGE_REASON_STEP);
	if (!error)
		error = nvdla_check_u32(check, &conv->stride_y, 1, NVDLA_MAX_STRIDE,
					DRM_EDGE_REASON_STEP);
	if (!error)
		error = nvdla_check_u32(check, &conv->dilation_x, 1, dilation,
					DRM_EDGE_REASON_STEP);
	if (!error)
		error = nvdla_check_u32(check, &conv->dilation_y, 1, dilation,
					DRM_EDGE_REASON_STEP);
	return error;
}

/* What a kernel spans, with the gaps of its dilation. */
static u32 nvdla_kernel_reach(u32 size, u32 dilation)
{
	return (size - 1) * dilation + 1;
}

static int nvdla_check_padding(const struct nvdla_check *check,
			       const struct drm_edge_nvdla_conv *conv)
{
	const u32 x = nvdla_kernel_reach(conv->kernel_width, conv->dilation_x) - 1;
	const u32 y = nvdla_kernel_reach(conv->kernel_height, conv->dilation_y) - 1;
	int error;

	error = nvdla_check_u32(check, &conv->left, 0, min_t(u32, x, NVDLA_MAX_PAD_BEFORE),
				DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &conv->right, 0, min_t(u32, x, NVDLA_MAX_PAD_AFTER),
					DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &conv->top, 0, min_t(u32, y, NVDLA_MAX_PAD_BEFORE),
					DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &conv->bottom, 0, min_t(u32, y, NVDLA_MAX_PAD_AFTER),
					DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_s32(check, &conv->pad_value, S8_MIN, S8_MAX,
					DRM_EDGE_REASON_PADDING);
	return error;
}

/* That @out windows fit, but not one more. */
static bool nvdla_makes(u32 padded, u32 reach, u32 stride, u32 out)
{
	return padded >= reach && out == (padded - reach) / stride + 1;
}

static int nvdla_check_conv_sizes(const struct nvdla_check *check,
				  const struct drm_edge_nvdla_conv *conv)
{
	const u32 x = nvdla_kernel_reach(conv->kernel_width, conv->dilation_x);
	const u32 y = nvdla_kernel_reach(conv->kernel_height, conv->dilation_y);
	int error;

	error = nvdla_check_u32(check, &conv->width, 1, NVDLA_MAX_SIZE, DRM_EDGE_REASON_SIZE);
	if (!error)
		error = nvdla_check_u32(check, &conv->height, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_SIZE);
	if (error)
		return error;
	if (!nvdla_makes(conv->left + conv->input.width + conv->right, x, conv->stride_x,
			 conv->width))
		return nvdla_refuse(check, DRM_EDGE_REASON_OUTPUT, &conv->width);
	if (!nvdla_makes(conv->top + conv->input.height + conv->bottom, y, conv->stride_y,
			 conv->height))
		return nvdla_refuse(check, DRM_EDGE_REASON_OUTPUT, &conv->height);
	return 0;
}

/*
 * The convolution buffer holds the whole input and at least one group of kernels. With that, the
 * fields of entries (14 bits), outputs (21 bits) and a kernel's bytes (18 bits) are large enough.
 */
static int nvdla_check_banks(const struct nvdla_check *check,
			     const struct drm_edge_nvdla_conv *conv)
{
	const struct nvdla_geometry *geometry = check->geometry;
	const struct drm_edge_nvdla_cube *input = &conv->input;
	const u64 bank = (u64)geometry->cbuf_depth * geometry->cbuf_width;
	const u64 kernel = (u64)conv->kernel_width * conv->kernel_height * input->channels;
	const u32 kernels = min(conv->output.channels, geometry->atomic_k);
	u64 entries;
	int error;

	error = nvdla_check_u32(check, &conv->data_banks, 1, geometry->cbuf_banks - 1,
				DRM_EDGE_REASON_BANKS);
	if (!error)
		error = nvdla_check_u32(check, &conv->weight_banks, 1,
					geometry->cbuf_banks - conv->data_banks,
					DRM_EDGE_REASON_BANKS);
	if (error)
		return error;
	if (conv->format == DRM_EDGE_NVDLA_FEATURE)
		entries = (u64)input->width * DIV_ROUND_UP(input->channels, geometry->atomic_c);
	else
		entries = DIV_ROUND_UP((conv->left + input->width + conv->right) * input->channels,
				       geometry->cbuf_width);
	if (entries * input->height > (u64)conv->data_banks * geometry->cbuf_depth)
		return nvdla_refuse(check, DRM_EDGE_REASON_DATA_BANKS, &conv->data_banks);
	if (kernels * kernel > conv->weight_banks * bank)
		return nvdla_refuse(check, DRM_EDGE_REASON_WEIGHT_BANKS, &conv->weight_banks);
	check->op->entries = (u32)entries;
	return 0;
}

/* Hardware counts weights in entries of the buffer; other numbers shift those that come next. */
static int nvdla_check_weights(struct nvdla_check *check, const struct drm_edge_nvdla_conv *conv)
{
	struct nvdla_span *span = &check->reads[NVDLA_READ_WEIGHTS];
	int error;

	span->bytes = round_up(conv->kernel_width * conv->kernel_height * conv->input.channels *
				       conv->output.channels,
			       check->geometry->cbuf_width);
	span->lines = 1;
	span->surfaces = 1;
	error = nvdla_check_span(check, &conv->weights, span, false);
	if (error)
		return error;
	check->op->weights = span->start;
	check->op->weight_bytes = span->bytes;
	return 0;
}

int nvdla_check_conv(struct nvdla_check *check)
{
	const struct drm_edge_nvdla_conv *conv = check->desc;
	struct nvdla_op *op = check->op;
	int error;

	op->name = "convolution";
	op->conv = conv;
	op->units = NVDLA_USES(NVDLA_UNIT_CONV);
	op->final = NVDLA_UNIT_SDP;
	error = nvdla_check_conv_input(check, conv);
	if (!error)
		error = nvdla_check_kernel(check, conv);
	if (!error)
		error = nvdla_check_padding(check, conv);
	if (!error)
		error = nvdla_check_conv_sizes(check, conv);
	if (!error)
		error = nvdla_check_u32(check, &conv->truncate, 0, NVDLA_MAX_TRUNCATE,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_sizes(check, &conv->output);
	if (!error)
		error = nvdla_check_banks(check, conv);
	if (!error)
		error = nvdla_check_weights(check, conv);
	if (error)
		return error;
	op->middle.width = conv->width;
	op->middle.height = conv->height;
	op->middle.channels = conv->output.channels;
	error = nvdla_check_tail(check, &conv->tail);
	if (!error)
		error = nvdla_check_end(check, &conv->flags, &conv->pool, &conv->output);
	return error;
}
