// SPDX-License-Identifier: MIT
#include "import/import.h"

#include "base/error.h"
#include "base/limits.h"
#include "graph/infer.h"
#include "graph/verify.h"

/* In the order of their names, so that their tables of operators are one sorted table. */
static const struct edge_importer *const importers[] = {
	&edge_importer_darknet,
	&edge_importer_onnx,
	&edge_importer_tflite,
};

#define NUM_IMPORTERS (sizeof(importers) / sizeof(importers[0]))

const struct edge_operator *edge_operator_at(size_t index)
{
	for (size_t i = 0; i < NUM_IMPORTERS; i++) {
		const struct edge_operator *operators = importers[i]->operators;

		for (; operators->name; operators++) {
			if (!index--)
				return operators;
		}
	}
	return NULL;
}

/* Inputs that wait for a binding may be open; one that nothing waits for may not. */
static enum edge_status check_open(const struct edge_graph *graph, bool *waits,
				   struct edge_error *error)
{
	*waits = false;
	for (int i = 0; i < graph->num_inputs; i++) {
		const struct edge_tensor *tensor = graph->inputs[i];

		*waits |= tensor->must_bind;
		if (!tensor->must_bind && edge_tensor_elements(tensor) < 0)
			return edge_fail(error, EDGE_UNSUPPORTED,
					 "input '%s' is a list whose length the file leaves open; "
					 "state it, as in --shape %s=16",
					 tensor->name, tensor->name);
	}
	return EDGE_OK;
}

static enum edge_status infer(struct edge_graph *graph, struct edge_error *error)
{
	enum edge_status status;
	bool waits;

	status = check_open(graph, &waits, error);
	if (status || waits)
		return status;
	status = edge_infer_graph(graph, error);
	return status ? status : edge_verify(graph, EDGE_STAGE_IMPORTED, error);
}

/* Lists of uses are searched, and some tensors of a hostile file have millions. */
static enum edge_status check_uses(const struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		if ((uint64_t)tensor->num_consumers > graph->limits.ports)
			return edge_fail(error, EDGE_LIMIT_EXCEEDED, "the uses of '%s' are %s",
					 tensor->name, EDGE_OVER(&graph->limits, ports));
	}
	return EDGE_OK;
}

static enum edge_status import_with(const struct edge_importer *importer,
				    const struct edge_source *source, struct edge_graph **graph,
				    struct edge_error *error)
{
	struct edge_graph *made = NULL;
	enum edge_status status;

	status = importer->import(source, &made, error);
	if (!status) {
		made->limits = *source->settings->limits;
		if (!edge_graph_set_metadata(made, "format", importer->name))
			status = edge_fail_memory(error);
	}
	if (!status)
		status = check_uses(made, error);
	if (!status)
		status = infer(made, error);
	if (!status) {
		*graph = made;
		return EDGE_OK;
	}
	edge_graph_destroy(made);
	return edge_fail_in(error, status, "%s", source->path);
}

enum edge_status edge_import(const struct edge_source *source, struct edge_graph **graph,
			     struct edge_error *error)
{
	if (!source->size)
		return edge_fail(error, EDGE_BAD_FORMAT, "%s: the file is empty", source->path);
	for (size_t i = 0; i < NUM_IMPORTERS; i++) {
		if (importers[i]->recognise(source->data, source->size))
			return import_with(importers[i], source, graph, error);
	}
	return edge_fail(error, EDGE_BAD_FORMAT,
			 "%s: no ONNX model, no TensorFlow Lite model and no Darknet cfg; give "
			 "one of these",
			 source->path);
}
