// SPDX-License-Identifier: MIT
#include <float.h>
#include <math.h>

#include "passes/patterns.h"
#include "passes/rewrite.h"

/* scale * x + offset. */
struct linear {
	struct edge_tensor *x;
	double scale;
	double offset;
};

/* The operand of a BINARY that has a single number beside it, and the number. */
static struct edge_tensor *beside_number(const struct edge_node *node, bool either_side,
					 double *value)
{
	struct edge_tensor *a = node->inputs[0], *b = node->inputs[1];
	struct edge_tensor *x = NULL;

	if (edge_rewrite_uniform(b, value))
		x = a;
	else if (either_side && edge_rewrite_uniform(a, value))
		x = b;
	return x && !isnan(*value) && edge_tensor_same_shape(x, node->outputs[0]) ? x : NULL;
}

/* Takes an addition off @y->x. */
static bool strip_offset(struct linear *y)
{
	const struct edge_node *node = y->x->producer;
	struct edge_tensor *x = NULL;
	double value;

	if (edge_rewrite_is_binary(node, EDGE_BINARY_ADD) &&
	    (x = beside_number(node, true, &value)))
		y->offset += y->scale * value;
	else if (edge_rewrite_is_binary(node, EDGE_BINARY_SUB) &&
		 (x = beside_number(node, false, &value)))
		y->offset -= y->scale * value;
	if (x)
		y->x = x;
	return x;
}

/* Takes a multiplication off @y->x. */
static bool strip_scale(struct linear *y)
{
	const struct edge_node *node = y->x->producer;
	struct edge_tensor *x = NULL;
	double value;

	if (edge_rewrite_is_binary(node, EDGE_BINARY_MUL) &&
	    (x = beside_number(node, true, &value)))
		y->scale *= value;
	else if (edge_rewrite_is_binary(node, EDGE_BINARY_DIV) &&
		 (x = beside_number(node, false, &value)) && value != 0)
		y->scale /= value;
	else if (edge_rewrite_is_unary(node, EDGE_FUNC_NEG) && (x = node->inputs[0]))
		y->scale = -y->scale;
	if (x)
		y->x = x;
	return x;
}

/* At most one of each: what lies before is rather a part of what @tensor is computed from. */
static struct linear read_linear(struct edge_tensor *tensor)
{
	struct linear y = { tensor, 1, 0 };

	if (strip_offset(&y))
		strip_scale(&y);
	else if (strip_scale(&y))
		strip_offset(&y);
	return y;
}

/* x where @tensor is exp(x) + 1, else NULL. */
static struct edge_tensor *exponent(struct edge_tensor *tensor)
{
	struct linear y = read_linear(tensor);

	if (y.scale != 1 || y.offset != 1 || !edge_rewrite_is_unary(y.x->producer, EDGE_FUNC_EXP))
		return NULL;
	return y.x->producer->inputs[0];
}

/* x of 1 / (1 + exp(-x)), of which @denominator is 1 + exp(-x). */
static bool sigmoid(struct edge_node *node, struct edge_tensor *denominator)
{
	struct linear x = { exponent(denominator), 1, 0 };

	if (!x.x || !strip_scale(&x) || x.scale != -1)
		return true;
	return edge_rewrite_unary(node, x.x, EDGE_FUNC_SIGMOID, 0, 0);
}

static bool softplus(struct edge_node *node)
{
	struct edge_tensor *x = exponent(node->inputs[0]);

	return !x || edge_rewrite_unary(node, x, EDGE_FUNC_SOFTPLUS, 0, 0);
}

/* The interval to which a UNARY limits its input. */
static bool read_clip(const struct edge_node *node, float *low, float *high)
{
	if (edge_rewrite_is_unary(node, EDGE_FUNC_RELU)) {
		*low = 0;
		*high = INFINITY;
		return true;
	}
	if (!edge_rewrite_is_unary(node, EDGE_FUNC_CLIP))
		return false;
	*low = node->params.unary.alpha;
	*high = node->params.unary.beta;
	return *low <= *high;
}

