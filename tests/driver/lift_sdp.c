// SPDX-License-Identifier: MIT
/* Registers of the SDP and the PDP, which many operations end with. */
#include "lift_unit.h"

#include <linux/types.h>
#include <string.h>

#include "nvdla/nvdla_regs.h"

/* The numbers of a stage, without where its operands in memory are. */
static void lift_stage(struct lift_registers *registers, uint32_t at,
		       struct drm_edge_nvdla_stage *stage)
{
	const uint32_t cfg = lift_get(registers, at);
	const uint32_t alu = lift_get(registers, at + NVDLA_SDP_STAGE_ALU_CFG);
	const uint32_t mul = lift_get(registers, at + NVDLA_SDP_STAGE_MUL_CFG);

	if (cfg & NVDLA_SDP_STAGE_BYPASS)
		return;
	stage->flags = DRM_EDGE_NVDLA_STAGE_ON;
	stage->mul_shift = lift_field(mul, 13, 8);
	if (!(cfg & NVDLA_SDP_STAGE_RELU_BYPASS))
		stage->flags |= DRM_EDGE_NVDLA_STAGE_RELU;
	if (!(cfg & NVDLA_SDP_STAGE_ALU_BYPASS)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_ALU;
		stage->alu = lift_field(cfg, 3, 2);
		stage->alu_shift = lift_field(alu, 13, 8);
		if (alu & NVDLA_SDP_STAGE_FROM_MEMORY)
			stage->flags |= DRM_EDGE_NVDLA_STAGE_ALU_MEMORY;
		else
			stage->alu_value =
				(int16_t)lift_get(registers, at + NVDLA_SDP_STAGE_ALU_VALUE);
	}
	if (!(cfg & NVDLA_SDP_STAGE_MUL_BYPASS)) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_MUL;
		if (cfg & NVDLA_SDP_STAGE_PRELU)
			stage->flags |= DRM_EDGE_NVDLA_STAGE_PRELU;
		if (mul & NVDLA_SDP_STAGE_FROM_MEMORY)
			stage->flags |= DRM_EDGE_NVDLA_STAGE_MUL_MEMORY;
		else
			stage->mul_value =
				(int16_t)lift_get(registers, at + NVDLA_SDP_STAGE_MUL_VALUE);
	}
}

/* Operands of @bytes for each atom of @cube; @cfg is where the registers of what reads them begin. */
static void lift_places(struct lift_registers *registers, struct lift_op *op, uint32_t cfg,
			struct drm_edge_nvdla_stage *stage, const struct drm_edge_nvdla_cube *cube,
			uint32_t bytes)
{
	const uint32_t address = lift_get(registers, cfg + NVDLA_SDP_RDMA_OPERAND_ADDR_LOW);
	const uint64_t surfaces = (cube->channels + LIFT_ATOM - 1) / LIFT_ATOM;

	if (!(lift_get(registers, cfg) & NVDLA_SDP_RDMA_OPERAND_PER_ELEMENT)) {
		lift_add_ref(op, &stage->operands, address, surfaces * bytes);
		return;
	}
	stage->flags |= DRM_EDGE_NVDLA_STAGE_PER_ELEMENT;
	stage->line_stride = lift_get(registers, cfg + NVDLA_SDP_RDMA_OPERAND_LINE_STRIDE);
	stage->surface_stride = lift_get(registers, cfg + NVDLA_SDP_RDMA_OPERAND_SURFACE_STRIDE);
	if (cube->height == 1)
		stage->line_stride = cube->width * bytes;
	if (surfaces == 1)
		stage->surface_stride = stage->line_stride * cube->height;
	lift_add_ref(op, &stage->operands, address,
		     (surfaces - 1) * stage->surface_stride +
			     (uint64_t)(cube->height - 1) * stage->line_stride +
			     cube->width * bytes);
}

