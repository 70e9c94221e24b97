// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: NVDLA
 *
 * Gives the operations of the jobs on the queue to the sequencer, in order, as register groups
 * become free and data allow: usually one operation runs while the next one is programmed, across
 * the border of jobs. Checker, register programs and sequencer know nothing of the kernel and are
 * tested without it.
 */

#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>
#include <drm/edge_accel.h>

#include "../edge_drv.h"
#include "../edge_job.h"
#include "../edge_trace.h"
#include "nvdla_program.h"
#include "nvdla_regs.h"
#include "nvdla_seq.h"

/* After a reset the convolution buffer is cleared, in about 8200 cycles. */
#define NVDLA_FLUSH_US 100000

/* How often one interrupt looks for more; more than operations there can be. */
#define NVDLA_IRQ_ROUNDS 64

/* What registers read when nothing is there. */
#define NVDLA_ABSENT 0xffffffff

/* A bus of 32 bits, and offsets in atoms. */
#define NVDLA_ADDRESS_BITS 32
#define NVDLA_MAX_BO SZ_1G

/* Of each unit: its registers for one group. */
#define NVDLA_DUMP_BYTES 0x100

/**
 * struct nvdla_slot - an operation on the hardware
 * @job: its job, NULL for a free slot
 * @op: which one
 */
struct nvdla_slot {
	struct edge_job *job;
	u32 op;
};

/**
 * struct nvdla - a device of this family
 * @geometry: from its configuration ROM
 * @answer: the same for userspace
 * @port: its registers
 * @seq: what is on the hardware
 * @slots: whose that is
 */
struct nvdla {
	struct nvdla_geometry geometry;
	struct drm_edge_nvdla answer;
	struct nvdla_port port;
	struct nvdla_seq *seq;
	struct nvdla_slot slots[NVDLA_FLIGHT];
};

/**
 * struct nvdla_job - a checked command stream
 * @ops: its operations
 * @done: those that the hardware finished
 * @next: the first that was never given to the hardware
 */
struct nvdla_job {
	struct nvdla_op *ops;
	unsigned long *done;
	u32 next;
};

static u32 port_read(void *opaque, u32 offset)
{
	struct edge_device *edev = opaque;

	return readl(edev->regs + offset);
}

static void port_write(void *opaque, u32 offset, u32 value)
{
	struct edge_device *edev = opaque;

	writel(value, edev->regs + offset);
}

static void nvdla_release(struct edge_job *job)
{
	struct nvdla_job *njob = job->hw;

	if (!njob)
		return;
	kvfree(njob->ops);
	bitmap_free(njob->done);
	kfree(njob);
}

static int nvdla_check_job(struct edge_device *edev, struct edge_job *job,
			   const struct edge_buffers *buffers, struct edge_refusal *refusal)
{
	struct nvdla *nvdla = edev->hw;
	struct nvdla_job *njob;
	int count;

	count = nvdla_count(job->stream, job->stream_size, edev->info.max_ops, refusal);
	if (count < 0)
		return count;

	njob = kzalloc(sizeof(*njob), GFP_KERNEL);
	if (!njob)
		return -ENOMEM;
	/* The core releases it from here on. */
	job->hw = njob;
	job->op_count = count;
	njob->ops = kvmalloc_array(count, nvdla_op_size(), GFP_KERNEL);
	njob->done = bitmap_zalloc(count, GFP_KERNEL);
	if (!njob->ops || !njob->done)
		return -ENOMEM;
	return nvdla_check(&nvdla->geometry, job->stream, job->stream_size, buffers, njob->ops,
			   refusal);
}

static struct nvdla_slot *slot_get(struct nvdla *nvdla)
{
	int i;

	for (i = 0; i < NVDLA_FLIGHT; i++)
		if (!nvdla->slots[i].job)
			return &nvdla->slots[i];
	return NULL;
}

/* Gives as much of a job to the hardware as it takes now; whether that was all of it. */
static bool job_issue(struct nvdla *nvdla, struct edge_job *job)
{
	struct nvdla_job *njob = job->hw;

	for (; njob->next < job->op_count; njob->next++) {
		const struct nvdla_op *op = nvdla_op_at(njob->ops, njob->next);
		struct nvdla_slot *slot;

		if (test_bit(njob->next, njob->done))
			continue;
		slot = slot_get(nvdla);
		if (!slot || !nvdla_seq_ready(nvdla->seq, op))
			return false;
		slot->job = job;
		slot->op = njob->next;
		trace_edge_op_issue(job, njob->next, nvdla_op_name(op));
		nvdla_seq_issue(nvdla->seq, op, slot, &nvdla->port);
	}
	return true;
}

