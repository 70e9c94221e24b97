// SPDX-License-Identifier: MIT
/* What all layers share: options, nodes, activations and weights. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "graph/infer.h"
#include "import/darknet/darknet.h"

enum edge_status darknet_fail(const struct darknet_import *import, enum edge_status status,
			      const char *format, ...)
{
	char what[EDGE_ERROR_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return edge_fail(import->error, status, "layer %d [%.40s] at line %d: %s", import->layer,
			 import->section->name, import->section->line, what);
}

const char *darknet_text(const struct darknet_import *import, const char *key)
{
	return darknet_cfg_find(&import->cfg, import->section, key);
}

enum edge_status darknet_float(const struct darknet_import *import, const char *key,
			       float otherwise, float *value)
{
	const char *text = darknet_text(import, key);
	char *end;

	*value = otherwise;
	if (!text)
		return EDGE_OK;
	*value = strtof(text, &end);
	if (end == text || *end || !isfinite(*value))
		return darknet_fail(import, EDGE_BAD_FORMAT, "%s=%.40s is no number", key, text);
	return EDGE_OK;
}

enum edge_status darknet_int(const struct darknet_import *import, const char *key, int otherwise,
			     int least, int most, int *value)
{
	const char *text = darknet_text(import, key);
	char *end;
	long number;

	*value = otherwise;
	if (!text)
		return EDGE_OK;
	number = strtol(text, &end, 10);
	if (end == text || *end || number < least || number > most)
		return darknet_fail(import, EDGE_BAD_FORMAT, "%s=%.40s; from %d to %d is possible",
				    key, text, least, most);
	*value = number;
	return EDGE_OK;
}

enum edge_status darknet_list_next(const struct darknet_import *import, const char *key,
				   const char **list, float *value, bool *more)
{
	char *end;

	*more = *list && **list;
	if (!*more)
		return EDGE_OK;
	*value = strtof(*list, &end);
	/* A comma too many at the end of a list is common. */
	if (end == *list || (*end && *end != ',') || !isfinite(*value))
		return darknet_fail(import, EDGE_BAD_FORMAT, "%s has no number at '%.40s'", key,
				    *list);
	*list = *end ? end + 1 : end;
	return EDGE_OK;
}

enum edge_status darknet_refuse(const struct darknet_import *import, const char *const *keys)
{
	for (; *keys; keys++) {
		const char *value = darknet_text(import, *keys);

		if (value && strcmp(value, "0"))
			return darknet_fail(import, EDGE_UNSUPPORTED, "%s=%.40s is not supported",
					    *keys, value);
	}
	return EDGE_OK;
}

enum edge_status darknet_layer_at(const struct darknet_import *import, const char *key, float index,
				  struct edge_tensor **output)
{
	float at = index < 0 ? import->layer + index : index;

	if (!(at >= 0 && at < import->layer) || at != (int)at)
		return darknet_fail(import, EDGE_BAD_FORMAT, "%s names the layer %g; 0 to %d exist",
				    key, at, import->layer - 1);
	*output = import->outputs[(int)at];
	if (!*output)
		return darknet_fail(import, EDGE_UNSUPPORTED,
				    "%s names the layer %d, a detection layer, whose result only "
				    "the application gets",
				    key, (int)at);
	return EDGE_OK;
}

struct edge_node *darknet_begin_node(struct darknet_import *import, enum edge_op op,
				     const char *what, struct edge_tensor *x, int num_inputs)
{
	struct edge_node *node;
	char name[96];

	if ((uint64_t)import->graph->num_nodes >= import->source->settings->limits->nodes)
		return NULL;
	snprintf(name, sizeof(name), "%d.%.40s%s%s", import->layer, import->section->name,
		 *what ? "." : "", what);
	node = edge_graph_add_node(import->graph, op, name, num_inputs, 1);
	return node && edge_node_set_input(node, 0, x) ? node : NULL;
}

enum edge_status darknet_no_node(const struct darknet_import *import)
{
	const struct edge_limits *limits = import->source->settings->limits;

	if ((uint64_t)import->graph->num_nodes >= limits->nodes)
		return darknet_fail(import, EDGE_LIMIT_EXCEEDED, "makes %s",
				    EDGE_OVER(limits, nodes));
	return edge_fail_memory(import->error);
}

static enum edge_status check_size(const struct darknet_import *import, int64_t bytes)
{
	const struct edge_limits *limits = import->source->settings->limits;

	if (bytes >= 0 && (uint64_t)bytes <= limits->tensor_bytes)
		return EDGE_OK;
	return darknet_fail(import, EDGE_LIMIT_EXCEEDED, "a tensor of %s",
			    EDGE_OVER(limits, tensor_bytes));
}

enum edge_status darknet_end_node(struct darknet_import *import, struct edge_node *node,
				  struct edge_tensor **y)
{
	struct edge_tensor *output = edge_graph_add_tensor(import->graph, node->name);
	enum edge_status status;

