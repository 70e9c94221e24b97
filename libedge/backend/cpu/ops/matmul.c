// SPDX-License-Identifier: MIT
/*
 * Matrix products: a constant right side is packed once, another by every task for itself, the
 * columns that it needs. A left side whose rows are not contiguous is copied a tile at a time.
 */
#include <stdlib.h>

#include "backend/cpu/ops/gemm.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/product.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

/**
 * struct matmul - state of a step
 * @shared: b is the same for the whole batch, whose rows then make one matrix
 */
struct matmul {
	struct gemm gemm;
	struct product product;
	bool shared;
};

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct product product;

	return product_get(node, EDGE_F32, EDGE_F32, &product);
}

/* Elements of the packed right sides, or -1; 0 when b is no constant. */
static int64_t packed_size(const struct edge_node *node, const struct product *product,
			   const struct cpu_igemm_kernels *kernels)
{
	int64_t matrices = product_is_shared(product) ? 1 : product_batch_size(product);
	int64_t size = gemm_packed_size(kernels, product->n, 1, product->k);

	if (!edge_tensor_is_constant(node->inputs[1]))
		return 0;
	if (size < 0 || __builtin_mul_overflow(size, matrices, &size) || size > INT64_MAX / 16)
		return -1;
	return size;
}

/* The right side of matrix @index. */
static struct gemm_source get_source(const struct edge_node *node, const struct product *product,
				     const float *b, const float *bias, int64_t index)
{
	return (struct gemm_source) {
		.data = b + product_offset(product, &product->b, index),
		.column = product->b.column,
		.channel = product->b.row,
		.tap_columns = 1,
		.scale = node->params.matmul.alpha,
		.bias = bias,
		.bias_scale = node->params.matmul.beta,
	};
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_igemm_kernels *kernels = cpu_igemm_kernels(cpu_flags);
	const struct edge_tensor *bias = weights_input(node, 2);
	struct edge_tensor *packed;
	struct product product;
	int64_t size, matrices;

	product_get(node, EDGE_F32, EDGE_F32, &product);
	size = packed_size(node, &product, kernels);
	if (!size)
		return EDGE_OK;
	packed = size < 0 ? NULL : edge_node_add_packed(graph, node, EDGE_F32, size);
	if (!packed)
		return edge_fail_memory(error);
	matrices = product_is_shared(&product) ? 1 : product_batch_size(&product);
	for (int64_t i = 0; i < matrices; i++) {
		const struct gemm_source source = get_source(node, &product, node->inputs[1]->data,
							     bias ? bias->data : NULL, i);

		gemm_pack(kernels, &source, product.n, 1, product.k, 0,
			  gemm_panels(kernels, product.n),
			  (float *)packed->data + i * (size / matrices));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

/* The panels of a right side that is no constant. */
static void pack(const struct cpu_step *step, int64_t matrix, int64_t first, int64_t end,
		 float *packed)
{
	const struct matmul *matmul = step->state;
	const struct edge_view *bias = step->node->num_inputs > 2 ? &step->inputs[2] : NULL;
	const struct gemm_source source = get_source(step->node, &matmul->product,
						     step->inputs[1].data, bias ? bias->data : NULL,
						     matrix);

	gemm_pack(matmul->gemm.kernels, &source, matmul->product.n, 1, matmul->product.k, first,
		  end, packed);
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct matmul *matmul = step->state;
	const struct product *product = &matmul->product;

	if (!matmul->gemm.pack)
		tile->packed = (const float *)step->node->packed[0]->data +
			       tile->matrix * gemm_packed_size(matmul->gemm.kernels, product->n, 1,
							       product->k);
	product_locate(product, matmul->shared, matmul->gemm.row_patch, step->inputs[0].data,
		       step->outputs[0].data, tile);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const bool constant = edge_tensor_is_constant(node->inputs[1]);
	struct matmul *matmul;
	struct product product;

	if (!product_get(node, EDGE_F32, EDGE_F32, &product) || node->num_packed != constant ||
	    (constant && !weights_packed_is(node->packed[0],
					    packed_size(node, &product,
							cpu_igemm_kernels(prepare->cpu_flags)))))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed matrix has the wrong size");
	matmul = calloc(1, sizeof(*matmul));
	if (!matmul)
		return edge_fail_memory(error);
	matmul->product = product;
	matmul->shared = product_is_shared(&product);
	matmul->gemm = (struct gemm) {
		.matrices = matmul->shared ? 1 : product_batch_size(&product),
		.rows = matmul->shared ? product_batch_size(&product) * product.m : product.m,
		.columns = product.n,
		.taps = 1,
		.depth = product.k,
		.locate = locate,
		.pack = constant ? NULL : pack,
	};
	if (product.k > 1 && product.a.column != 1)
		matmul->gemm.row_patch = product.k * (int64_t)sizeof(float);
	step->state = matmul;
	gemm_prepare(step, prepare);
	return EDGE_OK;
}

const struct cpu_op cpu_op_matmul = {
	.op = EDGE_OP_MATMUL,
	.name = "igemm",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
