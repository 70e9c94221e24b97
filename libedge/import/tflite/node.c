// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "import/tflite/bytes.h"

void tflite_fail(struct tflite_node *node, enum edge_status status, const char *format, ...)
{
	char message[EDGE_ERROR_MAX];
	va_list args;

	if (node->status)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	node->status = edge_fail(node->import->error, status, "operator %u (%s): %s", node->index,
				 node->code.name, message);
}

struct edge_tensor *tflite_input(const struct tflite_node *node, int index)
{
	return index < node->num_inputs ? node->inputs[index] : NULL;
}

const struct tflite_value *tflite_output_value(const struct tflite_node *node, int index)
{
	int32_t id = index < node->num_outputs ? node->output_ids[index] : -1;

	return id < 0 ? NULL : &node->import->values[id];
}

void tflite_set_output(struct tflite_node *node, int index, struct edge_tensor *tensor)
{
	node->outputs[index] = tensor;
}

int tflite_input_ints(struct tflite_node *node, int index, int64_t *values, int max)
{
	const struct edge_tensor *tensor = tflite_input(node, index);
	int count;

	if (!tensor || node->status)
		return -1;
	count = edge_tensor_read_ints(tensor, values, max);
	if (count < 0)
		tflite_fail(node, EDGE_BAD_FORMAT, "input %d should be at most %d integers", index,
			    max);
	return count;
}

int64_t tflite_input_int(struct tflite_node *node, int index)
{
	int64_t value = 0;

	if (tflite_input_ints(node, index, &value, 1) != 1)
		tflite_fail(node, EDGE_BAD_FORMAT, "input %d should be one integer", index);
	return value;
}

int32_t tflite_option(struct tflite_node *node, int id, int32_t missing, int32_t min, int32_t max)
{
	int32_t value = fb_i32(node->options, id, missing);

	if (value >= min && value <= max)
		return value;
	tflite_fail(node, EDGE_BAD_FORMAT, "its option %d is %d; the file is damaged", id,
		    (int)value);
	return min;
}

/* Fills @ids from a vector of the operator; absent ones are -1. */
static void read_ids(struct tflite_node *node, struct fb_vector vector, int32_t *ids)
{
	for (uint32_t i = 0; i < vector.count && !node->status; i++) {
		ids[i] = fb_vector_i32(vector, i);
		if (ids[i] < -1 || (ids[i] >= 0 && (uint32_t)ids[i] >= node->import->num_values))
			tflite_fail(node, EDGE_BAD_FORMAT,
				    "there is no tensor %d; the file is damaged", (int)ids[i]);
	}
}

static void check_counts(struct tflite_node *node)
{
	const struct tflite_operator *info = node->info;

	if (node->num_inputs < info->min_inputs ||
	    (info->max_inputs >= 0 && node->num_inputs > info->max_inputs))
		tflite_fail(node, EDGE_BAD_FORMAT, "has %d inputs; the file is damaged",
			    node->num_inputs);
	if (!node->num_outputs || (info->max_outputs >= 0 && node->num_outputs > info->max_outputs))
		tflite_fail(node, EDGE_BAD_FORMAT, "has %d outputs; the file is damaged",
			    node->num_outputs);
}

static bool is_empty(const struct tflite_value *value)
{
	bool empty = false;

	for (int i = 0; i < value->rank; i++)
		empty |= value->dims[i] == 0;
	return empty;
}

/* A constant of the file becomes one of the graph when the first operator uses it. */
static void add_constant(struct tflite_node *node, uint32_t index)
{
	struct tflite_value *value = &node->import->values[index];
	char name[128];

	tflite_value_name(node->import, index, name, sizeof(name));
	if (!value->type) {
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "the constant %s is of %s, which is not supported; convert the model "
			    "to float32 or int8",
			    name, tflite_type_name(value->file_type));
		return;
	}
	value->tensor = tflite_constant(node, value->type, value->rank, value->dims);
	if (!value->tensor || !value->data)
		return;
	memcpy(value->tensor->data, value->data, edge_tensor_bytes(value->tensor));
	if (value->type == EDGE_BOOL) {
		uint8_t *data = value->tensor->data;

		for (int64_t i = 0; i < edge_tensor_bytes(value->tensor); i++)
			data[i] = data[i] != 0;
	}
	node->status = tflite_set_quant(node->import, index, value->tensor);
	if (node->status)
		edge_fail_in(node->import->error, node->status, "operator %u (%s)", node->index,
			     node->code.name);
}

static void resolve_input(struct tflite_node *node, int i)
{
	int32_t id = node->input_ids[i];
	struct tflite_value *value;
	char name[128];

	if (id < 0) {
		if (i < node->info->min_inputs)
			tflite_fail(node, EDGE_BAD_FORMAT, "input %d is missing", i);
		return;
	}
	value = &node->import->values[id];
	if (!value->tensor && (value->constant || (!value->produced && is_empty(value))))
		add_constant(node, id);
	node->inputs[i] = value->tensor;
	if (!value->tensor)
		tflite_fail(node, EDGE_BAD_FORMAT,
			    "its input %d, %s, is computed by no operator before it; the file is "
			    "damaged",
			    i, tflite_value_name(node->import, id, name, sizeof(name)));
	else if (i < 32 && node->info->constant_inputs & 1u << i && !value->tensor->constant)
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "its input %d, %s, decides shapes and is known only when the model "
			    "runs; convert the model with fixed sizes",
			    i, tflite_value_name(node->import, id, name, sizeof(name)));
}

