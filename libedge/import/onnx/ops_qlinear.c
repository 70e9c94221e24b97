// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"
#include "import/onnx/quant.h"

/**
 * struct factor - one side of a sum of products of bytes
 * @x: the bytes, in the shape in which they are multiplied
 * @pairs: how they are quantised
 * @rank, @axis: where @pairs stand in the result
 * @ones: shape of a factor of ones that gives what each element of x is multiplied with
 */
struct factor {
	struct edge_tensor *x;
	struct onnx_pairs pairs;
	int rank, axis;
	int ones_rank;
	int64_t ones[EDGE_MAX_RANK];
};

/**
 * struct product - a sum of products of bytes
 * @op: EDGE_OP_CONV or EDGE_OP_MATMUL
 * @bias: i32, or NULL
 */
struct product {
	enum edge_op op;
	union edge_params params;
	struct factor a, b;
	struct edge_tensor *bias;
};

static struct edge_tensor *ones(struct onnx_node *node, const struct factor *factor)
{
	return onnx_expand(node, onnx_scalar(node, EDGE_U8, 1), factor->ones_rank, factor->ones);
}

/* The zero point of @factor, i32, to be multiplied with a sum; NULL for 0. */
static struct edge_tensor *zero_of(struct onnx_node *node, const struct factor *factor)
{
	struct edge_tensor *zero = onnx_pairs_spread(node, &factor->pairs, factor->pairs.zero,
						     factor->rank, factor->axis);

	return zero ? onnx_cast(node, zero, EDGE_I32) : NULL;
}

static struct edge_tensor *times(struct onnx_node *node, struct edge_tensor *a,
				 struct edge_tensor *b)
{
	return onnx_binary(node, EDGE_BINARY_MUL, a, b);
}

/* Takes a zero point that is known into the tensor; false when it is not, or more than one on the
 * left. */
static bool take_zero(struct onnx_node *node, struct factor *factor, bool may_vary)
{
	struct onnx_pairs pairs = { .zero = factor->pairs.zero, .axis = -1, .count = 1 };

	if (!onnx_pairs_known(&pairs) || (!may_vary && factor->pairs.axis >= 0)) {
		factor->x = onnx_stored(node, factor->x);
		return false;
	}
	if (factor->pairs.axis >= 0 && pairs.zero && edge_tensor_elements(pairs.zero) > 1) {
		pairs.axis = factor->pairs.axis;
		pairs.count = factor->pairs.count;
	}
	factor->x = onnx_requalify(node, factor->x, &pairs);
	return true;
}

/*
 * Sums of (a - zero of a) * (b - zero of b), i32. Zero points that are known only when the model
 * runs are multiplied out: ab - zero_a 1b - a1 zero_b + zero_a 11 zero_b.
 */
static struct edge_tensor *sum_products(struct onnx_node *node, struct product *product)
{
	struct edge_tensor *zero_a = NULL, *zero_b = NULL, *sum;
	struct factor *a = &product->a, *b = &product->b;
	const enum edge_op op = product->op;
	const union edge_params *params = &product->params;

	if (!take_zero(node, a, false))
		zero_a = zero_of(node, a);
	if (!take_zero(node, b, true))
		zero_b = zero_of(node, b);
	sum = onnx_add(node, op, params, product->bias ? 3 : 2,
		       (struct edge_tensor *[]) { a->x, b->x, product->bias });
	if (zero_a)
		sum = onnx_binary(node, EDGE_BINARY_SUB, sum,
				  times(node, onnx_add2(node, op, params, ones(node, a), b->x),
					zero_a));
	if (zero_b)
		sum = onnx_binary(node, EDGE_BINARY_SUB, sum,
				  times(node, onnx_add2(node, op, params, a->x, ones(node, b)),
					zero_b));
	if (zero_a && zero_b)
		sum = onnx_binary(node, EDGE_BINARY_ADD, sum,
				  times(node,
					onnx_add2(node, op, params, ones(node, a), ones(node, b)),
					times(node, zero_a, zero_b)));
	return sum;
}

static struct edge_tensor *scale_of(struct onnx_node *node, const struct factor *factor)
{
	return onnx_pairs_spread(node, &factor->pairs, factor->pairs.scale, factor->rank,
				 factor->axis);
}

static struct edge_tensor *scale_of_sum(struct onnx_node *node, const struct product *product)
{
	return times(node, scale_of(node, &product->a), scale_of(node, &product->b));
}

