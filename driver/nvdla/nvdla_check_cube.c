// SPDX-License-Identifier: GPL-2.0-only
/* The checker's view of memory: fields, places in buffers, cubes, overlaps. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "nvdla_check.h"

int nvdla_refuse(const struct nvdla_check *check, u32 reason, const void *field)
{
	check->refusal->reason = reason;
	check->refusal->at = (const u8 *)field - (const u8 *)check->desc;
	return -EINVAL;
}

int nvdla_check_u32(const struct nvdla_check *check, const u32 *field, u32 min, u32 max, u32 reason)
{
	if (*field < min || *field > max)
		return nvdla_refuse(check, reason, field);
	return 0;
}

int nvdla_check_s32(const struct nvdla_check *check, const s32 *field, s32 min, s32 max, u32 reason)
{
	if (*field < min || *field > max)
		return nvdla_refuse(check, reason, field);
	return 0;
}

int nvdla_check_zeros(const struct nvdla_check *check, const void *fields, unsigned int count)
{
	const u32 *field = fields;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (field[i])
			return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, field + i);
	}
	return 0;
}

int nvdla_check_no_ref(const struct nvdla_check *check, const struct drm_edge_ref *ref)
{
	if (ref->handle)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &ref->handle);
	if (ref->pad)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &ref->pad);
	if (ref->offset)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &ref->offset);
	return 0;
}

/* Of one surface, from its first byte to its last */
static u64 nvdla_surface_bytes(const struct nvdla_span *span)
{
	return (u64)(span->lines - 1) * span->line_stride + span->bytes;
}

/* Below 2^13 * 2^32 * 2. */
static u64 nvdla_span_bytes(const struct nvdla_span *span)
{
	if (!span->surfaces)
		return 0;
	return (u64)(span->surfaces - 1) * span->surface_stride + nvdla_surface_bytes(span);
}

struct nvdla_extent nvdla_span_extent(const struct nvdla_span *span)
{
	struct nvdla_extent extent = { span->start, span->start + nvdla_span_bytes(span) };

	return extent;
}

int nvdla_check_span(const struct nvdla_check *check, const struct drm_edge_ref *ref,
		     struct nvdla_span *span, bool write)
{
	const u64 bytes = nvdla_span_bytes(span), window = 1ull << 32;
	struct edge_buffer buffer;
	int error;

	if (ref->pad)
		return nvdla_refuse(check, DRM_EDGE_REASON_RESERVED, &ref->pad);
	error = check->buffers->find(check->buffers->opaque, ref->handle, write, &buffer);
	if (error == -ENOENT)
		return nvdla_refuse(check, DRM_EDGE_REASON_HANDLE, &ref->handle);
	if (error)
		return error;
	if (write ? !buffer.writable : !buffer.readable)
		return nvdla_refuse(check, DRM_EDGE_REASON_ACCESS, &ref->handle);
	if (ref->offset > buffer.size || bytes > buffer.size - ref->offset)
		return nvdla_refuse(check, DRM_EDGE_REASON_EXTENT, &ref->offset);
	/* Addresses have 32 bits, wherever the buffer comes from. */
	if (buffer.address >= window || buffer.size > window - buffer.address)
		return nvdla_refuse(check, DRM_EDGE_REASON_EXTENT, &ref->handle);
	span->start = (u32)(buffer.address + ref->offset);
	if (span->start % check->geometry->atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &ref->offset);
	return 0;
}

int nvdla_check_sizes(const struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube)
{
	int error;

	error = nvdla_check_zeros(check, &cube->pad, 1);
	if (!error)
		error = nvdla_check_u32(check, &cube->width, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_SIZE);
	if (!error)
		error = nvdla_check_u32(check, &cube->height, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_SIZE);
	if (!error)
		error = nvdla_check_u32(check, &cube->channels, 1, NVDLA_MAX_SIZE,
					DRM_EDGE_REASON_SIZE);
	return error;
}

