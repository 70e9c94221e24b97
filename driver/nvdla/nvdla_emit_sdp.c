// SPDX-License-Identifier: GPL-2.0-only
/* The registers of the SDP, which works on single elements, and of what reads for it. */
#include <linux/kernel.h>

#include "nvdla_emit.h"

#define NVDLA_STAGE_MEMORY (DRM_EDGE_NVDLA_STAGE_ALU_MEMORY | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY)

static void nvdla_emit_operands(const struct nvdla_op *op, unsigned int index, u32 cfg,
				const struct drm_edge_nvdla_stage *stage,
				const struct nvdla_port *port)
{
	u32 value = NVDLA_SDP_RDMA_OPERAND_RAM(NVDLA_RAM_MC);
	u32 use = NVDLA_SDP_RDMA_USE_MUL;

	if (!stage || !(stage->flags & NVDLA_STAGE_MEMORY)) {
		nvdla_set(port, cfg, value | NVDLA_SDP_RDMA_OPERAND_DISABLE);
		return;
	}
	if (stage->flags & DRM_EDGE_NVDLA_STAGE_ALU_MEMORY)
		use = stage->flags & DRM_EDGE_NVDLA_STAGE_MUL_MEMORY ? NVDLA_SDP_RDMA_USE_BOTH
								     : NVDLA_SDP_RDMA_USE_ALU;
	value |= NVDLA_SDP_RDMA_OPERAND_USE(use);
	if (stage->flags & DRM_EDGE_NVDLA_STAGE_TWO_BYTES)
		value |= NVDLA_SDP_RDMA_OPERAND_TWO_BYTES;
	if (stage->flags & DRM_EDGE_NVDLA_STAGE_PER_ELEMENT)
		value |= NVDLA_SDP_RDMA_OPERAND_PER_ELEMENT;
	nvdla_set(port, cfg, value);
	nvdla_set(port, cfg + NVDLA_SDP_RDMA_OPERAND_ADDR_LOW, op->operands[index]);
	nvdla_set(port, cfg + NVDLA_SDP_RDMA_OPERAND_ADDR_HIGH, 0);
	nvdla_set(port, cfg + NVDLA_SDP_RDMA_OPERAND_LINE_STRIDE, op->operand_line_stride[index]);
	nvdla_set(port, cfg + NVDLA_SDP_RDMA_OPERAND_SURFACE_STRIDE,
		  op->operand_surface_stride[index]);
	nvdla_set(port, cfg + NVDLA_SDP_RDMA_OPERAND_BATCH_STRIDE, 0);
}

static void nvdla_emit_sdp_rdma(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_tail *tail = op->tail;
	const bool flying = op->conv;

	nvdla_set(port, NVDLA_SDP_RDMA_WIDTH, op->middle.width - 1);
	nvdla_set(port, NVDLA_SDP_RDMA_HEIGHT, op->middle.height - 1);
	nvdla_set(port, NVDLA_SDP_RDMA_CHANNEL, op->middle.channels - 1);
	nvdla_set(port, NVDLA_SDP_RDMA_SRC_ADDR_LOW, flying ? 0 : op->from.address);
	nvdla_set(port, NVDLA_SDP_RDMA_SRC_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_SDP_RDMA_SRC_LINE_STRIDE, flying ? 0 : op->from.line_stride);
	nvdla_set(port, NVDLA_SDP_RDMA_SRC_SURFACE_STRIDE, flying ? 0 : op->from.surface_stride);
	nvdla_emit_operands(op, 0, NVDLA_SDP_RDMA_BRDMA_CFG, tail ? &tail->bs : NULL, port);
	nvdla_emit_operands(op, 1, NVDLA_SDP_RDMA_NRDMA_CFG, tail ? &tail->bn : NULL, port);
	nvdla_set(port, NVDLA_SDP_RDMA_ERDMA_CFG, NVDLA_SDP_RDMA_OPERAND_DISABLE);
	nvdla_set(port, NVDLA_SDP_RDMA_FEATURE_MODE_CFG,
		  flying ? NVDLA_SDP_RDMA_FEATURE_FLYING : 0);
	nvdla_set(port, NVDLA_SDP_RDMA_SRC_DMA_CFG, NVDLA_RAM_MC);
}

