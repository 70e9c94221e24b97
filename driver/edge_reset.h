/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_RESET_H
#define EDGE_RESET_H

#include <drm/gpu_scheduler.h>

struct drm_device;
struct drm_file;
struct edge_device;
struct edge_job;

enum drm_gpu_sched_stat edge_reset_hung(struct edge_job *job);
int edge_reset_restart(struct edge_device *edev);
void edge_reset_give_up(struct edge_device *edev, int error);
void edge_reset_uevent(struct edge_device *edev, const char *event, const char *cause);
int edge_reset_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

#endif
