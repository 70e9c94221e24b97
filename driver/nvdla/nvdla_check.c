// SPDX-License-Identifier: GPL-2.0-only
/* Command streams: each descriptor becomes an operation, or the whole stream is refused. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "nvdla_check.h"

#define NVDLA_MAX_COPY_BYTES 65536
#define NVDLA_MAX_TABLE_SHIFT 63

static int nvdla_check_sdp(struct nvdla_check *check)
{
	const struct drm_edge_nvdla_sdp *sdp = check->desc;
	struct nvdla_op *op = check->op;
	const struct nvdla_cube *from = &op->from, *to = &op->to;
	int error;

	op->name = "element-wise operation";
	op->units = NVDLA_USES(NVDLA_UNIT_SDP_RDMA);
	op->final = NVDLA_UNIT_SDP;
	error = nvdla_check_zeros(check, &sdp->pad, 1);
	if (!error)
		error = nvdla_check_input(check, &sdp->input);
	if (error)
		return error;
	op->middle.width = sdp->input.width;
	op->middle.height = sdp->input.height;
	op->middle.channels = sdp->input.channels;
	error = nvdla_check_tail(check, &sdp->tail);
	if (!error)
		error = nvdla_check_end(check, &sdp->flags, &sdp->pool, &sdp->output);
	if (error)
		return error;
	/* Each atom is read before it is written, if both are at the same place. */
	op->in_place = !(sdp->flags & DRM_EDGE_NVDLA_POOL) && from->address == to->address &&
		       from->line_stride == to->line_stride &&
		       from->surface_stride == to->surface_stride;
	return 0;
}

static int nvdla_check_pdp(struct nvdla_check *check)
{
	const struct drm_edge_nvdla_pdp *pdp = check->desc;
	struct nvdla_op *op = check->op;
	int error;

	op->name = "pooling";
	op->units = NVDLA_USES(NVDLA_UNIT_PDP_RDMA);
	error = nvdla_check_input(check, &pdp->input);
	if (!error)
		error = nvdla_check_output(check, &pdp->output);
	if (!error)
		error = nvdla_check_pool(check, &pdp->pool, &op->from, &pdp->output, true);
	return error;
}

static int nvdla_check_table(struct nvdla_check *check)
{
	const struct drm_edge_nvdla_table *table = check->desc;
	const struct drm_edge_nvdla_cube *input = &table->input;
	struct nvdla_op *op = check->op;
	unsigned int i;
	int error;

	if (!(check->geometry->features & DRM_EDGE_NVDLA_CDP))
		return nvdla_refuse(check, DRM_EDGE_REASON_UNSUPPORTED, &table->op.type);
	op->name = "table";
	op->table = table;
	op->units = NVDLA_USES(NVDLA_UNIT_CDP);
	op->final = NVDLA_UNIT_CDP;
	error = nvdla_check_input(check, input);
	if (!error)
		error = nvdla_check_output(check, &table->output);
	if (!error)
		error = nvdla_check_made(check, &table->output, input->width, input->height,
					 input->channels);
	if (!error)
		error = nvdla_check_s32(check, &table->scale, S16_MIN, S16_MAX,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_u32(check, &table->shift, 0, NVDLA_MAX_TABLE_SHIFT,
					DRM_EDGE_REASON_SHIFT);
	if (!error)
		error = nvdla_check_zeros(check, &table->pad, 1);
	for (i = 0; i < ARRAY_SIZE(table->pad2) && !error; i++) {
		if (table->pad2[i])
			error = nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &table->pad2[i]);
	}
	return error;
}

/* One end of a copy, as a cube of one surface */
static int nvdla_check_lines(struct nvdla_check *check, const struct drm_edge_ref *ref,
			     const u32 *stride, struct nvdla_span *span, struct nvdla_cube *cube,
			     bool write)
{
	const struct drm_edge_nvdla_copy *copy = check->desc;
	const u32 atom = check->geometry->atom;
	int error;

	if (*stride % atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, stride);
	if (*stride < copy->line_bytes)
		return nvdla_refuse(check, DRM_EDGE_REASON_STRIDE, stride);
	span->bytes = copy->line_bytes;
	span->lines = copy->lines;
	span->line_stride = *stride;
	span->surfaces = 1;
	error = nvdla_check_span(check, ref, span, write);
	if (error)
		return error;
	cube->address = span->start;
	cube->width = copy->line_bytes / atom;
	cube->height = copy->lines;
	cube->channels = atom;
	/* Strides that are not used must not make a single point look unpacked. */
	cube->line_stride = copy->lines > 1 ? *stride : copy->line_bytes;
	cube->surface_stride = cube->line_stride;
	return 0;
}

static int nvdla_check_copy(struct nvdla_check *check)
{
	const struct drm_edge_nvdla_copy *copy = check->desc;
	struct nvdla_op *op = check->op;
	int error;

	op->name = "copy";
	op->units = NVDLA_USES(NVDLA_UNIT_SDP_RDMA) | NVDLA_USES(NVDLA_UNIT_SDP);
	op->final = NVDLA_UNIT_SDP;
	error = nvdla_check_u32(check, &copy->line_bytes, 1, NVDLA_MAX_COPY_BYTES,
				DRM_EDGE_REASON_SIZE);
	if (!error)
		error = nvdla_check_u32(check, &copy->lines, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_SIZE);
	if (!error && copy->line_bytes % check->geometry->atom)
		error = nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &copy->line_bytes);
	if (!error)
		error = nvdla_check_lines(check, &copy->from, &copy->from_stride,
					  &check->reads[NVDLA_READ_INPUT], &op->from, false);
	if (!error)
		error = nvdla_check_lines(check, &copy->to, &copy->to_stride, &check->write,
					  &op->to, true);
	op->middle = op->to;
	return error;
}

