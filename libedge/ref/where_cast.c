// SPDX-License-Identifier: MIT
#include "ref/ops.h"

void ref_where(const struct ref_call *call)
{
	const struct edge_view *condition = &call->in[0], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	for (int i = 0; i < 3; i++)
		ref_walk_add(&walk, &call->in[i]);
	for (; !walk.done; ref_walk_next(&walk)) {
		int chosen = ref_get_int(condition, walk.at[1]) ? 1 : 2;

		ref_copy_element(y, walk.at[0], &call->in[chosen], walk.at[1 + chosen]);
	}
}

/* To u8 and i8 without saturation an integer keeps its low bits, as if cast from i64. */
static void cast_float(const struct edge_view *y, int64_t at, float value, bool saturate)
{
	bool wraps = !saturate && (y->type == EDGE_U8 || y->type == EDGE_I8);

	if (wraps)
		ref_set_int(y, at, ref_to_int(value));
	else
		ref_set(y, at, value);
}

static void cast_int(const struct edge_view *y, int64_t at, int64_t value)
{
	if (ref_is_float(y->type))
		ref_set(y, at, value);
	else
		ref_set_int(y, at, value);
}

void ref_cast(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		if (ref_is_float(x->type))
			cast_float(y, walk.at[0], ref_get(x, walk.at[1]),
				   call->params->cast.saturate);
		else
			cast_int(y, walk.at[0], ref_get_int(x, walk.at[1]));
	}
}
