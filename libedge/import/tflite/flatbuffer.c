// SPDX-License-Identifier: MIT
#include "import/tflite/flatbuffer.h"

#include <string.h>

static void fail(struct flatbuffer *buffer, size_t where, const char *problem)
{
	if (buffer->problem)
		return;
	buffer->problem = problem;
	buffer->where = where;
}

/* Whether @size bytes at @at lie inside and are aligned as a number of @align bytes has to be. */
static bool check(struct flatbuffer *buffer, size_t at, uint64_t size, size_t align,
		  const char *problem)
{
	if (buffer->problem)
		return false;
	if (at % align || at > buffer->size || size > buffer->size - at) {
		fail(buffer, at, problem);
		return false;
	}
	return true;
}

/* Little-endian numbers at places that have been checked. */
static uint64_t load(const struct flatbuffer *buffer, size_t at, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)buffer->data[at + i] << 8 * i;
	return value;
}

/* Where the offset at @at leads: forward, by at least the offset's own size. */
static bool follow(struct flatbuffer *buffer, size_t at, size_t *target)
{
	uint64_t offset;

	if (!check(buffer, at, 4, 4, "an offset lies outside or is not aligned"))
		return false;
	offset = load(buffer, at, 4);
	if (offset < 4 || offset > buffer->size - at) {
		fail(buffer, at, "an offset points outside");
		return false;
	}
	*target = at + offset;
	return true;
}

static struct fb_table open_table(struct flatbuffer *buffer, size_t at)
{
	struct fb_table table = { .buffer = buffer, .at = at };
	int64_t vtable;

	if (!check(buffer, at, 4, 4, "a table lies outside or is not aligned"))
		return (struct fb_table) { 0 };
	/* Signed, and against the direction of other offsets. */
	vtable = (int64_t)at - (int32_t)load(buffer, at, 4);
	if (vtable < 0) {
		fail(buffer, at, "a vtable lies outside");
		return (struct fb_table) { 0 };
	}
	table.vtable = vtable;
	if (!check(buffer, table.vtable, 4, 2, "a vtable lies outside or is not aligned"))
		return (struct fb_table) { 0 };
	table.vtable_size = load(buffer, table.vtable, 2);
	table.size = load(buffer, table.vtable + 2, 2);
	if (table.vtable_size < 4 || table.vtable_size % 2 || table.size < 4) {
		fail(buffer, table.vtable, "a vtable is too small");
		return (struct fb_table) { 0 };
	}
	if (!check(buffer, table.vtable, table.vtable_size, 2, "a vtable does not fit in") ||
	    !check(buffer, at, table.size, 4, "a table does not fit in"))
		return (struct fb_table) { 0 };
	return table;
}

struct fb_table fb_root(struct flatbuffer *buffer)
{
	size_t at;

	if (!follow(buffer, 0, &at))
		return (struct fb_table) { 0 };
	return open_table(buffer, at);
}

/* Offset of the field's @size bytes in the buffer; 0, where no field can be, when it is absent. */
static size_t find(struct fb_table table, int id, size_t size)
{
	size_t entry = 4 + 2 * (size_t)id;
	uint64_t field;

	if (!table.buffer || table.buffer->problem || entry + 2 > table.vtable_size)
		return 0;
	field = load(table.buffer, table.vtable + entry, 2);
	if (!field)
		return 0;
	if (field < 4 || field + size > table.size || (table.at + field) % size) {
		fail(table.buffer, table.vtable + entry,
		     "a field lies outside of its table or is not aligned");
		return 0;
	}
	return table.at + field;
}

bool fb_has(struct fb_table table, int id)
{
	return find(table, id, 1) != 0;
}

static uint64_t number(struct fb_table table, int id, size_t size, uint64_t missing)
{
	size_t at = find(table, id, size);

	return at ? load(table.buffer, at, size) : missing;
}

bool fb_bool(struct fb_table table, int id, bool missing)
{
	return number(table, id, 1, missing) != 0;
}

int fb_i8(struct fb_table table, int id, int missing)
{
	return (int8_t)number(table, id, 1, missing);
}

int fb_u8(struct fb_table table, int id, int missing)
{
	return (uint8_t)number(table, id, 1, missing);
}

int32_t fb_i32(struct fb_table table, int id, int32_t missing)
{
	return (int32_t)number(table, id, 4, missing);
}

uint32_t fb_u32(struct fb_table table, int id, uint32_t missing)
{
	return (uint32_t)number(table, id, 4, missing);
}

uint64_t fb_u64(struct fb_table table, int id, uint64_t missing)
{
	return number(table, id, 8, missing);
}

static float to_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

float fb_f32(struct fb_table table, int id, float missing)
{
	size_t at = find(table, id, 4);

	return at ? to_float(load(table.buffer, at, 4)) : missing;
}

struct fb_table fb_table(struct fb_table table, int id)
{
	size_t at = find(table, id, 4);

	if (!at || !follow(table.buffer, at, &at))
		return (struct fb_table) { 0 };
	return open_table(table.buffer, at);
}

struct fb_vector fb_vector(struct fb_table table, int id, size_t element_size)
{
	struct fb_vector vector = { .buffer = table.buffer };
	size_t at = find(table, id, 4);
	uint64_t count;

	if (!at || !follow(table.buffer, at, &at) ||
	    !check(table.buffer, at, 4, 4, "a vector lies outside or is not aligned"))
		return vector;
	count = load(table.buffer, at, 4);
	if (!check(table.buffer, at + 4, count * element_size, element_size,
		   "a vector does not fit in or is not aligned"))
		return vector;
	vector.at = at + 4;
	vector.data = table.buffer->data + vector.at;
	vector.count = count;
	return vector;
}

const char *fb_string(struct fb_table table, int id)
{
	struct fb_vector text = fb_vector(table, id, 1);

	if (!text.data)
		return NULL;
	if (text.count == text.buffer->size - text.at || text.data[text.count]) {
		fail(text.buffer, text.at, "a string has no end");
		return NULL;
	}
	return (const char *)text.data;
}

int32_t fb_vector_i32(struct fb_vector vector, uint32_t index)
{
	return (int32_t)load(vector.buffer, vector.at + 4 * (size_t)index, 4);
}

int64_t fb_vector_i64(struct fb_vector vector, uint32_t index)
{
	return (int64_t)load(vector.buffer, vector.at + 8 * (size_t)index, 8);
}

float fb_vector_f32(struct fb_vector vector, uint32_t index)
{
	return to_float(load(vector.buffer, vector.at + 4 * (size_t)index, 4));
}

struct fb_table fb_vector_table(struct fb_vector vector, uint32_t index)
{
	size_t at;

	if (!follow(vector.buffer, vector.at + 4 * (size_t)index, &at))
		return (struct fb_table) { 0 };
	return open_table(vector.buffer, at);
}
