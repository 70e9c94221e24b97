// SPDX-License-Identifier: MIT
#include "base/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static const struct limit {
	const char *name;
	size_t offset;
	const char *unit;
	uint64_t usual;
} table[] = {
#define LIMIT(name, unit, usual) \
	{ \
#name, offsetof(struct edge_limits, name), unit, usual \
	}
	LIMIT(file_bytes, "bytes", UINT64_C(2) << 30),
	LIMIT(text_bytes, "bytes", 1 << 20),
	LIMIT(tensor_bytes, "bytes", UINT64_C(2) << 30),
	LIMIT(nodes, "nodes", 1 << 16),
	LIMIT(tensors, "tensors", 1 << 20),
	LIMIT(ports, "of them", 1 << 12),
	LIMIT(metadata, "entries", 1 << 12),
	LIMIT(fold_bytes, "bytes", 256 << 20),
	LIMIT(fold_work, "multiply-adds", 1 << 28),
	LIMIT(run_bytes, "bytes", UINT64_C(4) << 30),
	LIMIT(run_work, "multiply-adds", UINT64_C(1) << 42),
	LIMIT(image_pixels, "pixels", 1 << 27),
#undef LIMIT
};

#define NUM_LIMITS (sizeof(table) / sizeof(table[0]))

static uint64_t *value_of(struct edge_limits *limits, const struct limit *limit)
{
	return (uint64_t *)((char *)limits + limit->offset);
}

struct edge_limits edge_limits_fill(const struct edge_limits *limits)
{
	struct edge_limits filled = { 0 };

	if (limits)
		filled = *limits;
	for (size_t i = 0; i < NUM_LIMITS; i++) {
		uint64_t *value = value_of(&filled, &table[i]);

		if (!*value)
			*value = table[i].usual;
	}
	return filled;
}

void edge_limits_default(struct edge_limits *limits)
{
	*limits = edge_limits_fill(NULL);
}

enum edge_status edge_limits_set(struct edge_limits *limits, const char *name, uint64_t value,
				 struct edge_error *error)
{
	char list[EDGE_ERROR_MAX / 2] = "";
	size_t used = 0;

	for (size_t i = 0; i < NUM_LIMITS; i++) {
		if (!strcmp(name, table[i].name)) {
			*value_of(limits, &table[i]) = value;
			return EDGE_OK;
		}
		used += snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
				 table[i].name);
	}
	return edge_fail(error, EDGE_INVALID_ARGUMENT, "there is no limit '%.64s'; there are %s",
			 name, list);
}

struct edge_limit_words edge_limit_over(const struct edge_limits *limits, size_t offset)
{
	struct edge_limit_words words = { "" };

	for (size_t i = 0; i < NUM_LIMITS; i++) {
		struct edge_limits copy = *limits;

		if (table[i].offset == offset)
			snprintf(words.text, sizeof(words.text),
				 "more than %" PRIu64 " %s, the limit; if you trust the file, "
				 "allow more with --allow %s=N",
				 *value_of(&copy, &table[i]), table[i].unit, table[i].name);
	}
	return words;
}
