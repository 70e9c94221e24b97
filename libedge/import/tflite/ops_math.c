// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

#include <string.h>

#define LEAKY_RELU_ALPHA 0
#define GELU_APPROXIMATE 0
#define ARITHMETIC_ACTIVATION 0
#define CAST_OUT_TYPE 1

/* ActivationFunctionType of the schema. */
enum {
	ACTIVATION_NONE = 0,
	ACTIVATION_RELU = 1,
	ACTIVATION_RELU_N1_TO_1 = 2,
	ACTIVATION_RELU6 = 3,
	ACTIVATION_TANH = 4,
};

struct edge_activation tflite_activation(struct tflite_node *node, int id)
{
	int type = fb_i8(node->options, id, ACTIVATION_NONE);

	switch (type) {
	case ACTIVATION_NONE:
		break;
	case ACTIVATION_RELU:
		return (struct edge_activation) { .func = EDGE_FUNC_RELU };
	case ACTIVATION_RELU_N1_TO_1:
		return (struct edge_activation) { EDGE_FUNC_CLIP, -1, 1 };
	case ACTIVATION_RELU6:
		return (struct edge_activation) { EDGE_FUNC_CLIP, 0, 6 };
	case ACTIVATION_TANH:
		return (struct edge_activation) { .func = EDGE_FUNC_TANH };
	default:
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "the fused activation %d; convert the model with a Relu", type);
	}
	return (struct edge_activation) { .func = EDGE_FUNC_IDENTITY };
}

struct edge_tensor *tflite_activate(struct tflite_node *node, int id, struct edge_tensor *y)
{
	struct edge_activation act = tflite_activation(node, id);

	if (!y || act.func == EDGE_FUNC_IDENTITY)
		return y;
	if (edge_tensor_is_bytes(y))
		return tflite_table(node, &act, y);
	return tflite_unary(node, act.func, act.alpha, act.beta, y);
}

/* @func of the first input, in the order that it was made in. */
static void apply(struct tflite_node *node, enum edge_func func, float alpha, float beta)
{
	const struct edge_activation act = { func, alpha, beta };
	struct edge_tensor *x = node->inputs[0], *y;
	bool image = tflite_is_image(x);

	if (image)
		x = tflite_first(node, x);
	if (edge_tensor_is_bytes(x))
		y = tflite_table(node, &act, x);
	else
		y = tflite_unary(node, func, alpha, beta, x);
	tflite_set_output(node, 0, image ? tflite_last(node, y) : y);
}

void tflite_convert_unary(struct tflite_node *node)
{
	apply(node, node->info->variant, node->info->variant == EDGE_FUNC_ELU, 0);
}

void tflite_convert_relu(struct tflite_node *node)
{
	int limit = node->info->variant;

	apply(node, EDGE_FUNC_CLIP, limit < 0 ? limit : 0, limit < 0 ? 1 : limit);
}

void tflite_convert_leaky_relu(struct tflite_node *node)
{
	apply(node, EDGE_FUNC_LEAKY_RELU, fb_f32(node->options, LEAKY_RELU_ALPHA, 0), 0);
}

void tflite_convert_gelu(struct tflite_node *node)
{
	bool approximate = fb_bool(node->options, GELU_APPROXIMATE, false);

	apply(node, approximate ? EDGE_FUNC_GELU_TANH : EDGE_FUNC_GELU, 0, 0);
}

void tflite_convert_rsqrt(struct tflite_node *node)
{
	struct edge_tensor *y = tflite_unary(node, EDGE_FUNC_SQRT, 0, 0, node->inputs[0]);

	tflite_set_output(node, 0, tflite_unary(node, EDGE_FUNC_RECIPROCAL, 0, 0, y));
}

void tflite_convert_square(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0];

	tflite_set_output(node, 0, tflite_binary(node, EDGE_BINARY_MUL, x, x));
}

/* Whether @x broadcasts to images and can be put in their order. */
static bool fits_image(const struct edge_tensor *x)
{
	return tflite_is_image(x) || (x->constant && x->rank <= 4);
}

/* @x[..., H, W, C], that an image is combined with, in the image's order. */
static struct edge_tensor *beside_image(struct tflite_node *node, struct edge_tensor *x)
{
	int64_t dims[4] = { 1, 1, 1, 1 };

