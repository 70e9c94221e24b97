/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room share: elements of any type, walks over several views at once, parts
 * of views.
 */
#ifndef EDGE_REF_REF_VIEW_H
#define EDGE_REF_REF_VIEW_H

#include <math.h>

#include "base/half.h"
#include "ref/ref.h"

static inline bool ref_is_float(enum edge_type type)
{
	return type == EDGE_F32 || type == EDGE_F16;
}

/* @value cut to an integer as C does, but defined everywhere: NaN is 0, what is out of range the
 * nearest end. */
static inline int64_t ref_to_int(double value)
{
	if (value != value)
		return 0;
	if (value >= 0x1p63)
		return INT64_MAX;
	return value < -0x1p63 ? INT64_MIN : (int64_t)value;
}

/* Element @at of any type. */
static inline float ref_load(enum edge_type type, const void *data, int64_t at)
{
	switch (type) {
	case EDGE_F32:
		return ((const float *)data)[at];
	case EDGE_F16:
		return edge_half_to_float(((const uint16_t *)data)[at]);
	case EDGE_I8:
		return ((const int8_t *)data)[at];
	case EDGE_I32:
		return ((const int32_t *)data)[at];
	case EDGE_I64:
		return ((const int64_t *)data)[at];
	default:
		return ((const uint8_t *)data)[at];
	}
}

/* The same of an integer type, or bool. */
static inline int64_t ref_load_int(enum edge_type type, const void *data, int64_t at)
{
	switch (type) {
	case EDGE_I8:
		return ((const int8_t *)data)[at];
	case EDGE_I32:
		return ((const int32_t *)data)[at];
	case EDGE_I64:
		return ((const int64_t *)data)[at];
	default:
		return ((const uint8_t *)data)[at];
	}
}

/* To an integer type, keeping the low bits; to bool, whether it is not 0. */
static inline void ref_store_int(enum edge_type type, void *data, int64_t at, int64_t value)
{
	switch (type) {
	case EDGE_I8:
		((int8_t *)data)[at] = (int8_t)value;
		break;
	case EDGE_I32:
		((int32_t *)data)[at] = (int32_t)value;
		break;
	case EDGE_I64:
		((int64_t *)data)[at] = value;
		break;
	case EDGE_BOOL:
		((uint8_t *)data)[at] = value != 0;
		break;
	default:
		((uint8_t *)data)[at] = (uint8_t)value;
	}
}

/* @value moved into the range of the integer @type. */
static inline int64_t ref_clamp_int(enum edge_type type, int64_t value)
{
	int64_t least = INT64_MIN, most = INT64_MAX;

	if (type == EDGE_U8) {
		least = 0;
		most = UINT8_MAX;
	} else if (type == EDGE_I8) {
		least = INT8_MIN;
		most = INT8_MAX;
	} else if (type == EDGE_I32) {
		least = INT32_MIN;
		most = INT32_MAX;
	}
	return value < least ? least : value > most ? most : value;
}

/* To any type: rounded to f16, cut and clamped to integers. */
static inline void ref_store(enum edge_type type, void *data, int64_t at, float value)
{
	if (type == EDGE_F32)
		((float *)data)[at] = value;
	else if (type == EDGE_F16)
		((uint16_t *)data)[at] = edge_half_from_float(value);
	else if (type == EDGE_BOOL)
		((uint8_t *)data)[at] = value != 0;
	else
		ref_store_int(type, data, at, ref_clamp_int(type, ref_to_int(value)));
}

static inline float ref_get(const struct edge_view *view, int64_t at)
{
	return ref_load(view->type, view->data, at);
}

static inline int64_t ref_get_int(const struct edge_view *view, int64_t at)
{
	return ref_load_int(view->type, view->data, at);
}

static inline void ref_set(const struct edge_view *view, int64_t at, float value)
{
	ref_store(view->type, view->data, at, value);
}

static inline void ref_set_int(const struct edge_view *view, int64_t at, int64_t value)
{
	ref_store_int(view->type, view->data, at, value);
}

static inline int64_t ref_clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* An index as data gives it: below zero it counts from the end; then moved into [0, @size). */
static inline int64_t ref_wrap_index(int64_t index, int64_t size)
{
	return ref_clamp(index < 0 ? index + size : index, 0, size - 1);
}

/* Wrapping arithmetic, which C leaves undefined for signed types. */
static inline int64_t ref_add_int(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t ref_mul_int(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

#define REF_MAX_OPERANDS 4

/**
 * struct ref_walk - all indices of a shape in row-major order, with the place of each in views
 * @index: where the walk is
 * @done: it has passed the last index; from the start for an empty shape
 * @at: element offset in each operand
 */
struct ref_walk {
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	int64_t index[EDGE_MAX_RANK];
	bool done;
	int num_operands;
	int64_t strides[REF_MAX_OPERANDS][EDGE_MAX_RANK];
	int64_t at[REF_MAX_OPERANDS];
};

void ref_walk_init(struct ref_walk *walk, int rank, const int64_t *dims);

/* Adds an operand that lies at @strides, one for each dimension of the walk. */
void ref_walk_add_strides(struct ref_walk *walk, const int64_t *strides);

/* Adds @view, broadcast to the shape of the walk. */
void ref_walk_add(struct ref_walk *walk, const struct edge_view *view);

/* Keeps dimension @axis at 0: what is left are the starts of the lines along it. */
void ref_walk_skip(struct ref_walk *walk, int axis);

/* Back to the first index, the operands starting at @at (NULL: 0). */
void ref_walk_rewind(struct ref_walk *walk, const int64_t *at);

static inline void ref_walk_next(struct ref_walk *walk)
{
	for (int d = walk->rank - 1; d >= 0; d--) {
		bool within = ++walk->index[d] < walk->dims[d];
		int64_t steps = within ? 1 : 1 - walk->dims[d];

		for (int i = 0; i < walk->num_operands; i++)
			walk->at[i] += steps * walk->strides[i][d];
		if (within)
			return;
		walk->index[d] = 0;
	}
	walk->done = true;
}

/* The element of @view @elements further on as its first. */
struct edge_view ref_view_at(const struct edge_view *view, int64_t elements);

/* @size indices of dimension @axis from @start on, by @step. */
struct edge_view ref_view_part(const struct edge_view *view, int axis, int64_t start, int64_t size,
			       int64_t step);

/* Dimensions @first to @first + @count - 1 alone, at index 0 of the others. */
struct edge_view ref_view_dims(const struct edge_view *view, int first, int count);

/* Without dimension @axis, at its index 0. */
struct edge_view ref_view_drop(const struct edge_view *view, int axis);

int64_t ref_view_elements(const struct edge_view *view);

/* Copies elements of any type between views of the same shape, which do not overlap. */
void ref_copy(const struct edge_view *to, const struct edge_view *from);

/* Copies one element. */
void ref_copy_element(const struct edge_view *to, int64_t at, const struct edge_view *from,
		      int64_t from_at);

#endif