static void nvdla_kick(struct edge_device *edev)
{
	struct nvdla *nvdla = edev->hw;
	struct edge_job *job;

	list_for_each_entry(job, &edev->queue, node)
		if (!job->ended && !job_issue(nvdla, job))
			return;
}

static void slot_done(struct nvdla_slot *slot)
{
	struct edge_job *job = slot->job;
	struct nvdla_job *njob = job->hw;

	trace_edge_op_done(job, slot->op);
	__set_bit(slot->op, njob->done);
	slot->job = NULL;
	if (++job->ops_done == job->op_count)
		edge_job_end(job, 0);
}

static bool nvdla_irq(struct edge_device *edev)
{
	struct nvdla *nvdla = edev->hw;
	void *cookies[NVDLA_FLIGHT];
	unsigned int i, count, done = 0;
	bool handled = false;
	int rounds = 0;
	u32 status;

	/* Until the line is low: a message is sent on its rise only. */
	while ((status = readl(edev->regs + NVDLA_GLB_INTR_STATUS))) {
		if (status == NVDLA_ABSENT) {
			schedule_work(&edev->unplug);
			return handled;
		}
		if (++rounds > NVDLA_IRQ_ROUNDS) {
			/*
			 * One that finishes small operations as fast as they are given to it is
			 * asked to interrupt again, so that others get their turn: the line falls
			 * and rises. One that does not let itself be cleared stays silent. The
			 * time-out looks again, and resets.
			 */
			writel(~0, edev->regs + NVDLA_GLB_INTR_MASK);
			if (done)
				writel(~NVDLA_INTR_FINAL, edev->regs + NVDLA_GLB_INTR_MASK);
			return true;
		}
		trace_edge_irq(edev, status);
		writel(status, edev->regs + NVDLA_GLB_INTR_STATUS);
		handled = true;

		count = nvdla_seq_complete(nvdla->seq, status, cookies);
		done += count;
		for (i = 0; i < count; i++)
			slot_done(cookies[i]);
		if (count && !edev->paused)
			nvdla_kick(edev);
	}
	return handled;
}

static bool nvdla_busy(struct edge_device *edev)
{
	struct nvdla *nvdla = edev->hw;

	return nvdla_seq_busy(nvdla->seq);
}

static void nvdla_halt(struct edge_device *edev)
{
	struct nvdla *nvdla = edev->hw;
	struct edge_job *job;
	int i;

	for (i = 0; i < NVDLA_FLIGHT; i++) {
		struct nvdla_slot *slot = &nvdla->slots[i];
		struct nvdla_job *njob;

		if (!slot->job)
			continue;
		njob = slot->job->hw;
		if (nvdla_op_in_place(nvdla_op_at(njob->ops, slot->op)))
			slot->job->torn = true;
		slot->job = NULL;
	}
	list_for_each_entry(job, &edev->queue, node) {
		struct nvdla_job *njob = job->hw;

		njob->next = 0;
	}
	nvdla_seq_reset(nvdla->seq);
}

static int nvdla_start(struct edge_device *edev)
{
	struct nvdla *nvdla = edev->hw;
	u32 status;
	int ret;

	ret = readl_poll_timeout(edev->regs + NVDLA_CDMA_CBUF_FLUSH_STATUS, status,
				 status & NVDLA_CDMA_CBUF_FLUSH_DONE, 10, NVDLA_FLUSH_US);
	if (ret)
		return ret;
	if (status == NVDLA_ABSENT)
		return -ENODEV;
	nvdla_seq_reset(nvdla->seq);
	writel(NVDLA_INTR_ALL, edev->regs + NVDLA_GLB_INTR_STATUS);
	/* Only what ends operations: the units before them interrupt for nothing. */
	writel(~NVDLA_INTR_FINAL, edev->regs + NVDLA_GLB_INTR_MASK);
	return 0;
}

static void nvdla_stop(struct edge_device *edev)
{
	writel(~0, edev->regs + NVDLA_GLB_INTR_MASK);
}

static void nvdla_seq_free(struct drm_device *drm, void *seq)
{
	nvdla_seq_destroy(seq);
}

