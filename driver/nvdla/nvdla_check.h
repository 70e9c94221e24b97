/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the checker share. */
#ifndef NVDLA_CHECK_H
#define NVDLA_CHECK_H

#include "nvdla_op.h"

/* Sizes have fields of 13 bits, less one. */
#define NVDLA_MAX_SIZE 8192

/**
 * struct nvdla_span - bytes of a buffer: surfaces of lines
 * @start: device address
 * @bytes: of a line
 * @lines: of a surface
 * @line_stride: bytes from a line to the next; what a single line has does not matter
 * @surfaces: how many; 0 for no bytes at all
 * @surface_stride: bytes from a surface to the next; what a single surface has does not matter
 */
struct nvdla_span {
	u32 start;
	u32 bytes;
	u32 lines;
	u32 line_stride;
	u32 surfaces;
	u32 surface_stride;
};

/* Which of the spans an operation reads is which */
enum nvdla_read {
	NVDLA_READ_INPUT,
	NVDLA_READ_WEIGHTS,
	NVDLA_READ_OPERANDS, /* and the next one */
};

/**
 * struct nvdla_check - the check of one descriptor
 * @geometry: of the device
 * @buffers: where handles lead
 * @desc: the descriptor
 * @refusal: where a refusal goes
 * @op: what becomes of it
 * @reads: what it reads
 * @write: what it writes
 */
struct nvdla_check {
	const struct nvdla_geometry *geometry;
	const struct edge_buffers *buffers;
	const void *desc;
	struct edge_refusal *refusal;
	struct nvdla_op *op;
	struct nvdla_span reads[NVDLA_READS];
	struct nvdla_span write;
};

/* All of these give 0, or -EINVAL with the refusal filled in; or an error of the buffers. */

/* A refusal because of @field, which is in the descriptor. */
int nvdla_refuse(const struct nvdla_check *check, u32 reason, const void *field);
int nvdla_check_u32(const struct nvdla_check *check, const u32 *field, u32 min, u32 max,
		    u32 reason);
int nvdla_check_s32(const struct nvdla_check *check, const s32 *field, s32 min, s32 max,
		    u32 reason);
/* Fields that have no meaning here; @fields of 32 bits, @count of them */
int nvdla_check_zeros(const struct nvdla_check *check, const void *fields, unsigned int count);
int nvdla_check_no_ref(const struct nvdla_check *check, const struct drm_edge_ref *ref);

/**
 * nvdla_check_span() - that a buffer has bytes, and that the device may read or write them
 * @check: the check
 * @ref: where the bytes begin
 * @span: which bytes; the address is filled in
 * @write: the device writes them
 */
int nvdla_check_span(const struct nvdla_check *check, const struct drm_edge_ref *ref,
		     struct nvdla_span *span, bool write);

/* That a cube has sizes; its memory is another matter. */
int nvdla_check_sizes(const struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube);

/**
 * nvdla_check_input() - a cube that the operation reads
 * @check: the check, whose @op->from is filled in
 * @cube: the cube
 */
int nvdla_check_input(struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube);

/**
 * nvdla_check_output() - a cube that the operation writes
 * @check: the check, whose @op->to is filled in
 * @cube: the cube
 */
int nvdla_check_output(struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube);

/* That the output has these sizes. */
int nvdla_check_made(const struct nvdla_check *check, const struct drm_edge_nvdla_cube *output,
		     u32 width, u32 height, u32 channels);

/* Whether two spans have a byte in common; in doubt, yes. */
bool nvdla_spans_meet(const struct nvdla_span *a, const struct nvdla_span *b);
/* From the first byte to the last */
struct nvdla_extent nvdla_span_extent(const struct nvdla_span *span);

/**
 * nvdla_check_tail() - what the SDP does
 * @check: the check, whose @op->middle is what it makes
 * @tail: the tail
 */
int nvdla_check_tail(struct nvdla_check *check, const struct drm_edge_nvdla_tail *tail);

/**
 * nvdla_check_pool() - what the PDP does
 * @check: the check, whose @op->to is what it makes
 * @pool: the window
 * @in: what is pooled
 * @output: the descriptor of what it makes
 * @bands: whether it may work in bands
 */
int nvdla_check_pool(struct nvdla_check *check, const struct drm_edge_nvdla_pool *pool,
		     const struct nvdla_cube *in, const struct drm_edge_nvdla_cube *output,
		     bool bands);

/**
 * nvdla_check_end() - what SDP makes goes to memory, or through the PDP
 * @check: the check, whose @op->middle has its sizes
 * @flags: DRM_EDGE_NVDLA_POOL or nothing
 * @pool: how; zero without
 * @output: what is written in the end
 */
int nvdla_check_end(struct nvdla_check *check, const u32 *flags,
		    const struct drm_edge_nvdla_pool *pool,
		    const struct drm_edge_nvdla_cube *output);

/* A whole descriptor, but for how it begins. */
int nvdla_check_conv(struct nvdla_check *check);

#endif
