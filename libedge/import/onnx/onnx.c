// SPDX-License-Identifier: MIT
#include "import/onnx/onnx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "graph/infer.h"
#include "import/onnx/ops.h"
#include "ref/work.h"

/*
 * Memory for the parsed file. A few bytes of a hostile file can ask for a hundred, so the sum is
 * bounded; honest files stay far below, as they are mostly weights.
 */
struct budget {
	uint64_t left;
	bool spent;
	bool no_memory;
};

static void *budget_alloc(void *data, size_t size)
{
	struct budget *budget = data;
	void *memory;

	if (size > budget->left) {
		budget->spent = true;
		return NULL;
	}
	budget->left -= size;
	memory = malloc(size);
	budget->no_memory |= !memory;
	return memory;
}

static void budget_free(void *data, void *memory)
{
	free(memory);
}

static enum edge_status parse(const struct edge_source *source, Onnx__ModelProto **model,
			      struct edge_error *error)
{
	struct budget budget = { .left = (64 << 20) + 8 * (uint64_t)source->size };
	ProtobufCAllocator allocator = { budget_alloc, budget_free, &budget };

	*model = onnx__model_proto__unpack(&allocator, source->size, source->data);
	if (*model)
		return EDGE_OK;
	if (budget.no_memory)
		return edge_fail_memory(error);
	if (budget.spent)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED,
				 "the file would take more than eight times its size in memory; it "
				 "is damaged or hostile");
	return edge_fail(error, EDGE_BAD_FORMAT,
			 "the ONNX data ends early or is damaged; fetch or export the file again");
}

/* Reads a base-128 number; false when it is cut off or too long. */
static bool read_varint(const uint8_t **data, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 64 && *data < end; shift += 7) {
		uint8_t byte = *(*data)++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/*
 * ONNX has no magic number. What there is: a version near one, or a graph, under the right field
 * number, with nothing in front of it that a model does not have.
 */
static bool recognise(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	uint64_t tag, value;

	while (read_varint(&data, end, &tag) && read_varint(&data, end, &value)) {
		switch (tag) {
		case 1 << 3: /* ir_version */
			return value > 0 && value < 64;
		case 7 << 3 | 2: /* graph */
			return true;
		case 5 << 3: /* model_version */
			break;
		case 2 << 3 | 2: /* producer_name */
		case 3 << 3 | 2: /* producer_version */
		case 4 << 3 | 2: /* domain */
		case 6 << 3 | 2: /* doc_string */
		case 8 << 3 | 2: /* opset_import */
		case 14 << 3 | 2: /* metadata_props */
			if (value > (uint64_t)(end - data))
				return false;
			data += value;
			break;
		default:
			return false;
		}
	}
	return false;
}

static enum edge_status read_opset(struct onnx_import *import, const Onnx__ModelProto *model)
{
	int64_t opset = 1; /* of files that are older than opsets */

	for (size_t i = 0; i < model->n_opset_import; i++) {
		const Onnx__OperatorSetIdProto *id = model->opset_import[i];

		if (!id->domain || !*id->domain || !strcmp(id->domain, "ai.onnx"))
			opset = id->version;
	}
	if (opset < 1)
		return edge_fail(import->error, EDGE_BAD_FORMAT, "opset %lld does not exist",
				 (long long)opset);
	if (opset > ONNX_MAX_OPSET)
		return edge_fail(
			import->error, EDGE_UNSUPPORTED,
			"opset %lld is newer than this program, which knows up to %d; export "
			"the model with opset 17",
			(long long)opset, ONNX_MAX_OPSET);
	import->opset = opset;
	return EDGE_OK;
}

static bool same_operator(const Onnx__NodeProto *a, const Onnx__NodeProto *b)
{
	return !strcmp(a->op_type ? a->op_type : "", b->op_type ? b->op_type : "") &&
	       !strcmp(a->domain ? a->domain : "", b->domain ? b->domain : "");
}

/* What one message can hold. */
#define MAX_LISTED 12

/* The first nodes of the operators that are not supported; their number, MAX_LISTED at most. */
static int find_unsupported(const struct onnx_import *import, const Onnx__NodeProto **nodes)
{
	int count = 0;

	for (size_t i = 0; i < import->proto->n_node && count < MAX_LISTED; i++) {
		const Onnx__NodeProto *node = import->proto->node[i];
		const struct onnx_operator *info = onnx_operator_find(node);
		int seen = 0;

		if (info && info->since <= import->opset)
			continue;
		while (seen < count && !same_operator(nodes[seen], node))
			seen++;
		if (seen == count)
			nodes[count++] = node;
	}
	return count;
}

static enum edge_status check_operators(const struct onnx_import *import)
{
	const Onnx__NodeProto *nodes[MAX_LISTED];
	int count = find_unsupported(import, nodes);
	char list[EDGE_ERROR_MAX - 128] = "";

	for (int i = 0; i < count; i++) {
		const char *domain = nodes[i]->domain ? nodes[i]->domain : "";
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, "%s%s%s%s (node '%s')", i ? ", " : "",
			 domain, *domain ? ":" : "", nodes[i]->op_type ? nodes[i]->op_type : "?",
			 onnx_node_name(nodes[i]));
	}
	if (!count)
		return EDGE_OK;
	return edge_fail(import->error, EDGE_UNSUPPORTED,
			 "operators not supported in opset %d: %s; `edgectl ops` lists what is",
			 import->opset, list);
}

