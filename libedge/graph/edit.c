// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "graph/array.h"
#include "graph/graph.h"

static bool add_consumer(struct edge_tensor *tensor, struct edge_node *node)
{
	if (!edge_array_reserve(&tensor->consumers, tensor->num_consumers, &tensor->max_consumers))
		return false;
	tensor->consumers[tensor->num_consumers++] = node;
	return true;
}

/* From the end: those that come and go, and those that a walk back through the graph drops, are the
 * last. */
static void remove_consumer(struct edge_tensor *tensor, const struct edge_node *node)
{
	int i = tensor->num_consumers - 1;

	while (tensor->consumers[i] != node)
		i--;
	tensor->num_consumers--;
	memmove(&tensor->consumers[i], &tensor->consumers[i + 1],
		(tensor->num_consumers - i) * sizeof(*tensor->consumers));
}

bool edge_node_set_input(struct edge_node *node, int index, struct edge_tensor *tensor)
{
	if (tensor && !add_consumer(tensor, node))
		return false;
	if (node->inputs[index])
		remove_consumer(node->inputs[index], node);
	node->inputs[index] = tensor;
	return true;
}

void edge_node_set_output(struct edge_node *node, int index, struct edge_tensor *tensor)
{
	if (node->outputs[index])
		node->outputs[index]->producer = NULL;
	if (tensor && tensor->producer) {
		struct edge_node *before = tensor->producer;

		for (int i = 0; i < before->num_outputs; i++) {
			if (before->outputs[i] == tensor)
				before->outputs[i] = NULL;
		}
	}
	node->outputs[index] = tensor;
	if (tensor)
		tensor->producer = node;
}

bool edge_node_resize_inputs(struct edge_node *node, int num_inputs)
{
	struct edge_tensor **inputs;

	for (int i = num_inputs; i < node->num_inputs; i++)
		edge_node_set_input(node, i, NULL);
	if (num_inputs > node->num_inputs) {
		inputs = realloc(node->inputs, num_inputs * sizeof(*inputs));
		if (!inputs)
			return false;
		for (int i = node->num_inputs; i < num_inputs; i++)
			inputs[i] = NULL;
		node->inputs = inputs;
	}
	node->num_inputs = num_inputs;
	return true;
}

bool edge_graph_replace_uses(struct edge_graph *graph, struct edge_tensor *from,
			     struct edge_tensor *to)
{
	if (from == to)
		return true;
	while (from->num_consumers) {
		struct edge_node *node = from->consumers[from->num_consumers - 1];
		int i = 0;

		if (!add_consumer(to, node))
			return false;
		while (node->inputs[i] != from)
			i++;
		node->inputs[i] = to;
		from->num_consumers--;
	}
	for (int i = 0; i < graph->num_outputs; i++) {
		if (graph->outputs[i] == from)
			graph->outputs[i] = to;
	}
	return true;
}

/* A node on the path of the depth-first search, and the input to look at next. */
struct frame {
	struct edge_node *node;
	int next_input;
};

enum mark {
	MARK_NEW,
	MARK_OPEN, /* on the path */
	MARK_DONE,
};

/* The next producer on which the frame's node waits, or NULL when it waits for none. */
static struct edge_node *next_producer(struct frame *frame, const char *marks)
{
	while (frame->next_input < frame->node->num_inputs) {
		const struct edge_tensor *input = frame->node->inputs[frame->next_input++];

		if (input && input->producer && marks[input->producer->id] != MARK_DONE)
			return input->producer;
	}
	return NULL;
}

/* Appends @node and all that must run before it to @sorted. */
static struct edge_node *sort_from(struct edge_node *node, struct frame *path, char *marks,
				   struct edge_node **sorted, int *num_sorted)
{
	int depth = 0;

	path[depth++] = (struct frame) { .node = node };
	marks[node->id] = MARK_OPEN;
	while (depth) {
		struct frame *top = &path[depth - 1];
		struct edge_node *producer = next_producer(top, marks);

		if (!producer) {
			marks[top->node->id] = MARK_DONE;
			sorted[(*num_sorted)++] = top->node;
			depth--;
			continue;
		}
		if (marks[producer->id] == MARK_OPEN)
			return producer;
		path[depth++] = (struct frame) { .node = producer };
		marks[producer->id] = MARK_OPEN;
	}
	return NULL;
}

/* Depth first rather than by counting inputs: a graph that is in order already stays as it is. */
enum edge_status edge_graph_sort(struct edge_graph *graph, struct edge_error *error)
{
	enum edge_status status = EDGE_OK;
	struct edge_node **sorted;
	struct edge_node *cycle = NULL;
	struct frame *path;
	char *marks;
	int count = 0;

	sorted = malloc((graph->num_nodes + 1) * sizeof(*sorted));
	path = malloc((graph->num_nodes + 1) * sizeof(*path));
	marks = calloc(graph->num_nodes + 1, 1);
	if (!sorted || !path || !marks) {
		status = edge_fail_memory(error);
		goto free_marks;
	}
	for (int i = 0; i < graph->num_nodes && !cycle; i++) {
		if (marks[i] == MARK_NEW)
			cycle = sort_from(graph->nodes[i], path, marks, sorted, &count);
	}
	if (cycle) {
		status = edge_fail(error, EDGE_BAD_FORMAT,
				   "node '%s' needs its own result: the graph has a cycle",
				   cycle->name);
		goto free_marks;
	}
	for (int i = 0; i < graph->num_nodes; i++) {
		graph->nodes[i] = sorted[i];
		sorted[i]->id = i;
	}

free_marks:
	free(marks);
	free(path);
	free(sorted);
	return status;
}
