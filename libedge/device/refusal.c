// SPDX-License-Identifier: MIT
#include "device/refusal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device/fields.h"

/* Why, and what it takes to be accepted. */
static const char *const reasons[] = {
	[DRM_EDGE_REASON_NONE] = "nothing is wrong with it",
	[DRM_EDGE_REASON_STREAM] =
		"the stream is empty, too long or cut off, or this driver is too old for it; use a "
		"library and a driver of the same release",
	[DRM_EDGE_REASON_OPS] =
		"there are more operations than the device takes in one job; spread "
		"them over several",
	[DRM_EDGE_REASON_TYPE] = "this device has no such operation; compile the model for it",
	[DRM_EDGE_REASON_RESERVED] =
		"it is not zero, but has no meaning here, or none that this driver knows; leave it zero "
		"or install a newer driver",
	[DRM_EDGE_REASON_HANDLE] =
		"there is no such buffer; create or import it on this device first",
	[DRM_EDGE_REASON_EXTENT] =
		"it reaches beyond its buffer; make the buffer larger or the offset smaller",
	[DRM_EDGE_REASON_ALIGN] =
		"it is not a multiple of what the device needs; round it up to bo_align",
	[DRM_EDGE_REASON_ACCESS] =
		"the buffer was not made for that; create it without DEVICE_READS "
		"or DEVICE_WRITES",
	[DRM_EDGE_REASON_SIZE] =
		"a width, height or number of channels is zero, too large, or contradicts another; it "
		"takes 1 to 8192",
	[DRM_EDGE_REASON_STRIDE] =
		"lines or surfaces overlap, or the stride is beyond 32 bits; it takes at least width * "
		"atom from line to line, and height * line_stride from surface to surface",
	[DRM_EDGE_REASON_POINT] =
		"a cube of one line and one column has to be packed; both strides take the atom",
	[DRM_EDGE_REASON_OVERLAP] =
		"input and output overlap; place them apart, or let them be the same cube of an "
		"element-wise operation",
	[DRM_EDGE_REASON_FORMAT] =
		"the input's format is unknown or does not go with the rest of the operation",
	[DRM_EDGE_REASON_KERNEL] =
		"a kernel takes a width and height of 1 to 32, a pooling window of 1 to 8",
	[DRM_EDGE_REASON_STEP] =
		"a kernel takes strides of 1 to 8 and dilations of 1 to 32, a pooling window strides of "
		"1 to 16",
	[DRM_EDGE_REASON_PADDING] =
		"padding is out of range, not smaller than the kernel, or its value takes more than 8 "
		"bits",
	[DRM_EDGE_REASON_OUTPUT] =
		"the output's size is not what input, kernel, step and padding give",
	[DRM_EDGE_REASON_BANKS] =
		"the convolution buffer has no so many banks, or none is given; share out those it has",
	[DRM_EDGE_REASON_DATA_BANKS] =
		"the input does not fit into the banks it is given; give it more, or split it by lines",
	[DRM_EDGE_REASON_WEIGHT_BANKS] =
		"a group of kernels does not fit into the banks it is given; give it more, or split the "
		"channels",
	[DRM_EDGE_REASON_STAGE] =
		"a stage contradicts itself, or an operand of it is missing or out of range",
	[DRM_EDGE_REASON_SHIFT] = "a shift, scale, offset or truncation is out of range",
	[DRM_EDGE_REASON_POOL_WIDTH] =
		"the pooling unit's line buffer does not hold so wide an output; use more bands",
	[DRM_EDGE_REASON_BANDS] =
		"the bands do not make up the output; first, the middle ones and last are its width",
	[DRM_EDGE_REASON_UNSUPPORTED] =
		"this device lacks the unit for it; compile the model for this device",
};

const char *edge_reason_string(uint32_t reason)
{
	if (reason >= sizeof(reasons) / sizeof(reasons[0]) || !reasons[reason])
		return "for a reason that only a newer library knows; install it";
	return reasons[reason];
}

/* The number that the stream has there; true if there is one. */
static bool read_value(const struct drm_edge_op *op, const struct edge_field *field, int64_t *value)
{
	const uint8_t *at = (const uint8_t *)op + field->at;
	uint64_t bits = 0;
	unsigned int unused;

	if (field->size > sizeof(bits) || field->at + field->size > op->size)
		return false;
	memcpy(&bits, at, field->size);
	unused = 64 - 8 * field->size;
	*value = field->is_signed ? (int64_t)(bits << unused) >> unused : (int64_t)bits;
	return true;
}

void edge_refusal_text(const struct edge_stream *stream, const struct drm_edge_submit *submit,
		       char *text, size_t size)
{
	const struct drm_edge_op *op = edge_stream_at(stream, submit->error_op);
	const char *reason = edge_reason_string(submit->error_reason);
	const char *name = op ? edge_op_name(op->type) : NULL;
	struct edge_field field;
	int64_t value;

	if (!op)
		snprintf(text, size, "refused: %s", reason);
	else if (!name)
		snprintf(text, size, "operation %u (type 0x%08x): %s", submit->error_op, op->type,
			 reason);
	else if (!edge_op_field(op->type, submit->error_at, &field))
		snprintf(text, size, "operation %u (%s): byte %u: %s", submit->error_op, name,
			 submit->error_at, reason);
	else if (!read_value(op, &field, &value))
		snprintf(text, size, "operation %u (%s): %s: %s", submit->error_op, name,
			 field.name, reason);
	else
		snprintf(text, size, "operation %u (%s): %s is %" PRId64 ": %s", submit->error_op,
			 name, field.name, value, reason);
}