static enum edge_status read_metadata(struct onnx_import *import, const Onnx__ModelProto *model)
{
	const struct edge_limits *limits = import->source->settings->limits;
	struct edge_graph *graph = import->graph;
	char text[128];
	bool ok = true;

	if (model->n_metadata_props > limits->metadata)
		return edge_fail(import->error, EDGE_LIMIT_EXCEEDED, "its metadata has %s",
				 EDGE_OVER(limits, metadata));
	for (size_t i = 0; i < model->n_metadata_props && ok; i++) {
		const Onnx__StringStringEntryProto *entry = model->metadata_props[i];

		if (entry->key && entry->value)
			ok = edge_graph_set_metadata(graph, entry->key, entry->value);
	}
	if (ok && model->producer_name && *model->producer_name) {
		const char *version = model->producer_version ? model->producer_version : "";

		snprintf(text, sizeof(text), "%s%s%s", model->producer_name, *version ? " " : "",
			 version);
		ok = edge_graph_set_metadata(graph, "producer", text);
	}
	snprintf(text, sizeof(text), "%d", import->opset);
	if (!ok || !edge_graph_set_metadata(graph, "opset", text))
		return edge_fail_memory(import->error);
	return EDGE_OK;
}

/* Type and shape as an input or output declares them; what it leaves open is -1. */
static enum edge_status declare(struct onnx_import *import, const Onnx__ValueInfoProto *info,
				struct edge_tensor *tensor)
{
	const Onnx__TypeProto__Tensor *type = info->type ? info->type->tensor_type : NULL;
	const Onnx__TensorShapeProto *shape = type ? type->shape : NULL;
	int64_t dims[EDGE_MAX_RANK];

	if (!type || !onnx_type(type->elem_type))
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "'%s' has the type %s, which is not supported", info->name,
				 type ? onnx_type_name(type->elem_type)
				      : "sequence, map or optional");
	if (!shape) {
		tensor->type = onnx_type(type->elem_type);
		return EDGE_OK;
	}
	if (shape->n_dim > EDGE_MAX_RANK)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "'%s' has %zu dimensions, and %d are supported", info->name,
				 shape->n_dim, EDGE_MAX_RANK);
	for (size_t i = 0; i < shape->n_dim; i++) {
		const Onnx__TensorShapeProto__Dimension *dim = shape->dim[i];

		dims[i] = dim->has_dim_value && dim->dim_value >= 0 ? dim->dim_value : -1;
	}
	edge_tensor_set_shape(tensor, onnx_type(type->elem_type), shape->n_dim, dims);
	return EDGE_OK;
}

static enum edge_status add_inputs(struct onnx_import *import)
{
	for (size_t i = 0; i < import->proto->n_input; i++) {
		const Onnx__ValueInfoProto *info = import->proto->input[i];
		struct onnx_value *value = onnx_values_find(import, info->name ? info->name : "");
		enum edge_status status;

		if (!value)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "input %zu has no name; the file is damaged", i);
		if (value->origin & ONNX_FROM_INITIALIZER)
			continue;
		value->named = edge_graph_add_tensor(import->graph, value->name);
		if (!value->named || !edge_graph_add_input(import->graph, value->named))
			return edge_fail_memory(import->error);
		status = declare(import, info, value->named);
		if (status)
			return status;
		value->tensor = value->named;
	}
	return edge_import_inputs(import->source, import->graph, import->error);
}

static enum edge_status add_initializers(struct onnx_import *import)
{
	for (size_t i = 0; i < import->proto->n_initializer; i++) {
		Onnx__TensorProto *proto = import->proto->initializer[i];
		struct onnx_value *value = onnx_values_find(import, proto->name ? proto->name : "");
		enum edge_status status;

		if (!value)
			continue;
		status = onnx_tensor_add(import, proto, value->name, &value->named);
		if (status)
			return status;
		value->tensor = value->named;
	}
	if (import->proto->n_sparse_initializer)
		return edge_fail(
			import->error, EDGE_UNSUPPORTED,
			"sparse weights are not supported; save the model with dense ones");
	return EDGE_OK;
}

/* Names are taken before nodes are converted, so that none of the tensors in between gets them. */
static enum edge_status name_results(struct onnx_import *import)
{
	for (size_t i = 0; i < import->num_values; i++) {
		struct onnx_value *value = &import->values[i];

		if (value->origin != ONNX_FROM_NODE)
			continue;
		value->named = edge_graph_add_tensor(import->graph, value->name);
		if (!value->named)
			return edge_fail_memory(import->error);
	}
	return EDGE_OK;
}

/* An output of the graph is computed by a node and has the name that the file gives it: constants,
 * inputs and values that are shared are passed through an Identity. */
