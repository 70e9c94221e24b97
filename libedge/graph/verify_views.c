// SPDX-License-Identifier: MIT
#include <string.h>

#include "graph/verify_stages.h"

/* A window into a storage. */
struct window {
	int64_t offset;
	int64_t strides[EDGE_MAX_RANK];
};

static struct window window_of(const struct edge_tensor *tensor)
{
	struct window window = { .offset = tensor->offset };

	memcpy(window.strides, tensor->strides, tensor->rank * sizeof(*window.strides));
	return window;
}

/* Whether @part, in the same storage, shows through @window; a single element needs no stride. */
static bool shows(const struct edge_tensor *part, const struct edge_tensor *whole,
		  const struct window *window)
{
	if (part->storage != whole->storage || part->type != whole->type)
		return false;
	if (!edge_tensor_elements(part))
		return true;
	for (int i = 0; i < part->rank; i++) {
		if (part->dims[i] > 1 && part->strides[i] != window->strides[i])
			return false;
	}
	return part->offset == window->offset;
}

/* Concat and Split: @parts lie one after the other in @whole. */
static bool shows_parts(struct edge_tensor *const *parts, int count,
			const struct edge_tensor *whole, int axis)
{
	struct window window = window_of(whole);
	/* The strides of an empty tensor may be anything. */
	int64_t stride = edge_tensor_elements(whole) ? whole->strides[axis] : 0;

	for (int i = 0; i < count; i++) {
		if (!shows(parts[i], whole, &window))
			return false;
		window.offset += parts[i]->dims[axis] * stride;
	}
	return true;
}

static bool shows_slice(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	struct window window = window_of(x);

	if (!edge_tensor_elements(y))
		return y->storage == x->storage;
	for (int i = 0; i < x->rank; i++) {
		window.offset += node->params.slice.start[i] * window.strides[i];
		if (y->dims[i] > 1)
			window.strides[i] *= node->params.slice.step[i];
	}
	return shows(y, x, &window);
}

static bool shows_transpose(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	struct window window = window_of(x);

	for (int i = 0; i < x->rank; i++)
		window.strides[i] = x->strides[node->params.transpose.perm[i]];
	return shows(y, x, &window);
}

static bool shows_reshape(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	struct window window = window_of(x);

	if (!edge_tensor_elements(y))
		return y->storage == x->storage;
	return edge_reshape_strides(x->rank, x->dims, x->strides, y->rank, y->dims,
				    window.strides) &&
	       shows(y, x, &window);
}

static bool shows_expand(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	struct window window = { .offset = x->offset };
	int added = y->rank - x->rank;

	for (int i = added; i < y->rank; i++) {
		if (x->dims[i - added] == y->dims[i])
			window.strides[i] = x->strides[i - added];
	}
	return shows(y, x, &window);
}

static bool shows_same(const struct edge_node *node)
{
	struct window window = window_of(node->inputs[0]);

	return shows(node->outputs[0], node->inputs[0], &window);
}

static bool shows_result(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONCAT:
		return shows_parts(node->inputs, node->num_inputs, node->outputs[0],
				   node->params.axis.axis);
	case EDGE_OP_SPLIT:
		return shows_parts(node->outputs, node->num_outputs, node->inputs[0],
				   node->params.axis.axis);
	case EDGE_OP_SLICE:
		return shows_slice(node);
	case EDGE_OP_TRANSPOSE:
		return shows_transpose(node);
	case EDGE_OP_RESHAPE:
		return shows_reshape(node);
	case EDGE_OP_EXPAND:
		return shows_expand(node);
	case EDGE_OP_COPY:
		return shows_same(node);
	case EDGE_OP_UNARY:
		return node->params.unary.func == EDGE_FUNC_IDENTITY && shows_same(node);
	default:
		return false;
	}
}

static void mark(struct edge_verifier *verifier, struct edge_tensor *const *tensors, int count)
{
	for (int i = 0; i < count; i++)
		verifier->uses[tensors[i]->id] |= EDGE_USE_VIEW;
}

enum edge_status edge_verify_views(struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;

	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		if (!node->is_view)
			continue;
		if (node->act.func != EDGE_FUNC_IDENTITY || node->num_packed || !shows_result(node))
			return edge_verify_fail_node(verifier, node,
						     "no view of its input shows its result");
		mark(verifier, node->inputs, node->num_inputs);
		mark(verifier, node->outputs, node->num_outputs);
	}
	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		if (verifier->uses[i] && tensor->storage != tensor &&
		    !(verifier->uses[i] & EDGE_USE_VIEW))
			return edge_verify_fail_tensor(verifier, tensor,
						       "it lies in another's storage for no view");
	}
	return EDGE_OK;
}
