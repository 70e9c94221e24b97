// SPDX-License-Identifier: MIT
#include "ref/ops.h"

/* Where index @i of dimension @axis begins. */
static int64_t index_at(const struct edge_view *x, int axis, int64_t index)
{
	return ref_wrap_index(index, x->dims[axis]) * x->strides[axis];
}

/* The slice of x at each index replaces the axis by the indices' dimensions. */
void ref_gather(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *indices = &call->in[1];
	int axis = call->params->axis.axis;
	struct edge_view slice = ref_view_drop(x, axis), to = call->out[0];
	struct ref_walk walk;

	for (int d = 0; d < indices->rank; d++)
		to = ref_view_drop(&to, axis);
	ref_walk_init(&walk, indices->rank, indices->dims);
	ref_walk_add(&walk, indices);
	ref_walk_add_strides(&walk, call->out[0].strides + axis);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t from = index_at(x, axis, ref_get_int(indices, walk.at[0]));
		struct edge_view source = ref_view_at(&slice, from);
		struct edge_view target = ref_view_at(&to, walk.at[1]);

		ref_copy(&target, &source);
	}
}

void ref_gather_elements(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *indices = &call->in[1], *y = &call->out[0];
	int axis = call->params->axis.axis;
	struct ref_walk walk;

	ref_walk_init(&walk, indices->rank, indices->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, indices);
	ref_walk_add_strides(&walk, x->strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t line = walk.at[2] - walk.index[axis] * x->strides[axis];
		int64_t index = ref_get_int(indices, walk.at[1]);

		ref_copy_element(y, walk.at[0], x, line + index_at(x, axis, index));
	}
}

/* Where in @x the tuple of @count indices at element @at of @indices points, which are for the
 * dimensions from @first on. */
static int64_t tuple_at(const struct edge_view *x, int first, const struct edge_view *indices,
			int64_t at, int64_t count)
{
	int64_t from = 0;

	for (int64_t i = 0; i < count; i++)
		from += index_at(x, first + i,
				 ref_get_int(indices,
					     at + i * indices->strides[indices->rank - 1]));
	return from;
}

void ref_gather_nd(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *indices = &call->in[1], *y = &call->out[0];
	int batch = call->params->gather_nd.batch_dims, outer = indices->rank - 1;
	int64_t count = indices->dims[outer];
	struct edge_view slice = ref_view_dims(x, batch + count, x->rank - batch - count);
	struct edge_view to = ref_view_dims(y, outer, y->rank - outer);
	struct ref_walk walk;

	ref_walk_init(&walk, outer, indices->dims);
	ref_walk_add_strides(&walk, indices->strides);
	ref_walk_add_strides(&walk, y->strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t from = tuple_at(x, batch, indices, walk.at[0], count);
		struct edge_view source, target = ref_view_at(&to, walk.at[1]);

		for (int d = 0; d < batch; d++)
			from += walk.index[d] * x->strides[d];
		source = ref_view_at(&slice, from);
		ref_copy(&target, &source);
	}
}

enum { REDUCTION_NONE, REDUCTION_ADD, REDUCTION_MUL };

static void scatter(int reduction, const struct edge_view *y, int64_t at,
		    const struct edge_view *updates, int64_t from)
{
	if (reduction == REDUCTION_NONE) {
		ref_copy_element(y, at, updates, from);
	} else if (ref_is_float(y->type)) {
		float a = ref_get(y, at), b = ref_get(updates, from);

		ref_set(y, at, reduction == REDUCTION_ADD ? a + b : a * b);
	} else {
		int64_t a = ref_get_int(y, at), b = ref_get_int(updates, from);

		ref_set_int(y, at,
			    reduction == REDUCTION_ADD ? ref_add_int(a, b) : ref_mul_int(a, b));
	}
}

void ref_scatter_elements(const struct ref_call *call)
{
	const struct edge_view *indices = &call->in[1], *updates = &call->in[2];
	const struct edge_view *y = &call->out[0];
	int axis = call->params->scatter.axis;
	struct ref_walk walk;

	ref_copy(y, &call->in[0]);
	ref_walk_init(&walk, indices->rank, indices->dims);
	ref_walk_add(&walk, indices);
	ref_walk_add_strides(&walk, updates->strides);
	ref_walk_add_strides(&walk, y->strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t line = walk.at[2] - walk.index[axis] * y->strides[axis];
		int64_t index = ref_get_int(indices, walk.at[0]);

		scatter(call->params->scatter.reduction, y, line + index_at(y, axis, index),
			updates, walk.at[1]);
	}
}

void ref_scatter_nd(const struct ref_call *call)
{
	const struct edge_view *indices = &call->in[1], *updates = &call->in[2];
	const struct edge_view *y = &call->out[0];
	int outer = indices->rank - 1;
	int64_t count = indices->dims[outer];
	struct ref_walk walk, slice;

	ref_copy(y, &call->in[0]);
	ref_walk_init(&walk, outer, indices->dims);
	ref_walk_add_strides(&walk, indices->strides);
	ref_walk_add_strides(&walk, updates->strides);
	ref_walk_init(&slice, y->rank - count, y->dims + count);
	ref_walk_add_strides(&slice, y->strides + count);
	ref_walk_add_strides(&slice, updates->strides + outer);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t start[] = { tuple_at(y, 0, indices, walk.at[0], count), walk.at[1] };

		for (ref_walk_rewind(&slice, start); !slice.done; ref_walk_next(&slice))
			scatter(call->params->scatter.reduction, y, slice.at[0], updates,
				slice.at[1]);
	}
}

void ref_one_hot(const struct ref_call *call)
{
	const struct edge_view *indices = &call->in[0], *values = &call->in[2], *y = &call->out[0];
	int axis = call->params->axis.axis;
	int64_t depth = y->dims[axis], strides[EDGE_MAX_RANK];
	struct ref_walk walk;

	for (int d = 0; d < y->rank; d++)
		strides[d] = d < axis	? indices->strides[d]
			     : d > axis ? indices->strides[d - 1]
					: 0;
	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add_strides(&walk, strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t index = ref_is_float(indices->type)
					? ref_to_int(ref_get(indices, walk.at[1]))
					: ref_get_int(indices, walk.at[1]);
		bool on = walk.index[axis] == (index < 0 ? index + depth : index);

		ref_copy_element(y, walk.at[0], values, on ? values->strides[0] : 0);
	}
}

void ref_range(const struct ref_call *call)
{
	const struct edge_view *start = &call->in[0], *delta = &call->in[2], *y = &call->out[0];

	for (int64_t i = 0; i < y->dims[0]; i++) {
		int64_t at = i * y->strides[0];

		if (ref_is_float(y->type))
			ref_set(y, at, ref_get(start, 0) + i * ref_get(delta, 0));
		else
			ref_set_int(y, at,
				    ref_add_int(ref_get_int(start, 0),
						ref_mul_int(i, ref_get_int(delta, 0))));
	}
}
