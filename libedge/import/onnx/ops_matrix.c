// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

void onnx_convert_gemm(struct onnx_node *node)
{
	struct edge_tensor *inputs[] = { node->inputs[0], node->inputs[1], onnx_input(node, 2) };
	union edge_params params;

	if (inputs[0]->rank != 2 || inputs[1]->rank != 2)
		onnx_fail(node, EDGE_BAD_FORMAT, "its factors are not matrices");
	edge_op_default_params(EDGE_OP_MATMUL, &params);
	params.matmul.transpose_a = onnx_attr_bool(node, "transA", false);
	params.matmul.transpose_b = onnx_attr_bool(node, "transB", false);
	params.matmul.alpha = onnx_attr_float(node, "alpha", 1);
	params.matmul.beta = onnx_attr_float(node, "beta", 1);
	onnx_set_output(node, 0,
			onnx_add(node, EDGE_OP_MATMUL, &params, inputs[2] ? 3 : 2, inputs));
}

struct edge_tensor *onnx_as_row(struct onnx_node *node, struct edge_tensor *a)
{
	if (a->rank != 1)
		return a;
	return onnx_reshape(node, a, 2, (const int64_t[]) { 1, a->dims[0] });
}

struct edge_tensor *onnx_as_column(struct onnx_node *node, struct edge_tensor *b)
{
	if (b->rank != 1)
		return b;
	return onnx_reshape(node, b, 2, (const int64_t[]) { b->dims[0], 1 });
}

struct edge_tensor *onnx_as_product(struct onnx_node *node, struct edge_tensor *y, bool row,
				    bool column)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank = 0;

	if (!y || (!row && !column))
		return y;
	for (int i = 0; i < y->rank; i++) {
		if (!(row && i == y->rank - 2) && !(column && i == y->rank - 1))
			dims[rank++] = y->dims[i];
	}
	return onnx_reshape(node, y, rank, dims);
}

void onnx_convert_matmul(struct onnx_node *node)
{
	struct edge_tensor *a = node->inputs[0], *b = node->inputs[1];
	struct edge_tensor *y = onnx_add2(node, EDGE_OP_MATMUL, NULL, onnx_as_row(node, a),
					  onnx_as_column(node, b));

	onnx_set_output(node, 0, onnx_as_product(node, y, a->rank == 1, b->rank == 1));
}
