// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/conv_shape.h"

#include "backend/cpu/ops/weights.h"

enum { X, WEIGHT, BIAS, RESIDUAL, TABLE };

/* Channels that lie next to each other; a dimension of one has no pitch that matters. */
static bool get_pitch(const struct edge_tensor *tensor, struct conv_pitch *pitch)
{
	const int rank = tensor->rank;

	if (edge_tensor_elements(tensor) <= 0 || (tensor->dims[1] > 1 && tensor->strides[1] != 1))
		return false;
	pitch->image = tensor->strides[0];
	pitch->row = rank == 4 ? tensor->strides[2] : 0;
	pitch->pixel = tensor->strides[rank - 1];
	return true;
}

/* Or absent. */
static bool is_constant(const struct edge_tensor *tensor, enum edge_type type)
{
	return !tensor || (tensor->type == type && edge_tensor_is_constant(tensor));
}

static struct conv_axis get_axis(const struct edge_node *node, int axis)
{
	return (struct conv_axis) {
		.in = node->inputs[X]->dims[2 + axis],
		.out = node->outputs[0]->dims[2 + axis],
		.kernel = node->inputs[WEIGHT]->dims[2 + axis],
		.stride = node->params.conv.stride[axis],
		.dilation = node->params.conv.dilation[axis],
		.pad = node->params.conv.pad_begin[axis],
	};
}

static bool get_shape(const struct edge_node *node, struct conv_shape *shape)
{
	const struct edge_tensor *x = node->inputs[X];
	const struct edge_tensor *y = node->outputs[0];
	const struct edge_tensor *residual = weights_input(node, RESIDUAL);

	*shape = (struct conv_shape) {
		.batch = x->dims[0],
		.groups = node->params.conv.group,
		.in_channels = x->dims[1] / node->params.conv.group,
		.out_channels = y->dims[1] / node->params.conv.group,
		.y = { 1, 1, 1, 1, 1, 0 },
	};
	if (x->rank != 3 && x->rank != 4)
		return false;
	if (!get_pitch(x, &shape->in) || !get_pitch(y, &shape->out) ||
	    (residual && !get_pitch(residual, &shape->residual)))
		return false;
	if (!weights_are_countable(node->inputs[WEIGHT]))
		return false;
	if (x->rank == 4)
		shape->y = get_axis(node, 0);
	shape->x = get_axis(node, x->rank - 3);
	return true;
}

bool conv_shape_get(const struct edge_node *node, struct conv_shape *shape)
{
	return node->inputs[X]->type == EDGE_F32 && is_constant(node->inputs[WEIGHT], EDGE_F32) &&
	       is_constant(weights_input(node, BIAS), EDGE_F32) &&
	       node->act.func <= EDGE_LAST_ACTIVATION && get_shape(node, shape);
}

bool conv_shape_get_bytes(const struct edge_node *node, struct conv_shape *shape)
{
	return node->inputs[X]->type == EDGE_U8 && is_constant(node->inputs[WEIGHT], EDGE_I8) &&
	       is_constant(weights_input(node, BIAS), EDGE_I32) && !weights_input(node, RESIDUAL) &&
	       is_constant(weights_input(node, TABLE), EDGE_U8) && get_shape(node, shape);
}
