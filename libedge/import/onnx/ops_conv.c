// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

static const char *const auto_pads[] = {
	[EDGE_PAD_EXPLICIT] = "NOTSET",
	[EDGE_PAD_SAME_UPPER] = "SAME_UPPER",
	[EDGE_PAD_SAME_LOWER] = "SAME_LOWER",
	[EDGE_PAD_VALID] = "VALID",
	NULL,
};

/* Number of spatial dimensions of the first input; 0 when the node has failed. */
static int spatial_rank(struct onnx_node *node)
{
	int rank = node->inputs[0]->rank - 2;

	if (rank < 1 || rank > EDGE_MAX_SPATIAL)
		onnx_fail(node, EDGE_UNSUPPORTED, "%d spatial dimensions; 1 to %d are supported",
			  rank, EDGE_MAX_SPATIAL);
	return node->status ? 0 : rank;
}

/* Reads @count entries of at least @min; false when the attribute is absent. */
static bool read_sizes(struct onnx_node *node, const char *name, int count, int64_t min,
		       int32_t *sizes)
{
	int64_t values[2 * EDGE_MAX_SPATIAL];
	int read = onnx_attr_ints(node, name, values, count);

	if (read < 0)
		return false;
	if (read != count)
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' has %d entries instead of %d",
			  name, read, count);
	for (int i = 0; i < read; i++) {
		if (values[i] < min || values[i] > INT32_MAX)
			onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' has the entry %lld", name,
				  (long long)values[i]);
		sizes[i] = values[i];
	}
	return true;
}

static void read_pads(struct onnx_node *node, int rank, int32_t *begin, int32_t *end)
{
	int32_t pads[2 * EDGE_MAX_SPATIAL] = { 0 };

	read_sizes(node, "pads", 2 * rank, 0, pads);
	for (int i = 0; i < rank; i++) {
		begin[i] = pads[i];
		end[i] = pads[rank + i];
	}
}

/* The kernel's size stands in the weights; where the file repeats it, both must agree. */
static void read_kernel(struct onnx_node *node, const struct edge_tensor *weight, int rank,
			int32_t *kernel)
{
	int32_t stated[EDGE_MAX_SPATIAL];

	if (weight->rank != rank + 2) {
		onnx_fail(node, EDGE_BAD_FORMAT, "weights of %d dimensions for an input of %d",
			  weight->rank, rank + 2);
		return;
	}
	for (int i = 0; i < rank; i++)
		kernel[i] = weight->dims[2 + i] <= INT32_MAX ? weight->dims[2 + i] : 0;
	if (!read_sizes(node, "kernel_shape", rank, 1, stated))
		return;
	for (int i = 0; i < rank && !node->status; i++) {
		if (stated[i] != kernel[i])
			onnx_fail(node, EDGE_BAD_FORMAT,
				  "attribute 'kernel_shape' does not agree with the weights");
	}
}

void onnx_read_conv(struct onnx_node *node, enum edge_op op, const struct edge_tensor *weight,
		    union edge_params *params)
{
	int rank = spatial_rank(node);

	edge_op_default_params(op, params);
	read_kernel(node, weight, rank, params->conv.kernel);
	read_sizes(node, "strides", rank, 1, params->conv.stride);
	read_sizes(node, "dilations", rank, 1, params->conv.dilation);
	read_pads(node, rank, params->conv.pad_begin, params->conv.pad_end);
	params->conv.auto_pad = onnx_attr_choice(node, "auto_pad", EDGE_PAD_EXPLICIT, auto_pads);
	params->conv.group = onnx_attr_int(node, "group", 1, 1, INT32_MAX);
	if (op == EDGE_OP_CONV_TRANSPOSE) {
		read_sizes(node, "output_padding", rank, 0, params->conv.output_pad);
		read_sizes(node, "output_shape", rank, 1, params->conv.output_shape);
	}
}

void onnx_convert_conv(struct onnx_node *node)
{
	enum edge_op op = node->info->variant;
	union edge_params params;

	onnx_read_conv(node, op, node->inputs[1], &params);
	onnx_set_output(node, 0, onnx_add(node, op, &params, node->num_inputs, node->inputs));
}

void onnx_read_pool(struct onnx_node *node, enum edge_op op, union edge_params *params)
{
	int rank = spatial_rank(node);

	edge_op_default_params(op, params);
	if (!read_sizes(node, "kernel_shape", rank, 1, params->pool.kernel))
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute 'kernel_shape' is missing");
	read_sizes(node, "strides", rank, 1, params->pool.stride);
	read_sizes(node, "dilations", rank, 1, params->pool.dilation);
	read_pads(node, rank, params->pool.pad_begin, params->pool.pad_end);
	params->pool.auto_pad = onnx_attr_choice(node, "auto_pad", EDGE_PAD_EXPLICIT, auto_pads);
	params->pool.ceil_mode = onnx_attr_bool(node, "ceil_mode", false);
	if (op == EDGE_OP_MAX_POOL)
		params->pool.column_major = onnx_attr_bool(node, "storage_order", false);
	if (op == EDGE_OP_AVERAGE_POOL)
		params->pool.count_include_pad = onnx_attr_bool(node, "count_include_pad", false);
	if (op == EDGE_OP_LP_POOL)
		params->pool.p = onnx_attr_int(node, "p", 2, 1, INT32_MAX);
}

void onnx_convert_pool(struct onnx_node *node)
{
	enum edge_op op = node->info->variant;
	int num_outputs = onnx_wants_output(node, 1) ? 2 : 1;
	struct edge_tensor *outputs[2] = { 0 };
	struct edge_node *made = onnx_begin(node, op, 1, node->inputs, num_outputs);

	if (!made)
		return;
	onnx_read_pool(node, op, &made->params);
	onnx_finish(node, made, outputs);
	onnx_set_output(node, 0, outputs[0]);
	onnx_set_output(node, 1, outputs[1]);
}

void onnx_convert_global_pool(struct onnx_node *node)
{
	enum edge_op op = node->info->variant;
	union edge_params params;

	edge_op_default_params(op, &params); /* a kernel of 0: the whole plane */
	if (op == EDGE_OP_LP_POOL)
		params.pool.p = onnx_attr_int(node, "p", 2, 1, INT32_MAX);
	onnx_set_output(node, 0, onnx_add1(node, op, &params, node->inputs[0]));
}
