// SPDX-License-Identifier: MIT
#include "qemu.h"

#include <inttypes.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/conv1x1.h"

/* Longer than anything takes: who waits so long waits for ever. */
#define PATIENCE_MS 20000

struct header {
	int32_t command;
	uint32_t pad;
	uint64_t size;
};

static void *serve(void *opaque)
{
	struct qemu *qemu = opaque;

	while (!server_step(&qemu->server, qemu->stop[0]))
		;
	return NULL;
}

struct qemu *qemu_start(const struct server_settings *settings)
{
	struct server_settings own = { .slot = 16 };
	struct qemu *qemu = calloc(1, sizeof(*qemu));
	int card[2], qtest[2];

	assert_non_null(qemu);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, card), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, qtest), 0);
	assert_int_equal(pipe(qemu->stop), 0);
	qemu->card = card[0];
	qemu->qtest = qtest[0];
	qemu->file = memfd_create("ram", MFD_CLOEXEC);
	assert_int_equal(ftruncate(qemu->file, 3 * RAM_PART), 0);
	qemu->ram = mmap(NULL, 3 * RAM_PART, PROT_READ | PROT_WRITE, MAP_SHARED, qemu->file, 0);
	assert_ptr_not_equal(qemu->ram, MAP_FAILED);
	if (settings)
		own = *settings;
	own.cards = 1;
	own.control = qemu->path;
	strcpy(qemu->folder, "/tmp/edge-emu-test-XXXXXX");
	assert_non_null(mkdtemp(qemu->folder));
	snprintf(qemu->path, sizeof(qemu->path), "%s/control", qemu->folder);
	assert_true(server_init(&qemu->server, &own, &card[1], qtest[1]));
	assert_int_equal(pthread_create(&qemu->thread, NULL, serve, qemu), 0);
	qemu->control = qemu_connect(qemu);
	return qemu;
}

void qemu_stop(struct qemu *qemu)
{
	assert_int_equal(write(qemu->stop[1], "", 1), 1);
	pthread_join(qemu->thread, NULL);
	server_finish(&qemu->server);
	assert_int_equal(rmdir(qemu->folder), 0);
	munmap(qemu->ram, 3 * RAM_PART);
	close(qemu->control);
	close(qemu->card);
	close(qemu->qtest);
	close(qemu->file);
	close(qemu->stop[0]);
	close(qemu->stop[1]);
	free(qemu);
}

void qemu_send(struct qemu *qemu, int32_t command, const void *payload, uint64_t size,
	       const int *fds, int num_fds)
{
	struct header header = { command, 0, size };
	union {
		char bytes[CMSG_SPACE(sizeof(int) * 16)];
		struct cmsghdr align;
	} control = { .bytes = "" };
	struct iovec part = { &header, sizeof(header) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };

	if (num_fds) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * num_fds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * num_fds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * num_fds);
	}
	assert_int_equal(sendmsg(qemu->card, &msg, MSG_NOSIGNAL), sizeof(header));
	if (payload)
		assert_int_equal(send(qemu->card, payload, size, MSG_NOSIGNAL), size);
}

static void obey(struct qemu *qemu, const char *line)
{
	uint64_t address, data;
	char path[64];
	int input, level;

	if (sscanf(line, "writel 0x%" SCNx64 " 0x%" SCNx64, &address, &data) == 2) {
		qemu->messages++;
		qemu->address = address;
		qemu->data = data;
	} else if (sscanf(line, "set_irq_in %63s unnamed-gpio-in %d %d", path, &input, &level) ==
		   3) {
		assert_string_equal(path, qemu->server.wiring.machine == MACHINE_Q35
						  ? "/machine/q35/ioapic"
						  : "/machine/i440fx/ioapic");
		assert_in_range(input, 0, 23);
		assert_int_not_equal(level, qemu->inputs[input]);
		qemu->rises += level;
		qemu->inputs[input] = level;
	} else {
		fail_msg("qtest was told '%s'", line);
	}
	if (!qemu->mute)
		assert_int_equal(send(qemu->qtest, "OK\n", 3, MSG_NOSIGNAL), 3);
}

