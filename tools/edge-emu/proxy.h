/* SPDX-License-Identifier: MIT */
/*
 * QEMU's x-pci-proxy-dev: messages on a socket, by which its side of the device asks ours. A message
 * that makes no sense ends the conversation: the guest then reads ones everywhere.
 */
#ifndef EDGE_EMU_PROXY_H
#define EDGE_EMU_PROXY_H

#include <stddef.h>
#include <stdint.h>

#include "card.h"

#define PROXY_HEADER 16
#define PROXY_PAYLOAD 192 /* of the largest message */
#define PROXY_FDS MEMORY_REGIONS

/**
 * struct proxy
 * @fd: -1: there is no conversation any more
 * @bytes, @used: what there is of a message
 * @fds: that came with it
 */
struct proxy {
	int fd;
	struct card *card;
	uint8_t bytes[PROXY_HEADER + PROXY_PAYLOAD];
	size_t used;
	int fds[PROXY_FDS], num_fds;
	bool warned;
};

/* Takes over a connected socket. */
void proxy_init(struct proxy *proxy, int fd, struct card *card);
void proxy_finish(struct proxy *proxy);

/* Answers what has come. */
void proxy_serve(struct proxy *proxy);

#endif
