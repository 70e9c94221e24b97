// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: What users see
 *
 * fdinfo after drm-usage-stats: who uses the device, for how long, with how much memory. sysfs, in
 * the group "edge" of the parent device: what the device is, and how long it was busy. hwmon where
 * the hardware has a sensor. debugfs for humans, without any promise.
 */

#include <linux/debugfs.h>
#include <linux/hwmon.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>

#include "compat/edge_compat.h"
#include "edge_coredump.h"
#include "edge_drv.h"
#include "edge_telemetry.h"

/* Device time up to now: what is running counts too. */
static u64 device_busy_ns(struct edge_device *edev)
{
	u64 ns = edev->busy_ns;

	if (!list_empty(&edev->queue))
		ns += ktime_to_ns(ktime_sub(ktime_get(), edev->busy_mark));
	return ns;
}

static u64 file_memory(struct drm_file *file)
{
	struct drm_gem_object *obj;
	u64 bytes = 0;
	int id;

	spin_lock(&file->table_lock);
	idr_for_each_entry(&file->object_idr, obj, id)
		bytes += obj->size;
	spin_unlock(&file->table_lock);
	return bytes;
}

/**
 * edge_show_fdinfo() - the driver's part of a file's fdinfo
 * @p: where to
 * @file: the file
 */
void edge_show_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	struct edge_file *efile = file->driver_priv;
	struct edge_device *edev = efile->edev;
	u64 busy_ns, jobs, ops, kib = file_memory(file) / SZ_1K;

	spin_lock_irq(&edev->lock);
	busy_ns = efile->busy_ns;
	jobs = efile->jobs;
	ops = efile->ops;
	spin_unlock_irq(&edev->lock);

	drm_printf(p, "drm-engine-npu:\t%llu ns\n", busy_ns);
	drm_printf(p, "drm-total-memory:\t%llu KiB\n", kib);
	drm_printf(p, "drm-resident-memory:\t%llu KiB\n", kib);
	drm_printf(p, "edge-jobs:\t%llu\n", jobs);
	drm_printf(p, "edge-ops:\t%llu\n", ops);
}

#ifndef EDGE_HAVE_SHOW_FDINFO
/* What newer kernels print before they ask the driver. */
void edge_show_fdinfo_seq(struct seq_file *m, struct file *f)
{
	struct drm_file *file = f->private_data;
	struct drm_device *drm = file->minor->dev;
	struct drm_printer p = drm_seq_file_printer(m);
	struct edge_file *efile = file->driver_priv;

	drm_printf(&p, "drm-driver:\t%s\n", drm->driver->name);
	drm_printf(&p, "drm-client-id:\t%llu\n", efile->client_id);
	if (dev_is_pci(drm->dev))
		drm_printf(&p, "drm-pdev:\t%s\n", pci_name(to_pci_dev(drm->dev)));
	edge_show_fdinfo(&p, file);
}
#endif

