/* SPDX-License-Identifier: MIT */
/* Command streams: descriptors one after the other, as the driver checks and runs them. */
#ifndef EDGE_DEVICE_STREAM_H
#define EDGE_DEVICE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "device/device.h"

/**
 * struct edge_stream - a command stream in the making
 * @bytes: @size of them used, @capacity allocated
 * @ops: descriptors in it
 * @max_ops, @max_stream: what the device takes in one job
 */
struct edge_stream {
	uint8_t *bytes;
	size_t size;
	size_t capacity;
	size_t ops;
	size_t max_ops;
	size_t max_stream;
};

/* An empty stream with the limits of @device; needs no memory yet. */
void edge_stream_init(struct edge_stream *stream, const struct edge_device *device);
void edge_stream_finish(struct edge_stream *stream);

/* Empties it and keeps its memory. */
void edge_stream_clear(struct edge_stream *stream);

/* Appends a descriptor of @op->size bytes, a multiple of 8. EDGE_LIMIT_EXCEEDED, with the stream as
 * it was, if the job would be more than the device takes: submit, then begin another. */
enum edge_status edge_stream_append(struct edge_stream *stream, const struct drm_edge_op *op,
				    struct edge_error *error);

/* The descriptor number @index, or NULL. */
const struct drm_edge_op *edge_stream_at(const struct edge_stream *stream, size_t index);

/* Append a copy of one of NVDLA's, whose header they fill in. */
enum edge_status edge_stream_conv(struct edge_stream *stream, const struct drm_edge_nvdla_conv *op,
				  struct edge_error *error);
enum edge_status edge_stream_sdp(struct edge_stream *stream, const struct drm_edge_nvdla_sdp *op,
				 struct edge_error *error);
enum edge_status edge_stream_pdp(struct edge_stream *stream, const struct drm_edge_nvdla_pdp *op,
				 struct edge_error *error);
enum edge_status edge_stream_table(struct edge_stream *stream,
				   const struct drm_edge_nvdla_table *op, struct edge_error *error);
enum edge_status edge_stream_copy(struct edge_stream *stream, const struct drm_edge_nvdla_copy *op,
				  struct edge_error *error);

#endif
