// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: edge_accel
 *
 * One DRM driver for accelerators of several families (&struct edge_hw_ops) attached in several
 * ways (&struct edge_bus_ops). The devices have no MMU and no protection of their own, so the
 * kernel is the translator: userspace submits descriptors that name buffers by handle, and the
 * family checks every extent before it programs a register. The core keeps buffers, contexts, the
 * scheduler, recovery and what users see of it.
 */

#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <drm/drm_prime.h>

#include "compat/edge_compat.h"
#include "edge_coredump.h"
#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_gem.h"
#include "edge_job.h"
#include "edge_power.h"
#include "edge_reset.h"
#include "edge_submit.h"
#include "edge_telemetry.h"
#include "edge_trace.h"

#define EDGE_DRIVER_MAJOR 1
#define EDGE_DRIVER_MINOR 0

static const struct drm_ioctl_desc edge_ioctls[] = {
	DRM_IOCTL_DEF_DRV(EDGE_DEV_QUERY, edge_query_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_BO_CREATE, edge_bo_create_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_BO_INFO, edge_bo_info_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_BO_SYNC, edge_bo_sync_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_CTX_CREATE, edge_ctx_create_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_CTX_DESTROY, edge_ctx_destroy_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_CTX_STATUS, edge_ctx_status_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_SUBMIT, edge_submit_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_WAIT, edge_wait_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(EDGE_RESET, edge_reset_ioctl, DRM_RENDER_ALLOW),
};

static void file_release(struct kref *refs)
{
	kfree(container_of(refs, struct edge_file, refs));
}

void edge_file_put(struct edge_file *file)
{
	kref_put(&file->refs, file_release);
}

static int edge_open(struct drm_device *drm, struct drm_file *file)
{
	static atomic64_t clients = ATOMIC64_INIT(0);
	struct edge_file *efile;

	efile = kzalloc(sizeof(*efile), GFP_KERNEL);
	if (!efile)
		return -ENOMEM;
	kref_init(&efile->refs);
	efile->edev = to_edge_device(drm);
	efile->client_id = atomic64_inc_return(&clients);
	xa_init_flags(&efile->contexts, XA_FLAGS_ALLOC1);
	file->driver_priv = efile;
	return 0;
}

static void edge_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct edge_file *efile = file->driver_priv;

	edge_ctx_destroy_all(efile);
	edge_file_put(efile);
}

static const struct file_operations edge_fops = {
	.owner = THIS_MODULE,
	EDGE_FILE_OPERATIONS,
#ifdef EDGE_HAVE_SHOW_FDINFO
	.show_fdinfo = drm_show_fdinfo,
#else
	.show_fdinfo = edge_show_fdinfo_seq,
#endif
};

/* What compat/ has to say brings its own comma. */
/* clang-format off */
static const struct drm_driver edge_drm_driver = {
	.driver_features = EDGE_DRIVER_NODE | DRIVER_GEM | DRIVER_SYNCOBJ | DRIVER_SYNCOBJ_TIMELINE,
	.open = edge_open,
	.postclose = edge_postclose,
	.gem_prime_import_sg_table = edge_gem_import_sg_table,
	EDGE_DRIVER_PRIME
	.ioctls = edge_ioctls,
	.num_ioctls = ARRAY_SIZE(edge_ioctls),
	.fops = &edge_fops,
#ifdef EDGE_HAVE_SHOW_FDINFO
	.show_fdinfo = edge_show_fdinfo,
#endif
	.name = EDGE_DRIVER_NAME,
	.desc = "edge accelerator",
	EDGE_DRIVER_DATE
	.major = EDGE_DRIVER_MAJOR,
	.minor = EDGE_DRIVER_MINOR,
};

/* clang-format on */

static void edge_unplug_work(struct work_struct *work)
{
	edge_device_unplug(container_of(work, struct edge_device, unplug));
}

/**
 * edge_device_create() - the device before its hardware is known
 * @dev: its parent, whose driver data it becomes
 * @ops: of its family
 * @bus: how it is attached
 * @bus_data: for @bus
 *
 * Return: the device, which lives as long as somebody holds it, or an error pointer.
 */
struct edge_device *edge_device_create(struct device *dev, const struct edge_hw_ops *ops,
				       const struct edge_bus_ops *bus, void *bus_data)
{
	struct edge_device *edev;
	int ret;

	edev = devm_drm_dev_alloc(dev, &edge_drm_driver, struct edge_device, drm);
	if (IS_ERR(edev))
		return edev;
	edev->ops = ops;
	edev->bus = bus;
	edev->bus_data = bus_data;
	edev->asleep = true;
	edev->paused = true;
	spin_lock_init(&edev->lock);
	spin_lock_init(&edev->fence_lock);
	INIT_LIST_HEAD(&edev->queue);
	INIT_WORK(&edev->unplug, edge_unplug_work);
	INIT_LIST_HEAD(&edev->bos);
	ret = drmm_mutex_init(&edev->drm, &edev->reset_lock);
	if (ret)
		return ERR_PTR(ret);
	ret = drmm_mutex_init(&edev->drm, &edev->bo_lock);
	if (ret)
		return ERR_PTR(ret);
	ret = edge_coredump_init(edev);
	if (ret)
		return ERR_PTR(ret);

	edev->info.max_ops = EDGE_MAX_OPS;
	edev->info.max_stream = EDGE_MAX_STREAM;
	dev_set_drvdata(dev, edev);
	return edev;
}

