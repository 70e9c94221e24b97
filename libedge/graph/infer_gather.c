// SPDX-License-Identifier: MIT
#include "graph/infer_ops.h"

/* Indices that are out of range are clamped when they are used; then there must be something. */
static enum edge_status check_indexed(const struct edge_node *node, int first, int count,
				      struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];

	if (!edge_tensor_elements(node->inputs[1]))
		return EDGE_OK;
	for (int i = first; i < first + count; i++) {
		if (!x->dims[i])
			return edge_infer_fail(node, error,
					       "indices into dimension %d of '%s', which is empty",
					       i, x->name);
	}
	return EDGE_OK;
}

enum edge_status edge_infer_gather(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *indices = node->inputs[1];
	enum edge_status status = edge_infer_check_type(node, 1, EDGE_TYPES_INDEX, error);
	int64_t dims[EDGE_MAX_RANK];
	int rank = 0, axis;

	if (!status)
		status = edge_infer_axis(node, &node->params.axis.axis, x->rank, error);
	if (status)
		return status;
	axis = node->params.axis.axis;
	if (x->rank - 1 + indices->rank > EDGE_MAX_RANK)
		return edge_infer_fail(node, error, "a result of rank %d; at most %d are supported",
				       x->rank - 1 + indices->rank, EDGE_MAX_RANK);
	for (int i = 0; i < axis; i++)
		dims[rank++] = x->dims[i];
	for (int i = 0; i < indices->rank; i++)
		dims[rank++] = indices->dims[i];
	for (int i = axis + 1; i < x->rank; i++)
		dims[rank++] = x->dims[i];
	status = check_indexed(node, axis, 1, error);
	return status ? status : edge_infer_set(node, 0, x->type, rank, dims, error);
}

/* GatherElements and ScatterElements: an index for each element, inside x but along the axis. */
static enum edge_status check_elements(const struct edge_node *node, int32_t *axis,
				       struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *indices = node->inputs[1];
	enum edge_status status = edge_infer_check_type(node, 1, EDGE_TYPES_INDEX, error);
	bool fits = indices->rank == x->rank;

	if (!status)
		status = edge_infer_axis(node, axis, x->rank, error);
	if (status)
		return status;
	for (int i = 0; fits && i < x->rank; i++)
		fits = i == *axis || indices->dims[i] <= x->dims[i];
	if (!fits)
		return edge_infer_fail(node, error, "the indices '%s' do not lie inside '%s'",
				       indices->name, x->name);
	return check_indexed(node, *axis, 1, error);
}

enum edge_status edge_infer_gather_elements(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *indices = node->inputs[1];
	enum edge_status status = check_elements(node, &node->params.axis.axis, error);

	if (status)
		return status;
	return edge_infer_set(node, 0, node->inputs[0]->type, indices->rank, indices->dims, error);
}

static enum edge_status check_updates(const struct edge_node *node, int rank, const int64_t *dims,
				      struct edge_error *error)
{
	const struct edge_tensor *updates = node->inputs[2];
	int reduction = node->params.scatter.reduction;
	bool fits = updates->rank == rank;
	enum edge_status status = EDGE_OK;

	if (reduction < 0 || reduction > 2)
		return edge_infer_fail(node, error, "reduction %d, which is none", reduction);
	if (reduction)
		status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	if (!status)
		status = edge_infer_check_same_type(node, 2, error);
	if (status)
		return status;
	for (int i = 0; fits && i < rank; i++)
		fits = updates->dims[i] == dims[i];
	if (!fits)
		return edge_infer_fail(node, error, "the updates '%s' do not fit the indices",
				       updates->name);
	return EDGE_OK;
}

enum edge_status edge_infer_scatter_elements(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *indices = node->inputs[1];
	enum edge_status status = check_elements(node, &node->params.scatter.axis, error);

	if (!status)
		status = check_updates(node, indices->rank, indices->dims, error);
	return status ? status : edge_infer_set_like(node, 0, x->type, error);
}

/*
 * GatherND and ScatterND: the last dimension of the indices holds tuples, each of which names the
 * slice of x that is left behind @batch_dims and the tuple's dimensions. Fills (*@rank, @dims) with
 * the shape of all the slices.
 */
static enum edge_status resolve_tuples(const struct edge_node *node, int batch_dims, int *rank,
				       int64_t *dims, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *indices = node->inputs[1];
	enum edge_status status = edge_infer_check_type(node, 1, EDGE_TYPES_INDEX, error);
	int64_t tuple;

	if (status)
		return status;
	if (batch_dims < 0 || batch_dims >= indices->rank || batch_dims > x->rank)
		return edge_infer_fail(node, error, "%d batch dimensions of indices of rank %d",
				       batch_dims, indices->rank);
	tuple = indices->dims[indices->rank - 1];
	if (tuple < 1 || tuple > x->rank - batch_dims)
		return edge_infer_fail(node, error, "index tuples of %lld into a tensor of rank %d",
				       (long long)tuple, x->rank);
	if (indices->rank - 1 + x->rank - batch_dims - tuple > EDGE_MAX_RANK)
		return edge_infer_fail(node, error, "a result of rank above %d", EDGE_MAX_RANK);
	for (int i = 0; i < batch_dims; i++) {
		if (indices->dims[i] != x->dims[i])
			return edge_infer_fail(node, error, "batch dimension %d: %lld and %lld", i,
					       (long long)indices->dims[i], (long long)x->dims[i]);
	}
	*rank = 0;
	for (int i = 0; i < indices->rank - 1; i++)
		dims[(*rank)++] = indices->dims[i];
	for (int i = batch_dims + tuple; i < x->rank; i++)
		dims[(*rank)++] = x->dims[i];
	return check_indexed(node, batch_dims, tuple, error);
}

enum edge_status edge_infer_gather_nd(struct edge_node *node, struct edge_error *error)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank;
	enum edge_status status =
		resolve_tuples(node, node->params.gather_nd.batch_dims, &rank, dims, error);

	if (status)
		return status;
	return edge_infer_set(node, 0, node->inputs[0]->type, rank, dims, error);
}

enum edge_status edge_infer_scatter_nd(struct edge_node *node, struct edge_error *error)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank;
	enum edge_status status = resolve_tuples(node, 0, &rank, dims, error);

	if (!status)
		status = check_updates(node, rank, dims, error);
	return status ? status : edge_infer_set_like(node, 0, node->inputs[0]->type, error);
}
