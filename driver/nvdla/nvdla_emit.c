// SPDX-License-Identifier: GPL-2.0-only
/* Operations as register programs: the group of each unit, and the order of enabling. */
#include <linux/kernel.h>

#include "nvdla_emit.h"

/*
 * The pages of each unit with their OP_ENABLE, in the order of enabling: who takes data before who
 * gives it.
 */
static const struct {
	enum nvdla_unit unit;
	u32 page;
	u32 enable;
} nvdla_pages[] = {
	{ NVDLA_UNIT_PDP_RDMA, NVDLA_PDP_RDMA, NVDLA_PDP_RDMA + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_PDP, NVDLA_PDP, NVDLA_PDP + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_CDP, NVDLA_CDP_RDMA, NVDLA_CDP_RDMA + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_CDP, NVDLA_CDP, NVDLA_CDP_OP_ENABLE },
	{ NVDLA_UNIT_SDP_RDMA, NVDLA_SDP_RDMA, NVDLA_SDP_RDMA + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_SDP, NVDLA_SDP, NVDLA_SDP_OP_ENABLE },
	{ NVDLA_UNIT_CONV, NVDLA_CACC, NVDLA_CACC + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_CONV, NVDLA_CMAC_A, NVDLA_CMAC_A + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_CONV, NVDLA_CMAC_B, NVDLA_CMAC_B + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_CONV, NVDLA_CSC, NVDLA_CSC + NVDLA_D_OP_ENABLE },
	{ NVDLA_UNIT_CONV, NVDLA_CDMA, NVDLA_CDMA_OP_ENABLE },
};

void nvdla_emit(const struct nvdla_op *op, const u8 groups[NVDLA_UNITS],
		const struct nvdla_port *port)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nvdla_pages); i++) {
		if (op->units & NVDLA_USES(nvdla_pages[i].unit))
			nvdla_set(port, nvdla_pages[i].page + NVDLA_S_POINTER,
				  groups[nvdla_pages[i].unit]);
	}
	if (op->units & NVDLA_USES(NVDLA_UNIT_CONV))
		nvdla_emit_conv(op, port);
	if (op->units & NVDLA_USES(NVDLA_UNIT_SDP))
		nvdla_emit_sdp(op, port);
	if (op->units & NVDLA_USES(NVDLA_UNIT_PDP))
		nvdla_emit_pdp(op, port);
	if (op->units & NVDLA_USES(NVDLA_UNIT_CDP))
		nvdla_emit_cdp(op, port);
	for (i = 0; i < ARRAY_SIZE(nvdla_pages); i++) {
		if (op->units & NVDLA_USES(nvdla_pages[i].unit))
			nvdla_set(port, nvdla_pages[i].enable, 1);
	}
}
