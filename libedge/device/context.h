/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DEVICE_CONTEXT_H
#define EDGE_DEVICE_CONTEXT_H

#include "device/device.h"

/* A queue: its jobs run in the order of their submission. */
struct edge_context {
	struct edge_device *device;
	uint32_t handle;
};

enum edge_status edge_context_create(struct edge_device *device, enum drm_edge_priority priority,
				     struct edge_context **context, struct edge_error *error);

/* What happened to it and its jobs so far. */
enum edge_status edge_context_status(const struct edge_context *context,
				     struct drm_edge_ctx_status *result, struct edge_error *error);

/* Jobs that have not reached the hardware are cancelled. Accepts NULL. */
void edge_context_destroy(struct edge_context *context);

#endif
