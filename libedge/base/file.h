/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_FILE_H
#define EDGE_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "edge/limits.h"

/* A file mapped for reading. An empty file has size 0 and data NULL. */
struct edge_file {
	const uint8_t *data;
	size_t size;
};

/* Maps @path, a regular file of at most @limits->file_bytes; unmap with edge_file_unmap(). Errors
 * name the path: EDGE_IO_ERROR, EDGE_LIMIT_EXCEEDED, EDGE_OUT_OF_MEMORY. */
enum edge_status edge_file_map(const char *path, const struct edge_limits *limits,
			       struct edge_file *file, struct edge_error *error);

/* The same for text that people write, of at most @limits->text_bytes. */
enum edge_status edge_file_map_text(const char *path, const struct edge_limits *limits,
				    struct edge_file *file, struct edge_error *error);

/* Reads the first bytes of @path into @bytes, at most @size; how many, 0 for what cannot be read.
 * Takes no memory. */
size_t edge_file_peek(const char *path, void *bytes, size_t size);

void edge_file_unmap(struct edge_file *file);

/**
 * struct edge_file_part - a run of bytes to write
 */
struct edge_file_part {
	const void *data;
	size_t size;
};

/* Writes the parts one after the other to @path by way of a temporary file beside it, so that a
 * reader sees the old file or the whole new one. */
enum edge_status edge_file_write(const char *path, const struct edge_file_part *parts, size_t count,
				 struct edge_error *error);

#endif
