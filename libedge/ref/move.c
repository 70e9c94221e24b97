// SPDX-License-Identifier: MIT
/* What moves elements without looking at them. */
#include "ref/ops.h"

void ref_concat(const struct ref_call *call)
{
	int axis = call->params->axis.axis;
	int64_t start = 0;

	for (int i = 0; i < call->node->num_inputs; i++) {
		int64_t size = call->in[i].dims[axis];
		struct edge_view part = ref_view_part(&call->out[0], axis, start, size, 1);

		ref_copy(&part, &call->in[i]);
		start += size;
	}
}

void ref_split(const struct ref_call *call)
{
	int axis = call->params->axis.axis;
	int64_t start = 0;

	for (int i = 0; i < call->node->num_outputs; i++) {
		int64_t size = call->out[i].dims[axis];
		struct edge_view part = ref_view_part(&call->in[0], axis, start, size, 1);

		if (call->out[i].data)
			ref_copy(&call->out[i], &part);
		start += size;
	}
}

void ref_slice(const struct ref_call *call)
{
	struct edge_view part = call->in[0];

	for (int d = 0; d < part.rank; d++)
		part = ref_view_part(&part, d, call->params->slice.start[d], call->out[0].dims[d],
				     call->params->slice.step[d]);
	ref_copy(&call->out[0], &part);
}

void ref_transpose(const struct ref_call *call)
{
	struct edge_view turned = call->in[0];

	for (int d = 0; d < turned.rank; d++) {
		int from = call->params->transpose.perm[d];

		turned.dims[d] = call->in[0].dims[from];
		turned.strides[d] = call->in[0].strides[from];
	}
	ref_copy(&call->out[0], &turned);
}

void ref_reshape(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	struct ref_walk from, to;

	ref_walk_init(&from, x->rank, x->dims);
	ref_walk_add(&from, x);
	ref_walk_init(&to, y->rank, y->dims);
	ref_walk_add(&to, y);
	for (; !to.done; ref_walk_next(&to), ref_walk_next(&from))
		ref_copy_element(y, to.at[0], x, from.at[0]);
}

/* ref_copy() broadcasts. */
void ref_expand(const struct ref_call *call)
{
	ref_copy(&call->out[0], &call->in[0]);
}

void ref_copy_op(const struct ref_call *call)
{
	ref_copy(&call->out[0], &call->in[0]);
}

void ref_tile(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	int64_t repeats[EDGE_MAX_RANK], strides[EDGE_MAX_RANK];
	struct edge_view first = *y;
	struct ref_walk walk;

	for (int d = 0; d < x->rank; d++) {
		first.dims[d] = x->dims[d];
		strides[d] = x->dims[d] * y->strides[d];
		repeats[d] = x->dims[d] ? y->dims[d] / x->dims[d] : 0;
	}
	ref_walk_init(&walk, x->rank, repeats);
	ref_walk_add_strides(&walk, strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		struct edge_view tile = ref_view_at(&first, walk.at[0]);

		ref_copy(&tile, x);
	}
}

static int64_t reflect(int64_t index, int64_t size)
{
	int64_t period = 2 * (size - 1);

	if (!period)
		return 0;
	index = ((index % period) + period) % period;
	return index < size ? index : period - index;
}

/* Index into a dimension of x, @size long, for @index counted from its start; -1: the value. */
static int64_t pad_source(enum edge_pad_mode mode, int64_t index, int64_t size)
{
	if (mode == EDGE_PAD_REFLECT)
		return reflect(index, size);
	if (mode == EDGE_PAD_EDGE)
		return ref_clamp(index, 0, size - 1);
	return index < 0 || index >= size ? -1 : index;
}

void ref_pad(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	const int64_t zero = 0;
	struct edge_view value = { .type = x->type, .data = (void *)&zero };
	struct ref_walk walk;

	if (ref_has_input(call, 1))
		value.data = call->in[1].data;
	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t from = 0;
		bool inside = true;

		for (int d = 0; d < y->rank; d++) {
			int64_t i = pad_source(call->params->pad.mode,
					       walk.index[d] - call->params->pad.begin[d],
					       x->dims[d]);

			inside &= i >= 0;
			from += i * x->strides[d];
		}
		ref_copy_element(y, walk.at[0], inside ? x : &value, inside ? from : 0);
	}
}

/* @view[N, C, H, W] as seen by blocks of @size x @size: [N, block row, block column, C / size^2,
 * H, W] for the one with the many channels, @packed, the same order of dimensions for the other. */
static struct edge_view block_view(const struct edge_view *view, int64_t size, bool packed,
				   bool column_row_depth)
{
	struct edge_view blocks = { .type = view->type, .rank = 6, .data = view->data };
	int64_t channels = packed ? view->dims[1] / (size * size) : view->dims[1];
	int64_t shrink = packed ? 1 : size;
	const int64_t *strides = view->strides;
	int64_t depth_step = column_row_depth ? size * size : 1;
	int64_t block_step = column_row_depth ? 1 : channels;
	const int64_t dims[] = {
		view->dims[0], size, size, channels, view->dims[2] / shrink, view->dims[3] / shrink
	};
	const int64_t steps[] = {
		strides[0],
		packed ? strides[1] * block_step * size : strides[2],
		packed ? strides[1] * block_step : strides[3],
		packed ? strides[1] * depth_step : strides[1],
		strides[2] * shrink,
		strides[3] * shrink,
	};

	memcpy(blocks.dims, dims, sizeof(dims));
	memcpy(blocks.strides, steps, sizeof(steps));
	return blocks;
}

void ref_depth_to_space(const struct ref_call *call)
{
	int64_t size = call->params->block.size;
	bool column_row_depth = call->params->block.column_row_depth;
	struct edge_view from = block_view(&call->in[0], size, true, column_row_depth);
	struct edge_view to = block_view(&call->out[0], size, false, column_row_depth);

	ref_copy(&to, &from);
}

void ref_space_to_depth(const struct ref_call *call)
{
	int64_t size = call->params->block.size;
	struct edge_view from = block_view(&call->in[0], size, false, false);
	struct edge_view to = block_view(&call->out[0], size, true, false);

	ref_copy(&to, &from);
}

void ref_trilu(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	int64_t k = call->params->trilu.k;
	const int64_t zero = 0;
	struct edge_view nothing = { .type = x->type, .data = (void *)&zero };
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t above = walk.index[y->rank - 1] - walk.index[y->rank - 2];
		bool kept = call->params->trilu.upper ? above >= k : above <= k;

		ref_copy_element(y, walk.at[0], kept ? x : &nothing, kept ? walk.at[1] : 0);
	}
}

void ref_reverse_sequence(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0], *lengths = &call->in[1];
	int batch = call->params->reverse.batch_axis, time = call->params->reverse.time_axis;
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t length =
			ref_clamp(ref_get_int(lengths, walk.index[batch] * lengths->strides[0]), 0,
				  x->dims[time]);
		int64_t now = walk.index[time];
		int64_t from = now < length ? length - 1 - now : now;

		ref_copy_element(y, walk.at[0], x, walk.at[1] + (from - now) * x->strides[time]);
	}
}
