// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

#include <string.h>

/* The axes to reduce, an attribute or a constant input; -1 when the file names none. */
static int read_axes(struct onnx_node *node, int32_t *axes)
{
	int64_t values[EDGE_MAX_RANK];
	int count = onnx_input_ints(node, 1, values, EDGE_MAX_RANK);

	if (count < 0)
		count = onnx_attr_ints(node, "axes", values, EDGE_MAX_RANK);
	onnx_axes(node, values, count, node->inputs[0]->rank, axes);
	return count > 0 ? count : -1;
}

void onnx_convert_reduce(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	bool noop = onnx_attr_bool(node, "noop_with_empty_axes", false);
	union edge_params params;
	int count;

	edge_op_default_params(EDGE_OP_REDUCE, &params);
	params.reduce.kind = node->info->variant;
	params.reduce.keep_dims = onnx_attr_bool(node, "keepdims", true);
	count = read_axes(node, params.reduce.axes);
	if (count < 0 && noop) {
		onnx_set_output(node, 0, x);
		return;
	}
	params.reduce.num_axes = count < 0 ? 0 : count;
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_REDUCE, &params, x));
}

void onnx_convert_arg(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	union edge_params params = { 0 };
	int64_t axis = onnx_attr_int(node, "axis", 0, INT64_MIN, INT64_MAX);

	params.arg.axis = onnx_axis(node, axis, x->rank);
	params.arg.keep_dims = onnx_attr_bool(node, "keepdims", true);
	params.arg.select_last = onnx_attr_bool(node, "select_last_index", false);
	onnx_set_output(node, 0, onnx_add1(node, node->info->variant, &params, x));
}

/* How many: an attribute up to opset 9, a constant input since. */
static struct edge_tensor *read_k(struct onnx_node *node)
{
	static const int64_t one = 1;
	struct edge_tensor *k = onnx_input(node, 1);

	if (k)
		return k;
	k = onnx_constant(node, EDGE_I64, 1, &one);
	if (k)
		*(int64_t *)k->data = onnx_attr_int(node, "k", -1, 0, INT64_MAX);
	return k;
}

void onnx_convert_top_k(struct onnx_node *node)
{
	struct edge_tensor *inputs[] = { node->inputs[0], read_k(node) };
	int64_t axis = onnx_attr_int(node, "axis", -1, INT64_MIN, INT64_MAX);
	struct edge_node *made = onnx_begin(node, EDGE_OP_TOP_K, 2, inputs, 2);
	struct edge_tensor *outputs[2] = { 0 };

	if (!made)
		return;
	made->params.top_k.axis = onnx_axis(node, axis, inputs[0]->rank);
	made->params.top_k.largest = onnx_attr_bool(node, "largest", true);
	made->params.top_k.sorted = onnx_attr_bool(node, "sorted", true);
	onnx_finish(node, made, outputs);
	onnx_set_output(node, 0, outputs[0]);
	onnx_set_output(node, 1, outputs[1]);
}

void onnx_convert_cum_sum(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	union edge_params params = { 0 };
	int64_t axis = 0;

	if (onnx_input_ints(node, 1, &axis, 1) != 1)
		onnx_fail(node, EDGE_BAD_FORMAT, "the axis is not one integer");
	params.cum_sum.axis = onnx_axis(node, axis, x->rank);
	params.cum_sum.exclusive = onnx_attr_bool(node, "exclusive", false);
	params.cum_sum.reverse = onnx_attr_bool(node, "reverse", false);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_CUM_SUM, &params, x));
}
