// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Jobs
 *
 * The scheduler of DRM decides whose job comes next and keeps up to EDGE_JOBS_IN_FLIGHT of them on
 * the hardware, so that the next one is programmed while the first one runs. On the hardware they
 * stand in &edge_device.queue. The family may finish their operations in any order that data allow,
 * but jobs leave the queue, and their fences signal, in its order: a fence that overtook another
 * one of its timeline would be taken for both.
 */

#include <linux/interrupt.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem.h>

#include "compat/edge_compat.h"
#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_gem.h"
#include "edge_job.h"
#include "edge_reset.h"
#include "edge_trace.h"

static unsigned int timeout_ms = 2000;
module_param(timeout_ms, uint, 0444);
MODULE_PARM_DESC(timeout_ms,
		 "Time without progress after which a job counts as hung (default 2000)");

static const char *fence_driver_name(struct dma_fence *fence)
{
	return EDGE_DRIVER_NAME;
}

static const char *fence_timeline_name(struct dma_fence *fence)
{
	return "hardware";
}

static const struct dma_fence_ops edge_fence_ops = {
	.get_driver_name = fence_driver_name,
	.get_timeline_name = fence_timeline_name,
};

/**
 * edge_job_create() - an empty job
 * @edev: the device
 * @ctx: its context; the job takes a reference
 *
 * Return: the job, or NULL.
 */
struct edge_job *edge_job_create(struct edge_device *edev, struct edge_ctx *ctx)
{
	struct edge_job *job;

	job = kzalloc(sizeof(*job), GFP_KERNEL);
	if (!job)
		return NULL;
	/* Made here, since nothing may be allocated once others wait for it. */
	job->fence = kzalloc(sizeof(*job->fence), GFP_KERNEL);
	if (!job->fence) {
		kfree(job);
		return NULL;
	}
	INIT_LIST_HEAD(&job->node);
	job->edev = edev;
	drm_dev_get(&edev->drm);
	__module_get(THIS_MODULE);
	job->ctx = ctx;
	kref_get(&ctx->refs);
	return job;
}

void edge_job_destroy(struct edge_job *job)
{
	struct drm_device *drm = &job->edev->drm;
	u32 i;

	job->edev->ops->release(job);
	for (i = 0; i < job->bo_count; i++)
		drm_gem_object_put(job->bos[i]);
	kvfree(job->bos);
	kvfree(job->bo_handles);
	bitmap_free(job->bo_written);
	kvfree(job->stream);
	if (job->scheduled)
		drm_sched_job_cleanup(&job->base);
	/* A fence that never went to the hardware was never initialised. */
	if (job->fence && job->fence->ops)
		dma_fence_put(job->fence);
	else
		kfree(job->fence);
	edge_ctx_put(job->ctx);
	kfree(job);
	drm_dev_put(drm);
	module_put(THIS_MODULE);
}

static void job_release(struct work_struct *work)
{
	edge_job_destroy(container_of(work, struct edge_job, release));
}

/* What edge_job_find_bo() looks through. */
struct job_bos {
	struct edge_job *job;
	struct drm_file *file;
};

static int job_bo_index(struct job_bos *bos, u32 handle)
{
	struct edge_job *job = bos->job;
	struct drm_gem_object *obj;
	u32 i;

	/* The latest first: operations name few buffers over and over. */
	for (i = job->bo_count; i-- > 0;)
		if (job->bo_handles[i] == handle)
			return i;

	if (job->bo_count == EDGE_MAX_JOB_BOS)
		return -ENOSPC;
	obj = drm_gem_object_lookup(bos->file, handle);
	if (!obj)
		return -ENOENT;
	job->bos[job->bo_count] = obj;
	job->bo_handles[job->bo_count] = handle;
	return job->bo_count++;
}

