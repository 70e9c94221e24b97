/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_POWER_H
#define EDGE_POWER_H

#include <linux/pm.h>

struct edge_device;

extern const struct dev_pm_ops edge_pm_ops;

void edge_power_init(struct edge_device *edev);
void edge_power_fini(struct edge_device *edev);

#endif
