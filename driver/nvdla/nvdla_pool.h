/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVDLA_POOL_H
#define NVDLA_POOL_H

#include "nvdla_op.h"

/**
 * struct nvdla_pool_plan - how the columns of a pooling operation are programmed
 * @bands: how many, 1 or more
 * @width: columns of the input that take part: of several bands, those that a window reaches
 * @right: columns of padding, likewise
 * @partial_in: the register of input columns of each band, 0 for one band
 * @partial_out: the register of output columns of each band, 0 for one band
 * @first_in: input columns of the first of several bands; as @middle_in and @last_in out of
 *	bounds where the register has no room for it
 * @middle_in: of those between, 1 if there are none
 * @last_in: of the last
 */
struct nvdla_pool_plan {
	u32 bands;
	u32 width;
	u32 right;
	u32 partial_in;
	u32 partial_out;
	s32 first_in;
	s32 middle_in;
	s32 last_in;
};

/**
 * nvdla_pool_plan() - works it out
 * @pool: sizes within their ranges
 * @in: the input
 * @out: the output, whose size follows from the input's
 * @plan: filled in
 */
void nvdla_pool_plan(const struct drm_edge_nvdla_pool *pool, const struct nvdla_cube *in,
		     const struct nvdla_cube *out, struct nvdla_pool_plan *plan);

#endif
