// SPDX-License-Identifier: MIT
/* What moves elements without looking at them. */
#include "ref/move.h"
#include "ref/quant.h"

/* Of @whole, the part that @parts[index] takes after those before it. */
static struct edge_view axis_part(const struct edge_view *whole, int axis,
				  const struct edge_view *parts, int index)
{
	int64_t start = 0;

	for (int i = 0; i < index; i++)
		start += parts[i].dims[axis];
	return ref_view_part(whole, axis, start, parts[index].dims[axis], 1);
}

static struct edge_view broadcast(const struct edge_view *view, const struct edge_view *shape)
{
	struct edge_view wide = *shape;
	int missing = shape->rank - view->rank;

	wide.data = view->data;
	for (int d = 0; d < shape->rank; d++) {
		bool repeats = d < missing || view->dims[d - missing] == 1;

		wide.strides[d] = repeats ? 0 : view->strides[d - missing];
	}
	return wide;
}

/* @view[N, C, H, W] as [N, block row, block column, C / size^2, H, W], for the side that is
 * @packed, where blocks are channels, and for the other in the same order of dimensions. */
static struct edge_view block_view(const struct edge_view *view, const union edge_params *params,
				   bool packed)
{
	struct edge_view blocks = { .type = view->type, .rank = 6, .data = view->data };
	bool column_row_depth = params->block.column_row_depth;
	int64_t size = params->block.size;
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

struct edge_move edge_move_part(const struct edge_node *node, const struct edge_view *inputs,
				const struct edge_view *outputs, int index)
{
	const union edge_params *params = &node->params;
	struct edge_move move = { .to = outputs[0], .from = inputs[0] };

	switch (node->op) {
	case EDGE_OP_CONCAT:
		move.from = inputs[index];
		move.to = axis_part(&outputs[0], params->axis.axis, inputs, index);
		break;
	case EDGE_OP_SPLIT:
		move.to = outputs[index];
		move.from = axis_part(&inputs[0], params->axis.axis, outputs, index);
		break;
	case EDGE_OP_SLICE:
		for (int d = 0; d < move.to.rank; d++)
			move.from = ref_view_part(&move.from, d, params->slice.start[d],
						  move.to.dims[d], params->slice.step[d]);
		break;
	case EDGE_OP_TRANSPOSE:
		for (int d = 0; d < move.to.rank; d++) {
			move.from.dims[d] = inputs[0].dims[params->transpose.perm[d]];
			move.from.strides[d] = inputs[0].strides[params->transpose.perm[d]];
		}
		break;
	case EDGE_OP_EXPAND:
		move.from = broadcast(&inputs[0], &outputs[0]);
		break;
	case EDGE_OP_DEPTH_TO_SPACE:
		move.from = block_view(&inputs[0], params, true);
		move.to = block_view(&outputs[0], params, false);
		break;
	case EDGE_OP_SPACE_TO_DEPTH:
		move.from = block_view(&inputs[0], params, false);
		move.to = block_view(&outputs[0], params, true);
		break;
	default:
		break;
	}
	return move;
}

int edge_move_count(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONCAT:
		return node->num_inputs;
	case EDGE_OP_SPLIT:
		return node->num_outputs;
	case EDGE_OP_SLICE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_EXPAND:
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
	case EDGE_OP_COPY:
		return 1;
	default:
		return 0;
	}
}

void ref_move(const struct ref_call *call)
{
	for (int i = 0; i < edge_move_count(call->node); i++) {
		struct edge_move move = edge_move_part(call->node, call->in, call->out, i);

		if (move.to.data)
			ref_copy(&move.to, &move.from);
	}
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
	const int64_t zero = ref_is_quantised(call) ? ref_zero_point(call->node->inputs[0], 0) : 0;
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
