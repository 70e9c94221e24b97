// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/pool_shape.h"

#include "backend/cpu/ops/number.h"

struct pool_taps pool_shape_taps(const struct pool_shape *shape, const struct pool_axis *axis,
				 int64_t out)
{
	const int64_t origin = out * axis->stride - axis->pad_begin;
	const int64_t begin = divide_up(-origin, axis->dilation);
	const int64_t end = least(axis->kernel, divide_up(axis->in - origin, axis->dilation));
	/* With ceil_mode the last window may reach beyond the padding, where nothing counts. */
	const int64_t padded = divide_up(axis->in + axis->pad_end - origin, axis->dilation);
	struct pool_taps taps = { .first = origin + begin * axis->dilation, .count = end - begin };

	taps.counted = shape->count_padding ? least(axis->kernel, padded) : taps.count;
	return taps;
}

static struct pool_axis axis_of(const struct edge_node *node, int i)
{
	const union edge_params *params = &node->params;
	const int64_t in = node->inputs[0]->dims[2 + i];

	/* The whole dimension. */
	if (!params->pool.kernel[0])
		return (struct pool_axis) {
			.in = in, .out = 1, .kernel = in, .stride = 1, .dilation = 1
		};
	return (struct pool_axis) {
		.in = in,
		.out = node->outputs[0]->dims[2 + i],
		.kernel = params->pool.kernel[i],
		.stride = params->pool.stride[i],
		.dilation = params->pool.dilation[i],
		.pad_begin = params->pool.pad_begin[i],
		.pad_end = params->pool.pad_end[i],
	};
}

static void locate_whole(struct pool_shape *shape)
{
	const struct pool_axis *x = &shape->x;
	const int64_t span = (x->kernel - 1) * x->dilation + 1;
	const int64_t end = divide_up(x->in - span + x->pad_begin + 1, x->stride);

	shape->whole = divide_up(x->pad_begin, x->stride);
	shape->num_whole = least(x->out, end) - shape->whole;
	if (shape->num_whole < 0)
		shape->num_whole = 0;
}

/* Channels are next to each other. */
static bool is_channels_last(const struct edge_tensor *tensor)
{
	return tensor->dims[1] == 1 || tensor->strides[1] == 1;
}

/* The kernels want at least one tap. */
static bool has_taps(const struct pool_shape *shape, const struct pool_axis *axis)
{
	for (int64_t i = 0; i < axis->out; i++) {
		if (pool_shape_taps(shape, axis, i).count < 1)
			return false;
	}
	return true;
}

bool pool_shape_get(const struct edge_node *node, struct pool_shape *shape)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	const int last = x->rank - 1;

	if (x->rank < 3 || x->rank > 4 || !is_channels_last(x) || !is_channels_last(y) ||
	    (node->num_outputs > 1 && node->outputs[1]))
		return false;
	*shape = (struct pool_shape) {
		.y = { .in = 1, .out = 1, .kernel = 1, .stride = 1, .dilation = 1 },
		.x = axis_of(node, last - 2),
		.count_padding = node->params.pool.count_include_pad,
		.channels = x->dims[1],
		.in_batch = x->strides[0],
		.in_row = x->strides[2],
		.in_pixel = x->strides[last],
		.out_batch = y->strides[0],
		.out_row = y->strides[2],
		.out_pixel = y->strides[last],
	};
	if (x->rank == 4)
		shape->y = axis_of(node, 0);
	locate_whole(shape);
	return has_taps(shape, &shape->y) && has_taps(shape, &shape->x);
}