	if (!output)
		return edge_fail_memory(import->error);
	edge_node_set_output(node, 0, output);
	status = edge_infer_node(import->graph, node, import->error);
	if (status)
		return edge_fail_in(import->error, status, "line %d", import->section->line);
	*y = output;
	return check_size(import, edge_tensor_bytes(output));
}

enum edge_status darknet_binary(struct darknet_import *import, enum edge_binary func,
				struct edge_tensor *x, struct edge_tensor *other,
				struct edge_tensor **y)
{
	struct edge_node *node = darknet_begin_node(import, EDGE_OP_BINARY, "", x, 2);

	if (!node || !edge_node_set_input(node, 1, other))
		return darknet_no_node(import);
	node->params.binary.func = func;
	return darknet_end_node(import, node, y);
}

enum edge_status darknet_reshape(struct darknet_import *import, const char *what,
				 struct edge_tensor *x, const int64_t *dims, struct edge_tensor **y)
{
	struct edge_node *node = darknet_begin_node(import, EDGE_OP_RESHAPE, what, x, 1);

	if (!node)
		return darknet_no_node(import);
	node->params.shape.rank = 4;
	memcpy(node->params.shape.dims, dims, 4 * sizeof(*dims));
	return darknet_end_node(import, node, y);
}

/* Names as in a cfg. Darknet's constants are its own: 1.0507, where others have more digits. */
static const struct {
	const char *name;
	struct edge_activation act;
} activations[] = {
	{ "linear", { EDGE_FUNC_IDENTITY, 0, 0 } },
	{ "logistic", { EDGE_FUNC_SIGMOID, 0, 0 } },
	{ "relu", { EDGE_FUNC_RELU, 0, 0 } },
	{ "relu6", { EDGE_FUNC_CLIP, 0, 6 } },
	{ "leaky", { EDGE_FUNC_LEAKY_RELU, 0.1f, 0 } },
	{ "swish", { EDGE_FUNC_SILU, 0, 0 } },
	{ "mish", { EDGE_FUNC_MISH, 0, 0 } },
	{ "tanh", { EDGE_FUNC_TANH, 0, 0 } },
	{ "elu", { EDGE_FUNC_ELU, 1, 0 } },
	{ "selu", { EDGE_FUNC_SELU, 1.6732f, 1.0507f } },
	{ "gelu", { EDGE_FUNC_GELU_TANH, 0, 0 } },
	{ "hardtan", { EDGE_FUNC_CLIP, -1, 1 } },
};

enum edge_status darknet_activate(struct darknet_import *import, const char *otherwise,
				  struct edge_tensor *x, struct edge_tensor **y)
{
	const char *name = darknet_text(import, "activation");
	const struct edge_activation *act = NULL;
	struct edge_node *node;

	if (!name)
		name = otherwise;
	for (size_t i = 0; i < sizeof(activations) / sizeof(activations[0]); i++) {
		if (!strcmp(activations[i].name, name))
			act = &activations[i].act;
	}
	if (!act)
		return darknet_fail(import, EDGE_UNSUPPORTED,
				    "the activation '%.40s' is not supported", name);
	*y = x;
	if (act->func == EDGE_FUNC_IDENTITY)
		return EDGE_OK;
	node = darknet_begin_node(import, EDGE_OP_UNARY, name, x, 1);
	if (!node)
		return darknet_no_node(import);
	node->params.unary = *act;
	return darknet_end_node(import, node, y);
}

static enum edge_status check_left(const struct darknet_import *import, const char *what,
				   int64_t count)
{
	uint64_t left = import->weights.left / sizeof(float);

	if (import->weights.random || (uint64_t)count <= left)
		return EDGE_OK;
	return darknet_fail(import, EDGE_BAD_FORMAT,
			    "%s holds only %llu of its %lld %s: it is cut off or belongs to "
			    "another cfg",
			    import->weights.path, (unsigned long long)left, (long long)count, what);
}

enum edge_status darknet_constant(struct darknet_import *import, const char *what, int rank,
				  const int64_t *dims, float random, int64_t fan_in,
				  struct edge_tensor **constant)
{
	struct edge_tensor shape = { .name = NULL };
	enum edge_status status;
	int64_t count;
	char name[96];
	float *values;

	edge_tensor_set_shape(&shape, EDGE_F32, rank, dims);
	count = edge_tensor_elements(&shape);
	/* First of all: nothing is allocated for what is not there. */
	status = check_size(import, edge_tensor_bytes(&shape));
	if (!status)
		status = check_left(import, what, count);
	if (status)
		return status;
	snprintf(name, sizeof(name), "%d.%s", import->layer, what);
	*constant = edge_graph_add_constant(import->graph, name, EDGE_F32, rank, dims, NULL);
	if (!*constant)
		return edge_fail_memory(import->error);
	values = (*constant)->data;
	if (!import->weights.random)
		darknet_weights_take(&import->weights, values, count);
	else if (isnan(random))
		darknet_weights_draw(&import->weights, values, count, fan_in);
	for (int64_t i = 0; import->weights.random && !isnan(random) && i < count; i++)
		values[i] = random;
	return EDGE_OK;
}
