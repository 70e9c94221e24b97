// SPDX-License-Identifier: MIT
#include "graph/range.h"
#include "ref/quant.h"
#include "ref/window.h"

struct pool {
	struct ref_image x, y;
	struct ref_window window;
	struct ref_walk walk; /* over the outputs */
};

static void pool_init(struct pool *pool, const struct ref_call *call)
{
	ref_image_init(&pool->x, &call->in[0]);
	ref_image_init(&pool->y, &call->out[0]);
	ref_window_of_pool(&pool->window, call->params, &pool->x, call->in[0].rank - 2);
	ref_image_walk(&pool->walk, &pool->y);
}

/* A walk over the inputs under the window of the current output. Operand 0 is x. */
static void pool_taps(const struct pool *pool, struct ref_walk *walk, struct ref_taps *taps)
{
	int64_t count[EDGE_MAX_SPATIAL], steps[EDGE_MAX_SPATIAL];
	const struct ref_image *x = &pool->x;
	int64_t start;

	ref_window_taps(&pool->window, x, &pool->walk.index[2], taps);
	for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
		count[d] = taps->end[d] > taps->first[d] ? taps->end[d] - taps->first[d] : 0;
		steps[d] = pool->window.dilation[d] * x->stride[d];
	}
	start = pool->walk.index[0] * x->n_stride + pool->walk.index[1] * x->c_stride + taps->at;
	ref_walk_init(walk, EDGE_MAX_SPATIAL, count);
	ref_walk_add_strides(walk, steps);
	ref_walk_rewind(walk, &start);
}

/* Number of the input under tap @tap in x without its padding, as ONNX counts. */
static int64_t flat_index(const struct pool *pool, const struct ref_taps *taps, const int64_t *tap,
			  bool column_major)
{
	const struct ref_image *x = &pool->x;
	const struct ref_window *window = &pool->window;
	int64_t index = 0, planes = pool->walk.index[0] * x->c + pool->walk.index[1];

	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		int d = column_major ? EDGE_MAX_SPATIAL - 1 - i : i;
		int64_t place = pool->walk.index[2 + d] * window->stride[d] - window->pad_begin[d] +
				(taps->first[d] + tap[d]) * window->dilation[d];

		index = index * x->size[d] + place;
	}
	return planes * x->size[0] * x->size[1] * x->size[2] + index;
}

void ref_max_pool(const struct ref_call *call)
{
	bool floats = ref_is_float(call->in[0].type);
	struct ref_walk indices, walk;
	struct ref_taps taps;
	struct pool pool;

	pool_init(&pool, call);
	if (ref_has_output(call, 1)) {
		struct ref_image image;

		ref_image_init(&image, &call->out[1]);
		ref_image_walk(&indices, &image);
	}
	for (; !pool.walk.done; ref_walk_next(&pool.walk)) {
		float best = -INFINITY;
		int64_t best_int = INT64_MIN, index = 0;

		for (pool_taps(&pool, &walk, &taps); !walk.done; ref_walk_next(&walk)) {
			float value = ref_get(&call->in[0], walk.at[0]);
			int64_t integer = floats ? 0 : ref_get_int(&call->in[0], walk.at[0]);

			if (floats ? !(value > best) : integer <= best_int)
				continue;
			best = value;
			best_int = integer;
			index = flat_index(&pool, &taps, walk.index,
					   call->params->pool.column_major);
		}
		if (floats)
			ref_set(&call->out[0], pool.walk.at[0], best);
		else
			ref_set_int(&call->out[0], pool.walk.at[0], best_int);
		if (ref_has_output(call, 1)) {
			ref_set_int(&call->out[1], indices.at[0], index);
			ref_walk_next(&indices);
		}
	}
}

/* Taps of the window at the current output that lie inside the padded image: with ceil_mode the
 * last window may hang out of it. */