static const char *lift_operands(struct lift_registers *registers, struct lift_op *op, uint32_t cfg,
				 struct drm_edge_nvdla_stage *stage,
				 const struct drm_edge_nvdla_cube *cube)
{
	const bool alu = stage->flags & DRM_EDGE_NVDLA_STAGE_ALU_MEMORY;
	const bool mul = stage->flags & DRM_EDGE_NVDLA_STAGE_MUL_MEMORY;
	const uint32_t memory = lift_get(registers, cfg);
	const uint32_t use = alu && mul ? NVDLA_SDP_RDMA_USE_BOTH
			     : alu	? NVDLA_SDP_RDMA_USE_ALU
					: NVDLA_SDP_RDMA_USE_MUL;
	uint32_t bytes = LIFT_ATOM * (alu + mul);

	if (!bytes)
		return NULL;
	if (memory & NVDLA_SDP_RDMA_OPERAND_DISABLE || lift_field(memory, 2, 1) != use)
		return "operands are read that are not used, or used and not read";
	if (memory & NVDLA_SDP_RDMA_OPERAND_TWO_BYTES) {
		stage->flags |= DRM_EDGE_NVDLA_STAGE_TWO_BYTES;
		bytes *= 2;
	}
	lift_places(registers, op, cfg, stage, cube, bytes);
	return NULL;
}

/* @cube: sizes of what the SDP works on */
const char *lift_tail(struct lift_registers *registers, struct lift_op *op,
		      struct drm_edge_nvdla_tail *tail, const struct drm_edge_nvdla_cube *cube)
{
	const char *obstacle;

	lift_stage(registers, NVDLA_SDP_BS_CFG, &tail->bs);
	lift_stage(registers, NVDLA_SDP_BN_CFG, &tail->bn);
	obstacle = lift_operands(registers, op, NVDLA_SDP_RDMA_BRDMA_CFG, &tail->bs, cube);
	if (!obstacle)
		obstacle = lift_operands(registers, op, NVDLA_SDP_RDMA_NRDMA_CFG, &tail->bn, cube);
	if (!(lift_get(registers, NVDLA_SDP_EW_CFG) & NVDLA_SDP_STAGE_BYPASS))
		obstacle = "a third stage of the SDP";
	tail->offset = (int32_t)lift_get(registers, NVDLA_SDP_CVT_OFFSET);
	tail->scale = (int16_t)lift_get(registers, NVDLA_SDP_CVT_SCALE);
	tail->shift = lift_field(lift_get(registers, NVDLA_SDP_CVT_SHIFT), 5, 0);
	return obstacle;
}

const char *lift_pool(struct lift_registers *registers, struct drm_edge_nvdla_pool *pool)
{
	const uint32_t kernel = lift_get(registers, NVDLA_PDP_POOLING_KERNEL_CFG);
	const uint32_t pad = lift_get(registers, NVDLA_PDP_POOLING_PADDING_CFG);
	const uint32_t mode = lift_get(registers, NVDLA_PDP_OPERATION_MODE_CFG);
	const uint32_t out = lift_get(registers, NVDLA_PDP_PARTIAL_WIDTH_OUT);

	pool->method = lift_field(mode, 1, 0);
	pool->width = lift_field(kernel, 3, 0) + 1;
	pool->height = lift_field(kernel, 11, 8) + 1;
	pool->stride_x = lift_field(kernel, 19, 16) + 1;
	pool->stride_y = lift_field(kernel, 23, 20) + 1;
	pool->left = lift_field(pad, 2, 0);
	pool->top = lift_field(pad, 6, 4);
	pool->right = lift_field(pad, 10, 8);
	pool->bottom = lift_field(pad, 14, 12);
	if (pool->method == DRM_EDGE_NVDLA_POOL_AVERAGE) {
		pool->reciprocal_x =
			lift_field(lift_get(registers, NVDLA_PDP_RECIP_KERNEL_WIDTH), 16, 0);
		pool->reciprocal_y =
			lift_field(lift_get(registers, NVDLA_PDP_RECIP_KERNEL_HEIGHT), 16, 0);
		pool->pad_value =
			lift_signed(lift_get(registers, NVDLA_PDP_POOLING_PADDING_VALUE(1)), 18);
		for (int n = 2; n <= NVDLA_PDP_PADDING_VALUES; n++) {
			const uint32_t at = NVDLA_PDP_POOLING_PADDING_VALUE(n);

			if (lift_signed(lift_get(registers, at), 18) != n * pool->pad_value)
				return "padding that counts unevenly";
		}
	}
	pool->bands = lift_field(mode, 15, 8) + 1;
	if (pool->bands > 1) {
		pool->first = lift_field(out, 9, 0) + 1;
		pool->last = lift_field(out, 19, 10) + 1;
		pool->middle = pool->bands > 2 ? lift_field(out, 29, 20) + 1 : 0;
	}
	return NULL;
}

