// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Contexts
 *
 * A context is an entity of the scheduler: its jobs run, and end, in the order of their submission.
 * It remembers what resets did to it and how its last jobs ended, so that userspace can ask after
 * the fact. Jobs hold a reference: a context is freed when its file is closed and its last job has
 * ended.
 */

#include <linux/slab.h>

#include <drm/drm_file.h>
#include <drm/drm_utils.h>

#include "compat/edge_compat.h"
#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_job.h"

/* How long the jobs of a context that goes away may take to reach the hardware. */
#define EDGE_CTX_PATIENCE HZ

static void ctx_release(struct kref *refs)
{
	struct edge_ctx *ctx = container_of(refs, struct edge_ctx, refs);
	int i;

	for (i = 0; i < EDGE_RESULTS; i++)
		dma_fence_put(ctx->fences[i]);
	edge_file_put(ctx->file);
	mutex_destroy(&ctx->submit_lock);
	kfree(ctx);
}

void edge_ctx_put(struct edge_ctx *ctx)
{
	kref_put(&ctx->refs, ctx_release);
}

struct edge_ctx *edge_ctx_find(struct edge_file *file, u32 handle)
{
	struct edge_ctx *ctx;

	xa_lock(&file->contexts);
	ctx = xa_load(&file->contexts, handle);
	if (ctx)
		kref_get(&ctx->refs);
	xa_unlock(&file->contexts);
	return ctx;
}

static int ctx_priority(u32 priority, enum drm_sched_priority *sched_priority)
{
	switch (priority) {
	case DRM_EDGE_PRIORITY_NORMAL:
		*sched_priority = DRM_SCHED_PRIORITY_NORMAL;
		return 0;
	case DRM_EDGE_PRIORITY_LOW:
		*sched_priority = EDGE_SCHED_PRIORITY_LOW;
		return 0;
	case DRM_EDGE_PRIORITY_HIGH:
		*sched_priority = DRM_SCHED_PRIORITY_HIGH;
		return capable(CAP_SYS_NICE) ? 0 : -EACCES;
	default:
		return -EINVAL;
	}
}

int edge_ctx_create_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct edge_device *edev = to_edge_device(drm);
	struct edge_file *efile = file->driver_priv;
	struct drm_gpu_scheduler *sched = &edev->sched;
	struct drm_edge_ctx_create *args = data;
	enum drm_sched_priority priority;
	struct edge_ctx *ctx;
	int ret;

	if (args->flags || args->pad)
		return -EINVAL;
	ret = ctx_priority(args->priority, &priority);
	if (ret)
		return ret;

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	kref_init(&ctx->refs);
	mutex_init(&ctx->submit_lock);
	spin_lock_init(&ctx->lock);
	init_waitqueue_head(&ctx->wait);
	ctx->file = efile;
	kref_get(&efile->refs);

	ret = drm_sched_entity_init(&ctx->entity, priority, &sched, 1, NULL);
	if (ret)
		goto err_put;

	ret = xa_alloc(&efile->contexts, &args->handle, ctx, XA_LIMIT(1, EDGE_MAX_CONTEXTS),
		       GFP_KERNEL);
	if (ret) {
		ret = ret == -EBUSY ? -ENOSPC : ret;
		goto err_destroy_entity;
	}
	return 0;

err_destroy_entity:
	drm_sched_entity_destroy(&ctx->entity);
err_put:
	edge_ctx_put(ctx);
	return ret;
}

static bool ctx_has_begun(struct edge_ctx *ctx)
{
	unsigned long flags;
	bool begun;

	spin_lock_irqsave(&ctx->lock, flags);
	begun = ctx->begun == ctx->submitted;
	spin_unlock_irqrestore(&ctx->lock, flags);
	return begun;
}

/* Nothing is submitted any more. Returns what is left of @patience, in jiffies. */
static long ctx_destroy(struct edge_ctx *ctx, long patience)
{
	/* The scheduler's own flush waits without a bound for a process that lives. */
	patience = wait_event_killable_timeout(ctx->wait, ctx_has_begun(ctx), patience);
	drm_sched_entity_fini(&ctx->entity);
	edge_ctx_put(ctx);
	return max(patience, 0L);
}

int edge_ctx_destroy_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct edge_file *efile = file->driver_priv;
	struct drm_edge_ctx_destroy *args = data;
	struct edge_ctx *ctx;

	if (args->pad)
		return -EINVAL;
	ctx = xa_erase(&efile->contexts, args->handle);
	if (!ctx)
		return -ENOENT;
	mutex_lock(&ctx->submit_lock);
	ctx->destroyed = true;
	mutex_unlock(&ctx->submit_lock);
	ctx_destroy(ctx, EDGE_CTX_PATIENCE);
	return 0;
}

void edge_ctx_destroy_all(struct edge_file *file)
{
	long patience = EDGE_CTX_PATIENCE;
	struct edge_ctx *ctx;
	unsigned long handle;

	/* Once for all of them: who closes a file does not wait for each. */
	xa_for_each(&file->contexts, handle, ctx)
		patience = ctx_destroy(ctx, patience);
	xa_destroy(&file->contexts);
}

/**
 * edge_ctx_begun() - a job is not in the context's queue any more
 * @ctx: its context
 * @job: the job; jobs of a context begin in order
 */
void edge_ctx_begun(struct edge_ctx *ctx, const struct edge_job *job)
{
	unsigned long flags;

	spin_lock_irqsave(&ctx->lock, flags);
	ctx->begun = job->number;
	spin_unlock_irqrestore(&ctx->lock, flags);

	wake_up_all(&ctx->wait);
}

