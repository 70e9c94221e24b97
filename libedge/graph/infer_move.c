// SPDX-License-Identifier: MIT
/* Operators that bring the elements into another order, or put others around them. */
#include "graph/infer_ops.h"

enum edge_status edge_infer_transpose(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t dims[EDGE_MAX_RANK];
	bool taken[EDGE_MAX_RANK] = { false };

	for (int i = 0; i < x->rank; i++) {
		int32_t from = node->params.transpose.perm[i];

		if (from < 0 || from >= x->rank || taken[from])
			return edge_infer_fail(node, error,
					       "dimension %d comes from %d: no permutation of %d",
					       i, from, x->rank);
		taken[from] = true;
		dims[i] = x->dims[from];
	}
	return edge_infer_set(node, 0, x->type, x->rank, dims, error);
}

static enum edge_status check_pad_value(const struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *value = node->num_inputs > 1 ? node->inputs[1] : NULL;

	if (value && edge_tensor_elements(value) != 1)
		return edge_infer_fail(node, error, "the value '%s' is no single element",
				       value->name);
	return edge_infer_check_same_type(node, 1, error);
}

static enum edge_status pad_dimension(const struct edge_node *node, int i, int64_t *size,
				      struct edge_error *error)
{
	int64_t dim = node->inputs[0]->dims[i];
	int64_t begin = node->params.pad.begin[i], end = node->params.pad.end[i];
	int64_t most = INT64_MAX;

	/* Reflection goes back and forth once only; both other modes repeat something. More cannot
	 * be cropped than there is. */
	if (node->params.pad.mode == EDGE_PAD_REFLECT)
		most = dim - 1 > 0 ? dim - 1 : 0;
	else if (node->params.pad.mode == EDGE_PAD_EDGE && !dim)
		most = 0;
	if (begin > most || end > most || begin < -dim || end < -dim ||
	    __builtin_add_overflow(begin, end, size) || __builtin_add_overflow(dim, *size, size) ||
	    *size < 0)
		return edge_infer_fail(node, error,
				       "dimension %d: %lld before and %lld after %lld elements", i,
				       (long long)begin, (long long)end, (long long)dim);
	return EDGE_OK;
}

enum edge_status edge_infer_pad(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = check_pad_value(node, error);
	int64_t dims[EDGE_MAX_RANK];

	if (status)
		return status;
	if (node->params.pad.mode < EDGE_PAD_CONSTANT || node->params.pad.mode > EDGE_PAD_EDGE)
		return edge_infer_fail(node, error, "mode %d, which is none",
				       node->params.pad.mode);
	for (int i = 0; !status && i < x->rank; i++)
		status = pad_dimension(node, i, &dims[i], error);
	return status ? status : edge_infer_set(node, 0, x->type, x->rank, dims, error);
}

static enum edge_status check_block(const struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];

	if (x->rank != 4)
		return edge_infer_fail(node, error, "an input of rank %d, not 4", x->rank);
	if (node->params.block.size < 1)
		return edge_infer_fail(node, error, "block size %d", node->params.block.size);
	return EDGE_OK;
}

enum edge_status edge_infer_depth_to_space(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t size = node->params.block.size, dims[4];
	enum edge_status status = check_block(node, error);

	if (status)
		return status;
	dims[0] = x->dims[0];
	dims[1] = x->dims[1] / (size * size);
	if (x->dims[1] % (size * size) || __builtin_mul_overflow(x->dims[2], size, &dims[2]) ||
	    __builtin_mul_overflow(x->dims[3], size, &dims[3]))
		return edge_infer_fail(node, error, "%lld channels into blocks of %lld x %lld",
				       (long long)x->dims[1], (long long)size, (long long)size);
	return edge_infer_set(node, 0, x->type, 4, dims, error);
}

enum edge_status edge_infer_space_to_depth(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t size = node->params.block.size, dims[4];
	enum edge_status status = check_block(node, error);

	if (status)
		return status;
	dims[0] = x->dims[0];
	dims[2] = x->dims[2] / size;
	dims[3] = x->dims[3] / size;
	if (x->dims[2] % size || x->dims[3] % size ||
	    __builtin_mul_overflow(x->dims[1], size * size, &dims[1]))
		return edge_infer_fail(node, error, "%lld x %lld in blocks of %lld x %lld",
				       (long long)x->dims[2], (long long)x->dims[3],
				       (long long)size, (long long)size);
	return edge_infer_set(node, 0, x->type, 4, dims, error);
}

enum edge_status edge_infer_reverse_sequence(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int32_t batch = node->params.reverse.batch_axis, time = node->params.reverse.time_axis;
	enum edge_status status = edge_infer_check_type(node, 1, 1u << EDGE_I64, error);

	if (status)
		return status;
	if (x->rank < 2 || batch < 0 || batch > 1 || time != 1 - batch)
		return edge_infer_fail(node, error, "batch axis %d, time axis %d of rank %d", batch,
				       time, x->rank);
	status = edge_infer_check_vector(node, 1, x->dims[batch], error);
	return status ? status : edge_infer_set_like(node, 0, x->type, error);
}

enum edge_status edge_infer_trilu(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];

	if (x->rank < 2)
		return edge_infer_fail(node, error, "an input of rank %d is no matrix", x->rank);
	return edge_infer_set_like(node, 0, x->type, error);
}
