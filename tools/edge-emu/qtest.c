// SPDX-License-Identifier: MIT
#include "qtest.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "message.h"

void qtest_init(struct qtest *qtest, int fd)
{
	memset(qtest, 0, sizeof(*qtest));
	qtest->fd = fd;
}

void qtest_finish(struct qtest *qtest)
{
	if (qtest->fd >= 0)
		close(qtest->fd);
	qtest->fd = -1;
	qtest->unanswered = 0;
	qtest->out_used = 0;
}

static void flush(struct qtest *qtest)
{
	while (qtest->out_used) {
		const ssize_t sent =
			send(qtest->fd, qtest->out, qtest->out_used, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (sent < 0) {
			qtest_finish(qtest);
			return;
		}
		qtest->out_used -= sent;
		memmove(qtest->out, qtest->out + sent, qtest->out_used);
	}
}

__attribute__((format(printf, 2, 3))) static void command(struct qtest *qtest, const char *format,
							  ...)
{
	char text[160];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (qtest->fd < 0)
		return;
	if (length < 0 || (size_t)length >= sizeof(text) ||
	    (size_t)length > sizeof(qtest->out) - qtest->out_used) {
		message(NO_CARD, "an interrupt is lost: QEMU does not answer on its qtest socket");
		return;
	}
	memcpy(qtest->out + qtest->out_used, text, length);
	qtest->out_used += length;
	qtest->unanswered++;
	flush(qtest);
}

void qtest_write32(struct qtest *qtest, uint64_t address, uint32_t value)
{
	command(qtest, "writel 0x%" PRIx64 " 0x%" PRIx32 "\n", address, value);
}

void qtest_set_input(struct qtest *qtest, const char *path, int input, int level)
{
	command(qtest, "set_irq_in %s unnamed-gpio-in %d %d\n", path, input, level);
}

short qtest_events(const struct qtest *qtest)
{
	return (short)(qtest->out_used ? POLLIN | POLLOUT : POLLIN);
}

/* Answers are "OK", with a value for commands that we do not use, or say what is wrong. */
static void answer(struct qtest *qtest, const char *line)
{
	if (strncmp(line, "OK", 2))
		message(NO_CARD, "QEMU's qtest socket: %s", line);
	if (qtest->unanswered)
		qtest->unanswered--;
}

static void take(struct qtest *qtest, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '\n') {
			if (qtest->line_used < sizeof(qtest->line) - 1)
				qtest->line[qtest->line_used++] = text[i];
			continue;
		}
		qtest->line[qtest->line_used] = '\0';
		qtest->line_used = 0;
		answer(qtest, qtest->line);
	}
}

void qtest_serve(struct qtest *qtest)
{
	char text[512];
	ssize_t size;

	if (qtest->fd < 0)
		return;
	do {
		size = recv(qtest->fd, text, sizeof(text), MSG_DONTWAIT);
		if (size > 0)
			take(qtest, text, size);
	} while (size > 0 || (size < 0 && errno == EINTR));
	if (size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
		qtest_finish(qtest);
	else
		flush(qtest);
}

void qtest_wait(struct qtest *qtest, int milliseconds)
{
	const uint64_t end = host_time() + milliseconds * UINT64_C(1000000);

	while (qtest->fd >= 0 && qtest->unanswered) {
		struct pollfd fd = { .fd = qtest->fd, .events = qtest_events(qtest) };
		const uint64_t now = host_time();

		if (now >= end)
			return;
		if (poll(&fd, 1, (int)((end - now + 999999) / 1000000)) > 0)
			qtest_serve(qtest);
	}
}
