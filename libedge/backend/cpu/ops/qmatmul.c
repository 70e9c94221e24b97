// SPDX-License-Identifier: MIT
/* Products of a u8 matrix and a constant one of i8. */
#include <stdlib.h>

#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/product.h"
#include "backend/cpu/ops/qgemm.h"
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
	struct product product;

	get_product(node, &product);

	const struct qgemm_source source = {
		.matrices = 1,
		.columns = product.n,
		.taps = 1,
		.depth = product.k,
		.data = node->inputs[1]->data,
		.column = product.b.column,
		.channel = product.b.row,
		.inner = product.k,
	};

	return qgemm_compile(graph, node, cpu_flags, &source, error);
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct qmatmul *matmul = step->state;
	const struct product *product = &matmul->product;
	const int64_t size = (int64_t)edge_type_size(step->outputs[0].type);
	const uint8_t *a = step->inputs[0].data;
	char *y = step->outputs[0].data;

	tile->taps = 1;
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
	struct qmatmul *matmul;
	struct product product;

	if (!get_product(step->node, &product))
		return edge_fail(error, EDGE_BAD_FORMAT, "not a product for kernels");
	matmul = calloc(1, sizeof(*matmul));
	if (!matmul)
		return edge_fail_memory(error);
	matmul->product = product;
	matmul->qgemm.gemm = (struct gemm) {
		.matrices = 1,
		.rows = product_batch_size(&product) * product.m,
		.columns = product.n,
		.taps = 1,
		.depth = product.k,
		.locate = locate,
	};
	step->state = matmul;
	return qgemm_prepare(step, prepare, error);
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

static bool fits_pairs(const struct edge_node *node, unsigned int cpu_flags)
{
	return fits(node, cpu_flags) && qgemm_takes_pairs(node, cpu_flags);
}

const struct cpu_op cpu_op_qmatmul_pairs = {
	.op = EDGE_OP_MATMUL,
	.name = QGEMM_PAIRS,
	.fits = fits_pairs,
	.compile = compile,
	.prepare = prepare,
};
