// SPDX-License-Identifier: MIT
#include "device/context.h"

#include <errno.h>
#include <stdlib.h>

enum edge_status edge_context_create(struct edge_device *device, enum drm_edge_priority priority,
				     struct edge_context **result, struct edge_error *error)
{
	struct drm_edge_ctx_create create = { .priority = priority };
	struct edge_context *context = calloc(1, sizeof(*context));
	int number;

	*result = NULL;
	if (!context)
		return edge_fail_memory(error);
	number = edge_device_ioctl(device, DRM_IOCTL_EDGE_CTX_CREATE, &create);
	if (number) {
		free(context);
		if (priority == DRM_EDGE_PRIORITY_HIGH && (number == EACCES || number == EPERM))
			return edge_fail(
				error, EDGE_PERMISSION_DENIED,
				"%s: high priority needs CAP_SYS_NICE; ask for the normal one, "
				"or give the program that capability",
				device->node);
		return edge_device_fail(device, "create a context", number, error);
	}
	context->device = device;
	context->handle = create.handle;
	*result = context;
	return EDGE_OK;
}

enum edge_status edge_context_status(const struct edge_context *context,
				     struct drm_edge_ctx_status *result, struct edge_error *error)
{
	int number;

	*result = (struct drm_edge_ctx_status) { .handle = context->handle };
	number = edge_device_ioctl(context->device, DRM_IOCTL_EDGE_CTX_STATUS, result);
	return number ? edge_device_fail(context->device, "ask for a context", number, error)
		      : EDGE_OK;
}

void edge_context_destroy(struct edge_context *context)
{
	struct drm_edge_ctx_destroy destroy;

	if (!context)
		return;
	destroy = (struct drm_edge_ctx_destroy) { .handle = context->handle };
	edge_device_ioctl(context->device, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy);
	free(context);
}
