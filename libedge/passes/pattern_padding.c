// SPDX-License-Identifier: MIT
#include <float.h>

#include "passes/patterns.h"
#include "passes/rewrite.h"

/* What is stored for the real 0. */
static double zero_of(const struct edge_tensor *tensor)
{
	return tensor->quant && tensor->quant->axis < 0 ? tensor->quant->zero_points[0] : 0;
}

/* The value that a Pad fills in, as it is stored. */
static bool read_fill(const struct edge_node *pad, double *fill)
{
	*fill = zero_of(pad->inputs[0]);
	if (pad->params.pad.mode != EDGE_PAD_CONSTANT)
		return false;
	return pad->num_inputs < 2 || !pad->inputs[1] ||
	       edge_tensor_read_scalar(pad->inputs[1], fill);
}

/* Whether nothing that @tensor can hold is less. */
static bool is_least(const struct edge_tensor *tensor, double value)
{
	switch (tensor->type) {
	case EDGE_U8:
		return value <= 0;
	case EDGE_I8:
		return value <= INT8_MIN;
	default:
		return value <= -FLT_MAX;
	}
}

/* Whether @pad widens the spatial dimensions only. */
static bool is_spatial(const struct edge_node *pad)
{
	for (int i = 0; i < pad->inputs[0]->rank; i++) {
		int64_t begin = pad->params.pad.begin[i], end = pad->params.pad.end[i];

		if (begin < 0 || end < 0 || begin > INT16_MAX || end > INT16_MAX ||
		    (i < 2 && (begin || end)))
			return false;
	}
	return true;
}

static bool has_padding(const int32_t *begin, const int32_t *end)
{
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		if (begin[i] || end[i])
			return true;
	}
	return false;
}

/* A value that is never the greatest while there is another, which there is in every window. */
static bool never_greatest(const struct edge_node *pool, const struct edge_node *pad, double fill)
{
	const struct edge_node *producer = pad->inputs[0]->producer;

	for (int i = 2; i < pad->inputs[0]->rank; i++) {
		int kernel = pool->params.pool.kernel[i - 2];

		if (pool->params.pool.dilation[i - 2] != 1 ||
		    pad->params.pad.begin[i] + pool->params.pool.pad_begin[i - 2] >= kernel ||
		    pad->params.pad.end[i] + pool->params.pool.pad_end[i - 2] >= kernel)
			return false;
	}
	return is_least(pad->inputs[0], fill) ||
	       (fill <= 0 && edge_rewrite_is_unary(producer, EDGE_FUNC_RELU));
}

/* Whether the node pads with @fill itself. */
static bool pads_alike(struct edge_node *node, const struct edge_node *pad, double fill)
{
	bool padded;

	switch (node->op) {
	case EDGE_OP_CONV:
		return fill == zero_of(pad->inputs[0]);
	case EDGE_OP_MAX_POOL:
		return !node->params.pool.ceil_mode && node->num_outputs == 1 &&
		       never_greatest(node, pad, fill);
	case EDGE_OP_AVERAGE_POOL:
		padded = has_padding(node->params.pool.pad_begin, node->params.pool.pad_end);
		if (fill != zero_of(pad->inputs[0]) || node->params.pool.ceil_mode ||
		    (padded && !node->params.pool.count_include_pad))
			return false;
		node->params.pool.count_include_pad = 1;
		return true;
	default:
		return false;
	}
}

static void widen(int32_t *begin, int32_t *end, const struct edge_node *pad)
{
	for (int i = 2; i < pad->inputs[0]->rank; i++) {
		begin[i - 2] += pad->params.pad.begin[i];
		end[i - 2] += pad->params.pad.end[i];
	}
}

bool edge_pattern_padding(struct edge_node *node)
{
	const struct edge_node *pad;
	double fill;

	if (node->op != EDGE_OP_CONV && node->op != EDGE_OP_MAX_POOL &&
	    node->op != EDGE_OP_AVERAGE_POOL)
		return true;
	pad = node->inputs[0]->producer;
	if (!pad || pad->op != EDGE_OP_PAD || !is_spatial(pad) || !read_fill(pad, &fill) ||
	    !pads_alike(node, pad, fill))
		return true;
	if (node->op == EDGE_OP_CONV)
		widen(node->params.conv.pad_begin, node->params.conv.pad_end, pad);
	else
		widen(node->params.pool.pad_begin, node->params.pool.pad_end, pad);
	return edge_node_set_input(node, 0, pad->inputs[0]);
}
