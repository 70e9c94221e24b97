/* SPDX-License-Identifier: MIT */
/* The files of a test suite, in a directory or in an archive of any kind that libarchive reads. */
#ifndef CONFORMANCE_SUITE_H
#define CONFORMANCE_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct suite_file {
	char *path;
	uint8_t *data;
	size_t size;
};

/* @files: sorted by path */
struct suite {
	struct suite_file *files;
	size_t num_files;
};

/* Reads all that lies under @path; false, with a message on stderr, when it cannot be read. */
bool suite_open(const char *path, struct suite *suite);
void suite_close(struct suite *suite);

/* The file @name in @directory, or NULL. */
const struct suite_file *suite_find(const struct suite *suite, const char *directory,
				    const char *name);

#endif
