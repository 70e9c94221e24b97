// SPDX-License-Identifier: MIT
#include "runtime/flops.h"

static uint64_t elements(const struct edge_tensor *tensor)
{
	int64_t count = tensor ? edge_tensor_elements(tensor) : 0;

	return count > 0 ? count : 0;
}

/* Positions of the kernel; "global" pools state none, and take the whole plane. */
static uint64_t window(const struct edge_node *node, const int32_t *kernel)
{
	const struct edge_tensor *input = node->inputs[0];
	uint64_t size = 1;

	for (int i = 0; i < input->rank - 2 && i < EDGE_MAX_SPATIAL; i++)
		size *= kernel[i] ? (uint64_t)kernel[i] : (uint64_t)input->dims[i + 2];
	return size;
}

static uint64_t conv_flops(const struct edge_node *node)
{
	/* weight[M, C / group, kernel...]: each output element sums over all but M. */
	const struct edge_tensor *weight = node->inputs[1];
	uint64_t filters = weight->dims[0];

	return filters ? 2 * elements(node->outputs[0]) * (elements(weight) / filters) : 0;
}

static uint64_t conv_transpose_flops(const struct edge_node *node)
{
	/* weight[C, M / group, kernel...]: each input element goes into all but C. */
	const struct edge_tensor *weight = node->inputs[1];
	uint64_t channels = weight->dims[0];

	return channels ? 2 * elements(node->inputs[0]) * (elements(weight) / channels) : 0;
}

static uint64_t matmul_flops(const struct edge_node *node)
{
	const struct edge_tensor *a = node->inputs[0];
	int inner = a->rank - (node->params.matmul.transpose_a && a->rank > 1 ? 2 : 1);

	return inner < 0 ? 0 : 2 * elements(node->outputs[0]) * (uint64_t)a->dims[inner];
}

uint64_t edge_node_flops(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONV:
		return conv_flops(node);
	case EDGE_OP_CONV_TRANSPOSE:
		return conv_transpose_flops(node);
	case EDGE_OP_MATMUL:
		return matmul_flops(node);
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_AVERAGE_POOL:
	case EDGE_OP_LP_POOL:
		return elements(node->outputs[0]) * window(node, node->params.pool.kernel);
	case EDGE_OP_BATCH_NORM:
	case EDGE_OP_INSTANCE_NORM:
	case EDGE_OP_LAYER_NORM:
		return 2 * elements(node->inputs[0]);
	case EDGE_OP_UNARY:
	case EDGE_OP_BINARY:
	case EDGE_OP_PRELU:
	case EDGE_OP_SOFTMAX:
	case EDGE_OP_LOG_SOFTMAX:
	case EDGE_OP_REDUCE:
	case EDGE_OP_CUM_SUM:
	case EDGE_OP_LRN:
	case EDGE_OP_RESIZE:
		return elements(node->inputs[0]) > elements(node->outputs[0])
			       ? elements(node->inputs[0])
			       : elements(node->outputs[0]);
	default:
		return 0;
	}
}

static uint64_t bytes(const struct edge_tensor *tensor)
{
	int64_t size = tensor ? edge_tensor_bytes(tensor) : 0;

	return size > 0 ? size : 0;
}

uint64_t edge_node_bytes(const struct edge_node *node)
{
	uint64_t sum = 0;

	/* A constant whose data is gone is read in its packed form. */
	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];

		if (input && (!edge_tensor_is_constant(input) || input->data))
			sum += bytes(input);
	}
	for (int i = 0; i < node->num_packed; i++)
		sum += bytes(node->packed[i]);
	for (int i = 0; i < node->num_outputs; i++)
		sum += bytes(node->outputs[i]);
	return sum;
}
