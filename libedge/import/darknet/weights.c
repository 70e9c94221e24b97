// SPDX-License-Identifier: MIT
#include "import/darknet/weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define EXTENSION ".weights"

static uint32_t read_u32(const uint8_t *data)
{
	return data[0] | data[1] << 8 | data[2] << 16 | (uint32_t)data[3] << 24;
}

/* Of the header: three integers and the number of images, which became 64 bits wide in 0.2. */
static size_t header_size(uint32_t major, uint32_t minor)
{
	return 12 + (major || minor >= 2 ? 8 : 4);
}

bool darknet_weights_recognise(const uint8_t *data, size_t size)
{
	/* Versions 0.1 and 0.2 are all there ever were. */
	return size >= 16 && !read_u32(data) && read_u32(data + 4) >= 1 &&
	       read_u32(data + 4) <= 2 && read_u32(data + 8) < 16;
}

/* "a/b.cfg" to "a/b.weights". */
static char *path_beside(const char *cfg_path)
{
	const char *slash = strrchr(cfg_path, '/');
	const char *dot = strrchr(slash ? slash : cfg_path, '.');
	int stem = dot ? dot - cfg_path : (int)strlen(cfg_path);
	char *path;

	return asprintf(&path, "%.*s" EXTENSION, stem, cfg_path) < 0 ? NULL : path;
}

enum edge_status darknet_weights_open(struct darknet_weights *weights, const char *path,
				      const char *cfg_path, const struct edge_limits *limits,
				      struct edge_error *error)
{
	uint32_t major, minor;
	enum edge_status status;
	size_t header;

	memset(weights, 0, sizeof(*weights));
	weights->path = path ? strdup(path) : path_beside(cfg_path);
	if (!weights->path)
		return edge_fail_memory(error);
	status = edge_file_map(weights->path, limits, &weights->file, error);
	if (status)
		return edge_fail_in(
			error, status,
			"its weights, which a cfg needs; name them if they are elsewhere");
	if (weights->file.size < 16)
		return edge_fail(error, EDGE_BAD_FORMAT, "%s: %zu bytes are no weights",
				 weights->path, weights->file.size);
	major = read_u32(weights->file.data);
	minor = read_u32(weights->file.data + 4);
	header = header_size(major, minor);
	if (major || minor > 2 || weights->file.size < header)
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "%s: version %u.%u, but weights are of version 0.1 or 0.2",
				 weights->path, major, minor);
	weights->next = weights->file.data + header;
	weights->left = weights->file.size - header;
	return EDGE_OK;
}

void darknet_weights_make_up(struct darknet_weights *weights)
{
	memset(weights, 0, sizeof(*weights));
	weights->random = true;
}

void darknet_weights_take(struct darknet_weights *weights, float *to, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		uint32_t bits = read_u32(weights->next + 4 * i);

		memcpy(&to[i], &bits, sizeof(bits));
	}
	weights->next += 4 * count;
	weights->left -= 4 * count;
}

/* SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014). */
static uint64_t next_random(uint64_t *state)
{
	uint64_t value = *state += 0x9e3779b97f4a7c15;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return value ^ value >> 31;
}

void darknet_weights_draw(struct darknet_weights *weights, float *to, int64_t count, int64_t fan_in)
{
	float limit = sqrtf(6.0f / fan_in);

	for (int64_t i = 0; i < count; i++) {
		/* 24 bits fit a float: multiples of 2^-23 from -1 up to 1. */
		int32_t bits = next_random(&weights->seed) >> 40;

		to[i] = (float)(bits - (1 << 23)) * 0x1p-23f * limit;
	}
}

void darknet_weights_close(struct darknet_weights *weights)
{
	edge_file_unmap(&weights->file);
	free(weights->path);
}
