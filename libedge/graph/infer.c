// SPDX-License-Identifier: MIT
#include "graph/infer.h"

#include <stdarg.h>
#include <stdio.h>

#include "graph/infer_ops.h"

static edge_infer_fn *const table[EDGE_NUM_OPS] = {
	[EDGE_OP_CONV] = edge_infer_conv,
	[EDGE_OP_CONV_TRANSPOSE] = edge_infer_conv_transpose,
	[EDGE_OP_MATMUL] = edge_infer_matmul,
	[EDGE_OP_MAX_POOL] = edge_infer_max_pool,
	[EDGE_OP_AVERAGE_POOL] = edge_infer_average_pool,
	[EDGE_OP_LP_POOL] = edge_infer_lp_pool,
	[EDGE_OP_BATCH_NORM] = edge_infer_batch_norm,
	[EDGE_OP_INSTANCE_NORM] = edge_infer_instance_norm,
	[EDGE_OP_LAYER_NORM] = edge_infer_layer_norm,
	[EDGE_OP_LRN] = edge_infer_lrn,
	[EDGE_OP_UNARY] = edge_infer_unary,
	[EDGE_OP_BINARY] = edge_infer_binary,
	[EDGE_OP_PRELU] = edge_infer_prelu,
	[EDGE_OP_WHERE] = edge_infer_where,
	[EDGE_OP_CAST] = edge_infer_cast,
	[EDGE_OP_SOFTMAX] = edge_infer_softmax,
	[EDGE_OP_LOG_SOFTMAX] = edge_infer_softmax,
	[EDGE_OP_HARDMAX] = edge_infer_softmax,
	[EDGE_OP_REDUCE] = edge_infer_reduce,
	[EDGE_OP_ARG_MAX] = edge_infer_arg,
	[EDGE_OP_ARG_MIN] = edge_infer_arg,
	[EDGE_OP_TOP_K] = edge_infer_top_k,
	[EDGE_OP_CUM_SUM] = edge_infer_cum_sum,
	[EDGE_OP_RESIZE] = edge_infer_resize,
	[EDGE_OP_ROI_ALIGN] = edge_infer_roi_align,
	[EDGE_OP_GRID_SAMPLE] = edge_infer_grid_sample,
	[EDGE_OP_CONCAT] = edge_infer_concat,
	[EDGE_OP_SPLIT] = edge_infer_split,
	[EDGE_OP_SLICE] = edge_infer_slice,
	[EDGE_OP_TRANSPOSE] = edge_infer_transpose,
	[EDGE_OP_RESHAPE] = edge_infer_reshape,
	[EDGE_OP_EXPAND] = edge_infer_expand,
	[EDGE_OP_TILE] = edge_infer_tile,
	[EDGE_OP_PAD] = edge_infer_pad,
	[EDGE_OP_DEPTH_TO_SPACE] = edge_infer_depth_to_space,
	[EDGE_OP_SPACE_TO_DEPTH] = edge_infer_space_to_depth,
	[EDGE_OP_GATHER] = edge_infer_gather,
	[EDGE_OP_GATHER_ELEMENTS] = edge_infer_gather_elements,
	[EDGE_OP_GATHER_ND] = edge_infer_gather_nd,
	[EDGE_OP_SCATTER_ELEMENTS] = edge_infer_scatter_elements,
	[EDGE_OP_SCATTER_ND] = edge_infer_scatter_nd,
	[EDGE_OP_ONE_HOT] = edge_infer_one_hot,
	[EDGE_OP_RANGE] = edge_infer_range,
	[EDGE_OP_TRILU] = edge_infer_trilu,
	[EDGE_OP_REVERSE_SEQUENCE] = edge_infer_reverse_sequence,
	[EDGE_OP_NON_MAX_SUPPRESSION] = edge_infer_non_max_suppression,
	[EDGE_OP_COPY] = edge_infer_copy,
	[EDGE_OP_QUANTIZE] = edge_infer_quantize,
	[EDGE_OP_DEQUANTIZE] = edge_infer_dequantize,
	[EDGE_OP_LOOKUP] = edge_infer_lookup,
	[EDGE_OP_DETECTION_POSTPROCESS] = edge_infer_detection_postprocess,
};

static const char *op_name(const struct edge_node *node)
{
	const struct edge_op_info *info = edge_op_info(node->op);

	return info ? info->name : "?";
}

static enum edge_status fail(const struct edge_node *node, struct edge_error *error,
			     enum edge_status status, const char *format, va_list args)
{
	char what[EDGE_ERROR_MAX];

