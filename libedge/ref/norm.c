// SPDX-License-Identifier: MIT
#include "ref/ops.h"

/* Sums are kept in double: the variance is a small difference over many elements. */
struct moments {
	double mean, variance;
};

/* Of the elements of @view that lie at or after element @at. */
static struct moments moments_of(const struct edge_view *view, int64_t at)
{
	struct moments moments = { 0, 0 };
	int64_t count = ref_view_elements(view);
	struct ref_walk walk;

	ref_walk_init(&walk, view->rank, view->dims);
	ref_walk_add(&walk, view);
	for (ref_walk_rewind(&walk, &at); !walk.done; ref_walk_next(&walk))
		moments.mean += ref_get(view, walk.at[0]);
	moments.mean /= count;
	for (ref_walk_rewind(&walk, &at); !walk.done; ref_walk_next(&walk)) {
		double distance = ref_get(view, walk.at[0]) - moments.mean;

		moments.variance += distance * distance;
	}
	moments.variance /= count;
	return moments;
}

static float get_channel(const struct edge_view *view, int64_t c)
{
	return ref_get(view, c * view->strides[0]);
}

/* A walk over out[0]; operand 0 is it, operand 1 the input. */
static void walk_elements(struct ref_walk *walk, const struct ref_call *call)
{
	ref_walk_init(walk, call->out[0].rank, call->out[0].dims);
	ref_walk_add(walk, &call->out[0]);
	ref_walk_add(walk, &call->in[0]);
}

void ref_batch_norm(const struct ref_call *call)
{
	struct ref_walk walk;

	for (walk_elements(&walk, call); !walk.done; ref_walk_next(&walk)) {
		int64_t c = walk.rank > 1 ? walk.index[1] : 0;
		float deviation = sqrtf(get_channel(&call->in[4], c) + call->params->norm.epsilon);
		float value = ref_get(&call->in[0], walk.at[1]) - get_channel(&call->in[3], c);

		value = get_channel(&call->in[1], c) * value / deviation;
		ref_set(&call->out[0], walk.at[0], value + get_channel(&call->in[2], c));
	}
}

static void normalise_plane(const struct ref_call *call, int64_t n, int64_t c)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	int64_t start[] = { n * y->strides[0] + c * y->strides[1],
			    n * x->strides[0] + c * x->strides[1] };
	struct edge_view in = ref_view_dims(x, 2, x->rank - 2);
	struct edge_view out = ref_view_dims(y, 2, y->rank - 2);
	struct moments moments = moments_of(&in, start[1]);
	double factor =
		get_channel(&call->in[1], c) / sqrt(moments.variance + call->params->norm.epsilon);
	struct ref_walk walk;

	ref_walk_init(&walk, out.rank, out.dims);
	ref_walk_add(&walk, &out);
	ref_walk_add(&walk, &in);
	for (ref_walk_rewind(&walk, start); !walk.done; ref_walk_next(&walk))
		ref_set(&out, walk.at[0],
			(ref_get(&in, walk.at[1]) - moments.mean) * factor +
				get_channel(&call->in[2], c));
}

void ref_instance_norm(const struct ref_call *call)
{
	for (int64_t n = 0; n < call->in[0].dims[0]; n++)
		for (int64_t c = 0; c < call->in[0].dims[1]; c++)
			normalise_plane(call, n, c);
}

/* One group of elements of LayerNormalization: those of the inner dimensions at @start. */
static void normalise_layer(const struct ref_call *call, int axis, const int64_t *start,
			    struct moments moments)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	struct edge_view in = ref_view_dims(x, axis, x->rank - axis);
	struct edge_view out = ref_view_dims(y, axis, y->rank - axis);
	double inverse = 1 / sqrt(moments.variance + call->params->norm.epsilon);
	int64_t at[] = { start[0], start[1], 0, 0 };
	struct ref_walk walk;

	ref_walk_init(&walk, out.rank, out.dims);
	ref_walk_add(&walk, &out);
	ref_walk_add(&walk, &in);
	ref_walk_add(&walk, &call->in[1]);
	if (ref_has_input(call, 2))
		ref_walk_add(&walk, &call->in[2]);
	for (ref_walk_rewind(&walk, at); !walk.done; ref_walk_next(&walk)) {
		double value = (ref_get(&in, walk.at[1]) - moments.mean) * inverse;

		value *= ref_get(&call->in[1], walk.at[2]);
		if (ref_has_input(call, 2))
			value += ref_get(&call->in[2], walk.at[3]);
		ref_set(&out, walk.at[0], value);
	}
}

void ref_layer_norm(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0];
	int axis = call->params->norm.axis;
	struct edge_view inner = ref_view_dims(x, axis, x->rank - axis);
	struct ref_walk walk;

	/* Outputs 1 and 2 have the shape of x with ones from the axis on. */
	ref_walk_init(&walk, x->rank, x->dims);
	for (int d = axis; d < x->rank; d++)
		ref_walk_skip(&walk, d);
	ref_walk_add(&walk, &call->out[0]);
	ref_walk_add(&walk, x);
	for (int i = 1; i < call->node->num_outputs; i++)
		ref_walk_add(&walk, &call->out[i]);
	for (; !walk.done; ref_walk_next(&walk)) {
		struct moments moments = moments_of(&inner, walk.at[1]);

		normalise_layer(call, axis, walk.at, moments);
		if (ref_has_output(call, 1))
			ref_set(&call->out[1], walk.at[2], moments.mean);
		if (ref_has_output(call, 2))
			ref_set(&call->out[2], walk.at[3],
				1 / sqrt(moments.variance + call->params->norm.epsilon));
	}
}

void ref_lrn(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0];
	int64_t before = (call->params->lrn.size - 1) / 2, after = call->params->lrn.size / 2;
	struct ref_walk walk;

	for (walk_elements(&walk, call); !walk.done; ref_walk_next(&walk)) {
		int64_t c = walk.index[1];
		int64_t first = ref_clamp(c - before, 0, c);
		int64_t last = ref_clamp(c + after, c, x->dims[1] - 1);
		double sum = 0;

		for (int64_t i = first; i <= last; i++) {
			float value = ref_get(x, walk.at[1] + (i - c) * x->strides[1]);

			sum += value * value;
		}
		sum *= call->params->lrn.alpha / call->params->lrn.size;
		ref_set(&call->out[0], walk.at[0],
			ref_get(x, walk.at[1]) /
				pow(call->params->lrn.bias + sum, call->params->lrn.beta));
	}
}
