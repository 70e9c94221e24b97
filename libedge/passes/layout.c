// SPDX-License-Identifier: MIT
/*
 * Orders are chosen in three walks. Backwards: what the readers of a tensor would like. Forwards:
 * each node gives its outputs the order that follows from its inputs, or the one that is liked where
 * it costs nothing or less. Forwards again: where an input is in no order that its node takes, a
 * Copy brings it into one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "passes/layout.h"
#include "passes/order.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

struct wish {
	bool known;
	struct edge_order order;
};

struct layout {
	struct edge_graph *graph;
	bool native_io;
	struct wish *wishes; /* by tensor->id */
};

/* The input's dimension that lies under dimension @dim of the output it is broadcast to, or -1. */
static int dim_under(const struct edge_tensor *input, const struct edge_tensor *output, int dim)
{
	int under = dim - (output->rank - input->rank);

	return under >= 0 && input->dims[under] != 1 ? under : -1;
}

/* Elementwise kernels run along the innermost dimension; the others may come in any order. */
static bool runs_along(const struct edge_tensor *input, const struct edge_order *input_order,
		       const struct edge_tensor *output, const struct edge_order *output_order)
{
	int inner = edge_order_innermost(output->rank, output->dims, output_order);
	int under = inner < 0 ? -1 : dim_under(input, output, inner);

	return under < 0 || edge_order_innermost(input->rank, input->dims, input_order) == under;
}

/* The part of an output's order that concerns an input which is broadcast to it. */
static struct edge_order order_under(const struct edge_tensor *input,
				     const struct edge_tensor *output)
{
	int shift = output->rank - input->rank, count = 0;
	struct edge_order order = { 0 };

	for (int i = 0; i < output->rank; i++) {
		if (output->order[i] >= shift)
			order.dims[count++] = output->order[i] - shift;
	}
	return order;
}

static bool same_order(const struct edge_tensor *tensor, const struct edge_order *order)
{
	struct edge_order own = edge_order_of(tensor);

	return edge_order_same(tensor->rank, tensor->dims, &own, order);
}

/* Walk backwards. ------------------------------------------------------------------------------ */

static bool wish_through_node(const struct layout *layout, const struct edge_node *node,
			      const struct edge_tensor *input, struct edge_order *order)
{
	const struct edge_tensor *output = NULL;
	const struct wish *wish;

	for (int i = 0; i < node->num_outputs && !output; i++) {
		if (node->outputs[i] && layout->wishes[node->outputs[i]->id].known)
			output = node->outputs[i];
	}
	if (!output)
		return false;
	wish = &layout->wishes[output->id];
	switch (node->op) {
	case EDGE_OP_TRANSPOSE:
		*order = edge_order_untranspose(input->rank, node->params.transpose.perm,
						&wish->order);
		return true;
	case EDGE_OP_RESHAPE:
		return edge_order_reshape(output->rank, output->dims, &wish->order, input->rank,
					  input->dims, order);
	default:
		*order = wish->order;
		return input->rank == output->rank;
	}
}

static bool wish_of_input(const struct layout *layout, const struct edge_node *node, int index,
			  struct edge_order *order)
{
	const struct edge_tensor *input = node->inputs[index];

	switch (edge_layout_role(node, index)) {
	case EDGE_ROLE_CHANNELS_LAST:
		*order = edge_order_channels_last(input->rank);
		return true;
	case EDGE_ROLE_ROW_MAJOR:
		*order = edge_order_row_major(input->rank);
		return true;
	case EDGE_ROLE_FREE:
		return false;
	default:
		return wish_through_node(layout, node, input, order);
	}
}

