// SPDX-License-Identifier: GPL-2.0-only
/* The checker's view of the SDP: two stages, conversion, and where its output goes. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "nvdla_check.h"

#define NVDLA_STAGE_MEMORY (DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY)
#define NVDLA_STAGE_LAYOUT (DRM_EDGE_NVDLA_STAGE_PER_ELEMENT | DRM_EDGE_NVDLA_STAGE_TWO_BYTES)
#define NVDLA_STAGE_FLAGS \
	(DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU | DRM_EDGE_NVDLA_STAGE_MUL | \
	 DRM_EDGE_NVDLA_STAGE_PRELU | DRM_EDGE_NVDLA_STAGE_RELU | NVDLA_STAGE_MEMORY | \
	 NVDLA_STAGE_LAYOUT)

#define NVDLA_MAX_SHIFT 63

static int nvdla_check_no_stage(const struct nvdla_check *check,
				const struct drm_edge_nvdla_stage *stage)
{
	int error;

	error = nvdla_check_zeros(check, &stage->flags, 6);
	if (!error)
		error = nvdla_check_no_ref(check, &stage->operands);
	if (!error)
		error = nvdla_check_zeros(check, &stage->line_stride, 2);
	return error;
}

/* Flags that go together, and a stage that this device has. */
static int nvdla_check_stage_flags(const struct nvdla_check *check,
				   const struct drm_edge_nvdla_stage *stage, u32 feature)
{
	const u32 flags = stage->flags;

	if (flags & ~NVDLA_STAGE_FLAGS)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &stage->flags);
	if (!(check->geometry->features & feature))
		return nvdla_refuse(check, DRM_EDGE_REASON_UNSUPPORTED, &stage->flags);
	if ((flags & DRM_EDGE_NVDLA_STAGE_ALU_MEMORY && !(flags & DRM_EDGE_NVDLA_STAGE_ALU)) ||
	    (flags & DRM_EDGE_NVDLA_STAGE_MUL_MEMORY && !(flags & DRM_EDGE_NVDLA_STAGE_MUL)) ||
	    (flags & DRM_EDGE_NVDLA_STAGE_PRELU && !(flags & DRM_EDGE_NVDLA_STAGE_MUL)) ||
	    (flags & NVDLA_STAGE_LAYOUT && !(flags & NVDLA_STAGE_MEMORY)))
		return nvdla_refuse(check, DRM_EDGE_REASON_STAGE, &stage->flags);
	return 0;
}

static int nvdla_check_stage_values(const struct nvdla_check *check,
				    const struct drm_edge_nvdla_stage *stage)
{
	const u32 flags = stage->flags;
	int error;

	if (flags & DRM_EDGE_NVDLA_STAGE_ALU) {
		error = nvdla_check_u32(check, &stage->alu, 0, DRM_EDGE_NVDLA_ALU_SUM,
					DRM_EDGE_REASON_STAGE);
		if (!error)
			error = nvdla_check_u32(check, &stage->alu_shift, 0, NVDLA_MAX_SHIFT,
						DRM_EDGE_REASON_SHIFT);
	} else {
		error = nvdla_check_zeros(check, &stage->alu, 2);
	}
	if (!error)
		error = nvdla_check_u32(check, &stage->mul_shift, 0, NVDLA_MAX_SHIFT,
					DRM_EDGE_REASON_SHIFT);
	if (error)
		return error;
	if (!(flags & DRM_EDGE_NVDLA_STAGE_ALU) || flags & DRM_EDGE_NVDLA_STAGE_ALU_MEMORY)
		error = nvdla_check_zeros(check, &stage->alu_value, 1);
	else
		error = nvdla_check_s32(check, &stage->alu_value, S16_MIN, S16_MAX,
					DRM_EDGE_REASON_STAGE);
	if (error)
		return error;
	if (!(flags & DRM_EDGE_NVDLA_STAGE_MUL) || flags & DRM_EDGE_NVDLA_STAGE_MUL_MEMORY)
		return nvdla_check_zeros(check, &stage->mul_value, 1);
	return nvdla_check_s32(check, &stage->mul_value, S16_MIN, S16_MAX, DRM_EDGE_REASON_STAGE);
}

/* Operands for each element lie as a cube does, of atoms of @bytes. */
static int nvdla_check_operand_strides(const struct nvdla_check *check,
				       const struct drm_edge_nvdla_stage *stage, u32 bytes)
{
	const struct nvdla_cube *middle = &check->op->middle;

	if (stage->line_stride % check->geometry->atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &stage->line_stride);
	if (stage->surface_stride % check->geometry->atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &stage->surface_stride);
	if (stage->line_stride < middle->width * bytes)
		return nvdla_refuse(check, DRM_EDGE_REASON_STRIDE, &stage->line_stride);
	if (stage->surface_stride < (u64)stage->line_stride * middle->height)
		return nvdla_refuse(check, DRM_EDGE_REASON_STRIDE, &stage->surface_stride);
	if (middle->width == 1 && middle->height == 1) {
		if (stage->line_stride != bytes)
			return nvdla_refuse(check, DRM_EDGE_REASON_POINT, &stage->line_stride);
		if (stage->surface_stride != bytes)
			return nvdla_refuse(check, DRM_EDGE_REASON_POINT, &stage->surface_stride);
	}
	return 0;
}

