/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that write register programs share. */
#ifndef NVDLA_EMIT_H
#define NVDLA_EMIT_H

#include "nvdla_op.h"
#include "nvdla_regs.h"

static inline void nvdla_set(const struct nvdla_port *port, u32 offset, u32 value)
{
	port->write(port->opaque, offset, value);
}

/* Each writes the registers of some units, of the groups that S_POINTER has chosen. */
void nvdla_emit_conv(const struct nvdla_op *op, const struct nvdla_port *port);
void nvdla_emit_sdp(const struct nvdla_op *op, const struct nvdla_port *port);
void nvdla_emit_pdp(const struct nvdla_op *op, const struct nvdla_port *port);
void nvdla_emit_cdp(const struct nvdla_op *op, const struct nvdla_port *port);

#endif
