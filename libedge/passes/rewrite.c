// SPDX-License-Identifier: MIT
#include "passes/rewrite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void edge_rewrite_remove(struct edge_node *node)
{
	for (int i = 0; i < node->num_inputs; i++)
		edge_node_set_input(node, i, NULL);
	for (int i = 0; i < node->num_outputs; i++)
		edge_node_set_output(node, i, NULL);
	node->op = EDGE_OP_NONE;
}

/* The producer of @x writes @output in its place. */
static bool rename_result(struct edge_graph *graph, struct edge_tensor *x,
			  struct edge_tensor *output)
{
	struct edge_node *producer = x->producer;
	int index = 0;

	while (producer->outputs[index] != x)
		index++;
	if (!edge_graph_replace_uses(graph, x, output))
		return false;
	edge_node_set_output(producer, index, output);
	return true;
}

bool edge_rewrite_bypass(struct edge_graph *graph, struct edge_node *node, int index)
{
	struct edge_tensor *x = node->inputs[index], *output = node->outputs[0];

	if (!edge_graph_is_output(graph, output)) {
		if (!edge_graph_replace_uses(graph, output, x))
			return false;
		edge_rewrite_remove(node);
		return true;
	}
	if (!x->producer || edge_graph_is_output(graph, x))
		return true;
	edge_rewrite_remove(node);
	return rename_result(graph, x, output);
}

bool edge_rewrite_op(struct edge_node *node, enum edge_op op, int num_inputs)
{
	if (!edge_node_resize_inputs(node, num_inputs))
		return false;
	node->op = op;
	edge_op_default_params(op, &node->params);
	node->act = (struct edge_activation) { EDGE_FUNC_IDENTITY, 0, 0 };
	return true;
}

bool edge_rewrite_unary(struct edge_node *node, struct edge_tensor *x, enum edge_func func,
			float alpha, float beta)
{
	if (!edge_node_set_input(node, 0, x) || !edge_rewrite_op(node, EDGE_OP_UNARY, 1))
		return false;
	node->params.unary = (struct edge_activation) { func, alpha, beta };
	return true;
}

bool edge_rewrite_take_over(struct edge_node *node, struct edge_node *from)
{
	char *name = node->name;

	if (!edge_node_resize_inputs(node, from->num_inputs))
		return false;
	for (int i = 0; i < from->num_inputs; i++) {
		if (!edge_node_set_input(node, i, from->inputs[i]))
			return false;
	}
	node->op = from->op;
	node->params = from->params;
	node->act = from->act;
	node->name = from->name;
	from->name = name;
	edge_rewrite_remove(from);
	return true;
}

/* A node with one input and one output, which gets the type of @x. */
static struct edge_node *insert(struct edge_graph *graph, const struct edge_node *before,
				enum edge_op op, struct edge_tensor *x)
{
	struct edge_tensor *y = edge_graph_add_tensor(graph, x->name);
	struct edge_node *node;

	if (!y)
		return NULL;
	node = edge_graph_insert_node(graph, before, op, before->name, 1, 1);
	if (!node || !edge_node_set_input(node, 0, x))
		return NULL;
	edge_node_set_output(node, 0, y);
	edge_tensor_set_shape(y, x->type, x->rank, x->dims);
	return edge_tensor_copy_quant(y, x) ? node : NULL;
}

struct edge_tensor *edge_rewrite_reshape(struct edge_graph *graph, const struct edge_node *before,
					 struct edge_tensor *x, int rank, const int64_t *dims)
{
	struct edge_node *node = insert(graph, before, EDGE_OP_RESHAPE, x);

	if (!node)
		return NULL;
	node->params.shape.rank = rank;
	node->params.shape.allow_zero = 1;
	memcpy(node->params.shape.dims, dims, rank * sizeof(*dims));
	edge_tensor_set_shape(node->outputs[0], x->type, rank, dims);
	return node->outputs[0];
}

struct edge_tensor *edge_rewrite_transpose(struct edge_graph *graph, const struct edge_node *before,
					   struct edge_tensor *x, const int *perm)
{
	struct edge_node *node = insert(graph, before, EDGE_OP_TRANSPOSE, x);

	if (!node)
		return NULL;
	for (int i = 0; i < x->rank; i++) {
		node->params.transpose.perm[i] = perm[i];
		node->outputs[0]->dims[i] = x->dims[perm[i]];
	}
	return node->outputs[0];
}

struct edge_tensor *edge_rewrite_copy(struct edge_graph *graph, const struct edge_node *before,
				      struct edge_tensor *x)
{
	struct edge_node *node = insert(graph, before, EDGE_OP_COPY, x);

	return node ? node->outputs[0] : NULL;
}

struct edge_tensor *edge_rewrite_copy_out(struct edge_graph *graph, struct edge_tensor *output)
{
	struct edge_node *producer = output->producer, *copy;
	struct edge_tensor *x = edge_graph_add_tensor(graph, output->name);
	int index = 0;

	if (!x || !edge_tensor_copy_quant(x, output))
		return NULL;
	edge_tensor_set_shape(x, output->type, output->rank, output->dims);
	if (producer->id + 1 < graph->num_nodes)
		copy = edge_graph_insert_node(graph, graph->nodes[producer->id + 1], EDGE_OP_COPY,
					      producer->name, 1, 1);
	else
		copy = edge_graph_add_node(graph, EDGE_OP_COPY, producer->name, 1, 1);
	if (!copy)
		return NULL;
	while (producer->outputs[index] != output)
		index++;
	while (output->num_consumers) {
		struct edge_node *reader = output->consumers[0];
		int input = 0;

		while (reader->inputs[input] != output)
			input++;
		if (!edge_node_set_input(reader, input, x))
			return NULL;
	}
	edge_node_set_output(producer, index, x);
	edge_node_set_output(copy, 0, output);
	return edge_node_set_input(copy, 0, x) ? x : NULL;
}

struct edge_tensor *edge_rewrite_weights(struct edge_graph *graph, const struct edge_node *node,
					 enum edge_type type, int rank, const int64_t *dims)
{
	struct edge_tensor *tensor;
	char *name;

	if (asprintf(&name, "%s/folded", node->name) < 0)
		return NULL;
	tensor = edge_graph_add_constant(graph, name, type, rank, dims, NULL);
	free(name);
	return tensor;
}

const float *edge_rewrite_floats(const struct edge_tensor *tensor)
{
	if (!tensor || !tensor->constant || tensor->type != EDGE_F32)
		return NULL;
	return tensor->data;
}

bool edge_rewrite_uniform(const struct edge_tensor *tensor, double *value)
{
	size_t size = edge_type_size(tensor->type);
	int64_t count = edge_tensor_elements(tensor);
	struct edge_tensor first = *tensor;

	if (!tensor->constant || !tensor->data || count < 1)
		return false;
	if (memcmp(tensor->data, (const char *)tensor->data + size, (count - 1) * size))
		return false;
	first.rank = 0;
	return edge_tensor_read_scalar(&first, value);
}

bool edge_rewrite_is_binary(const struct edge_node *node, enum edge_binary func)
{
	return node && node->op == EDGE_OP_BINARY && node->params.binary.func == func &&
	       node->act.func == EDGE_FUNC_IDENTITY;
}

bool edge_rewrite_is_unary(const struct edge_node *node, enum edge_func func)
{
	return node && node->op == EDGE_OP_UNARY && node->params.unary.func == func &&
	       node->act.func == EDGE_FUNC_IDENTITY;
}
