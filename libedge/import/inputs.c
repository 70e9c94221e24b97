// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "import/import.h"

/* "1x3x?x?", with @unknown in the place of what is open. */
static void print_shape(const struct edge_tensor *tensor, const char *unknown, char *text,
			size_t size)
{
	size_t used = 0;

	snprintf(text, size, "%s", tensor->rank < 0 ? "of any shape" : "a number");
	for (int i = 0; i < tensor->rank && used < size; i++) {
		char dim[24];

		snprintf(dim, sizeof(dim), "%lld", (long long)tensor->dims[i]);
		used += snprintf(text + used, size - used, "%s%s", i ? "x" : "",
				 tensor->dims[i] < 0 ? unknown : dim);
	}
}

static enum edge_status find_input(const struct edge_graph *graph, const char *name,
				   struct edge_tensor **tensor, struct edge_error *error)
{
	char list[EDGE_ERROR_MAX / 2] = "none";
	size_t used = 0;

	for (int i = 0; i < graph->num_inputs; i++) {
		if (!name || !strcmp(graph->inputs[i]->name, name)) {
			*tensor = graph->inputs[i];
			return EDGE_OK;
		}
		if (used < sizeof(list))
			used += snprintf(list + used, sizeof(list) - used, "%s'%s'", i ? ", " : "",
					 graph->inputs[i]->name);
	}
	return edge_fail(error, EDGE_INVALID_ARGUMENT,
			 "there is no input '%s'; the model's inputs are: %s", name ? name : "",
			 list);
}

/* Fills what @tensor leaves open; what it states must be the same. */
static enum edge_status agree(struct edge_tensor *tensor, int rank, const int64_t *dims,
			      struct edge_error *error)
{
	char shape[128];

	print_shape(tensor, "?", shape, sizeof(shape));
	if (tensor->rank >= 0 && tensor->rank != rank)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "input '%s' is %s and was given %d dimensions", tensor->name,
				 shape, rank);
	for (int i = 0; i < rank; i++) {
		if (dims[i] < 0 ||
		    (tensor->rank >= 0 && tensor->dims[i] >= 0 && tensor->dims[i] != dims[i]))
			return edge_fail(error, EDGE_INVALID_ARGUMENT,
					 "input '%s' is %s and its dimension %d cannot be %lld; "
					 "only those marked ? are open",
					 tensor->name, shape, i, (long long)dims[i]);
	}
	edge_tensor_set_shape(tensor, tensor->type, rank, dims);
	return EDGE_OK;
}

static enum edge_status apply_shapes(const struct edge_source *source, struct edge_graph *graph,
				     struct edge_error *error)
{
	for (size_t i = 0; i < source->settings->num_shapes; i++) {
		const struct edge_input_shape *shape = &source->settings->shapes[i];
		struct edge_tensor *tensor;
		enum edge_status status;

		if (shape->rank < 0 || shape->rank > EDGE_MAX_RANK)
			return edge_fail(error, EDGE_INVALID_ARGUMENT,
					 "a shape of %d dimensions; 0 to %d are possible",
					 shape->rank, EDGE_MAX_RANK);
		status = find_input(graph, shape->name, &tensor, error);
		if (status)
			return status;
		status = agree(tensor, shape->rank, shape->dims, error);
		if (status)
			return status;
	}
	return EDGE_OK;
}

enum edge_status edge_import_bind(struct edge_graph *graph, struct edge_tensor *tensor,
				  const struct edge_view *value, struct edge_error *error)
{
	enum edge_status status;
	void *data;
	int i = 0;

	if (value->type != tensor->type)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "input '%s' is %s, not %s",
				 tensor->name, edge_type_name(tensor->type),
				 edge_type_name(value->type));
	status = agree(tensor, value->rank, value->dims, error);
	if (status)
		return status;
	if (edge_tensor_bytes(tensor) < 0)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "the value for input '%s' is too large", tensor->name);
	data = malloc(edge_tensor_bytes(tensor) + 1);
	if (!data)
		return edge_fail_memory(error);
	if (edge_tensor_bytes(tensor))
		memcpy(data, value->data, edge_tensor_bytes(tensor));
	tensor->data = data;
	tensor->owns_data = true;
	tensor->constant = true;
	while (graph->inputs[i] != tensor)
		i++;
	graph->num_inputs--;
	memmove(&graph->inputs[i], &graph->inputs[i + 1],
		(graph->num_inputs - i) * sizeof(*graph->inputs));
	return EDGE_OK;
}

static enum edge_status apply_bindings(const struct edge_source *source, struct edge_graph *graph,
				       struct edge_error *error)
{
	for (size_t i = 0; i < source->num_bindings; i++) {
		struct edge_tensor *tensor;
		enum edge_status status;

		status = find_input(graph, source->bindings[i].name, &tensor, error);
		if (!status)
			status = edge_import_bind(graph, tensor, &source->bindings[i].value, error);
		if (status)
			return status;
	}
	return EDGE_OK;
}

static enum edge_status check_input(const struct edge_source *source, struct edge_tensor *tensor,
				    struct edge_error *error)
{
	int64_t bytes = edge_tensor_bytes(tensor);
	bool is_open = tensor->rank < 0;
	char shape[128], example[128];

	for (int i = 0; i < tensor->rank; i++)
		is_open |= tensor->dims[i] < 0;
	print_shape(tensor, "?", shape, sizeof(shape));
	print_shape(tensor, "416", example, sizeof(example));
	if (is_open && tensor->rank != 1)
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "input '%s' is %s; state its shape, as in --shape %s=%s",
				 tensor->name, shape, tensor->name,
				 tensor->rank < 0 ? "1x3x416x416" : example);
	if (!is_open && (bytes < 0 || (uint64_t)bytes > source->settings->limits->tensor_bytes))
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "input '%s' is %s, %s", tensor->name,
				 shape, EDGE_OVER(source->settings->limits, tensor_bytes));
	return EDGE_OK;
}

enum edge_status edge_import_inputs(const struct edge_source *source, struct edge_graph *graph,
				    struct edge_error *error)
{
	enum edge_status status;

	status = apply_shapes(source, graph, error);
	if (!status)
		status = apply_bindings(source, graph, error);
	for (int i = 0; i < graph->num_inputs && !status; i++) {
		struct edge_tensor *tensor = graph->inputs[i];

		if (tensor->rank > 1 && tensor->dims[0] < 0)
			tensor->dims[0] = 1;
		status = check_input(source, tensor, error);
	}
	return status;
}
