// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

void onnx_convert_batch_norm(struct onnx_node *node)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_BATCH_NORM, &params);
	params.norm.epsilon = onnx_attr_float(node, "epsilon", 1e-5f);
	onnx_attr_ignore(node, "momentum"); /* of training */
	if (!onnx_attr_bool(node, "spatial", true))
		onnx_fail(node, EDGE_UNSUPPORTED, "statistics per element (spatial = 0)");
	if (onnx_attr_bool(node, "training_mode", false) || onnx_wants_output(node, 1))
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "training mode; export the model for inference (model.eval())");
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_BATCH_NORM, &params, 5, node->inputs));
}

void onnx_convert_instance_norm(struct onnx_node *node)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_INSTANCE_NORM, &params);
	params.norm.epsilon = onnx_attr_float(node, "epsilon", 1e-5f);
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_INSTANCE_NORM, &params, 3, node->inputs));
}

void onnx_convert_layer_norm(struct onnx_node *node)
{
	int num_outputs = onnx_wants_output(node, 2) ? 3 : onnx_wants_output(node, 1) ? 2 : 1;
	struct edge_tensor *outputs[3] = { 0 };
	struct edge_node *made =
		onnx_begin(node, EDGE_OP_LAYER_NORM, node->num_inputs, node->inputs, num_outputs);

	if (!made)
		return;
	made->params.norm.epsilon = onnx_attr_float(node, "epsilon", 1e-5f);
	made->params.norm.axis = onnx_attr_int(node, "axis", -1, -EDGE_MAX_RANK, EDGE_MAX_RANK);
	if (onnx_attr_int(node, "stash_type", 1, INT64_MIN, INT64_MAX) !=
	    ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
		onnx_fail(node, EDGE_UNSUPPORTED, "statistics of another type than float");
	onnx_finish(node, made, outputs);
	for (int i = 0; i < num_outputs; i++)
		onnx_set_output(node, i, outputs[i]);
}

/* (x - mean) / (deviation + 1e-9), as the operator's function body has it. */
void onnx_convert_mean_variance_norm(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	struct edge_tensor *mean, *centred, *variance, *deviation;
	int64_t values[EDGE_MAX_RANK] = { 0, 2, 3 };
	int count = onnx_attr_ints(node, "axes", values, EDGE_MAX_RANK);
	int32_t axes[EDGE_MAX_RANK];

	if (count < 0)
		count = 3;
	onnx_axes(node, values, count, x->rank, axes);
	mean = onnx_reduce(node, EDGE_REDUCE_MEAN, x, count, axes);
	centred = onnx_binary(node, EDGE_BINARY_SUB, x, mean);
	variance = onnx_reduce(node, EDGE_REDUCE_MEAN,
			       onnx_binary(node, EDGE_BINARY_MUL, centred, centred), count, axes);
	deviation = onnx_binary(node, EDGE_BINARY_ADD, onnx_unary(node, EDGE_FUNC_SQRT, variance),
				onnx_scalar(node, x->type, 1e-9));
	onnx_set_output(node, 0, onnx_binary(node, EDGE_BINARY_DIV, centred, deviation));
}

void onnx_convert_lrn(struct onnx_node *node)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_LRN, &params);
	params.lrn.alpha = onnx_attr_float(node, "alpha", 1e-4f);
	params.lrn.beta = onnx_attr_float(node, "beta", 0.75f);
	params.lrn.bias = onnx_attr_float(node, "bias", 1);
	params.lrn.size = onnx_attr_int(node, "size", 0, 1, INT32_MAX);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_LRN, &params, node->inputs[0]));
}

/* @axis may stand behind the last dimension. */
static struct edge_tensor *softmax_flattened(struct onnx_node *node, enum edge_op op,
					     struct edge_tensor *x, int axis)
{
	union edge_params params = { .axis = { .axis = 1 } };
	int64_t dims[2] = { 1, 1 };
	struct edge_tensor *y;

	for (int i = 0; i < x->rank; i++)
		dims[i >= axis] *= x->dims[i];
	y = onnx_add1(node, op, &params, onnx_reshape(node, x, 2, dims));
	return onnx_reshape(node, y, x->rank, x->dims);
}

struct edge_tensor *onnx_softmax(struct onnx_node *node, enum edge_op op, struct edge_tensor *x,
				 int missing, bool flattens)
{
	int64_t axis = onnx_attr_int(node, "axis", missing, INT64_MIN, INT64_MAX);
	union edge_params params = { 0 };

	if (node->status)
		return NULL;
	params.axis.axis = flattens && axis == x->rank ? axis : onnx_axis(node, axis, x->rank);
	if (flattens && params.axis.axis != x->rank - 1)
		return softmax_flattened(node, op, x, params.axis.axis);
	return onnx_add1(node, op, &params, x);
}

/* Before opset 13 all dimensions from the axis on were one. */
void onnx_convert_softmax(struct onnx_node *node)
{
	bool flattens = node->import->opset < 13;

	onnx_set_output(node, 0,
			onnx_softmax(node, node->info->variant, node->inputs[0], flattens ? 1 : -1,
				     flattens));
}
