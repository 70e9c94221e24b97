// SPDX-License-Identifier: MIT
#include "import/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "graph/print.h"

void edge_load_settings_default(struct edge_load_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
}

static struct edge_load_settings fill_in(const struct edge_load_settings *settings,
					 struct edge_limits *limits)
{
	struct edge_load_settings filled;

	if (settings)
		filled = *settings;
	else
		edge_load_settings_default(&filled);
	*limits = edge_limits_fill(filled.limits);
	filled.limits = limits;
	return filled;
}

static bool must_bind(const struct edge_graph *graph)
{
	for (int i = 0; i < graph->num_inputs; i++) {
		if (graph->inputs[i]->must_bind)
			return true;
	}
	return false;
}

/* Nothing waits any more. */
static void drop_source(struct edge_model *model)
{
	for (size_t i = 0; i < model->num_bindings; i++) {
		free((char *)model->bindings[i].name);
		free(model->bindings[i].value.data);
	}
	for (size_t i = 0; i < model->settings.num_shapes; i++)
		free((char *)model->settings.shapes[i].name);
	free(model->bindings);
	free((struct edge_input_shape *)model->settings.shapes);
	free(model->data);
	model->bindings = NULL;
	model->num_bindings = 0;
	model->settings.shapes = NULL;
	model->settings.num_shapes = 0;
	model->data = NULL;
	model->size = 0;
}

static bool copy_shapes(struct edge_model *model, const struct edge_load_settings *settings)
{
	struct edge_input_shape *shapes = calloc(settings->num_shapes + 1, sizeof(*shapes));

	model->settings.shapes = shapes;
	if (!shapes)
		return false;
	for (size_t i = 0; i < settings->num_shapes; i++) {
		shapes[i] = settings->shapes[i];
		model->settings.num_shapes++;
		if (!shapes[i].name)
			continue;
		shapes[i].name = strdup(shapes[i].name);
		if (!shapes[i].name)
			return false;
	}
	return true;
}

static enum edge_status keep_source(struct edge_model *model, const struct edge_source *source,
				    struct edge_error *error)
{
	model->settings = *source->settings;
	model->settings.weights = NULL;
	model->limits = *source->settings->limits;
	model->settings.limits = &model->limits;
	model->settings.shapes = NULL;
	model->settings.num_shapes = 0;
	model->data = malloc(source->size);
	if (!model->data || !copy_shapes(model, source->settings)) {
		drop_source(model);
		return edge_fail_memory(error);
	}
	memcpy(model->data, source->data, source->size);
	model->size = source->size;
	return EDGE_OK;
}

static enum edge_status load(const uint8_t *data, size_t size, const char *name,
			     const struct edge_load_settings *settings, struct edge_model **model,
			     struct edge_error *error)
{
	struct edge_source source = {
		.data = data,
		.size = size,
		.path = name,
		.settings = settings,
	};
	struct edge_model *made = calloc(1, sizeof(*made));
	enum edge_status status;

	if (!made)
		return edge_fail_memory(error);
	status = edge_import(&source, &made->graph, error);
	if (!status && must_bind(made->graph))
		status = keep_source(made, &source, error);
	if (status)
		edge_model_destroy(made);
	else
		*model = made;
	return status;
}

enum edge_status edge_model_load(const char *path, const struct edge_load_settings *settings,
				 struct edge_model **model, struct edge_error *error)
{
	struct edge_limits limits;
	struct edge_load_settings filled = fill_in(settings, &limits);
	struct edge_file file;
	enum edge_status status;

	status = edge_file_map(path, &limits, &file, error);
	if (status)
		return status;
	status = load(file.data, file.size, path, &filled, model, error);
	edge_file_unmap(&file);
	return status;
}

enum edge_status edge_model_load_memory(const void *data, size_t size, const char *name,
					const struct edge_load_settings *settings,
					struct edge_model **model, struct edge_error *error)
{
	struct edge_limits limits;
	struct edge_load_settings filled = fill_in(settings, &limits);

	if (size > limits.file_bytes)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "%s: %zu bytes, %s", name, size,
				 EDGE_OVER(&limits, file_bytes));
	return load(data, size, name, &filled, model, error);
}

void edge_model_destroy(struct edge_model *model)
{
	if (!model)
		return;
	drop_source(model);
	edge_graph_destroy(model->graph);
	free(model);
}

size_t edge_model_num_inputs(const struct edge_model *model)
{
	return model->graph->num_inputs;
}

size_t edge_model_num_outputs(const struct edge_model *model)
{
	return model->graph->num_outputs;
}

/* A shape that is not known yet is told as rank -1 or dimensions of -1. */
static enum edge_status tell(const struct edge_tensor *tensor, struct edge_tensor_info *info)
{
	edge_tensor_describe(tensor, info);
	if (edge_tensor_elements(tensor) >= 0)
		edge_dense_strides(tensor->rank, tensor->dims, NULL, info->strides);
	return EDGE_OK;
}