/*
 * Sorts of descriptors: as long as the structs of today, which are those of the first version.
 * @output: where the place of the output is
 */
static const struct nvdla_type {
	u32 type;
	u32 size;
	u32 output;
	int (*check)(struct nvdla_check *check);
} nvdla_types[] = {
	{ DRM_EDGE_OP_NVDLA_CONV, sizeof(struct drm_edge_nvdla_conv),
	  offsetof(struct drm_edge_nvdla_conv, output.at.offset), nvdla_check_conv },
	{ DRM_EDGE_OP_NVDLA_SDP, sizeof(struct drm_edge_nvdla_sdp),
	  offsetof(struct drm_edge_nvdla_sdp, output.at.offset), nvdla_check_sdp },
	{ DRM_EDGE_OP_NVDLA_PDP, sizeof(struct drm_edge_nvdla_pdp),
	  offsetof(struct drm_edge_nvdla_pdp, output.at.offset), nvdla_check_pdp },
	{ DRM_EDGE_OP_NVDLA_TABLE, sizeof(struct drm_edge_nvdla_table),
	  offsetof(struct drm_edge_nvdla_table, output.at.offset), nvdla_check_table },
	{ DRM_EDGE_OP_NVDLA_COPY, sizeof(struct drm_edge_nvdla_copy),
	  offsetof(struct drm_edge_nvdla_copy, to.offset), nvdla_check_copy },
};

static const struct nvdla_type *nvdla_find_type(u32 type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nvdla_types); i++) {
		if (nvdla_types[i].type == type)
			return &nvdla_types[i];
	}
	return NULL;
}

static int nvdla_refuse_at(struct edge_refusal *refusal, u32 reason, u32 at)
{
	refusal->reason = reason;
	refusal->at = at;
	return -EINVAL;
}

/* The type of the descriptor at @desc, of which there are @left bytes. */
static int nvdla_check_type(const void *desc, u32 left, const struct nvdla_type **type,
			    struct edge_refusal *refusal)
{
	const struct drm_edge_op *op = desc;
	const u8 *bytes = desc;
	u32 i;

	if (left < sizeof(*op))
		return nvdla_refuse_at(refusal, DRM_EDGE_REASON_STREAM, 0);
	*type = nvdla_find_type(op->type);
	if (!*type)
		return nvdla_refuse_at(refusal, DRM_EDGE_REASON_TYPE,
				       offsetof(struct drm_edge_op, type));
	if (op->size % 8 || op->size < (*type)->size || op->size > left)
		return nvdla_refuse_at(refusal, DRM_EDGE_REASON_STREAM,
				       offsetof(struct drm_edge_op, size));
	for (i = (*type)->size; i < op->size; i++) {
		if (bytes[i])
			return nvdla_refuse_at(refusal, DRM_EDGE_REASON_STREAM, i);
	}
	return 0;
}

int nvdla_count(const void *stream, u32 size, u32 max_ops, struct edge_refusal *refusal)
{
	const u8 *bytes = stream;
	u32 at = 0, count = 0;

	refusal->op = 0;
	if (!size)
		return nvdla_refuse_at(refusal, DRM_EDGE_REASON_STREAM, 0);
	while (at < size) {
		const struct nvdla_type *type;
		int error;

		refusal->op = count;
		if (count == max_ops)
			return nvdla_refuse_at(refusal, DRM_EDGE_REASON_OPS, 0);
		error = nvdla_check_type(bytes + at, size - at, &type, refusal);
		if (error)
			return error;
		at += ((const struct drm_edge_op *)(bytes + at))->size;
		count++;
	}
	return count;
}

/* What is read and written, and that this is not the same. */
static int nvdla_check_overlap(struct nvdla_check *check, u32 output)
{
	struct nvdla_op *op = check->op;
	unsigned int i;

	op->write = nvdla_span_extent(&check->write);
	for (i = 0; i < NVDLA_READS; i++) {
		op->reads[i] = nvdla_span_extent(&check->reads[i]);
		if (i == NVDLA_READ_INPUT && op->in_place)
			continue;
		if (nvdla_spans_meet(&check->reads[i], &check->write))
			return nvdla_refuse_at(check->refusal, DRM_EDGE_REASON_OVERLAP, output);
	}
	return 0;
}

int nvdla_check(const struct nvdla_geometry *geometry, const void *stream, u32 size,
		const struct edge_buffers *buffers, struct nvdla_op *ops,
		struct edge_refusal *refusal)
{
	const u8 *bytes = stream;
	u32 at = 0;

	for (refusal->op = 0; at < size; refusal->op++) {
		struct nvdla_check check = {
			.geometry = geometry,
			.buffers = buffers,
			.desc = bytes + at,
			.refusal = refusal,
			.op = &ops[refusal->op],
		};
		const struct nvdla_type *type;
		int error;

		error = nvdla_check_type(check.desc, size - at, &type, refusal);
		if (error)
			return error;
		memset(check.op, 0, sizeof(*check.op));
		check.op->atom = geometry->atom;
		error = type->check(&check);
		if (!error)
			error = nvdla_check_overlap(&check, type->output);
		if (error)
			return error;
		at += ((const struct drm_edge_op *)check.desc)->size;
	}
	return 0;
}

size_t nvdla_op_size(void)
{
	return sizeof(struct nvdla_op);
}

const struct nvdla_op *nvdla_op_at(const struct nvdla_op *ops, u32 index)
{
	return ops + index;
}

bool nvdla_op_in_place(const struct nvdla_op *op)
{
	return op->in_place;
}

const char *nvdla_op_name(const struct nvdla_op *op)
{
	return op->name;
}