/* @value takes the place of @tensor, which was made for it without a name. */
static void take_place(struct tflite_node *node, struct tflite_value *value,
		       struct edge_tensor *tensor)
{
	struct edge_node *producer = tensor->producer;
	int i = 0;

	while (producer->outputs[i] != tensor)
		i++;
	edge_tensor_set_shape(value->named, tensor->type, tensor->rank, tensor->dims);
	value->named->dynamic = tensor->dynamic;
	edge_node_set_output(producer, i, value->named);
	if (!edge_tensor_copy_quant(value->named, tensor) ||
	    !edge_graph_replace_uses(node->import->graph, tensor, value->named))
		tflite_fail(node, EDGE_OUT_OF_MEMORY, "out of memory; use a smaller model");
	value->tensor = value->named;
}

static void check_type(struct tflite_node *node, int i)
{
	const struct tflite_value *value = tflite_output_value(node, i);

	if (value && node->outputs[i]->type != value->type)
		tflite_fail(node, EDGE_UNSUPPORTED, "its output %d is %s, and the file says %s", i,
			    edge_type_name(node->outputs[i]->type),
			    tflite_type_name(value->file_type));
}

/* Results that were made for this operator get their names; what came from elsewhere is shared. */
static void name_outputs(struct tflite_node *node, int first_tensor)
{
	for (int i = 0; i < node->num_outputs && !node->status; i++) {
		struct edge_tensor *tensor = node->outputs[i];
		struct tflite_value *value;

		if (node->output_ids[i] < 0)
			continue;
		value = &node->import->values[node->output_ids[i]];
		if (tensor->id >= first_tensor && tensor->producer)
			take_place(node, value, tensor);
		else
			value->tensor = tensor;
	}
}

static void convert(struct tflite_node *node)
{
	int first_tensor = node->import->graph->num_tensors;

	check_counts(node);
	for (int i = 0; i < node->num_inputs && !node->status; i++)
		resolve_input(node, i);
	if (node->info->bytes == TFLITE_BYTES_FLOAT)
		tflite_make_floats(node);
	if (!node->status)
		node->info->convert(node);
	for (int i = 0; i < node->num_outputs && !node->status; i++) {
		node->outputs[i] = tflite_settle(node, i, node->outputs[i]);
		if (!node->outputs[i])
			tflite_fail(node, EDGE_UNSUPPORTED, "its output %d is not supported", i);
		else
			check_type(node, i);
	}
	if (!node->status)
		node->status = tflite_check(node->import);
	name_outputs(node, first_tensor);
}

/* Arrays for @node, all of whose inputs and outputs are known. */
static enum edge_status allocate(struct tflite_node *node)
{
	size_t count = (size_t)node->num_inputs + node->num_outputs;

	node->inputs = calloc(count + 1, sizeof(*node->inputs));
	node->input_ids = calloc(count + 1, sizeof(*node->input_ids));
	if (!node->inputs || !node->input_ids)
		return edge_fail_memory(node->import->error);
	node->outputs = node->inputs + node->num_inputs;
	node->output_ids = node->input_ids + node->num_inputs;
	return EDGE_OK;
}

/* A file may name the same list again and again. */
static enum edge_status open_node(struct tflite_node *node, struct fb_vector *inputs,
				  struct fb_vector *outputs)
{
	struct tflite_import *import = node->import;
	const struct edge_limits *limits = import->source->settings->limits;
	enum edge_status status;

	node->proto = fb_vector_table(import->operators, node->index);
	node->options = fb_table(node->proto, TFLITE_OPERATOR_OPTIONS);
	*inputs = fb_vector(node->proto, TFLITE_OPERATOR_INPUTS, 4);
	*outputs = fb_vector(node->proto, TFLITE_OPERATOR_OUTPUTS, 4);
	status = tflite_code(import, fb_u32(node->proto, TFLITE_OPERATOR_CODE, 0), &node->code);
	if (status)
		return edge_fail_in(import->error, status, "operator %u", node->index);
	if (inputs->count > limits->ports || outputs->count > limits->ports)
		return edge_fail(import->error, EDGE_LIMIT_EXCEEDED,
				 "operator %u (%s): %u inputs and %u outputs, %s", node->index,
				 node->code.name, inputs->count, outputs->count,
				 EDGE_OVER(limits, ports));
	node->info = tflite_operator_find(node->code.code, node->code.custom);
	node->num_inputs = inputs->count;
	node->num_outputs = outputs->count;
	return EDGE_OK;
}

enum edge_status tflite_convert(struct tflite_import *import, uint32_t index)
{
	struct tflite_node node = { .import = import, .index = index };
	struct fb_vector inputs, outputs;

	node.status = open_node(&node, &inputs, &outputs);
	if (node.status)
		return node.status;
	node.status = allocate(&node);
	if (!node.status) {
		read_ids(&node, inputs, node.input_ids);
		read_ids(&node, outputs, node.output_ids);
	}
	if (!node.status)
		convert(&node);
	free(node.input_ids);
	free(node.inputs);
	return node.status;
}
