// SPDX-License-Identifier: MIT
/* Products of a u8 matrix and a constant one of i8. */
#include <stdlib.h>

#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/product.h"
#include "backend/cpu/ops/qgemm.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

struct qmatmul {
	struct qgemm qgemm;
	struct product product;
};

static bool get_product(const struct edge_node *node, struct product *product)
{
	return qgemm_takes(node) && product_get(node, EDGE_U8, EDGE_I32, product) &&
	       product_is_shared(product) && (product->k == 1 || product->a.column == 1);
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_qgemm_kernels *kernels = qgemm_kernels(node, cpu_flags);
	struct edge_tensor *packed;
	struct product product;
	int64_t size;

	get_product(node, &product);
	size = qgemm_packed_size(kernels, product.n, 1, product.k);
	packed = size < 0 ? NULL : edge_node_add_packed(graph, node, EDGE_I32, size);
	if (!packed)
		return edge_fail_memory(error);

	const struct qgemm_source source = {
		.data = node->inputs[1]->data,
		.column = product.b.column,
		.channel = product.b.row,
		.depth = product.k,
	};

	qgemm_pack(kernels, node, &source, product.n, 1, product.k, packed->data);
	weights_drop(graph, node);
	return EDGE_OK;
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct qmatmul *matmul = step->state;
	const struct product *product = &matmul->product;
	const int64_t size = (int64_t)edge_type_size(step->outputs[0].type);
	const uint8_t *a = step->inputs[0].data;
	char *y = step->outputs[0].data;

	tile->taps = 1;
	tile->packed = step->node->packed[0]->data;
	for (int r = 0; r < tile->rows; r++) {
		const int64_t batch = (tile->row + r) / product->m,
			      m = (tile->row + r) % product->m;

		tile->a[r] = a + product_offset(product, &product->a, batch) + m * product->a.row;
		tile->c[r] =
			y +
			(product_offset(product, &product->y, batch) + m * product->y.row) * size;
	}
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const struct cpu_qgemm_kernels *kernels = qgemm_kernels(node, prepare->cpu_flags);
	struct qmatmul *matmul;
	struct product product;

	if (!get_product(node, &product) || node->num_packed != 1 ||
	    !weights_packed_as(node->packed[0], EDGE_I32,
			       qgemm_packed_size(kernels, product.n, 1, product.k)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed matrix has the wrong size");
	matmul = calloc(1, sizeof(*matmul));
	if (!matmul)
		return edge_fail_memory(error);
	matmul->product = product;
	matmul->qgemm.kernels = kernels;
	matmul->qgemm.gemm = (struct gemm) {
		.matrices = 1,
		.rows = product_batch_size(&product) * product.m,
		.columns = product.n,
		.taps = 1,
		.depth = product.k,
		.locate = locate,
	};
	step->state = matmul;
	qgemm_prepare(step, prepare);
	return EDGE_OK;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct product product;

	return get_product(node, &product);
}

const struct cpu_op cpu_op_qmatmul = {
	.op = EDGE_OP_MATMUL,
	.name = "qgemm",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};

static bool fits_bytes(const struct edge_node *node, unsigned int cpu_flags)
{
	return fits(node, cpu_flags) && qgemm_takes_bytes(node, cpu_flags);
}

const struct cpu_op cpu_op_qmatmul_bytes = {
	.op = EDGE_OP_MATMUL,
	.name = QGEMM_BYTES,
	.fits = fits_bytes,
	.compile = compile,
	.prepare = prepare,
};
