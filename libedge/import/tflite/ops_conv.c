// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

/* Options of Conv2DOptions, DepthwiseConv2DOptions, Pool2DOptions and TransposeConvOptions. */
enum {
	PADDING = 0,
	STRIDE_W = 1,
	STRIDE_H = 2,
	CONV_ACTIVATION = 3,
	CONV_DILATION_W = 4,
	CONV_DILATION_H = 5,
	DEPTHWISE_ACTIVATION = 4,
	DEPTHWISE_DILATION_W = 5,
	DEPTHWISE_DILATION_H = 6,
	POOL_WIDTH = 3,
	POOL_HEIGHT = 4,
	POOL_ACTIVATION = 5,
	TRANSPOSE_CONV_ACTIVATION = 3,
};

/* The option PADDING. */
enum {
	SAME = 0,
	VALID = 1,
};

static int32_t read_padding(struct tflite_node *node)
{
	int padding = fb_i8(node->options, PADDING, SAME);

	if (padding != SAME && padding != VALID)
		tflite_fail(node, EDGE_BAD_FORMAT, "padding %d, which is none", padding);
	return padding == SAME ? EDGE_PAD_SAME_UPPER : EDGE_PAD_VALID;
}

/* Outermost first. */
static void read_sizes(struct tflite_node *node, int height, int width, int32_t missing,
		       int32_t *sizes)
{
	sizes[0] = tflite_option(node, height, missing, 1, INT32_MAX);
	sizes[1] = tflite_option(node, width, missing, 1, INT32_MAX);
}

/* Height and width of weights [., height, width, .]. */
static void read_kernel(struct tflite_node *node, const struct edge_tensor *weight, int32_t *kernel)
{
	if (weight->rank != 4 || weight->dims[1] < 1 || weight->dims[1] > INT32_MAX ||
	    weight->dims[2] < 1 || weight->dims[2] > INT32_MAX) {
		tflite_fail(node, EDGE_BAD_FORMAT, "its weights '%s' are no kernels", weight->name);
		return;
	}
	kernel[0] = weight->dims[1];
	kernel[1] = weight->dims[2];
}

/* A convolution with @weight, permuted by @perm to [out, in / group, height, width]. */
static void convolve(struct tflite_node *node, union edge_params *params, const int32_t *perm,
		     int activation)
{
	struct edge_tensor *inputs[3] = { node->inputs[0], node->inputs[1], tflite_input(node, 2) };
	struct edge_node *made;
	struct edge_tensor *y = NULL;

	tflite_product_types(node, &inputs[0], &inputs[1], &inputs[2]);
	if (node->status)
		return;
	inputs[0] = tflite_first(node, inputs[0]);
	inputs[1] = tflite_transpose(node, inputs[1], perm);
	made = tflite_begin(node, EDGE_OP_CONV, inputs[2] ? 3 : 2, inputs, 1);
	if (!made)
		return;
	made->params = *params;
	if (edge_tensor_is_bytes(inputs[0]))
		tflite_store(node, made, activation);
	tflite_finish(node, made, &y);
	if (!edge_tensor_is_bytes(inputs[0]))
		y = tflite_activate(node, activation, y);
	tflite_set_output(node, 0, tflite_last(node, y));
}

void tflite_convert_conv(struct tflite_node *node)
{
	static const int32_t perm[] = { 0, 3, 1, 2 };
	const struct edge_tensor *x = node->inputs[0], *weight = node->inputs[1];
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	read_kernel(node, weight, params.conv.kernel);
	read_sizes(node, STRIDE_H, STRIDE_W, 0, params.conv.stride);
	read_sizes(node, CONV_DILATION_H, CONV_DILATION_W, 1, params.conv.dilation);
	params.conv.auto_pad = read_padding(node);
	if (!node->status && (x->rank != 4 || !weight->dims[3] || x->dims[3] % weight->dims[3] ||
			      x->dims[3] / weight->dims[3] > INT32_MAX))
		tflite_fail(node, EDGE_BAD_FORMAT, "its weights '%s' do not fit its input '%s'",
			    weight->name, x->name);
	if (node->status)
		return;
	params.conv.group = x->dims[3] / weight->dims[3];
	convolve(node, &params, perm, CONV_ACTIVATION);
}

