/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_COREDUMP_H
#define EDGE_COREDUMP_H

struct drm_printer;
struct edge_device;
struct edge_job;

int edge_coredump_init(struct edge_device *edev);
void edge_coredump(struct edge_device *edev, const struct edge_job *hung, const char *cause);
void edge_dump_queue(struct edge_device *edev, struct drm_printer *p);

#endif
