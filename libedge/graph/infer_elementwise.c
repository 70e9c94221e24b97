// SPDX-License-Identifier: MIT
#include <string.h>

#include "graph/infer_ops.h"

#define TYPES_ANY (EDGE_TYPES_NUMBER | EDGE_TYPES_BOOL)

static unsigned int unary_types(enum edge_func func)
{
	switch (func) {
	case EDGE_FUNC_IDENTITY:
		return TYPES_ANY;
	case EDGE_FUNC_NOT:
		return EDGE_TYPES_BOOL;
	case EDGE_FUNC_RELU:
	case EDGE_FUNC_CLIP:
	case EDGE_FUNC_ABS:
	case EDGE_FUNC_NEG:
	case EDGE_FUNC_SIGN:
	case EDGE_FUNC_SHRINK:
		return EDGE_TYPES_NUMBER;
	default:
		return EDGE_TYPES_FLOAT;
	}
}

enum edge_status edge_infer_unary(struct edge_node *node, struct edge_error *error)
{
	enum edge_func func = node->params.unary.func;
	enum edge_type type = node->inputs[0]->type;
	enum edge_status status;

	if ((unsigned int)func >= EDGE_NUM_FUNCS)
		return edge_infer_fail(node, error, "function %d, which is none", func);
	status = edge_infer_check_type(node, 0, unary_types(func), error);
	if (status)
		return status;
	if (func == EDGE_FUNC_IS_NAN || func == EDGE_FUNC_IS_INF)
		type = EDGE_BOOL;
	return edge_infer_set_like(node, 0, type, error);
}

static unsigned int binary_types(enum edge_binary func)
{
	switch (func) {
	case EDGE_BINARY_EQUAL:
		return TYPES_ANY;
	case EDGE_BINARY_AND:
	case EDGE_BINARY_OR:
	case EDGE_BINARY_XOR:
		return EDGE_TYPES_BOOL;
	case EDGE_BINARY_SHIFT_LEFT:
	case EDGE_BINARY_SHIFT_RIGHT:
		return 1u << EDGE_U8;
	default:
		return EDGE_TYPES_NUMBER;
	}
}

static bool gives_bool(enum edge_binary func)
{
	return func >= EDGE_BINARY_EQUAL && func <= EDGE_BINARY_XOR;
}

/* Broadcasts the inputs against each other into the output. */
static enum edge_status set_broadcast(struct edge_node *node, enum edge_type type,
				      struct edge_error *error)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank = 0;

	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];
		enum edge_status status =
			edge_infer_broadcast(node, input->rank, input->dims, &rank, dims, error);

		if (status)
			return status;
	}
	return edge_infer_set(node, 0, type, rank, dims, error);
}

/* Sums and products of quantised bytes; other functions are left to floating point. */
static enum edge_status infer_bytes(struct edge_node *node, struct edge_error *error)
{
	const enum edge_binary func = node->params.binary.func;

	if (func != EDGE_BINARY_ADD && func != EDGE_BINARY_SUB && func != EDGE_BINARY_MUL)
		return edge_infer_fail(node, error, "no %s of quantised bytes",
				       edge_binary_name(func));
	for (int i = 0; i < 2; i++) {
		if (!edge_tensor_is_bytes(node->inputs[i]))
			return edge_infer_fail(node, error, "input %d '%s' is not quantised", i,
					       node->inputs[i]->name);
	}
	if (!edge_tensor_is_bytes(node->outputs[0]))
		return edge_infer_fail(node, error, "a quantised result of type %s",
				       edge_type_name(node->outputs[0]->type));
	return set_broadcast(node, node->outputs[0]->type, error);
}

enum edge_status edge_infer_binary(struct edge_node *node, struct edge_error *error)
{
	enum edge_binary func = node->params.binary.func;
	enum edge_type type = node->inputs[0]->type;
	enum edge_status status;

	if ((unsigned int)func >= EDGE_NUM_BINARIES)
		return edge_infer_fail(node, error, "function %d, which is none", func);
	status = edge_infer_check_type(node, 0, binary_types(func), error);
	if (status)
		return status;
	if (edge_infer_is_quantised(node))
		return infer_bytes(node, error);
	if (func == EDGE_BINARY_POW)
		status = edge_infer_check_type(node, 1, EDGE_TYPES_NUMBER, error);
	else
		status = edge_infer_check_same_type(node, 1, error);
	if (status)
		return status;
	return set_broadcast(node, gives_bool(func) ? EDGE_BOOL : type, error);
}

enum edge_status edge_infer_prelu(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);

	if (!status)
		status = edge_infer_check_same_type(node, 1, error);
	if (!status)
		status = edge_infer_check_broadcast(node, 1, x->rank, x->dims, error);
	return status ? status : edge_infer_set_like(node, 0, x->type, error);
}

enum edge_status edge_infer_where(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *a = node->inputs[1], *b = node->inputs[2];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_BOOL, error);

	if (status)
		return status;
	if (a->type != b->type)
		return edge_infer_fail(node, error, "a choice between %s and %s",
				       edge_type_name(a->type), edge_type_name(b->type));
	return set_broadcast(node, a->type, error);
}

enum edge_status edge_infer_cast(struct edge_node *node, struct edge_error *error)
{
	enum edge_type type = node->params.cast.type;

	if (!edge_type_size(type))
		return edge_infer_fail(node, error, "type %d, which is none", type);
	return edge_infer_set_like(node, 0, type, error);
}

enum edge_status edge_infer_copy(struct edge_node *node, struct edge_error *error)
{
	return edge_infer_set_like(node, 0, node->inputs[0]->type, error);
}
