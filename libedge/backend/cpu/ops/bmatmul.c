// SPDX-License-Identifier: MIT
/* What matmul.c is to floats, for constant right sides that may be rounded to bf16. */
#include <stdlib.h>

#include "backend/cpu/ops/bgemm.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/product.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

/**
 * struct bmatmul - state of a step
 * @shared: b is the same for the whole batch, whose rows then make one matrix
 * @matrix_size: words of a packed matrix
 */
struct bmatmul {
	struct bgemm bgemm;
	struct product product;
	bool shared;
	int64_t matrix_size;
};

static bool get_product(const struct edge_node *node, struct product *product)
{
	return edge_tensor_is_constant(node->inputs[1]) &&
	       product_get(node, EDGE_F32, EDGE_F32, product);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct product product;

	return get_product(node, &product);
}

static bool wanted(const struct edge_node *node, unsigned int cpu_flags,
		   enum edge_precision precision, char *reason)
{
	return bgemm_is_wanted(cpu_flags, precision, reason);
}

static int64_t num_matrices(const struct product *product)
{
	return product_is_shared(product) ? 1 : product_batch_size(product);
}

/* Words of all packed right sides, or -1. */
static int64_t packed_size(const struct product *product, const struct cpu_bgemm_kernels *kernels)
{
	int64_t size = bgemm_packed_size(kernels, product->n, 1, product->k);

	if (size < 0 || __builtin_mul_overflow(size, num_matrices(product), &size) ||
	    size > INT64_MAX / 64)
		return -1;
	return size;
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_bgemm_kernels *kernels = cpu_bgemm_best_kernels(cpu_flags);
	const struct edge_tensor *bias = weights_input(node, 2);
	struct edge_tensor *packed;
	struct product product;
	int64_t size, matrices;

	get_product(node, &product);
	matrices = num_matrices(&product);
	size = packed_size(&product, kernels);
	packed = size < 0 ? NULL : edge_node_add_packed(graph, node, EDGE_I32, size);
	if (!packed)
		return edge_fail_memory(error);
	for (int64_t i = 0; i < matrices; i++) {
		const struct bgemm_source source = {
			.data = (const float *)node->inputs[1]->data +
				product_offset(&product, &product.b, i),
			.column = product.b.column,
			.channel = product.b.row,
			.depth = product.k,
			.scale = node->params.matmul.alpha,
			.bias = bias ? bias->data : NULL,
			.bias_scale = node->params.matmul.beta,
		};

		bgemm_pack(kernels, &source, product.n, 1, product.k,
			   (int32_t *)packed->data + i * (size / matrices));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct bmatmul *matmul = step->state;

	tile->packed =
		(const int32_t *)step->node->packed[0]->data + tile->matrix * matmul->matrix_size;
	/* Rows that are copied lie in front of those that are rounded. */
	product_locate(&matmul->product, matmul->shared, matmul->bgemm.rows_at,
		       step->inputs[0].data, step->outputs[0].data, tile);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const struct cpu_bgemm_kernels *kernels = cpu_bgemm_best_kernels(prepare->cpu_flags);
	struct bmatmul *matmul;
	struct product product;

	if (!get_product(node, &product) || node->num_packed != 1 ||
	    !weights_packed_as(node->packed[0], EDGE_I32, packed_size(&product, kernels)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed matrix has the wrong size");
	matmul = calloc(1, sizeof(*matmul));
	if (!matmul)
		return edge_fail_memory(error);
	matmul->product = product;
	matmul->shared = product_is_shared(&product);
	matmul->matrix_size = bgemm_packed_size(kernels, product.n, 1, product.k);
	matmul->bgemm.kernels = kernels;
	matmul->bgemm.gemm = (struct gemm) {
		.matrices = num_matrices(&product),
		.rows = matmul->shared ? product_batch_size(&product) * product.m : product.m,
		.columns = product.n,
		.taps = 1,
		.depth = product.k,
		.locate = locate,
	};
	if (product.k > 1 && product.a.column != 1)
		matmul->bgemm.gemm.row_patch = product.k * (int64_t)sizeof(float);
	step->state = matmul;
	bgemm_prepare(step, prepare);
	return EDGE_OK;
}

const struct cpu_op cpu_op_bmatmul = {
	.op = EDGE_OP_MATMUL,
	.name = BGEMM_NAME,
	.fits = fits,
	.wanted = wanted,
	.compile = compile,
	.prepare = prepare,
};
