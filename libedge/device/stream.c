// SPDX-License-Identifier: MIT
#include "device/stream.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 4096

void edge_stream_init(struct edge_stream *stream, const struct edge_device *device)
{
	*stream = (struct edge_stream) {
		.max_ops = device->about.max_ops,
		.max_stream = device->about.max_stream,
	};
}

void edge_stream_finish(struct edge_stream *stream)
{
	free(stream->bytes);
	stream->bytes = NULL;
	stream->capacity = 0;
	edge_stream_clear(stream);
}

void edge_stream_clear(struct edge_stream *stream)
{
	stream->size = 0;
	stream->ops = 0;
}

static enum edge_status grow(struct edge_stream *stream, size_t least, struct edge_error *error)
{
	size_t capacity = stream->capacity ? stream->capacity : FIRST_CAPACITY;
	uint8_t *bytes;

	while (capacity < least)
		capacity *= 2;
	if (capacity == stream->capacity)
		return EDGE_OK;
	bytes = realloc(stream->bytes, capacity);
	if (!bytes)
		return edge_fail_memory(error);
	stream->bytes = bytes;
	stream->capacity = capacity;
	return EDGE_OK;
}

enum edge_status edge_stream_append(struct edge_stream *stream, const struct drm_edge_op *op,
				    struct edge_error *error)
{
	enum edge_status status;

	if (op->size < sizeof(*op) || op->size % 8)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "a descriptor of %u bytes; it takes a multiple of 8, from 8",
				 op->size);
	if (stream->ops >= stream->max_ops || op->size > stream->max_stream - stream->size)
		return edge_fail(
			error, EDGE_LIMIT_EXCEEDED,
			"the device takes %zu operations and %zu bytes in a job; spread them "
			"over several",
			stream->max_ops, stream->max_stream);
	status = grow(stream, stream->size + op->size, error);
	if (status)
		return status;
	memcpy(stream->bytes + stream->size, op, op->size);
	stream->size += op->size;
	stream->ops++;
	return EDGE_OK;
}

const struct drm_edge_op *edge_stream_at(const struct edge_stream *stream, size_t index)
{
	size_t at = 0;

	if (index >= stream->ops)
		return NULL;
	while (index--)
		at += ((const struct drm_edge_op *)(stream->bytes + at))->size;
	return (const struct drm_edge_op *)(stream->bytes + at);
}

#define APPEND(name, number) \
	enum edge_status edge_stream_##name(struct edge_stream *stream, \
					    const struct drm_edge_nvdla_##name *op, \
					    struct edge_error *error) \
	{ \
		struct drm_edge_nvdla_##name copy = *op; \
\
		copy.op.type = number; \
		copy.op.size = sizeof(copy); \
		return edge_stream_append(stream, &copy.op, error); \
	}

APPEND(conv, DRM_EDGE_OP_NVDLA_CONV)
APPEND(sdp, DRM_EDGE_OP_NVDLA_SDP)
APPEND(pdp, DRM_EDGE_OP_NVDLA_PDP)
APPEND(table, DRM_EDGE_OP_NVDLA_TABLE)
APPEND(copy, DRM_EDGE_OP_NVDLA_COPY)
