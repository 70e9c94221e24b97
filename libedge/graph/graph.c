// SPDX-License-Identifier: MIT
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "graph/array.h"
#include "graph/names.h"
#include "graph/quant.h"

struct edge_graph *edge_graph_create(const char *name)
{
	struct edge_graph *graph = calloc(1, sizeof(*graph));

	if (!graph)
		return NULL;
	graph->name = strdup(name ? name : "graph");
	if (!graph->name) {
		free(graph);
		return NULL;
	}
	edge_limits_default(&graph->limits);
	return graph;
}

static void free_tensor(struct edge_tensor *tensor)
{
	if (!tensor)
		return;
	if (tensor->owns_data)
		free(tensor->data);
	edge_quant_free(tensor->quant);
	free(tensor->consumers);
	free(tensor->name);
	free(tensor);
}

static void free_node(struct edge_node *node)
{
	if (!node)
		return;
	free(node->packed);
	free(node->outputs);
	free(node->inputs);
	free(node->name);
	free(node);
}

void edge_graph_destroy(struct edge_graph *graph)
{
	if (!graph)
		return;
	for (int i = 0; i < graph->num_nodes; i++)
		free_node(graph->nodes[i]);
	for (int i = 0; i < graph->num_tensors; i++)
		free_tensor(graph->tensors[i]);
	for (int i = 0; i < graph->num_metadata; i++) {
		free(graph->metadata[i].key);
		free(graph->metadata[i].value);
	}
	free(graph->metadata);
	free(graph->names);
	free(graph->outputs);
	free(graph->inputs);
	free(graph->nodes);
	free(graph->tensors);
	free(graph->name);
	free(graph);
}

struct edge_tensor *edge_graph_add_tensor(struct edge_graph *graph, const char *name)
{
	struct edge_tensor *tensor = calloc(1, sizeof(*tensor));

	if (!tensor)
		return NULL;
	tensor->name = edge_names_make(graph, name);
	if (!tensor->name ||
	    !edge_array_reserve(&graph->tensors, graph->num_tensors, &graph->max_tensors) ||
	    !edge_names_add(graph, tensor)) {
		free_tensor(tensor);
		return NULL;
	}
	tensor->id = graph->num_tensors;
	tensor->rank = -1;
	graph->tensors[graph->num_tensors++] = tensor;
	return tensor;
}

struct edge_tensor *edge_graph_add_constant(struct edge_graph *graph, const char *name,
					    enum edge_type type, int rank, const int64_t *dims,
					    void *data)
{
	struct edge_tensor shape = { .name = NULL };
	struct edge_tensor *tensor;
	int64_t bytes;

	edge_tensor_set_shape(&shape, type, rank, dims);
	bytes = edge_type_size(type) ? edge_tensor_bytes(&shape) : -1;
	if (!data && bytes >= 0)
		data = edge_alloc_zeroed(bytes);
	if (!data || bytes < 0)
		goto free_data;
	tensor = edge_graph_add_tensor(graph, name);
	if (!tensor)
		goto free_data;
	edge_tensor_set_shape(tensor, type, rank, dims);
	tensor->constant = true;
	tensor->data = data;
	tensor->owns_data = true;
	return tensor;

free_data:
	free(data);
	return NULL;
}

struct edge_tensor *edge_node_add_packed(struct edge_graph *graph, struct edge_node *node,
					 enum edge_type type, int64_t count)
{
	int max = node->num_packed;
	struct edge_tensor *tensor;

	if (!edge_array_reserve(&node->packed, node->num_packed, &max))
		return NULL;
	tensor = edge_graph_add_constant(graph, NULL, type, 1, &count, NULL);
	if (!tensor)
		return NULL;
	tensor->storage = tensor;
	tensor->strides[0] = 1;
	tensor->memory = EDGE_MEMORY_CONSTANT;
	tensor->size = edge_tensor_bytes(tensor);
	node->packed[node->num_packed++] = tensor;
	return tensor;
}

void edge_graph_drop_data(struct edge_tensor *tensor)
{
	if (tensor->owns_data)
		free(tensor->data);
	tensor->data = NULL;
	tensor->owns_data = false;
}

