// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "import/onnx/onnx.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct onnx_value *)a)->name, ((const struct onnx_value *)b)->name);
}

/* Values without a name are those that the file leaves out. */
static void add(struct onnx_import *import, const char *name, unsigned int origin, size_t producer)
{
	if (!name || !*name)
		return;
	import->values[import->num_values++] = (struct onnx_value) {
		.name = name,
		.origin = origin,
		.producer = producer,
	};
}

static size_t count_names(const Onnx__GraphProto *proto)
{
	size_t count = proto->n_input + proto->n_initializer;

	for (size_t i = 0; i < proto->n_node; i++)
		count += proto->node[i]->n_output;
	return count;
}

static void collect(struct onnx_import *import)
{
	const Onnx__GraphProto *proto = import->proto;

	for (size_t i = 0; i < proto->n_input; i++)
		add(import, proto->input[i]->name, ONNX_FROM_INPUT, 0);
	for (size_t i = 0; i < proto->n_initializer; i++)
		add(import, proto->initializer[i]->name, ONNX_FROM_INITIALIZER, 0);
	for (size_t i = 0; i < proto->n_node; i++) {
		for (size_t j = 0; j < proto->node[i]->n_output; j++)
			add(import, proto->node[i]->output[j], ONNX_FROM_NODE, i);
	}
}

/* Up to IR version 3 every initializer is listed as an input as well; they become one value. */
static enum edge_status merge(struct onnx_import *import)
{
	const unsigned int both = ONNX_FROM_INPUT | ONNX_FROM_INITIALIZER;
	struct onnx_value *values = import->values;
	size_t merged = 0;

	for (size_t i = 0; i < import->num_values; i++) {
		if (!merged || strcmp(values[merged - 1].name, values[i].name)) {
			values[merged++] = values[i];
			continue;
		}
		if ((values[merged - 1].origin ^ values[i].origin) != both)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "the value '%s' is defined twice; the file is damaged",
					 values[i].name);
		values[merged - 1].origin = both;
	}
	import->num_values = merged;
	return EDGE_OK;
}

enum edge_status onnx_values_create(struct onnx_import *import)
{
	size_t count = count_names(import->proto);

	import->values = calloc(count ? count : 1, sizeof(*import->values));
	if (!import->values)
		return edge_fail_memory(import->error);
	collect(import);
	qsort(import->values, import->num_values, sizeof(*import->values), compare_names);
	return merge(import);
}

void onnx_values_destroy(struct onnx_import *import)
{
	free(import->values);
	import->values = NULL;
	import->num_values = 0;
}

struct onnx_value *onnx_values_find(const struct onnx_import *import, const char *name)
{
	const struct onnx_value key = { .name = name };

	return bsearch(&key, import->values, import->num_values, sizeof(key), compare_names);
}
