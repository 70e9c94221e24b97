// SPDX-License-Identifier: MIT
#include "proxy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message.h"

enum command {
	SYNC_SYSMEM,
	RET,
	PCI_CFGWRITE,
	PCI_CFGREAD,
	BAR_WRITE,
	BAR_READ,
	SET_IRQFD,
	DEVICE_RESET,
	NUM_COMMANDS,
};

struct header {
	int32_t command;
	uint32_t pad;
	uint64_t size;
};

struct sysmem {
	uint64_t address[PROXY_FDS], size[PROXY_FDS];
	int64_t offset[PROXY_FDS];
};

struct config_access {
	uint32_t address, value;
	int32_t size;
};

struct bar_access {
	uint64_t address, value;
	uint32_t size;
	uint8_t memory, pad[3];
};

struct reply {
	struct header header;
	uint64_t value;
};

_Static_assert(sizeof(struct header) == PROXY_HEADER, "the protocol's header");
_Static_assert(sizeof(struct sysmem) == PROXY_PAYLOAD, "the protocol's largest message");

static const size_t payload[NUM_COMMANDS] = {
	[SYNC_SYSMEM] = sizeof(struct sysmem),	       [RET] = sizeof(uint64_t),
	[PCI_CFGWRITE] = sizeof(struct config_access), [PCI_CFGREAD] = sizeof(struct config_access),
	[BAR_WRITE] = sizeof(struct bar_access),       [BAR_READ] = sizeof(struct bar_access),
};

/* QEMU's main thread answers at once, unless it is about to wait for us. */
#define ANSWER_MS 100

void proxy_init(struct proxy *proxy, int fd, struct card *card)
{
	memset(proxy, 0, sizeof(*proxy));
	proxy->fd = fd;
	proxy->card = card;
}

static void close_fds(struct proxy *proxy)
{
	for (int i = 0; i < proxy->num_fds; i++)
		close(proxy->fds[i]);
	proxy->num_fds = 0;
}

void proxy_finish(struct proxy *proxy)
{
	close_fds(proxy);
	if (proxy->fd >= 0)
		close(proxy->fd);
	proxy->fd = -1;
	proxy->used = 0;
}

/* Takes the file descriptors of what recvmsg() gave; false when there are more than fit. */
static bool take_fds(struct proxy *proxy, struct msghdr *msg)
{
	bool fit = !(msg->msg_flags & MSG_CTRUNC);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (proxy->num_fds < PROXY_FDS) {
				proxy->fds[proxy->num_fds++] = fd;
			} else {
				close(fd);
				fit = false;
			}
		}
	}
	return fit;
}

/* Receives up to @size bytes in all; 1: they are there, 0: not yet, -1: never. */
static int receive(struct proxy *proxy, size_t size)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * PROXY_FDS)];
		struct cmsghdr align;
	} control;

	while (proxy->used < size) {
		struct iovec part = { proxy->bytes + proxy->used, size - proxy->used };
		struct msghdr msg = { .msg_iov = &part,
				      .msg_iovlen = 1,
				      .msg_control = control.bytes,
				      .msg_controllen = sizeof(control.bytes) };
		const ssize_t got = recvmsg(proxy->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (got <= 0)
			return -1;
		proxy->used += got;
		if (!take_fds(proxy, &msg)) {
			message(proxy->card->number, "QEMU sends too many file descriptors");
			return -1;
		}
	}
	return 1;
}

