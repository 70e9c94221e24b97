// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>

#include "passes/quantise.h"
#include "passes/rewrite.h"

/* A scale in the file that should be a product of two others was rounded on the way. */
#define SCALE_TOLERANCE 1e-6

/* What rounding the bias to steps of the sum may change, in steps of the result. */
#define MAX_ERROR (1.0 / 64)

/* So that the sum still has room beside it. */
#define MAX_BIAS (1 << 30)

/* A bias and the steps in which it is added. */
struct bias {
	const struct edge_tensor *constant; /* f32, or i32 with a scale */
	const struct edge_tensor *x, *weight;
	int64_t columns; /* elements along the last dimension, which are those of the result */
	double beta;
};

/* Of the sum of products in output channel @m. */
static double step_of(const struct bias *bias, int64_t m)
{
	const struct edge_quant *weight = bias->weight->quant;

	return (double)bias->x->quant->scales[0] * weight->scales[weight->axis < 0 ? 0 : m];
}

/* The pair of element @i, which runs along the last dimension or is one for all. */
static int64_t pair_of(const struct bias *bias, int64_t i)
{
	return bias->constant->quant->axis < 0 ? 0 : i % bias->columns;
}

static double real_of(const struct bias *bias, int64_t i)
{
	const struct edge_quant *quant = bias->constant->quant;
	double stored;

	if (bias->constant->type == EDGE_F32)
		return bias->beta * ((const float *)bias->constant->data)[i];
	stored = ((const int32_t *)bias->constant->data)[i];
	return bias->beta * (stored - quant->zero_points[pair_of(bias, i)]) *
	       quant->scales[pair_of(bias, i)];
}

/* The constant behind @tensor: itself, or what dequantises to it. */
static const struct edge_tensor *constant_of(const struct edge_tensor *tensor)
{
	const struct edge_node *node = tensor->producer;

	if (node && node->op == EDGE_OP_DEQUANTIZE)
		tensor = node->inputs[0];
	if (!tensor->constant || !tensor->data || tensor->rank < 1)
		return NULL;
	if (tensor->type == EDGE_I32 && tensor->quant)
		return tensor->quant->axis < 0 || tensor->quant->axis == tensor->rank - 1 ? tensor
											  : NULL;
	return tensor->type == EDGE_F32 && !node ? tensor : NULL;
}

/* Whether the integers are in those steps already. */
static bool is_in_steps(const struct bias *bias)
{
	const struct edge_quant *quant = bias->constant->quant;

	if (bias->constant->type != EDGE_I32 || bias->beta != 1)
		return false;
	for (int64_t m = 0; m < bias->columns; m++) {
		const double step = step_of(bias, m), scale = quant->scales[pair_of(bias, m)];

		if (quant->zero_points[pair_of(bias, m)] ||
		    fabs(scale - step) > SCALE_TOLERANCE * step)
			return false;
	}
	return true;
}

/* Rounds to steps; false where that would show in a result of scale @scale. */
static bool round_to_steps(const struct bias *bias, float scale, int32_t *steps)
{
	const int64_t count = edge_tensor_elements(bias->constant);

	for (int64_t i = 0; i < count; i++) {
		const double step = step_of(bias, i % bias->columns), real = real_of(bias, i);
		const double rounded = nearbyint(real / step);

		if (!(fabs(rounded) <= MAX_BIAS) || fabs(rounded * step - real) > MAX_ERROR * scale)
			return false;
		steps[i] = (int32_t)rounded;
	}
	return true;
}

/* Whether each column of the result has its own element, for each row or for all. */
static bool fits(const struct bias *bias)
{
	const struct edge_tensor *constant = bias->constant;
	const struct edge_quant *weight = bias->weight->quant;

	return bias->columns > 0 && edge_tensor_elements(constant) > 0 &&
	       (weight->axis < 0 || bias->columns == weight->count);
}

bool edge_quantise_bias(struct edge_graph *graph, const struct edge_node *node,
			const struct edge_tensor *x, const struct edge_tensor *weight,
			const struct edge_tensor *y, struct edge_tensor **bias)
{
	struct bias from = { .constant = constant_of(*bias), .x = x, .weight = weight, .beta = 1 };
	struct edge_tensor *steps;

	*bias = NULL;
	if (!from.constant)
		return true;
	from.columns = from.constant->dims[from.constant->rank - 1];
	if (node->op == EDGE_OP_MATMUL)
		from.beta = node->params.matmul.beta;
	if (!fits(&from))
		return true;
	if (is_in_steps(&from)) {
		*bias = (struct edge_tensor *)from.constant;
		return true;
	}
	steps = edge_graph_add_constant(graph, from.constant->name, EDGE_I32, from.constant->rank,
					from.constant->dims, NULL);
	if (!steps)
		return false;
	if (round_to_steps(&from, y->quant->scales[0], steps->data))
		*bias = steps;
	return true;
}