static void collect_wishes(struct layout *layout)
{
	const struct edge_graph *graph = layout->graph;

	for (int i = 0; i < graph->num_outputs && !layout->native_io; i++) {
		struct wish *wish = &layout->wishes[graph->outputs[i]->id];

		wish->known = true;
		wish->order = edge_order_row_major(graph->outputs[i]->rank);
	}
	for (int i = graph->num_nodes - 1; i >= 0; i--) {
		const struct edge_node *node = graph->nodes[i];

		for (int j = 0; j < node->num_inputs; j++) {
			struct wish *wish;

			if (!node->inputs[j])
				continue;
			wish = &layout->wishes[node->inputs[j]->id];
			if (!wish->known)
				wish->known = wish_of_input(layout, node, j, &wish->order);
		}
	}
}

/* Walk forwards. ------------------------------------------------------------------------------- */

/* Whether @tensor looks into memory that nothing else may be computed into. */
static bool is_borrowed(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	while (tensor->producer && edge_layout_is_alias(tensor->producer))
		tensor = tensor->producer->inputs[0];
	return tensor->constant || edge_graph_is_input(graph, tensor);
}

/* Bytes that must be copied when the first output of @node lies in @order. */
static int64_t cost(const struct layout *layout, const struct edge_node *node,
		    const struct edge_order *order)
{
	const struct edge_tensor *output = node->outputs[0];
	const struct wish *wish = &layout->wishes[output->id];
	int64_t bytes = 0;

	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];
		struct edge_order input_order;
		bool fits;

		if (!input)
			continue;
		input_order = edge_order_of(input);
		if (node->op == EDGE_OP_CONCAT)
			fits = same_order(input, order) && !is_borrowed(layout->graph, input);
		else
			fits = input->constant || runs_along(input, &input_order, output, order);
		bytes += fits ? 0 : edge_tensor_bytes(input);
	}
	if (wish->known && !edge_order_same(output->rank, output->dims, order, &wish->order))
		bytes += edge_tensor_bytes(output);
	return bytes;
}

/* The cheapest of the inputs' orders and the one that is liked. */
static struct edge_order cheapest(const struct layout *layout, const struct edge_node *node)
{
	const struct edge_tensor *output = node->outputs[0];
	const struct wish *wish = &layout->wishes[output->id];
	struct edge_order best = edge_order_row_major(output->rank);
	int64_t best_cost = INT64_MAX;

	for (int i = 0; i <= node->num_inputs; i++) {
		const struct edge_tensor *input = i < node->num_inputs ? node->inputs[i] : NULL;
		struct edge_order order;
		int64_t bytes;

		if (input && !input->constant && input->rank == output->rank)
			order = edge_order_of(input);
		else if (i == node->num_inputs && wish->known)
			order = wish->order;
		else
			continue;
		bytes = cost(layout, node, &order);
		if (bytes < best_cost) {
			best_cost = bytes;
			best = order;
		}
	}
	return best;
}

static bool is_reduced(const struct edge_node *node, int dim)
{
	if (node->op != EDGE_OP_REDUCE)
		return node->params.arg.axis == dim;
	for (int i = 0; i < node->params.reduce.num_axes; i++) {
		if (node->params.reduce.axes[i] == dim)
			return true;
	}
	return !node->params.reduce.num_axes;
}

/* The input's order; for reductions without the dimensions that are gone, for Expand behind those
 * that are new. */
static struct edge_order follow(const struct edge_node *node, const struct edge_tensor *output)
{
	const struct edge_tensor *input = node->inputs[0];
	int number[EDGE_MAX_RANK], count = 0;
	struct edge_order order = edge_order_row_major(output->rank);

	if (output->rank >= input->rank) {
		for (int i = 0; i < input->rank; i++)
			order.dims[output->rank - input->rank + i] =
				output->rank - input->rank + input->order[i];
		return order;
	}
	for (int i = 0; i < input->rank; i++)
		number[i] = is_reduced(node, i) ? -1 : count++;
	if (count != output->rank)
		return order;
	count = 0;
	for (int i = 0; i < input->rank; i++) {
		if (number[input->order[i]] >= 0)
			order.dims[count++] = number[input->order[i]];
	}
	return order;
}

