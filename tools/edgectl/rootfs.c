// SPDX-License-Identifier: MIT
#include "rootfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool make_path(char *path, const char *root, const char *format, va_list args)
{
	int used = snprintf(path, PATH_MAX, "%s", root);
	int length;

	if (used < 0 || used >= PATH_MAX)
		return false;
	length = vsnprintf(path + used, PATH_MAX - used, format, args);
	return length >= 0 && length < PATH_MAX - used;
}

/* For functions whose last argument is the format. */
#define MAKE_PATH(path, root, format) \
	({ \
		va_list args; \
		bool made; \
		va_start(args, format); \
		made = make_path(path, root, format, args); \
		va_end(args); \
		made; \
	})

bool rootfs_path(char *path, const char *root, const char *format, ...)
{
	return MAKE_PATH(path, root, format);
}

bool rootfs_exists(const char *root, const char *format, ...)
{
	char path[PATH_MAX];

	return MAKE_PATH(path, root, format) && !access(path, F_OK);
}

/* The kernel's log gives nothing to a read that is too short for a record. */
#define RECORD_MAX 8192

/* Up to @most bytes of what may be a file, an attribute or a device that gives a record a read. */
static char *read_all(int fd, size_t most, size_t *size)
{
	size_t capacity = 4 * RECORD_MAX, used = 0;
	char *text = malloc(capacity + 1);

	while (text) {
		ssize_t got;

		if (capacity - used < RECORD_MAX) {
			char *grown = NULL;

			if (capacity < most)
				grown = realloc(text, 2 * capacity + 1);
			else
				errno = EFBIG;
			if (!grown)
				break;
			text = grown;
			capacity *= 2;
		}
		got = read(fd, text + used, capacity - used);
		/* A record of the kernel's log was overwritten before it was read. */
		if (got < 0 && errno == EPIPE)
			continue;
		if (got < 0 && errno != EAGAIN)
			break;
		if (got <= 0) {
			text[used] = 0;
			*size = used;
			return text;
		}
		used += got;
	}
	free(text);
	return NULL;
}

static char *read_path(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t unused;
	char *text;

	if (fd < 0)
		return NULL;
	text = read_all(fd, ROOTFS_MAX, size ? size : &unused);
	close(fd);
	return text;
}

char *rootfs_read(const char *root, size_t *size, const char *format, ...)
{
	char path[PATH_MAX];

	return MAKE_PATH(path, root, format) ? read_path(path, size) : NULL;
}

bool rootfs_line(const char *root, char *line, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	char *text = MAKE_PATH(path, root, format) ? read_path(path, NULL) : NULL;

	line[0] = 0;
	if (!text)
		return false;
	text[strcspn(text, "\n")] = 0;
	snprintf(line, size, "%s", text);
	free(text);
	return true;
}

bool rootfs_link(const char *root, char *name, size_t size, const char *format, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t length = MAKE_PATH(path, root, format) ? readlink(path, target, sizeof(target) - 1)
						       : -1;
	const char *slash;

	name[0] = 0;
	if (length < 0)
		return false;
	target[length] = 0;
	slash = strrchr(target, '/');
	return snprintf(name, size, "%s", slash ? slash + 1 : target) < (int)size;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **read_names(DIR *folder)
{
	char **names = calloc(1, sizeof(*names));
	struct dirent *entry;
	size_t count = 0;

	while (names && (entry = readdir(folder))) {
		char **grown;

		if (entry->d_name[0] == '.')
			continue;
		grown = realloc(names, (count + 2) * sizeof(*names));
		if (grown) {
			names = grown;
			names[count] = strdup(entry->d_name);
			names[count + 1] = NULL;
		}
		if (!grown || !names[count]) {
			rootfs_free_names(names);
			return NULL;
		}
		count++;
	}
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	return names;
}

char **rootfs_names(const char *root, const char *format, ...)
{
	char path[PATH_MAX];
	DIR *folder = MAKE_PATH(path, root, format) ? opendir(path) : NULL;
	char **names;

	if (!folder)
		return NULL;
	names = read_names(folder);
	closedir(folder);
	return names;
}

void rootfs_free_names(char **names)
{
	if (!names)
		return;
	for (char **name = names; *name; name++)
		free(*name);
	free(names);
}

bool rootfs_value(const char *text, const char *key, char *value, size_t size)
{
	size_t length = strlen(key);

	value[0] = 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *at, *end;

		line += *line == '\n';
		if (strncmp(line, key, length))
			continue;
		at = line + length;
		at += strspn(at, " \t");
		if (*at != '=' && *at != ':')
			continue;
		at += 1 + strspn(at + 1, " \t\"");
		end = at + strcspn(at, "\n");
		while (end > at && (isspace((unsigned char)end[-1]) || end[-1] == '"'))
			end--;
		snprintf(value, size, "%.*s", (int)(end - at), at);
		return true;
	}
	return false;
}
