// SPDX-License-Identifier: MIT
#include "import/onnx/quant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/quant.h"

static bool is_byte(enum edge_type type)
{
	return type == EDGE_U8 || type == EDGE_I8;
}

static void fail_memory(struct onnx_node *node)
{
	onnx_fail(node, EDGE_OUT_OF_MEMORY, "out of memory; use a smaller model");
}

struct edge_tensor *onnx_required(struct onnx_node *node, int index)
{
	struct edge_tensor *input = onnx_input(node, index);

	if (!input)
		onnx_fail(node, EDGE_BAD_FORMAT, "input %d is missing", index);
	return input;
}

/* One number, or a list of @size; how many. */
static int64_t count_entries(struct onnx_node *node, const struct edge_tensor *tensor,
			     const char *what, int64_t size)
{
	const int64_t count = tensor->rank > 1 ? 0 : edge_tensor_elements(tensor);

	if (count == 1 || (count == size && count > 0))
		return count;
	if (tensor->rank > 1)
		onnx_fail(
			node, EDGE_UNSUPPORTED,
			"its %s '%s' has %d dimensions; quantise the model by tensor or by channel",
			what, tensor->name, tensor->rank);
	else
		onnx_fail(node, EDGE_BAD_FORMAT,
			  "its %s '%s' has %lld entries instead of %lld; quantise the model again",
			  what, tensor->name, (long long)count, (long long)size);
	return 1;
}

static struct edge_tensor *read_scale(struct onnx_node *node, int index)
{
	struct edge_tensor *scale = index == ONNX_NO_INPUT ? NULL : onnx_required(node, index);

	if (scale && scale->type != EDGE_F32 && scale->type != EDGE_F16) {
		onnx_fail(node, EDGE_BAD_FORMAT,
			  "its scale '%s' is %s and not float; quantise the model again",
			  scale->name, edge_type_name(scale->type));
		return NULL;
	}
	return scale ? onnx_cast(node, scale, EDGE_F32) : NULL;
}

/* Entry @i, or the only one. */
static int32_t zero_at(const struct edge_tensor *zero, int64_t i)
{
	const int64_t at = zero && edge_tensor_elements(zero) > 1 ? i : 0;

	if (!zero)
		return 0;
	switch (zero->type) {
	case EDGE_U8:
		return ((const uint8_t *)zero->data)[at];
	case EDGE_I8:
		return ((const int8_t *)zero->data)[at];
	default:
		return ((const int32_t *)zero->data)[at];
	}
}

static float scale_at(const struct edge_tensor *scale, int64_t i)
{
	const int64_t at = scale && edge_tensor_elements(scale) > 1 ? i : 0;

	return scale ? ((const float *)scale->data)[at] : 1;
}

static void check_scales(struct onnx_node *node, const struct onnx_pairs *pairs)
{
	for (int64_t i = 0; i < pairs->count && !node->status; i++) {
		const float scale = scale_at(pairs->scale, i);

		if (!(scale > 0) || isinf(scale))
			onnx_fail(node, EDGE_BAD_FORMAT,
				  "its scale '%s' is %g, which is no positive number; quantise the "
				  "model again",
				  pairs->scale->name, (double)scale);
	}
}

struct onnx_pairs onnx_pairs_read(struct onnx_node *node, const struct edge_tensor *x,
				  enum edge_type type, int scale, int zero, int axis)
{
	const int64_t size = x && axis >= 0 ? x->dims[axis] : 1;
	struct onnx_pairs pairs = {
		.scale = read_scale(node, scale),
		.zero = zero == ONNX_NO_INPUT ? NULL : onnx_input(node, zero),
		.axis = -1,
		.count = 1,
	};

	if (pairs.scale)
		pairs.count = count_entries(node, pairs.scale, "scale", size);
	if (pairs.zero && pairs.zero->type != type)
		onnx_fail(
			node, EDGE_BAD_FORMAT,
			"its zero point '%s' is %s, and what it is for %s; quantise the model again",
			pairs.zero->name, edge_type_name(pairs.zero->type), edge_type_name(type));
	if (pairs.zero && !node->status) {
		const int64_t count = count_entries(node, pairs.zero, "zero point",
						    pairs.scale ? pairs.count : size);

		if (count > pairs.count)
			pairs.count = count;
	}
	if (pairs.count > 1)
		pairs.axis = axis;
	if (pairs.scale && pairs.scale->constant)
		check_scales(node, &pairs);
	return pairs;
}