	vsnprintf(what, sizeof(what), format, args);
	return edge_fail(error, status, "node '%s' (%s): %s", node->name, op_name(node), what);
}

enum edge_status edge_infer_fail(const struct edge_node *node, struct edge_error *error,
				 const char *format, ...)
{
	enum edge_status status;
	va_list args;

	va_start(args, format);
	status = fail(node, error, EDGE_BAD_FORMAT, format, args);
	va_end(args);
	return status;
}

static EDGE_PRINTF(3, 4) enum edge_status
	unsupported(const struct edge_node *node, struct edge_error *error, const char *format, ...)
{
	enum edge_status status;
	va_list args;

	va_start(args, format);
	status = fail(node, error, EDGE_UNSUPPORTED, format, args);
	va_end(args);
	return status;
}

enum edge_status edge_infer_check_type(const struct edge_node *node, int index, unsigned int types,
				       struct edge_error *error)
{
	const struct edge_tensor *input = node->inputs[index];

	if (types & 1u << input->type)
		return EDGE_OK;
	return edge_infer_fail(node, error, "input %d '%s' is %s, which it does not take", index,
			       input->name, edge_type_name(input->type));
}

/* Optional inputs at the end may be left out altogether. */
static const struct edge_tensor *optional_input(const struct edge_node *node, int index)
{
	return index < node->num_inputs ? node->inputs[index] : NULL;
}

enum edge_status edge_infer_check_same_type(const struct edge_node *node, int index,
					    struct edge_error *error)
{
	const struct edge_tensor *input = optional_input(node, index);
	const struct edge_tensor *first = node->inputs[0];

	if (!input || input->type == first->type)
		return EDGE_OK;
	return edge_infer_fail(node, error, "input %d '%s' is %s, but '%s' is %s", index,
			       input->name, edge_type_name(input->type), first->name,
			       edge_type_name(first->type));
}

enum edge_status edge_infer_check_vector(const struct edge_node *node, int index, int64_t size,
					 struct edge_error *error)
{
	const struct edge_tensor *input = optional_input(node, index);

	if (!input || (input->rank == 1 && input->dims[0] == size))
		return EDGE_OK;
	return edge_infer_fail(node, error, "input %d '%s' must have the shape [%lld]", index,
			       input->name, (long long)size);
}

enum edge_status edge_infer_check_broadcast(const struct edge_node *node, int index, int rank,
					    const int64_t *dims, struct edge_error *error)
{
	const struct edge_tensor *input = optional_input(node, index);
	bool fits = true;

	if (!input)
		return EDGE_OK;
	if (input->rank > rank)
		fits = false;
	for (int i = 1; fits && i <= input->rank; i++) {
		int64_t dim = input->dims[input->rank - i];

		fits = dim == 1 || dim == dims[rank - i];
	}
	if (fits)
		return EDGE_OK;
	return edge_infer_fail(node, error, "input %d '%s' does not broadcast to the result", index,
			       input->name);
}

enum edge_status edge_infer_axis(const struct edge_node *node, int32_t *axis, int rank,
				 struct edge_error *error)
{
	if (*axis < -rank || *axis >= rank)
		return edge_infer_fail(node, error, "axis %d of a tensor of rank %d", *axis, rank);
	if (*axis < 0)
		*axis += rank;
	return EDGE_OK;
}

enum edge_status edge_infer_broadcast(const struct edge_node *node, int rank, const int64_t *with,
				      int *out_rank, int64_t *out, struct edge_error *error)
{
	int old_rank = *out_rank, new_rank = rank > old_rank ? rank : old_rank;

	/* From the end, where the shapes are aligned; only dimensions done already are written. */
	for (int i = 1; i <= new_rank; i++) {
		int64_t a = 1, b = 1;

		if (i <= rank)
			a = with[rank - i];
		if (i <= old_rank)
			b = out[old_rank - i];
		if (a != b && a != 1 && b != 1)
			return edge_infer_fail(
				node, error,
				"the inputs do not broadcast: %lld and %lld, %d from the end",
				(long long)b, (long long)a, i);
		if (i <= old_rank)
			out[old_rank - i] = b == 1 ? a : b;
	}
	if (new_rank > old_rank) {
		int added = new_rank - old_rank;

		for (int i = new_rank - 1; i >= added; i--)
			out[i] = out[i - added];
		for (int i = 0; i < added; i++)
			out[i] = with[i];
	}
	*out_rank = new_rank;
	return EDGE_OK;
}

