// SPDX-License-Identifier: MIT
#include "ops.h"

#define KERNEL 3
#define PAD 1
#define BANK_BYTES 4096
#define BANKS 32

struct drm_edge_nvdla_cube cube(const struct bo *bo, uint64_t offset, uint32_t width,
				uint32_t height, uint32_t channels)
{
	struct drm_edge_nvdla_cube cube = {
		.at = { .handle = bo->handle, .offset = offset },
		.width = width,
		.height = height,
		.channels = channels,
		.line_stride = width * ATOM,
		.surface_stride = width * height * ATOM,
	};

	return cube;
}

uint64_t cube_at(const struct drm_edge_nvdla_cube *cube, uint32_t c, uint32_t y, uint32_t x)
{
	return cube->at.offset + (uint64_t)(c / ATOM) * cube->surface_stride +
	       (uint64_t)y * cube->line_stride + x * ATOM + c % ATOM;
}

struct drm_edge_nvdla_copy copy_op(const struct bo *from, uint64_t from_offset, const struct bo *to,
				   uint64_t to_offset, uint32_t bytes)
{
	struct drm_edge_nvdla_copy copy = {
		.op = { DRM_EDGE_OP_NVDLA_COPY, sizeof(copy) },
		.from = { .handle = from->handle, .offset = from_offset },
		.to = { .handle = to->handle, .offset = to_offset },
		.line_bytes = bytes,
		.lines = 1,
		.from_stride = bytes,
		.to_stride = bytes,
	};

	return copy;
}

struct drm_edge_nvdla_copy smallest_op(const struct bo *bo, uint64_t to)
{
	return copy_op(bo, 0, bo, to, ATOM);
}

struct drm_edge_nvdla_conv conv_op(struct drm_edge_nvdla_cube input, const struct bo *weights,
				   struct drm_edge_nvdla_cube output, uint32_t shift)
{
	const uint32_t weight_bytes = ATOM * input.channels * KERNEL * KERNEL;
	struct drm_edge_nvdla_conv conv = {
		.op = { DRM_EDGE_OP_NVDLA_CONV, sizeof(conv) },
		.format = DRM_EDGE_NVDLA_FEATURE,
		.input = input,
		.weights = { .handle = weights->handle },
		.kernel_width = KERNEL,
		.kernel_height = KERNEL,
		.stride_x = 1,
		.stride_y = 1,
		.dilation_x = 1,
		.dilation_y = 1,
		.left = PAD,
		.right = PAD,
		.top = PAD,
		.bottom = PAD,
		.weight_banks = (weight_bytes + BANK_BYTES - 1) / BANK_BYTES,
		.width = input.width,
		.height = input.height,
		.tail = { .scale = 1, .shift = shift },
		.output = output,
	};

	conv.data_banks = BANKS - conv.weight_banks;
	return conv;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t conv_weight_at(const struct drm_edge_nvdla_conv *conv, uint32_t k, uint32_t c, uint32_t y,
			uint32_t x)
{
	const uint32_t channels = conv->input.channels, area = KERNEL * KERNEL;
	const uint32_t group = k / ATOM * ATOM, block = c / ATOM * ATOM;
	const uint32_t kernels = smaller(conv->output.channels - group, ATOM);
	const uint32_t block_channels = smaller(channels - block, ATOM);

	return group * channels * area + kernels * block * area +
	       ((y * KERNEL + x) * kernels + k - group) * block_channels + c - block;
}

/* Halves away from zero. */
static int64_t shift_right(int64_t value, uint32_t shift)
{
	const int64_t half = shift ? INT64_C(1) << (shift - 1) : 0;

	return value < 0 ? -((-value + half) >> shift) : (value + half) >> shift;
}

static int8_t saturate(int64_t value)
{
	return value < -128 ? -128 : value > 127 ? 127 : (int8_t)value;
}

int8_t conv_expected(const struct drm_edge_nvdla_conv *conv, const uint8_t *input,
		     const uint8_t *weights, uint32_t k, uint32_t y, uint32_t x)
{
	int64_t sum = 0;

	for (uint32_t c = 0; c < conv->input.channels; c++) {
		for (uint32_t i = 0; i < KERNEL * KERNEL; i++) {
			const uint32_t from_y = y + i / KERNEL - PAD, from_x = x + i % KERNEL - PAD;

			if (from_y >= conv->input.height || from_x >= conv->input.width)
				continue;
			sum += (int8_t)input[cube_at(&conv->input, c, from_y, from_x)] *
			       (int8_t)weights[conv_weight_at(conv, k, c, i / KERNEL, i % KERNEL)];
		}
	}
	return saturate(shift_right(sum, conv->tail.shift));
}

struct drm_edge_nvdla_sdp add_relu_op(struct drm_edge_nvdla_cube input,
				      struct drm_edge_nvdla_cube other,
				      struct drm_edge_nvdla_cube output)
{
	struct drm_edge_nvdla_sdp sdp = {
		.op = { DRM_EDGE_OP_NVDLA_SDP, sizeof(sdp) },
		.input = input,
		.tail = {
			.bs = {
				.flags = DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU |
					 DRM_EDGE_NVDLA_STAGE_RELU |
					 DRM_EDGE_NVDLA_STAGE_ALU_MEMORY |
					 DRM_EDGE_NVDLA_STAGE_PER_ELEMENT,
				.alu = DRM_EDGE_NVDLA_ALU_SUM,
				.operands = other.at,
				.line_stride = other.line_stride,
				.surface_stride = other.surface_stride,
			},
			.scale = 1,
		},
		.output = output,
	};

	return sdp;
}

struct drm_edge_nvdla_pdp max_pool_op(struct drm_edge_nvdla_cube input,
				      struct drm_edge_nvdla_cube output)
{
	struct drm_edge_nvdla_pdp pdp = {
		.op = { DRM_EDGE_OP_NVDLA_PDP, sizeof(pdp) },
		.input = input,
		.output = output,
		.pool = {
			.method = DRM_EDGE_NVDLA_POOL_MAX,
			.width = 2,
			.height = 2,
			.stride_x = 2,
			.stride_y = 2,
		},
	};

	return pdp;
}

struct drm_edge_nvdla_table table_op(struct drm_edge_nvdla_cube input,
				     struct drm_edge_nvdla_cube output, int (*function)(int value))
{
	struct drm_edge_nvdla_table table = {
		.op = { DRM_EDGE_OP_NVDLA_TABLE, sizeof(table) },
		.input = input,
		.output = output,
		.scale = 1,
	};

	for (int i = 0; i < 257; i++)
		table.values[i] = (int16_t)function(i - 128);
	return table;
}

uint32_t next_random(uint64_t *state)
{
	/* Knuth's MMIX generator; its upper bits are the good ones. */
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 32);
}

void fill(uint8_t *bytes, size_t size, uint32_t seed)
{
	uint64_t state = seed;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(next_random(&state) >> 8);
}
