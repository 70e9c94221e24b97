// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/conv_shape.h"

#include "backend/cpu/ops/weights.h"

enum { X, WEIGHT, BIAS, RESIDUAL };

/* Channels that lie next to each other; a dimension of one has no pitch that matters. */
static bool get_pitch(const struct edge_tensor *tensor, struct conv_pitch *pitch)
{
	const int rank = tensor->rank;

	if (tensor->type != EDGE_F32 || edge_tensor_elements(tensor) <= 0 ||
	    (tensor->dims[1] > 1 && tensor->strides[1] != 1))
		return false;
	pitch->image = tensor->strides[0];
	pitch->row = rank == 4 ? tensor->strides[2] : 0;
	pitch->pixel = tensor->strides[rank - 1];
	return true;
}

static bool is_constant_f32(const struct edge_tensor *tensor)
{
	return tensor->type == EDGE_F32 && edge_tensor_is_constant(tensor);
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

bool conv_shape_get(const struct edge_node *node, struct conv_shape *shape)
{
	const struct edge_tensor *x = node->inputs[X];
	const struct edge_tensor *y = node->outputs[0];
	const struct edge_tensor *bias = weights_input(node, BIAS);
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
	if (!is_constant_f32(node->inputs[WEIGHT]) ||
	    !weights_are_countable(node->inputs[WEIGHT]) || (bias && !is_constant_f32(bias)))
		return false;
	if (x->rank == 4)
		shape->y = get_axis(node, 0);
	shape->x = get_axis(node, x->rank - 3);
	return node->act.func <= EDGE_LAST_ACTIVATION;
}
