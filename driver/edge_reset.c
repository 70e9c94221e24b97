// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Recovery
 *
 * The hardware can neither report a bad operation nor cancel one: an operation that does not end is
 * only noticed by the time that passes, and only the reset line ends it.
 *
 * When a job has made no progress for the time-out: look whether an interrupt was lost, and go on
 * if so. Else stop the hardware's queue, keep a device coredump, reset, and sort the jobs that were
 * there. The first in the queue hung, and its context is guilty; other jobs of that context are
 * cancelled. Jobs of other contexts run again from the first operation that was not done, unless
 * one that works in place was cut off. Fences signal after the reset, when nothing writes to their
 * buffers any more.
 *
 * A device that does not come back is wedged: everything fails with EIO until the driver is bound
 * anew.
 */

#include <linux/capability.h>
#include <linux/interrupt.h>
#include <linux/pm_runtime.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "compat/edge_compat.h"
#include "edge_coredump.h"
#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_job.h"
#include "edge_reset.h"
#include "edge_trace.h"

#define EDGE_RESET_TRIES 3

void edge_reset_uevent(struct edge_device *edev, const char *event, const char *cause)
{
	char event_text[32], cause_text[32];
	char *env[] = { event_text, cause_text, NULL };

	snprintf(event_text, sizeof(event_text), "EDGE_EVENT=%s", event);
	snprintf(cause_text, sizeof(cause_text), "EDGE_CAUSE=%s", cause);
	kobject_uevent_env(&edge_compat_minor(&edev->drm)->kdev->kobj, KOBJ_CHANGE, env);
}

/**
 * edge_reset_restart() - takes the hardware through reset to where it takes work
 * @edev: the device, halted
 *
 * Return: 0, -ENODEV if it does not answer, or another error if it does not come back.
 */
int edge_reset_restart(struct edge_device *edev)
{
	int ret = 0;
	int i;

	for (i = 0; i < EDGE_RESET_TRIES; i++) {
		ret = edev->bus->reset(edev);
		if (!ret)
			ret = edev->ops->start(edev);
		if (!ret || ret == -ENODEV)
			break;
	}
	return ret;
}

/**
 * edge_reset_give_up() - nothing more is expected of the hardware
 * @edev: the device, halted
 * @error: of edge_reset_restart(): with -ENODEV it is gone and will be unplugged, else wedged
 */
void edge_reset_give_up(struct edge_device *edev, int error)
{
	spin_lock_irq(&edev->lock);
	if (error == -ENODEV)
		edev->gone = true;
	else
		edev->wedged = true;
	spin_unlock_irq(&edev->lock);

	edge_queue_fail_all(edev, error == -ENODEV ? -ENODEV : -EIO);
	if (error == -ENODEV)
		schedule_work(&edev->unplug);
}

static void reset_halt(struct edge_device *edev)
{
	spin_lock_irq(&edev->lock);
	edev->paused = true;
	edev->ops->halt(edev);
	spin_unlock_irq(&edev->lock);

	if (edev->irq > 0)
		synchronize_irq(edev->irq);
}

/* Says of each job on the hardware what the reset makes of it. */
static void reset_sort(struct edge_device *edev, struct edge_job *hung)
{
	struct edge_job *job;

	spin_lock_irq(&edev->lock);
	list_for_each_entry(job, &edev->queue, node) {
		if (job == hung) {
			edge_job_end(job, -ETIMEDOUT);
			edge_ctx_reset(job->ctx, DRM_EDGE_CTX_GUILTY);
		} else if (hung && job->ctx == hung->ctx) {
			edge_job_end(job, -ECANCELED);
		} else if (job->torn) {
			edge_job_end(job, -EIO);
			edge_ctx_reset(job->ctx, DRM_EDGE_CTX_LOST);
		} else {
			edge_ctx_reset(job->ctx, DRM_EDGE_CTX_INNOCENT);
			/* The scheduler's clock went on: it gets another turn. */
			job->ops_seen = U32_MAX;
		}
	}
	spin_unlock_irq(&edev->lock);
}

/* Of a device that was given up the queue is empty. */
static void reset_resume(struct edge_device *edev)
{
	LIST_HEAD(ended);

	spin_lock_irq(&edev->lock);
	edev->paused = false;
	edge_queue_collect(edev, &ended);
	edev->ops->kick(edev);
	spin_unlock_irq(&edev->lock);

	edge_queue_signal(&ended);
}

/* Under reset_lock, with the device powered. */
static int device_reset(struct edge_device *edev, struct edge_job *hung, const char *cause)
{
	int ret;

	trace_edge_reset(edev, cause);
	edge_coredump(edev, hung, cause);
	reset_halt(edev);
	ret = edge_reset_restart(edev);
	/* Of a device that is not there any more nobody is guilty. */
	if (ret != -ENODEV)
		reset_sort(edev, hung);
	edev->info.resets++;
	if (ret)
		edge_reset_give_up(edev, ret);
	reset_resume(edev);

	if (ret == -ENODEV)
		drm_warn(&edev->drm, "device does not answer: removed?\n");
	else if (ret)
		drm_err(&edev->drm, "device does not come back from reset: %d\n", ret);
	else
		drm_notice(&edev->drm, "device was reset (%s)\n", cause);
	edge_reset_uevent(edev, ret ? "WEDGED" : "RESET", cause);
	return ret;
}

/*
 * Whether a job that ran out of time has moved since it was last asked, perhaps by an interrupt
 * that got lost.
 */
static bool job_moves(struct edge_job *job)
{
	struct edge_device *edev = job->edev;
	bool moves;
	LIST_HEAD(ended);

	spin_lock_irq(&edev->lock);
	if (!edev->gone && !edev->paused && edev->ops->irq(edev)) {
		edev->lost_irqs++;
		drm_dbg(&edev->drm, "an interrupt was lost\n");
	}
	/* Of a device that sleeps nothing can be asked, and nothing be expected. */
	moves = job->ended || edev->asleep || edev->gone || edev->wedged ||
		job->ops_done != job->ops_seen;
	job->ops_seen = job->ops_done;
	edge_queue_collect(edev, &ended);
	spin_unlock_irq(&edev->lock);

	edge_queue_signal(&ended);
	return moves;
}

/**
 * edge_reset_hung() - the scheduler's time-out
 * @job: the first job on the hardware
 */
enum drm_gpu_sched_stat edge_reset_hung(struct edge_job *job)
{
	struct edge_device *edev = job->edev;

	drm_sched_stop(&edev->sched, &job->base);

	mutex_lock(&edev->reset_lock);
	if (!job_moves(job))
		device_reset(edev, job, "timeout");
	mutex_unlock(&edev->reset_lock);

	/* The jobs that are still there keep their fences. */
	drm_sched_resubmit_jobs(&edev->sched);
	edge_compat_sched_start(&edev->sched);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

int edge_reset_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct edge_device *edev = to_edge_device(drm);
	struct drm_edge_reset *args = data;
	int idx, ret;

	if (args->flags || args->pad)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	ret = pm_runtime_resume_and_get(drm->dev);
	if (ret < 0)
		goto err_exit;
	mutex_lock(&edev->reset_lock);
	ret = edev->gone ? -ENODEV : device_reset(edev, NULL, "user");
	if (ret && ret != -ENODEV)
		ret = -EIO;
	mutex_unlock(&edev->reset_lock);
	pm_runtime_put_autosuspend(drm->dev);
err_exit:
	drm_dev_exit(idx);
	return ret;
}