static irqreturn_t edge_irq(int irq, void *data)
{
	struct edge_device *edev = data;
	irqreturn_t ret = IRQ_NONE;
	unsigned long flags;
	LIST_HEAD(ended);

	spin_lock_irqsave(&edev->lock, flags);
	if (!edev->asleep && !edev->gone && edev->ops->irq(edev)) {
		edge_queue_collect(edev, &ended);
		ret = IRQ_HANDLED;
	}
	spin_unlock_irqrestore(&edev->lock, flags);

	edge_queue_signal(&ended);
	return ret;
}

/* Powered, reset and identified. */
static int device_start(struct edge_device *edev)
{
	int ret;

	if (edev->bus->power) {
		ret = edev->bus->power(edev, true);
		if (ret)
			return ret;
	}
	ret = edev->bus->reset(edev);
	if (!ret)
		ret = edev->ops->init(edev);
	if (!ret)
		ret = edev->ops->start(edev);
	if (ret && edev->bus->power)
		edev->bus->power(edev, false);
	return ret;
}

/**
 * edge_device_register() - starts a device and shows it to userspace
 * @edev: the device, with its registers and interrupt
 *
 * Return: 0 or a negative errno.
 */
int edge_device_register(struct edge_device *edev)
{
	struct device *dev = edev->drm.dev;
	int ret;

	ret = device_start(edev);
	if (ret)
		return dev_err_probe(dev, ret, "the device does not start\n");
	/* From here on the way out has to stop it. */
	edev->asleep = false;

	/* The device reaches no further, and what it reaches must be in one piece. */
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(edev->info.address_bits));
	if (ret)
		goto err_stop;
	dma_set_max_seg_size(dev, UINT_MAX);
	ret = edge_sched_init(edev);
	if (ret)
		goto err_stop;
	if (edev->irq > 0) {
		ret = devm_request_irq(dev, edev->irq, edge_irq, IRQF_SHARED, EDGE_DRIVER_NAME,
				       edev);
		if (ret)
			goto err_stop;
	}

	spin_lock_irq(&edev->lock);
	edev->paused = false;
	spin_unlock_irq(&edev->lock);

	edge_power_init(edev);
	edge_hwmon_init(edev);
	ret = drm_dev_register(&edev->drm, 0);
	if (ret)
		goto err_power;
	edge_debugfs_init(edev);
	return 0;

err_power:
	edge_power_fini(edev);
err_stop:
	edge_device_halt(edev);
	return ret;
}

/**
 * edge_device_halt() - nothing of the device's touches memory or interrupts any more
 * @edev: the device
 *
 * For the way out: registers are not touched again.
 */
void edge_device_halt(struct edge_device *edev)
{
	mutex_lock(&edev->reset_lock);
	spin_lock_irq(&edev->lock);
	edev->paused = true;
	if (!edev->gone && !edev->asleep)
		edev->ops->halt(edev);
	spin_unlock_irq(&edev->lock);

	if (!edev->gone && !edev->asleep) {
		/* Whatever still runs ends here: its memory may go next. */
		edev->bus->reset(edev);
		edev->ops->stop(edev);
		if (edev->bus->power)
			edev->bus->power(edev, false);
	}
	spin_lock_irq(&edev->lock);
	edev->gone = true;
	spin_unlock_irq(&edev->lock);
	mutex_unlock(&edev->reset_lock);

	edge_queue_fail_all(edev, -ENODEV);
}

/**
 * edge_device_unplug() - takes a device away from its users
 * @edev: the device, there or not
 *
 * Fences signal with ENODEV, mappings stay valid, open files get ENODEV. May be called again.
 */
void edge_device_unplug(struct edge_device *edev)
{
	bool first;

	mutex_lock(&edev->reset_lock);
	first = !edev->unplugged;
	edev->unplugged = true;
	mutex_unlock(&edev->reset_lock);
	if (!first)
		return;

	drm_dev_unplug(&edev->drm);
	edge_device_halt(edev);
}

/**
 * edge_device_remove() - for bus drivers: the way out of edge_device_register()
 * @edev: the device
 */
void edge_device_remove(struct edge_device *edev)
{
	/* Awake, so that it can be told to stop. */
	pm_runtime_get_sync(edev->drm.dev);
	edge_device_unplug(edev);
	/* It may be there already, or be about to come: nothing asks for it any more. */
	cancel_work_sync(&edev->unplug);
	edge_gem_evacuate(edev);
	edge_power_fini(edev);
	pm_runtime_put_noidle(edev->drm.dev);
}

struct workqueue_struct *edge_release_queue;

static int __init edge_init(void)
{
	int ret;

	edge_release_queue = alloc_workqueue(EDGE_DRIVER_NAME, WQ_UNBOUND, 0);
	if (!edge_release_queue)
		return -ENOMEM;
	ret = edge_pci_register();
	if (ret)
		goto err_queue;
	ret = edge_of_register();
	if (ret)
		goto err_pci;
	return 0;

err_pci:
	edge_pci_unregister();
err_queue:
	destroy_workqueue(edge_release_queue);
	return ret;
}
module_init(edge_init);

static void __exit edge_exit(void)
{
	edge_of_unregister();
	edge_pci_unregister();
	destroy_workqueue(edge_release_queue);
}
module_exit(edge_exit);

MODULE_DESCRIPTION("Edge accelerators: NVDLA on PCI cards and in systems on chip");
MODULE_AUTHOR("the edge authors");
MODULE_LICENSE("GPL");