/* There is room, for QEMU reads each answer before it asks again. */
static bool reply(struct proxy *proxy, uint64_t value)
{
	const struct reply reply = { { RET, 0, sizeof(value) }, value };
	ssize_t sent;

	do
		sent = send(proxy->fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == sizeof(reply);
}

static bool malformed(struct proxy *proxy, const char *what)
{
	message(proxy->card->number, "QEMU sends %s", what);
	return false;
}

static bool sync_memory(struct proxy *proxy, const void *bytes)
{
	struct memory_piece pieces[PROXY_FDS];
	struct sysmem map;
	const char *wrong;

	memcpy(&map, bytes, sizeof(map));
	for (int i = 0; i < proxy->num_fds; i++)
		pieces[i] = (struct memory_piece) { map.address[i], map.size[i], map.offset[i],
						    proxy->fds[i] };
	if (!proxy->num_fds && !proxy->warned) {
		message(proxy->card->number, "QEMU shares no memory: it needs -machine "
					     "memory-backend=ID and -object "
					     "memory-backend-memfd,share=on,id=ID,size=SIZE");
		proxy->warned = true;
	}
	wrong = memory_set(&proxy->card->memory, pieces, proxy->num_fds);
	return wrong ? malformed(proxy, wrong) : true;
}

/* The guest must see a line's new level as soon as its access is done; see qtest_wait(). */
static void wait_for_interrupts(struct proxy *proxy, uint64_t changes)
{
	const struct wiring *wiring = proxy->card->interrupt.wiring;

	if (wiring->changes != changes)
		qtest_wait(wiring->qtest, ANSWER_MS);
}

static bool access_config(struct proxy *proxy, enum command command, const void *bytes)
{
	const uint64_t changes = proxy->card->interrupt.wiring->changes;
	struct config_access access;

	memcpy(&access, bytes, sizeof(access));
	if (access.size != 1 && access.size != 2 && access.size != 4)
		return malformed(proxy, "an access of no possible size");
	if (command == PCI_CFGREAD)
		return reply(proxy, card_read_config(proxy->card, access.address, access.size));
	card_write_config(proxy->card, access.address, access.size, access.value);
	wait_for_interrupts(proxy, changes);
	return reply(proxy, 0);
}

static bool access_bar(struct proxy *proxy, enum command command, const void *bytes)
{
	const uint64_t changes = proxy->card->interrupt.wiring->changes;
	struct bar_access access;
	uint64_t value = 0;

	memcpy(&access, bytes, sizeof(access));
	if (!access.size || access.size > 8 || (access.size & (access.size - 1)))
		return malformed(proxy, "an access of no possible size");
	if (command == BAR_READ)
		value = card_read(proxy->card, access.address, access.size);
	else
		card_write(proxy->card, access.address, access.size, access.value);
	wait_for_interrupts(proxy, changes);
	return reply(proxy, value);
}

static bool handle(struct proxy *proxy, enum command command, const void *bytes)
{
	switch (command) {
	case SYNC_SYSMEM:
		return sync_memory(proxy, bytes);
	case PCI_CFGWRITE:
	case PCI_CFGREAD:
		return access_config(proxy, command, bytes);
	case BAR_WRITE:
	case BAR_READ:
		return access_bar(proxy, command, bytes);
	case SET_IRQFD: /* eventfds that only KVM listens to */
		return true;
	case DEVICE_RESET:
		card_reset(proxy->card);
		return reply(proxy, 0);
	default:
		return malformed(proxy, "an answer to no question");
	}
}

/* One message; 1: done, 0: it is not all there, -1: it ends the conversation. */
static int serve_one(struct proxy *proxy)
{
	struct header header;
	int state = receive(proxy, sizeof(header));

	if (state <= 0)
		return state;
	memcpy(&header, proxy->bytes, sizeof(header));
	if (header.command < 0 || header.command >= NUM_COMMANDS) {
		malformed(proxy, "an unknown message");
		return -1;
	}
	if (header.size != payload[header.command]) {
		malformed(proxy, "a message of a size that is not its command's");
		return -1;
	}
	state = receive(proxy, sizeof(header) + header.size);
	if (state <= 0)
		return state;
	state = handle(proxy, (enum command)header.command, proxy->bytes + sizeof(header)) ? 1 : -1;
	close_fds(proxy);
	proxy->used = 0;
	return state;
}

void proxy_serve(struct proxy *proxy)
{
	int state = proxy->fd < 0 ? 0 : 1;

	while (state > 0)
		state = serve_one(proxy);
	if (state < 0)
		proxy_finish(proxy);
}
