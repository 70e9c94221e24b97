/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_JOB_H
#define EDGE_JOB_H

#include <linux/dma-fence.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include <drm/gpu_scheduler.h>

struct drm_file;
struct edge_ctx;
struct edge_device;
struct edge_refusal;

/* Buffers that one job may name. */
#define EDGE_MAX_JOB_BOS 256

/**
 * struct edge_job - a command stream on its way
 */
struct edge_job {
	/** @base: what the scheduler knows */
	struct drm_sched_job base;
	/** @scheduled: @base is initialised */
	bool scheduled;
	/** @edev: the device, held, and the module with it: jobs outlive their file */
	struct edge_device *edev;
	/** @release: frees it */
	struct work_struct release;
	/** @ctx: the context, held */
	struct edge_ctx *ctx;
	/** @number: in its context, from 1 */
	u64 number;
	/** @deadline: when its result is wanted, 0 for no wish */
	ktime_t deadline;

	/** @stream: the command stream, a copy */
	void *stream;
	/** @stream_size: its bytes */
	u32 stream_size;
	/** @bos: buffers it names, held */
	struct drm_gem_object **bos;
	/** @bo_handles: their handles */
	u32 *bo_handles;
	/** @bo_written: whether it writes them */
	unsigned long *bo_written;
	/** @bo_count: how many they are */
	u32 bo_count;

	/** @hw: what the family made of the stream */
	void *hw;
	/** @op_count: operations */
	u32 op_count;

	/** @fence: signals when the hardware has done it */
	struct dma_fence *fence;
	/** @node: in &edge_device.queue; under &edge_device.lock, as all that follows */
	struct list_head node;
	/** @ops_done: operations that the hardware finished */
	u32 ops_done;
	/** @ops_seen: of them, those that the last time-out knew */
	u32 ops_seen;
	/** @torn: a reset cut off an operation that can not be run again */
	bool torn;
	/** @ended: with @error; it leaves the queue when those before it have */
	bool ended;
	/** @reported: its context knows how it ended */
	bool reported;
	/** @error: 0 or a negative errno */
	int error;
	/** @busy_ns: time it had the device */
	u64 busy_ns;
};

static inline struct edge_job *to_edge_job(struct drm_sched_job *base)
{
	return container_of(base, struct edge_job, base);
}

struct edge_job *edge_job_create(struct edge_device *edev, struct edge_ctx *ctx);
void edge_job_destroy(struct edge_job *job);
int edge_job_check(struct edge_job *job, struct drm_file *file, struct edge_refusal *refusal);

void edge_job_end(struct edge_job *job, int error);
void edge_queue_collect(struct edge_device *edev, struct list_head *ended);
void edge_queue_signal(struct list_head *ended);
void edge_queue_fail_all(struct edge_device *edev, int error);

int edge_sched_init(struct edge_device *edev);

#endif
