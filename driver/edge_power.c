// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Power
 *
 * Each job on the hardware keeps the device awake; after a while without any it sleeps. Sleep loses
 * the hardware's state, so waking is a reset. For the system's sleep the queue is held, operations
 * that run are given time to end, and what is left goes on after waking.
 */

#include <linux/iopoll.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include <drm/drm_print.h>

#include "edge_drv.h"
#include "edge_job.h"
#include "edge_power.h"
#include "edge_reset.h"

#define EDGE_AUTOSUSPEND_MS 200

static bool device_busy(struct edge_device *edev)
{
	bool busy;
	LIST_HEAD(ended);

	spin_lock_irq(&edev->lock);
	edev->ops->irq(edev);
	busy = edev->ops->busy(edev);
	edge_queue_collect(edev, &ended);
	spin_unlock_irq(&edev->lock);

	edge_queue_signal(&ended);
	return busy;
}

/* Under reset_lock: nothing starts any more, and what runs ends, or is cut off. */
static void device_quiesce(struct edge_device *edev)
{
	bool busy;

	spin_lock_irq(&edev->lock);
	edev->paused = true;
	spin_unlock_irq(&edev->lock);

	if (read_poll_timeout(device_busy, busy, !busy, 1000, edev->info.timeout_ms * 1000UL, false,
			      edev))
		drm_warn(&edev->drm, "operations are cut off for sleep\n");

	spin_lock_irq(&edev->lock);
	edev->ops->halt(edev);
	edev->asleep = true;
	spin_unlock_irq(&edev->lock);
	edev->ops->stop(edev);
}

static void device_resume_queue(struct edge_device *edev)
{
	struct edge_job *job;
	LIST_HEAD(ended);

	spin_lock_irq(&edev->lock);
	edev->asleep = false;
	edev->paused = false;
	list_for_each_entry(job, &edev->queue, node)
		if (job->torn)
			edge_job_end(job, -EIO);
	edge_queue_collect(edev, &ended);
	edev->ops->kick(edev);
	spin_unlock_irq(&edev->lock);

	edge_queue_signal(&ended);
}

static int edge_suspend(struct device *dev)
{
	struct edge_device *edev = dev_get_drvdata(dev);
	int ret = 0;

	mutex_lock(&edev->reset_lock);
	if (!edev->gone && !edev->asleep) {
		device_quiesce(edev);
		if (edev->bus->power)
			ret = edev->bus->power(edev, false);
	}
	mutex_unlock(&edev->reset_lock);
	return ret;
}

/*
 * The device is gone, or wedged. Its jobs say so; an error of the callback would be remembered by
 * runtime power management beyond the next binding of the driver.
 */
static void device_resume_failed(struct edge_device *edev, int error)
{
	drm_err(&edev->drm, "device does not wake: %d\n", error);
	edge_reset_give_up(edev, error);
	edge_reset_uevent(edev, "WEDGED", "resume");
}

static int device_wake(struct edge_device *edev)
{
	int ret;

	if (edev->bus->power) {
		ret = edev->bus->power(edev, true);
		if (ret)
			return ret;
	}
	ret = edge_reset_restart(edev);
	/* Nobody would switch it off later: it stays asleep. */
	if (ret && edev->bus->power)
		edev->bus->power(edev, false);
	return ret;
}

static int edge_resume(struct device *dev)
{
	struct edge_device *edev = dev_get_drvdata(dev);
	int ret = 0;

	mutex_lock(&edev->reset_lock);
	if (!edev->gone && edev->asleep) {
		ret = device_wake(edev);
		if (!ret)
			device_resume_queue(edev);
		else
			device_resume_failed(edev, ret);
	}
	mutex_unlock(&edev->reset_lock);
	return 0;
}

static int edge_system_suspend(struct device *dev)
{
	return pm_runtime_suspended(dev) ? 0 : edge_suspend(dev);
}

static int edge_system_resume(struct device *dev)
{
	return pm_runtime_suspended(dev) ? 0 : edge_resume(dev);
}

/* clang-format off */
const struct dev_pm_ops edge_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(edge_system_suspend, edge_system_resume)
	RUNTIME_PM_OPS(edge_suspend, edge_resume, NULL)
};

/* clang-format on */

/**
 * edge_power_init() - lets the device sleep when nobody needs it
 * @edev: the device, awake
 */
void edge_power_init(struct edge_device *edev)
{
	struct device *dev = edev->drm.dev;

	pm_runtime_set_autosuspend_delay(dev, EDGE_AUTOSUSPEND_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_mark_last_busy(dev);
	if (dev_is_pci(dev)) {
		/* The PCI core holds a reference for drivers that do not know of runtime power. */
		pm_runtime_put_autosuspend(dev);
		return;
	}
	pm_runtime_set_active(dev);
	pm_runtime_enable(dev);
}

/**
 * edge_power_fini() - the way out of edge_power_init()
 * @edev: the device
 *
 * Before the driver's probe or remove function returns: the PCI core takes its reference back
 * then.
 */
void edge_power_fini(struct edge_device *edev)
{
	struct device *dev = edev->drm.dev;

	pm_runtime_dont_use_autosuspend(dev);
	if (dev_is_pci(dev)) {
		pm_runtime_get_noresume(dev);
		return;
	}
	pm_runtime_disable(dev);
	pm_runtime_set_suspended(dev);
}