static int job_find_bo(void *opaque, u32 handle, bool write, struct edge_buffer *buffer)
{
	struct job_bos *bos = opaque;
	int index = job_bo_index(bos, handle);
	struct edge_bo *bo;

	if (index < 0)
		return index;
	if (write)
		__set_bit(index, bos->job->bo_written);

	bo = to_edge_bo(bos->job->bos[index]);
	buffer->size = bo->base.size;
	buffer->address = bo->address;
	buffer->readable = !(bo->flags & DRM_EDGE_BO_DEVICE_WRITES);
	buffer->writable = !(bo->flags & DRM_EDGE_BO_DEVICE_READS);
	return 0;
}

/**
 * edge_job_check() - finds the buffers that a stream names and has the family check it
 * @job: the job, whose stream is there
 * @file: whose handles the stream has
 * @refusal: filled in for -EINVAL
 *
 * Return: 0, -EINVAL, -ENOSPC for too many buffers, -ENOMEM.
 */
int edge_job_check(struct edge_job *job, struct drm_file *file, struct edge_refusal *refusal)
{
	struct job_bos bos = { .job = job, .file = file };
	struct edge_buffers buffers = { .opaque = &bos, .find = job_find_bo };

	job->bos = kvmalloc_array(EDGE_MAX_JOB_BOS, sizeof(*job->bos), GFP_KERNEL);
	job->bo_handles = kvmalloc_array(EDGE_MAX_JOB_BOS, sizeof(*job->bo_handles), GFP_KERNEL);
	job->bo_written = bitmap_zalloc(EDGE_MAX_JOB_BOS, GFP_KERNEL);
	if (!job->bos || !job->bo_handles || !job->bo_written)
		return -ENOMEM;
	return job->edev->ops->check(job->edev, job, &buffers, refusal);
}

/**
 * edge_job_end() - the hardware is done with a job, or will not do it
 * @job: a job in the queue
 * @error: 0 or a negative errno
 *
 * Locked; edge_queue_collect() follows.
 */
void edge_job_end(struct edge_job *job, int error)
{
	if (job->ended)
		return;
	job->ended = true;
	job->error = error;
}

/* The time since the last account goes to the job that ended. */
static void queue_account(struct edge_device *edev, struct edge_job *job)
{
	struct edge_file *file = job->ctx->file;
	ktime_t now = ktime_get();
	u64 ns = ktime_to_ns(ktime_sub(now, edev->busy_mark));

	edev->busy_mark = now;
	edev->busy_ns += ns;
	edev->jobs_done++;
	job->busy_ns = ns;
	file->busy_ns += ns;
	file->jobs++;
	file->ops += job->ops_done;
}

/**
 * edge_queue_collect() - takes ended jobs from the head of the queue
 * @edev: the device
 * @ended: where they go, for edge_queue_signal() once the lock is released
 *
 * Locked.
 */
void edge_queue_collect(struct edge_device *edev, struct list_head *ended)
{
	struct edge_job *job, *next;

	list_for_each_entry_safe(job, next, &edev->queue, node) {
		if (!job->ended)
			break;
		queue_account(edev, job);
		list_move_tail(&job->node, ended);
	}
}

static void job_report(struct edge_job *job, int error)
{
	job->reported = true;
	trace_edge_job_done(job, error);
	edge_ctx_completed(job->ctx, job, error);
}

/**
 * edge_queue_signal() - lets the world know of ended jobs
 * @ended: what edge_queue_collect() took
 *
 * From any context, without the device's lock: fences call back. A job is gone when its fence has
 * signalled.
 */
void edge_queue_signal(struct list_head *ended)
{
	struct edge_job *job, *next;

	list_for_each_entry_safe(job, next, ended, node) {
		struct device *dev = job->edev->drm.dev;
		struct dma_fence *fence = dma_fence_get(job->fence);

		list_del_init(&job->node);
		job_report(job, job->error);
		if (job->error) {
			dma_fence_set_error(fence, job->error);
			/* Older schedulers do not pass it on. */
			dma_fence_set_error(&job->base.s_fence->finished, job->error);
		}
		dma_fence_signal(fence);
		dma_fence_put(fence);

		pm_runtime_mark_last_busy(dev);
		pm_runtime_put_autosuspend(dev);
	}
}

/**
 * edge_queue_fail_all() - ends every job on the hardware
 * @edev: the device, which is halted
 * @error: a negative errno
 */
