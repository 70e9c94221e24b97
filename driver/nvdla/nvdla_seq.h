/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVDLA_SEQ_H
#define NVDLA_SEQ_H

#include <linux/types.h>

#include "nvdla_program.h"

/* Operations on the hardware at a time: two register groups of SDP, PDP and CDP each. */
#define NVDLA_FLIGHT 6

/*
 * struct nvdla_seq - what is on the hardware, and which register group of each unit comes next
 *
 * Operations are issued in the order of the calls. One that touches memory that another one in
 * flight writes, or writes memory that another one touches, is not ready before that one has ended;
 * neither is one whose units have no free register group. The caller serialises all calls.
 */
struct nvdla_seq;

struct nvdla_seq *nvdla_seq_create(void);
void nvdla_seq_destroy(struct nvdla_seq *seq);

/*
 * nvdla_seq_reset() - forgets everything, as the hardware does in its reset
 */
void nvdla_seq_reset(struct nvdla_seq *seq);

/*
 * nvdla_seq_ready() - whether an operation may be issued now
 */
bool nvdla_seq_ready(const struct nvdla_seq *seq, const struct nvdla_op *op);

/**
 * nvdla_seq_issue() - programs an operation, which must be ready, and enables it
 * @seq: the sequencer
 * @op: the operation, which stays until it has ended or the sequencer is reset
 * @cookie: for the caller to know it again
 * @port: where its registers are written
 */
void nvdla_seq_issue(struct nvdla_seq *seq, const struct nvdla_op *op, void *cookie,
		     const struct nvdla_port *port);

/**
 * nvdla_seq_complete() - takes note of interrupts
 * @seq: the sequencer
 * @status: bits of the interrupt status register, which the caller has cleared there
 * @cookies: filled with those of the operations that have ended
 *
 * Bits that belong to no operation in flight are ignored.
 *
 * Return: how many have ended.
 */
unsigned int nvdla_seq_complete(struct nvdla_seq *seq, u32 status, void *cookies[NVDLA_FLIGHT]);

/*
 * nvdla_seq_busy() - how many operations are in flight
 */
unsigned int nvdla_seq_busy(const struct nvdla_seq *seq);

#endif