static struct edge_device *parent_edev(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static ssize_t kind_show(struct device *dev, struct device_attribute *attr, char *text)
{
	static const char *const names[] = {
		[DRM_EDGE_KIND_NPU] = "npu",
		[DRM_EDGE_KIND_FPGA] = "fpga",
		[DRM_EDGE_KIND_VPU] = "vpu",
	};

	return sysfs_emit(text, "%s\n", names[parent_edev(dev)->info.kind]);
}
static DEVICE_ATTR_RO(kind);

static ssize_t family_show(struct device *dev, struct device_attribute *attr, char *text)
{
	static const char *const names[] = {
		[DRM_EDGE_FAMILY_NVDLA] = "nvdla",
		[DRM_EDGE_FAMILY_VPU] = "vpu",
	};

	return sysfs_emit(text, "%s\n", names[parent_edev(dev)->info.family]);
}
static DEVICE_ATTR_RO(family);

static ssize_t name_show(struct device *dev, struct device_attribute *attr, char *text)
{
	return sysfs_emit(text, "%s\n", parent_edev(dev)->info.name);
}
static DEVICE_ATTR_RO(name);

static ssize_t hw_version_show(struct device *dev, struct device_attribute *attr, char *text)
{
	return sysfs_emit(text, "0x%08x\n", parent_edev(dev)->info.hw_version);
}
static DEVICE_ATTR_RO(hw_version);

static ssize_t geometry_show(struct device *dev, struct device_attribute *attr, char *text)
{
	struct edge_device *edev = parent_edev(dev);

	return edev->ops->describe(edev, text, PAGE_SIZE);
}
static DEVICE_ATTR_RO(geometry);

static ssize_t busy_time_us_show(struct device *dev, struct device_attribute *attr, char *text)
{
	struct edge_device *edev = parent_edev(dev);
	u64 ns;

	spin_lock_irq(&edev->lock);
	ns = device_busy_ns(edev);
	spin_unlock_irq(&edev->lock);
	return sysfs_emit(text, "%llu\n", div_u64(ns, NSEC_PER_USEC));
}
static DEVICE_ATTR_RO(busy_time_us);

static ssize_t resets_show(struct device *dev, struct device_attribute *attr, char *text)
{
	return sysfs_emit(text, "%llu\n", READ_ONCE(parent_edev(dev)->info.resets));
}
static DEVICE_ATTR_RO(resets);

static struct attribute *edge_sysfs_attrs[] = {
	&dev_attr_kind.attr,	 &dev_attr_family.attr,
	&dev_attr_name.attr,	 &dev_attr_hw_version.attr,
	&dev_attr_geometry.attr, &dev_attr_busy_time_us.attr,
	&dev_attr_resets.attr,	 NULL,
};

static const struct attribute_group edge_sysfs_group = {
	.name = "edge",
	.attrs = edge_sysfs_attrs,
};

/* For the bus drivers: attributes come with the driver and go before it does. */
const struct attribute_group *edge_sysfs_groups[] = {
	&edge_sysfs_group,
	NULL,
};

static int queue_show(struct seq_file *m, void *data)
{
	struct edge_device *edev = m->private;
	struct drm_printer p = drm_seq_file_printer(m);

	spin_lock_irq(&edev->lock);
	drm_printf(&p, "jobs done: %llu\nbusy: %llu us\n", edev->jobs_done,
		   div_u64(device_busy_ns(edev), NSEC_PER_USEC));
	drm_printf(&p, "lost interrupts: %llu\nresets: %llu\n", edev->lost_irqs, edev->info.resets);
	drm_printf(&p, "state:%s%s%s\n", edev->paused ? " paused" : "",
		   edev->wedged ? " wedged" : "", edev->gone ? " gone" : "");
	edge_dump_queue(edev, &p);
	spin_unlock_irq(&edev->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queue);

static int registers_show(struct seq_file *m, void *data)
{
	struct edge_device *edev = m->private;
	struct drm_printer p = drm_seq_file_printer(m);

	spin_lock_irq(&edev->lock);
	/* Not worth waking the device for. */
	if (edev->asleep || edev->gone)
		drm_printf(&p, "%s\n", edev->gone ? "gone" : "asleep");
	else
		edev->ops->dump(edev, &p);
	spin_unlock_irq(&edev->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

/**
 * edge_debugfs_init() - files that go with the device's debugfs folder
 * @edev: the device, registered
 *
 * The DRM core asks no driver of accelerators for them.
 */
void edge_debugfs_init(struct edge_device *edev)
{
	struct dentry *root = edge_compat_minor(&edev->drm)->debugfs_root;

	debugfs_create_file("queue", 0444, root, edev, &queue_fops);
	debugfs_create_file("registers", 0444, root, edev, &registers_fops);
}

#if IS_REACHABLE(CONFIG_HWMON)
static umode_t hwmon_is_visible(const void *data, enum hwmon_sensor_types type, u32 attr,
				int channel)
{
	return 0444;
}

static int hwmon_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
		      long *value)
{
	struct edge_device *edev = dev_get_drvdata(dev);

	return edev->bus->temperature(edev, value);
}

static const struct hwmon_channel_info *hwmon_channels[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT),
	NULL,
};

static const struct hwmon_ops edge_hwmon_ops = {
	.is_visible = hwmon_is_visible,
	.read = hwmon_read,
};

static const struct hwmon_chip_info edge_hwmon_chip = {
	.ops = &edge_hwmon_ops,
	.info = hwmon_channels,
};

void edge_hwmon_init(struct edge_device *edev)
{
	struct device *hwmon;

	if (!edev->bus->temperature)
		return;
	hwmon = devm_hwmon_device_register_with_info(edev->drm.dev, EDGE_DRIVER_NAME, edev,
						     &edge_hwmon_chip, NULL);
	if (IS_ERR(hwmon))
		drm_warn(&edev->drm, "no hwmon: %pe\n", hwmon);
}
#else
void edge_hwmon_init(struct edge_device *edev)
{
}
#endif
