/* SPDX-License-Identifier: MIT */
/*
 * Our end of QEMU's qtest socket: text commands that QEMU's main thread answers in order, a line
 * each. Commands are sent without waiting, for while QEMU asks us something it may not answer.
 */
#ifndef EDGE_EMU_QTEST_H
#define EDGE_EMU_QTEST_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct qtest
 * @fd: -1: there is none any more, and commands do nothing
 * @unanswered: commands, among them those that have yet to leave
 */
struct qtest {
	int fd;
	char out[8192], line[128];
	size_t out_used, line_used;
	unsigned int unanswered;
};

/* Takes over a connected socket. */
void qtest_init(struct qtest *qtest, int fd);
void qtest_finish(struct qtest *qtest);

/* "writel", and the level of an input of an interrupt controller, a QOM path. */
void qtest_write32(struct qtest *qtest, uint64_t address, uint32_t value);
void qtest_set_input(struct qtest *qtest, const char *path, int input, int level);

/* What poll() shall look for, and what to do when it has found something. */
short qtest_events(const struct qtest *qtest);
void qtest_serve(struct qtest *qtest);

/* Until all is answered, for that many milliseconds at the most. */
void qtest_wait(struct qtest *qtest, int milliseconds);

#endif
