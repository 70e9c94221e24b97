// SPDX-License-Identifier: MIT
#include "graph/infer_ops.h"

static enum edge_status check_channels(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_FLOAT, error);

	if (status)
		return status;
	if (x->rank < 2)
		return edge_infer_fail(node, error, "an input of rank %d has no channels", x->rank);
	for (int i = 1; !status && i < node->num_inputs; i++) {
		status = edge_infer_check_same_type(node, i, error);
		if (!status)
			status = edge_infer_check_vector(node, i, x->dims[1], error);
	}
	return status;
}

enum edge_status edge_infer_batch_norm(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status = check_channels(node, error);

	return status ? status : edge_infer_set_like(node, 0, node->inputs[0]->type, error);
}

enum edge_status edge_infer_instance_norm(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status = check_channels(node, error);

	return status ? status : edge_infer_set_like(node, 0, node->inputs[0]->type, error);
}

enum edge_status edge_infer_layer_norm(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_FLOAT, error);
	int32_t *axis = &node->params.norm.axis;
	int64_t dims[EDGE_MAX_RANK];

	if (!status)
		status = edge_infer_axis(node, axis, x->rank, error);
	for (int i = 1; !status && i < node->num_inputs; i++) {
		status = edge_infer_check_same_type(node, i, error);
		if (!status)
			status = edge_infer_check_broadcast(node, i, x->rank - *axis,
							    x->dims + *axis, error);
	}
	if (!status)
		status = edge_infer_set_like(node, 0, x->type, error);
	if (status)
		return status;
	for (int i = 0; i < x->rank; i++)
		dims[i] = i < *axis ? x->dims[i] : 1;
	/* Statistics are kept in single precision whatever the input is. */
	status = edge_infer_set(node, 1, EDGE_F32, x->rank, dims, error);
	if (status)
		return status;
	return edge_infer_set(node, 2, EDGE_F32, x->rank, dims, error);
}

enum edge_status edge_infer_lrn(struct edge_node *node, struct edge_error *error)
{
	enum edge_status status = check_channels(node, error);

	if (status)
		return status;
	if (node->params.lrn.size < 1)
		return edge_infer_fail(node, error, "size %d", node->params.lrn.size);
	return edge_infer_set_like(node, 0, node->inputs[0]->type, error);
}

enum edge_status edge_infer_softmax(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_FLOAT, error);

	if (!status)
		status = edge_infer_axis(node, &node->params.axis.axis, x->rank, error);
	return status ? status : edge_infer_set_like(node, 0, x->type, error);
}
