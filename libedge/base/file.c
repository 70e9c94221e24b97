// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/limits.h"

/* @over: words for what has more than @max bytes */
static enum edge_status map(const char *path, uint64_t max, const char *over,
			    struct edge_file *file, struct edge_error *error)
{
	enum edge_status status = EDGE_OK;
	struct stat st;
	void *data;
	int fd;

	file->data = NULL;
	file->size = 0;
	/* A FIFO would block the open until somebody writes to it. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return edge_fail(error, EDGE_IO_ERROR, "%s: cannot open: %s", path,
				 strerror(errno));
	if (fstat(fd, &st) < 0) {
		status = edge_fail(error, EDGE_IO_ERROR, "%s: cannot read its size: %s", path,
				   strerror(errno));
		goto close_file;
	}
	if (!S_ISREG(st.st_mode)) {
		status = edge_fail(error, EDGE_IO_ERROR, "%s: not a regular file", path);
		goto close_file;
	}
	if ((uint64_t)st.st_size > max) {
		status = edge_fail(error, EDGE_LIMIT_EXCEEDED, "%s: %lld bytes, %s", path,
				   (long long)st.st_size, over);
		goto close_file;
	}
	if (!st.st_size)
		goto close_file;
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		status = edge_fail(error, errno == ENOMEM ? EDGE_OUT_OF_MEMORY : EDGE_IO_ERROR,
				   "%s: cannot map: %s", path, strerror(errno));
		goto close_file;
	}
	file->data = data;
	file->size = st.st_size;

close_file:
	close(fd);
	return status;
}

enum edge_status edge_file_map(const char *path, const struct edge_limits *limits,
			       struct edge_file *file, struct edge_error *error)
{
	return map(path, limits->file_bytes, EDGE_OVER(limits, file_bytes), file, error);
}

enum edge_status edge_file_map_text(const char *path, const struct edge_limits *limits,
				    struct edge_file *file, struct edge_error *error)
{
	return map(path, limits->text_bytes, EDGE_OVER(limits, text_bytes), file, error);
}

size_t edge_file_peek(const char *path, void *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t count;

	if (fd < 0)
		return 0;
	count = pread(fd, bytes, size, 0);
	close(fd);
	return count < 0 ? 0 : count;
}

void edge_file_unmap(struct edge_file *file)
{
	if (file->data)
		munmap((void *)file->data, file->size);
	file->data = NULL;
	file->size = 0;
}

static int write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t written = write(fd, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		data += written;
		size -= written;
	}
	return 0;
}

enum edge_status edge_file_write(const char *path, const struct edge_file_part *parts, size_t count,
				 struct edge_error *error)
{
	enum edge_status status = EDGE_OK;
	char *temporary;
	mode_t mask;
	int fd;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return edge_fail_memory(error);
	fd = mkstemp(temporary);
	if (fd < 0) {
		status = edge_fail(error, EDGE_IO_ERROR, "%s: cannot create: %s", path,
				   strerror(errno));
		goto free_name;
	}
	for (size_t i = 0; i < count; i++) {
		if (write_all(fd, parts[i].data, parts[i].size) < 0) {
			status = edge_fail(error, EDGE_IO_ERROR, "%s: cannot write: %s", path,
					   strerror(errno));
			goto close_file;
		}
	}
	/* mkstemp() makes private files; ours have the mode that open() would have given them. */
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	if (rename(temporary, path) < 0)
		status = edge_fail(error, EDGE_IO_ERROR, "%s: cannot replace: %s", path,
				   strerror(errno));

close_file:
	close(fd);
	if (status)
		unlink(temporary);
free_name:
	free(temporary);
	return status;
}
