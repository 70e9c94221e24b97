// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"
#include "import/onnx/quant.h"

/* The dimension that scales run along where there are several. Lists of one need not have it. */
static int read_axis(struct onnx_node *node, const struct edge_tensor *x)
{
	const int64_t axis = onnx_attr_int(node, "axis", 1, INT64_MIN, INT64_MAX);
	const bool is_list = edge_tensor_elements(node->inputs[1]) != 1;

	if (onnx_attr_int(node, "block_size", 0, INT64_MIN, INT64_MAX))
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "scales for blocks; quantise the model by tensor or by channel");
	return is_list ? onnx_axis(node, axis, x->rank) : -1;
}

/* The zero point says what a result is, or an attribute where there is none. */
static enum edge_type result_type(struct onnx_node *node)
{
	const struct edge_tensor *zero = onnx_input(node, 2);
	const int64_t stated = onnx_attr_int(node, "output_dtype", 0, 0, INT32_MAX);
	enum edge_type type = stated ? onnx_type(stated) : EDGE_U8;

	if (zero && !stated)
		type = zero->type;
	if (type != EDGE_U8 && type != EDGE_I8)
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "a result of type %s; quantise the model to uint8 or int8",
			  stated ? onnx_type_name(stated) : edge_type_name(type));
	return type;
}

void onnx_convert_quantize(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	const int axis = read_axis(node, x);
	const enum edge_type type = result_type(node);
	const struct onnx_pairs pairs = onnx_pairs_read(node, x, type, 1, 2, axis);

	onnx_attr_ignore(node, "saturate"); /* of float8 types */
	if (x->type != EDGE_F32 && x->type != EDGE_F16 && x->type != EDGE_I32)
		onnx_fail(node, EDGE_BAD_FORMAT, "its input '%s' is %s and not float", x->name,
			  edge_type_name(x->type));
	onnx_set_output(node, 0, onnx_quantize(node, x, type, &pairs));
}

void onnx_convert_dequantize(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	const struct onnx_pairs pairs = onnx_pairs_read(node, x, x->type, 1, 2, read_axis(node, x));
	struct edge_tensor *y;

	if (x->type != EDGE_U8 && x->type != EDGE_I8 && x->type != EDGE_I32)
		onnx_fail(node, EDGE_BAD_FORMAT,
			  "its input '%s' is %s, and not uint8, int8 or int32", x->name,
			  edge_type_name(x->type));
	y = onnx_dequantize(node, x, &pairs);
	onnx_set_output(node, 0, onnx_cast(node, y, node->inputs[1]->type));
}

/* The least or greatest element, or 0 where that is beyond it. */
static struct edge_tensor *limit(struct onnx_node *node, enum edge_reduction reduction,
				 enum edge_binary func)
{
	struct edge_tensor *end =
		onnx_reduce(node, reduction, node->inputs[0], 0, (int32_t[]) { 0 });

	end = onnx_reshape(node, end, 0, NULL);
	return onnx_binary(node, func, end, onnx_scalar(node, EDGE_F32, 0));
}

/* Zeroes alone have no scale by the definition; 1 serves them as well as any other. */
static struct edge_tensor *dynamic_scale(struct onnx_node *node, struct edge_tensor *low,
					 struct edge_tensor *high)
{
	struct edge_tensor *range = onnx_binary(node, EDGE_BINARY_SUB, high, low);
	struct edge_tensor *scale =
		onnx_binary(node, EDGE_BINARY_DIV, range, onnx_scalar(node, EDGE_F32, 255));
	struct edge_tensor *is_zero =
		onnx_binary(node, EDGE_BINARY_EQUAL, scale, onnx_scalar(node, EDGE_F32, 0));

	return onnx_add(node, EDGE_OP_WHERE, NULL, 3,
			(struct edge_tensor *[]) { is_zero, onnx_scalar(node, EDGE_F32, 1),
						   scale });
}

/* As ONNX defines it by other operators. */
void onnx_convert_dynamic_quantize(struct onnx_node *node)
{
	struct edge_tensor *low = limit(node, EDGE_REDUCE_MIN, EDGE_BINARY_MIN);
	struct edge_tensor *high = limit(node, EDGE_REDUCE_MAX, EDGE_BINARY_MAX);
	struct edge_tensor *scale = dynamic_scale(node, low, high);
	struct edge_tensor *zero =
		onnx_unary(node, EDGE_FUNC_NEG, onnx_binary(node, EDGE_BINARY_DIV, low, scale));
	struct onnx_pairs pairs = { .scale = scale, .axis = -1, .count = 1 };

	pairs.zero = onnx_store_bytes(node, zero, NULL, EDGE_U8);
	onnx_set_output(node, 0, onnx_quantize(node, node->inputs[0], EDGE_U8, &pairs));
	onnx_set_output(node, 1, scale);
	onnx_set_output(node, 2, pairs.zero);
}
