// SPDX-License-Identifier: GPL-2.0-only
/* The registers of the CDP: square sums and multiplier bypassed, what remains is a table. */
#include <linux/kernel.h>

#include "nvdla_emit.h"

/* The coarse table, which never has its turn, has every fourth value. */
#define NVDLA_LE_ENTRIES 65
#define NVDLA_LE_STEP_BITS 2

/* Bounds of both tables, as 38 bits: -128 and 128. */
#define NVDLA_LUT_START_LOW 0xffffff80
#define NVDLA_LUT_START_HIGH 0x3f
#define NVDLA_LUT_END_LOW 0x80

void nvdla_emit_table(const s16 *values, const struct nvdla_port *port)
{
	unsigned int i;

	nvdla_set(port, NVDLA_CDP_LUT_ACCESS_CFG, NVDLA_CDP_LUT_WRITE_LE);
	for (i = 0; i < NVDLA_LE_ENTRIES; i++)
		nvdla_set(port, NVDLA_CDP_LUT_ACCESS_DATA,
			  NVDLA_S16(values[i << NVDLA_LE_STEP_BITS]));
	nvdla_set(port, NVDLA_CDP_LUT_ACCESS_CFG, NVDLA_CDP_LUT_WRITE_LO);
	for (i = 0; i < NVDLA_TABLE_ENTRIES; i++)
		nvdla_set(port, NVDLA_CDP_LUT_ACCESS_DATA, NVDLA_S16(values[i]));
	nvdla_set(port, NVDLA_CDP_LUT_CFG, NVDLA_CDP_LUT_LE_LINEAR | NVDLA_CDP_LUT_PRIORITY_LO);
	nvdla_set(port, NVDLA_CDP_LUT_INFO, NVDLA_CDP_LUT_LE_INDEX_SELECT(NVDLA_LE_STEP_BITS));
	nvdla_set(port, NVDLA_CDP_LUT_LE_START_LOW, NVDLA_LUT_START_LOW);
	nvdla_set(port, NVDLA_CDP_LUT_LE_START_HIGH, NVDLA_LUT_START_HIGH);
	nvdla_set(port, NVDLA_CDP_LUT_LE_END_LOW, NVDLA_LUT_END_LOW);
	nvdla_set(port, NVDLA_CDP_LUT_LE_END_HIGH, 0);
	nvdla_set(port, NVDLA_CDP_LUT_LO_START_LOW, NVDLA_LUT_START_LOW);
	nvdla_set(port, NVDLA_CDP_LUT_LO_START_HIGH, NVDLA_LUT_START_HIGH);
	nvdla_set(port, NVDLA_CDP_LUT_LO_END_LOW, NVDLA_LUT_END_LOW);
	nvdla_set(port, NVDLA_CDP_LUT_LO_END_HIGH, 0);
	nvdla_set(port, NVDLA_CDP_LUT_LE_SLOPE_SCALE, 0);
	nvdla_set(port, NVDLA_CDP_LUT_LE_SLOPE_SHIFT, 0);
	nvdla_set(port, NVDLA_CDP_LUT_LO_SLOPE_SCALE, 0);
	nvdla_set(port, NVDLA_CDP_LUT_LO_SLOPE_SHIFT, 0);
}

void nvdla_emit_cdp(const struct nvdla_op *op, const struct nvdla_port *port)
{
	nvdla_set(port, NVDLA_CDP_RDMA_WIDTH, op->from.width - 1);
	nvdla_set(port, NVDLA_CDP_RDMA_HEIGHT, op->from.height - 1);
	nvdla_set(port, NVDLA_CDP_RDMA_CHANNEL, op->from.channels - 1);
	nvdla_set(port, NVDLA_CDP_RDMA_SRC_ADDR_LOW, op->from.address);
	nvdla_set(port, NVDLA_CDP_RDMA_SRC_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_CDP_RDMA_SRC_LINE_STRIDE, op->from.line_stride);
	nvdla_set(port, NVDLA_CDP_RDMA_SRC_SURFACE_STRIDE, op->from.surface_stride);
	nvdla_set(port, NVDLA_CDP_RDMA_SRC_DMA_CFG, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_CDP_RDMA_DATA_FORMAT, 0);
	nvdla_set(port, NVDLA_CDP_FUNC_BYPASS,
		  NVDLA_CDP_BYPASS_SQUARES | NVDLA_CDP_BYPASS_MULTIPLIER);
	nvdla_set(port, NVDLA_CDP_DST_ADDR_LOW, op->to.address);
	nvdla_set(port, NVDLA_CDP_DST_ADDR_HIGH, 0);
	nvdla_set(port, NVDLA_CDP_DST_LINE_STRIDE, op->to.line_stride);
	nvdla_set(port, NVDLA_CDP_DST_SURFACE_STRIDE, op->to.surface_stride);
	nvdla_set(port, NVDLA_CDP_DST_DMA_CFG, NVDLA_RAM_MC);
	nvdla_set(port, NVDLA_CDP_DATA_FORMAT, 0);
	nvdla_set(port, NVDLA_CDP_NAN_FLUSH_TO_ZERO, 0);
	nvdla_set(port, NVDLA_CDP_LRN_CFG, 0);
	nvdla_set(port, NVDLA_CDP_DATIN_OFFSET, 0);
	nvdla_set(port, NVDLA_CDP_DATIN_SCALE, 1);
	nvdla_set(port, NVDLA_CDP_DATIN_SHIFTER, 0);
	nvdla_set(port, NVDLA_CDP_DATOUT_OFFSET, (u32)op->table->offset);
	nvdla_set(port, NVDLA_CDP_DATOUT_SCALE, NVDLA_S16(op->table->scale));
	nvdla_set(port, NVDLA_CDP_DATOUT_SHIFTER, op->table->shift);
}
