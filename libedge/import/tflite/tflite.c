// SPDX-License-Identifier: MIT
#include "import/tflite/tflite.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "graph/infer.h"
#include "import/tflite/bytes.h"
#include "import/tflite/ops.h"
#include "ref/work.h"

static bool recognise(const uint8_t *data, size_t size)
{
	return size >= 8 && !memcmp(data + 4, "TFL3", 4);
}

/* Marks the operator codes that operators use. */
static enum edge_status mark_used(struct tflite_import *import, bool *used)
{
	for (uint32_t i = 0; i < import->operators.count; i++) {
		struct fb_table table = fb_vector_table(import->operators, i);
		uint32_t index = fb_u32(table, TFLITE_OPERATOR_CODE, 0);

		if (tflite_check(import))
			return EDGE_BAD_FORMAT;
		if (index >= import->codes.count)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "operator %u: there is no operator code %u; the file is "
					 "damaged",
					 i, index);
		used[index] = true;
	}
	return EDGE_OK;
}

/* One message for all that are missing. */
static enum edge_status check_used(struct tflite_import *import, const bool *used)
{
	char list[EDGE_ERROR_MAX / 2] = "";
	int count = 0;

	for (uint32_t i = 0; i < import->codes.count; i++) {
		enum edge_status status;
		struct tflite_code code;

		if (!used[i])
			continue;
		status = tflite_code(import, i, &code);
		if (status)
			return status;
		if (tflite_operator_find(code.code, code.custom))
			continue;
		if (strlen(list) + strlen(code.name) + 3 < sizeof(list)) {
			strcat(list, count ? ", " : "");
			strcat(list, code.name);
		}
		count++;
	}
	if (!count)
		return EDGE_OK;
	return edge_fail(
		import->error, EDGE_UNSUPPORTED,
		"%d operators are not supported: %s; `edgectl ops tflite` lists those that "
		"are; convert the model without these, or cut it off before them",
		count, list);
}

static enum edge_status check_operators(struct tflite_import *import)
{
	bool *used = calloc((size_t)import->codes.count + 1, sizeof(*used));
	enum edge_status status;

	if (!used)
		return edge_fail_memory(import->error);
	status = mark_used(import, used);
	if (!status)
		status = check_used(import, used);
	free(used);
	return status;
}

/* An index of the subgraph's inputs or outputs. */
static enum edge_status check_index(struct tflite_import *import, int32_t index, const char *what)
{
	if (index >= 0 && (uint32_t)index < import->num_values)
		return EDGE_OK;
	return edge_fail(import->error, EDGE_BAD_FORMAT,
			 "%s is tensor %d, which does not exist; the file is damaged", what,
			 (int)index);
}

static enum edge_status add_input(struct tflite_import *import, int32_t index)
{
	enum edge_status status = check_index(import, index, "an input");
	struct tflite_value *value;
	char name[128];

	if (status)
		return status;
	value = &import->values[index];
	tflite_value_name(import, index, name, sizeof(name));
	if (value->constant)
		return EDGE_OK;
	if (value->produced)
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "the input %s is listed twice; the file is damaged", name);
	if (!value->type)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "the input %s is of %s, which is not supported; convert the model "
				 "with inputs of float32, uint8 or int8",
				 name, tflite_type_name(value->file_type));
	value->named = edge_graph_add_tensor(import->graph, value->name);
	if (!value->named || !edge_graph_add_input(import->graph, value->named))
		return edge_fail_memory(import->error);
	edge_tensor_set_shape(value->named, value->type, value->rank, value->dims);
	value->produced = true;
	value->tensor = value->named;
	return tflite_set_quant(import, index, value->named);
}

static enum edge_status add_inputs(struct tflite_import *import)
{
	struct fb_vector inputs = fb_vector(import->subgraph, TFLITE_SUBGRAPH_INPUTS, 4);
	const struct edge_limits *limits = import->source->settings->limits;
	enum edge_status status = EDGE_OK;

	if (inputs.count > limits->ports)
		return edge_fail(import->error, EDGE_LIMIT_EXCEEDED, "%u inputs, %s", inputs.count,
				 EDGE_OVER(limits, ports));
	for (uint32_t i = 0; i < inputs.count && !status; i++)
		status = add_input(import, fb_vector_i32(inputs, i));
	if (!status)
		status = tflite_check(import);
	if (!status)
		status = edge_import_inputs(import->source, import->graph, import->error);
	for (int i = 0; i < import->graph->num_inputs && !status; i++) {
		const struct edge_tensor *input = import->graph->inputs[i];

		if (edge_tensor_elements(input) < 0)
			status = edge_fail(import->error, EDGE_UNSUPPORTED,
					   "input '%s' has an open length; state it, as in "
					   "--shape %s=16",
					   input->name, input->name);
	}
	return status;
}

/* Names are taken before operators are converted, so that no tensor in between gets them. */
static enum edge_status name_results(struct tflite_import *import, uint32_t index)
{
	struct fb_table table = fb_vector_table(import->operators, index);
	struct fb_vector outputs = fb_vector(table, TFLITE_OPERATOR_OUTPUTS, 4);

