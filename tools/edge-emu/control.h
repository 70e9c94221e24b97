/* SPDX-License-Identifier: MIT */
/*
 * A Unix socket that takes commands, a line each, and answers each with a line that begins with
 * "ok" or "error". Made for being reached through a terminal as well: ends of lines may be CR LF,
 * and our own answers, when they come back as an echo, are no commands.
 */
#ifndef EDGE_EMU_CONTROL_H
#define EDGE_EMU_CONTROL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#define CONTROL_CLIENTS 8
#define CONTROL_LINE 256
#define CONTROL_ANSWER 1024

struct control_client {
	int fd;
	char line[CONTROL_LINE];
	size_t used;
	bool too_long;
};

/**
 * struct control
 * @command: answers the command in a @line of at most CONTROL_LINE bytes
 */
struct control {
	void (*command)(void *opaque, char *line, char answer[CONTROL_ANSWER]);
	void *opaque;
	int listener;
	struct sockaddr_un address;
	struct control_client clients[CONTROL_CLIENTS];
	int num_clients;
};

/* Listens at @path, where nobody else may; false, with a message, when that cannot be. */
bool control_listen(struct control *control, const char *path);
void control_finish(struct control *control);

/* Fills in what poll() shall look at, and does what it has found. @fds: room for all clients and
 * one more; returns how many there are. */
int control_poll(const struct control *control, struct pollfd *fds);
void control_serve(struct control *control, const struct pollfd *fds, int count);

/* The other end: sends a command to the socket at @path and prints the answer; an exit status. */
int control_send(const char *path, const char *command);

#endif
