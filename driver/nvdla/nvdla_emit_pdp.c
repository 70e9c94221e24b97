// SPDX-License-Identifier: GPL-2.0-only
/* The registers of the PDP, which pools, and of what reads for it. */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "nvdla_emit.h"
#include "nvdla_pool.h"

static void nvdla_emit_pdp_rdma(const struct nvdla_op *op, const struct nvdla_pool_plan *plan,
				const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_pool *pool = op->pool;

	nvdla_set(port, NVDLA_PDP_RDMA_WIDTH, plan->width - 1);
	nvdla_set(port, NVDLA_PDP_RDMA_HEIGHT, op->from.height - 1);
	nvdla_set(port, NVDLA_PDP_RDMA_CHANNEL, op->from.channels - 1);
	nvdla_set(port, NVDLA_PDP_RDMA_FLYING_MODE, NVDLA_PDP_RDMA_FROM_MEMORY);
	nvdla_set(port, NVDLA_PDP_RDMA_SRC_ADDR_LOW, op->from.address);
	nvdla_set(port, NVDLA_PDP_RDMA_SRC_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_PDP_RDMA_SRC_LINE_STRIDE, op->from.line_stride);
	nvdla_set(port, NVDLA_PDP_RDMA_SRC_SURFACE_STRIDE, op->from.surface_stride);
	nvdla_set(port, NVDLA_PDP_RDMA_SRC_RAM_CFG, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_PDP_RDMA_DATA_FORMAT, 0);
	nvdla_set(port, NVDLA_PDP_RDMA_OPERATION_MODE_CFG, plan->bands - 1);
	nvdla_set(port, NVDLA_PDP_RDMA_POOLING_KERNEL_CFG,
		  (pool->width - 1) | (pool->stride_x - 1) << 4);
	nvdla_set(port, NVDLA_PDP_RDMA_POOLING_PADDING_CFG, pool->left);
	nvdla_set(port, NVDLA_PDP_RDMA_PARTIAL_WIDTH_IN, plan->partial_in);
}

static void nvdla_emit_window(const struct nvdla_op *op, const struct nvdla_pool_plan *plan,
			      const struct nvdla_port *port)
{
	const struct drm_edge_nvdla_pool *pool = op->pool;
	unsigned int n;

	nvdla_set(port, NVDLA_PDP_POOLING_KERNEL_CFG,
		  (pool->width - 1) | (pool->height - 1) << 8 | (pool->stride_x - 1) << 16 |
			  (pool->stride_y - 1) << 20);
	nvdla_set(port, NVDLA_PDP_RECIP_KERNEL_WIDTH, pool->reciprocal_x);
	nvdla_set(port, NVDLA_PDP_RECIP_KERNEL_HEIGHT, pool->reciprocal_y);
	nvdla_set(port, NVDLA_PDP_POOLING_PADDING_CFG,
		  pool->left | pool->top << 4 | plan->right << 8 | pool->bottom << 12);
	/* What n places of padding count in a sum. */
	for (n = 1; n <= NVDLA_PDP_PADDING_VALUES; n++)
		nvdla_set(port, NVDLA_PDP_POOLING_PADDING_VALUE(n),
			  (u32)(pool->pad_value * (s32)n) & NVDLA_PDP_PADDING_VALUE_BITS);
}

void nvdla_emit_pdp(const struct nvdla_op *op, const struct nvdla_port *port)
{
	const bool memory = op->units & NVDLA_USES(NVDLA_UNIT_PDP_RDMA);
	const struct nvdla_cube *in = memory ? &op->from : &op->middle;
	struct nvdla_pool_plan plan;
	u32 mode;

	nvdla_pool_plan(op->pool, in, &op->to, &plan);
	mode = op->pool->method | NVDLA_PDP_MODE_BANDS(plan.bands);
	if (memory) {
		mode |= NVDLA_PDP_MODE_FROM_MEMORY;
		nvdla_emit_pdp_rdma(op, &plan, port);
	}
	nvdla_set(port, NVDLA_PDP_IN_WIDTH, plan.width - 1);
	nvdla_set(port, NVDLA_PDP_IN_HEIGHT, in->height - 1);
	nvdla_set(port, NVDLA_PDP_IN_CHANNEL, in->channels - 1);
	nvdla_set(port, NVDLA_PDP_OUT_WIDTH, op->to.width - 1);
	nvdla_set(port, NVDLA_PDP_OUT_HEIGHT, op->to.height - 1);
	nvdla_set(port, NVDLA_PDP_OUT_CHANNEL, op->to.channels - 1);
	nvdla_set(port, NVDLA_PDP_OPERATION_MODE_CFG, mode);
	nvdla_set(port, NVDLA_PDP_NAN_FLUSH_TO_ZERO, 0);
	nvdla_set(port, NVDLA_PDP_PARTIAL_WIDTH_IN, plan.partial_in);
	nvdla_set(port, NVDLA_PDP_PARTIAL_WIDTH_OUT, plan.partial_out);
	nvdla_emit_window(op, &plan, port);
	nvdla_set(port, NVDLA_PDP_SRC_ADDR_LOW, memory ? in->address : 0);
	nvdla_set(port, NVDLA_PDP_SRC_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_PDP_SRC_LINE_STRIDE, memory ? in->line_stride : 0);
	nvdla_set(port, NVDLA_PDP_SRC_SURFACE_STRIDE, memory ? in->surface_stride : 0);
	nvdla_set(port, NVDLA_PDP_DST_ADDR_LOW, op->to.address);
	nvdla_set(port, NVDLA_PDP_DST_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_PDP_DST_LINE_STRIDE, op->to.line_stride);
	nvdla_set(port, NVDLA_PDP_DST_SURFACE_STRIDE, op->to.surface_stride);
	nvdla_set(port, NVDLA_PDP_DST_RAM_CFG, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_PDP_DATA_FORMAT, 0);
}
