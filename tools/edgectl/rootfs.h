/* SPDX-License-Identifier: MIT */
/* What the system tells in files, below a folder that stands for /: "" for the real one. */
#ifndef EDGECTL_ROOTFS_H
#define EDGECTL_ROOTFS_H

#include <stdbool.h>
#include <stddef.h>

#include "edge/status.h"

/* The most of a file that is looked at. */
#define ROOTFS_MAX (16 << 20)

/* "ROOT" and a formatted path, into @path of PATH_MAX bytes; false if it is too long. */
bool rootfs_path(char *path, const char *root, const char *format, ...) EDGE_PRINTF(3, 4);

bool rootfs_exists(const char *root, const char *format, ...) EDGE_PRINTF(2, 3);

/* All of a file, ended by a zero that @size, which may be NULL, does not count; to be freed. NULL with errno where it
 * cannot be read, or is larger than ROOTFS_MAX (EFBIG). */
char *rootfs_read(const char *root, size_t *size, const char *format, ...) EDGE_PRINTF(3, 4);

/* Its first line, into @line; false with errno where it cannot be read, and then "". */
bool rootfs_line(const char *root, char *line, size_t size, const char *format, ...)
	EDGE_PRINTF(4, 5);

/* The last component of what a symbolic link says; false where there is none, and then "". */
bool rootfs_link(const char *root, char *name, size_t size, const char *format, ...)
	EDGE_PRINTF(4, 5);

/* The names in a folder, sorted, without those that begin with a dot, ended by NULL; NULL where it cannot be read.
 * To be released with rootfs_free_names(). */
char **rootfs_names(const char *root, const char *format, ...) EDGE_PRINTF(2, 3);
void rootfs_free_names(char **names);

/* The value of "KEY=value" or "KEY: value" in @text, up to the end of its line, without spaces or quotes around it. */
bool rootfs_value(const char *text, const char *key, char *value, size_t size);

#endif
