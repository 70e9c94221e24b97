// SPDX-License-Identifier: MIT
#include "onnx_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(size_t size)
{
	void *memory = calloc(1, size ? size : 1);

	if (!memory)
		abort();
	return memory;
}

static char *copy(const char *text)
{
	char *copied = strdup(text);

	if (!copied)
		abort();
	return copied;
}

static void *duplicate(const void *data, size_t size)
{
	void *copied = allocate(size);

	if (data && size)
		memcpy(copied, data, size);
	return copied;
}

/* Adds @item to the repeated field (@array, @count). */
static void append(void *array, size_t *count, void *item)
{
	void **items = realloc(*(void ***)array, (*count + 1) * sizeof(*items));

	if (!items)
		abort();
	items[(*count)++] = item;
	*(void ***)array = items;
}

Onnx__ModelProto *model_new(int opset)
{
	Onnx__ModelProto *model = allocate(sizeof(*model));
	Onnx__OperatorSetIdProto *id = allocate(sizeof(*id));

	onnx__model_proto__init(model);
	onnx__operator_set_id_proto__init(id);
	model->has_ir_version = 1;
	model->ir_version = 8;
	model->graph = allocate(sizeof(*model->graph));
	onnx__graph_proto__init(model->graph);
	id->has_version = 1;
	id->version = opset;
	append(&model->opset_import, &model->n_opset_import, id);
	return model;
}

void model_free(Onnx__ModelProto *model)
{
	onnx__model_proto__free_unpacked(model, NULL);
}

static Onnx__ValueInfoProto *value_info(const char *name, int type, int rank, const int64_t *dims)
{
	Onnx__ValueInfoProto *info = allocate(sizeof(*info));
	Onnx__TypeProto__Tensor *tensor = allocate(sizeof(*tensor));

	onnx__value_info_proto__init(info);
	onnx__type_proto__tensor__init(tensor);
	info->name = copy(name);
	info->type = allocate(sizeof(*info->type));
	onnx__type_proto__init(info->type);
	info->type->tensor_type = tensor;
	tensor->has_elem_type = 1;
	tensor->elem_type = type;
	tensor->shape = allocate(sizeof(*tensor->shape));
	onnx__tensor_shape_proto__init(tensor->shape);
	for (int i = 0; i < rank; i++) {
		Onnx__TensorShapeProto__Dimension *dim = allocate(sizeof(*dim));

		onnx__tensor_shape_proto__dimension__init(dim);
		dim->has_dim_value = dims[i] != OPEN;
		dim->dim_value = dims[i] != OPEN ? dims[i] : 0;
		dim->dim_param = dims[i] == OPEN ? copy("n") : NULL;
		append(&tensor->shape->dim, &tensor->shape->n_dim, dim);
	}
	return info;
}

void model_input(Onnx__ModelProto *model, const char *name, int type, int rank, const int64_t *dims)
{
	append(&model->graph->input, &model->graph->n_input, value_info(name, type, rank, dims));
}

void model_output(Onnx__ModelProto *model, const char *name, int type, int rank,
		  const int64_t *dims)
{
	append(&model->graph->output, &model->graph->n_output, value_info(name, type, rank, dims));
}

static Onnx__TensorProto *initializer(Onnx__ModelProto *model, const char *name, int type, int rank,
				      const int64_t *dims, const void *data, size_t element_size)
{
	Onnx__TensorProto *tensor = allocate(sizeof(*tensor));
	size_t size = element_size;

	onnx__tensor_proto__init(tensor);
	tensor->name = copy(name);
	tensor->has_data_type = 1;
	tensor->data_type = type;
	tensor->n_dims = rank;
	tensor->dims = duplicate(dims, rank * sizeof(*dims));
	for (int i = 0; i < rank; i++)
		size *= dims[i];
	tensor->has_raw_data = 1;
	tensor->raw_data.len = size;
	tensor->raw_data.data = duplicate(data, size);
	append(&model->graph->initializer, &model->graph->n_initializer, tensor);
	return tensor;
}

