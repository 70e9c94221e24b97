// SPDX-License-Identifier: MIT
#include "device/list.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "device/device.h"
#include "device/sysfs.h"

const char *edge_accel_kind_name(enum edge_accel_kind kind)
{
	static const char *const names[] = {
		[EDGE_ACCEL_UNKNOWN] = "unknown",
		[EDGE_ACCEL_NPU] = "npu",
		[EDGE_ACCEL_FPGA] = "fpga",
		[EDGE_ACCEL_VPU] = "vpu",
	};

	return (unsigned int)kind <= EDGE_ACCEL_VPU ? names[kind] : names[EDGE_ACCEL_UNKNOWN];
}

/* Replaces a string of the list's. */
static bool replace(const char **string, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return false;
	free((char *)*string);
	*string = copy;
	return true;
}

/* The words that the driver has in sysfs, and the features. */
static bool tell_geometry(const struct drm_edge_nvdla *nvdla, struct edge_device_info *info)
{
	static const char *const names[] = { "bs", "bn", "pdp", "cdp" };
	char text[256], features[32] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t used = strlen(features);

		if (nvdla->features & 1u << i)
			snprintf(features + used, sizeof(features) - used, "%s%s", used ? "," : "",
				 names[i]);
	}
	snprintf(text, sizeof(text),
		 "atomic_c=%u atomic_k=%u atom=%u cbuf_banks=%u cbuf_width=%u cbuf_depth=%u "
		 "features=%s pdp_line=%u",
		 nvdla->atomic_c, nvdla->atomic_k, nvdla->atom, nvdla->cbuf_banks,
		 nvdla->cbuf_width, nvdla->cbuf_depth, features, nvdla->pdp_line);
	return replace(&info->geometry, text);
}

static bool tell(const struct edge_device *device, struct edge_device_info *info)
{
	const struct drm_edge_device *about = &device->about;
	bool nvdla = about->family == DRM_EDGE_FAMILY_NVDLA;

	info->driver_major = device->major;
	info->driver_minor = device->minor;
	info->kind = about->kind <= EDGE_ACCEL_VPU ? about->kind : EDGE_ACCEL_UNKNOWN;
	info->hw_version = about->hw_version;
	info->fw_version = about->fw_version;
	info->clock_hz = about->clock_hz;
	info->max_buffer = about->max_bo;
	info->timeout_ms = about->timeout_ms;
	info->resets = about->resets;
	return replace(&info->name, (const char *)about->name) &&
	       (!nvdla ||
		(replace(&info->family, "nvdla") && tell_geometry(&device->nvdla, info))) &&
	       (about->family != DRM_EDGE_FAMILY_VPU || replace(&info->family, "vpu"));
}

/* Opens a device to see whether it can be used. */
static enum edge_status probe(const struct edge_kernel *kernel, const char *root,
			      struct edge_device_info *info, struct edge_error *error)
{
	struct edge_error cause = { 0 };
	struct edge_device *device;
	char path[PATH_MAX];
	bool told;

	if (!edge_sysfs_path(path, root, "%s", info->node))
		return edge_fail_memory(error);
	info->status = edge_device_open_with(kernel, path, &device, &cause);
	edge_log(EDGE_LOG_DEVICE, "%s: %s", info->node,
		 info->status ? cause.message : "can be used");
	if (info->status == EDGE_OUT_OF_MEMORY)
		return edge_fail_memory(error);
	if (info->status)
		return replace(&info->reason, cause.message) ? EDGE_OK : edge_fail_memory(error);
	told = tell(device, info);
	edge_device_destroy(device);
	return told ? EDGE_OK : edge_fail_memory(error);
}

enum edge_status edge_device_list_create_with(const struct edge_kernel *kernel, const char *root,
					      struct edge_device_list **result,
					      struct edge_error *error)
{
	struct edge_device_list *list = calloc(1, sizeof(*list));
	enum edge_status status;

	*result = NULL;
	if (!list)
		return edge_fail_memory(error);
	status = edge_device_list_enumerate(list, root, error);
	for (size_t i = 0; !status && i < list->count; i++)
		status = probe(kernel, root, &list->devices[i], error);
	if (status) {
		edge_device_list_destroy(list);
		return status;
	}
	*result = list;
	return EDGE_OK;
}

enum edge_status edge_device_list_create(struct edge_device_list **list, struct edge_error *error)
{
	if (!list)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "edge_device_list_create: no place for the list");
	return edge_device_list_create_with(&edge_kernel_linux, "", list, error);
}

void edge_device_list_destroy(struct edge_device_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++) {
		struct edge_device_info *info = &list->devices[i];

		free((char *)info->node);
		free((char *)info->bus);
		free((char *)info->address);
		free((char *)info->sysfs);
		free((char *)info->family);
		free((char *)info->name);
		free((char *)info->geometry);
		free((char *)info->reason);
	}
	free(list->devices);
	free(list);
}

const struct edge_device_info *edge_device_list_at(const struct edge_device_list *list,
						   size_t index)
{
	return list && index < list->count ? &list->devices[index] : NULL;
}

/* Whether @text is all of @whole, or what follows one of its @separator. */
static bool names_end(const char *whole, const char *text, char separator)
{
	size_t length = strlen(whole), part = strlen(text);

	if (!part || part > length || strcmp(whole + length - part, text))
		return false;
	return part == length || whole[length - part - 1] == separator;
}

const struct edge_device_info *edge_device_list_find(const struct edge_device_list *list,
						     const char *name)
{
	char *end;
	unsigned long index;

	if (!list || !name || !*name)
		return NULL;
	index = strtoul(name, &end, 10);
	if (!*end && *name >= '0' && *name <= '9')
		return edge_device_list_at(list, index);
	for (size_t i = 0; i < list->count; i++) {
		const struct edge_device_info *info = &list->devices[i];
		/* Without the domain, a PCI address still has a colon. */
		bool address = strchr(name, ':') ? names_end(info->address, name, ':')
						 : !strcmp(info->address, name);

		if (address || names_end(info->node, name, '/'))
			return info;
	}
	return NULL;
}
