// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "nvdla_op.h"
#include "nvdla_regs.h"
#include "nvdla_seq.h"

#define NVDLA_GROUPS 2

/**
 * struct nvdla_flight - an operation on the hardware
 * @op: the operation
 * @cookie: the caller's
 * @done: the interrupts that end it
 */
struct nvdla_flight {
	const struct nvdla_op *op;
	void *cookie;
	u32 done;
};

/*
 * @flights: in the order of issue
 * @busy: how many
 * @next: the register group of each unit that its next operation must take, as the hardware does
 * @used: groups of each unit that are taken
 * @table_loaded: @table is what the CDP has
 */
struct nvdla_seq {
	struct nvdla_flight flights[NVDLA_FLIGHT];
	unsigned int busy;
	u8 next[NVDLA_UNITS];
	u8 used[NVDLA_UNITS];
	bool table_loaded;
	s16 table[NVDLA_TABLE_ENTRIES];
};

struct nvdla_seq *nvdla_seq_create(void)
{
	return kzalloc(sizeof(struct nvdla_seq), GFP_KERNEL);
}

void nvdla_seq_destroy(struct nvdla_seq *seq)
{
	kfree(seq);
}

void nvdla_seq_reset(struct nvdla_seq *seq)
{
	memset(seq, 0, sizeof(*seq));
}

unsigned int nvdla_seq_busy(const struct nvdla_seq *seq)
{
	return seq->busy;
}

/* Whether two operations may not be on the hardware at the same time because of memory. */
static bool nvdla_hazard(const struct nvdla_op *a, const struct nvdla_op *b)
{
	unsigned int i;

	if (nvdla_extents_meet(&a->write, &b->write))
		return true;
	for (i = 0; i < NVDLA_READS; i++) {
		if (nvdla_extents_meet(&a->reads[i], &b->write) ||
		    nvdla_extents_meet(&b->reads[i], &a->write))
			return true;
	}
	return false;
}

/*
 * The SDP and the PDP take their input from memory or from the unit before them. Nobody has seen
 * hardware with both in its two groups, so it does not come to that.
 */
static bool nvdla_sources_differ(const struct nvdla_op *a, const struct nvdla_op *b)
{
	const u32 both = a->units & b->units, differ = a->units ^ b->units;

	return (both & NVDLA_USES(NVDLA_UNIT_SDP) && differ & NVDLA_USES(NVDLA_UNIT_CONV)) ||
	       (both & NVDLA_USES(NVDLA_UNIT_PDP) && differ & NVDLA_USES(NVDLA_UNIT_PDP_RDMA));
}

static bool nvdla_table_is_loaded(const struct nvdla_seq *seq, const struct nvdla_op *op)
{
	return seq->table_loaded && !memcmp(seq->table, op->table->values, sizeof(seq->table));
}

bool nvdla_seq_ready(const struct nvdla_seq *seq, const struct nvdla_op *op)
{
	unsigned int i;

	for (i = 0; i < NVDLA_UNITS; i++) {
		if (op->units & NVDLA_USES(i) && seq->used[i] == NVDLA_GROUPS)
			return false;
	}
	/* Both groups of the CDP use the same table. */
	if (op->table && seq->used[NVDLA_UNIT_CDP] && !nvdla_table_is_loaded(seq, op))
		return false;
	for (i = 0; i < seq->busy; i++) {
		const struct nvdla_op *other = seq->flights[i].op;

		if (nvdla_hazard(op, other) || nvdla_sources_differ(op, other))
			return false;
	}
	return true;
}

/* The interrupt of an operation whose last unit works with register group @group. */
static u32 nvdla_interrupt_bit(enum nvdla_unit unit, u8 group)
{
	switch (unit) {
	case NVDLA_UNIT_PDP:
		return 1u << (NVDLA_INTR_PDP + group);
	case NVDLA_UNIT_CDP:
		return 1u << (NVDLA_INTR_CDP + group);
	default:
		return 1u << (NVDLA_INTR_SDP + group);
	}
}

void nvdla_seq_issue(struct nvdla_seq *seq, const struct nvdla_op *op, void *cookie,
		     const struct nvdla_port *port)
{
	struct nvdla_flight *flight = &seq->flights[seq->busy];
	u8 groups[NVDLA_UNITS];
	unsigned int i;

	if (op->table && !nvdla_table_is_loaded(seq, op)) {
		nvdla_emit_table(op->table->values, port);
		memcpy(seq->table, op->table->values, sizeof(seq->table));
		seq->table_loaded = true;
	}
	memcpy(groups, seq->next, sizeof(groups));
	flight->op = op;
	flight->cookie = cookie;
	flight->done = nvdla_interrupt_bit(op->final, groups[op->final]);
	seq->busy++;
	/* Units advance only when they take part. */
	for (i = 0; i < NVDLA_UNITS; i++) {
		if (op->units & NVDLA_USES(i)) {
			seq->next[i] ^= 1;
			seq->used[i]++;
		}
	}
	nvdla_emit(op, groups, port);
}

static void nvdla_release_units(struct nvdla_seq *seq, const struct nvdla_op *op)
{
	unsigned int i;

	for (i = 0; i < NVDLA_UNITS; i++) {
		if (op->units & NVDLA_USES(i))
			seq->used[i]--;
	}
}

unsigned int nvdla_seq_complete(struct nvdla_seq *seq, u32 status, void *cookies[NVDLA_FLIGHT])
{
	unsigned int i, ended = 0, left = 0;

	for (i = 0; i < seq->busy; i++) {
		const struct nvdla_flight flight = seq->flights[i];

		if (flight.done & status) {
			nvdla_release_units(seq, flight.op);
			cookies[ended++] = flight.cookie;
		} else {
			seq->flights[left++] = flight;
		}
	}
	seq->busy = left;
	return ended;
}
