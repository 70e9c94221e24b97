// SPDX-License-Identifier: MIT
#include "card.h"

#include "accel.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define DRIVER "/sys/bus/pci/drivers/edge_accel/"
#define ANSWER 2048
#define ANSWER_MS 10000

/* A line that begins with "ok" or "error". */
static void read_answer(int fd, char *line)
{
	size_t used = 0;

	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

		assert_int_equal(poll(&poll_fd, 1, ANSWER_MS), 1);
		assert_int_equal(read(fd, line + used, 1), 1);
		if (line[used] != '\n') {
			assert_true(++used < ANSWER - 1);
			continue;
		}
		while (used && line[used - 1] == '\r')
			used--;
		line[used] = '\0';
		if (!strncmp(line, "ok", 2) || !strncmp(line, "error", 5))
			return;
		used = 0;
	}
}

static void tell(const char *command, char *answer)
{
	const char *path = getenv("EDGE_CONTROL");
	char line[128];
	int fd, length;

	assert_non_null(path);
	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(fd >= 0);
	length = snprintf(line, sizeof(line), "%s\n", command);
	assert_int_equal(write(fd, line, length), length);
	read_answer(fd, answer);
	close(fd);
}

void card_tell(const char *command)
{
	char answer[ANSWER];

	tell(command, answer);
	if (strcmp(answer, "ok"))
		fail_msg("%s: %s", command, answer);
}

long long card_stat(const char *name)
{
	char answer[ANSWER], key[64];
	const char *at;

	tell("stats", answer);
	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(answer, key);
	assert_non_null(at);
	return strtoll(at + strlen(key), NULL, 10);
}

void card_calm(void)
{
	static const char *const commands[] = {
		"hang 0",	   "corrupt 0", "interrupt lose 0", "interrupt spurious 0",
		"reset stuck off", "continue",	"restore",
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		card_tell(commands[i]);
}

bool file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, text, size - 1);
	close(fd);
	if (got < 0)
		return false;
	while (got && text[got - 1] == '\n')
		got--;
	text[got] = '\0';
	return true;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

bool card_read(const char *name, char *text, size_t size)
{
	char path[128];

	return card_file(path, sizeof(path), name) && file_read(path, text, size);
}

long long card_number(const char *name)
{
	char text[64];

	if (!card_read(name, text, sizeof(text)))
		fail_msg("cannot read %s", name);
	return strtoll(text, NULL, 0);
}

int card_write(const char *name, const char *text)
{
	char path[128];

	assert_true(card_file(path, sizeof(path), name));
	return file_write(path, text);
}

void card_slot(char *slot, size_t size)
{
	char path[128];

	assert_true(card_file(path, sizeof(path), ""));
	path[strlen(path) - 1] = '\0';
	snprintf(slot, size, "%s", strrchr(path, '/') + 1);
}

int card_bind(void)
{
	char slot[64];

	card_slot(slot, sizeof(slot));
	return file_write(DRIVER "bind", slot);
}

int card_unbind(void)
{
	char slot[64];

	card_slot(slot, sizeof(slot));
	return file_write(DRIVER "unbind", slot);
}

void card_drop(void)
{
	assert_int_equal(card_write("remove", "1"), 0);
}

void card_rescan(void)
{
	assert_int_equal(file_write("/sys/bus/pci/rescan", "1"), 0);
}

static bool node_is_there(void *data)
{
	int fd = edge_open(NULL, 0);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int module_load(const char *parameters)
{
	int fd = open("/modules/edge_accel.ko", O_RDONLY | O_CLOEXEC);
	int ret;

	assert_true(fd >= 0);
	ret = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return ret;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "edge_accel", O_NONBLOCK) ? -errno : 0;
}

static bool module_unloads(void *data)
{
	return !module_unload();
}

void module_reload(const char *parameters)
{
	/* Jobs hold it until the scheduler has cleared them away. */
	assert_true(wait_until(module_unloads, NULL, 5000));
	assert_int_equal(module_load(parameters), 0);
}

void card_renew(void)
{
	char path[128];

	card_calm();
	if (card_file(path, sizeof(path), "remove"))
		card_drop();
	card_rescan();
	assert_true(wait_until(node_is_there, NULL, 5000));
}

bool wait_until(bool (*condition)(void *data), void *data, int ms)
{
	const int64_t end = now_ns() + ms * MS;

	while (!condition(data)) {
		if (now_ns() > end)
			return false;
		usleep(10000);
	}
	return true;
}

static bool queue_read(char *text, size_t size)
{
	bool there = false;
	glob_t found;

	/* dri/ or accel/, by number and, in some kernels, by name. */
	if (glob("/sys/kernel/debug/*/*/queue", 0, NULL, &found))
		return false;
	for (size_t i = 0; i < found.gl_pathc && !there; i++)
		there = file_read(found.gl_pathv[i], text, size) && strstr(text, "jobs done:");
	globfree(&found);
	return there;
}

long long queue_number(const char *name)
{
	char text[4096];
	const char *at;

	assert_true(queue_read(text, sizeof(text)));
	at = strstr(text, name);
	assert_non_null(at);
	return strtoll(at + strlen(name), NULL, 10);
}

int queue_jobs(void)
{
	char text[4096];
	int jobs = 0;

	assert_true(queue_read(text, sizeof(text)));
	for (const char *at = text; (at = strstr(at, " job ")); at++)
		jobs++;
	return jobs;
}

static bool queue_has(void *data)
{
	const int *jobs = data;

	return queue_jobs() >= *jobs;
}

void queue_wait(int jobs)
{
	assert_true(wait_until(queue_has, &jobs, 5000));
}

#define COREDUMPS "/sys/class/devcoredump/devcd*/data"

bool coredump_read(char *text, size_t size)
{
	size_t used = 0;
	glob_t found;
	ssize_t got;
	int fd;

	if (glob(COREDUMPS, 0, NULL, &found))
		return false;
	fd = open(found.gl_pathv[0], O_RDONLY | O_CLOEXEC);
	globfree(&found);
	if (fd < 0)
		return false;
	while (used < size - 1 && (got = read(fd, text + used, size - 1 - used)) > 0)
		used += got;
	text[used] = '\0';
	close(fd);
	return true;
}

static bool no_coredump(void *data)
{
	glob_t found;

	if (glob(COREDUMPS, 0, NULL, &found))
		return true;
	for (size_t i = 0; i < found.gl_pathc; i++)
		file_write(found.gl_pathv[i], "1");
	globfree(&found);
	return false;
}

void coredump_drop(void)
{
	assert_true(wait_until(no_coredump, NULL, 5000));
}

struct attribute {
	const char *name, *text;
};

static bool attribute_is(void *data)
{
	const struct attribute *attribute = data;
	char text[64];

	return card_read(attribute->name, text, sizeof(text)) && !strcmp(text, attribute->text);
}

bool card_becomes(const char *name, const char *text, int ms)
{
	struct attribute attribute = { name, text };

	return wait_until(attribute_is, &attribute, ms);
}

bool dmabuf_is_idle(int fd, int ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&poll_fd, 1, ms) == 1 && (poll_fd.revents & POLLOUT);
}

int uevents_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

bool uevents_have(int fd, const char *variable)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char event[4096];

	while (poll(&poll_fd, 1, 3000) == 1) {
		ssize_t size = recv(fd, event, sizeof(event) - 1, 0);

		if (size <= 0)
			return false;
		event[size] = '\0';
		for (char *line = event; line < event + size; line += strlen(line) + 1) {
			if (!strcmp(line, variable))
				return true;
		}
	}
	return false;
}
