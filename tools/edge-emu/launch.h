/* SPDX-License-Identifier: MIT */
/* Starting QEMU with cards in it, and seeing to it that neither outlives the other. */
#ifndef EDGE_EMU_LAUNCH_H
#define EDGE_EMU_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "interrupt.h"
#include "server.h"

/* The machine that a QEMU command asks for. */
enum machine launch_machine(char *const *command);

/**
 * struct launch - QEMU, and its ends of the sockets
 * @signals: a signalfd
 * @far: of the cards, then of qtest
 * @status: what QEMU has ended with, or 128 and the signal, as a shell has it
 * @asked: to end; when it does not within seconds it is made to
 */
struct launch {
	pid_t pid;
	int signals;
	int far[MAX_CARDS + 1], cards;
	int status;
	bool ended, asked;
};

/* Makes the sockets, whose near ends are @proxies and @qtest, and collects signals from now on; false,
 * with a message, when that cannot be. */
bool launch_prepare(struct launch *launch, int cards, int *proxies, int *qtest);

/* Starts @command with the cards as further options, the first in @slot; false, with a message, when
 * it cannot. */
bool launch_start(struct launch *launch, char *const *command, int slot);

/* @signals can be read: QEMU has ended, or we are to end. */
void launch_serve(struct launch *launch);

/* Kills what still runs. */
void launch_finish(struct launch *launch);

#endif
