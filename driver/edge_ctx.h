/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_CTX_H
#define EDGE_CTX_H

#include <linux/kref.h>
#include <linux/wait.h>

#include <drm/gpu_scheduler.h>

#include <drm/edge_accel.h>

struct drm_device;
struct dma_fence;
struct drm_file;
struct edge_file;
struct edge_job;

/* How many jobs' results are remembered. */
#define EDGE_RESULTS 64

/**
 * struct edge_result - how a job ended
 * @job: its number, 0 for none yet
 * @ops: operations that were finished
 * @error: 0 or a negative errno
 */
struct edge_result {
	u64 job;
	u64 ops;
	int error;
};

/**
 * struct edge_ctx - a queue of jobs
 */
struct edge_ctx {
	/** @refs: of its file, and of each job */
	struct kref refs;
	/** @file: whose it is */
	struct edge_file *file;
	/** @entity: the queue in front of the scheduler */
	struct drm_sched_entity entity;
	/** @submit_lock: keeps numbers of jobs and their order alike */
	struct mutex submit_lock;
	/** @submitted: jobs accepted, and the number of the last; under @submit_lock */
	u64 submitted;
	/** @fences: of the last jobs, by number; under @submit_lock */
	struct dma_fence *fences[EDGE_RESULTS];
	/** @destroyed: takes no more jobs; under @submit_lock */
	bool destroyed;

	/** @lock: of what follows */
	spinlock_t lock;
	/** @wait: for @begun and @completed */
	wait_queue_head_t wait;
	/** @begun: jobs that reached the hardware, or were found not to; the number of the last */
	u64 begun;
	/** @completed: jobs that ended; as they end in order, the number of the last */
	u64 completed;
	/** @failed: those of them with an error */
	u64 failed;
	/** @late: those of them that ended after their deadline */
	u64 late;
	/** @ops: operations finished */
	u64 ops;
	/** @busy_ns: time the device worked for it */
	u64 busy_ns;
	/** @resets: device resets while it had a job there */
	u64 resets;
	/** @state: the worst that resets did to it */
	enum drm_edge_ctx_state state;
	/** @results: of the last jobs, by number */
	struct edge_result results[EDGE_RESULTS];
};

struct edge_ctx *edge_ctx_find(struct edge_file *file, u32 handle);
void edge_ctx_put(struct edge_ctx *ctx);
void edge_ctx_destroy_all(struct edge_file *file);

void edge_ctx_begun(struct edge_ctx *ctx, const struct edge_job *job);
void edge_ctx_submitted(struct edge_ctx *ctx, struct dma_fence *fence);
void edge_ctx_completed(struct edge_ctx *ctx, const struct edge_job *job, int error);
void edge_ctx_reset(struct edge_ctx *ctx, enum drm_edge_ctx_state state);
bool edge_ctx_guilty(struct edge_ctx *ctx);

int edge_ctx_create_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int edge_ctx_destroy_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int edge_ctx_status_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int edge_wait_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

#endif
