// SPDX-License-Identifier: MIT
#include <math.h>

#include "graph/infer_ops.h"

bool edge_infer_is_quantised(const struct edge_node *node)
{
	return node->outputs[0] && node->outputs[0]->quant;
}

static bool is_byte(const struct edge_tensor *tensor)
{
	return EDGE_TYPES_BYTE & 1u << tensor->type;
}

static enum edge_status fail_quant(const struct edge_node *node, const struct edge_tensor *tensor,
				   const char *what, struct edge_error *error)
{
	return edge_infer_fail(node, error, "'%s' %s", tensor->name, what);
}

/* Of bytes, given as such by who made the node. */
static enum edge_status check_bytes(const struct edge_node *node, const struct edge_tensor *tensor,
				    struct edge_error *error)
{
	if (edge_tensor_is_bytes(tensor))
		return EDGE_OK;
	return fail_quant(node, tensor, "is not u8 or i8 with one scale and zero point", error);
}

enum edge_status edge_infer_product(const struct edge_node *node, int axis, enum edge_type *type,
				    struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *weight = node->inputs[1];
	const struct edge_tensor *bias = node->num_inputs > 2 ? node->inputs[2] : NULL;
	enum edge_status status;

	*type = x->type;
	if (!is_byte(x)) {
		status = edge_infer_check_same_type(node, 1, error);
		return status ? status : edge_infer_check_same_type(node, 2, error);
	}
	if (!is_byte(weight))
		return fail_quant(node, weight, "is neither u8 nor i8, as what it is multiplied by",
				  error);
	if (bias && bias->type != EDGE_I32)
		return fail_quant(node, bias, "is a bias for bytes, and not i32", error);
	if (weight->quant && weight->quant->axis >= 0 && weight->quant->axis != axis)
		return fail_quant(node, weight,
				  "has scales along another dimension than the result", error);
	*type = EDGE_I32;
	if (!edge_infer_is_quantised(node))
		return EDGE_OK;
	*type = node->outputs[0]->type;
	status = check_bytes(node, x, error);
	if (!status)
		status = check_bytes(node, node->outputs[0], error);
	if (!status && !weight->quant)
		status = fail_quant(node, weight, "has no scale", error);
	return status;
}

enum edge_status edge_infer_quantize(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status = edge_infer_check_type(node, 0, 1u << EDGE_F32, error);

	if (status)
		return status;
	if (!edge_infer_is_quantised(node))
		return edge_infer_fail(node, error, "its result has no scale");
	if (!((EDGE_TYPES_BYTE | 1u << EDGE_I32) & 1u << node->outputs[0]->type))
		return edge_infer_fail(node, error, "a result of type %s",
				       edge_type_name(node->outputs[0]->type));
	return edge_infer_set_like(node, 0, node->outputs[0]->type, error);
}

enum edge_status edge_infer_dequantize(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status =
		edge_infer_check_type(node, 0, EDGE_TYPES_BYTE | 1u << EDGE_I32, error);

	if (status)
		return status;
	if (!node->inputs[0]->quant)
		return fail_quant(node, node->inputs[0], "has no scale", error);
	return edge_infer_set_like(node, 0, EDGE_F32, error);
}

enum edge_status edge_infer_lookup(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_BYTE, error);

	if (!status)
		status = edge_infer_check_type(node, 1, EDGE_TYPES_BYTE | 1u << EDGE_F32, error);
	if (!status)
		status = edge_infer_check_vector(node, 1, 256, error);
	return status ? status : edge_infer_set_like(node, 0, node->inputs[1]->type, error);
}

/* Whether the result consists of values of input 0 (Concat: of all inputs), or of such as lie between
 * them. */
static bool moves_values(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONCAT:
	case EDGE_OP_SPLIT:
	case EDGE_OP_SLICE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_RESHAPE:
	case EDGE_OP_EXPAND:
	case EDGE_OP_TILE:
	case EDGE_OP_PAD:
	case EDGE_OP_COPY:
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_RESIZE:
	case EDGE_OP_GATHER:
	case EDGE_OP_GATHER_ELEMENTS:
	case EDGE_OP_GATHER_ND:
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
	case EDGE_OP_REVERSE_SEQUENCE:
	case EDGE_OP_TOP_K:
		return true;
	case EDGE_OP_UNARY:
		return node->params.unary.func == EDGE_FUNC_IDENTITY;
	case EDGE_OP_REDUCE:
		return node->params.reduce.kind == EDGE_REDUCE_MAX ||
		       node->params.reduce.kind == EDGE_REDUCE_MIN;
	default:
		return false;
	}
}

/* Only the pairs of whole tensors survive being moved. */
static enum edge_status pass_on(const struct edge_node *node, struct edge_tensor *output,
				struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];

	if (x->quant && x->quant->axis >= 0)
		return fail_quant(node, x, "has scales along a dimension, which may move", error);
	if (!output->quant && !edge_tensor_copy_quant(output, x))
		return edge_fail_memory(error);
	if (!edge_tensor_same_quant(x, output))
		return fail_quant(node, output, "has another scale than what it is made of", error);
	return EDGE_OK;
}

enum edge_status edge_infer_quant(const struct edge_node *node, struct edge_error *error)
{
	const int count = node->op == EDGE_OP_SPLIT ? node->num_outputs : 1;
	enum edge_status status = EDGE_OK;

	if (!moves_values(node))
		return EDGE_OK;
	for (int i = 0; !status && i < count; i++) {
		if (node->outputs[i])
			status = pass_on(node, node->outputs[i], error);
	}
	for (int i = 1; !status && node->op == EDGE_OP_CONCAT && i < node->num_inputs; i++) {
		if (!edge_tensor_same_quant(node->inputs[0], node->inputs[i]))
			status = fail_quant(node, node->inputs[i],
					    "has another scale than what it is put beside", error);
	}
	return status;
}