	if (tflite_is_image(x))
		return tflite_first(node, x);
	if (edge_tensor_elements(x) == 1)
		return x;
	for (int i = 0; i < x->rank; i++)
		dims[4 - x->rank + i] = x->dims[i];
	if (x->rank < 4)
		x = tflite_reshape(node, x, 4, dims);
	return tflite_first(node, x);
}

/* Brings both inputs into the order of images if one is such and the other can follow; true
 * then. */
static bool order_inputs(struct tflite_node *node, struct edge_tensor **inputs)
{
	memcpy(inputs, node->inputs, 2 * sizeof(*inputs));
	if (!(tflite_is_image(inputs[0]) && fits_image(inputs[1])) &&
	    !(tflite_is_image(inputs[1]) && fits_image(inputs[0])))
		return false;
	for (int i = 0; i < 2; i++)
		inputs[i] = beside_image(node, inputs[i]);
	return true;
}

static struct edge_tensor *combine(struct tflite_node *node, enum edge_binary func)
{
	struct edge_tensor *inputs[2], *y;
	bool image = order_inputs(node, inputs);

	y = tflite_binary(node, func, inputs[0], inputs[1]);
	return image ? tflite_last(node, y) : y;
}

void tflite_convert_binary(struct tflite_node *node)
{
	tflite_set_output(node, 0, combine(node, node->info->variant));
}

void tflite_convert_not_equal(struct tflite_node *node)
{
	struct edge_tensor *y = combine(node, EDGE_BINARY_EQUAL);

	tflite_set_output(node, 0, tflite_unary(node, EDGE_FUNC_NOT, 0, 0, y));
}

void tflite_convert_squared_difference(struct tflite_node *node)
{
	struct edge_tensor *y = combine(node, EDGE_BINARY_SUB);

	tflite_set_output(node, 0, tflite_binary(node, EDGE_BINARY_MUL, y, y));
}

/* Sums, differences and products of bytes, with rules of their own. */
static struct edge_tensor *combine_bytes(struct tflite_node *node, struct edge_tensor **inputs)
{
	struct edge_node *made = tflite_begin(node, EDGE_OP_BINARY, 2, inputs, 1);
	struct edge_tensor *y = NULL;

	if (!made)
		return NULL;
	made->params.binary.func = node->info->variant;
	tflite_store(node, made, ARITHMETIC_ACTIVATION);
	tflite_finish(node, made, &y);
	return y;
}

void tflite_convert_arithmetic(struct tflite_node *node)
{
	struct edge_tensor *inputs[2], *y;
	bool image;

	if (node->info->variant == EDGE_BINARY_DIV || !edge_tensor_is_bytes(node->inputs[0]) ||
	    !edge_tensor_is_bytes(node->inputs[1]))
		tflite_make_floats(node);
	if (node->status)
		return;
	image = order_inputs(node, inputs);
	if (edge_tensor_is_bytes(inputs[0])) {
		y = combine_bytes(node, inputs);
	} else {
		y = tflite_binary(node, node->info->variant, inputs[0], inputs[1]);
		y = tflite_activate(node, ARITHMETIC_ACTIVATION, y);
	}
	tflite_set_output(node, 0, image ? tflite_last(node, y) : y);
}

void tflite_convert_prelu(struct tflite_node *node)
{
	struct edge_tensor *inputs[2], *y;
	bool image = order_inputs(node, inputs);

	y = tflite_add(node, EDGE_OP_PRELU, NULL, 2, inputs);
	tflite_set_output(node, 0, image ? tflite_last(node, y) : y);
}

void tflite_convert_select(struct tflite_node *node)
{
	tflite_set_output(node, 0, tflite_add(node, EDGE_OP_WHERE, NULL, 3, node->inputs));
}

/* The option may be left out; the result says as well. */
void tflite_convert_cast(struct tflite_node *node)
{
	const struct tflite_value *value = tflite_output_value(node, 0);
	enum edge_type type = tflite_type(fb_i8(node->options, CAST_OUT_TYPE, 0));

	if (value)
		type = value->type;
	if (!type)
		tflite_fail(node, EDGE_UNSUPPORTED, "a cast to a type that is not supported");
	if (node->inputs[0]->quant || tflite_value_is_quantised(value))
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "a cast of what is quantised; convert the model with DEQUANTIZE");
	tflite_set_output(node, 0, tflite_cast(node, node->inputs[0], type));
}
