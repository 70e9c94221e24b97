// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

static bool set_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un) { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path)) {
		message(NO_CARD, "%s: longer than the %zu bytes that a socket's path may have",
			path, sizeof(address->sun_path) - 1);
		return false;
	}
	strcpy(address->sun_path, path);
	return true;
}

static int connect_to(const struct sockaddr_un *address)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address))) {
		const int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* A socket that somebody left behind goes. */
static void remove_stale(const struct sockaddr_un *address)
{
	struct stat file;
	int fd;

	if (lstat(address->sun_path, &file) || !S_ISSOCK(file.st_mode))
		return;
	fd = connect_to(address);
	if (fd >= 0)
		close(fd);
	else if (errno == ECONNREFUSED)
		unlink(address->sun_path);
}

bool control_listen(struct control *control, const char *path)
{
	control->listener = -1;
	control->num_clients = 0;
	if (!set_address(&control->address, path))
		return false;
	remove_stale(&control->address);
	control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->listener >= 0 && !bind(control->listener, (struct sockaddr *)&control->address,
					    sizeof(control->address))) {
		if (!listen(control->listener, CONTROL_CLIENTS))
			return true;
		unlink(path);
	}
	message(NO_CARD, "%s: %s", path, strerror(errno));
	if (control->listener >= 0)
		close(control->listener);
	control->listener = -1;
	return false;
}

void control_finish(struct control *control)
{
	for (int i = 0; i < control->num_clients; i++)
		close(control->clients[i].fd);
	control->num_clients = 0;
	if (control->listener >= 0) {
		close(control->listener);
		unlink(control->address.sun_path);
	}
	control->listener = -1;
}

int control_poll(const struct control *control, struct pollfd *fds)
{
	int count = 0;

	for (int i = 0; i < control->num_clients; i++)
		fds[count++] = (struct pollfd) { .fd = control->clients[i].fd, .events = POLLIN };
	fds[count++] = (struct pollfd) {
		.fd = control->num_clients < CONTROL_CLIENTS ? control->listener : -1,
		.events = POLLIN,
	};
	return count;
}

/* False when the client does not take it. */
static bool answer(const struct control_client *client, const char *text)
{
	char line[CONTROL_ANSWER + 1];
	const int size = snprintf(line, sizeof(line), "%s\n", text);

	return send(client->fd, line, size, MSG_DONTWAIT | MSG_NOSIGNAL) == size;
}

static bool is_echo(const char *line)
{
	return !strcmp(line, "ok") || !strncmp(line, "ok ", 3) || !strncmp(line, "error ", 6);
}

/* The client's line is complete. */
static bool end_line(struct control *control, struct control_client *client)
{
	char text[CONTROL_ANSWER] = "error the line is too long";
	const bool too_long = client->too_long;
	char *line = client->line;

	client->too_long = false;
	while (client->used && strchr(" \t\r", line[client->used - 1]))
		client->used--;
	line[client->used] = '\0';
	line += strspn(line, " \t\r");
	client->used = 0;
	if (is_echo(line) || (!*line && !too_long))
		return true;
	if (!too_long)
		control->command(control->opaque, line, text);
	return answer(client, text);
}

/* False when the client goes. */
static bool serve_client(struct control *control, struct control_client *client)
{
	char bytes[512];
	const ssize_t size = recv(client->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (size < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	for (ssize_t i = 0; i < size; i++) {
		if (bytes[i] == '\n') {
			if (!end_line(control, client))
				return false;
		} else if (client->used < CONTROL_LINE - 1) {
			client->line[client->used++] = bytes[i] ? bytes[i] : ' ';
		} else {
			client->too_long = true;
		}
	}
	return size > 0;
}

void control_serve(struct control *control, const struct pollfd *fds, int count)
{
	/* From the last on: one that goes gives its place to the last. */
	for (int i = count - 2; i >= 0; i--) {
		struct control_client *client = &control->clients[i];

		if (!fds[i].revents || serve_client(control, client))
			continue;
		close(client->fd);
		*client = control->clients[--control->num_clients];
	}
	if (fds[count - 1].revents & POLLIN) {
		const int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			control->clients[control->num_clients++] =
				(struct control_client) { .fd = fd };
	}
}

static int print_answer(int fd)
{
	FILE *file = fdopen(fd, "r");
	char line[CONTROL_ANSWER + 2] = "";
	const bool got = file && fgets(line, sizeof(line), file);

	if (file)
		fclose(file);
	else
		close(fd);
	line[strcspn(line, "\n")] = '\0';
	if (got && !strncmp(line, "ok", 2)) {
		if (line[2])
			puts(line + 3);
		return EXIT_SUCCESS;
	}
	message(NO_CARD, "%s", got ? line : "no answer");
	return EXIT_FAILURE;
}

int control_send(const char *path, const char *command)
{
	struct sockaddr_un address;
	char line[CONTROL_LINE + 1];
	int fd, size;

	if (!set_address(&address, path))
		return EXIT_FAILURE;
	size = snprintf(line, sizeof(line), "%s\n", command);
	if (size >= (int)sizeof(line)) {
		message(NO_CARD, "the command is too long");
		return EXIT_FAILURE;
	}
	fd = connect_to(&address);
	if (fd < 0) {
		message(NO_CARD, "%s: %s", path, strerror(errno));
		return EXIT_FAILURE;
	}
	if (send(fd, line, size, MSG_NOSIGNAL) != size) {
		message(NO_CARD, "%s: %s", path, strerror(errno));
		close(fd);
		return EXIT_FAILURE;
	}
	return print_answer(fd);
}