/* Clip(a x + b, 0, 1). A plain Clip to [0, 1] is as good as it is. */
static bool hard_sigmoid(struct edge_node *node)
{
	struct linear y = read_linear(node->inputs[0]);

	if (y.x == node->inputs[0])
		return true;
	return edge_rewrite_unary(node, y.x, EDGE_FUNC_HARD_SIGMOID, y.scale, y.offset);
}

static bool clip(struct edge_node *node)
{
	struct edge_node *producer = node->inputs[0]->producer;
	struct edge_tensor *x = node->inputs[0];
	float low, high, low_before, high_before;

	if (!read_clip(node, &low, &high))
		return true;
	if (low == 0 && high == 1)
		return hard_sigmoid(node);
	if (read_clip(producer, &low_before, &high_before) && low <= high_before &&
	    low_before <= high) {
		x = producer->inputs[0];
		low = fmaxf(low, low_before);
		high = fminf(high, high_before);
	}
	if (low == 0 && high >= FLT_MAX)
		return edge_rewrite_unary(node, x, EDGE_FUNC_RELU, 0, 0);
	return edge_rewrite_unary(node, x, EDGE_FUNC_CLIP, low, high);
}

/* Whether @scaled is @x times a number from 0 to 1. */
static bool is_slope_of(struct edge_tensor *scaled, const struct edge_tensor *x, double *slope)
{
	struct linear y = { scaled, 1, 0 };

	if (!strip_scale(&y) || y.x != x)
		return false;
	*slope = y.scale;
	return y.scale >= 0 && y.scale <= 1;
}

static bool max(struct edge_node *node)
{
	struct edge_tensor *a = node->inputs[0], *b = node->inputs[1], *x;
	double value;

	x = beside_number(node, true, &value);
	if (x)
		return edge_rewrite_unary(node, x, EDGE_FUNC_CLIP, value, INFINITY) && clip(node);
	if (is_slope_of(b, a, &value))
		return edge_rewrite_unary(node, a, EDGE_FUNC_LEAKY_RELU, value, 0);
	if (is_slope_of(a, b, &value))
		return edge_rewrite_unary(node, b, EDGE_FUNC_LEAKY_RELU, value, 0);
	return true;
}

static bool min(struct edge_node *node)
{
	struct edge_tensor *x;
	double value;

	x = beside_number(node, true, &value);
	if (!x)
		return true;
	return edge_rewrite_unary(node, x, EDGE_FUNC_CLIP, -INFINITY, value) && clip(node);
}

static bool leaky_relu(struct edge_node *node)
{
	double slope;

	if (!edge_rewrite_uniform(node->inputs[1], &slope) ||
	    !edge_tensor_same_shape(node->inputs[0], node->outputs[0]))
		return true;
	return edge_rewrite_unary(node, node->inputs[0], EDGE_FUNC_LEAKY_RELU, slope, 0);
}

static bool binary(struct edge_node *node)
{
	double value;

	switch (node->params.binary.func) {
	case EDGE_BINARY_MAX:
		return max(node);
	case EDGE_BINARY_MIN:
		return min(node);
	case EDGE_BINARY_DIV:
		if (edge_rewrite_uniform(node->inputs[0], &value) && value == 1 &&
		    edge_tensor_same_shape(node->inputs[1], node->outputs[0]))
			return sigmoid(node, node->inputs[1]);
		return true;
	default:
		return true;
	}
}

static bool unary(struct edge_node *node)
{
	switch (node->params.unary.func) {
	case EDGE_FUNC_RECIPROCAL:
		return sigmoid(node, node->inputs[0]);
	case EDGE_FUNC_LOG:
		return softplus(node);
	case EDGE_FUNC_CLIP:
	case EDGE_FUNC_RELU:
		return clip(node);
	default:
		return true;
	}
}

bool edge_pattern_activation(struct edge_node *node)
{
	if (node->op == EDGE_OP_NONE || node->act.func != EDGE_FUNC_IDENTITY ||
	    node->outputs[0]->type != EDGE_F32)
		return true;
	switch (node->op) {
	case EDGE_OP_UNARY:
		return unary(node);
	case EDGE_OP_BINARY:
		return binary(node);
	case EDGE_OP_PRELU:
		return leaky_relu(node);
	default:
		return true;
	}
}
