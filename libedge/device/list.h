/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DEVICE_LIST_H
#define EDGE_DEVICE_LIST_H

#include "device/kernel.h"
#include "edge/device.h"

/**
 * struct edge_device_list - accelerators that were found
 * @devices: @count of them; their strings belong to the list
 */
struct edge_device_list {
	struct edge_device_info *devices;
	size_t count;
};

/* edge_device_list_create() below a folder that stands for /, of a kernel of the caller's. */
enum edge_status edge_device_list_create_with(const struct edge_kernel *kernel, const char *root,
					      struct edge_device_list **list,
					      struct edge_error *error);

/* Adds what /sys below @root has, all of it still unopened; nodes carry no @root. */
enum edge_status edge_device_list_enumerate(struct edge_device_list *list, const char *root,
					    struct edge_error *error);

#endif
