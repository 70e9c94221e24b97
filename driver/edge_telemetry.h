/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_TELEMETRY_H
#define EDGE_TELEMETRY_H

#include <linux/sysfs.h>

struct drm_file;
struct drm_printer;
struct edge_device;
struct seq_file;
struct file;

extern const struct attribute_group *edge_sysfs_groups[];

void edge_show_fdinfo(struct drm_printer *p, struct drm_file *file);
void edge_show_fdinfo_seq(struct seq_file *m, struct file *f);
void edge_debugfs_init(struct edge_device *edev);
void edge_hwmon_init(struct edge_device *edev);

#endif
