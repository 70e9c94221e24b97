// SPDX-License-Identifier: MIT
#include "server.h"

#include <string.h>
#include <time.h>

#include "fault.h"
#include "message.h"

/* What poll() looks at: the caller's, qtest, cards, the control socket and its clients. */
#define AT_CALLER 0
#define AT_QTEST 1
#define AT_CARDS 2
#define MAX_FDS (AT_CARDS + MAX_CARDS + CONTROL_CLIENTS + 1)

static void command(void *opaque, char *line, char answer[CONTROL_ANSWER])
{
	struct server *server = opaque;

	fault_command(server->cards, server->num_cards, line, answer, CONTROL_ANSWER);
}

bool server_init(struct server *server, const struct server_settings *settings, const int *proxies,
		 int qtest)
{
	memset(server, 0, sizeof(*server));
	qtest_init(&server->qtest, qtest);
	server->wiring = (struct wiring) { .qtest = &server->qtest, .machine = settings->machine };
	for (int i = 0; i < settings->cards; i++)
		proxy_init(&server->proxies[i], proxies[i], &server->cards[i]);
	for (int i = 0; i < settings->cards; i++) {
		if (!card_create(&server->cards[i], i, settings->slot + i, settings->clock,
				 &server->wiring)) {
			message(i, "out of memory");
			return false;
		}
		server->num_cards++;
	}
	server->control.command = command;
	server->control.opaque = server;
	server->controlled = settings->control &&
			     control_listen(&server->control, settings->control);
	return !settings->control || server->controlled;
}

void server_finish(struct server *server)
{
	if (server->controlled)
		control_finish(&server->control);
	for (int i = 0; i < MAX_CARDS; i++)
		proxy_finish(&server->proxies[i]);
	for (int i = 0; i < server->num_cards; i++)
		card_destroy(&server->cards[i]);
	qtest_finish(&server->qtest);
}

/* Until the first card has something to do; NULL: nothing but poll() ends the wait. */
static const struct timespec *timeout(const struct server *server, struct timespec *time)
{
	const uint64_t second = UINT64_C(1000000000), now = host_time();
	uint64_t next = UINT64_MAX;

	for (int i = 0; i < server->num_cards; i++) {
		const uint64_t due = card_next(&server->cards[i]);

		if (due < next)
			next = due;
	}
	if (next == UINT64_MAX)
		return NULL;
	next = next > now ? next - now : 0;
	*time = (struct timespec) { (time_t)(next / second), (long)(next % second) };
	return time;
}

bool server_step(struct server *server, int fd)
{
	struct pollfd fds[MAX_FDS];
	const int at_control = AT_CARDS + server->num_cards;
	int num_control = 0, ready;
	struct timespec time;

	fds[AT_CALLER] = (struct pollfd) { .fd = fd, .events = POLLIN };
	fds[AT_QTEST] =
		(struct pollfd) { .fd = server->qtest.fd, .events = qtest_events(&server->qtest) };
	for (int i = 0; i < server->num_cards; i++)
		fds[AT_CARDS + i] =
			(struct pollfd) { .fd = server->proxies[i].fd, .events = POLLIN };
	if (server->controlled)
		num_control = control_poll(&server->control, fds + at_control);
	ready = ppoll(fds, at_control + num_control, timeout(server, &time), NULL);
	if (ready < 0)
		return false;
	if (fds[AT_QTEST].revents)
		qtest_serve(&server->qtest);
	for (int i = 0; i < server->num_cards; i++) {
		if (fds[AT_CARDS + i].revents)
			proxy_serve(&server->proxies[i]);
	}
	if (num_control)
		control_serve(&server->control, fds + at_control, num_control);
	for (int i = 0; i < server->num_cards; i++)
		card_advance(&server->cards[i], host_time(), !ready);
	return fds[AT_CALLER].revents & POLLIN;
}
