// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

#include <string.h>

void onnx_convert_identity(struct onnx_node *node)
{
	onnx_set_output(node, 0, node->inputs[0]);
}

/* Nothing is dropped in inference; the mask says so. */
void onnx_convert_dropout(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	struct edge_tensor *mask;

	onnx_attr_ignore(node, "ratio");
	onnx_attr_ignore(node, "seed");
	if (onnx_input_scalar(node, 2, 0) != 0)
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "training mode; export the model for inference (model.eval())");
	onnx_set_output(node, 0, x);
	if (!onnx_wants_output(node, 1))
		return;
	mask = onnx_scalar(node, node->import->opset < 10 ? x->type : EDGE_BOOL, 1);
	onnx_set_output(node, 1, onnx_expand(node, mask, x->rank, x->dims));
}

void onnx_convert_reshape(struct onnx_node *node)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_RESHAPE, &params);
	params.shape.allow_zero = onnx_attr_bool(node, "allowzero", false);
	params.shape.rank = onnx_input_ints(node, 1, params.shape.dims, EDGE_MAX_RANK);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_RESHAPE, &params, node->inputs[0]));
}

void onnx_convert_flatten(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t axis = onnx_attr_int(node, "axis", 1, -x->rank, x->rank);
	int64_t dims[2] = { 1, 1 };

	if (axis < 0)
		axis += x->rank;
	for (int i = 0; i < x->rank; i++)
		dims[i >= axis] *= x->dims[i];
	onnx_set_output(node, 0, onnx_reshape(node, x, 2, dims));
}

/* Axes are an attribute up to opset 12, a constant input since; -1 when the file names none. */
static int read_axes(struct onnx_node *node, int rank, int32_t *axes)
{
	int64_t values[EDGE_MAX_RANK];
	int count = onnx_input_ints(node, 1, values, EDGE_MAX_RANK);

	if (count < 0)
		count = onnx_attr_ints(node, "axes", values, EDGE_MAX_RANK);
	/* Unsqueeze counts in the result, which has the new dimensions already. */
	onnx_axes(node, values, count, rank < 0 ? count - rank - 1 : rank, axes);
	return count;
}

void onnx_convert_squeeze(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	bool drop[EDGE_MAX_RANK] = { false };
	int64_t dims[EDGE_MAX_RANK];
	int32_t axes[EDGE_MAX_RANK];
	int count = read_axes(node, x->rank, axes);
	int rank = 0;

	for (int i = 0; i < count && !node->status; i++) {
		drop[axes[i]] = true;
		if (x->dims[axes[i]] != 1)
			onnx_fail(node, EDGE_BAD_FORMAT, "dimension %d is %lld and not 1",
				  (int)axes[i], (long long)x->dims[axes[i]]);
	}
	for (int i = 0; i < x->rank; i++) {
		if (count < 0 ? x->dims[i] != 1 : !drop[i])
			dims[rank++] = x->dims[i];
	}
	onnx_set_output(node, 0, onnx_reshape(node, x, rank, dims));
}

void onnx_convert_unsqueeze(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t dims[2 * EDGE_MAX_RANK];
	int32_t axes[EDGE_MAX_RANK];
	int count = read_axes(node, -x->rank - 1, axes);
	int from = 0;

	if (count < 0)
		onnx_fail(node, EDGE_BAD_FORMAT, "names no axes");
	if (x->rank + count > EDGE_MAX_RANK)
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "its result has %d dimensions, and %d are supported", x->rank + count,
			  EDGE_MAX_RANK);
	if (node->status)
		return;
	memset(dims, 0, sizeof(dims));
	for (int i = 0; i < count; i++)
		dims[axes[i]] = -1;
	for (int i = 0; i < x->rank + count; i++)
		dims[i] = dims[i] ? 1 : x->dims[from++];
	onnx_set_output(node, 0, onnx_reshape(node, x, x->rank + count, dims));
}

void onnx_convert_transpose(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t values[EDGE_MAX_RANK];
	union edge_params params = { 0 };
	int count = onnx_attr_ints(node, "perm", values, EDGE_MAX_RANK);

	if (count < 0) {
		count = x->rank;
		for (int i = 0; i < count; i++)
			values[i] = count - 1 - i;
	}
	if (count != x->rank)
		onnx_fail(node, EDGE_BAD_FORMAT, "permutes %d dimensions of %d", count, x->rank);
	onnx_axes(node, values, count, x->rank, params.transpose.perm);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_TRANSPOSE, &params, x));
}

void onnx_convert_expand(struct onnx_node *node)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank = onnx_input_ints(node, 1, dims, EDGE_MAX_RANK);

	onnx_set_output(node, 0, onnx_expand(node, node->inputs[0], rank, dims));
}

void onnx_convert_tile(struct onnx_node *node)
{
	union edge_params params = { 0 };

	params.shape.rank = onnx_input_ints(node, 1, params.shape.dims, EDGE_MAX_RANK);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_TILE, &params, node->inputs[0]));
}

void onnx_convert_depth_to_space(struct onnx_node *node)
{
	static const char *const modes[] = { "DCR", "CRD", NULL };
	union edge_params params = { 0 };

	params.block.size = onnx_attr_int(node, "blocksize", 0, 1, INT32_MAX);
	params.block.column_row_depth = onnx_attr_choice(node, "mode", 0, modes);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_DEPTH_TO_SPACE, &params, node->inputs[0]));
}

void onnx_convert_space_to_depth(struct onnx_node *node)
{
	union edge_params params = { 0 };

	params.block.size = onnx_attr_int(node, "blocksize", 0, 1, INT32_MAX);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_SPACE_TO_DEPTH, &params, node->inputs[0]));
}