enum edge_status edge_infer_set(const struct edge_node *node, int index, enum edge_type type,
				int rank, const int64_t *dims, struct edge_error *error)
{
	struct edge_tensor *output = index < node->num_outputs ? node->outputs[index] : NULL;

	if (!output)
		return EDGE_OK;
	edge_tensor_set_shape(output, type, rank, dims);
	output->dynamic = false;
	if (edge_tensor_bytes(output) < 0)
		return edge_infer_fail(node, error, "output '%s' is too large to address",
				       output->name);
	return EDGE_OK;
}

enum edge_status edge_infer_set_like(const struct edge_node *node, int index, enum edge_type type,
				     struct edge_error *error)
{
	const struct edge_tensor *input = node->inputs[0];

	return edge_infer_set(node, index, type, input->rank, input->dims, error);
}

static enum edge_status check_input(const struct edge_node *node, int index,
				    const struct edge_op_info *info, struct edge_error *error)
{
	const struct edge_tensor *input = node->inputs[index];

	if (!input) {
		if (index < info->min_inputs || info->max_inputs < 0)
			return edge_infer_fail(node, error, "input %d is missing", index);
		return EDGE_OK;
	}
	if (!edge_type_size(input->type) || edge_tensor_elements(input) < 0)
		return edge_infer_fail(node, error, "input %d '%s' has no type or no sound shape",
				       index, input->name);
	if (input->dynamic)
		return unsupported(
			node, error,
			"the size of input %d '%s' is only known after a run; "
			"cut the model so that '%s' is an output, and do the rest outside",
			index, input->name, input->name);
	if (index < 32 && info->constant_inputs >> index & 1 && (!input->constant || !input->data))
		return unsupported(node, error,
				   "input %d '%s' decides the shape, and is no constant", index,
				   input->name);
	return EDGE_OK;
}

static enum edge_status check_links(const struct edge_node *node, const struct edge_op_info *info,
				    struct edge_error *error)
{
	if (node->num_inputs < info->min_inputs ||
	    (info->max_inputs >= 0 && node->num_inputs > info->max_inputs))
		return edge_infer_fail(node, error, "%d inputs, which it does not take",
				       node->num_inputs);
	if (node->num_outputs < info->min_outputs ||
	    (info->max_outputs >= 0 && node->num_outputs > info->max_outputs))
		return edge_infer_fail(node, error, "%d outputs, which it does not have",
				       node->num_outputs);
	for (int i = 0; i < node->num_inputs; i++) {
		enum edge_status status = check_input(node, i, info, error);

		if (status)
			return status;
	}
	for (int i = 0; i < node->num_outputs; i++) {
		if (!node->outputs[i] && (i < info->min_outputs || info->max_outputs < 0))
			return edge_infer_fail(node, error, "output %d is missing", i);
	}
	return EDGE_OK;
}

/* Activations are computed in floating point, on the one result that there is; or they limit a
 * quantised one. */
static enum edge_status check_activation(const struct edge_node *node, struct edge_error *error)
{
	if (node->act.func == EDGE_FUNC_IDENTITY)
		return EDGE_OK;
	if ((unsigned int)node->act.func > EDGE_LAST_ACTIVATION)
		return edge_infer_fail(node, error, "activation %d, which is none", node->act.func);
	if (edge_infer_is_quantised(node) &&
	    (node->act.func == EDGE_FUNC_RELU || node->act.func == EDGE_FUNC_CLIP))
		return EDGE_OK;
	if (node->num_outputs != 1 || !(EDGE_TYPES_FLOAT & 1u << node->outputs[0]->type))
		return edge_infer_fail(node, error, "an activation on a result of type %s",
				       edge_type_name(node->outputs[0]->type));
	return EDGE_OK;
}

enum edge_status edge_infer_node(struct edge_graph *graph, struct edge_node *node,
				 struct edge_error *error)
{
	const struct edge_op_info *info = edge_op_info(node->op);
	enum edge_status status;

	if (!info)
		return edge_infer_fail(node, error, "operator %d, which is none", node->op);
	status = check_links(node, info, error);
	if (status)
		return status;
	status = table[node->op](node, error);
	if (!status)
		status = edge_infer_quant(node, error);
	if (status)
		return status;
	return check_activation(node, error);
}

enum edge_status edge_infer_graph(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_inputs; i++) {
		const struct edge_tensor *input = graph->inputs[i];

		if (!edge_type_size(input->type) || edge_tensor_bytes(input) < 0)
			return edge_fail(error, EDGE_BAD_FORMAT,
					 "input '%s' has no full shape; give it one", input->name);
	}
	for (int i = 0; i < graph->num_nodes; i++) {
		enum edge_status status = edge_infer_node(graph, graph->nodes[i], error);

		if (status)
			return status;
	}
	return EDGE_OK;
}
