// SPDX-License-Identifier: MIT
/*
 * The emulated card: a list of what QEMU, the guest and a tester send. A byte says which: a message of
 * its command's size with its command and number of files, bytes as they are, a write or read of the
 * core, a command for faults, time.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "card.h"
#include "control.h"
#include "fault.h"
#include "fuzz.h"
#include "message.h"
#include "proxy.h"

#define CORE 0xfe000000u
#define SHELL 0xfe100000u
#define RAM 0x4000 /* at 0, so that few bits of an address must be guessed */

enum { MESSAGE, BYTES, CORE_WRITE, CORE_READ, FAULT, TIME, NUM_KINDS };

struct input {
	const uint8_t *data;
	size_t size;
};

struct bench {
	struct qtest qtest;
	struct wiring wiring;
	struct card card;
	struct proxy proxy;
	int qemu, file;
};

/* Of the emulator, which would fill the fuzzer's output. */
void message(int card, const char *format, ...)
{
	(void)card;
	(void)format;
}

/* Zeros where the input ends. */
static void take(struct input *input, void *to, size_t size)
{
	const size_t part = size < input->size ? size : input->size;

	memset(to, 0, size);
	if (part)
		memcpy(to, input->data, part);
	input->data += part;
	input->size -= part;
}

static void send_bytes(struct bench *bench, const void *bytes, size_t size, int num_fds)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * 16)];
		struct cmsghdr align;
	} control = { .bytes = "" };
	struct iovec part = { (void *)bytes, size };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	char answer[24];

	if (num_fds) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * num_fds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * num_fds);
		for (int i = 0; i < num_fds; i++)
			memcpy(CMSG_DATA(c) + i * sizeof(int), &bench->file, sizeof(int));
	}
	if (size && sendmsg(bench->qemu, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
	proxy_serve(&bench->proxy);
	while (recv(bench->qemu, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		;
}

static void send_message(struct bench *bench, struct input *input)
{
	static const uint8_t sizes[] = { 192, 8, 12, 12, 24, 24, 0, 0 };
	uint8_t head[2], bytes[16 + 255] = { 0 };

	take(input, head, sizeof(head));
	bytes[0] = head[0];
	bytes[8] = head[0] < sizeof(sizes) ? sizes[head[0]] : 0;
	take(input, bytes + 16, bytes[8]);
	send_bytes(bench, bytes, 16 + bytes[8], head[1] % 17);
}

static void send_raw(struct bench *bench, struct input *input)
{
	uint8_t size, bytes[255];

	take(input, &size, 1);
	take(input, bytes, size);
	send_bytes(bench, bytes, size, 0);
}

static void access_core(struct bench *bench, struct input *input, bool write)
{
	uint16_t reg;
	uint32_t value;

	take(input, &reg, sizeof(reg));
	if (!write) {
		card_read(&bench->card, CORE + 4u * reg, 4);
		return;
	}
	take(input, &value, sizeof(value));
	card_write(&bench->card, CORE + 4u * reg, 4, value);
}

static void inject(struct bench *bench, struct input *input)
{
	char line[256] = "", text[CONTROL_ANSWER];
	uint8_t size;

	take(input, &size, 1);
	take(input, line, size);
	fault_command(&bench->card, 1, line, text, sizeof(text));
	if (strncmp(text, "ok", 2) && strncmp(text, "error ", 6))
		__builtin_trap();
}

static bool start(struct bench *bench)
{
	const struct memory_piece ram = { 0, RAM, 0, bench->file };
	int ends[2];

	memset(&bench->qtest, 0, sizeof(bench->qtest));
	qtest_init(&bench->qtest, -1);
	bench->wiring = (struct wiring) { .qtest = &bench->qtest, .machine = MACHINE_Q35 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return false;
	bench->qemu = ends[0];
	proxy_init(&bench->proxy, ends[1], &bench->card);
	if (!card_create(&bench->card, 0, 16, 0, &bench->wiring)) {
		proxy_finish(&bench->proxy);
		close(ends[0]);
		return false;
	}
	memory_set(&bench->card.memory, &ram, 1);
	card_write_config(&bench->card, 0x10, 4, CORE);
	card_write_config(&bench->card, 0x18, 4, SHELL);
	card_write_config(&bench->card, 0x04, 2, 6);
	card_write_config(&bench->card, 0x42, 2, 0x8000);
	card_write(&bench->card, SHELL + 0x80c, 4, 0);
	card_write(&bench->card, SHELL + 0x08, 4, 0);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench bench = { .file = -1 };
	struct input input = { data, size };

	if (bench.file < 0)
		bench.file = memfd_create("ram", MFD_CLOEXEC);
	if (bench.file < 0 || ftruncate(bench.file, 0) || ftruncate(bench.file, RAM) ||
	    !start(&bench))
		return 0;
	while (input.size) {
		uint8_t kind;

		take(&input, &kind, 1);
		switch (kind % NUM_KINDS) {
		case MESSAGE:
			send_message(&bench, &input);
			break;
		case BYTES:
			send_raw(&bench, &input);
			break;
		case CORE_WRITE:
		case CORE_READ:
			access_core(&bench, &input, kind % NUM_KINDS == CORE_WRITE);
			break;
		case FAULT:
			inject(&bench, &input);
			break;
		default:
			card_advance(&bench.card, host_time(), true);
			break;
		}
	}
	proxy_finish(&bench.proxy);
	card_destroy(&bench.card);
	close(bench.qemu);
	return 0;
}
