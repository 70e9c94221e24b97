/* SPDX-License-Identifier: MIT */
/* Files packed into a ZIP archive at the end of a model, which is how its labels travel with it. */
#ifndef EDGE_IMPORT_TFLITE_ZIP_H
#define EDGE_IMPORT_TFLITE_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct zip - an archive at the end of @size bytes
 * @start: that offsets in it count from
 * @directory: offset of its list of files
 * @directory_size: bytes
 */
struct zip {
	const uint8_t *data;
	size_t size;
	size_t start;
	size_t directory, directory_size;
};

/* Finds the archive; false when there is none. */
bool zip_open(const uint8_t *data, size_t size, struct zip *zip);

/* The file called @name as text, to be freed; NULL when there is none, it is damaged, not stored or
 * deflated, larger than @limit, or memory has run out. A zero byte ends it early. */
char *zip_read(const struct zip *zip, const char *name, size_t limit);

#endif