/* Weights [1, height, width, channels * multiplier], results of a channel side by side. */
void tflite_convert_depthwise_conv(struct tflite_node *node)
{
	static const int32_t perm[] = { 3, 0, 1, 2 };
	const struct edge_tensor *x = node->inputs[0], *weight = node->inputs[1];
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	read_kernel(node, weight, params.conv.kernel);
	read_sizes(node, STRIDE_H, STRIDE_W, 0, params.conv.stride);
	read_sizes(node, DEPTHWISE_DILATION_H, DEPTHWISE_DILATION_W, 1, params.conv.dilation);
	params.conv.auto_pad = read_padding(node);
	if (!node->status && (x->rank != 4 || !x->dims[3] || x->dims[3] > INT32_MAX ||
			      weight->dims[0] != 1 || weight->dims[3] % x->dims[3]))
		tflite_fail(node, EDGE_BAD_FORMAT, "its weights '%s' do not fit its input '%s'",
			    weight->name, x->name);
	if (node->status)
		return;
	params.conv.group = x->dims[3];
	convolve(node, &params, perm, DEPTHWISE_ACTIVATION);
}

/* The output's size decides what is cut off, which is what a convolution that goes the other way
 * would have had as padding. */
static void place(struct tflite_node *node, const int64_t *size, const struct edge_tensor *x,
		  int32_t padding, union edge_params *params)
{
	for (int i = 0; i < 2; i++) {
		int64_t full =
			(x->dims[2 + i] - 1) * params->conv.stride[i] + params->conv.kernel[i];
		int64_t cut = full - size[1 + i];

		if (size[1 + i] < 1 || cut > INT32_MAX || cut < -INT32_MAX) {
			tflite_fail(node, EDGE_BAD_FORMAT, "an output of %lld x %lld",
				    (long long)size[1], (long long)size[2]);
			return;
		}
		if (cut < 0)
			params->conv.output_pad[i] = -cut;
		else if (padding == EDGE_PAD_SAME_UPPER)
			params->conv.pad_begin[i] = cut / 2;
		params->conv.pad_end[i] = cut < 0 ? 0 : cut - params->conv.pad_begin[i];
	}
}

void tflite_convert_transpose_conv(struct tflite_node *node)
{
	static const int32_t perm[] = { 3, 0, 1, 2 };
	struct edge_tensor *inputs[3] = { node->inputs[2], node->inputs[1], tflite_input(node, 3) };
	union edge_params params;
	struct edge_tensor *y;
	int64_t size[4];

	edge_op_default_params(EDGE_OP_CONV_TRANSPOSE, &params);
	read_kernel(node, inputs[1], params.conv.kernel);
	read_sizes(node, STRIDE_H, STRIDE_W, 0, params.conv.stride);
	if (tflite_input_ints(node, 0, size, 4) != 4)
		tflite_fail(node, EDGE_BAD_FORMAT, "the size of its output is not four numbers");
	tflite_product_floats(node, &inputs[0], &inputs[1], &inputs[2]);
	inputs[0] = tflite_first(node, inputs[0]);
	if (node->status)
		return;
	place(node, size, inputs[0], read_padding(node), &params);
	inputs[1] = tflite_transpose(node, inputs[1], perm);
	y = tflite_add(node, EDGE_OP_CONV_TRANSPOSE, &params, inputs[2] ? 3 : 2, inputs);
	y = tflite_activate(node, TRANSPOSE_CONV_ACTIVATION, y);
	tflite_set_output(node, 0, tflite_last(node, y));
}

void tflite_convert_pool(struct tflite_node *node)
{
	enum edge_op op = node->info->variant;
	struct edge_tensor *x = tflite_first(node, node->inputs[0]), *y = NULL;
	struct edge_node *made = tflite_begin(node, op, 1, &x, 1);

	if (!made)
		return;
	read_sizes(node, POOL_HEIGHT, POOL_WIDTH, 0, made->params.pool.kernel);
	read_sizes(node, STRIDE_H, STRIDE_W, 0, made->params.pool.stride);
	made->params.pool.auto_pad = read_padding(node);
	if (edge_tensor_is_bytes(x) && op == EDGE_OP_AVERAGE_POOL)
		tflite_store(node, made, POOL_ACTIVATION);
	tflite_finish(node, made, &y);
	if (!edge_tensor_is_bytes(x) || op == EDGE_OP_MAX_POOL)
		y = tflite_activate(node, POOL_ACTIVATION, y);
	tflite_set_output(node, 0, tflite_last(node, y));
}
