/* SPDX-License-Identifier: MIT */
/* A user of the accelerator whose jobs each leave a mark of their own, so that one can see which of them ran. */
#ifndef WORKER_H
#define WORKER_H

#include "accel.h"

/**
 * struct worker - a file, a buffer and a context
 * @fd: of its own
 * @bo: what the jobs read and write
 * @ctx: where they queue
 */
struct worker {
	int fd;
	struct bo bo;
	uint32_t ctx;
};

/* Jobs that a worker can tell apart. */
#define WORKER_JOBS 1000

void worker_open(struct worker *worker);
void worker_close(struct worker *worker);

/* Another context, whose jobs count from 1 again, and marks that nobody has left. */
void worker_renew(struct worker *worker);

/* Queues a job of @ops operations, all but the last of which are for nothing; its number. */
uint64_t worker_push_ops(struct worker *worker, unsigned int ops);
uint64_t worker_push(struct worker *worker);
/* Queues a job that works in place: it adds one to its mark. */
uint64_t worker_push_in_place(struct worker *worker);

/* Whether a job has left its mark, all of it. */
bool worker_has(const struct worker *worker, uint64_t job);
/* That a job ends, how, and that it left its mark if it ended well. */
void worker_expect(const struct worker *worker, uint64_t job, int result);

uint32_t worker_state(const struct worker *worker);

/* As the test of one of these: two workers in *state. */
int workers_set_up(void **state);
/* And a device that works for whoever comes next, with no dump of it left. */
int workers_tear_down(void **state);
/* As those of a group: nothing counts as hung for a while, so that the card's clock can be stopped. */
int patient_set_up(void **state);
int patient_tear_down(void **state);
struct worker *first_worker(void **state);
struct worker *second_worker(void **state);

#endif