/**
 * edge_ctx_submitted() - counts a job
 * @ctx: its context, with @submit_lock held
 * @fence: that signals when it has ended; the context takes a reference
 */
void edge_ctx_submitted(struct edge_ctx *ctx, struct dma_fence *fence)
{
	struct dma_fence **place = &ctx->fences[ctx->submitted % EDGE_RESULTS];

	dma_fence_put(*place);
	*place = dma_fence_get(fence);
}

/**
 * edge_ctx_completed() - a job has ended
 * @ctx: its context
 * @job: the job; jobs of a context end in order
 * @error: 0 or a negative errno
 */
void edge_ctx_completed(struct edge_ctx *ctx, const struct edge_job *job, int error)
{
	struct edge_result *result = &ctx->results[job->number % EDGE_RESULTS];
	unsigned long flags;

	spin_lock_irqsave(&ctx->lock, flags);
	result->job = job->number;
	result->ops = job->ops_done;
	result->error = error;
	ctx->completed = max(ctx->completed, job->number);
	ctx->failed += !!error;
	ctx->late += job->deadline && ktime_after(ktime_get(), job->deadline);
	ctx->ops += job->ops_done;
	ctx->busy_ns += job->busy_ns;
	spin_unlock_irqrestore(&ctx->lock, flags);

	wake_up_all(&ctx->wait);
}

/**
 * edge_ctx_reset() - the device was reset while a job of the context was there
 * @ctx: the context
 * @state: what became of it
 */
void edge_ctx_reset(struct edge_ctx *ctx, enum drm_edge_ctx_state state)
{
	unsigned long flags;

	spin_lock_irqsave(&ctx->lock, flags);
	ctx->resets++;
	ctx->state = max(ctx->state, state);
	spin_unlock_irqrestore(&ctx->lock, flags);
}

bool edge_ctx_guilty(struct edge_ctx *ctx)
{
	return READ_ONCE(ctx->state) == DRM_EDGE_CTX_GUILTY;
}

int edge_ctx_status_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_edge_ctx_status *args = data;
	struct edge_ctx *ctx;
	unsigned long flags;

	ctx = edge_ctx_find(file->driver_priv, args->handle);
	if (!ctx)
		return -ENOENT;

	mutex_lock(&ctx->submit_lock);
	args->submitted = ctx->submitted;
	mutex_unlock(&ctx->submit_lock);

	spin_lock_irqsave(&ctx->lock, flags);
	args->state = ctx->state;
	args->completed = ctx->completed;
	args->failed = ctx->failed;
	args->late = ctx->late;
	args->ops = ctx->ops;
	args->busy_ns = ctx->busy_ns;
	args->resets = ctx->resets;
	spin_unlock_irqrestore(&ctx->lock, flags);

	edge_ctx_put(ctx);
	return 0;
}

static bool ctx_has_completed(struct edge_ctx *ctx, u64 job)
{
	unsigned long flags;
	bool completed;

	spin_lock_irqsave(&ctx->lock, flags);
	completed = ctx->completed >= job;
	spin_unlock_irqrestore(&ctx->lock, flags);
	return completed;
}

static int ctx_result(struct edge_ctx *ctx, struct drm_edge_wait *args)
{
	struct edge_result *result = &ctx->results[args->job % EDGE_RESULTS];
	unsigned long flags;
	int ret = -ENOENT;

	spin_lock_irqsave(&ctx->lock, flags);
	if (result->job == args->job) {
		args->result = result->error;
		args->ops = result->ops;
		ret = 0;
	}
	spin_unlock_irqrestore(&ctx->lock, flags);
	return ret;
}

/*
 * Jobs are counted as completed a moment before their fences signal. Who knows of an end by this
 * interface finds it by syncobjs and by the fences of buffers as well.
 */
static long ctx_wait_for_fence(struct edge_ctx *ctx, u64 job, s64 timeout_ns)
{
	struct dma_fence *fence = NULL;
	long ret;

	mutex_lock(&ctx->submit_lock);
	if (ctx->submitted - job < EDGE_RESULTS)
		fence = dma_fence_get(ctx->fences[job % EDGE_RESULTS]);
	mutex_unlock(&ctx->submit_lock);
	if (!fence)
		return 1;

	ret = dma_fence_wait_timeout(fence, true, drm_timeout_abs_to_jiffies(timeout_ns));
	dma_fence_put(fence);
	return ret;
}

int edge_wait_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_edge_wait *args = data;
	struct edge_ctx *ctx;
	u64 submitted;
	long ret;

	if (args->flags)
		return -EINVAL;
	ctx = edge_ctx_find(file->driver_priv, args->ctx);
	if (!ctx)
		return -ENOENT;

	mutex_lock(&ctx->submit_lock);
	submitted = ctx->submitted;
	mutex_unlock(&ctx->submit_lock);
	ret = -ENOENT;
	if (!args->job || args->job > submitted)
		goto out;
	args->pad = 0;

	/* The timeout is absolute, so the ioctl can be restarted. */
	ret = wait_event_interruptible_timeout(ctx->wait, ctx_has_completed(ctx, args->job),
					       drm_timeout_abs_to_jiffies(args->timeout_ns));
	if (ret > 0)
		ret = ctx_wait_for_fence(ctx, args->job, args->timeout_ns);
	if (!ret)
		ret = -ETIME;
	else if (ret > 0)
		ret = ctx_result(ctx, args);
out:
	edge_ctx_put(ctx);
	return ret;
}