struct onnx_pairs onnx_pairs_read_result(struct onnx_node *node, enum edge_type *type, int scale,
					 int zero)
{
	if (onnx_input(node, zero))
		*type = node->inputs[zero]->type;
	if (!is_byte(*type))
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "a result of type %s; quantise the model to uint8 or int8",
			  edge_type_name(*type));
	return onnx_pairs_read(node, NULL, *type, scale, zero, -1);
}

bool onnx_pairs_known(const struct onnx_pairs *pairs)
{
	return (!pairs->scale || pairs->scale->constant) && (!pairs->zero || pairs->zero->constant);
}

struct edge_tensor *onnx_pairs_spread(struct onnx_node *node, const struct onnx_pairs *pairs,
				      struct edge_tensor *tensor, int rank, int axis)
{
	int64_t dims[EDGE_MAX_RANK];

	if (!tensor || node->status)
		return NULL;
	if (edge_tensor_elements(tensor) == 1)
		return onnx_reshape(node, tensor, 0, NULL);
	for (int i = 0; i < rank; i++)
		dims[i] = i == axis ? pairs->count : 1;
	return onnx_reshape(node, tensor, rank, dims);
}

bool onnx_pairs_equal(const struct onnx_pairs *a, const struct onnx_pairs *b)
{
	return onnx_pairs_known(a) && onnx_pairs_known(b) && a->count == 1 && b->count == 1 &&
	       scale_at(a->scale, 0) == scale_at(b->scale, 0) &&
	       zero_at(a->zero, 0) == zero_at(b->zero, 0);
}

/* Quantises @tensor by constants. */
static void set_quant(struct onnx_node *node, struct edge_tensor *tensor,
		      const struct onnx_pairs *pairs)
{
	int32_t *zeros = malloc(pairs->count * sizeof(*zeros));
	float *scales = malloc(pairs->count * sizeof(*scales));

	if (!zeros || !scales)
		fail_memory(node);
	for (int64_t i = 0; i < pairs->count && !node->status; i++) {
		scales[i] = scale_at(pairs->scale, i);
		zeros[i] = zero_at(pairs->zero, i);
	}
	if (!node->status &&
	    !edge_tensor_set_quant(tensor, pairs->axis, pairs->count, scales, zeros))
		fail_memory(node);
	free(scales);
	free(zeros);
}

static struct edge_tensor *copy_constant(struct onnx_node *node, const struct edge_tensor *x)
{
	struct edge_tensor *copy = onnx_constant(node, x->type, x->rank, x->dims);

	if (copy && edge_tensor_bytes(x))
		memcpy(copy->data, x->data, edge_tensor_bytes(x));
	return copy;
}

/* Bytes of another meaning: a table in which every byte stands for itself. @pairs NULL for none. */
static struct edge_tensor *copy_bytes(struct onnx_node *node, struct edge_tensor *x,
				      const struct onnx_pairs *pairs)
{
	struct edge_tensor *table = onnx_constant(node, x->type, 1, (const int64_t[]) { 256 });

	for (int i = 0; table && i < 256; i++)
		((uint8_t *)table->data)[i] = i;
	if (!pairs)
		return onnx_add2(node, EDGE_OP_LOOKUP, NULL, x, table);
	return onnx_add_quantised(node, EDGE_OP_LOOKUP, NULL, 2,
				  (struct edge_tensor *[]) { x, table }, x->type, pairs);
}

static struct edge_tensor *requalify(struct onnx_node *node, struct edge_tensor *x,
				     const struct edge_tensor *wanted,
				     const struct onnx_pairs *pairs)
{
	const bool is_fresh = !x->quant && !x->producer && !x->num_consumers;

	if (x->quant && edge_tensor_same_quant(x, wanted))
		return x;
	if (!is_fresh && !x->constant)
		return copy_bytes(node, x, pairs);
	if (!is_fresh)
		x = copy_constant(node, x);
	if (x && !edge_tensor_copy_quant(x, wanted))
		fail_memory(node);
	return x;
}

