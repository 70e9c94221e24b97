// SPDX-License-Identifier: MIT
#include "ref/quant.h"

#include "graph/range.h"

void ref_products_init(struct ref_products *products, const struct ref_call *call)
{
	const struct edge_node *node = call->node;

	*products = (struct ref_products) {
		.x = node->inputs[0],
		.weight = node->inputs[1],
		.rounding = node->rounding,
		.requantises = ref_is_quantised(call),
	};
	if (!products->requantises)
		return;
	if (node->op == EDGE_OP_CONV && ref_has_input(call, 4))
		products->table = &call->in[4];
	edge_node_range(node, &products->range, &products->scale);
}

void ref_products_store(const struct ref_products *products, const struct edge_view *y, int64_t at,
			int64_t m, int32_t sum)
{
	struct edge_multiplier multiplier;
	int32_t stored;

	if (!products->requantises) {
		ref_set_int(y, at, sum);
		return;
	}
	multiplier = edge_multiplier_of(products->rounding, ref_scale(products->x, 0),
					ref_scale(products->weight, m), products->scale);
	stored = edge_range_store(&products->range, edge_multiply(sum, &multiplier));
	if (products->table)
		stored = (int32_t)ref_get_int(products->table,
					      (uint8_t)stored * products->table->strides[0]);
	ref_set_int(y, at, stored);
}

/* A view's place along the dimension that its pairs run along. */
static int64_t channel_of(const struct edge_tensor *tensor, const struct ref_walk *walk)
{
	return tensor->quant->axis < 0 ? 0 : walk->index[tensor->quant->axis];
}

void ref_quantize(const struct ref_call *call)
{
	const struct edge_tensor *to = call->node->outputs[0];
	const enum edge_rounding rounding = call->node->rounding;
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	struct edge_range range = edge_tensor_range(to);
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		const int64_t channel = channel_of(to, &walk);
		const float scaled = ref_get(x, walk.at[1]) / ref_scale(to, channel);

		range.zero_point = ref_zero_point(to, channel);
		ref_set_int(y, walk.at[0],
			    edge_range_store(&range, edge_round_float(rounding, scaled)));
	}
}

void ref_dequantize(const struct ref_call *call)
{
	const struct edge_tensor *from = call->node->inputs[0];
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		const int64_t channel = channel_of(from, &walk);
		const int64_t stored = ref_get_int(x, walk.at[1]);

		ref_set(y, walk.at[0],
			(float)(stored - ref_zero_point(from, channel)) * ref_scale(from, channel));
	}
}

void ref_lookup(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *table = &call->in[1], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		const uint8_t entry = ((const uint8_t *)x->data)[walk.at[1]];

		ref_copy_element(y, walk.at[0], table, entry * table->strides[0]);
	}
}
