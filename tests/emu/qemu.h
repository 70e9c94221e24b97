/* SPDX-License-Identifier: MIT */
/*
 * QEMU's side of the card, for tests: its messages, its memory, its qtest. The server runs in a thread
 * of its own, and answers to qtest are given while a question waits, as QEMU's main thread does.
 */
#ifndef EMU_QEMU_H
#define EMU_QEMU_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server.h"

/* Where the card's BARs and the guest's memory are. */
#define BAR_CORE 0xfe000000u
#define BAR_SHELL 0xfe100000u
#define RAM_PART 0x10000 /* at each of the convolution's three addresses */

#define MSI_ADDRESS 0xfee01004u
#define MSI_DATA 0x4023u

enum { SYNC_SYSMEM, RET, CFG_WRITE, CFG_READ, BAR_WRITE, BAR_READ, SET_IRQFD, DEVICE_RESET };

/**
 * struct qemu
 * @card, @qtest: our ends of the sockets
 * @ram: RAM_PART bytes each for the convolution's input, weights and output
 * @line, @used: what there is of a qtest command
 * @messages: that qtest was told to write, the last: @address, @data
 * @inputs, @rises: of the IOAPIC: their level, and how often they have gone up
 * @mute: qtest does not answer
 * @folder, @path: of the control socket; @control: connected to it
 */
struct qemu {
	struct server server;
	pthread_t thread;
	int stop[2];
	int card, qtest, file;
	uint8_t *ram;
	char line[256];
	size_t used;
	int messages;
	uint64_t address, data;
	int inputs[24], rises;
	bool mute;
	char folder[32], path[48], answer[CONTROL_ANSWER];
	int control;
};

/* A server with one card; NULL: a pc's, as fast as possible. Nothing is set up. */
struct qemu *qemu_start(const struct server_settings *settings);
void qemu_stop(struct qemu *qemu);

/* A message as it is, with @num_fds file descriptors. */
void qemu_send(struct qemu *qemu, int32_t command, const void *payload, uint64_t size,
	       const int *fds, int num_fds);

/* The answer to a question that has been sent. */
uint64_t qemu_answer(struct qemu *qemu);

/* Until the server has closed the card's socket. */
void qemu_expect_end(struct qemu *qemu);

uint32_t qemu_config_read(struct qemu *qemu, uint32_t offset, int32_t size);
void qemu_config_write(struct qemu *qemu, uint32_t offset, int32_t size, uint32_t value);
uint64_t qemu_read_bytes(struct qemu *qemu, uint64_t address, uint32_t size);
void qemu_write_bytes(struct qemu *qemu, uint64_t address, uint32_t size, uint64_t value);
void qemu_reset(struct qemu *qemu);

/* 32 bits of a BAR. */
uint32_t qemu_core(struct qemu *qemu, uint32_t offset);
void qemu_set_core(struct qemu *qemu, uint32_t offset, uint32_t value);
uint32_t qemu_shell(struct qemu *qemu, uint32_t offset);
void qemu_set_shell(struct qemu *qemu, uint32_t offset, uint32_t value);

/* Maps the memory at the convolution's addresses. */
void qemu_map(struct qemu *qemu);

/* What firmware and a driver do: BARs, bus mastering, the core out of reset; MSI-X where wanted. */
void qemu_bring_up(struct qemu *qemu, bool msix);

/* Programs the convolution and starts it. */
void qemu_convolve(struct qemu *qemu);
bool qemu_convolved(const struct qemu *qemu); /* the output is right */

/* Serves qtest until there have been @messages, or @rises. */
void qemu_wait(struct qemu *qemu, int messages, int rises);

/* Serves qtest until all that has been sent is there: no more is under way. */
void qemu_settle(struct qemu *qemu);

/* Another connection to the control socket. */
int qemu_connect(const struct qemu *qemu);

/* The next line that comes on it; it stays until the next. */
const char *qemu_line(struct qemu *qemu, int control);

/* A command for faults, which must be answered by "ok"; what follows that. */
const char *qemu_fault(struct qemu *qemu, const char *command);

#endif
