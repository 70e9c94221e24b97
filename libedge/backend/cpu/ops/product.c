// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/product.h"

#include <string.h>

#include "backend/cpu/ops/gemm.h"
#include "backend/cpu/ops/weights.h"

static struct operand get_operand(const struct edge_tensor *tensor, bool transposed, int batch_rank)
{
	const int rank = tensor->rank;
	struct operand operand = {
		.row = tensor->strides[rank - 2],
		.column = tensor->strides[rank - 1],
	};

	if (transposed) {
		operand.row = tensor->strides[rank - 1];
		operand.column = tensor->strides[rank - 2];
	}
	for (int i = 0; i < rank - 2; i++) {
		if (tensor->dims[i] > 1)
			operand.batch[batch_rank - (rank - 2) + i] = tensor->strides[i];
	}
	return operand;
}

/* A bias is one value for each column. */
static bool is_row(const struct edge_tensor *bias, enum edge_type type, int64_t columns)
{
	return bias->type == type && edge_tensor_is_constant(bias) && bias->rank > 0 &&
	       bias->dims[bias->rank - 1] == columns && edge_tensor_elements(bias) == columns;
}

bool product_get(const struct edge_node *node, enum edge_type type, enum edge_type bias_type,
		 struct product *product)
{
	const struct edge_tensor *a = node->inputs[0], *b = node->inputs[1];
	const struct edge_tensor *bias = weights_input(node, 2), *y = node->outputs[0];
	const int rank = y->rank;

	if (a->type != type || node->act.func > EDGE_LAST_ACTIVATION || !weights_are_countable(a) ||
	    !weights_are_countable(b) || !weights_are_countable(y))
		return false;
	*product = (struct product) {
		.m = y->dims[rank - 2],
		.n = y->dims[rank - 1],
		.k = a->dims[node->params.matmul.transpose_a ? a->rank - 2 : a->rank - 1],
		.batch_rank = rank - 2,
		.a = get_operand(a, node->params.matmul.transpose_a, rank - 2),
		.b = get_operand(b, node->params.matmul.transpose_b, rank - 2),
		.y = get_operand(y, false, rank - 2),
	};
	memcpy(product->batch, y->dims, (rank - 2) * sizeof(*product->batch));
	return (product->n == 1 || product->y.column == 1) &&
	       (!bias || is_row(bias, bias_type, product->n));
}

int64_t product_batch_size(const struct product *product)
{
	int64_t size = 1;

	for (int i = 0; i < product->batch_rank; i++)
		size *= product->batch[i];
	return size;
}

bool product_is_shared(const struct product *product)
{
	for (int i = 0; i < product->batch_rank; i++) {
		if (product->b.batch[i] && product->batch[i] > 1)
			return false;
	}
	return true;
}

int64_t product_offset(const struct product *product, const struct operand *operand, int64_t index)
{
	int64_t offset = 0;

	for (int i = product->batch_rank - 1; i >= 0; i--) {
		offset += index % product->batch[i] * operand->batch[i];
		index /= product->batch[i];
	}
	return offset;
}

static const float *copy_row(const struct product *product, const float *row, float *patch)
{
	for (int64_t k = 0; k < product->k; k++)
		patch[k] = row[k * product->a.column];
	return patch;
}

void product_locate(const struct product *product, bool shared, bool copied, const float *a,
		    float *y, struct gemm_tile *tile)
{
	tile->taps = 1;
	for (int r = 0; r < tile->rows; r++) {
		const int64_t row = tile->row + r;
		const int64_t batch = shared ? row / product->m : tile->matrix;
		const int64_t m = shared ? row % product->m : row;
		const float *from =
			a + product_offset(product, &product->a, batch) + m * product->a.row;

		tile->a[r] = copied ? copy_row(product, from, (float *)tile->patch + r * product->k)
				    : from;
		tile->c[r] = y + product_offset(product, &product->y, batch) + m * product->y.row;
	}
}
