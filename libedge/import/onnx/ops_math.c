// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

#include <math.h>

/* What the attributes of a function are called, and what they are when they are absent. */
static const struct {
	enum edge_func func;
	const char *alpha, *beta;
	float alpha_missing, beta_missing;
} func_attributes[] = {
	{ EDGE_FUNC_LEAKY_RELU, "alpha", NULL, 0.01f, 0 },
	{ EDGE_FUNC_ELU, "alpha", NULL, 1, 0 },
	{ EDGE_FUNC_CELU, "alpha", NULL, 1, 0 },
	{ EDGE_FUNC_SELU, "alpha", "gamma", 1.67326319217681884765625f,
	  1.05070102214813232421875f },
	{ EDGE_FUNC_HARD_SIGMOID, "alpha", "beta", 0.2f, 0.5f },
	{ EDGE_FUNC_THRESHOLDED_RELU, "alpha", NULL, 1, 0 },
	{ EDGE_FUNC_SHRINK, "lambd", "bias", 0.5f, 0 },
};

#define NUM_FUNC_ATTRIBUTES (sizeof(func_attributes) / sizeof(func_attributes[0]))

void onnx_convert_unary(struct onnx_node *node)
{
	union edge_params params = { .unary = { .func = node->info->variant } };

	for (size_t i = 0; i < NUM_FUNC_ATTRIBUTES; i++) {
		if (func_attributes[i].func != params.unary.func)
			continue;
		params.unary.alpha = onnx_attr_float(node, func_attributes[i].alpha,
						     func_attributes[i].alpha_missing);
		if (func_attributes[i].beta)
			params.unary.beta = onnx_attr_float(node, func_attributes[i].beta,
							    func_attributes[i].beta_missing);
	}
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_UNARY, &params, node->inputs[0]));
}

void onnx_convert_binary(struct onnx_node *node)
{
	onnx_set_output(node, 0,
			onnx_binary(node, node->info->variant, node->inputs[0], node->inputs[1]));
}

static struct edge_tensor *chain(struct onnx_node *node, enum edge_binary func)
{
	struct edge_tensor *y = node->inputs[0];

	for (int i = 1; i < node->num_inputs; i++) {
		if (!node->inputs[i])
			onnx_fail(node, EDGE_BAD_FORMAT, "input %d is missing", i);
		y = onnx_binary(node, func, y, node->inputs[i]);
	}
	return y;
}

void onnx_convert_variadic(struct onnx_node *node)
{
	onnx_set_output(node, 0, chain(node, node->info->variant));
}

void onnx_convert_mean(struct onnx_node *node)
{
	struct edge_tensor *y = chain(node, EDGE_BINARY_ADD);

	if (y && node->num_inputs > 1)
		y = onnx_binary(node, EDGE_BINARY_DIV, y,
				onnx_scalar(node, y->type, node->num_inputs));
	onnx_set_output(node, 0, y);
}

void onnx_convert_bit_shift(struct onnx_node *node)
{
	static const char *const directions[] = { "LEFT", "RIGHT", NULL };
	int right = onnx_attr_choice(node, "direction", -1, directions);

	if (right < 0)
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute 'direction' is missing");
	onnx_set_output(node, 0,
			onnx_binary(node, right ? EDGE_BINARY_SHIFT_RIGHT : EDGE_BINARY_SHIFT_LEFT,
				    node->inputs[0], node->inputs[1]));
}

void onnx_convert_mod(struct onnx_node *node)
{
	bool fmod = onnx_attr_bool(node, "fmod", false);

	onnx_set_output(node, 0,
			onnx_binary(node, fmod ? EDGE_BINARY_FMOD : EDGE_BINARY_MOD,
				    node->inputs[0], node->inputs[1]));
}

/* A limit as a number: an attribute up to opset 10, a constant input since; @missing when there is
 * none. False when it is computed by the graph. */
static bool read_limit(struct onnx_node *node, const char *name, int index, float missing,
		       float *limit)
{
	const struct edge_tensor *input = onnx_input(node, index);

	if (input && !input->constant)
		return false;
	*limit = node->import->opset < 11 ? onnx_attr_float(node, name, missing)
					  : onnx_input_scalar(node, index, missing);
	return true;
}

void onnx_convert_clip(struct onnx_node *node)
{
	union edge_params params = { .unary = { .func = EDGE_FUNC_CLIP } };
	struct edge_tensor *low = onnx_input(node, 1);
	struct edge_tensor *high = onnx_input(node, 2);
	struct edge_tensor *y = node->inputs[0];

	if ((y->type == EDGE_F32 || y->type == EDGE_F16) &&
	    read_limit(node, "min", 1, -INFINITY, &params.unary.alpha) &&
	    read_limit(node, "max", 2, INFINITY, &params.unary.beta)) {
		onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_UNARY, &params, y));
		return;
	}
	if (low)
		y = onnx_binary(node, EDGE_BINARY_MAX, y, low);
	if (high)
		y = onnx_binary(node, EDGE_BINARY_MIN, y, high);
	onnx_set_output(node, 0, y);
}

void onnx_convert_gelu(struct onnx_node *node)
{
	static const char *const approximations[] = { "none", "tanh", NULL };
	int tanh = onnx_attr_choice(node, "approximate", 0, approximations);

	onnx_set_output(node, 0,
			onnx_unary(node, tanh ? EDGE_FUNC_GELU_TANH : EDGE_FUNC_GELU,
				   node->inputs[0]));
}

void onnx_convert_is_inf(struct onnx_node *node)
{
	union edge_params params = { .unary = { .func = EDGE_FUNC_IS_INF } };

	params.unary.alpha = onnx_attr_bool(node, "detect_positive", true);
	params.unary.beta = onnx_attr_bool(node, "detect_negative", true);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_UNARY, &params, node->inputs[0]));
}

void onnx_convert_prelu(struct onnx_node *node)
{
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_PRELU, NULL, 2, node->inputs));
}

void onnx_convert_where(struct onnx_node *node)
{
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_WHERE, NULL, 3, node->inputs));
}

void onnx_convert_cast(struct onnx_node *node)
{
	int64_t to = onnx_attr_int(node, "to", 0, INT32_MIN, INT32_MAX);
	enum edge_type type = onnx_type(to);

	onnx_attr_ignore(node, "saturate"); /* of float8 types */
	if (!type)
		onnx_fail(node, EDGE_UNSUPPORTED, "the type %s", onnx_type_name(to));
	onnx_set_output(node, 0, onnx_cast(node, node->inputs[0], type));
}

void onnx_convert_cast_like(struct onnx_node *node)
{
	onnx_attr_ignore(node, "saturate"); /* of float8 types */
	onnx_set_output(node, 0, onnx_cast(node, node->inputs[0], node->inputs[1]->type));
}
