// SPDX-License-Identifier: MIT
/*
 * Operators of ONNX Runtime: docs/ContribOperators.md of https://github.com/microsoft/onnxruntime.
 *
 * Where the integer operator of the same meaning exists, and all scales are known, it is used; else
 * reals are computed with, and a pass makes tables of what it can.
 */
#include "import/onnx/ops.h"
#include "import/onnx/quant.h"

/**
 * struct operand - a tensor of bytes with its pairs
 */
struct operand {
	struct edge_tensor *x;
	struct onnx_pairs pairs;
};

/* Input @index, the scale and the zero point after it. */
static struct operand read_operand(struct onnx_node *node, int index)
{
	struct operand operand = { .x = onnx_required(node, index) };

	if (node->status)
		return operand;
	if (operand.x->type != EDGE_U8 && operand.x->type != EDGE_I8)
		onnx_fail(node, EDGE_BAD_FORMAT, "its input '%s' is %s, and not uint8 or int8",
			  operand.x->name, edge_type_name(operand.x->type));
	operand.pairs = onnx_pairs_read(node, operand.x, operand.x->type, index + 1, index + 2, -1);
	return operand;
}

static struct edge_tensor *real(struct onnx_node *node, const struct operand *operand)
{
	return onnx_dequantize(node, operand->x, &operand->pairs);
}

static struct edge_tensor *quantised(struct onnx_node *node, const struct operand *operand)
{
	return onnx_requalify(node, operand->x, &operand->pairs);
}

void onnx_convert_qlinear_binary(struct onnx_node *node)
{
	const union edge_params params = { .binary = { .func = node->info->variant } };
	const struct operand a = read_operand(node, 0), b = read_operand(node, 3);
	enum edge_type type = node->inputs[0]->type;
	const struct onnx_pairs pairs = onnx_pairs_read_result(node, &type, 6, 7);
	struct edge_tensor *y;

	if (node->status)
		return;
	if (onnx_pairs_known(&a.pairs) && onnx_pairs_known(&b.pairs) && onnx_pairs_known(&pairs))
		y = onnx_add_quantised(node, EDGE_OP_BINARY, &params, 2,
				       (struct edge_tensor *[]) { quantised(node, &a),
								  quantised(node, &b) },
				       type, &pairs);
	else
		y = onnx_quantize(node,
				  onnx_binary(node, node->info->variant, real(node, &a),
					      real(node, &b)),
				  type, &pairs);
	onnx_set_output(node, 0, y);
}

void onnx_convert_qlinear_unary(struct onnx_node *node)
{
	union edge_params params = { .unary = { .func = node->info->variant } };
	const struct operand x = read_operand(node, 0);
	enum edge_type type = node->inputs[0]->type;
	const struct onnx_pairs pairs = onnx_pairs_read_result(node, &type, 3, 4);
	struct edge_tensor *y;

	if (params.unary.func == EDGE_FUNC_LEAKY_RELU)
		params.unary.alpha = onnx_attr_float(node, "alpha", 0.01f);
	if (node->status)
		return;
	y = onnx_add1(node, EDGE_OP_UNARY, &params, real(node, &x));
	onnx_set_output(node, 0, onnx_quantize(node, y, type, &pairs));
}

void onnx_convert_qlinear_pool(struct onnx_node *node)
{
	const struct operand x = read_operand(node, 0);
	enum edge_type type = node->inputs[0]->type;
	const struct onnx_pairs pairs = onnx_pairs_read_result(node, &type, 3, 4);
	union edge_params params;
	struct edge_tensor *y;

	if (onnx_attr_bool(node, "channels_last", false))
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "channels last; quantise the model without optimising it before");
	edge_op_default_params(EDGE_OP_AVERAGE_POOL, &params);
	if (!node->info->variant)
		onnx_read_pool(node, EDGE_OP_AVERAGE_POOL, &params);
	if (node->status)
		return;
	if (onnx_pairs_known(&x.pairs) && onnx_pairs_known(&pairs))
		y = onnx_add_quantised(node, EDGE_OP_AVERAGE_POOL, &params, 1,
				       (struct edge_tensor *[]) { quantised(node, &x) }, type,
				       &pairs);
	else
		y = onnx_quantize(node,
				  onnx_add1(node, EDGE_OP_AVERAGE_POOL, &params, real(node, &x)),
				  type, &pairs);
	onnx_set_output(node, 0, y);
}

/* The same bytes where the scales agree; a pass makes a table of the way through reals. */
static struct edge_tensor *rescaled(struct onnx_node *node, const struct operand *x,
				    enum edge_type type, const struct onnx_pairs *pairs)
{
	if (node->status)
		return NULL;
	if (x->x->type == type && onnx_pairs_equal(&x->pairs, pairs))
		return quantised(node, x);
	return onnx_quantize(node, real(node, x), type, pairs);
}

void onnx_convert_qlinear_concat(struct onnx_node *node)
{
	const int count = (node->num_inputs - 2) / 3;
	const int64_t axis = onnx_attr_int(node, "axis", 0, INT64_MIN, INT64_MAX);
	enum edge_type type = EDGE_U8;
	const struct onnx_pairs pairs = onnx_pairs_read_result(node, &type, 0, 1);
	union edge_params params = { 0 };

	if (count < 1 || node->num_inputs != 3 * count + 2)
		onnx_fail(node, EDGE_BAD_FORMAT, "has %d inputs; the file is damaged",
			  node->num_inputs);
	if (!onnx_attr_present(node, "axis"))
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute 'axis' is missing");
	for (int i = 0; i < count && !node->status; i++) {
		const struct operand x = read_operand(node, 2 + 3 * i);

		/* The inputs before this one have been read. */
		node->inputs[i] = rescaled(node, &x, type, &pairs);
	}
	if (node->status)
		return;
	params.axis.axis = onnx_axis(node, axis, node->inputs[0]->rank);
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_CONCAT, &params, count, node->inputs));
}

void onnx_convert_qlinear_softmax(struct onnx_node *node)
{
	const struct operand x = read_operand(node, 0);
	const bool flattens = onnx_attr_int(node, "opset", 13, 1, INT32_MAX) < 13;
	enum edge_type type = node->inputs[0]->type;
	const struct onnx_pairs pairs = onnx_pairs_read_result(node, &type, 3, 4);
	struct edge_tensor *y = onnx_softmax(node, EDGE_OP_SOFTMAX, real(node, &x), -1, flattens);

	onnx_set_output(node, 0, onnx_quantize(node, y, type, &pairs));
}
