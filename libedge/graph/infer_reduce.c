// SPDX-License-Identifier: MIT
#include "graph/infer_ops.h"

/* Fills @reduced with which dimensions go, and brings params.reduce.axes in order. */
static enum edge_status resolve_axes(struct edge_node *node, bool *reduced,
				     struct edge_error *error)
{
	int rank = node->inputs[0]->rank, count = node->params.reduce.num_axes;
	int32_t *axes = node->params.reduce.axes;

	if (count < 0 || count > rank)
		return edge_infer_fail(node, error, "%d axes of a tensor of rank %d", count, rank);
	for (int i = 0; i < rank; i++)
		reduced[i] = !count;
	for (int i = 0; i < count; i++) {
		enum edge_status status = edge_infer_axis(node, &axes[i], rank, error);

		if (status)
			return status;
		if (reduced[axes[i]])
			return edge_infer_fail(node, error, "axis %d stands twice", axes[i]);
		reduced[axes[i]] = true;
	}
	node->params.reduce.num_axes = 0;
	for (int i = 0; i < rank; i++) {
		if (reduced[i])
			axes[node->params.reduce.num_axes++] = i;
	}
	return EDGE_OK;
}

/* The shape of input 0 with the dimensions in @reduced set to 1 or taken out. */
static enum edge_status set_reduced(struct edge_node *node, enum edge_type type,
				    const bool *reduced, bool keep_dims, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t dims[EDGE_MAX_RANK];
	int rank = 0;

	for (int i = 0; i < x->rank; i++) {
		if (!reduced[i])
			dims[rank++] = x->dims[i];
		else if (keep_dims)
			dims[rank++] = 1;
	}
	return edge_infer_set(node, 0, type, rank, dims, error);
}

enum edge_status edge_infer_reduce(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	bool reduced[EDGE_MAX_RANK];

	if (status)
		return status;
	if (node->params.reduce.kind < 0 || node->params.reduce.kind >= EDGE_NUM_REDUCTIONS)
		return edge_infer_fail(node, error, "reduction %d, which is none",
				       node->params.reduce.kind);
	status = resolve_axes(node, reduced, error);
	if (status)
		return status;
	return set_reduced(node, node->inputs[0]->type, reduced, node->params.reduce.keep_dims,
			   error);
}

enum edge_status edge_infer_arg(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	bool reduced[EDGE_MAX_RANK] = { false };

	if (!status)
		status = edge_infer_axis(node, &node->params.arg.axis, x->rank, error);
	if (status)
		return status;
	if (!x->dims[node->params.arg.axis])
		return edge_infer_fail(node, error, "nothing to choose from: '%s' is empty",
				       x->name);
	reduced[node->params.arg.axis] = true;
	return set_reduced(node, EDGE_I64, reduced, node->params.arg.keep_dims, error);
}

enum edge_status edge_infer_top_k(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	int64_t dims[EDGE_MAX_RANK], k;
	int axis;

	if (!status)
		status = edge_infer_axis(node, &node->params.top_k.axis, x->rank, error);
	if (status)
		return status;
	axis = node->params.top_k.axis;
	if (edge_tensor_read_ints(node->inputs[1], &k, 1) != 1)
		return edge_infer_fail(node, error, "k, '%s', is not one integer",
				       node->inputs[1]->name);
	if (k < 0 || k > x->dims[axis])
		return edge_infer_fail(node, error, "the first %lld of %lld", (long long)k,
				       (long long)x->dims[axis]);
	for (int i = 0; i < x->rank; i++)
		dims[i] = i == axis ? k : x->dims[i];
	status = edge_infer_set(node, 0, x->type, x->rank, dims, error);
	return status ? status : edge_infer_set(node, 1, EDGE_I64, x->rank, dims, error);
}

enum edge_status edge_infer_cum_sum(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);

	if (!status)
		status = edge_infer_axis(node, &node->params.cum_sum.axis, x->rank, error);
	return status ? status : edge_infer_set_like(node, 0, x->type, error);
}
