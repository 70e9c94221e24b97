// SPDX-License-Identifier: MIT
#include "import/tflite/flexbuffer.h"

#include <string.h>

#include "base/half.h"

/* A type byte: the width of what it is about in the two low bits, these above. */
enum {
	TYPE_INT = 1,
	TYPE_UINT = 2,
	TYPE_FLOAT = 3,
	TYPE_INDIRECT_INT = 6,
	TYPE_INDIRECT_UINT = 7,
	TYPE_INDIRECT_FLOAT = 8,
	TYPE_MAP = 9,
	TYPE_BOOL = 26,
};

/* The unsigned number of @width bytes, 1, 2, 4 or 8, at @at; false when it lies outside. */
static bool load(const uint8_t *data, size_t size, size_t at, size_t width, uint64_t *value)
{
	*value = 0;
	if (at > size || width > size - at)
		return false;
	for (size_t i = 0; i < width; i++)
		*value |= (uint64_t)data[at + i] << 8 * i;
	return true;
}

/* Where the offset of @width bytes at @at leads: backward. */
static bool follow(const uint8_t *data, size_t size, size_t at, size_t width, size_t *target)
{
	uint64_t offset;

	if (!load(data, size, at, width, &offset) || offset > at)
		return false;
	*target = at - offset;
	return true;
}

/* Whether @count elements of @width bytes at @at lie inside. */
static bool fits(size_t size, size_t at, uint64_t count, size_t width)
{
	return at <= size && count <= (size - at) / width;
}

/* In front of a map's values stand the offset of its keys, the keys' width, and the count. */
static bool open_map(struct flex_map *map)
{
	const uint8_t *data = map->data;
	uint64_t width, count;

	if (map->values < 3 * map->width)
		return false;
	if (!load(data, map->size, map->values - map->width, map->width, &map->count) ||
	    !load(data, map->size, map->values - 2 * map->width, map->width, &width) ||
	    !follow(data, map->size, map->values - 3 * map->width, map->width, &map->keys))
		return false;
	if (width != 1 && width != 2 && width != 4 && width != 8)
		return false;
	map->key_width = width;
	if (map->keys < width || !load(data, map->size, map->keys - width, width, &count))
		return false;
	/* The types follow the values, a byte each. */
	return count == map->count && fits(map->size, map->values, map->count, map->width + 1) &&
	       fits(map->size, map->keys, map->count, map->key_width);
}

/* At the end: the root, its type, and the width of the root in bytes. */
bool flex_root(const uint8_t *data, size_t size, struct flex_map *map)
{
	*map = (struct flex_map) { .data = data, .size = size };
	if (size < 3)
		return false;
	map->width = (size_t)1 << (data[size - 2] & 3);
	if (data[size - 2] >> 2 != TYPE_MAP || data[size - 1] > 8 || size - 2 < data[size - 1] ||
	    !follow(data, size, size - 2 - data[size - 1], data[size - 1], &map->values))
		return false;
	return open_map(map);
}

/* Whether key @index is @name. */
static bool is_key(const struct flex_map *map, uint64_t index, const char *name)
{
	const size_t length = strlen(name) + 1;
	size_t at;

	if (!follow(map->data, map->size, map->keys + index * map->key_width, map->key_width, &at))
		return false;
	return at <= map->size && length <= map->size - at && !memcmp(map->data + at, name, length);
}

static int64_t extend(uint64_t value, size_t width)
{
	const int shift = 64 - 8 * (int)width;

	return (int64_t)(value << shift) >> shift;
}

static bool to_float(uint64_t bits, size_t width, double *value)
{
	const uint32_t low = (uint32_t)bits;
	float single;

	if (width == 2) {
		*value = edge_half_to_float((uint16_t)bits);
	} else if (width == 4) {
		memcpy(&single, &low, sizeof(single));
		*value = single;
	} else if (width == 8) {
		memcpy(value, &bits, sizeof(bits));
	}
	return width >= 2;
}

/* Value @index, whose type is @type and which lies at @at with @width bytes. */
static bool read_number(const struct flex_map *map, size_t at, size_t width, int type,
			double *value)
{
	uint64_t bits;

	if (!load(map->data, map->size, at, width, &bits))
		return false;
	switch (type) {
	case TYPE_INT:
	case TYPE_INDIRECT_INT:
		*value = extend(bits, width);
		return true;
	case TYPE_UINT:
	case TYPE_INDIRECT_UINT:
	case TYPE_BOOL:
		*value = bits;
		return true;
	case TYPE_FLOAT:
	case TYPE_INDIRECT_FLOAT:
		return to_float(bits, width, value);
	default:
		return false;
	}
}

bool flex_number(const struct flex_map *map, const char *name, double *value)
{
	for (uint64_t i = 0; i < map->count; i++) {
		const uint8_t packed = map->data[map->values + map->count * map->width + i];
		size_t at = map->values + i * map->width, width = map->width;
		const int type = packed >> 2;

		if (!is_key(map, i, name))
			continue;
		if (type >= TYPE_INDIRECT_INT && type <= TYPE_INDIRECT_FLOAT) {
			if (!follow(map->data, map->size, at, map->width, &at))
				return false;
			width = (size_t)1 << (packed & 3);
		}
		return read_number(map, at, width, type, value);
	}
	return false;
}