/* The same, requantised: one operator where everything is known, else several. */
static struct edge_tensor *requantised(struct onnx_node *node, struct product *product,
				       enum edge_type type, const struct onnx_pairs *y)
{
	struct factor *a = &product->a, *b = &product->b;
	struct edge_tensor *sum, *scale, *zero;

	if (node->status)
		return NULL;
	if (onnx_pairs_known(&a->pairs) && a->pairs.axis < 0 && onnx_pairs_known(&b->pairs) &&
	    onnx_pairs_known(y))
		return onnx_add_quantised(
			node, product->op, &product->params, product->bias ? 3 : 2,
			(struct edge_tensor *[]) { onnx_requalify(node, a->x, &a->pairs),
						   onnx_requalify(node, b->x, &b->pairs),
						   product->bias },
			type, y);
	sum = onnx_cast(node, sum_products(node, product), EDGE_F32);
	scale = onnx_binary(node, EDGE_BINARY_DIV, scale_of_sum(node, product),
			    onnx_pairs_spread(node, y, y->scale, 0, 0));
	zero = onnx_pairs_spread(node, y, y->zero, 0, 0);
	if (zero)
		zero = onnx_cast(node, zero, EDGE_F32);
	return onnx_store_bytes(node, times(node, sum, scale), zero, type);
}

static void set_ones(struct factor *factor, int rank, const int64_t *dims)
{
	factor->ones_rank = rank;
	for (int i = 0; i < rank; i++)
		factor->ones[i] = dims[i];
}

static void check_bytes(struct onnx_node *node, const struct edge_tensor *factor)
{
	if (!node->status && factor->type != EDGE_U8 && factor->type != EDGE_I8)
		onnx_fail(node, EDGE_BAD_FORMAT, "its input '%s' is %s, and not uint8 or int8",
			  factor->name, edge_type_name(factor->type));
}

/* Images @x and weights @w; their scales and zero points stand in inputs @x_scale and so on. */
static void read_conv(struct onnx_node *node, struct product *product, struct edge_tensor *w,
		      int x_scale, int x_zero, int w_scale, int w_zero)
{
	struct edge_tensor *x = node->inputs[0];

	*product = (struct product) { .op = EDGE_OP_CONV, .a.x = x, .b.x = w };
	check_bytes(node, x);
	check_bytes(node, w);
	if (node->status)
		return;
	onnx_read_conv(node, EDGE_OP_CONV, w, &product->params);
	product->a.pairs = onnx_pairs_read(node, x, x->type, x_scale, x_zero, -1);
	product->b.pairs = onnx_pairs_read(node, w, w->type, w_scale, w_zero, 0);
	product->b.rank = x->rank;
	product->b.axis = 1;
	set_ones(&product->a, x->rank, x->dims);
	product->a.ones[0] = 1;
	set_ones(&product->b, w->rank, w->dims);
}

/* The same for matrices. Scales of @a may vary by row. */
static void read_matmul(struct onnx_node *node, struct product *product, struct edge_tensor *b,
			int a_scale, int a_zero, int b_scale, int b_zero)
{
	struct edge_tensor *a = node->inputs[0];
	const int64_t terms = a->rank ? a->dims[a->rank - 1] : 0;

	*product = (struct product) { .op = EDGE_OP_MATMUL };
	check_bytes(node, a);
	check_bytes(node, b);
	if (node->status)
		return;
	if (!a->rank || !b->rank)
		onnx_fail(node, EDGE_BAD_FORMAT, "a factor that is neither vector nor matrix");
	edge_op_default_params(EDGE_OP_MATMUL, &product->params);
	a = onnx_as_row(node, a);
	b = onnx_as_column(node, b);
	if (node->status)
		return;
	product->a.x = a;
	product->b.x = b;
	product->a.pairs = onnx_pairs_read(node, a, a->type, a_scale, a_zero, a->rank - 2);
	product->b.pairs = onnx_pairs_read(node, b, b->type, b_scale, b_zero, b->rank - 1);
	product->a.rank = product->b.rank = 2;
	product->a.axis = 0;
	product->b.axis = 1;
	set_ones(&product->a, 2, (const int64_t[]) { 1, terms });
	set_ones(&product->b, 2, (const int64_t[]) { terms, 1 });
}