static enum edge_status produce_output(struct onnx_import *import, const struct onnx_value *value,
				       struct edge_tensor **output)
{
	struct edge_node *identity;

	if (value->tensor == value->named && value->named->producer) {
		*output = value->named;
		return EDGE_OK;
	}
	*output = value->named;
	if (value->tensor == value->named)
		*output = edge_graph_add_tensor(import->graph, value->name);
	identity = edge_graph_add_node(import->graph, EDGE_OP_UNARY, value->name, 1, 1);
	if (!*output || !identity || !edge_node_set_input(identity, 0, value->tensor))
		return edge_fail_memory(import->error);
	identity->params.unary.func = EDGE_FUNC_IDENTITY;
	edge_node_set_output(identity, 0, *output);
	return edge_infer_node(import->graph, identity, import->error);
}

static enum edge_status add_outputs(struct onnx_import *import)
{
	for (size_t i = 0; i < import->proto->n_output; i++) {
		const Onnx__ValueInfoProto *info = import->proto->output[i];
		struct onnx_value *value = onnx_values_find(import, info->name ? info->name : "");
		struct edge_tensor *output;
		enum edge_status status;

		if (!value)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "output '%s' is defined nowhere; the file is damaged",
					 info->name ? info->name : "");
		if (edge_graph_is_output(import->graph, value->named))
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "output '%s' is listed twice; the file is damaged",
					 info->name);
		output = value->named;
		if (value->tensor)
			status = produce_output(import, value, &output);
		else
			status = declare(import, info, output);
		if (status)
			return status;
		if (!edge_graph_add_output(import->graph, output))
			return edge_fail_memory(import->error);
	}
	return EDGE_OK;
}

static enum edge_status build(struct onnx_import *import)
{
	enum edge_status status;

	status = onnx_values_create(import);
	if (status)
		return status;
	status = add_initializers(import);
	if (status)
		return status;
	status = add_inputs(import);
	if (status)
		return status;
	status = name_results(import);
	if (status)
		return status;
	for (size_t i = 0; i < import->proto->n_node; i++) {
		status = onnx_convert(import, i);
		if (status)
			return status;
	}
	status = add_outputs(import);
	if (status)
		return status;
	status = onnx_mark_bindings(import);
	if (status)
		return status;
	edge_graph_compact(import->graph);
	return EDGE_OK;
}

static enum edge_status check_counts(const Onnx__GraphProto *graph,
				     const struct edge_limits *limits, struct edge_error *error)
{
	size_t tensors = graph->n_initializer + graph->n_input;

	if (graph->n_node > limits->nodes)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "the graph has %zu nodes, %s",
				 graph->n_node, EDGE_OVER(limits, nodes));
	if (graph->n_output > limits->ports)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "the graph has %zu outputs, %s",
				 graph->n_output, EDGE_OVER(limits, ports));
	for (size_t i = 0; i < graph->n_node; i++) {
		const Onnx__NodeProto *node = graph->node[i];

		if (node->n_input > limits->ports || node->n_output > limits->ports)
			return edge_fail(error, EDGE_LIMIT_EXCEEDED,
					 "node '%s' has %zu inputs and %zu outputs, %s",
					 onnx_node_name(node), node->n_input, node->n_output,
					 EDGE_OVER(limits, ports));
		tensors += node->n_output;
	}
	if (tensors > limits->tensors)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "the graph has %zu tensors, %s",
				 tensors, EDGE_OVER(limits, tensors));
	return EDGE_OK;
}

static enum edge_status import_model(const struct edge_source *source, Onnx__ModelProto *model,
				     struct edge_graph **graph, struct edge_error *error)
{
	const struct edge_limits *limits = source->settings->limits;
	struct onnx_import import = {
		.source = source,
		.proto = model->graph,
		.fold_bytes = edge_fold_bytes(limits, source->size),
		.fold_work = edge_fold_work(limits, source->size),
		.error = error,
	};
	enum edge_status status;

	if (!model->graph || !model->graph->n_output)
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "there is no graph with outputs in it; the file is damaged");
	status = check_counts(model->graph, limits, error);
	if (!status)
		status = read_opset(&import, model);
	if (status)
		return status;
	status = check_operators(&import);
	if (status)
		return status;
	import.graph = edge_graph_create(source->path);
	if (!import.graph)
		return edge_fail_memory(error);
	status = read_metadata(&import, model);
	if (!status)
		status = build(&import);
	onnx_values_destroy(&import);
	if (status)
		edge_graph_destroy(import.graph);
	else
		*graph = import.graph;
	return status;
}

static enum edge_status import_onnx(const struct edge_source *source, struct edge_graph **graph,
				    struct edge_error *error)
{
	Onnx__ModelProto *model;
	enum edge_status status;

	status = parse(source, &model, error);
	if (status)
		return status;
	status = import_model(source, model, graph, error);
	onnx__model_proto__free_unpacked(model, NULL);
	return status;
}

const struct edge_importer edge_importer_onnx = {
	.name = "onnx",
	.recognise = recognise,
	.import = import_onnx,
	.operators = onnx_operators,
};
