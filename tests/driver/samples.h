/* SPDX-License-Identifier: MIT */
/* Descriptors that the checker accepts, for tests to spoil. */
#ifndef EDGE_TEST_SAMPLES_H
#define EDGE_TEST_SAMPLES_H

#include "generate.h"

/* Buffers of sample_rig() */
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

#define SAMPLE_BYTES (1u << 21)

/* A rig with those, of SAMPLE_BYTES each. */
struct rig *sample_rig(void);

/* Checks a stream; how many operations, or the error. */
int sample_check(struct rig *rig, const void *stream, u32 size, struct edge_refusal *refusal);

/* A packed cube at the start of a buffer. */
void sample_set_cube(struct drm_edge_nvdla_cube *cube, u32 handle, u32 width, u32 height,
		     u32 channels);

/* A copy by the SDP; of windows of one point, on squares. */
void sample_make_sdp(union generate_desc *desc, u32 width, u32 height, u32 channels);
void sample_make_pdp(union generate_desc *desc, u32 in, u32 out);

/* What each is for stands where it is made. All fill in a descriptor that is zero. */
void sample_conv(union generate_desc *desc);
void sample_conv_large(union generate_desc *desc);
void sample_conv_stride(union generate_desc *desc);
void sample_conv_dilation(union generate_desc *desc);
void sample_conv_tall(union generate_desc *desc);
void sample_conv_bank_of_data(union generate_desc *desc);
void sample_conv_bank_of_weights(union generate_desc *desc);
void sample_conv_few_kernels(union generate_desc *desc);
void sample_conv_pool(union generate_desc *desc);
void sample_image(union generate_desc *desc);
void sample_image_grey(union generate_desc *desc);
void sample_image_as_it_is(union generate_desc *desc);
void sample_sdp(union generate_desc *desc);
void sample_sdp_point(union generate_desc *desc);
void sample_sdp_wide(union generate_desc *desc);
void sample_sdp_tall(union generate_desc *desc);
void sample_sdp_one_buffer(union generate_desc *desc);
void sample_sdp_stages(union generate_desc *desc);
void sample_sdp_stage_of_alu(union generate_desc *desc);
void sample_sdp_stage_of_mul(union generate_desc *desc);
void sample_sdp_channels(union generate_desc *desc);
void sample_pdp(union generate_desc *desc);
void sample_pdp_large(union generate_desc *desc);
void sample_pdp_padded(union generate_desc *desc);
void sample_pdp_stride(union generate_desc *desc);
void sample_pdp_max(union generate_desc *desc);
void sample_pdp_bands(union generate_desc *desc);
void sample_pdp_two_bands(union generate_desc *desc);
void sample_table(union generate_desc *desc);
void sample_copy(union generate_desc *desc);
void sample_copy_long(union generate_desc *desc);
void sample_copy_tall(union generate_desc *desc);

#endif
