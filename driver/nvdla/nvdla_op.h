/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVDLA_OP_H
#define NVDLA_OP_H

#include <linux/types.h>

#include <drm/edge_accel.h>

#include "nvdla_program.h"

/**
 * enum nvdla_unit - units whose register groups take turns on their own
 * @NVDLA_UNIT_CONV: CDMA, CSC, CMAC_A, CMAC_B and CACC, which always work together
 * @NVDLA_UNIT_SDP_RDMA: reads the SDP's input and operands
 * @NVDLA_UNIT_SDP: works on single elements
 * @NVDLA_UNIT_PDP_RDMA: reads the PDP's input
 * @NVDLA_UNIT_PDP: pools
 * @NVDLA_UNIT_CDP: CDP_RDMA and CDP, which always work together
 * @NVDLA_UNITS: how many there are
 */
enum nvdla_unit {
	NVDLA_UNIT_CONV,
	NVDLA_UNIT_SDP_RDMA,
	NVDLA_UNIT_SDP,
	NVDLA_UNIT_PDP_RDMA,
	NVDLA_UNIT_PDP,
	NVDLA_UNIT_CDP,
	NVDLA_UNITS,
};

#define NVDLA_USES(unit) (1u << (unit))

/**
 * struct nvdla_extent - bytes that the device touches, all between the first and the last of them
 * @start: device address
 * @end: one past the last, @start if there are none
 */
struct nvdla_extent {
	u64 start;
	u64 end;
};

/**
 * struct nvdla_cube - a cube whose place is known
 * @address: where the device sees it; 0 of one that goes from unit to unit
 * @line_stride: bytes from a line to the next
 * @surface_stride: bytes from a surface to the next
 * @width: columns
 * @height: lines
 * @channels: channels
 */
struct nvdla_cube {
	u32 address;
	u32 line_stride;
	u32 surface_stride;
	u32 width;
	u32 height;
	u32 channels;
};

/* What an operation reads: its input, weights, and the operands of both stages of the SDP. */
#define NVDLA_READS 4
#define NVDLA_STAGES 2

/**
 * struct nvdla_op - an operation that has passed the checker
 * @name: for humans
 * @units: that it takes, NVDLA_USES()
 * @final: the one whose interrupt ends it
 * @in_place: it writes what it reads
 * @atom: bytes of a memory atom
 * @conv: the convolution; NULL of others
 * @tail: what the SDP does; NULL of others, and where it does nothing
 * @pool: what the PDP does; NULL of others
 * @table: what the CDP does; NULL of others
 * @from: what the first unit reads
 * @middle: what the SDP makes
 * @to: what the last unit writes
 * @weights: address
 * @weight_bytes: as the hardware counts them
 * @entries: of the convolution buffer that a line of the input takes
 * @operands: addresses of the SDP's stages' operands
 * @operand_line_stride: of each stage
 * @operand_surface_stride: of each stage
 * @reads: extents
 * @write: extent
 *
 * The pointers lead into the command stream.
 */
struct nvdla_op {
	const char *name;
	u32 units;
	enum nvdla_unit final;
	bool in_place;
	u32 atom;
	const struct drm_edge_nvdla_conv *conv;
	const struct drm_edge_nvdla_tail *tail;
	const struct drm_edge_nvdla_pool *pool;
	const struct drm_edge_nvdla_table *table;
	struct nvdla_cube from;
	struct nvdla_cube middle;
	struct nvdla_cube to;
	u32 weights;
	u32 weight_bytes;
	u32 entries;
	u32 operands[NVDLA_STAGES];
	u32 operand_line_stride[NVDLA_STAGES];
	u32 operand_surface_stride[NVDLA_STAGES];
	struct nvdla_extent reads[NVDLA_READS];
	struct nvdla_extent write;
};

/* Whether two ranges have a byte in common. */
static inline bool nvdla_extents_meet(const struct nvdla_extent *a, const struct nvdla_extent *b)
{
	return a->start < b->end && b->start < a->end;
}

#define NVDLA_TABLE_ENTRIES 257

/**
 * nvdla_emit() - writes the registers of an operation, and enables it
 * @op: the operation
 * @groups: the register group of each unit
 * @port: where the registers are
 *
 * The table of the CDP has been loaded.
 */
void nvdla_emit(const struct nvdla_op *op, const u8 groups[NVDLA_UNITS],
		const struct nvdla_port *port);

/**
 * nvdla_emit_table() - loads the table of the CDP, which must be idle
 * @values: NVDLA_TABLE_ENTRIES of them
 * @port: where the registers are
 */
void nvdla_emit_table(const s16 *values, const struct nvdla_port *port);

#endif
