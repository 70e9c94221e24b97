// SPDX-License-Identifier: GPL-2.0-only
/* The checker's view of the PDP. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "nvdla_check.h"
#include "nvdla_pool.h"
#include "nvdla_regs.h"

#define NVDLA_MAX_WINDOW 8
#define NVDLA_MAX_POOL_STRIDE 16
#define NVDLA_MAX_POOL_PAD 7
#define NVDLA_MAX_BANDS 256
#define NVDLA_MAX_RECIPROCAL 0x1ffff

static int nvdla_check_window(const struct nvdla_check *check,
			      const struct drm_edge_nvdla_pool *pool)
{
	const u32 right = min_t(u32, NVDLA_MAX_POOL_PAD, pool->width - 1);
	const u32 bottom = min_t(u32, NVDLA_MAX_POOL_PAD, pool->height - 1);
	int error;

	error = nvdla_check_u32(check, &pool->width, 1, NVDLA_MAX_WINDOW, DRM_EDGE_REASON_KERNEL);
	if (!error)
		error = nvdla_check_u32(check, &pool->height, 1, NVDLA_MAX_WINDOW,
					DRM_EDGE_REASON_KERNEL);
	if (!error)
		error = nvdla_check_u32(check, &pool->stride_x, 1, NVDLA_MAX_POOL_STRIDE,
					DRM_EDGE_REASON_STEP);
	if (!error)
		error = nvdla_check_u32(check, &pool->stride_y, 1, NVDLA_MAX_POOL_STRIDE,
					DRM_EDGE_REASON_STEP);
	if (!error)
		error = nvdla_check_u32(check, &pool->left, 0, right, DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &pool->right, 0, right, DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &pool->top, 0, bottom, DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &pool->bottom, 0, bottom, DRM_EDGE_REASON_PADDING);
	return error;
}

static int nvdla_check_method(const struct nvdla_check *check,
			      const struct drm_edge_nvdla_pool *pool)
{
	int error;

	error = nvdla_check_u32(check, &pool->method, 0, DRM_EDGE_NVDLA_POOL_MIN,
				DRM_EDGE_REASON_RESERVED);
	if (error)
		return error;
	if (pool->method != DRM_EDGE_NVDLA_POOL_AVERAGE)
		return nvdla_check_zeros(check, &pool->pad_value, 3);
	error = nvdla_check_s32(check, &pool->pad_value, S8_MIN, S8_MAX, DRM_EDGE_REASON_PADDING);
	if (!error)
		error = nvdla_check_u32(check, &pool->reciprocal_x, 0, NVDLA_MAX_RECIPROCAL,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_u32(check, &pool->reciprocal_y, 0, NVDLA_MAX_RECIPROCAL,
					DRM_EDGE_REASON_SHIFT);
	return error;
}

/* How many windows of @width fit, @stride apart; 0 for none. */
static u32 nvdla_windows(u32 padded, u32 width, u32 stride)
{
	return padded < width ? 0 : (padded - width) / stride + 1;
}

/* Columns of an output line: lines of windows that overlap share the buffer, by powers of two. */
static u32 nvdla_widest_output(const struct nvdla_check *check,
			       const struct drm_edge_nvdla_pool *pool)
{
	const u32 overlap = DIV_ROUND_UP(pool->height, pool->stride_y);
	u32 lines = 1;

	while (lines < overlap)
		lines *= 2;
	return check->geometry->pdp_line / lines;
}

static int nvdla_check_band(const struct nvdla_check *check, const u32 *out, s32 in, u32 widest)
{
	if (*out > widest)
		return nvdla_refuse(check, DRM_EDGE_REASON_POOL_WIDTH, out);
	if (in < 1 || in > NVDLA_PDP_PARTIAL_MAX)
		return nvdla_refuse(check, DRM_EDGE_REASON_BANDS, out);
	return 0;
}

static int nvdla_check_bands(const struct nvdla_check *check,
			     const struct drm_edge_nvdla_pool *pool, const struct nvdla_cube *in)
{
	const u32 widest = nvdla_widest_output(check, pool);
	const u32 between = pool->bands - 2;
	struct nvdla_pool_plan plan;
	int error;

	/* What is wider than any line buffer would be too much for the plan. */
	error = nvdla_check_u32(check, &pool->first, 1, NVDLA_MAX_SIZE, DRM_EDGE_REASON_BANDS);
	if (!error && between)
		error = nvdla_check_u32(check, &pool->middle, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_BANDS);
	else if (!error)
		error = nvdla_check_zeros(check, &pool->middle, 1);
	if (!error)
		error = nvdla_check_u32(check, &pool->last, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_BANDS);
	if (error)
		return error;
	if (pool->first + between * pool->middle + pool->last != check->op->to.width)
		return nvdla_refuse(check, DRM_EDGE_REASON_BANDS, &pool->bands);
	nvdla_pool_plan(pool, in, &check->op->to, &plan);
	error = nvdla_check_band(check, &pool->first, plan.first_in, widest);
	if (!error && between)
		error = nvdla_check_band(check, &pool->middle, plan.middle_in, widest);
	if (!error)
		error = nvdla_check_band(check, &pool->last, plan.last_in, widest);
	return error;
}

static int nvdla_check_windows(const struct nvdla_check *check,
			       const struct drm_edge_nvdla_pool *pool, const struct nvdla_cube *in,
			       const struct drm_edge_nvdla_cube *output)
{
	const u32 width = pool->left + in->width + pool->right;
	const u32 height = pool->top + in->height + pool->bottom;

	return nvdla_check_made(check, output, nvdla_windows(width, pool->width, pool->stride_x),
				nvdla_windows(height, pool->height, pool->stride_y), in->channels);
}

int nvdla_check_pool(struct nvdla_check *check, const struct drm_edge_nvdla_pool *pool,
		     const struct nvdla_cube *in, const struct drm_edge_nvdla_cube *output,
		     bool bands)
{
	int error;

	if (!(check->geometry->features & DRM_EDGE_NVDLA_PDP))
		return nvdla_refuse(check, DRM_EDGE_REASON_UNSUPPORTED, &pool->method);
	error = nvdla_check_window(check, pool);
	if (!error)
		error = nvdla_check_method(check, pool);
	if (!error)
		error = nvdla_check_windows(check, pool, in, output);
	if (!error)
		error = nvdla_check_u32(check, &pool->bands, 0, bands ? NVDLA_MAX_BANDS : 1,
					DRM_EDGE_REASON_BANDS);
	if (error)
		return error;
	check->op->pool = pool;
	check->op->units |= NVDLA_USES(NVDLA_UNIT_PDP);
	check->op->final = NVDLA_UNIT_PDP;
	if (pool->bands > 1)
		return nvdla_check_bands(check, pool, in);
	error = nvdla_check_zeros(check, &pool->first, 3);
	if (!error && output->width > nvdla_widest_output(check, pool))
		error = nvdla_refuse(check, DRM_EDGE_REASON_POOL_WIDTH, &output->width);
	return error;
}