void onnx_convert_conv_integer(struct onnx_node *node)
{
	struct product product;

	read_conv(node, &product, node->inputs[1], ONNX_NO_INPUT, 2, ONNX_NO_INPUT, 3);
	onnx_set_output(node, 0, node->status ? NULL : sum_products(node, &product));
}

void onnx_convert_matmul_integer(struct onnx_node *node)
{
	struct product product;
	struct edge_tensor *y;

	read_matmul(node, &product, node->inputs[1], ONNX_NO_INPUT, 2, ONNX_NO_INPUT, 3);
	y = node->status ? NULL : sum_products(node, &product);
	onnx_set_output(node, 0,
			onnx_as_product(node, y, node->inputs[0]->rank == 1,
					node->inputs[1]->rank == 1));
}

void onnx_convert_qlinear_conv(struct onnx_node *node)
{
	enum edge_type type = node->inputs[0]->type;
	const struct onnx_pairs y = onnx_pairs_read_result(node, &type, 6, 7);
	struct product product;

	read_conv(node, &product, node->inputs[3], 1, 2, 4, 5);
	product.bias = onnx_input(node, 8);
	onnx_set_output(node, 0, requantised(node, &product, type, &y));
}

void onnx_convert_qlinear_matmul(struct onnx_node *node)
{
	enum edge_type type = node->inputs[0]->type;
	const struct onnx_pairs pairs = onnx_pairs_read_result(node, &type, 6, 7);
	struct product product;
	struct edge_tensor *y;

	read_matmul(node, &product, node->inputs[3], 1, 2, 4, 5);
	y = requantised(node, &product, type, &pairs);
	onnx_set_output(node, 0,
			onnx_as_product(node, y, node->inputs[0]->rank == 1,
					node->inputs[3]->rank == 1));
}

/* Two matrices, each of which may lie transposed. */
static void read_gemm(struct onnx_node *node, struct product *product)
{
	struct edge_tensor *a = node->inputs[0], *b = onnx_required(node, 3);
	int transpose_a, transpose_b;
	int64_t terms;

	*product = (struct product) { .op = EDGE_OP_MATMUL, .a.x = a, .b.x = b };
	check_bytes(node, a);
	check_bytes(node, b);
	if (!node->status && (a->rank != 2 || b->rank != 2))
		onnx_fail(node, EDGE_BAD_FORMAT, "its factors are not matrices");
	if (node->status)
		return;
	edge_op_default_params(EDGE_OP_MATMUL, &product->params);
	product->params.matmul.transpose_a = transpose_a = onnx_attr_bool(node, "transA", false);
	product->params.matmul.transpose_b = transpose_b = onnx_attr_bool(node, "transB", false);
	product->a.pairs = onnx_pairs_read(node, a, a->type, 1, 2, -1);
	product->b.pairs = onnx_pairs_read(node, b, b->type, 4, 5, transpose_b ? 0 : 1);
	product->b.rank = 2;
	product->b.axis = 1;
	product->bias = onnx_input(node, 6);
	terms = a->dims[transpose_a ? 0 : 1];
	set_ones(&product->a, 2,
		 (const int64_t[]) { transpose_a ? terms : 1, transpose_a ? 1 : terms });
	set_ones(&product->b, 2,
		 (const int64_t[]) { transpose_b ? 1 : terms, transpose_b ? terms : 1 });
}

/* Without a scale for it the result is real. */
void onnx_convert_qgemm(struct onnx_node *node)
{
	const bool is_real = !onnx_input(node, 7);
	const float alpha = onnx_attr_float(node, "alpha", 1);
	enum edge_type type = node->inputs[0]->type;
	struct onnx_pairs pairs = { 0 };
	struct product product;
	struct edge_tensor *y;

	if (!is_real)
		pairs = onnx_pairs_read_result(node, &type, 7, 8);
	read_gemm(node, &product);
	if (node->status)
		return;
	if (!is_real && alpha == 1) {
		y = requantised(node, &product, type, &pairs);
	} else {
		y = onnx_cast(node, sum_products(node, &product), EDGE_F32);
		y = times(node, y,
			  times(node, scale_of_sum(node, &product),
				onnx_scalar(node, EDGE_F32, alpha)));
		y = is_real ? y : onnx_quantize(node, y, type, &pairs);
	}
	onnx_set_output(node, 0, y);
}
