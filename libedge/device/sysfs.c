// SPDX-License-Identifier: MIT
#include "device/sysfs.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool edge_sysfs_path(char *path, const char *root, const char *format, ...)
{
	int used = snprintf(path, PATH_MAX, "%s", root);
	va_list args;
	int length;

	if (used < 0 || used >= PATH_MAX)
		return false;
	va_start(args, format);
	length = vsnprintf(path + used, PATH_MAX - used, format, args);
	va_end(args);
	return length >= 0 && length < PATH_MAX - used;
}

bool edge_sysfs_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	text[0] = 0;
	if (fd < 0)
		return false;
	length = read(fd, text, size - 1);
	close(fd);
	if (length < 0) {
		text[0] = 0;
		return false;
	}
	text[length] = 0;
	text[strcspn(text, "\n")] = 0;
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return true;
}

bool edge_sysfs_name(const char *path, char *name, size_t size)
{
	char target[PATH_MAX];
	const char *slash;

	name[0] = 0;
	if (!realpath(path, target))
		return false;
	slash = strrchr(target, '/');
	return snprintf(name, size, "%s", slash ? slash + 1 : target) < (int)size;
}
