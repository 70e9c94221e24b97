/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DEVICE_REFUSAL_H
#define EDGE_DEVICE_REFUSAL_H

#include "device/stream.h"

#define EDGE_REFUSAL_MAX 448

/* Which operation of @stream the driver has refused, which field, its value, the reason and the remedy, in one
 * sentence, from the error_ fields of @submit. */
void edge_refusal_text(const struct edge_stream *stream, const struct drm_edge_submit *submit,
		       char *text, size_t size);

/* A sentence for an enum drm_edge_reason; static, never NULL. */
const char *edge_reason_string(uint32_t reason);

#endif
