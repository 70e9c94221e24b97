// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "graph/verify_stages.h"

static bool has_tensor(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	return tensor->id >= 0 && tensor->id < graph->num_tensors &&
	       graph->tensors[tensor->id] == tensor;
}

static bool has_node(const struct edge_graph *graph, const struct edge_node *node)
{
	return node->id >= 0 && node->id < graph->num_nodes && graph->nodes[node->id] == node;
}

/* First of all: the rest looks tensors and nodes up by their ids and names. */
static enum edge_status check_ids(const struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;

	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		if (tensor->id != i)
			return edge_verify_fail_tensor(verifier, tensor, "its id is not its index");
		if (edge_graph_find_tensor(graph, tensor->name) != tensor)
			return edge_verify_fail_tensor(verifier, tensor, "its name is another's");
	}
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		if (!edge_op_info(node->op))
			return edge_fail(verifier->error, EDGE_BAD_FORMAT,
					 "node '%s': its operator is none", node->name);
		if (node->id != i)
			return edge_verify_fail_node(verifier, node, "its id is not its index");
		if (node->device != EDGE_DEVICE_CPU)
			return edge_verify_fail_node(verifier, node, "its device is none");
		if (!memchr(node->reason, 0, sizeof(node->reason)))
			return edge_verify_fail_node(verifier, node, "its reason has no end");
	}
	return EDGE_OK;
}

static enum edge_status check_graph_ends(struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;

	for (int i = 0; i < graph->num_inputs; i++) {
		const struct edge_tensor *input = graph->inputs[i];

		if (!has_tensor(graph, input))
			return edge_verify_fail_tensor(verifier, input, "not in the graph");
		if (verifier->uses[input->id] & EDGE_USE_INPUT)
			return edge_verify_fail_tensor(verifier, input, "an input twice");
		if (input->constant || input->producer || input->dynamic)
			return edge_verify_fail_tensor(verifier, input,
						       "an input that is also something else");
		verifier->uses[input->id] |= EDGE_USE_INPUT;
	}
	for (int i = 0; i < graph->num_outputs; i++) {
		if (!has_tensor(graph, graph->outputs[i]))
			return edge_verify_fail_tensor(verifier, graph->outputs[i],
						       "not in the graph");
		verifier->uses[graph->outputs[i]->id] |= EDGE_USE_OUTPUT;
	}
	return EDGE_OK;
}

static enum edge_status check_inputs(struct edge_verifier *verifier, const struct edge_node *node)
{
	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];

		if (!input)
			continue;
		if (!has_tensor(verifier->graph, input))
			return edge_verify_fail_node(verifier, node, "an input not in the graph");
		/* Producers come before; the outputs of nodes that have been seen are marked. */
		if (input->producer && !(verifier->uses[input->id] & EDGE_USE_PRODUCED))
			return edge_verify_fail_node(verifier, node,
						     "it runs before an input is there");
		if (!input->producer && !input->constant &&
		    !(verifier->uses[input->id] & EDGE_USE_INPUT))
			return edge_verify_fail_node(verifier, node, "nothing makes its input");
		verifier->uses[input->id] |= EDGE_USE_CONSUMED;
	}
	return EDGE_OK;
}

static enum edge_status check_outputs(struct edge_verifier *verifier, const struct edge_node *node)
{
	for (int i = 0; i < node->num_outputs; i++) {
		const struct edge_tensor *output = node->outputs[i];

		if (!output)
			continue;
		if (!has_tensor(verifier->graph, output))
			return edge_verify_fail_node(verifier, node, "an output not in the graph");
		if (output->producer != node || output->constant ||
		    verifier->uses[output->id] & (EDGE_USE_PRODUCED | EDGE_USE_INPUT))
			return edge_verify_fail_node(verifier, node,
						     "an output that something else makes");
		verifier->uses[output->id] |= EDGE_USE_PRODUCED;
	}
	return EDGE_OK;
}

static enum edge_status check_packed(struct edge_verifier *verifier, const struct edge_node *node)
{
	for (int i = 0; i < node->num_packed; i++) {
		const struct edge_tensor *packed = node->packed[i];

		if (!packed || !has_tensor(verifier->graph, packed))
			return edge_verify_fail_node(verifier, node,
						     "a packed constant not in the graph");
		if (!packed->constant || packed->rank != 1 || packed->num_consumers ||
		    verifier->uses[packed->id])
			return edge_verify_fail_tensor(verifier, packed,
						       "packed for one node, used otherwise");
		verifier->uses[packed->id] |= EDGE_USE_PACKED;
	}
	return EDGE_OK;
}

