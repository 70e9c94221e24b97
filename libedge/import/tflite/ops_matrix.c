// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

#include <string.h>

/* Options of FullyConnectedOptions, BatchMatMulOptions and SoftmaxOptions. */
enum {
	CONNECTED_ACTIVATION = 0,
	CONNECTED_WEIGHTS_FORMAT = 1,
	CONNECTED_KEEP_DIMS = 2,
	MATMUL_ADJOINT_A = 0,
	MATMUL_ADJOINT_B = 1,
	SOFTMAX_BETA = 0,
};

/* @x as a matrix whose rows are as long as those of weights [units, columns]. */
static struct edge_tensor *as_rows(struct tflite_node *node, struct edge_tensor *x,
				   const struct edge_tensor *weight)
{
	int64_t columns = weight->rank == 2 ? weight->dims[1] : 0;
	int64_t dims[2];

	if (columns < 1 || edge_tensor_elements(x) % columns) {
		tflite_fail(node, EDGE_BAD_FORMAT, "its weights '%s' do not fit its input '%s'",
			    weight->name, x->name);
		return NULL;
	}
	dims[0] = edge_tensor_elements(x) / columns;
	dims[1] = columns;
	if (x->rank == 2)
		return x;
	return tflite_reshape(node, x, 2, dims);
}

/* @inputs: as the operator has them, of types that go together. */
static struct edge_tensor *connect(struct tflite_node *node, struct edge_tensor **inputs)
{
	static const int32_t perm[] = { 1, 0 };
	bool bytes = edge_tensor_is_bytes(inputs[0]);
	struct edge_tensor *y = NULL;
	struct edge_node *made;

	inputs[0] = as_rows(node, inputs[0], inputs[1]);
	inputs[1] = tflite_transpose(node, inputs[1], perm);
	made = tflite_begin(node, EDGE_OP_MATMUL, inputs[2] ? 3 : 2, inputs, 1);
	if (!made)
		return NULL;
	if (bytes)
		tflite_store(node, made, CONNECTED_ACTIVATION);
	tflite_finish(node, made, &y);
	return bytes ? y : tflite_activate(node, CONNECTED_ACTIVATION, y);
}

void tflite_convert_fully_connected(struct tflite_node *node)
{
	struct edge_tensor *inputs[3] = { node->inputs[0], node->inputs[1], tflite_input(node, 2) };
	const struct edge_tensor *x = node->inputs[0];
	int64_t dims[EDGE_MAX_RANK];
	struct edge_tensor *y;

	if (fb_i8(node->options, CONNECTED_WEIGHTS_FORMAT, 0))
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "shuffled weights; convert the model without them");
	tflite_product_types(node, &inputs[0], &inputs[1], &inputs[2]);
	if (node->status)
		return;
	y = connect(node, inputs);
	if (y && fb_bool(node->options, CONNECTED_KEEP_DIMS, false) && x->rank != 2 && x->rank) {
		memcpy(dims, x->dims, sizeof(dims));
		dims[x->rank - 1] = y->dims[1];
		y = tflite_reshape(node, y, x->rank, dims);
	}
	tflite_set_output(node, 0, y);
}

void tflite_convert_batch_matmul(struct tflite_node *node)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_MATMUL, &params);
	params.matmul.transpose_a = fb_bool(node->options, MATMUL_ADJOINT_A, false);
	params.matmul.transpose_b = fb_bool(node->options, MATMUL_ADJOINT_B, false);
	tflite_set_output(node, 0, tflite_add(node, EDGE_OP_MATMUL, &params, 2, node->inputs));
}

void tflite_convert_softmax(struct tflite_node *node)
{
	float beta = fb_f32(node->options, SOFTMAX_BETA, 0);
	struct edge_tensor *x = node->inputs[0];
	union edge_params params;

	if (node->info->variant == EDGE_OP_SOFTMAX && beta != 1)
		x = tflite_binary(node, EDGE_BINARY_MUL, x, tflite_scalar(node, EDGE_F32, beta));
	edge_op_default_params(node->info->variant, &params);
	params.axis.axis = -1;
	tflite_set_output(node, 0, tflite_add1(node, node->info->variant, &params, x));
}

/* x / sqrt(max(sum(x^2), epsilon)), over the last dimension. */
void tflite_convert_l2_normalization(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0], *sum;
	union edge_params params;

	edge_op_default_params(EDGE_OP_REDUCE, &params);
	params.reduce.kind = EDGE_REDUCE_SUM_SQUARE;
	params.reduce.num_axes = 1;
	params.reduce.axes[0] = x->rank - 1;
	params.reduce.keep_dims = 1;
	sum = tflite_add1(node, EDGE_OP_REDUCE, &params, x);
	sum = tflite_binary(node, EDGE_BINARY_MAX, sum, tflite_scalar(node, EDGE_F32, 1e-6));
	sum = tflite_unary(node, EDGE_FUNC_SQRT, 0, 0, sum);
	tflite_set_output(node, 0, tflite_binary(node, EDGE_BINARY_DIV, x, sum));
}
