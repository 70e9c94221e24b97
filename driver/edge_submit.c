// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Submission
 *
 * The stream is copied once and checked as a whole before anything is queued: nothing that
 * userspace does afterwards changes what was checked. Then fences: the job waits for its
 * in-syncobjs and for what other drivers put on its buffers, and its own fence goes to its
 * out-syncobjs and onto the buffers.
 */

#include <linux/dma-fence-chain.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_syncobj.h>

#include "compat/edge_compat.h"
#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_job.h"
#include "edge_submit.h"
#include "edge_trace.h"

#define EDGE_MAX_SYNCS 64

/* A syncobj to signal. */
struct submit_out {
	struct drm_syncobj *syncobj;
	struct dma_fence_chain *chain;
	u64 point;
};

static int submit_copy_sync(struct drm_edge_sync *sync, u64 array, u32 stride, u32 index)
{
	int ret;

	ret = copy_struct_from_user(sync, sizeof(*sync),
				    u64_to_user_ptr(array + (u64)stride * index), stride);
	if (!ret && sync->flags)
		ret = -EINVAL;
	return ret;
}

static int submit_check_syncs(u32 count, u32 stride)
{
	if (count > EDGE_MAX_SYNCS || (count && !stride) || stride > PAGE_SIZE)
		return -EINVAL;
	return 0;
}

static int submit_wait_for(struct edge_job *job, struct drm_file *file,
			   const struct drm_edge_submit *args)
{
	struct drm_edge_sync sync;
	struct dma_fence *fence;
	u32 i;
	int ret;

	for (i = 0; i < args->in_sync_count; i++) {
		ret = submit_copy_sync(&sync, args->in_syncs, args->in_sync_stride, i);
		if (ret)
			return ret;
		ret = drm_syncobj_find_fence(file, sync.handle, sync.point, 0, &fence);
		if (ret)
			return ret;
		/* Takes the fence, with errors too. */
		ret = drm_sched_job_add_dependency(&job->base, fence);
		if (ret)
			return ret;
	}
	return 0;
}

static void submit_put_outs(struct submit_out *outs, u32 count)
{
	u32 i;

	if (!outs)
		return;
	for (i = 0; i < count; i++) {
		if (outs[i].syncobj)
			drm_syncobj_put(outs[i].syncobj);
		dma_fence_chain_free(outs[i].chain);
	}
	kfree(outs);
}

static int submit_get_out(struct submit_out *out, struct drm_file *file,
			  const struct drm_edge_sync *sync)
{
	out->point = sync->point;
	out->syncobj = drm_syncobj_find(file, sync->handle);
	if (!out->syncobj)
		return -ENOENT;
	if (!sync->point)
		return 0;
	out->chain = dma_fence_chain_alloc();
	return out->chain ? 0 : -ENOMEM;
}

static int submit_get_outs(struct submit_out **outs, struct drm_file *file,
			   const struct drm_edge_submit *args)
{
	struct drm_edge_sync sync;
	u32 i;
	int ret;

	*outs = NULL;
	if (!args->out_sync_count)
		return 0;
	*outs = kcalloc(args->out_sync_count, sizeof(**outs), GFP_KERNEL);
	if (!*outs)
		return -ENOMEM;
	for (i = 0; i < args->out_sync_count; i++) {
		ret = submit_copy_sync(&sync, args->out_syncs, args->out_sync_stride, i);
		if (!ret)
			ret = submit_get_out(&(*outs)[i], file, &sync);
		if (ret)
			goto err_put_outs;
	}
	return 0;

err_put_outs:
	submit_put_outs(*outs, args->out_sync_count);
	*outs = NULL;
	return ret;
}

static void submit_signal(struct submit_out *outs, u32 count, struct dma_fence *fence)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (outs[i].chain) {
			drm_syncobj_add_point(outs[i].syncobj, outs[i].chain, fence, outs[i].point);
			outs[i].chain = NULL;
		} else {
			drm_syncobj_replace_fence(outs[i].syncobj, fence);
		}
	}
}

static int submit_copy_stream(struct edge_job *job, const struct drm_edge_submit *args,
			      struct edge_refusal *refusal)
{
	if (!args->stream_size || args->stream_size % 8 || args->stream_size > EDGE_MAX_STREAM) {
		refusal->reason = DRM_EDGE_REASON_STREAM;
		return -EINVAL;
	}
	job->stream_size = args->stream_size;
	job->stream = kvmalloc(args->stream_size, GFP_KERNEL);
	if (!job->stream)
		return -ENOMEM;
	if (copy_from_user(job->stream, u64_to_user_ptr(args->stream), args->stream_size))
		return -EFAULT;
	return 0;
}