static enum edge_status check_tensor_links(struct edge_verifier *verifier,
					   const struct edge_tensor *tensor)
{
	unsigned int uses = verifier->uses[tensor->id];

	if (tensor->producer && !(uses & EDGE_USE_PRODUCED))
		return edge_verify_fail_tensor(verifier, tensor, "its producer does not make it");
	if (uses & EDGE_USE_OUTPUT && !tensor->producer && !tensor->constant &&
	    !(uses & EDGE_USE_INPUT))
		return edge_verify_fail_tensor(verifier, tensor, "nothing makes this output");
	if (uses & EDGE_USE_OUTPUT && uses & EDGE_USE_PACKED)
		return edge_verify_fail_tensor(verifier, tensor,
					       "packed for one node, used otherwise");
	if (tensor->storage) {
		if (!has_tensor(verifier->graph, tensor->storage))
			return edge_verify_fail_tensor(verifier, tensor,
						       "its storage is not in the graph");
		if (tensor->storage != tensor && uses)
			verifier->uses[tensor->storage->id] |= EDGE_USE_STORAGE;
	}
	return EDGE_OK;
}

struct pair {
	int tensor;
	int node;
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *first = a, *second = b;

	if (first->tensor != second->tensor)
		return first->tensor < second->tensor ? -1 : 1;
	return (first->node > second->node) - (first->node < second->node);
}

/* Fills @pairs with (tensor, consumer) as tensors list them; @count of them are expected. */
static enum edge_status list_consumers(const struct edge_verifier *verifier, struct pair *pairs,
				       int64_t count)
{
	const struct edge_graph *graph = verifier->graph;
	int64_t found = 0;

	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		for (int j = 0; j < tensor->num_consumers; j++) {
			const struct edge_node *node = tensor->consumers[j];

			if (found == count || !has_node(graph, node))
				return edge_verify_fail_tensor(verifier, tensor,
							       "a consumer that does not read it");
			pairs[found++] = (struct pair) { i, node->id };
		}
	}
	if (found < count)
		return edge_fail(verifier->error, EDGE_BAD_FORMAT,
				 "a node reads a tensor that does not list it");
	return EDGE_OK;
}

static int64_t list_inputs(const struct edge_graph *graph, struct pair *pairs)
{
	int64_t count = 0;

	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		for (int j = 0; j < node->num_inputs; j++) {
			if (!node->inputs[j])
				continue;
			if (pairs)
				pairs[count] = (struct pair) { node->inputs[j]->id, i };
			count++;
		}
	}
	return count;
}

/* Both sides list the same pairs; by sorting, since a tensor may have many consumers. */
static enum edge_status check_consumers(const struct edge_verifier *verifier)
{
	int64_t count = list_inputs(verifier->graph, NULL);
	struct pair *inputs = calloc(count + 1, sizeof(*inputs));
	struct pair *consumers = calloc(count + 1, sizeof(*consumers));
	enum edge_status status;

	if (!inputs || !consumers) {
		status = edge_fail_memory(verifier->error);
		goto free_pairs;
	}
	list_inputs(verifier->graph, inputs);
	status = list_consumers(verifier, consumers, count);
	if (status)
		goto free_pairs;
	qsort(inputs, count, sizeof(*inputs), compare_pairs);
	qsort(consumers, count, sizeof(*consumers), compare_pairs);
	for (int64_t i = 0; i < count && !status; i++) {
		if (compare_pairs(&inputs[i], &consumers[i]))
			status = edge_verify_fail_node(verifier,
						       verifier->graph->nodes[inputs[i].node],
						       "it reads a tensor that does not list it");
	}

free_pairs:
	free(consumers);
	free(inputs);
	return status;
}

enum edge_status edge_verify_links(struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;
	enum edge_status status = check_ids(verifier);

	if (!status)
		status = check_graph_ends(verifier);
	for (int i = 0; !status && i < graph->num_nodes; i++) {
		status = check_inputs(verifier, graph->nodes[i]);
		if (!status)
			status = check_outputs(verifier, graph->nodes[i]);
	}
	for (int i = 0; !status && i < graph->num_nodes; i++)
		status = check_packed(verifier, graph->nodes[i]);
	for (int i = 0; !status && i < graph->num_tensors; i++)
		status = check_tensor_links(verifier, graph->tensors[i]);
	return status ? status : check_consumers(verifier);
}
