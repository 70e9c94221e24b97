/* SPDX-License-Identifier: MIT */
/* Memory that an accelerator and the CPU share. */
#ifndef EDGE_DEVICE_BUFFER_H
#define EDGE_DEVICE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "device/device.h"

/**
 * struct edge_buffer - memory of a device
 * @device: that it belongs to
 * @handle: its number there, for descriptors
 * @flags: DRM_EDGE_BO_*
 * @size: bytes, whole pages
 * @mmap_offset: where it lies in the device's file
 * @map: where the CPU sees it, once mapped
 * @dma_buf: of imported ones, a file of its own; else -1
 * @refs: the kernel has one handle for a buffer, however often it is imported
 * @next: in the device's list
 */
struct edge_buffer {
	struct edge_device *device;
	uint32_t handle;
	uint32_t flags;
	uint64_t size;
	uint64_t mmap_offset;
	void *map;
	int dma_buf;
	unsigned int refs;
	struct edge_buffer *next;
};

/* @size bytes, zero; @flags: DRM_EDGE_BO_CACHED, DEVICE_READS, DEVICE_WRITES. */
enum edge_status edge_buffer_create(struct edge_device *device, uint64_t size, uint32_t flags,
				    struct edge_buffer **buffer, struct edge_error *error);

/* A buffer of another driver, such as a camera's; the caller keeps @dma_buf. */
enum edge_status edge_buffer_import(struct edge_device *device, int dma_buf,
				    struct edge_buffer **buffer, struct edge_error *error);

/* A dma-buf for other drivers and processes; the caller closes it. */
enum edge_status edge_buffer_export(const struct edge_buffer *buffer, int *dma_buf,
				    struct edge_error *error);

/* Where the CPU sees it, until its destruction. */
enum edge_status edge_buffer_map(struct edge_buffer *buffer, void **map, struct edge_error *error);

/**
 * edge_buffer_sync() - before the other side looks
 * @flags: DRM_EDGE_SYNC_TO_DEVICE when the CPU has written, DRM_EDGE_SYNC_TO_CPU when the device has
 * @offset, @size: bytes; @size 0 for all that follows @offset
 *
 * Costs nothing where it is not needed.
 */
enum edge_status edge_buffer_sync(const struct edge_buffer *buffer, uint32_t flags, uint64_t offset,
				  uint64_t size, struct edge_error *error);

/* Gives it back, or one import of it; jobs that use it keep what they need. Accepts NULL. */
void edge_buffer_destroy(struct edge_buffer *buffer);

#endif