/* With the reservations of all buffers held. */
static int submit_wait_for_buffers(struct edge_job *job)
{
	u32 i;
	int ret;

	for (i = 0; i < job->bo_count; i++) {
		ret = dma_resv_reserve_fences(job->bos[i]->resv, 1);
		if (ret)
			return ret;
		ret = drm_sched_job_add_implicit_dependencies(&job->base, job->bos[i],
							      test_bit(i, job->bo_written));
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * From here on the job belongs to the scheduler. What others see of it is made before that: it may
 * have ended before the function returns.
 */
static void submit_push(struct edge_job *job, struct submit_out *outs, struct drm_edge_submit *args)
{
	struct dma_fence *fence;
	u32 i;

	job->number = ++job->ctx->submitted;
	args->job = job->number;
	trace_edge_job_submit(job);

	drm_sched_job_arm(&job->base);
	fence = dma_fence_get(&job->base.s_fence->finished);
	edge_ctx_submitted(job->ctx, fence);
	for (i = 0; i < job->bo_count; i++)
		dma_resv_add_fence(job->bos[i]->resv, fence,
				   test_bit(i, job->bo_written) ? DMA_RESV_USAGE_WRITE
								: DMA_RESV_USAGE_READ);
	submit_signal(outs, args->out_sync_count, fence);
	dma_fence_put(fence);
}

static int submit_queue(struct edge_job *job, struct submit_out *outs, struct drm_edge_submit *args)
{
	struct edge_ctx *ctx = job->ctx;
	struct ww_acquire_ctx acquire;
	struct drm_gem_object **bos = job->bos;
	u32 bo_count = job->bo_count;
	int ret;

	mutex_lock(&ctx->submit_lock);
	if (ctx->destroyed) {
		ret = -ENOENT;
		goto err_unlock_ctx;
	}
	if (edge_ctx_guilty(ctx)) {
		ret = -ECANCELED;
		goto err_unlock_ctx;
	}
	ret = drm_gem_lock_reservations(bos, bo_count, &acquire);
	if (ret)
		goto err_unlock_ctx;
	ret = submit_wait_for_buffers(job);
	if (ret)
		goto err_unlock_reservations;

	submit_push(job, outs, args);
	/* Others may let go of the buffers as soon as it runs: unlock before. */
	drm_gem_unlock_reservations(bos, bo_count, &acquire);
	drm_sched_entity_push_job(&job->base);
	mutex_unlock(&ctx->submit_lock);
	return 0;

err_unlock_reservations:
	drm_gem_unlock_reservations(bos, bo_count, &acquire);
err_unlock_ctx:
	mutex_unlock(&ctx->submit_lock);
	return ret;
}

static int submit(struct edge_ctx *ctx, struct drm_file *file, struct drm_edge_submit *args,
		  struct edge_refusal *refusal)
{
	struct edge_device *edev = ctx->file->edev;
	struct submit_out *outs;
	struct edge_job *job;
	int ret;

	job = edge_job_create(edev, ctx);
	if (!job)
		return -ENOMEM;
	job->deadline = max_t(s64, args->deadline_ns, 0);

	ret = submit_copy_stream(job, args, refusal);
	if (ret)
		goto err_destroy_job;
	ret = edge_job_check(job, file, refusal);
	if (ret)
		goto err_destroy_job;
	ret = edge_compat_sched_job_init(&job->base, &ctx->entity, file);
	if (ret)
		goto err_destroy_job;
	job->scheduled = true;
	ret = submit_wait_for(job, file, args);
	if (ret)
		goto err_destroy_job;
	ret = submit_get_outs(&outs, file, args);
	if (ret)
		goto err_destroy_job;
	ret = submit_queue(job, outs, args);
	submit_put_outs(outs, args->out_sync_count);
	if (ret)
		goto err_destroy_job;
	return 0;

err_destroy_job:
	edge_job_destroy(job);
	return ret;
}

int edge_submit_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct edge_device *edev = to_edge_device(drm);
	struct drm_edge_submit *args = data;
	struct edge_refusal refusal = {};
	struct edge_ctx *ctx;
	int idx, ret;

	args->error_op = 0;
	args->error_reason = DRM_EDGE_REASON_NONE;
	args->error_at = 0;
	args->error_pad = 0;
	if (args->flags || args->pad)
		return -EINVAL;
	ret = submit_check_syncs(args->in_sync_count, args->in_sync_stride);
	if (!ret)
		ret = submit_check_syncs(args->out_sync_count, args->out_sync_stride);
	if (ret)
		return ret;
	if (READ_ONCE(edev->wedged))
		return -EIO;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	ctx = edge_ctx_find(file->driver_priv, args->ctx);
	ret = -ENOENT;
	if (ctx) {
		ret = submit(ctx, file, args, &refusal);
		edge_ctx_put(ctx);
	}
	drm_dev_exit(idx);

	/* The core copies the arguments back with an error too. */
	if (refusal.reason != DRM_EDGE_REASON_NONE) {
		args->error_op = refusal.op;
		args->error_reason = refusal.reason;
		args->error_at = refusal.at;
	}
	return ret;
}
