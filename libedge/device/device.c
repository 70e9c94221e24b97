// SPDX-License-Identifier: MIT
#include "device/device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "device/cause.h"

#define DRIVER "edge_accel"
#define INTERFACE 1 /* major version */

/* What the first version of the interface told; an answer that is shorter comes from no driver of ours. */
#define DEVICE_SIZE_1_0 offsetof(struct drm_edge_device, reserved)
#define NVDLA_SIZE_1_0 offsetof(struct drm_edge_nvdla, reserved)

int edge_device_ioctl(const struct edge_device *device, unsigned long request, void *argument)
{
	int number;

	if (!device->kernel->ioctl(device->fd, request, argument))
		return 0;
	number = errno;
	edge_log(EDGE_LOG_DEVICE, "%s: ioctl 0x%02lx: %s", device->node, request & 0xff,
		 strerror(number));
	return number;
}

enum edge_status edge_device_fail(const struct edge_device *device, const char *what, int number,
				  struct edge_error *error)
{
	return edge_cause_fail(error, device->node, what, number);
}

/* That it is our driver, and speaks as we do. */
static enum edge_status ask_version(struct edge_device *device, struct edge_error *error)
{
	char name[32] = "";
	struct drm_version version = { .name = name, .name_len = sizeof(name) - 1 };
	int number = edge_device_ioctl(device, DRM_IOCTL_VERSION, &version);

	if (number == ENOTTY || number == EINVAL)
		return edge_fail(error, EDGE_UNSUPPORTED, "%s: no DRM device, so no accelerator",
				 device->node);
	if (number)
		return edge_device_fail(device, "ask for the driver", number, error);
	name[sizeof(name) - 1] = 0;
	if (strcmp(name, DRIVER))
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "%s: belongs to the driver '%s', not to " DRIVER
				 "; 'edgectl devices' lists accelerators",
				 device->node, name);
	device->major = version.version_major;
	device->minor = version.version_minor;
	if (device->major != INTERFACE)
		return edge_fail(
			error, EDGE_INCOMPATIBLE,
			"%s: the driver speaks version %d.%d, libedge %s speaks %d; install the %s "
			"of the other's release",
			device->node, device->major, device->minor, edge_version(), INTERFACE,
			device->major > INTERFACE ? "library" : "driver");
	return EDGE_OK;
}

/* Reads @type into @answer, zeroed, of @size bytes, of which the driver has to know @least. */
static enum edge_status query(const struct edge_device *device, enum drm_edge_query type,
			      void *answer, size_t size, size_t least, struct edge_error *error)
{
	struct drm_edge_dev_query query = { .type = type,
					    .size = size,
					    .pointer = (uintptr_t)answer };
	int number = edge_device_ioctl(device, DRM_IOCTL_EDGE_DEV_QUERY, &query);

	if (number)
		return edge_device_fail(device, "ask what it is", number, error);
	if (query.size < least)
		return edge_fail(
			error, EDGE_INCOMPATIBLE,
			"%s: the driver (%d.%d) tells only %u of %zu bytes about the device; install the "
			"driver of libedge %s",
			device->node, device->major, device->minor, query.size, least,
			edge_version());
	return EDGE_OK;
}

static enum edge_status ask_what_it_is(struct edge_device *device, struct edge_error *error)
{
	struct drm_edge_device *about = &device->about;
	enum edge_status status =
		query(device, DRM_EDGE_QUERY_DEVICE, about, sizeof(*about), DEVICE_SIZE_1_0, error);

	if (status)
		return status;
	about->name[sizeof(about->name) - 1] = 0;
	if (!about->max_ops || !about->max_stream || !about->bo_align ||
	    (about->bo_align & (about->bo_align - 1)))
		return edge_fail(
			error, EDGE_DEVICE_FAULT,
			"%s: the driver says that the device takes no work; see its lines in "
			"'dmesg'",
			device->node);
	if (about->family != DRM_EDGE_FAMILY_NVDLA)
		return EDGE_OK;
	status = query(device, DRM_EDGE_QUERY_NVDLA, &device->nvdla, sizeof(device->nvdla),
		       NVDLA_SIZE_1_0, error);
	if (status)
		return status;
	if (!device->nvdla.atom || !device->nvdla.atomic_c || !device->nvdla.atomic_k)
		return edge_fail(
			error, EDGE_DEVICE_FAULT,
			"%s: its configuration ROM reads as zero; see the driver's lines in "
			"'dmesg'",
			device->node);
	return EDGE_OK;
}

enum edge_status edge_device_open_with(const struct edge_kernel *kernel, const char *node,
				       struct edge_device **result, struct edge_error *error)
{
	struct edge_device *device = calloc(1, sizeof(*device));
	enum edge_status status = EDGE_OUT_OF_MEMORY;

	*result = NULL;
	if (!device) {
		edge_fail_memory(error);
		return status;
	}
	device->kernel = kernel;
	device->node = strdup(node);
	if (!device->node) {
		edge_fail_memory(error);
		goto free_device;
	}
	device->fd = kernel->open(node);
	if (device->fd < 0) {
		int number = errno == ENOENT || errno == ENOTDIR ? ENODEV : errno;

		status = edge_cause_fail(error, node, "cannot open", number);
		goto free_node;
	}
	status = ask_version(device, error);
	if (!status)
		status = ask_what_it_is(device, error);
	if (status)
		goto close_node;
	pthread_mutex_init(&device->lock, NULL);
	edge_log(EDGE_LOG_DEVICE, "%s: opened, " DRIVER " %d.%d, %s", node, device->major,
		 device->minor, device->about.name);
	*result = device;
	return EDGE_OK;

close_node:
	close(device->fd);
free_node:
	free(device->node);
free_device:
	free(device);
	return status;
}

enum edge_status edge_device_open(const char *node, struct edge_device **device,
				  struct edge_error *error)
{
	if (!device)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "edge_device_open: no place for it");
	*device = NULL;
	if (!node)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "edge_device_open: no node");
	return edge_device_open_with(&edge_kernel_linux, node, device, error);
}

void edge_device_destroy(struct edge_device *device)
{
	if (!device)
		return;
	pthread_mutex_destroy(&device->lock);
	close(device->fd);
	free(device->node);
	free(device);
}

enum edge_status edge_device_reset(struct edge_device *device, struct edge_error *error)
{
	struct drm_edge_reset reset = { 0 };
	int number;

	if (!device)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "edge_device_reset: no device");
	number = edge_device_ioctl(device, DRM_IOCTL_EDGE_RESET, &reset);
	if (number == EACCES || number == EPERM)
		return edge_fail(error, EDGE_PERMISSION_DENIED,
				 "%s: only the administrator may reset it; try again with sudo",
				 device->node);
	return number ? edge_device_fail(device, "reset", number, error) : EDGE_OK;
}