enum edge_status edge_model_input(const struct edge_model *model, size_t index,
				  struct edge_tensor_info *info)
{
	if (index >= edge_model_num_inputs(model))
		return EDGE_INVALID_ARGUMENT;
	return tell(model->graph->inputs[index], info);
}

enum edge_status edge_model_output(const struct edge_model *model, size_t index,
				   struct edge_tensor_info *info)
{
	if (index >= edge_model_num_outputs(model))
		return EDGE_INVALID_ARGUMENT;
	return tell(model->graph->outputs[index], info);
}

bool edge_model_input_must_be_bound(const struct edge_model *model, size_t index)
{
	return index < edge_model_num_inputs(model) && model->graph->inputs[index]->must_bind;
}

enum edge_status edge_model_check_bound(const struct edge_model *model, struct edge_error *error)
{
	for (int i = 0; i < model->graph->num_inputs; i++) {
		const struct edge_tensor *input = model->graph->inputs[i];

		if (input->must_bind)
			return edge_fail(
				error, EDGE_INVALID_ARGUMENT,
				"%s: the value of input '%s' decides shapes; bind it first "
				"(edge_model_bind_input())",
				model->graph->name, input->name);
	}
	return EDGE_OK;
}

/* Bytes of a dense value, -1 for a shape that is none. */
static int64_t value_bytes(const struct edge_view *value)
{
	struct edge_tensor tensor = { 0 };

	if (value->rank < 0 || value->rank > EDGE_MAX_RANK)
		return -1;
	edge_tensor_set_shape(&tensor, value->type, value->rank, value->dims);
	return edge_tensor_bytes(&tensor);
}

static enum edge_status add_binding(struct edge_model *model, const char *name,
				    const struct edge_view *value, size_t bytes,
				    struct edge_error *error)
{
	struct edge_binding *bindings;
	struct edge_binding binding = { .name = strdup(name), .value = *value };

	binding.value.data = malloc(bytes + 1);
	bindings = realloc(model->bindings, (model->num_bindings + 1) * sizeof(*bindings));
	if (bindings)
		model->bindings = bindings;
	if (!binding.name || !binding.value.data || !bindings) {
		free(binding.value.data);
		free((char *)binding.name);
		return edge_fail_memory(error);
	}
	if (bytes)
		memcpy(binding.value.data, value->data, bytes);
	model->bindings[model->num_bindings++] = binding;
	return EDGE_OK;
}

static void drop_last_binding(struct edge_model *model)
{
	struct edge_binding *last = &model->bindings[--model->num_bindings];

	free((char *)last->name);
	free(last->value.data);
}

/* The nodes that waited are left out of the graph, so it is built anew with the value in place. */
static enum edge_status import_again(struct edge_model *model, struct edge_error *error)
{
	struct edge_source source = {
		.data = model->data,
		.size = model->size,
		.path = model->graph->name,
		.settings = &model->settings,
		.bindings = model->bindings,
		.num_bindings = model->num_bindings,
	};
	struct edge_graph *graph;
	enum edge_status status;

	status = edge_import(&source, &graph, error);
	if (status)
		return status;
	edge_graph_destroy(model->graph);
	model->graph = graph;
	if (!must_bind(graph))
		drop_source(model);
	return EDGE_OK;
}

enum edge_status edge_model_bind_input(struct edge_model *model, const char *name,
				       const struct edge_view *value, struct edge_error *error)
{
	struct edge_tensor *tensor = edge_graph_find_tensor(model->graph, name);
	int64_t bytes = value_bytes(value);
	enum edge_status status;

	if (!tensor || !edge_graph_is_input(model->graph, tensor))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "%s: there is no input '%s'",
				 model->graph->name, name);
	if (bytes < 0)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "%s: the value for input '%s' has a shape that is none",
				 model->graph->name, name);
	if (!model->data) {
		status = edge_import_bind(model->graph, tensor, value, error);
		return status ? edge_fail_in(error, status, "%s", model->graph->name) : EDGE_OK;
	}
	status = add_binding(model, name, value, bytes, error);
	if (status)
		return status;
	status = import_again(model, error);
	if (status)
		drop_last_binding(model);
	return status;
}

const char *edge_model_metadata(const struct edge_model *model, const char *key)
{
	return edge_graph_metadata(model->graph, key);
}

enum edge_status edge_model_dump(const struct edge_model *model, enum edge_dump_format format,
				 FILE *file, struct edge_error *error)
{
	if (format == EDGE_DUMP_DOT)
		return edge_print_dot(model->graph, file, error);
	return edge_print_text(model->graph, file, error);
}
