/* SPDX-License-Identifier: MIT */
/* Short reads of sysfs, below a folder that stands for /. */
#ifndef EDGE_DEVICE_SYSFS_H
#define EDGE_DEVICE_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#include "edge/status.h"

/* "ROOT" and a formatted path, into @path of PATH_MAX bytes; false if it is too long. */
bool edge_sysfs_path(char *path, const char *root, const char *format, ...) EDGE_PRINTF(3, 4);

/* The first line of the file, without its newline, or "". What is no printable ASCII becomes '?'.
 * False if there is no such file. */
bool edge_sysfs_read(const char *path, char *text, size_t size);

/* The last component of what @path leads to, or "". */
bool edge_sysfs_name(const char *path, char *name, size_t size);

#endif
