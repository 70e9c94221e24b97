// SPDX-License-Identifier: MIT
#include "ref/ref_view.h"

void ref_walk_init(struct ref_walk *walk, int rank, const int64_t *dims)
{
	*walk = (struct ref_walk) { .rank = rank };
	for (int d = 0; d < rank; d++) {
		walk->dims[d] = dims[d];
		walk->done |= !dims[d];
	}
}

void ref_walk_add_strides(struct ref_walk *walk, const int64_t *strides)
{
	memcpy(walk->strides[walk->num_operands++], strides, walk->rank * sizeof(*strides));
}

void ref_walk_add(struct ref_walk *walk, const struct edge_view *view)
{
	int64_t strides[EDGE_MAX_RANK] = { 0 };
	int missing = walk->rank - view->rank;

	for (int d = 0; d < view->rank; d++)
		strides[d + missing] = view->dims[d] == 1 ? 0 : view->strides[d];
	ref_walk_add_strides(walk, strides);
}

void ref_walk_skip(struct ref_walk *walk, int axis)
{
	walk->dims[axis] = 1;
}

void ref_walk_rewind(struct ref_walk *walk, const int64_t *at)
{
	walk->done = false;
	for (int d = 0; d < walk->rank; d++) {
		walk->index[d] = 0;
		walk->done |= !walk->dims[d];
	}
	for (int i = 0; i < walk->num_operands; i++)
		walk->at[i] = at ? at[i] : 0;
}

struct edge_view ref_view_at(const struct edge_view *view, int64_t elements)
{
	struct edge_view moved = *view;

	moved.data = (char *)view->data + elements * (int64_t)edge_type_size(view->type);
	return moved;
}

struct edge_view ref_view_part(const struct edge_view *view, int axis, int64_t start, int64_t size,
			       int64_t step)
{
	struct edge_view part = ref_view_at(view, start * view->strides[axis]);

	part.dims[axis] = size;
	part.strides[axis] = step * view->strides[axis];
	return part;
}

struct edge_view ref_view_dims(const struct edge_view *view, int first, int count)
{
	struct edge_view part = { .type = view->type, .rank = count, .data = view->data };

	for (int d = 0; d < count; d++) {
		part.dims[d] = view->dims[first + d];
		part.strides[d] = view->strides[first + d];
	}
	return part;
}

struct edge_view ref_view_drop(const struct edge_view *view, int axis)
{
	struct edge_view part = *view;

	part.rank--;
	for (int d = axis; d < part.rank; d++) {
		part.dims[d] = view->dims[d + 1];
		part.strides[d] = view->strides[d + 1];
	}
	return part;
}

int64_t ref_view_elements(const struct edge_view *view)
{
	int64_t elements = 1;

	for (int d = 0; d < view->rank; d++)
		elements *= view->dims[d];
	return elements;
}

static inline void copy_strided(char *to, int64_t to_step, const char *from, int64_t from_step,
				int64_t count, size_t size)
{
	for (int64_t i = 0; i < count; i++)
		memcpy(to + i * to_step, from + i * from_step, size);
}

static void copy_line(char *to, int64_t to_step, const char *from, int64_t from_step, int64_t count,
		      size_t size)
{
	if (to_step == (int64_t)size && from_step == (int64_t)size)
		memcpy(to, from, count * size);
	else if (size == 1)
		copy_strided(to, to_step, from, from_step, count, 1);
	else if (size == 2)
		copy_strided(to, to_step, from, from_step, count, 2);
	else if (size == 4)
		copy_strided(to, to_step, from, from_step, count, 4);
	else
		copy_strided(to, to_step, from, from_step, count, 8);
}

void ref_copy(const struct edge_view *to, const struct edge_view *from)
{
	size_t size = edge_type_size(to->type);
	int last = to->rank - 1;
	struct ref_walk walk;

	ref_walk_init(&walk, to->rank, to->dims);
	ref_walk_add(&walk, to);
	ref_walk_add(&walk, from);
	if (last >= 0)
		ref_walk_skip(&walk, last);
	for (; !walk.done; ref_walk_next(&walk)) {
		char *line = (char *)to->data + walk.at[0] * (int64_t)size;
		const char *source = (const char *)from->data + walk.at[1] * (int64_t)size;

		if (last < 0)
			memcpy(line, source, size);
		else
			copy_line(line, to->strides[last] * (int64_t)size, source,
				  walk.strides[1][last] * (int64_t)size, to->dims[last], size);
	}
}

void ref_copy_element(const struct edge_view *to, int64_t at, const struct edge_view *from,
		      int64_t from_at)
{
	int64_t size = edge_type_size(to->type);

	memcpy((char *)to->data + at * size, (const char *)from->data + from_at * size, size);
}
