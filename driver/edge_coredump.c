// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Device coredumps
 *
 * Before a reset: what was on the hardware, and its registers, as text in /sys/class/devcoredump,
 * for root to read: registers hold bus addresses. Nothing of the buffers' contents is in it.
 *
 * Others wait for the fence of the job that hangs, so nothing may be allocated then. The room for
 * one dump is kept; the next one is made later, and a reset before that leaves no dump.
 */

#include <linux/devcoredump.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "edge_coredump.h"
#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_job.h"

#define EDGE_COREDUMP_SIZE (64 * 1024)

/**
 * edge_dump_queue() - the jobs on the hardware, for humans
 * @edev: the device, locked
 * @p: where to
 */
void edge_dump_queue(struct edge_device *edev, struct drm_printer *p)
{
	struct edge_job *job;

	drm_printf(p, "queue:%s\n", list_empty(&edev->queue) ? " empty" : "");
	list_for_each_entry(job, &edev->queue, node)
		drm_printf(p, "  client %llu job %llu: %u of %u operations done, %u buffers%s\n",
			   job->ctx->file->client_id, job->number, job->ops_done, job->op_count,
			   job->bo_count, job->ended ? ", ended" : "");
}

static void coredump_refill(struct work_struct *work)
{
	struct edge_device *edev = container_of(work, struct edge_device, dump_refill);
	void *room = vzalloc(EDGE_COREDUMP_SIZE);

	if (room && cmpxchg(&edev->dump_room, NULL, room))
		vfree(room);
}

static void coredump_fini(struct drm_device *drm, void *data)
{
	struct edge_device *edev = to_edge_device(drm);

	cancel_work_sync(&edev->dump_refill);
	vfree(edev->dump_room);
}

/**
 * edge_coredump_init() - makes room for the first dump
 * @edev: the device
 */
int edge_coredump_init(struct edge_device *edev)
{
	INIT_WORK(&edev->dump_refill, coredump_refill);
	edev->dump_room = vzalloc(EDGE_COREDUMP_SIZE);
	if (!edev->dump_room)
		return -ENOMEM;
	return drmm_add_action_or_reset(&edev->drm, coredump_fini, NULL);
}

/**
 * edge_coredump() - keeps the state of the device
 * @edev: the device, before it is halted
 * @hung: the job that hangs, or NULL
 * @cause: of the reset
 */
void edge_coredump(struct edge_device *edev, const struct edge_job *hung, const char *cause)
{
	char *text = xchg(&edev->dump_room, NULL);
	struct drm_print_iterator iterator = { .data = text, .remain = EDGE_COREDUMP_SIZE };
	struct drm_printer p = drm_coredump_printer(&iterator);

	if (!text)
		return;

	drm_printf(&p, "driver: " EDGE_DRIVER_NAME "\nkernel: %s\ndevice: %s\ncause: %s\n",
		   init_utsname()->release, edev->info.name, cause);
	if (hung)
		drm_printf(&p, "hung: client %llu job %llu after %u of %u operations\n",
			   hung->ctx->file->client_id, hung->number, hung->ops_done,
			   hung->op_count);
	spin_lock_irq(&edev->lock);
	edge_dump_queue(edev, &p);
	if (!edev->gone)
		edev->ops->dump(edev, &p);
	spin_unlock_irq(&edev->lock);

	/* The core frees it, so that the module can go while it is there. */
	dev_coredumpv(edev->drm.dev, text, EDGE_COREDUMP_SIZE - iterator.remain, GFP_NOWAIT);
	schedule_work(&edev->dump_refill);
}
