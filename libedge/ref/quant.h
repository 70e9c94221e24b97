/* SPDX-License-Identifier: MIT */
/*
 * What the references of quantised operators share; base/requant.h has the arithmetic.
 */
#ifndef EDGE_REF_QUANT_H
#define EDGE_REF_QUANT_H

#include "ref/ops.h"

/* Whether output 0 is quantised. */
static inline bool ref_is_quantised(const struct ref_call *call)
{
	return call->node->outputs[0] && call->node->outputs[0]->quant;
}

/* Pair @channel of @tensor; 1 and 0 where it has none. */
static inline float ref_scale(const struct edge_tensor *tensor, int64_t channel)
{
	const struct edge_quant *quant = tensor->quant;

	return quant ? quant->scales[quant->axis < 0 ? 0 : channel] : 1;
}

static inline int32_t ref_zero_point(const struct edge_tensor *tensor, int64_t channel)
{
	const struct edge_quant *quant = tensor->quant;

	return quant ? quant->zero_points[quant->axis < 0 ? 0 : channel] : 0;
}

/*
 * Sums of products, and where they go: as i32, or through a multiplier for each channel, the limits
 * of an activation, and a table.
 */
struct ref_products {
	const struct edge_tensor *x, *weight;
	enum edge_rounding rounding;
	bool requantises;
	float scale; /* of the byte before the table */
	struct edge_range range;
	const struct edge_view *table; /* NULL for none */
};

void ref_products_init(struct ref_products *products, const struct ref_call *call);

/* Stores @sum of output channel @m as element @at of @y. */
void ref_products_store(const struct ref_products *products, const struct edge_view *y, int64_t at,
			int64_t m, int32_t sum);

/* One product of the sum, of elements of x and weight as they are stored. */
static inline int32_t ref_product(const struct ref_products *products, int64_t m, int64_t x,
				  int64_t weight)
{
	return (int32_t)(x - ref_zero_point(products->x, 0)) *
	       (int32_t)(weight - ref_zero_point(products->weight, m));
}

void ref_conv_bytes(const struct ref_call *call);
void ref_binary_bytes(const struct ref_call *call);

#endif
