/* SPDX-License-Identifier: MIT */
/*
 * The driver's checker and sequencer connected to the model of the hardware: buffers somewhere in the
 * device's address space, with nothing between them; what the model touches must be what the checker
 * has said.
 */
#ifndef EDGE_TEST_RIG_H
#define EDGE_TEST_RIG_H

#include <linux/types.h>

#include "nvdla/nvdla.h"
#include "nvdla/nvdla_op.h"
#include "nvdla/nvdla_program.h"
#include "nvdla/nvdla_seq.h"

#define RIG_BUFFERS 64
#define RIG_UNITS 16

/**
 * struct rig_buffer - memory that the device sees
 * @buffer: as the checker is told
 * @data: its bytes
 */
struct rig_buffer {
	struct edge_buffer buffer;
	u8 *data;
};

/**
 * struct rig - the device, what drives it, and memory
 * @geometry: as identified
 * @buffers: a buffer's handle is its index plus one
 * @flying: operations on the device
 * @most: how many there have been at a time
 * @groups: register groups of each page of the map that were enabled, a bit each
 * @writes: registers written
 * @failure: what went wrong first; empty when nothing has
 */
struct rig {
	struct nvdla *nvdla;
	struct nvdla_seq *seq;
	struct nvdla_port port;
	struct nvdla_geometry geometry;
	struct rig_buffer buffers[RIG_BUFFERS];
	unsigned int num_buffers;
	const struct nvdla_op *flying[NVDLA_FLIGHT];
	unsigned int most;
	u8 groups[RIG_UNITS];
	u8 pointer[RIG_UNITS];
	u64 writes;
	char failure[256];
};

/* Fails the process when memory has run out, as do the others. */
struct rig *rig_create(void);
void rig_destroy(struct rig *rig);

/* A buffer of @size bytes, zeroed; its handle. */
u32 rig_buffer(struct rig *rig, size_t size);
struct rig_buffer *rig_find(struct rig *rig, u32 handle);

/**
 * rig_check() - counts and checks a stream
 * @ops: the operations, to be freed; NULL when refused
 *
 * Return: how many operations, or an error of the checker.
 */
int rig_check(struct rig *rig, const void *stream, u32 size, struct nvdla_op **ops,
	      struct edge_refusal *refusal);

/**
 * rig_run() - runs operations that the checker has accepted
 * @random: state by which time passes between the looks at interrupts; NULL to look at each
 * @alone: the device is reset before each operation, which ends before the next begins
 *
 * Return: whether all have ended and nothing was touched that was not to be; else @failure says more.
 */
bool rig_run(struct rig *rig, const struct nvdla_op *ops, unsigned int count, u32 *random,
	     bool alone);

/* xorshift32 (Marsaglia, 2003); the state is never zero. */
u32 rig_random(u32 *state);

/* From @low to @high. */
u32 rig_between(u32 *state, u32 low, u32 high);

#endif