Onnx__TensorProto *model_floats(Onnx__ModelProto *model, const char *name, int rank,
				const int64_t *dims, const float *data)
{
	return initializer(model, name, FLOAT, rank, dims, data, sizeof(*data));
}

Onnx__TensorProto *model_ints(Onnx__ModelProto *model, const char *name, int count,
			      const int64_t *values)
{
	const int64_t dims[] = { count };

	return initializer(model, name, INT64, 1, dims, values, sizeof(*values));
}

Onnx__TensorProto *model_numbers(Onnx__ModelProto *model, const char *name, int type, int rank,
				 const int64_t *dims, const int32_t *values)
{
	const size_t size = type == INT32 ? sizeof(*values) : 1;
	Onnx__TensorProto *tensor = initializer(model, name, type, rank, dims, NULL, size);

	for (size_t i = 0; i < tensor->raw_data.len / size; i++) {
		if (type == INT32)
			((int32_t *)tensor->raw_data.data)[i] = values[i];
		else
			tensor->raw_data.data[i] = values[i];
	}
	return tensor;
}

static void append_names(char ***names, size_t *count, const char *list)
{
	char *text = copy(list);
	char *rest = text;

	for (char *name; (name = strsep(&rest, " "));) {
		if (*name)
			append(names, count, copy(strcmp(name, "-") ? name : ""));
	}
	free(text);
}

Onnx__NodeProto *model_node(Onnx__ModelProto *model, const char *op, const char *inputs,
			    const char *outputs)
{
	Onnx__NodeProto *node = allocate(sizeof(*node));
	char name[32];

	onnx__node_proto__init(node);
	snprintf(name, sizeof(name), "n%zu", model->graph->n_node);
	node->name = copy(name);
	node->op_type = copy(op);
	append_names(&node->input, &node->n_input, inputs);
	append_names(&node->output, &node->n_output, outputs);
	append(&model->graph->node, &model->graph->n_node, node);
	return node;
}

void node_domain(Onnx__NodeProto *node, const char *domain)
{
	node->domain = copy(domain);
}

static Onnx__AttributeProto *attribute(Onnx__NodeProto *node, const char *name,
				       Onnx__AttributeProto__AttributeType type)
{
	Onnx__AttributeProto *made = allocate(sizeof(*made));

	onnx__attribute_proto__init(made);
	made->name = copy(name);
	made->has_type = 1;
	made->type = type;
	append(&node->attribute, &node->n_attribute, made);
	return made;
}

void node_int(Onnx__NodeProto *node, const char *name, int64_t value)
{
	Onnx__AttributeProto *made =
		attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

	made->has_i = 1;
	made->i = value;
}

void node_float(Onnx__NodeProto *node, const char *name, float value)
{
	Onnx__AttributeProto *made =
		attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

	made->has_f = 1;
	made->f = value;
}

void node_string(Onnx__NodeProto *node, const char *name, const char *value)
{
	Onnx__AttributeProto *made =
		attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

	made->has_s = 1;
	made->s.len = strlen(value);
	made->s.data = duplicate(value, made->s.len);
}

void node_ints(Onnx__NodeProto *node, const char *name, int count, const int64_t *values)
{
	Onnx__AttributeProto *made =
		attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	made->n_ints = count;
	made->ints = duplicate(values, count * sizeof(*values));
}

uint8_t *model_pack(const Onnx__ModelProto *model, size_t *size)
{
	uint8_t *data;

	*size = onnx__model_proto__get_packed_size(model);
	data = allocate(*size);
	onnx__model_proto__pack(model, data);
	return data;
}

enum edge_status model_load(const Onnx__ModelProto *model,
			    const struct edge_load_settings *settings, struct edge_model **loaded,
			    struct edge_error *error)
{
	enum edge_status status;
	size_t size;
	uint8_t *data = model_pack(model, &size);

	*loaded = NULL;
	status = edge_model_load_memory(data, size, "test.onnx", settings, loaded, error);
	free(data);
	return status;
}
