/* SPDX-License-Identifier: MIT */
/*
 * Reading FlexBuffers (https://flatbuffers.dev/flexbuffers/), in which custom operators keep their
 * options: a map of names to numbers. Nothing outside of the buffer is read; values that are
 * neither a number nor a truth are as good as absent.
 */
#ifndef EDGE_IMPORT_TFLITE_FLEXBUFFER_H
#define EDGE_IMPORT_TFLITE_FLEXBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct flex_map - a map in a buffer of @size bytes
 * @values, @keys: offsets of the first value and of the first key's offset
 * @width, @key_width: bytes of each
 * @count: of both
 */
struct flex_map {
	const uint8_t *data;
	size_t size;
	size_t values, keys;
	size_t width, key_width;
	uint64_t count;
};

/* The map that the buffer holds; false when it holds none, or is damaged. */
bool flex_root(const uint8_t *data, size_t size, struct flex_map *map);

/* The number of that name into @value; false when there is none. */
bool flex_number(const struct flex_map *map, const char *name, double *value);

#endif
