// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "passes/fold_constants.h"
#include "passes/passes.h"
#include "passes/rewrite.h"
#include "ref/ref.h"
#include "ref/work.h"

/* A constant larger than what it is made from costs space in the program file: bytes. */
#define MAX_GROWTH (16 << 20)

static int64_t result_bytes(const struct edge_node *node)
{
	int64_t bytes = 0;

	for (int i = 0; i < node->num_outputs; i++) {
		if (node->outputs[i])
			bytes += edge_tensor_bytes(node->outputs[i]);
	}
	return bytes;
}

static uint64_t constant_bytes(const struct edge_graph *graph)
{
	uint64_t bytes = 0;

	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		if (tensor->constant && tensor->data)
			bytes += edge_tensor_bytes(tensor);
	}
	return bytes;
}

bool edge_fold_is_possible(const struct edge_graph *graph, const struct edge_node *node)
{
	char reason[EDGE_REASON_MAX];
	int64_t source = 0, result = result_bytes(node);
	int known = 0;

	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];

		if (!input)
			continue;
		if (!input->constant || !input->data)
			return false;
		source += edge_tensor_bytes(input);
		known++;
	}
	for (int i = 0; i < node->num_outputs; i++) {
		const struct edge_tensor *output = node->outputs[i];

		if (!output)
			continue;
		/* A graph output is written in every run, so its node stays. */
		if (output->dynamic || edge_graph_is_output(graph, output))
			return false;
	}
	if (!known || (result > MAX_GROWTH && result > source))
		return false;
	return edge_ref_supports(node, reason);
}

static bool allocate_outputs(struct edge_view *outputs, const struct edge_node *node)
{
	for (int i = 0; i < node->num_outputs; i++) {
		if (!node->outputs[i])
			continue;
		outputs[i] = edge_tensor_constant_view(node->outputs[i]);
		outputs[i].data = edge_alloc_zeroed(edge_tensor_bytes(node->outputs[i]));
		if (!outputs[i].data)
			return false;
	}
	return true;
}

/* The outputs become constants that own the memory in @outputs. */
static void keep_outputs(struct edge_view *outputs, struct edge_node *node)
{
	for (int i = 0; i < node->num_outputs; i++) {
		struct edge_tensor *output = node->outputs[i];

		if (!output)
			continue;
		output->constant = true;
		output->data = outputs[i].data;
		output->owns_data = true;
		outputs[i].data = NULL;
	}
	edge_rewrite_remove(node);
}

bool edge_fold_node(struct edge_node *node)
{
	struct edge_view *inputs = calloc(node->num_inputs + 1, sizeof(*inputs));
	struct edge_view *outputs = calloc(node->num_outputs + 1, sizeof(*outputs));
	void *scratch = edge_alloc_zeroed(edge_ref_scratch_size(node));
	int num_outputs = node->num_outputs;
	bool done = inputs && outputs && scratch && allocate_outputs(outputs, node);

	if (done) {
		for (int i = 0; i < node->num_inputs; i++) {
			if (node->inputs[i])
				inputs[i] = edge_tensor_constant_view(node->inputs[i]);
		}
		edge_ref_run(node, inputs, outputs, scratch);
		keep_outputs(outputs, node);
	}
	for (int i = 0; outputs && i < num_outputs; i++)
		free(outputs[i].data);
	free(scratch);
	free(outputs);
	free(inputs);
	return done;
}

enum edge_status edge_pass_fold_constants(struct edge_graph *graph, struct edge_error *error)
{
	uint64_t own = constant_bytes(graph);
	uint64_t room = edge_fold_bytes(&graph->limits, own);
	double work = edge_fold_work(&graph->limits, own);

	/* What is too much stays a node, for the limits of a frame to judge. */
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if ((uint64_t)result_bytes(node) > room || edge_ref_work(node) > work ||
		    !edge_fold_is_possible(graph, node))
			continue;
		room -= result_bytes(node);
		work -= edge_ref_work(node);
		if (!edge_fold_node(node))
			return edge_fail_memory(error);
	}
	return edge_pass_dead_nodes(graph, error);
}
