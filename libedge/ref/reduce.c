// SPDX-License-Identifier: MIT
#include "ref/ops.h"

/* Real sums are kept in double. exp() of what LogSumExp adds may be infinite even so: see shift. */
static double add(enum edge_reduction kind, double sum, double x)
{
	switch (kind) {
	case EDGE_REDUCE_MAX: /* NaN wins */
		return x > sum || x != x ? x : sum;
	case EDGE_REDUCE_MIN:
		return x < sum || x != x ? x : sum;
	case EDGE_REDUCE_PROD:
		return sum * x;
	case EDGE_REDUCE_L1:
		return sum + fabs(x);
	case EDGE_REDUCE_L2:
	case EDGE_REDUCE_SUM_SQUARE:
		return sum + x * x;
	case EDGE_REDUCE_LOG_SUM_EXP:
		return sum + exp(x);
	default:
		return sum + x;
	}
}

static double neutral(enum edge_reduction kind)
{
	switch (kind) {
	case EDGE_REDUCE_MAX:
		return -INFINITY;
	case EDGE_REDUCE_MIN:
		return INFINITY;
	default:
		return kind == EDGE_REDUCE_PROD;
	}
}

static double finish(enum edge_reduction kind, double sum, int64_t count)
{
	switch (kind) {
	case EDGE_REDUCE_MEAN:
		return sum / count;
	case EDGE_REDUCE_L2:
		return sqrt(sum);
	case EDGE_REDUCE_LOG_SUM:
	case EDGE_REDUCE_LOG_SUM_EXP:
		return log(sum);
	default:
		return sum;
	}
}

/* The walk goes over the elements to reduce. */
static double reduce(enum edge_reduction kind, const struct edge_view *x, struct ref_walk *walk,
		     int64_t start)
{
	double sum = neutral(kind), shift = 0;
	int64_t count = 0;

	if (kind == EDGE_REDUCE_LOG_SUM_EXP) {
		shift = reduce(EDGE_REDUCE_MAX, x, walk, start);
		if (isinf(shift))
			return shift;
	}
	for (ref_walk_rewind(walk, &start); !walk->done; ref_walk_next(walk)) {
		sum = add(kind, sum, ref_get(x, walk->at[0]) - shift);
		count++;
	}
	return finish(kind, sum, count) + shift;
}

static int64_t add_int(enum edge_reduction kind, int64_t sum, int64_t x)
{
	switch (kind) {
	case EDGE_REDUCE_MAX:
		return x > sum ? x : sum;
	case EDGE_REDUCE_MIN:
		return x < sum ? x : sum;
	case EDGE_REDUCE_PROD:
		return ref_mul_int(sum, x);
	case EDGE_REDUCE_L1:
		return ref_add_int(sum, x < 0 ? ref_mul_int(x, -1) : x);
	case EDGE_REDUCE_SUM_SQUARE:
		return ref_add_int(sum, ref_mul_int(x, x));
	default:
		return ref_add_int(sum, x);
	}
}

static int64_t reduce_int(enum edge_reduction kind, const struct edge_view *x,
			  struct ref_walk *walk, int64_t start)
{
	int64_t sum = kind == EDGE_REDUCE_PROD, count = 0;

	if (kind == EDGE_REDUCE_MAX || kind == EDGE_REDUCE_MIN)
		sum = ref_clamp_int(x->type, kind == EDGE_REDUCE_MAX ? INT64_MIN : INT64_MAX);
	for (ref_walk_rewind(walk, &start); !walk->done; ref_walk_next(walk)) {
		sum = add_int(kind, sum, ref_get_int(x, walk->at[0]));
		count++;
	}
	return kind == EDGE_REDUCE_MEAN && count ? sum / count : sum;
}

/* Whether integers stay integers all the way. */
static bool is_whole(enum edge_reduction kind)
{
	return kind != EDGE_REDUCE_L2 && kind != EDGE_REDUCE_LOG_SUM &&
	       kind != EDGE_REDUCE_LOG_SUM_EXP;
}

/* Where y lies along the dimensions of x: nowhere along those that are reduced. */
static void place_output(const struct ref_call *call, const bool *reduced, int64_t *strides)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	int kept = 0;

	for (int d = 0; d < x->rank; d++) {
		strides[d] = reduced[d] ? 0 : y->strides[kept];
		kept += !reduced[d] || call->params->reduce.keep_dims;
	}
}

void ref_reduce(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	int num_axes = call->params->reduce.num_axes;
	enum edge_reduction kind = call->params->reduce.kind;
	bool whole = !ref_is_float(x->type) && is_whole(kind);
	bool reduced[EDGE_MAX_RANK] = { false };
	int64_t outer_dims[EDGE_MAX_RANK], inner_dims[EDGE_MAX_RANK], strides[EDGE_MAX_RANK];
	struct ref_walk outer, inner;

	for (int i = 0; i < num_axes; i++)
		reduced[call->params->reduce.axes[i]] = true;
	for (int d = 0; d < x->rank; d++) {
		reduced[d] |= !num_axes;
		outer_dims[d] = reduced[d] ? 1 : x->dims[d];
		inner_dims[d] = reduced[d] ? x->dims[d] : 1;
	}
	place_output(call, reduced, strides);
	ref_walk_init(&outer, x->rank, outer_dims);
	ref_walk_add_strides(&outer, strides);
	ref_walk_add_strides(&outer, x->strides);
	ref_walk_init(&inner, x->rank, inner_dims);
	ref_walk_add_strides(&inner, x->strides);
	for (; !outer.done; ref_walk_next(&outer)) {
		int64_t at = outer.at[0], start = outer.at[1];

		if (whole)
			ref_set_int(y, at, reduce_int(kind, x, &inner, start));
		else
			ref_set(y, at, reduce(kind, x, &inner, start));
	}
}
