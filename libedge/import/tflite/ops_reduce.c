// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

#define KEEP_DIMS 0

/* The axes to reduce, counted from the start; TensorFlow allows one to come twice. */
static int read_axes(struct tflite_node *node, int32_t *axes)
{
	int rank = node->inputs[0]->rank;
	int64_t values[EDGE_MAX_RANK];
	int read = tflite_input_ints(node, 1, values, EDGE_MAX_RANK), count = 0;
	unsigned int seen = 0;

	for (int i = 0; i < read && !node->status; i++) {
		int axis = tflite_axis(node, values[i], rank);

		if (!(seen & 1u << axis))
			axes[count++] = axis;
		seen |= 1u << axis;
	}
	return count;
}

/* The mean over the places of an image of bytes has a rule of its own: that of a pool. */
static struct edge_tensor *average_plane(struct tflite_node *node, struct edge_tensor *x)
{
	struct edge_node *made = tflite_begin(node, EDGE_OP_AVERAGE_POOL, 1, &x, 1);
	struct edge_tensor *y = NULL;

	if (!made)
		return NULL;
	tflite_store(node, made, TFLITE_NO_OPTION);
	tflite_finish(node, made, &y);
	return y;
}

/* Whether the axes, in the file's order, are height and width of an image. */
static bool is_plane(const struct edge_tensor *x, const int32_t *axes, int count)
{
	return x->rank == 4 && count == 2 && axes[0] + axes[1] == 3 && axes[0] * axes[1] == 2;
}

/* @x as the operator reduces bytes: as they are, or as floats. */
static struct edge_tensor *choose_type(struct tflite_node *node, struct edge_tensor *x)
{
	int kind = node->info->variant;

	return kind == EDGE_REDUCE_MAX || kind == EDGE_REDUCE_MIN ? x : tflite_dequantize(node, x);
}

/* The dims stay as 1. */
static struct edge_tensor *reduce(struct tflite_node *node, const int32_t *axes, int count)
{
	struct edge_tensor *x = choose_type(node, node->inputs[0]), *y;
	bool image = tflite_is_image(x);
	union edge_params params;

	if (image)
		x = tflite_first(node, x);
	edge_op_default_params(EDGE_OP_REDUCE, &params);
	params.reduce.kind = node->info->variant;
	params.reduce.keep_dims = 1;
	params.reduce.num_axes = count;
	for (int i = 0; i < count; i++)
		params.reduce.axes[i] = image ? tflite_first_axis(axes[i]) : axes[i];
	y = tflite_add1(node, EDGE_OP_REDUCE, &params, x);
	return image ? tflite_last(node, y) : y;
}

/* @y without the dimensions in @axes, which are 1. */
static struct edge_tensor *squeeze(struct tflite_node *node, struct edge_tensor *y,
				   const int32_t *axes, int count)
{
	int64_t dims[EDGE_MAX_RANK];
	unsigned int dropped = 0;
	int rank = 0;

	for (int i = 0; i < count; i++)
		dropped |= 1u << axes[i];
	for (int i = 0; i < y->rank; i++) {
		if (!(dropped & 1u << i))
			dims[rank++] = y->dims[i];
	}
	return tflite_reshape(node, y, rank, dims);
}

void tflite_convert_reduce(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0], *y;
	bool keep = fb_bool(node->options, KEEP_DIMS, false);
	int32_t axes[EDGE_MAX_RANK];
	int count = read_axes(node, axes);

	if (node->status)
		return;
	if (!count) {
		tflite_set_output(node, 0, x);
		return;
	}
	if (edge_tensor_is_bytes(x) && node->info->variant == EDGE_REDUCE_MEAN &&
	    is_plane(x, axes, count)) {
		y = average_plane(node, tflite_first(node, x));
		y = tflite_last(node, y);
	} else {
		y = reduce(node, axes, count);
	}
	if (y && !keep)
		y = squeeze(node, y, axes, count);
	tflite_set_output(node, 0, y);
}

void tflite_convert_arg(struct tflite_node *node)
{
	const struct tflite_value *value = tflite_output_value(node, 0);
	union edge_params params;
	struct edge_tensor *y;

	edge_op_default_params(node->info->variant, &params);
	params.arg.axis = tflite_axis(node, tflite_input_int(node, 1), node->inputs[0]->rank);
	params.arg.keep_dims = 0;
	y = tflite_add1(node, node->info->variant, &params, node->inputs[0]);
	if (y && value && value->type)
		y = tflite_cast(node, y, value->type);
	tflite_set_output(node, 0, y);
}
