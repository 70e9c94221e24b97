// SPDX-License-Identifier: MIT
#include <string.h>

#include "graph/infer_ops.h"

/* Swaps the last two dims where params say that the operand lies transposed. */
static void operand_dims(const struct edge_tensor *operand, bool transposed, int64_t *dims)
{
	int rank = operand->rank;

	memcpy(dims, operand->dims, rank * sizeof(*dims));
	if (transposed) {
		dims[rank - 2] = operand->dims[rank - 1];
		dims[rank - 1] = operand->dims[rank - 2];
	}
}

enum edge_status edge_infer_matmul(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *a = node->inputs[0], *b = node->inputs[1];
	int64_t a_dims[EDGE_MAX_RANK], b_dims[EDGE_MAX_RANK], dims[EDGE_MAX_RANK];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	const int columns = b->rank - (node->params.matmul.transpose_b ? 2 : 1);
	int rank = a->rank - 2;
	enum edge_type type;

	if (!status)
		status = edge_infer_product(node, columns, &type, error);
	if (status)
		return status;
	if (a->rank < 2 || b->rank < 2)
		return edge_infer_fail(node, error, "operands of rank %d and %d; matrices have 2",
				       a->rank, b->rank);
	operand_dims(a, node->params.matmul.transpose_a, a_dims);
	operand_dims(b, node->params.matmul.transpose_b, b_dims);
	if (a_dims[a->rank - 1] != b_dims[b->rank - 2])
		return edge_infer_fail(node, error, "%lld columns by %lld rows",
				       (long long)a_dims[a->rank - 1],
				       (long long)b_dims[b->rank - 2]);
	memcpy(dims, a_dims, sizeof(dims));
	status = edge_infer_broadcast(node, b->rank - 2, b_dims, &rank, dims, error);
	if (status)
		return status;
	dims[rank] = a_dims[a->rank - 2];
	dims[rank + 1] = b_dims[b->rank - 1];
	status = edge_infer_check_broadcast(node, 2, rank + 2, dims, error);
	if (status)
		return status;
	return edge_infer_set(node, 0, type, rank + 2, dims, error);
}
