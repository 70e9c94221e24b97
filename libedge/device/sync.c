// SPDX-License-Identifier: MIT
#include "device/sync.h"

enum edge_status edge_sync_create(struct edge_device *device, uint32_t *handle,
				  struct edge_error *error)
{
	struct drm_syncobj_create create = { 0 };
	int number = edge_device_ioctl(device, DRM_IOCTL_SYNCOBJ_CREATE, &create);

	*handle = number ? 0 : create.handle;
	return number ? edge_device_fail(device, "create a syncobj", number, error) : EDGE_OK;
}

void edge_sync_destroy(struct edge_device *device, uint32_t handle)
{
	struct drm_syncobj_destroy destroy = { .handle = handle };

	if (handle)
		edge_device_ioctl(device, DRM_IOCTL_SYNCOBJ_DESTROY, &destroy);
}

enum edge_status edge_sync_wait(struct edge_device *device, uint32_t handle, int64_t deadline_ns,
				struct edge_error *error)
{
	struct drm_syncobj_wait wait = {
		.handles = (uintptr_t)&handle,
		.count_handles = 1,
		.timeout_nsec = deadline_ns,
		.flags = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT,
	};
	int number = edge_device_ioctl(device, DRM_IOCTL_SYNCOBJ_WAIT, &wait);

	return number ? edge_device_fail(device, "wait for a syncobj", number, error) : EDGE_OK;
}

enum edge_status edge_sync_export(struct edge_device *device, uint32_t handle, int *file,
				  struct edge_error *error)
{
	struct drm_syncobj_handle export = {
		.handle = handle,
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
		.fd = -1,
	};
	int number = edge_device_ioctl(device, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &export);

	*file = number ? -1 : export.fd;
	return number ? edge_device_fail(device, "export a fence", number, error) : EDGE_OK;
}

enum edge_status edge_sync_import(struct edge_device *device, uint32_t handle, int file,
				  struct edge_error *error)
{
	struct drm_syncobj_handle import = {
		.handle = handle,
		.flags = DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE,
		.fd = file,
	};
	int number = edge_device_ioctl(device, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &import);

	return number ? edge_device_fail(device, "import a fence", number, error) : EDGE_OK;
}