static struct edge_order reshaped(const struct layout *layout, const struct edge_node *node)
{
	const struct edge_tensor *input = node->inputs[0], *output = node->outputs[0];
	const struct wish *wish = &layout->wishes[output->id];
	struct edge_order order = edge_order_of(input), back;

	if (edge_order_reshape(input->rank, input->dims, &order, output->rank, output->dims,
			       &order))
		return order;
	/* The input has to be copied, so it may as well be into what the readers like. */
	if (wish->known && edge_order_reshape(output->rank, output->dims, &wish->order, input->rank,
					      input->dims, &back))
		return wish->order;
	return edge_order_row_major(output->rank);
}

static struct edge_order choose(const struct layout *layout, const struct edge_node *node,
				const struct edge_tensor *output)
{
	struct edge_order order = edge_order_of(node->inputs[0]);

	switch (edge_layout_output_role(node)) {
	case EDGE_ROLE_CHANNELS_LAST:
		return edge_order_channels_last(output->rank);
	case EDGE_ROLE_ELEMENT:
	case EDGE_ROLE_PART:
		return cheapest(layout, node);
	case EDGE_ROLE_FOLLOWED:
		return follow(node, output);
	case EDGE_ROLE_RESHAPED:
		return reshaped(layout, node);
	case EDGE_ROLE_TRANSPOSED:
		return edge_order_transpose(output->rank, node->params.transpose.perm, &order);
	default:
		return edge_order_row_major(output->rank);
	}
}

static void choose_orders(struct layout *layout)
{
	const struct edge_graph *graph = layout->graph;

	for (int i = 0; i < graph->num_tensors; i++) {
		struct edge_order order = edge_order_row_major(graph->tensors[i]->rank);

		edge_order_set(graph->tensors[i], &order);
	}
	for (int i = 0; i < graph->num_inputs && layout->native_io; i++) {
		const struct wish *wish = &layout->wishes[graph->inputs[i]->id];

		if (wish->known)
			edge_order_set(graph->inputs[i], &wish->order);
	}
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		for (int j = 0; j < node->num_outputs; j++) {
			struct edge_order order;

			if (!node->outputs[j])
				continue;
			order = choose(layout, node, node->outputs[j]);
			edge_order_set(node->outputs[j], &order);
		}
	}
}

/* Copies. -------------------------------------------------------------------------------------- */

/* Whether @node takes input @index as it is; else @wanted is an order in which it would. */
static bool takes(const struct edge_node *node, int index, struct edge_order *wanted)
{
	const struct edge_tensor *input = node->inputs[index], *output = node->outputs[0];
	struct edge_order order = edge_order_of(input), output_order = edge_order_of(output), seen;
	int inner = edge_order_innermost(input->rank, input->dims, &order);

	*wanted = edge_order_row_major(input->rank);
	switch (edge_layout_role(node, index)) {
	case EDGE_ROLE_CHANNELS_LAST:
		*wanted = edge_order_channels_last(input->rank);
		if (input->rank < 3)
			return same_order(input, wanted);
		return inner == 1 || inner < 0 || input->dims[1] == 1;
	case EDGE_ROLE_ROW_MAJOR:
		return inner == input->rank - 1 || inner < 0;
	case EDGE_ROLE_ELEMENT:
		*wanted = order_under(input, output);
		return runs_along(input, &order, output, &output_order);
	case EDGE_ROLE_PART:
		*wanted = output_order;
		return same_order(input, wanted);
	case EDGE_ROLE_RESHAPED:
		if (edge_order_reshape(input->rank, input->dims, &order, output->rank, output->dims,
				       &seen) &&
		    edge_order_same(output->rank, output->dims, &seen, &output_order))
			return true;
		edge_order_reshape(output->rank, output->dims, &output_order, input->rank,
				   input->dims, wanted);
		return false;
	default:
		return true;
	}
}