static int64_t padded_taps(const struct pool *pool)
{
	const struct ref_window *window = &pool->window;
	int64_t count = 1;

	for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
		int64_t start = pool->walk.index[2 + d] * window->stride[d];
		int64_t room = pool->x.size[d] + window->pad_begin[d] + window->pad_end[d] - start;
		int64_t taps = (room + window->dilation[d] - 1) / window->dilation[d];

		count *= ref_clamp(taps, 0, window->kernel[d]);
	}
	return count;
}

/*
 * The average of @count values whose sum, the zero point taken off each, is @sum. TensorFlow Lite
 * divides the sum of what is stored where both sides have the same pair, and scales else.
 */
static int32_t average_bytes(const struct edge_node *node, int32_t sum, int32_t count, float scale)
{
	const struct edge_tensor *x = node->inputs[0];
	const float from = ref_scale(x, 0);
	struct edge_multiplier multiplier;

	if (!count)
		return 0;
	if (node->rounding == EDGE_ROUND_FIXED && edge_tensor_same_quant(x, node->outputs[0])) {
		const int32_t stored = sum + count * ref_zero_point(x, 0);

		return (stored + (stored < 0 ? -(count / 2) : count / 2)) / count -
		       ref_zero_point(x, 0);
	}
	if (node->rounding == EDGE_ROUND_FIXED)
		multiplier = edge_multiplier_fixed((double)from / ((double)scale * count));
	else
		multiplier = (struct edge_multiplier) { .real = from / scale / (float)count };
	return edge_multiply(sum, &multiplier);
}

static void average_pool_bytes(const struct ref_call *call)
{
	const int32_t zero_point = ref_zero_point(call->node->inputs[0], 0);
	struct edge_range range;
	struct ref_walk walk;
	struct ref_taps taps;
	struct pool pool;
	float scale;

	edge_node_range(call->node, &range, &scale);
	for (pool_init(&pool, call); !pool.walk.done; ref_walk_next(&pool.walk)) {
		int32_t sum = 0;
		int64_t count = 0;

		for (pool_taps(&pool, &walk, &taps); !walk.done; ref_walk_next(&walk)) {
			sum = edge_wrap_add(sum, (int32_t)ref_get_int(&call->in[0], walk.at[0]) -
							 zero_point);
			count++;
		}
		if (call->params->pool.count_include_pad)
			count = padded_taps(&pool);
		ref_set_int(&call->out[0], pool.walk.at[0],
			    edge_range_store(&range, average_bytes(call->node, sum, (int32_t)count,
								   scale)));
	}
}

void ref_average_pool(const struct ref_call *call)
{
	struct ref_walk walk;
	struct ref_taps taps;
	struct pool pool;

	if (ref_is_quantised(call)) {
		average_pool_bytes(call);
		return;
	}
	pool_init(&pool, call);
	for (; !pool.walk.done; ref_walk_next(&pool.walk)) {
		int64_t count = 0;
		double sum = 0;

		for (pool_taps(&pool, &walk, &taps); !walk.done; ref_walk_next(&walk)) {
			sum += ref_get(&call->in[0], walk.at[0]);
			count++;
		}
		if (call->params->pool.count_include_pad)
			count = padded_taps(&pool);
		ref_set(&call->out[0], pool.walk.at[0], count > 0 ? sum / count : 0);
	}
}

void ref_lp_pool(const struct ref_call *call)
{
	int p = call->params->pool.p;
	struct ref_walk walk;
	struct ref_taps taps;
	struct pool pool;

	pool_init(&pool, call);
	for (; !pool.walk.done; ref_walk_next(&pool.walk)) {
		double sum = 0;

		for (pool_taps(&pool, &walk, &taps); !walk.done; ref_walk_next(&walk))
			sum += pow(fabs(ref_get(&call->in[0], walk.at[0])), p);
		ref_set(&call->out[0], pool.walk.at[0], pow(sum, 1.0 / p));
	}
}
