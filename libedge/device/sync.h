/* SPDX-License-Identifier: MIT */
/* Syncobjs: what jobs of this and other drivers wait for and signal. */
#ifndef EDGE_DEVICE_SYNC_H
#define EDGE_DEVICE_SYNC_H

#include "device/device.h"

/* A binary syncobj of @device's file, not signalled. */
enum edge_status edge_sync_create(struct edge_device *device, uint32_t *handle,
				  struct edge_error *error);
void edge_sync_destroy(struct edge_device *device, uint32_t handle);

/* Until it has signalled, or @deadline_ns of CLOCK_MONOTONIC: EDGE_TIMED_OUT. Whether the job went
 * well is for edge_job_wait() to say. */
enum edge_status edge_sync_wait(struct edge_device *device, uint32_t handle, int64_t deadline_ns,
				struct edge_error *error);

/* Its fence as a sync_file that poll(2) and other drivers understand; the caller closes it. */
enum edge_status edge_sync_export(struct edge_device *device, uint32_t handle, int *file,
				  struct edge_error *error);

/* Makes it the fence of a sync_file, such as a camera's; the caller keeps @file. */
enum edge_status edge_sync_import(struct edge_device *device, uint32_t handle, int file,
				  struct edge_error *error);

#endif