static struct edge_tensor *find_copy(const struct edge_tensor *tensor, const struct edge_node *node,
				     const struct edge_order *order)
{
	for (int i = 0; i < tensor->num_consumers; i++) {
		const struct edge_node *copy = tensor->consumers[i];

		if (copy->op == EDGE_OP_COPY && copy->id < node->id &&
		    same_order(copy->outputs[0], order))
			return copy->outputs[0];
	}
	return NULL;
}

/* A constant's data is row-major, so in another order it is the Transpose of another constant. */
static struct edge_tensor *constant_in_order(struct edge_graph *graph, const struct edge_node *node,
					     const struct edge_tensor *constant,
					     const struct edge_order *order)
{
	size_t size = edge_type_size(constant->type);
	int64_t count = edge_tensor_elements(constant), dims[EDGE_MAX_RANK];
	struct edge_view view = edge_tensor_constant_view(constant);
	struct edge_order row_major = edge_order_row_major(constant->rank);
	struct edge_tensor *moved;
	int perm[EDGE_MAX_RANK];

	for (int i = 0; i < constant->rank; i++) {
		dims[i] = constant->dims[order->dims[i]];
		perm[order->dims[i]] = i;
	}
	moved = edge_graph_add_constant(graph, constant->name, constant->type, constant->rank, dims,
					NULL);
	if (!moved || !edge_tensor_copy_quant(moved, constant))
		return NULL;
	edge_order_set(moved, &row_major);
	for (int64_t i = 0; i < count; i++) {
		int64_t from = 0, rest = i;

		for (int j = constant->rank - 1; j >= 0; j--) {
			from += rest % dims[j] * view.strides[order->dims[j]];
			rest /= dims[j];
		}
		memcpy((char *)moved->data + i * size, (const char *)constant->data + from * size,
		       size);
	}
	return edge_rewrite_transpose(graph, node, moved, perm);
}

static bool bring_input(struct edge_graph *graph, struct edge_node *node, int index)
{
	struct edge_tensor *input = node->inputs[index], *y;
	struct edge_order wanted;

	if (takes(node, index, &wanted))
		return true;
	if (input->constant && edge_layout_role(node, index) == EDGE_ROLE_ELEMENT)
		y = constant_in_order(graph, node, input, &wanted);
	else
		y = find_copy(input, node, &wanted);
	if (!y)
		y = edge_rewrite_copy(graph, node, input);
	if (!y)
		return false;
	edge_order_set(y, &wanted);
	return edge_node_set_input(node, index, y);
}

static bool bring_output(struct edge_graph *graph, struct edge_tensor *output)
{
	struct edge_order wanted = edge_order_row_major(output->rank);
	struct edge_tensor *x;

	if (same_order(output, &wanted))
		return true;
	x = edge_rewrite_copy_out(graph, output);
	if (!x)
		return false;
	memcpy(x->order, output->order, sizeof(x->order));
	edge_order_set(output, &wanted);
	return true;
}

static bool insert_copies(struct layout *layout)
{
	struct edge_graph *graph = layout->graph;

	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		for (int j = 0; j < node->num_inputs; j++) {
			if (node->inputs[j] && !bring_input(graph, node, j))
				return false;
		}
		i = node->id;
	}
	for (int i = 0; i < graph->num_outputs && !layout->native_io; i++) {
		if (!bring_output(graph, graph->outputs[i]))
			return false;
	}
	return true;
}

enum edge_status edge_pass_layout(struct edge_graph *graph, bool native_io,
				  struct edge_error *error)
{
	struct layout layout = { .graph = graph, .native_io = native_io };
	bool ok;

	layout.wishes = calloc(graph->num_tensors + 1, sizeof(*layout.wishes));
	if (!layout.wishes)
		return edge_fail_memory(error);
	collect_wishes(&layout);
	choose_orders(&layout);
	ok = insert_copies(&layout);
	free(layout.wishes);
	return ok ? edge_pass_dead_nodes(graph, error) : edge_fail_memory(error);
}
