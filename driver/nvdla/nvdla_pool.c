// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "nvdla_pool.h"
#include "nvdla_regs.h"

/*
 * Bands share the columns by which a window is wider than its step. They are programmed without the
 * input and padding on the right that no window reaches: what hardware does with those in several
 * bands is not known.
 */
void nvdla_pool_plan(const struct drm_edge_nvdla_pool *pool, const struct nvdla_cube *in,
		     const struct nvdla_cube *out, struct nvdla_pool_plan *plan)
{
	const u32 reach = (out->width - 1) * pool->stride_x + pool->width;
	const bool has_middle = pool->bands > 2;

	memset(plan, 0, sizeof(*plan));
	plan->bands = 1;
	plan->width = in->width;
	plan->right = pool->right;
	if (pool->bands <= 1)
		return;
	plan->bands = pool->bands;
	plan->width = min(in->width, reach - pool->left);
	plan->right = reach - pool->left - plan->width;
	plan->first_in = (s32)((pool->first - 1) * pool->stride_x + pool->width - pool->left);
	plan->middle_in = has_middle ? (s32)(pool->middle * pool->stride_x) : 1;
	plan->last_in = (s32)(pool->last * pool->stride_x - plan->right);
	plan->partial_in =
		NVDLA_PDP_PARTIAL((u32)plan->first_in, (u32)plan->middle_in, (u32)plan->last_in);
	plan->partial_out =
		NVDLA_PDP_PARTIAL(pool->first, has_middle ? pool->middle : 1, pool->last);
}
