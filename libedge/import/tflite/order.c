// SPDX-License-Identifier: MIT
#include <string.h>

#include "import/tflite/tflite.h"

static const int32_t to_first[4] = { 0, 3, 1, 2 };
static const int32_t to_last[4] = { 0, 2, 3, 1 };

static bool is_transpose(const struct edge_node *made, const int32_t *perm)
{
	return made && made->op == EDGE_OP_TRANSPOSE && made->inputs[0]->rank == 4 &&
	       !memcmp(made->params.transpose.perm, perm, 4 * sizeof(*perm));
}

bool tflite_is_image(const struct edge_tensor *x)
{
	return x && is_transpose(x->producer, to_last);
}

struct edge_tensor *tflite_first(struct tflite_node *node, struct edge_tensor *x)
{
	if (!x || node->status)
		return NULL;
	if (tflite_is_image(x))
		return x->producer->inputs[0];
	for (int i = 0; i < x->num_consumers; i++) {
		if (is_transpose(x->consumers[i], to_first))
			return x->consumers[i]->outputs[0];
	}
	if (x->rank != 4) {
		tflite_fail(node, EDGE_BAD_FORMAT, "'%s' is no image: it has %d dimensions",
			    x->name, x->rank);
		return NULL;
	}
	return tflite_transpose(node, x, to_first);
}

struct edge_tensor *tflite_last(struct tflite_node *node, struct edge_tensor *y)
{
	return y ? tflite_transpose(node, y, to_last) : NULL;
}

int tflite_first_axis(int axis)
{
	return axis == 0 ? 0 : axis == 3 ? 1 : axis + 1;
}

static bool is_used(const struct edge_graph *graph, const struct edge_node *made)
{
	return made->op != EDGE_OP_TRANSPOSE || made->outputs[0]->num_consumers ||
	       edge_graph_is_output(graph, made->outputs[0]);
}

void tflite_drop_unused(struct edge_graph *graph)
{
	for (int i = graph->num_nodes - 1; i >= 0; i--) {
		struct edge_node *made = graph->nodes[i];

		if (!made->op || is_used(graph, made))
			continue;
		edge_node_set_input(made, 0, NULL);
		edge_node_set_output(made, 0, NULL);
		made->op = EDGE_OP_NONE;
	}
}
