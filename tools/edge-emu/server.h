/* SPDX-License-Identifier: MIT */
/* All the cards of a machine, and the loop that serves who asks for them. */
#ifndef EDGE_EMU_SERVER_H
#define EDGE_EMU_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "card.h"
#include "control.h"
#include "proxy.h"
#include "qtest.h"

/* As many as q35 has inputs of its IOAPIC for one each. */
#define MAX_CARDS 4

/**
 * struct server_settings
 * @clock: Hz; 0: as fast as possible
 * @slot: of the first card on the PCI bus, the others follow
 * @control: path of a socket for commands; NULL: none
 */
struct server_settings {
	int cards;
	uint64_t clock;
	int slot;
	enum machine machine;
	const char *control;
};

struct server {
	struct card cards[MAX_CARDS];
	struct proxy proxies[MAX_CARDS];
	int num_cards;
	struct qtest qtest;
	struct wiring wiring;
	struct control control;
	bool controlled;
};

/* @proxies, @qtest: connected sockets, which it takes over. False, with a message, when it cannot. */
bool server_init(struct server *server, const struct server_settings *settings, const int *proxies,
		 int qtest);
void server_finish(struct server *server);

/* Waits until something happens, and serves it; whether @fd can be read is among what happens. */
bool server_step(struct server *server, int fd);

#endif