struct edge_tensor *onnx_requalify(struct onnx_node *node, struct edge_tensor *x,
				   const struct onnx_pairs *pairs)
{
	struct edge_tensor wanted = { 0 };
	struct edge_tensor *y = NULL;

	if (node->status)
		return NULL;
	wanted.type = x->type;
	set_quant(node, &wanted, pairs);
	if (!node->status)
		y = requalify(node, x, &wanted, pairs);
	edge_quant_free(wanted.quant);
	return y;
}

struct edge_tensor *onnx_stored(struct onnx_node *node, struct edge_tensor *x)
{
	if (node->status || !x->quant)
		return x;
	return x->constant ? copy_constant(node, x) : copy_bytes(node, x, NULL);
}

struct edge_tensor *onnx_add_quantised(struct onnx_node *node, enum edge_op op,
				       const union edge_params *params, int num_inputs,
				       struct edge_tensor *const *inputs, enum edge_type type,
				       const struct onnx_pairs *pairs)
{
	struct edge_node *made = onnx_begin(node, op, num_inputs, inputs, 1);
	struct edge_tensor *output = NULL;

	if (!made)
		return NULL;
	if (params)
		made->params = *params;
	made->outputs[0]->type = type;
	set_quant(node, made->outputs[0], pairs);
	onnx_finish(node, made, &output);
	return node->status ? NULL : output;
}

struct edge_tensor *onnx_store_bytes(struct onnx_node *node, struct edge_tensor *x,
				     struct edge_tensor *zero, enum edge_type type)
{
	union edge_params params = { .unary = { .func = EDGE_FUNC_CLIP } };
	struct edge_tensor *y = onnx_unary(node, EDGE_FUNC_ROUND, x);

	params.unary.alpha = type == EDGE_U8 ? 0 : INT8_MIN;
	params.unary.beta = type == EDGE_U8 ? UINT8_MAX : INT8_MAX;
	if (zero)
		y = onnx_binary(node, EDGE_BINARY_ADD, y, zero);
	y = onnx_add1(node, EDGE_OP_UNARY, &params, y);
	return onnx_cast(node, y, type);
}

struct edge_tensor *onnx_quantize(struct onnx_node *node, struct edge_tensor *x,
				  enum edge_type type, const struct onnx_pairs *pairs)
{
	struct edge_tensor *scale, *zero;

	x = onnx_cast(node, x, EDGE_F32);
	if (node->status)
		return NULL;
	if (onnx_pairs_known(pairs))
		return onnx_add_quantised(node, EDGE_OP_QUANTIZE, NULL, 1, &x, type, pairs);
	scale = onnx_pairs_spread(node, pairs, pairs->scale, x->rank, pairs->axis);
	zero = onnx_pairs_spread(node, pairs, pairs->zero, x->rank, pairs->axis);
	if (zero)
		zero = onnx_cast(node, zero, EDGE_F32);
	return onnx_store_bytes(node, onnx_binary(node, EDGE_BINARY_DIV, x, scale), zero, type);
}

struct edge_tensor *onnx_dequantize(struct onnx_node *node, struct edge_tensor *x,
				    const struct onnx_pairs *pairs)
{
	struct edge_tensor *scale, *zero;

	if (node->status)
		return NULL;
	if (onnx_pairs_known(pairs) && (is_byte(x->type) || x->constant))
		return onnx_add1(node, EDGE_OP_DEQUANTIZE, NULL, onnx_requalify(node, x, pairs));
	scale = onnx_pairs_spread(node, pairs, pairs->scale, x->rank, pairs->axis);
	zero = onnx_pairs_spread(node, pairs, pairs->zero, x->rank, pairs->axis);
	x = onnx_cast(node, x, EDGE_I32);
	if (zero)
		x = onnx_binary(node, EDGE_BINARY_SUB, x, onnx_cast(node, zero, EDGE_I32));
	return onnx_binary(node, EDGE_BINARY_MUL, onnx_cast(node, x, EDGE_F32), scale);
}
