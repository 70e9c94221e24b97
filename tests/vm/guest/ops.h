/* SPDX-License-Identifier: MIT */
/* Small operations of NVDLA, and what they must give, computed here from the definition. */
#ifndef OPS_H
#define OPS_H

#include "accel.h"

#define ATOM 8

/* A packed cube in a buffer. */
struct drm_edge_nvdla_cube cube(const struct bo *bo, uint64_t offset, uint32_t width,
				uint32_t height, uint32_t channels);
/* Where a value lies, from the start of the buffer. */
uint64_t cube_at(const struct drm_edge_nvdla_cube *cube, uint32_t c, uint32_t y, uint32_t x);

struct drm_edge_nvdla_copy copy_op(const struct bo *from, uint64_t from_offset, const struct bo *to,
				   uint64_t to_offset, uint32_t bytes);

/* The smallest job there is: copies an atom from @bo's start to @to, in the same buffer. */
struct drm_edge_nvdla_copy smallest_op(const struct bo *bo, uint64_t to);

/* A convolution of 3 x 3 with padding of 1, its sums shifted right by @shift. */
struct drm_edge_nvdla_conv conv_op(struct drm_edge_nvdla_cube input, const struct bo *weights,
				   struct drm_edge_nvdla_cube output, uint32_t shift);
/* Place of a weight in the buffer. */
uint32_t conv_weight_at(const struct drm_edge_nvdla_conv *conv, uint32_t k, uint32_t c, uint32_t y,
			uint32_t x);
int8_t conv_expected(const struct drm_edge_nvdla_conv *conv, const uint8_t *input,
		     const uint8_t *weights, uint32_t k, uint32_t y, uint32_t x);

/* Sum of @input and, for each element, of @other, no less than zero. @other equals @input but for its place. */
struct drm_edge_nvdla_sdp add_relu_op(struct drm_edge_nvdla_cube input,
				      struct drm_edge_nvdla_cube other,
				      struct drm_edge_nvdla_cube output);

/* The largest of each 2 x 2. */
struct drm_edge_nvdla_pdp max_pool_op(struct drm_edge_nvdla_cube input,
				      struct drm_edge_nvdla_cube output);

/* function(value) of each value. */
struct drm_edge_nvdla_table table_op(struct drm_edge_nvdla_cube input,
				     struct drm_edge_nvdla_cube output, int (*function)(int value));

/* Bytes that look like nothing in particular, the same for a @seed each time. */
void fill(uint8_t *bytes, size_t size, uint32_t seed);
uint32_t next_random(uint64_t *state);

#endif
