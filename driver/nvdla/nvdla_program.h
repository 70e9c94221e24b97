/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVDLA_PROGRAM_H
#define NVDLA_PROGRAM_H

#include <linux/types.h>

#include "../edge_refusal.h"

struct nvdla_op;

/**
 * struct nvdla_geometry - what the configuration ROM tells, as &struct drm_edge_nvdla has it
 * @atomic_c: input channels of one multiply step
 * @atomic_k: kernels of one multiply step
 * @atom: bytes of a memory atom
 * @cbuf_banks: banks of the convolution buffer
 * @cbuf_width: bytes of an entry
 * @cbuf_depth: entries of a bank
 * @features: DRM_EDGE_NVDLA_BS, BN, PDP, CDP
 * @pdp_line: columns of the pooling unit's line buffer
 */
struct nvdla_geometry {
	u32 atomic_c;
	u32 atomic_k;
	u32 atom;
	u32 cbuf_banks;
	u32 cbuf_width;
	u32 cbuf_depth;
	u32 features;
	u32 pdp_line;
};

/**
 * struct nvdla_port - how registers are reached
 * @opaque: passed to the others
 * @read: a register, by its offset in bytes
 * @write: a register, by its offset in bytes
 */
struct nvdla_port {
	void *opaque;
	u32 (*read)(void *opaque, u32 offset);
	void (*write)(void *opaque, u32 offset, u32 value);
};

/*
 * nvdla_geometry_known() - whether the checker's rules were proven for a geometry
 */
bool nvdla_geometry_known(const struct nvdla_geometry *geometry);

/**
 * nvdla_identify() - reads what the hardware is
 * @port: where its registers are
 * @geometry: filled in
 * @name: of the configuration, ends in a zero
 * @hw_version: as its identification register has it
 *
 * Return: 0, -ENODEV if this is no NVDLA, or -EOPNOTSUPP for one whose rules the checker does not
 * know.
 */
int nvdla_identify(const struct nvdla_port *port, struct nvdla_geometry *geometry, char name[32],
		   u32 *hw_version);

/**
 * nvdla_op_size() - bytes of a &struct nvdla_op, so that callers can make room for an array of them
 */
size_t nvdla_op_size(void);

/**
 * nvdla_count() - the operations of a command stream
 * @stream: the stream
 * @size: its bytes
 * @max_ops: how many are allowed
 * @refusal: filled in for -EINVAL
 *
 * Looks at types and sizes only.
 *
 * Return: their number, over 0, or -EINVAL.
 */
int nvdla_count(const void *stream, u32 size, u32 max_ops, struct edge_refusal *refusal);

/**
 * nvdla_check() - checks a command stream and makes operations of it
 * @geometry: of the device
 * @stream: the stream, which must stay as it is while @ops are used
 * @size: its bytes
 * @buffers: where handles lead
 * @ops: room for as many operations as nvdla_count() found
 * @refusal: filled in for -EINVAL
 *
 * Whatever it accepts reads and writes nothing but the buffers named, each as it may, and ends on
 * working hardware. What it does not know it refuses.
 *
 * Return: 0, -EINVAL, or the error of @buffers.
 */
int nvdla_check(const struct nvdla_geometry *geometry, const void *stream, u32 size,
		const struct edge_buffers *buffers, struct nvdla_op *ops,
		struct edge_refusal *refusal);

/*
 * nvdla_op_at() - an element of the array that nvdla_check() filled
 */
const struct nvdla_op *nvdla_op_at(const struct nvdla_op *ops, u32 index);

/*
 * nvdla_op_in_place() - whether an operation writes what it reads: running it twice is wrong
 */
bool nvdla_op_in_place(const struct nvdla_op *op);

/*
 * nvdla_op_name() - for humans
 */
const char *nvdla_op_name(const struct nvdla_op *op);

#endif
