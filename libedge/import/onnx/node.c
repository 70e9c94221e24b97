// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "import/onnx/onnx.h"

const char *onnx_node_name(const Onnx__NodeProto *proto)
{
	if (proto->name && *proto->name)
		return proto->name;
	for (size_t i = 0; i < proto->n_output; i++) {
		if (*proto->output[i])
			return proto->output[i];
	}
	return "?";
}

void onnx_fail(struct onnx_node *node, enum edge_status status, const char *format, ...)
{
	char message[EDGE_ERROR_MAX];
	va_list args;

	if (node->status)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	node->status = edge_fail(node->import->error, status, "node '%s' (%s): %s",
				 onnx_node_name(node->proto), node->proto->op_type, message);
}

struct edge_tensor *onnx_input(const struct onnx_node *node, int index)
{
	return index < node->num_inputs ? node->inputs[index] : NULL;
}

bool onnx_wants_output(const struct onnx_node *node, int index)
{
	return index < node->num_outputs && *node->proto->output[index];
}

void onnx_set_output(struct onnx_node *node, int index, struct edge_tensor *tensor)
{
	if (onnx_wants_output(node, index))
		node->outputs[index] = tensor;
}

int onnx_input_ints(struct onnx_node *node, int index, int64_t *values, int max)
{
	const struct edge_tensor *tensor = onnx_input(node, index);
	int count;

	if (!tensor || node->status)
		return -1;
	count = edge_tensor_read_ints(tensor, values, max);
	if (count < 0)
		onnx_fail(node, EDGE_BAD_FORMAT, "input %d should be at most %d integers", index,
			  max);
	return count;
}

double onnx_input_scalar(struct onnx_node *node, int index, double missing)
{
	const struct edge_tensor *tensor = onnx_input(node, index);
	double value = missing;

	if (tensor && !node->status && !edge_tensor_read_scalar(tensor, &value))
		onnx_fail(node, EDGE_BAD_FORMAT, "input %d should be one number", index);
	return value;
}

static void check_counts(struct onnx_node *node)
{
	const struct onnx_operator *info = node->info;

	if (node->num_inputs < info->min_inputs ||
	    (info->max_inputs >= 0 && node->num_inputs > info->max_inputs))
		onnx_fail(node, EDGE_BAD_FORMAT, "has %d inputs; the file is damaged",
			  node->num_inputs);
	if (!node->num_outputs || (info->max_outputs >= 0 && node->num_outputs > info->max_outputs))
		onnx_fail(node, EDGE_BAD_FORMAT, "has %d outputs; the file is damaged",
			  node->num_outputs);
}

/* The value of input @i; NULL where it is left out, and where the node has failed. */
static struct onnx_value *find_input(struct onnx_node *node, int i, size_t index)
{
	const char *name = node->proto->input[i];
	struct onnx_value *value = onnx_values_find(node->import, name);

	if (!*name) {
		if (i < node->info->min_inputs)
			onnx_fail(node, EDGE_BAD_FORMAT, "input %d is missing", i);
		return NULL;
	}
	if (!value) {
		onnx_fail(node, EDGE_BAD_FORMAT, "its input '%s' is defined nowhere", name);
		return NULL;
	}
	if (value->origin == ONNX_FROM_NODE && value->producer >= index) {
		onnx_fail(
			node, EDGE_BAD_FORMAT,
			"its input '%s' comes from a later node: the nodes are on a cycle or not in "
			"order",
			name);
		return NULL;
	}
	return value;
}

static bool decides_shapes(const struct onnx_node *node, int i)
{
	return i < 31 && node->info->constant_inputs & 1u << i;
}

/* Fills node->inputs; false when one of them is not known yet, or known only when it runs and
 * decides shapes. */
static bool resolve_inputs(struct onnx_node *node, size_t index)
{
	bool ready = true;

	for (int i = 0; i < node->num_inputs && !node->status; i++) {
		struct onnx_value *value = find_input(node, i, index);

		if (!value)
			continue;
		node->inputs[i] = value->tensor;
		/* Only a list that may have to be bound can be open. */
		if (!value->tensor || edge_tensor_elements(value->tensor) < 0)
			ready = false;
		if (decides_shapes(node, i) && (!value->tensor || !value->tensor->constant)) {
			value->wanted_by = node->proto;
			ready = false;
		}
	}
	return ready && !node->status;
}

/* @value takes the place of @tensor, which was made for it without a name. */
static void take_place(struct onnx_node *node, struct onnx_value *value, struct edge_tensor *tensor)
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
		onnx_fail(node, EDGE_OUT_OF_MEMORY, "out of memory; use a smaller model");
	value->tensor = value->named;
}

/* Results that were made for this node get their names; what came from elsewhere is shared. */
static void name_outputs(struct onnx_node *node, int first_tensor)
{
	for (int i = 0; i < node->num_outputs && !node->status; i++) {
		struct edge_tensor *tensor = node->outputs[i];
		struct onnx_value *value;

		if (!onnx_wants_output(node, i))
			continue;
		value = onnx_values_find(node->import, node->proto->output[i]);
		if (tensor->id >= first_tensor && tensor->producer)
			take_place(node, value, tensor);
		else
			value->tensor = tensor;
	}
}

static void convert(struct onnx_node *node, size_t index)
{
	int first_tensor = node->import->graph->num_tensors;

	check_counts(node);
	if (!resolve_inputs(node, index))
		return;
	node->info->convert(node);
	onnx_attr_check_read(node);
	for (int i = 0; i < node->num_outputs; i++) {
		if (onnx_wants_output(node, i) && !node->outputs[i])
			onnx_fail(node, EDGE_UNSUPPORTED, "its output %d is not supported", i);
	}
	name_outputs(node, first_tensor);
}

enum edge_status onnx_convert(struct onnx_import *import, size_t index)
{
	const Onnx__NodeProto *proto = import->proto->node[index];
	struct onnx_node node = {
		.import = import,
		.proto = proto,
		.info = onnx_operator_find(proto),
		.num_inputs = proto->n_input,
		.num_outputs = proto->n_output,
	};

	node.inputs = calloc(proto->n_input + 1, sizeof(*node.inputs));
	node.outputs = calloc(proto->n_output + 1, sizeof(*node.outputs));
	if (node.inputs && node.outputs)
		convert(&node, index);
	else
		node.status = edge_fail_memory(import->error);
	free(node.outputs);
	free(node.inputs);
	return node.status;
}