void lift_pdp_output(struct lift_registers *registers, struct lift_op *op,
		     struct drm_edge_nvdla_cube *output)
{
	lift_set_sizes(output, lift_size(registers, NVDLA_PDP_OUT_WIDTH),
		       lift_size(registers, NVDLA_PDP_OUT_HEIGHT),
		       lift_size(registers, NVDLA_PDP_OUT_CHANNEL));
	lift_add_cube(op, output, lift_get(registers, NVDLA_PDP_DST_ADDR_LOW),
		      lift_get(registers, NVDLA_PDP_DST_LINE_STRIDE),
		      lift_get(registers, NVDLA_PDP_DST_SURFACE_STRIDE));
}

/* Where the SDP's output goes in the end. */
const char *lift_end(struct lift_registers *registers, struct lift_op *op, uint32_t *flags,
		     struct drm_edge_nvdla_cube *output, struct drm_edge_nvdla_pool *pool)
{
	if (lift_get(registers, NVDLA_SDP_FEATURE_MODE_CFG) & NVDLA_SDP_FEATURE_TO_PDP) {
		*flags = DRM_EDGE_NVDLA_POOL;
		lift_pdp_output(registers, op, output);
		return lift_pool(registers, pool);
	}
	lift_set_sizes(output, lift_size(registers, NVDLA_SDP_WIDTH),
		       lift_size(registers, NVDLA_SDP_HEIGHT),
		       lift_size(registers, NVDLA_SDP_CHANNEL));
	lift_add_cube(op, output, lift_get(registers, NVDLA_SDP_DST_ADDR_LOW),
		      lift_get(registers, NVDLA_SDP_DST_LINE_STRIDE),
		      lift_get(registers, NVDLA_SDP_DST_SURFACE_STRIDE));
	return NULL;
}

/* An operation that changes nothing, on whole atoms, is a copy. */
static bool is_copy(const struct drm_edge_nvdla_sdp *sdp)
{
	return !sdp->flags && !sdp->tail.bs.flags && !sdp->tail.bn.flags && !sdp->tail.offset &&
	       sdp->tail.scale == 1 && !sdp->tail.shift && sdp->input.channels == LIFT_ATOM &&
	       sdp->input.at.offset != sdp->output.at.offset;
}

static void make_copy(struct lift_op *op)
{
	const struct drm_edge_nvdla_sdp sdp = op->sdp;
	const struct lift_op from = *op;
	struct drm_edge_nvdla_copy *copy = &op->copy;

	memset(op, 0, sizeof(*op));
	copy->op.type = DRM_EDGE_OP_NVDLA_COPY;
	copy->op.size = sizeof(*copy);
	copy->line_bytes = sdp.input.width * LIFT_ATOM;
	copy->lines = sdp.input.height;
	copy->from_stride = sdp.input.line_stride;
	copy->to_stride = sdp.output.line_stride;
	lift_add_ref(op, &copy->from, (uint32_t)from.refs[0].address, from.refs[0].bytes);
	lift_add_ref(op, &copy->to, (uint32_t)from.refs[1].address, from.refs[1].bytes);
}

const char *lift_sdp(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_sdp *sdp = &op->sdp;
	const char *obstacle;

	sdp->op.type = DRM_EDGE_OP_NVDLA_SDP;
	sdp->op.size = sizeof(*sdp);
	lift_set_sizes(&sdp->input, lift_size(registers, NVDLA_SDP_RDMA_WIDTH),
		       lift_size(registers, NVDLA_SDP_RDMA_HEIGHT),
		       lift_size(registers, NVDLA_SDP_RDMA_CHANNEL));
	lift_add_cube(op, &sdp->input, lift_get(registers, NVDLA_SDP_RDMA_SRC_ADDR_LOW),
		      lift_get(registers, NVDLA_SDP_RDMA_SRC_LINE_STRIDE),
		      lift_get(registers, NVDLA_SDP_RDMA_SRC_SURFACE_STRIDE));
	obstacle = lift_tail(registers, op, &sdp->tail, &sdp->input);
	if (!obstacle)
		obstacle = lift_end(registers, op, &sdp->flags, &sdp->output, &sdp->pool);
	if (!obstacle && is_copy(sdp))
		make_copy(op);
	return obstacle;
}
