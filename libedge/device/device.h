/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DEVICE_DEVICE_H
#define EDGE_DEVICE_DEVICE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"
#include "device/kernel.h"
#include "drm/edge_accel.h"
#include "edge/device.h"

/**
 * struct edge_device - an open accelerator
 * @kernel: how it is asked
 * @fd: the open node
 * @node: its path
 * @major, @minor: version of the driver's interface
 * @about: what every device tells; zero where the driver is older than a member
 * @nvdla: geometry; only if @about.family is DRM_EDGE_FAMILY_NVDLA
 * @lock: guards @buffers and their counts, along with the handles the kernel has for this file
 * @buffers: all that live
 *
 * Any thread may use it.
 */
struct edge_device {
	const struct edge_kernel *kernel;
	int fd;
	char *node;
	int major;
	int minor;
	struct drm_edge_device about;
	struct drm_edge_nvdla nvdla;
	pthread_mutex_t lock;
	struct edge_buffer *buffers;
};

/* edge_device_open() of a kernel of the caller's. */
enum edge_status edge_device_open_with(const struct edge_kernel *kernel, const char *node,
				       struct edge_device **device, struct edge_error *error);

/* An ioctl on the node: 0 or an error number, above zero. */
int edge_device_ioctl(const struct edge_device *device, unsigned long request, void *argument);

/* Fills @error for the error @number that came of @what, such as "create a buffer". */
enum edge_status edge_device_fail(const struct edge_device *device, const char *what, int number,
				  struct edge_error *error);

#endif
