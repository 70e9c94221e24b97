/* SPDX-License-Identifier: MIT */
/*
 * Reading FlatBuffers (https://flatbuffers.dev/internals/) that nobody has checked before.
 *
 * Every offset is checked as it is followed, so nothing outside of the buffer is ever read. The
 * first thing that is wrong is remembered in struct flatbuffer; from then on every call returns
 * what is absent: a caller may read all it needs and look at the end. What points in circles is not
 * followed, since each call goes one step.
 */
#ifndef EDGE_IMPORT_TFLITE_FLATBUFFER_H
#define EDGE_IMPORT_TFLITE_FLATBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct flatbuffer - a buffer being read
 * @data: need not be aligned
 * @size: bytes; what lies beyond 4 GiB cannot be named by offsets
 * @problem: what is wrong, for a message; NULL while nothing is
 * @where: offset of what is wrong
 */
struct flatbuffer {
	const uint8_t *data;
	size_t size;
	const char *problem;
	size_t where;
};

/**
 * struct fb_table - a table in it
 * @buffer: NULL for a table that is absent, whose fields are all absent
 * @at: offset of the table
 * @vtable: offset of its vtable
 * @vtable_size: bytes
 * @size: of the part of the table that fields lie in
 */
struct fb_table {
	struct flatbuffer *buffer;
	size_t at;
	size_t vtable;
	uint16_t vtable_size;
	uint16_t size;
};

/**
 * struct fb_vector - a vector in it, all of which lies inside
 * @at: offset of the first element
 * @data: of the first element; NULL when the vector is absent
 * @count: of elements, 0 when it is absent
 */
struct fb_vector {
	struct flatbuffer *buffer;
	size_t at;
	const uint8_t *data;
	uint32_t count;
};

/* The table that the buffer begins with. */
struct fb_table fb_root(struct flatbuffer *buffer);

static inline bool fb_present(struct fb_table table)
{
	return table.buffer;
}

/* Fields, numbered from 0 in the order of the schema. ------------------------------------------ */

/* Whether the table states field @id. */
bool fb_has(struct fb_table table, int id);

/* Numbers; @missing when the field is absent. */
bool fb_bool(struct fb_table table, int id, bool missing);
int fb_i8(struct fb_table table, int id, int missing);
int fb_u8(struct fb_table table, int id, int missing);
int32_t fb_i32(struct fb_table table, int id, int32_t missing);
uint32_t fb_u32(struct fb_table table, int id, uint32_t missing);
uint64_t fb_u64(struct fb_table table, int id, uint64_t missing);
float fb_f32(struct fb_table table, int id, float missing);

/* NULL when the field is absent. */
const char *fb_string(struct fb_table table, int id);

struct fb_table fb_table(struct fb_table table, int id);

/* A vector of numbers of @element_size bytes: 1, 4 or 8; of tables: 4. */
struct fb_vector fb_vector(struct fb_table table, int id, size_t element_size);

/* Elements; @index < vector.count. ------------------------------------------------------------- */

int32_t fb_vector_i32(struct fb_vector vector, uint32_t index);
int64_t fb_vector_i64(struct fb_vector vector, uint32_t index);
float fb_vector_f32(struct fb_vector vector, uint32_t index);
struct fb_table fb_vector_table(struct fb_vector vector, uint32_t index);

#endif
