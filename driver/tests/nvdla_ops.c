// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>

#include "nvdla_ops.h"

static int find(void *opaque, u32 handle, bool write, struct edge_buffer *buffer)
{
	if (!handle || handle >= BUFFERS)
		return -ENOENT;
	buffer->size = BUFFER_SIZE;
	buffer->address = BUFFER_ADDRESS(handle);
	buffer->readable = handle != BUFFER_WRITTEN;
	buffer->writable = handle != BUFFER_READ;
	return 0;
}

const struct edge_buffers nvdla_test_buffers = { .find = find };

const struct nvdla_geometry nvdla_test_geometry = {
	.atomic_c = 8,
	.atomic_k = 8,
	.atom = 8,
	.cbuf_banks = 32,
	.cbuf_width = 8,
	.cbuf_depth = 512,
	.features = DRM_EDGE_NVDLA_BS | DRM_EDGE_NVDLA_BN | DRM_EDGE_NVDLA_PDP | DRM_EDGE_NVDLA_CDP,
	.pdp_line = 128,
};

/* A packed cube of 4 by 4 values of 8 channels */
#define CUBE(handle_) \
	{ \
		.at = { .handle = handle_ }, .width = 4, .height = 4, .channels = 8, \
		.line_stride = 32, .surface_stride = 128, \
	}

const union nvdla_desc nvdla_test_conv = {
	.conv = {
		.op = { DRM_EDGE_OP_NVDLA_CONV, sizeof(struct drm_edge_nvdla_conv) },
		.input = CUBE(BUFFER_BOTH),
		.weights.handle = BUFFER_READ,
		.kernel_width = 1,
		.kernel_height = 1,
		.stride_x = 1,
		.stride_y = 1,
		.dilation_x = 1,
		.dilation_y = 1,
		.data_banks = 1,
		.weight_banks = 1,
		.width = 4,
		.height = 4,
		.tail.scale = 1,
		.output = CUBE(BUFFER_WRITTEN),
	},
};

const union nvdla_desc nvdla_test_sdp = {
	.sdp = {
		.op = { DRM_EDGE_OP_NVDLA_SDP, sizeof(struct drm_edge_nvdla_sdp) },
		.input = CUBE(BUFFER_BOTH),
		.tail.scale = 1,
		.output = CUBE(BUFFER_WRITTEN),
	},
};

const union nvdla_desc nvdla_test_pdp = {
	.pdp = {
		.op = { DRM_EDGE_OP_NVDLA_PDP, sizeof(struct drm_edge_nvdla_pdp) },
		.input = CUBE(BUFFER_BOTH),
		.output = {
			.at.handle = BUFFER_WRITTEN,
			.width = 2,
			.height = 2,
			.channels = 8,
			.line_stride = 16,
			.surface_stride = 32,
		},
		.pool = {
			.method = DRM_EDGE_NVDLA_POOL_MAX,
			.width = 2,
			.height = 2,
			.stride_x = 2,
			.stride_y = 2,
		},
	},
};

const union nvdla_desc nvdla_test_table = {
	.table = {
		.op = { DRM_EDGE_OP_NVDLA_TABLE, sizeof(struct drm_edge_nvdla_table) },
		.input = CUBE(BUFFER_BOTH),
		.output = CUBE(BUFFER_WRITTEN),
		.scale = 1,
	},
};

const union nvdla_desc nvdla_test_copy = {
	.copy = {
		.op = { DRM_EDGE_OP_NVDLA_COPY, sizeof(struct drm_edge_nvdla_copy) },
		.from.handle = BUFFER_BOTH,
		.to.handle = BUFFER_WRITTEN,
		.line_bytes = 64,
		.lines = 4,
		.from_stride = 64,
		.to_stride = 128,
	},
};
