/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_COMPAT_H
#define EDGE_COMPAT_H

/*
 * The only place that knows how kernels differ, by what compat/Kbuild.probe found in their headers:
 * stable branches change interfaces within one version. Written for the newest form; upstream, this
 * file goes away.
 */

#include <linux/module.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_managed.h>
#include <drm/gpu_scheduler.h>

#if IS_ENABLED(CONFIG_DRM_ACCEL)
#include <drm/drm_accel.h>
#endif

/* Namespaces of symbols became strings. */
#ifdef EDGE_HAVE_NS_STRING
#define EDGE_NS_DMA_BUF "DMA_BUF"
#else
#define EDGE_NS_DMA_BUF DMA_BUF
#endif

#ifdef EDGE_HAVE_PRIORITY_LOW
#define EDGE_SCHED_PRIORITY_LOW DRM_SCHED_PRIORITY_LOW
#else
#define EDGE_SCHED_PRIORITY_LOW DRM_SCHED_PRIORITY_MIN
#endif

static inline int edge_compat_sched_init(struct drm_gpu_scheduler *sched,
					 const struct drm_sched_backend_ops *ops, u32 jobs,
					 long timeout, const char *name, struct device *dev)
{
#ifdef EDGE_HAVE_SCHED_INIT_ARGS
	const struct drm_sched_init_args args = {
		.ops = ops,
#ifdef EDGE_HAVE_SCHED_NUM_RQS
		.num_rqs = DRM_SCHED_PRIORITY_COUNT,
#endif
		.credit_limit = jobs,
		.timeout = timeout,
		.name = name,
		.dev = dev,
	};

	return drm_sched_init(sched, &args);
#elif defined(EDGE_HAVE_SCHED_SUBMIT_WQ)
	return drm_sched_init(sched, ops, NULL, DRM_SCHED_PRIORITY_COUNT, jobs, 0, timeout, NULL,
			      NULL, name, dev);
#else
	return drm_sched_init(sched, ops, jobs, 0, timeout, NULL, NULL, name, dev);
#endif
}

static inline int edge_compat_sched_job_init(struct drm_sched_job *job,
					     struct drm_sched_entity *entity, struct drm_file *file)
{
#ifdef EDGE_HAVE_SCHED_CLIENT_ID
	return drm_sched_job_init(job, entity, 1, file, file->client_id);
#elif defined(EDGE_HAVE_SCHED_CREDITS)
	return drm_sched_job_init(job, entity, 1, file);
#else
	return drm_sched_job_init(job, entity, file);
#endif
}

static inline void edge_compat_sched_start(struct drm_gpu_scheduler *sched)
{
#ifdef EDGE_HAVE_SCHED_START_ERRNO
	drm_sched_start(sched, 0);
#elif defined(EDGE_HAVE_SCHED_START_FULL)
	drm_sched_start(sched, true);
#else
	drm_sched_start(sched);
#endif
}

/* The character device that userspace opens. */
static inline struct drm_minor *edge_compat_minor(struct drm_device *drm)
{
#if IS_ENABLED(CONFIG_DRM_ACCEL)
	return drm->accel;
#else
	return drm->render;
#endif
}

#if IS_ENABLED(CONFIG_DRM_ACCEL)
#define EDGE_DRIVER_NODE DRIVER_COMPUTE_ACCEL
#define EDGE_FILE_OPERATIONS DRM_ACCEL_FOPS
#else
#define EDGE_DRIVER_NODE DRIVER_RENDER
#ifdef FOP_UNSIGNED_OFFSET
#define EDGE_FOP_FLAGS .fop_flags = FOP_UNSIGNED_OFFSET,
#else
#define EDGE_FOP_FLAGS
#endif
#define EDGE_FILE_OPERATIONS \
	EDGE_FOP_FLAGS.open = drm_open, .release = drm_release, .unlocked_ioctl = drm_ioctl, \
	.compat_ioctl = drm_compat_ioctl, .poll = drm_poll, .read = drm_read, \
	.llseek = noop_llseek, .mmap = drm_gem_mmap
#endif

/* What older kernels want said, that newer ones take for granted. */
#ifdef EDGE_HAVE_PRIME_MMAP
#define EDGE_DRIVER_PRIME \
	.prime_handle_to_fd = drm_gem_prime_handle_to_fd, \
	.prime_fd_to_handle = drm_gem_prime_fd_to_handle, .gem_prime_mmap = drm_gem_prime_mmap,
#else
#define EDGE_DRIVER_PRIME
#endif

#ifdef EDGE_HAVE_DRIVER_DATE
#define EDGE_DRIVER_DATE .date = "20261121",
#else
#define EDGE_DRIVER_DATE
#endif

/* platform_driver.remove used to return int. */
#ifdef EDGE_HAVE_REMOVE_NEW
#define EDGE_PLATFORM_REMOVE .remove_new
#else
#define EDGE_PLATFORM_REMOVE .remove
#endif

#endif
