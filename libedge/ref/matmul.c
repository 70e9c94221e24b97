// SPDX-License-Identifier: MIT
#include "ref/quant.h"

/* Steps from one product to the next along K. */
struct line {
	int64_t count, a_step, b_step;
};

static inline __attribute__((always_inline)) float dot(const void *a, int64_t a_at, const void *b,
						       int64_t b_at, const struct line *k,
						       enum edge_type type)
{
	float sum = 0;

	for (int64_t i = 0; i < k->count; i++)
		sum += ref_load(type, a, a_at + i * k->a_step) *
		       ref_load(type, b, b_at + i * k->b_step);
	return sum;
}

static int64_t dot_int(const struct edge_view *a, int64_t a_at, const struct edge_view *b,
		       int64_t b_at, const struct line *k)
{
	int64_t sum = 0;

	for (int64_t i = 0; i < k->count; i++)
		sum = ref_add_int(sum, ref_mul_int(ref_get_int(a, a_at + i * k->a_step),
						   ref_get_int(b, b_at + i * k->b_step)));
	return sum;
}

/* @view as it is used: its last two dimensions swapped if asked for. */
static struct edge_view operand(const struct edge_view *view, bool transpose)
{
	struct edge_view used = *view;
	int rows = view->rank - 2, columns = view->rank - 1;

	if (transpose) {
		used.dims[rows] = view->dims[columns];
		used.dims[columns] = view->dims[rows];
		used.strides[rows] = view->strides[columns];
		used.strides[columns] = view->strides[rows];
	}
	return used;
}

/* Takes K out of both, so that a walk over the outputs broadcasts them. */
static struct line take_line(struct edge_view *a, struct edge_view *b)
{
	int a_k = a->rank - 1, b_k = b->rank - 2;
	struct line line = { a->dims[a_k], a->strides[a_k], b->strides[b_k] };

	a->dims[a_k] = 1;
	b->dims[b_k] = 1;
	return line;
}

static void store_float(const struct ref_call *call, const struct ref_walk *walk, float product)
{
	float value = call->params->matmul.alpha * product;

	if (ref_has_input(call, 2))
		value += call->params->matmul.beta * ref_get(&call->in[2], walk->at[3]);
	ref_set(&call->out[0], walk->at[0], value);
}

static void store_int(const struct ref_call *call, const struct ref_walk *walk, int64_t product)
{
	if (ref_has_input(call, 2))
		product = ref_add_int(product, ref_get_int(&call->in[2], walk->at[3]));
	ref_set_int(&call->out[0], walk->at[0], product);
}

/* Where the bytes' sums go. The last index is the output's column, along which b may have pairs. */
static void multiply_bytes(const struct ref_call *call, const struct edge_view *a,
			   const struct edge_view *b, const struct line *k, struct ref_walk *walk)
{
	struct ref_products products;

	ref_products_init(&products, call);
	for (; !walk->done; ref_walk_next(walk)) {
		const int64_t m = walk->index[walk->rank - 1];
		int32_t sum = 0;

		for (int64_t i = 0; i < k->count; i++)
			sum = edge_wrap_add(
				sum, ref_product(&products, m,
						 ref_get_int(a, walk->at[1] + i * k->a_step),
						 ref_get_int(b, walk->at[2] + i * k->b_step)));
		if (ref_has_input(call, 2))
			sum = edge_wrap_add(sum, (int32_t)ref_get_int(&call->in[2], walk->at[3]));
		ref_products_store(&products, &call->out[0], walk->at[0], m, sum);
	}
}

void ref_matmul(const struct ref_call *call)
{
	struct edge_view a = operand(&call->in[0], call->params->matmul.transpose_a);
	struct edge_view b = operand(&call->in[1], call->params->matmul.transpose_b);
	struct line k = take_line(&a, &b);
	struct ref_walk walk;

	ref_walk_init(&walk, call->out[0].rank, call->out[0].dims);
	ref_walk_add(&walk, &call->out[0]);
	ref_walk_add(&walk, &a);
	ref_walk_add(&walk, &b);
	if (ref_has_input(call, 2))
		ref_walk_add(&walk, &call->in[2]);
	if (a.type == EDGE_U8 || a.type == EDGE_I8) {
		multiply_bytes(call, &a, &b, &k, &walk);
		return;
	}
	for (; !walk.done; ref_walk_next(&walk)) {
		if (a.type == EDGE_F32)
			store_float(call, &walk,
				    dot(a.data, walk.at[1], b.data, walk.at[2], &k, EDGE_F32));
		else if (a.type == EDGE_F16)
			store_float(call, &walk,
				    dot(a.data, walk.at[1], b.data, walk.at[2], &k, EDGE_F16));
		else
			store_int(call, &walk, dot_int(&a, walk.at[1], &b, walk.at[2], &k));
	}
}