	for (uint32_t i = 0; i < outputs.count; i++) {
		int32_t id = fb_vector_i32(outputs, i);
		struct tflite_value *value;
		char name[128];

		if (id < 0 || (uint32_t)id >= import->num_values)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "operator %u: its output is tensor %d, which does not "
					 "exist; the file is damaged",
					 index, (int)id);
		value = &import->values[id];
		if (value->produced || value->constant)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "operator %u: its output, %s, has a value already; the "
					 "file is damaged",
					 index, tflite_value_name(import, id, name, sizeof(name)));
		value->produced = true;
		value->named = edge_graph_add_tensor(import->graph, value->name);
		if (!value->named)
			return edge_fail_memory(import->error);
	}
	return tflite_check(import);
}

/* An output of the graph is computed by a node and has the name that the file gives it: constants,
 * inputs and values that are shared are passed through an Identity. */
static enum edge_status produce_output(struct tflite_import *import,
				       const struct tflite_value *value,
				       struct edge_tensor **output)
{
	struct edge_node *identity;

	*output = value->named;
	if (value->tensor == value->named && value->named->producer)
		return EDGE_OK;
	if (value->tensor == value->named)
		*output = edge_graph_add_tensor(import->graph, value->name);
	identity = edge_graph_add_node(import->graph, EDGE_OP_UNARY, value->name, 1, 1);
	if (!*output || !identity || !edge_node_set_input(identity, 0, value->tensor))
		return edge_fail_memory(import->error);
	identity->params.unary.func = EDGE_FUNC_IDENTITY;
	edge_node_set_output(identity, 0, *output);
	return edge_infer_node(import->graph, identity, import->error);
}

static enum edge_status add_output(struct tflite_import *import, int32_t index)
{
	enum edge_status status = check_index(import, index, "an output");
	const struct tflite_value *value;
	struct edge_tensor *output;
	char name[128];

	if (status)
		return status;
	value = &import->values[index];
	tflite_value_name(import, index, name, sizeof(name));
	if (!value->tensor)
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "the output %s is computed by no operator; the file is damaged",
				 name);
	if (edge_graph_is_output(import->graph, value->named))
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "the output %s is listed twice; the file is damaged", name);
	status = produce_output(import, value, &output);
	if (status)
		return status;
	return edge_graph_add_output(import->graph, output) ? EDGE_OK
							    : edge_fail_memory(import->error);
}

static enum edge_status add_outputs(struct tflite_import *import)
{
	struct fb_vector outputs = fb_vector(import->subgraph, TFLITE_SUBGRAPH_OUTPUTS, 4);
	const struct edge_limits *limits = import->source->settings->limits;
	enum edge_status status = EDGE_OK;

	if (outputs.count > limits->ports)
		return edge_fail(import->error, EDGE_LIMIT_EXCEEDED, "%u outputs, %s",
				 outputs.count, EDGE_OVER(limits, ports));
	if (!outputs.count && !tflite_check(import))
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "the subgraph has no outputs; the file is damaged");
	for (uint32_t i = 0; i < outputs.count && !status; i++)
		status = add_output(import, fb_vector_i32(outputs, i));
	return status ? status : tflite_check(import);
}

static enum edge_status build(struct tflite_import *import)
{
	enum edge_status status = add_inputs(import);

	for (uint32_t i = 0; i < import->operators.count && !status; i++)
		status = name_results(import, i);
	for (uint32_t i = 0; i < import->operators.count && !status; i++)
		status = tflite_convert(import, i);
	if (!status)
		status = add_outputs(import);
	if (status)
		return status;
	tflite_drop_unused(import->graph);
	edge_graph_compact(import->graph);
	return EDGE_OK;
}

static enum edge_status read_model(struct tflite_import *import)
{
	enum edge_status status;

	status = tflite_read_metadata(import);
	if (!status)
		status = tflite_values_create(import);
	if (!status)
		status = check_operators(import);
	if (!status)
		status = build(import);
	return status;
}

static enum edge_status import_tflite(const struct edge_source *source, struct edge_graph **graph,
				      struct edge_error *error)
{
	struct tflite_import import = {
		.source = source,
		.buffer = { .data = source->data, .size = source->size },
		.fold_bytes = edge_fold_bytes(source->settings->limits, source->size),
		.fold_work = edge_fold_work(source->settings->limits, source->size),
		.error = error,
	};
	enum edge_status status = tflite_open(&import);

	if (status)
		return status;
	import.graph = edge_graph_create(source->path);
	if (!import.graph)
		return edge_fail_memory(error);
	status = read_model(&import);
	tflite_values_destroy(&import);
	if (status)
		edge_graph_destroy(import.graph);
	else
		*graph = import.graph;
	return status;
}

const struct edge_importer edge_importer_tflite = {
	.name = "tflite",
	.recognise = recognise,
	.import = import_tflite,
	.operators = tflite_operators,
};