static struct edge_node *create_node(struct edge_graph *graph, enum edge_op op, const char *name,
				     int num_inputs, int num_outputs)
{
	const struct edge_op_info *info = edge_op_info(op);
	struct edge_node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	if (name)
		node->name = strdup(name);
	else if (asprintf(&node->name, "%s_%d", info ? info->name : "node", graph->num_nodes) < 0)
		node->name = NULL;
	/* One more than asked for: calloc(0) may return NULL. */
	node->inputs = calloc(num_inputs + 1, sizeof(*node->inputs));
	node->outputs = calloc(num_outputs + 1, sizeof(*node->outputs));
	if (!node->name || !node->inputs || !node->outputs) {
		free_node(node);
		return NULL;
	}
	node->op = op;
	node->num_inputs = num_inputs;
	node->num_outputs = num_outputs;
	edge_op_default_params(op, &node->params);
	return node;
}

static struct edge_node *place_node(struct edge_graph *graph, int index, struct edge_node *node)
{
	if (!node)
		return NULL;
	if (!edge_array_reserve(&graph->nodes, graph->num_nodes, &graph->max_nodes)) {
		free_node(node);
		return NULL;
	}
	memmove(&graph->nodes[index + 1], &graph->nodes[index],
		(graph->num_nodes - index) * sizeof(*graph->nodes));
	graph->nodes[index] = node;
	graph->num_nodes++;
	for (int i = index; i < graph->num_nodes; i++)
		graph->nodes[i]->id = i;
	return node;
}

struct edge_node *edge_graph_add_node(struct edge_graph *graph, enum edge_op op, const char *name,
				      int num_inputs, int num_outputs)
{
	return place_node(graph, graph->num_nodes,
			  create_node(graph, op, name, num_inputs, num_outputs));
}

struct edge_node *edge_graph_insert_node(struct edge_graph *graph, const struct edge_node *before,
					 enum edge_op op, const char *name, int num_inputs,
					 int num_outputs)
{
	return place_node(graph, before->id, create_node(graph, op, name, num_inputs, num_outputs));
}

static bool append(struct edge_tensor ***list, int *count, struct edge_tensor *tensor)
{
	struct edge_tensor **grown = realloc(*list, (*count + 1) * sizeof(**list));

	if (!grown)
		return false;
	*list = grown;
	grown[(*count)++] = tensor;
	return true;
}

bool edge_graph_add_input(struct edge_graph *graph, struct edge_tensor *tensor)
{
	return append(&graph->inputs, &graph->num_inputs, tensor);
}

bool edge_graph_add_output(struct edge_graph *graph, struct edge_tensor *tensor)
{
	return append(&graph->outputs, &graph->num_outputs, tensor);
}

static void drop_node(struct edge_node *node)
{
	for (int i = 0; i < node->num_inputs; i++)
		edge_node_set_input(node, i, NULL);
	for (int i = 0; i < node->num_outputs; i++)
		edge_node_set_output(node, i, NULL);
	free_node(node);
}

void edge_graph_remove_node(struct edge_graph *graph, struct edge_node *node)
{
	int index = node->id;

	drop_node(node);
	graph->num_nodes--;
	memmove(&graph->nodes[index], &graph->nodes[index + 1],
		(graph->num_nodes - index) * sizeof(*graph->nodes));
	for (int i = index; i < graph->num_nodes; i++)
		graph->nodes[i]->id = i;
}

/* Ids are given anew in any case, so they may serve as marks. */
static void mark(struct edge_tensor *const *tensors, int count)
{
	for (int i = 0; i < count; i++) {
		if (!tensors[i])
			continue;
		tensors[i]->id = 1;
		if (tensors[i]->storage)
			tensors[i]->storage->id = 1;
	}
}

static void compact_nodes(struct edge_graph *graph)
{
	int kept = 0;

	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (node->op == EDGE_OP_NONE) {
			drop_node(node);
			continue;
		}
		node->id = kept;
		graph->nodes[kept++] = node;
	}
	graph->num_nodes = kept;
}

void edge_graph_compact(struct edge_graph *graph)
{
	int kept = 0;

	compact_nodes(graph);
	for (int i = 0; i < graph->num_tensors; i++)
		graph->tensors[i]->id = 0;
	mark(graph->inputs, graph->num_inputs);
	mark(graph->outputs, graph->num_outputs);
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		mark(node->inputs, node->num_inputs);
		mark(node->outputs, node->num_outputs);
		mark(node->packed, node->num_packed);
	}
	for (int i = 0; i < graph->num_tensors; i++) {
		struct edge_tensor *tensor = graph->tensors[i];

		if (!tensor->id) {
			free_tensor(tensor);
			continue;
		}
		tensor->id = kept;
		graph->tensors[kept++] = tensor;
	}
	graph->num_tensors = kept;
	edge_names_rebuild(graph);
}