static int nvdla_check_strides(const struct nvdla_check *check,
			       const struct drm_edge_nvdla_cube *cube)
{
	const u32 atom = check->geometry->atom;

	if (cube->line_stride % atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &cube->line_stride);
	if (cube->surface_stride % atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_ALIGN, &cube->surface_stride);
	if (cube->line_stride < cube->width * atom)
		return nvdla_refuse(check, DRM_EDGE_REASON_STRIDE, &cube->line_stride);
	if (cube->surface_stride < (u64)cube->line_stride * cube->height)
		return nvdla_refuse(check, DRM_EDGE_REASON_STRIDE, &cube->surface_stride);
	/* Hardware puts the only point of each surface where it would be in a packed cube. */
	if (cube->width == 1 && cube->height == 1) {
		if (cube->line_stride != atom)
			return nvdla_refuse(check, DRM_EDGE_REASON_POINT, &cube->line_stride);
		if (cube->surface_stride != atom)
			return nvdla_refuse(check, DRM_EDGE_REASON_POINT, &cube->surface_stride);
	}
	return 0;
}

static int nvdla_check_cube(const struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube,
			    bool write, struct nvdla_span *span, struct nvdla_cube *to)
{
	const u32 atom = check->geometry->atom;
	int error;

	error = nvdla_check_sizes(check, cube);
	if (!error)
		error = nvdla_check_strides(check, cube);
	if (error)
		return error;
	span->bytes = cube->width * atom;
	span->lines = cube->height;
	span->line_stride = cube->line_stride;
	span->surfaces = DIV_ROUND_UP(cube->channels, atom);
	span->surface_stride = cube->surface_stride;
	error = nvdla_check_span(check, &cube->at, span, write);
	if (error)
		return error;
	to->address = span->start;
	to->line_stride = cube->line_stride;
	to->surface_stride = cube->surface_stride;
	to->width = cube->width;
	to->height = cube->height;
	to->channels = cube->channels;
	return 0;
}

int nvdla_check_input(struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube)
{
	return nvdla_check_cube(check, cube, false, &check->reads[NVDLA_READ_INPUT],
				&check->op->from);
}

int nvdla_check_output(struct nvdla_check *check, const struct drm_edge_nvdla_cube *cube)
{
	return nvdla_check_cube(check, cube, true, &check->write, &check->op->to);
}

int nvdla_check_made(const struct nvdla_check *check, const struct drm_edge_nvdla_cube *output,
		     u32 width, u32 height, u32 channels)
{
	if (output->width != width)
		return nvdla_refuse(check, DRM_EDGE_REASON_OUTPUT, &output->width);
	if (output->height != height)
		return nvdla_refuse(check, DRM_EDGE_REASON_OUTPUT, &output->height);
	if (output->channels != channels)
		return nvdla_refuse(check, DRM_EDGE_REASON_OUTPUT, &output->channels);
	return 0;
}

static u32 nvdla_gcd(u32 a, u32 b)
{
	while (b) {
		const u32 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * Pieces of @a_bytes from @a, and of @b_bytes from @b, each repeated at multiples of @period:
 * whether they never meet.
 */
static bool nvdla_interleave(u32 a, u64 a_bytes, u32 b, u64 b_bytes, u32 period)
{
	u32 distance;

	if (!period)
		return false;
	distance = a <= b ? (b - a) % period : period - 1 - (a - b - 1) % period;
	return distance >= a_bytes && period - distance >= b_bytes;
}

/*
 * Two cubes of one larger cube share its strides: their lines lie at the same places of every
 * period, be it a line (one is left of the other) or a surface (one is above the other), or their
 * hulls are disjoint (one has other channels). The greatest common divisor of the strides is such
 * a period whatever they are. Cubes that avoid each other in any other way count as overlapping.
 */
bool nvdla_spans_meet(const struct nvdla_span *a, const struct nvdla_span *b)
{
	const struct nvdla_extent hull_a = nvdla_span_extent(a), hull_b = nvdla_span_extent(b);
	u32 lines = 0, surfaces = 0;

	if (!nvdla_extents_meet(&hull_a, &hull_b))
		return false;
	if (a->surfaces > 1)
		surfaces = a->surface_stride;
	if (b->surfaces > 1)
		surfaces = nvdla_gcd(surfaces, b->surface_stride);
	if (a->lines > 1)
		lines = a->line_stride;
	if (b->lines > 1)
		lines = nvdla_gcd(lines, b->line_stride);
	lines = nvdla_gcd(lines, surfaces);
	return !nvdla_interleave(a->start, a->bytes, b->start, b->bytes, lines) &&
	       !nvdla_interleave(a->start, nvdla_surface_bytes(a), b->start, nvdla_surface_bytes(b),
				 surfaces);
}