static void nvdla_emit_stage(u32 cfg, const struct drm_edge_nvdla_stage *stage,
			     const struct nvdla_port *port)
{
	u32 flags = stage ? stage->flags : 0;
	u32 alu = 0, mul = 0, value;

	if (!(flags & DRM_EDGE_NVDLA_STAGE_ON)) {
		nvdla_set(port, cfg, NVDLA_SDP_STAGE_BYPASS);
		return;
	}
	value = NVDLA_SDP_STAGE_ALU(stage->alu);
	if (!(flags & DRM_EDGE_NVDLA_STAGE_ALU))
		value |= NVDLA_SDP_STAGE_ALU_BYPASS;
	if (!(flags & DRM_EDGE_NVDLA_STAGE_MUL))
		value |= NVDLA_SDP_STAGE_MUL_BYPASS;
	if (flags & DRM_EDGE_NVDLA_STAGE_PRELU)
		value |= NVDLA_SDP_STAGE_PRELU;
	if (!(flags & DRM_EDGE_NVDLA_STAGE_RELU))
		value |= NVDLA_SDP_STAGE_RELU_BYPASS;
	if (flags & DRM_EDGE_NVDLA_STAGE_ALU_MEMORY)
		alu = NVDLA_SDP_STAGE_FROM_MEMORY;
	if (flags & DRM_EDGE_NVDLA_STAGE_MUL_MEMORY)
		mul = NVDLA_SDP_STAGE_FROM_MEMORY;
	nvdla_set(port, cfg, value);
	nvdla_set(port, cfg + NVDLA_SDP_STAGE_ALU_CFG,
		  alu | NVDLA_SDP_STAGE_SHIFT(stage->alu_shift));
	nvdla_set(port, cfg + NVDLA_SDP_STAGE_ALU_VALUE, NVDLA_S16(stage->alu_value));
	nvdla_set(port, cfg + NVDLA_SDP_STAGE_MUL_CFG,
		  mul | NVDLA_SDP_STAGE_SHIFT(stage->mul_shift));
	nvdla_set(port, cfg + NVDLA_SDP_STAGE_MUL_VALUE, NVDLA_S16(stage->mul_value));
}

void nvdla_emit_sdp(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_tail *tail = op->tail;
	u32 mode = 0;

	if (op->conv)
		mode |= NVDLA_SDP_FEATURE_FLYING;
	if (op->units & NVDLA_USES(NVDLA_UNIT_PDP))
		mode |= NVDLA_SDP_FEATURE_TO_PDP;
	if (op->units & NVDLA_USES(NVDLA_UNIT_SDP_RDMA))
		nvdla_emit_sdp_rdma(op, port);
	nvdla_set(port, NVDLA_SDP_WIDTH, op->middle.width - 1);
	nvdla_set(port, NVDLA_SDP_HEIGHT, op->middle.height - 1);
	nvdla_set(port, NVDLA_SDP_CHANNEL, op->middle.channels - 1);
	nvdla_set(port, NVDLA_SDP_DST_ADDR_LOW, op->middle.address);
	nvdla_set(port, NVDLA_SDP_DST_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_SDP_DST_LINE_STRIDE, op->middle.line_stride);
	nvdla_set(port, NVDLA_SDP_DST_SURFACE_STRIDE, op->middle.surface_stride);
	nvdla_emit_stage(NVDLA_SDP_BS_CFG, tail ? &tail->bs : NULL, port);
	nvdla_emit_stage(NVDLA_SDP_BN_CFG, tail ? &tail->bn : NULL, port);
	nvdla_set(port, NVDLA_SDP_EW_CFG, NVDLA_SDP_STAGE_BYPASS);
	nvdla_set(port, NVDLA_SDP_FEATURE_MODE_CFG, mode);
	nvdla_set(port, NVDLA_SDP_DST_DMA_CFG, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_SDP_DST_BATCH_STRIDE, 0);
	nvdla_set(port, NVDLA_SDP_DATA_FORMAT, 0);
	nvdla_set(port, NVDLA_SDP_CVT_OFFSET, tail ? (u32)tail->offset : 0);
	nvdla_set(port, NVDLA_SDP_CVT_SCALE, tail ? NVDLA_S16(tail->scale) : 1);
	nvdla_set(port, NVDLA_SDP_CVT_SHIFT, tail ? tail->shift : 0);
}