static int nvdla_init(struct edge_device *edev)
{
	struct nvdla *nvdla;
	int ret;

	nvdla = drmm_kzalloc(&edev->drm, sizeof(*nvdla), GFP_KERNEL);
	if (!nvdla)
		return -ENOMEM;
	nvdla->seq = nvdla_seq_create();
	if (!nvdla->seq)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&edev->drm, nvdla_seq_free, nvdla->seq);
	if (ret)
		return ret;
	nvdla->port =
		(struct nvdla_port) { .opaque = edev, .read = port_read, .write = port_write };

	ret = nvdla_identify(&nvdla->port, &nvdla->geometry, (char *)edev->info.name,
			     &edev->info.hw_version);
	if (ret)
		return ret;
	nvdla->answer = (struct drm_edge_nvdla) {
		.atomic_c = nvdla->geometry.atomic_c,
		.atomic_k = nvdla->geometry.atomic_k,
		.atom = nvdla->geometry.atom,
		.cbuf_banks = nvdla->geometry.cbuf_banks,
		.cbuf_width = nvdla->geometry.cbuf_width,
		.cbuf_depth = nvdla->geometry.cbuf_depth,
		.features = nvdla->geometry.features,
		.pdp_line = nvdla->geometry.pdp_line,
	};
	edev->info.family = DRM_EDGE_FAMILY_NVDLA;
	edev->info.address_bits = NVDLA_ADDRESS_BITS;
	edev->info.max_bo = NVDLA_MAX_BO;
	edev->info.bo_align = nvdla->geometry.atom;
	edev->hw = nvdla;
	return 0;
}

static int nvdla_query(struct edge_device *edev, u32 type, const void **answer)
{
	struct nvdla *nvdla = edev->hw;

	if (type != DRM_EDGE_QUERY_NVDLA)
		return -EOPNOTSUPP;
	*answer = &nvdla->answer;
	return sizeof(nvdla->answer);
}

static int nvdla_describe(struct edge_device *edev, char *text, size_t size)
{
	struct nvdla *nvdla = edev->hw;
	const struct nvdla_geometry *g = &nvdla->geometry;
	int length;

	length = scnprintf(text, size, "atomic_c=%u atomic_k=%u atom=%u pdp_line=%u ", g->atomic_c,
			   g->atomic_k, g->atom, g->pdp_line);
	length += scnprintf(text + length, size - length,
			    "cbuf_banks=%u cbuf_width=%u cbuf_depth=%u\n", g->cbuf_banks,
			    g->cbuf_width, g->cbuf_depth);
	return length;
}

static void dump_unit(struct edge_device *edev, struct drm_printer *p, const char *name, u32 page)
{
	u32 offset, value;

	for (offset = 0; offset < NVDLA_DUMP_BYTES; offset += 4) {
		value = readl(edev->regs + page + offset);
		if (value)
			drm_printf(p, "  %s+%03x: %08x\n", name, offset, value);
	}
}

static void nvdla_dump(struct edge_device *edev, struct drm_printer *p)
{
	static const struct {
		const char *name;
		u32 page;
	} units[] = {
		{ "cdma", NVDLA_CDMA },	    { "csc", NVDLA_CSC },
		{ "cmac_a", NVDLA_CMAC_A }, { "cmac_b", NVDLA_CMAC_B },
		{ "cacc", NVDLA_CACC },	    { "sdp_rdma", NVDLA_SDP_RDMA },
		{ "sdp", NVDLA_SDP },	    { "pdp_rdma", NVDLA_PDP_RDMA },
		{ "pdp", NVDLA_PDP },	    { "cdp_rdma", NVDLA_CDP_RDMA },
		{ "cdp", NVDLA_CDP },
	};
	struct nvdla *nvdla = edev->hw;
	int i;

	drm_printf(p, "in flight:\n");
	for (i = 0; i < NVDLA_FLIGHT; i++) {
		const struct nvdla_slot *slot = &nvdla->slots[i];
		const struct nvdla_job *njob;

		if (!slot->job)
			continue;
		njob = slot->job->hw;
		drm_printf(p, "  job %llu, operation %u: %s\n", slot->job->number, slot->op,
			   nvdla_op_name(nvdla_op_at(njob->ops, slot->op)));
	}
	drm_printf(p, "interrupts: status %08x mask %08x\nregisters other than 0:\n",
		   readl(edev->regs + NVDLA_GLB_INTR_STATUS),
		   readl(edev->regs + NVDLA_GLB_INTR_MASK));
	for (i = 0; i < ARRAY_SIZE(units); i++)
		dump_unit(edev, p, units[i].name, units[i].page);
}

const struct edge_hw_ops nvdla_hw_ops = {
	.init = nvdla_init,
	.check = nvdla_check_job,
	.release = nvdla_release,
	.kick = nvdla_kick,
	.irq = nvdla_irq,
	.busy = nvdla_busy,
	.halt = nvdla_halt,
	.start = nvdla_start,
	.stop = nvdla_stop,
	.query = nvdla_query,
	.describe = nvdla_describe,
	.dump = nvdla_dump,
};