void edge_queue_fail_all(struct edge_device *edev, int error)
{
	struct edge_job *job;
	unsigned long flags;
	LIST_HEAD(ended);

	spin_lock_irqsave(&edev->lock, flags);
	list_for_each_entry(job, &edev->queue, node)
		edge_job_end(job, error);
	edge_queue_collect(edev, &ended);
	spin_unlock_irqrestore(&edev->lock, flags);
	edge_queue_signal(&ended);
}

/* Why a job may not go to the hardware at all. */
static int job_obstacle(struct edge_job *job)
{
	/* Also for the sake of a device that can not be woken any more. */
	if (READ_ONCE(job->edev->gone))
		return -ENODEV;
	if (job->base.s_fence->finished.error)
		return job->base.s_fence->finished.error;
	if (edge_ctx_guilty(job->ctx))
		return -ECANCELED;
	return 0;
}

/* Puts a job on the hardware's queue; it may go to it at once. */
static int queue_add(struct edge_device *edev, struct edge_job *job)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&edev->lock, flags);
	if (edev->gone)
		ret = -ENODEV;
	else if (edev->wedged)
		ret = -EIO;
	if (!ret) {
		dma_fence_init(job->fence, &edge_fence_ops, &edev->fence_lock, edev->fence_context,
			       ++edev->seqno);
		if (list_empty(&edev->queue))
			edev->busy_mark = ktime_get();
		list_add_tail(&job->node, &edev->queue);
		trace_edge_job_run(job);
		if (!edev->paused)
			edev->ops->kick(edev);
	}
	spin_unlock_irqrestore(&edev->lock, flags);
	return ret;
}

static struct dma_fence *edge_sched_run(struct drm_sched_job *base)
{
	struct edge_job *job = to_edge_job(base);
	struct edge_device *edev = job->edev;
	int ret;

	/* After a reset the scheduler asks again for what is still there. */
	if (job->fence->ops)
		return dma_fence_get(job->fence);

	edge_ctx_begun(job->ctx, job);
	ret = job_obstacle(job);
	if (ret)
		goto err_report;
	ret = pm_runtime_resume_and_get(edev->drm.dev);
	if (ret < 0)
		goto err_report;
	ret = queue_add(edev, job);
	if (ret)
		goto err_put_pm;
	return dma_fence_get(job->fence);

err_put_pm:
	pm_runtime_put_autosuspend(edev->drm.dev);
err_report:
	job_report(job, ret);
	return ERR_PTR(ret);
}

static enum drm_gpu_sched_stat edge_sched_timedout(struct drm_sched_job *base)
{
	return edge_reset_hung(to_edge_job(base));
}

static void edge_sched_free(struct drm_sched_job *base)
{
	struct edge_job *job = to_edge_job(base);

	/* A job that its context's end cancelled. */
	if (!job->reported)
		job_report(job, -ECANCELED);
	/* With a removed device's last job goes the scheduler, which is not for its own threads. */
	INIT_WORK(&job->release, job_release);
	queue_work(edge_release_queue, &job->release);
}

static const struct drm_sched_backend_ops edge_sched_ops = {
	.run_job = edge_sched_run,
	.timedout_job = edge_sched_timedout,
	.free_job = edge_sched_free,
};

static void edge_sched_fini(struct drm_device *drm, void *data)
{
	drm_sched_fini(&to_edge_device(drm)->sched);
}

int edge_sched_init(struct edge_device *edev)
{
	int ret;

	edev->fence_context = dma_fence_context_alloc(1);
	edev->info.timeout_ms = clamp(timeout_ms, 10U, 3600000U);
	edev->info.jobs_in_flight = EDGE_JOBS_IN_FLIGHT;
	ret = edge_compat_sched_init(&edev->sched, &edge_sched_ops, EDGE_JOBS_IN_FLIGHT,
				     msecs_to_jiffies(edev->info.timeout_ms), EDGE_DRIVER_NAME,
				     edev->drm.dev);
	if (ret)
		return ret;
	return drmm_add_action_or_reset(&edev->drm, edge_sched_fini, NULL);
}
