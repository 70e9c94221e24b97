/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_TESTS_NVDLA_OPS_H
#define EDGE_TESTS_NVDLA_OPS_H

#include "../nvdla/nvdla_op.h"

/* Buffers that descriptors may name, each in a megabyte of its own. */
enum nvdla_test_buffer {
	BUFFER_BOTH = 1, /* read and written */
	BUFFER_READ, /* only read */
	BUFFER_WRITTEN, /* only written */
	BUFFERS,
};

#define BUFFER_SIZE 0x100000u
#define BUFFER_ADDRESS(handle) (BUFFER_SIZE * (handle))

extern const struct edge_buffers nvdla_test_buffers;
extern const struct nvdla_geometry nvdla_test_geometry;

/* A descriptor of any type */
union nvdla_desc {
	struct drm_edge_op op;
	struct drm_edge_nvdla_conv conv;
	struct drm_edge_nvdla_sdp sdp;
	struct drm_edge_nvdla_pdp pdp;
	struct drm_edge_nvdla_table table;
	struct drm_edge_nvdla_copy copy;
	u32 words[256];
};

/* Good ones, of 4 by 4 values of 8 channels, from BUFFER_BOTH to BUFFER_WRITTEN. */
extern const union nvdla_desc nvdla_test_conv;
extern const union nvdla_desc nvdla_test_sdp;
extern const union nvdla_desc nvdla_test_pdp;
extern const union nvdla_desc nvdla_test_table;
extern const union nvdla_desc nvdla_test_copy;

#endif