static void hear(struct qemu *qemu)
{
	char byte;

	while (recv(qemu->qtest, &byte, 1, MSG_DONTWAIT) == 1) {
		assert_in_range(qemu->used, 0, sizeof(qemu->line) - 2);
		qemu->line[qemu->used++] = byte;
		if (byte == '\n') {
			qemu->line[qemu->used - 1] = '\0';
			qemu->used = 0;
			obey(qemu, qemu->line);
		}
	}
}

/* Serves qtest until the card's socket has something. */
static void await_card(struct qemu *qemu)
{
	struct pollfd fds[2] = { { .fd = qemu->card, .events = POLLIN },
				 { .fd = qemu->qtest, .events = POLLIN } };

	do {
		assert_int_not_equal(poll(fds, 2, PATIENCE_MS), 0);
		hear(qemu);
	} while (!fds[0].revents);
}

uint64_t qemu_answer(struct qemu *qemu)
{
	struct {
		struct header header;
		uint64_t value;
	} answer;

	await_card(qemu);
	assert_int_equal(recv(qemu->card, &answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
	assert_int_equal(answer.header.command, RET);
	assert_int_equal(answer.header.size, 8);
	return answer.value;
}

void qemu_expect_end(struct qemu *qemu)
{
	char byte;

	await_card(qemu);
	assert_true(recv(qemu->card, &byte, 1, 0) <= 0);
}

static uint64_t ask_config(struct qemu *qemu, int command, uint32_t offset, int32_t size,
			   uint32_t value)
{
	const uint32_t access[3] = { offset, value, (uint32_t)size };

	qemu_send(qemu, command, access, sizeof(access), NULL, 0);
	return qemu_answer(qemu);
}

uint32_t qemu_config_read(struct qemu *qemu, uint32_t offset, int32_t size)
{
	return (uint32_t)ask_config(qemu, CFG_READ, offset, size, 0);
}

void qemu_config_write(struct qemu *qemu, uint32_t offset, int32_t size, uint32_t value)
{
	ask_config(qemu, CFG_WRITE, offset, size, value);
}

static uint64_t ask_bar(struct qemu *qemu, int command, uint64_t address, uint32_t size,
			uint64_t value)
{
	const struct {
		uint64_t address, value;
		uint32_t size;
		uint8_t memory, pad[3];
	} access = { address, value, size, 1, { 0 } };

	qemu_send(qemu, command, &access, sizeof(access), NULL, 0);
	return qemu_answer(qemu);
}

uint64_t qemu_read_bytes(struct qemu *qemu, uint64_t address, uint32_t size)
{
	return ask_bar(qemu, BAR_READ, address, size, 0);
}

void qemu_write_bytes(struct qemu *qemu, uint64_t address, uint32_t size, uint64_t value)
{
	ask_bar(qemu, BAR_WRITE, address, size, value);
}

void qemu_reset(struct qemu *qemu)
{
	qemu_send(qemu, DEVICE_RESET, NULL, 0, NULL, 0);
	qemu_answer(qemu);
}

uint32_t qemu_core(struct qemu *qemu, uint32_t offset)
{
	return (uint32_t)qemu_read_bytes(qemu, BAR_CORE + offset, 4);
}

void qemu_set_core(struct qemu *qemu, uint32_t offset, uint32_t value)
{
	qemu_write_bytes(qemu, BAR_CORE + offset, 4, value);
}

uint32_t qemu_shell(struct qemu *qemu, uint32_t offset)
{
	return (uint32_t)qemu_read_bytes(qemu, BAR_SHELL + offset, 4);
}

void qemu_set_shell(struct qemu *qemu, uint32_t offset, uint32_t value)
{
	qemu_write_bytes(qemu, BAR_SHELL + offset, 4, value);
}

void qemu_map(struct qemu *qemu)
{
	const uint64_t map[24] = { CONV_INPUT, CONV_WEIGHTS, CONV_OUTPUT, [8] = RAM_PART, RAM_PART,
				   RAM_PART,   [16] = 0,     RAM_PART,	  2 * RAM_PART };
	const int fds[3] = { qemu->file, qemu->file, qemu->file };

	qemu_send(qemu, SYNC_SYSMEM, map, sizeof(map), fds, 3);
}

void qemu_bring_up(struct qemu *qemu, bool msix)
{
	qemu_map(qemu);
	qemu_config_write(qemu, 0x10, 4, BAR_CORE);
	qemu_config_write(qemu, 0x18, 4, BAR_SHELL);
	qemu_config_write(qemu, 0x3c, 1, 11);
	qemu_config_write(qemu, 0x04, 2, 0x6);
	if (msix) {
		qemu_set_shell(qemu, 0x800, MSI_ADDRESS);
		qemu_set_shell(qemu, 0x804, 0);
		qemu_set_shell(qemu, 0x808, MSI_DATA);
		qemu_set_shell(qemu, 0x80c, 0);
		qemu_config_write(qemu, 0x42, 2, 0x8000);
	}
	qemu_set_shell(qemu, 0x08, 0);
	while (!(qemu_shell(qemu, 0x0c) & 1))
		;
	while (!(qemu_core(qemu, 0x300c) & 1))
		;
}

void qemu_convolve(struct qemu *qemu)
{
	memcpy(qemu->ram, conv_input, sizeof(conv_input));
	memcpy(qemu->ram + RAM_PART, conv_weights, sizeof(conv_weights));
	memset(qemu->ram + 2 * RAM_PART, 0xa5, RAM_PART);
	for (size_t i = 0; i < sizeof(conv_program) / sizeof(*conv_program); i++)
		qemu_set_core(qemu, conv_program[i][0], conv_program[i][1]);
}

bool qemu_convolved(const struct qemu *qemu)
{
	return !memcmp(qemu->ram + 2 * RAM_PART, conv_output, sizeof(conv_output));
}

void qemu_wait(struct qemu *qemu, int messages, int rises)
{
	while (qemu->messages < messages || qemu->rises < rises) {
		struct pollfd fd = { .fd = qemu->qtest, .events = POLLIN };

		assert_int_not_equal(poll(&fd, 1, PATIENCE_MS), 0);
		hear(qemu);
	}
}

void qemu_settle(struct qemu *qemu)
{
	/* What the server did before it answered has been sent. */
	qemu_config_read(qemu, 0, 4);
	hear(qemu);
}

int qemu_connect(const struct qemu *qemu)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, qemu->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

const char *qemu_line(struct qemu *qemu, int control)
{
	for (size_t used = 0;; used++) {
		struct pollfd fd = { .fd = control, .events = POLLIN };

		assert_in_range(used, 0, sizeof(qemu->answer) - 1);
		assert_int_not_equal(poll(&fd, 1, PATIENCE_MS), 0);
		assert_int_equal(recv(control, &qemu->answer[used], 1, 0), 1);
		if (qemu->answer[used] == '\n') {
			qemu->answer[used] = '\0';
			return qemu->answer;
		}
	}
}

const char *qemu_fault(struct qemu *qemu, const char *command)
{
	const size_t size = strlen(command);
	const char *line;

	assert_int_equal(send(qemu->control, command, size, MSG_NOSIGNAL), size);
	assert_int_equal(send(qemu->control, "\n", 1, MSG_NOSIGNAL), 1);
	line = qemu_line(qemu, qemu->control);
	if (strncmp(line, "ok", 2))
		fail_msg("'%s' gives '%s'", command, line);
	return line + 2 + (line[2] == ' ');
}
