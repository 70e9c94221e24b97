// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Device coredumps
 *
 * Before a reset: what was on the hardware, and its registers, as text in /sys/class/devcoredump. It names no
 * address of memory and holds nothing of the buffers.
 */

#include <linux/devcoredump.h>
#include <linux/slab.h>
#include <linux/utsname.h>

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
		drm_printf(p, "  job %llu: %u of %u operations done, %u buffers%s\n", job->number,
			   job->ops_done, job->op_count, job->bo_count, job->ended ? ", ended" : "");
}

static ssize_t coredump_read(char *buffer, loff_t offset, size_t count, void *data, size_t size)
{
	return memory_read_from_buffer(buffer, count, &offset, data, size);
}

static void coredump_free(void *data)
{
	kfree(data);
}

/**
 * edge_coredump() - keeps the state of the device
 * @edev: the device, before it is halted
 * @hung: the job that hangs, or NULL
 * @cause: of the reset
 *
 * Others wait for the job's fence, so that memory comes from what is free at once; without any there is no dump.
 */
void edge_coredump(struct edge_device *edev, const struct edge_job *hung, const char *cause)
{
	char *text = kzalloc(EDGE_COREDUMP_SIZE, GFP_NOWAIT | __GFP_NOWARN);
	struct drm_print_iterator iterator = { .data = text, .remain = EDGE_COREDUMP_SIZE };
	struct drm_printer p = drm_coredump_printer(&iterator);
	size_t size;

	if (!text)
		return;

	drm_printf(&p, "driver: " EDGE_DRIVER_NAME "\nkernel: %s\ndevice: %s\ncause: %s\n",
		   init_utsname()->release, edev->info.name, cause);
	if (hung)
		drm_printf(&p, "hung: job %llu after %u of %u operations\n", hung->number, hung->ops_done,
			   hung->op_count);
	spin_lock_irq(&edev->lock);
	edge_dump_queue(edev, &p);
	if (!edev->gone)
		edev->ops->dump(edev, &p);
	spin_unlock_irq(&edev->lock);

	size = EDGE_COREDUMP_SIZE - iterator.remain;
	dev_coredumpm(edev->drm.dev, THIS_MODULE, text, size, GFP_NOWAIT, coredump_read, coredump_free);
}
