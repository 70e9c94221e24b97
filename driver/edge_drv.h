/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_DRV_H
#define EDGE_DRV_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <drm/drm_device.h>
#include <drm/gpu_scheduler.h>

#include <drm/edge_accel.h>

#include "edge_hw.h"

#define EDGE_DRIVER_NAME "edge_accel"

/* Jobs on the hardware at a time: one that runs, one that is ready to follow. */
#define EDGE_JOBS_IN_FLIGHT 2

#define EDGE_MAX_OPS 4096
#define EDGE_MAX_STREAM (2 * 1024 * 1024)
#define EDGE_MAX_CONTEXTS 64

/**
 * struct edge_device - one accelerator
 */
struct edge_device {
	/** @drm: the DRM device, which owns the memory */
	struct drm_device drm;

	/** @ops: of its family */
	const struct edge_hw_ops *ops;
	/** @bus: how it is attached */
	const struct edge_bus_ops *bus;
	/** @bus_data: for @bus */
	void *bus_data;
	/** @hw: for @ops */
	void *hw;
	/** @regs: registers of the core */
	void __iomem *regs;
	/** @irq: its interrupt */
	int irq;
	/** @info: what it is; constant after registration, but for resets */
	struct drm_edge_device info;

	/** @sched: decides whose job comes next */
	struct drm_gpu_scheduler sched;
	/** @fence_context: of the fences of jobs on the hardware */
	u64 fence_context;
	/** @fence_lock: of these fences */
	spinlock_t fence_lock;

	/** @lock: of what follows, and of the hardware's registers */
	spinlock_t lock;
	/** @queue: jobs on the hardware, in the order in which they end */
	struct list_head queue;
	/** @paused: jobs wait in @queue: reset, suspend */
	bool paused;
	/** @asleep: it has no power, and interrupts are not its own */
	bool asleep;
	/** @gone: the device does not answer, or is not ours any more: no register is touched */
	bool gone;
	/** @wedged: it does not come back from reset */
	bool wedged;
	/** @seqno: of the last fence */
	u64 seqno;
	/** @busy_mark: since when the time was not accounted to a job */
	ktime_t busy_mark;
	/** @busy_ns: time with jobs on the hardware */
	u64 busy_ns;
	/** @jobs_done: jobs that ended */
	u64 jobs_done;
	/** @lost_irqs: interrupts that never came */
	u64 lost_irqs;

	/** @bo_lock: of @bos, and of where buffers lie */
	struct mutex bo_lock;
	/** @bos: buffers of the DMA API's memory */
	struct list_head bos;

	/** @reset_lock: serialises resets, suspend and removal */
	struct mutex reset_lock;
	/** @unplugged: removal has begun; under @reset_lock */
	bool unplugged;
	/** @dump_room: where the next coredump goes, or NULL */
	void *dump_room;
	/** @dump_refill: makes room for the one after */
	struct work_struct dump_refill;
	/** @unplug: removal that the device announced by answering all ones */
	struct work_struct unplug;
};

static inline struct edge_device *to_edge_device(struct drm_device *drm)
{
	return container_of(drm, struct edge_device, drm);
}

/**
 * struct edge_file - an open file
 */
struct edge_file {
	/** @edev: the device */
	struct edge_device *edev;
	/** @client_id: for fdinfo on kernels that have none */
	u64 client_id;
	/** @contexts: by handle */
	struct xarray contexts;
	/**
	 * @busy_ns: time the device worked for contexts of this file; under &edge_device.lock, as
	 * the next
	 */
	u64 busy_ns;
	/** @jobs: jobs that ended */
	u64 jobs;
	/** @ops: operations finished */
	u64 ops;
	/** @refs: contexts outlive the file while they have jobs */
	struct kref refs;
};

/* Where jobs are freed. */
extern struct workqueue_struct *edge_release_queue;

void edge_file_put(struct edge_file *file);

struct edge_device *edge_device_create(struct device *dev, const struct edge_hw_ops *ops,
				       const struct edge_bus_ops *bus, void *bus_data);
int edge_device_register(struct edge_device *edev);
void edge_device_halt(struct edge_device *edev);
void edge_device_unplug(struct edge_device *edev);
void edge_device_remove(struct edge_device *edev);

int edge_query_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

int edge_pci_register(void);
void edge_pci_unregister(void);
int edge_of_register(void);
void edge_of_unregister(void);

#endif