static int nvdla_check_operands(struct nvdla_check *check, const struct drm_edge_nvdla_stage *stage,
				unsigned int index)
{
	struct nvdla_span *span = &check->reads[NVDLA_READ_OPERANDS + index];
	const struct nvdla_cube *middle = &check->op->middle;
	const bool both = (stage->flags & NVDLA_STAGE_MEMORY) == NVDLA_STAGE_MEMORY;
	const bool two_bytes = stage->flags & DRM_EDGE_NVDLA_STAGE_TWO_BYTES;
	const u32 bytes = check->geometry->atom * (both ? 2 : 1) * (two_bytes ? 2 : 1);
	const u32 surfaces = DIV_ROUND_UP(middle->channels, check->geometry->atom);
	int error;

	if (stage->flags & DRM_EDGE_NVDLA_STAGE_PER_ELEMENT) {
		error = nvdla_check_operand_strides(check, stage, bytes);
		span->bytes = middle->width * bytes;
		span->lines = middle->height;
		span->surfaces = surfaces;
		span->line_stride = stage->line_stride;
		span->surface_stride = stage->surface_stride;
	} else {
		error = nvdla_check_zeros(check, &stage->line_stride, 2);
		span->bytes = surfaces * bytes;
		span->lines = 1;
		span->surfaces = 1;
		span->line_stride = bytes;
		span->surface_stride = bytes;
	}
	if (!error)
		error = nvdla_check_span(check, &stage->operands, span, false);
	if (error)
		return error;
	check->op->units |= NVDLA_USES(NVDLA_UNIT_SDP_RDMA);
	check->op->operands[index] = span->start;
	check->op->operand_line_stride[index] = span->line_stride;
	check->op->operand_surface_stride[index] = span->surface_stride;
	return 0;
}

static int nvdla_check_stage(struct nvdla_check *check, const struct drm_edge_nvdla_stage *stage,
			     unsigned int index)
{
	int error;

	if (!(stage->flags & DRM_EDGE_NVDLA_STAGE_ON))
		return nvdla_check_no_stage(check, stage);
	error = nvdla_check_stage_flags(check, stage,
					index ? DRM_EDGE_NVDLA_BN : DRM_EDGE_NVDLA_BS);
	if (!error)
		error = nvdla_check_stage_values(check, stage);
	if (error)
		return error;
	if (stage->flags & NVDLA_STAGE_MEMORY)
		return nvdla_check_operands(check, stage, index);
	error = nvdla_check_no_ref(check, &stage->operands);
	if (!error)
		error = nvdla_check_zeros(check, &stage->line_stride, 2);
	return error;
}

int nvdla_check_tail(struct nvdla_check *check, const struct drm_edge_nvdla_tail *tail)
{
	int error;

	check->op->tail = tail;
	check->op->units |= NVDLA_USES(NVDLA_UNIT_SDP);
	error = nvdla_check_stage(check, &tail->bs, 0);
	if (!error)
		error = nvdla_check_stage(check, &tail->bn, 1);
	if (!error)
		error = nvdla_check_s32(check, &tail->scale, S16_MIN, S16_MAX,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_u32(check, &tail->shift, 0, NVDLA_MAX_SHIFT,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_zeros(check, &tail->pad, 1);
	return error;
}

int nvdla_check_end(struct nvdla_check *check, const u32 *flags,
		    const struct drm_edge_nvdla_pool *pool,
		    const struct drm_edge_nvdla_cube *output)
{
	struct nvdla_op *op = check->op;
	struct nvdla_cube *middle = &op->middle;
	int error;

	if (*flags & ~DRM_EDGE_NVDLA_POOL)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, flags);
	error = nvdla_check_output(check, output);
	if (error)
		return error;
	if (*flags & DRM_EDGE_NVDLA_POOL) {
		/* Strides of what nobody writes; packed, for the sake of a single point. */
		middle->line_stride = middle->width * op->atom;
		middle->surface_stride = middle->height * middle->line_stride;
		return nvdla_check_pool(check, pool, middle, output, false);
	}
	error = nvdla_check_zeros(check, pool, sizeof(*pool) / sizeof(u32));
	if (!error)
		error = nvdla_check_made(check, output, middle->width, middle->height,
					 middle->channels);
	*middle = op->to;
	return error;
}
