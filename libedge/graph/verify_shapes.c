// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "graph/infer.h"
#include "graph/verify_stages.h"

static enum edge_status check_quant(const struct edge_verifier *verifier,
				    const struct edge_tensor *tensor)
{
	const struct edge_quant *quant = tensor->quant;
	struct edge_range range;

	if (!quant)
		return EDGE_OK;
	if (quant->axis < -1 || quant->axis >= tensor->rank ||
	    quant->count != (quant->axis < 0 ? 1 : tensor->dims[quant->axis]) || !quant->scales ||
	    !quant->zero_points)
		return edge_verify_fail_tensor(verifier, tensor,
					       "its quantisation does not fit its shape");
	if (tensor->type != EDGE_U8 && tensor->type != EDGE_I8 && tensor->type != EDGE_I32)
		return edge_verify_fail_tensor(verifier, tensor, "quantised, but not of integers");
	range = edge_tensor_range(tensor);
	for (int64_t i = 0; i < quant->count; i++) {
		if (!(quant->scales[i] > 0) || !isfinite(quant->scales[i]))
			return edge_verify_fail_tensor(verifier, tensor,
						       "a scale that is no positive number");
		if (quant->zero_points[i] < range.low || quant->zero_points[i] > range.high)
			return edge_verify_fail_tensor(verifier, tensor,
						       "a zero point that its type does not hold");
	}
	return EDGE_OK;
}

/* Whether something reads the value itself, and not only what a back end has packed from it. */
static bool needs_data(const struct edge_verifier *verifier, const struct edge_tensor *tensor)
{
	if (verifier->uses[tensor->id] & (EDGE_USE_OUTPUT | EDGE_USE_PACKED | EDGE_USE_STORAGE))
		return true;
	for (int i = 0; i < tensor->num_consumers; i++) {
		if (!tensor->consumers[i]->num_packed)
			return true;
	}
	return false;
}

static enum edge_status check_tensor(const struct edge_verifier *verifier,
				     const struct edge_tensor *tensor)
{
	int64_t bytes = edge_tensor_bytes(tensor);

	if (!edge_type_size(tensor->type) || bytes < 0)
		return edge_verify_fail_tensor(verifier, tensor, "no type or no sound shape");
	if (tensor->data && !tensor->constant)
		return edge_verify_fail_tensor(verifier, tensor, "a value, but is no constant");
	if (tensor->constant && !tensor->data && bytes && needs_data(verifier, tensor))
		return edge_verify_fail_tensor(verifier, tensor, "a constant without a value");
	if (tensor->dynamic && (!tensor->producer || tensor->rank < 1))
		return edge_verify_fail_tensor(verifier, tensor, "its size cannot vary");
	return check_quant(verifier, tensor);
}

struct shape {
	enum edge_type type;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	bool dynamic;
};

static bool equals(const struct shape *shape, const struct edge_tensor *tensor)
{
	return shape->type == tensor->type && shape->rank == tensor->rank &&
	       shape->dynamic == tensor->dynamic &&
	       !memcmp(shape->dims, tensor->dims, shape->rank * sizeof(*shape->dims));
}

/*
 * Infers again and compares. Inference resolves params in place; where that changes something they
 * had not been resolved, and later code would have taken them for what they say.
 */
static enum edge_status check_node(const struct edge_verifier *verifier, struct edge_node *node,
				   struct shape *before)
{
	union edge_params params;
	enum edge_status status;

	memcpy(&params, &node->params, sizeof(params));
	for (int i = 0; i < node->num_outputs; i++) {
		const struct edge_tensor *output = node->outputs[i];

		if (!output)
			continue;
		before[i] =
			(struct shape) { output->type, output->rank, .dynamic = output->dynamic };
		memcpy(before[i].dims, output->dims, sizeof(before[i].dims));
	}
	status = edge_infer_node(verifier->graph, node, verifier->error);
	if (status)
		return status;
	for (int i = 0; i < node->num_outputs; i++) {
		if (node->outputs[i] && !equals(&before[i], node->outputs[i]))
			return edge_verify_fail_tensor(verifier, node->outputs[i],
						       "not of the shape that its node gives it");
	}
	if (memcmp(&params, &node->params, sizeof(params)))
		return edge_verify_fail_node(verifier, node, "parameters that are not resolved");
	return EDGE_OK;
}

enum edge_status edge_verify_shapes(struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;
	enum edge_status status = EDGE_OK;
	struct shape *before;
	int most = 1;

	for (int i = 0; i < graph->num_nodes; i++) {
		if (graph->nodes[i]->num_outputs > most)
			most = graph->nodes[i]->num_outputs;
	}
	before = calloc(most, sizeof(*before));
	if (!before)
		return edge_fail_memory(verifier->error);
	for (int i = 0; !status && i < graph->num_tensors; i++) {
		if (verifier->uses[i])
			status = check_tensor(verifier, graph->tensors[i]);
	}
	for (int i = 0; !status && i < graph->num_nodes; i++)
		status = check_node(verifier, graph->nodes[i], before);
	free(before);
	return status;
}
