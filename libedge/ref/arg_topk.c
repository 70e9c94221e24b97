// SPDX-License-Identifier: MIT
#include "ref/ops.h"
#include "ref/order.h"

/* The index of the first (or last) extreme element of each line along the axis. */
static void arg_extreme(const struct ref_call *call, bool descending)
{
	const struct edge_view *x = &call->in[0];
	int axis = call->params->arg.axis;
	struct edge_view indices = call->out[0];
	int64_t strides[EDGE_MAX_RANK];
	struct ref_walk walk;

	for (int d = 0; d < x->rank; d++) {
		int kept = d > axis && !call->params->arg.keep_dims ? d - 1 : d;

		strides[d] = d == axis ? 0 : indices.strides[kept];
	}
	ref_walk_init(&walk, x->rank, x->dims);
	ref_walk_skip(&walk, axis);
	ref_walk_add_strides(&walk, strides);
	ref_walk_add_strides(&walk, x->strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t best = 0, best_key = INT64_MAX;

		for (int64_t i = 0; i < x->dims[axis]; i++) {
			int64_t key =
				ref_order_key(x, walk.at[1] + i * x->strides[axis], descending);

			if (key < best_key || (key == best_key && call->params->arg.select_last)) {
				best = i;
				best_key = key;
			}
		}
		ref_set_int(&indices, walk.at[0], best);
	}
}

void ref_arg_max(const struct ref_call *call)
{
	arg_extreme(call, true);
}

void ref_arg_min(const struct ref_call *call)
{
	arg_extreme(call, false);
}

size_t ref_top_k_scratch(const struct edge_node *node)
{
	int axis = node->params.top_k.axis;

	return node->outputs[0]->dims[axis] * sizeof(struct ref_entry);
}

void ref_top_k(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *values = &call->out[0], *indices = &call->out[1];
	int axis = call->params->top_k.axis;
	int64_t k = values->dims[axis];
	struct ref_entry *heap = call->scratch;
	struct ref_walk walk;

	/* Unsorted may be any order, so also this one. */
	ref_walk_init(&walk, x->rank, x->dims);
	ref_walk_skip(&walk, axis);
	ref_walk_add_strides(&walk, x->strides);
	ref_walk_add_strides(&walk, values->strides);
	if (ref_has_output(call, 1))
		ref_walk_add_strides(&walk, indices->strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t count = 0;

		for (int64_t i = 0; i < x->dims[axis]; i++) {
			int64_t at = walk.at[0] + i * x->strides[axis];
			int64_t key = ref_order_key(x, at, call->params->top_k.largest);

			ref_heap_offer(heap, &count, k, (struct ref_entry) { key, i });
		}
		ref_heap_sort(heap, count);
		for (int64_t i = 0; i < count; i++) {
			ref_copy_element(values, walk.at[1] + i * values->strides[axis], x,
					 walk.at[0] + heap[i].index * x->strides[axis]);
			if (ref_has_output(call, 1))
				ref_set_int(indices, walk.at[2] + i * indices->strides[axis],
					    heap[i].index);
		}
	}
}

void ref_cum_sum(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	int axis = call->params->cum_sum.axis;
	bool exclusive = call->params->cum_sum.exclusive;
	int64_t count = x->dims[axis];
	struct ref_walk walk;

	ref_walk_init(&walk, x->rank, x->dims);
	ref_walk_skip(&walk, axis);
	ref_walk_add_strides(&walk, x->strides);
	ref_walk_add_strides(&walk, y->strides);
	for (; !walk.done; ref_walk_next(&walk)) {
		double sum = 0;
		int64_t whole = 0;

		for (int64_t n = 0; n < count; n++) {
			int64_t i = call->params->cum_sum.reverse ? count - 1 - n : n;
			int64_t from = walk.at[0] + i * x->strides[axis];
			int64_t to = walk.at[1] + i * y->strides[axis];

			if (ref_is_float(x->type)) {
				double next = sum + ref_get(x, from);

				ref_set(y, to, exclusive ? sum : next);
				sum = next;
			} else {
				int64_t next = ref_add_int(whole, ref_get_int(x, from));

				ref_set_int(y, to, exclusive ? whole : next);
				whole = next;
			}
		}
	}
}
