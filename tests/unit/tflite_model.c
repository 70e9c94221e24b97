// SPDX-License-Identifier: MIT
#include "tflite_model.h"

#include <stdlib.h>
#include <string.h>

size_t lite_append(struct lite_file *file, const void *data, size_t size)
{
	size_t at = file->size;

	file->data = realloc(file->data, at + size + 1);
	if (!file->data)
		abort();
	file->size += size;
	if (data && size)
		memcpy(file->data + at, data, size);
	else
		memset(file->data + at, 0, size);
	return at;
}

/* Makes the offset of what comes @ahead bytes later a multiple of @align. */
static void pad(struct lite_file *file, size_t align, size_t ahead)
{
	while ((file->size + ahead) % align)
		lite_append(file, NULL, 1);
}

static void put(struct lite_file *file, size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		file->data[at + i] = value >> 8 * i;
}

static uint64_t get(const struct lite_file *file, size_t at, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)file->data[at + i] << 8 * i;
	return value;
}

size_t lite_table(struct lite_file *file, int num_fields, const int *sizes)
{
	size_t vtable_size = 4 + 2 * (size_t)num_fields, size = 4, vtable, table;

	pad(file, 2, 0);
	vtable = lite_append(file, NULL, vtable_size);
	for (int i = 0; i < num_fields; i++) {
		if (!sizes[i])
			continue;
		size = (size + sizes[i] - 1) / sizes[i] * sizes[i];
		put(file, vtable + 4 + 2 * i, 2, size);
		size += sizes[i];
	}
	pad(file, 8, 0);
	table = lite_append(file, NULL, size);
	put(file, vtable, 2, vtable_size);
	put(file, vtable + 2, 2, size);
	put(file, table, 4, table - vtable);
	return table;
}

size_t lite_vector(struct lite_file *file, uint32_t count, size_t element_size, const void *data)
{
	size_t at;

	pad(file, element_size > 4 ? element_size : 4, 4);
	at = lite_append(file, NULL, 4);
	put(file, at, 4, count);
	lite_append(file, data, count * element_size);
	return at;
}

size_t lite_string(struct lite_file *file, const char *text)
{
	size_t at = lite_vector(file, strlen(text), 1, text);

	lite_append(file, NULL, 1);
	return at;
}

size_t lite_field(const struct lite_file *file, size_t table, int id)
{
	size_t vtable = table - get(file, table, 4);

	return table + get(file, vtable + 4 + 2 * id, 2);
}

void lite_set(struct lite_file *file, size_t table, int id, int size, uint64_t value)
{
	put(file, lite_field(file, table, id), size, value);
}

void lite_link(struct lite_file *file, size_t table, int id, size_t target)
{
	size_t at = lite_field(file, table, id);

	put(file, at, 4, target - at);
}

void lite_link_element(struct lite_file *file, size_t vector, uint32_t index, size_t target)
{
	size_t at = vector + 4 + 4 * (size_t)index;

	put(file, at, 4, target - at);
}

uint32_t lite_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

int lite_tensor(struct lite_model *model, const char *name, int type, int rank, const int32_t *dims,
		const void *data)
{
	static const int sizes[] = { 4, 2, 4, 1, 8, 0, 1, 2, 0, 1 };
	struct lite_tensor *tensor = &model->tensors[model->num_tensors];

	tensor->name = name;
	tensor->type = type;
	tensor->rank = rank;
	tensor->data = data;
	tensor->bytes = sizes[type];
	for (int i = 0; i < rank; i++) {
		tensor->dims[i] = dims[i];
		tensor->bytes *= dims[i];
	}
	return model->num_tensors++;
}

void lite_quantise(struct lite_model *model, int index, const float *scale,
		   const int64_t *zero_point)
{
	model->tensors[index].num_scales = 1;
	model->tensors[index].scales = scale;
	model->tensors[index].zero_points = zero_point;
}

struct lite_operator *lite_operator(struct lite_model *model, int code, int a, int b, int c,
				    int output)
{
	struct lite_operator *op = &model->operators[model->num_operators++];
	const int32_t inputs[] = { a, b, c };

	op->code = code;
	for (int i = 0; i < 3; i++) {
		if (inputs[i] >= 0)
			op->num_inputs = i + 1;
		op->inputs[i] = inputs[i];
	}
	op->outputs[op->num_outputs++] = output;
	return op;
}

void lite_option(struct lite_operator *op, int id, int size, uint64_t value)
{
	op->options[op->num_options++] = (struct lite_option) { id, size, value };
}

static size_t write_quantization(struct lite_file *file, const struct lite_tensor *tensor)
{
	const int sizes[] = { 0, 0, 4, 4, 0, 0, 4 };
	size_t table = lite_table(file, 7, sizes);

	lite_set(file, table, 6, 4, tensor->axis);
	lite_link(file, table, 2, lite_vector(file, tensor->num_scales, 4, tensor->scales));
	lite_link(file, table, 3, lite_vector(file, tensor->num_scales, 8, tensor->zero_points));
	return table;
}

static size_t write_tensor(struct lite_file *file, const struct lite_tensor *tensor,
			   uint32_t buffer)
{
	const int sizes[] = {
		4, 1, 4, 4, tensor->num_scales ? 4 : 0, 0, 0, tensor->is_open ? 4 : 0
	};
	size_t table = lite_table(file, 8, sizes);
	int32_t signature[8];

	lite_set(file, table, 1, 1, tensor->type);
	lite_set(file, table, 2, 4, buffer);
	lite_link(file, table, 0, lite_vector(file, tensor->rank, 4, tensor->dims));
	lite_link(file, table, 3, lite_string(file, tensor->name));
	if (tensor->num_scales)
		lite_link(file, table, 4, write_quantization(file, tensor));
	memcpy(signature, tensor->dims, sizeof(signature));
	signature[0] = -1;
	if (tensor->is_open)
		lite_link(file, table, 7, lite_vector(file, tensor->rank, 4, signature));
	return table;
}

static size_t write_options(struct lite_file *file, const struct lite_operator *op)
{
	int sizes[16] = { 0 };
	size_t table;

	for (int i = 0; i < op->num_options; i++)
		sizes[op->options[i].id] = op->options[i].size;
	table = lite_table(file, 16, sizes);
	for (int i = 0; i < op->num_options; i++)
		lite_set(file, table, op->options[i].id, op->options[i].size, op->options[i].value);
	return table;
}

/* Every operator has a code of its own. */
static size_t write_operator(struct lite_file *file, const struct lite_operator *op, uint32_t code)
{
	const int sizes[] = { 4, 4, 4, 1, 4, op->custom_bytes ? 4 : 0 };
	size_t table = lite_table(file, 6, sizes);

	lite_set(file, table, 0, 4, code);
	lite_link(file, table, 1, lite_vector(file, op->num_inputs, 4, op->inputs));
	lite_link(file, table, 2, lite_vector(file, op->num_outputs, 4, op->outputs));
	lite_link(file, table, 4, write_options(file, op));
	if (op->custom_bytes)
		lite_link(file, table, 5,
			  lite_vector(file, op->custom_bytes, 1, op->custom_options));
	return table;
}

static size_t write_list(struct lite_file *file, const int32_t *list, int max)
{
	int count = 0;

	while (count < max && list[count] >= 0)
		count++;
	return lite_vector(file, count, 4, list);
}

/* Constants have the buffers from 1 on, in the order of their tensors; then comes the metadata. */
static size_t write_subgraph(struct lite_file *file, const struct lite_model *model)
{
	const int sizes[] = { 4, 4, 4, 4 };
	size_t table = lite_table(file, 4, sizes), list;
	uint32_t buffers = 1;

	list = lite_vector(file, model->num_tensors, 4, NULL);
	lite_link(file, table, 0, list);
	for (int i = 0; i < model->num_tensors; i++) {
		uint32_t buffer = model->tensors[i].data ? buffers++ : 0;

		lite_link_element(file, list, i, write_tensor(file, &model->tensors[i], buffer));
	}
	lite_link(file, table, 1, write_list(file, model->inputs, 4));
	lite_link(file, table, 2, write_list(file, model->outputs, 8));
	list = lite_vector(file, model->num_operators, 4, NULL);
	lite_link(file, table, 3, list);
	for (int i = 0; i < model->num_operators; i++)
		lite_link_element(file, list, i, write_operator(file, &model->operators[i], i));
	return table;
}

static size_t write_code(struct lite_file *file, const struct lite_operator *op)
{
	const int sizes[] = { 1, op->custom ? 4 : 0, 0, 4 };
	size_t table = lite_table(file, 4, sizes);

	lite_set(file, table, 0, 1, op->code < 127 ? op->code : 127);
	lite_set(file, table, 3, 4, op->code);
	if (op->custom)
		lite_link(file, table, 1, lite_string(file, op->custom));
	return table;
}

static size_t write_buffer(struct lite_file *file, const void *data, size_t size)
{
	const int sizes[] = { data ? 4 : 0 };
	size_t table = lite_table(file, 1, sizes);

	if (data)
		lite_link(file, table, 0, lite_vector(file, size, 1, data));
	return table;
}

static size_t write_buffers(struct lite_file *file, const struct lite_model *model, uint32_t count)
{
	size_t list = lite_vector(file, count, 4, NULL);
	uint32_t next = 0;

	lite_link_element(file, list, next++, write_buffer(file, NULL, 0));
	for (int i = 0; i < model->num_tensors; i++) {
		const struct lite_tensor *tensor = &model->tensors[i];

		if (tensor->data)
			lite_link_element(file, list, next++,
					  write_buffer(file, tensor->data, tensor->bytes));
	}
	if (model->metadata)
		lite_link_element(file, list, next++,
				  write_buffer(file, model->metadata, model->metadata_bytes));
	return list;
}

static size_t write_metadata(struct lite_file *file, uint32_t buffer)
{
	const int sizes[] = { 4, 4 };
	size_t list = lite_vector(file, 1, 4, NULL), table = lite_table(file, 2, sizes);

	lite_link_element(file, list, 0, table);
	lite_set(file, table, 1, 4, buffer);
	lite_link(file, table, 0, lite_string(file, "TFLITE_METADATA"));
	return list;
}

static uint32_t count_buffers(const struct lite_model *model)
{
	uint32_t count = 1 + (model->metadata != NULL);

	for (int i = 0; i < model->num_tensors; i++)
		count += model->tensors[i].data != NULL;
	return count;
}

struct lite_file lite_write(const struct lite_model *model)
{
	const int sizes[] = { 4, 4, 4, model->description ? 4 : 0, 4, 0, model->metadata ? 4 : 0 };
	uint32_t num_subgraphs = model->num_subgraphs ? model->num_subgraphs : 1;
	struct lite_file file = { 0 };
	size_t root, list;

	lite_append(&file, "\0\0\0\0TFL3", 8);
	root = lite_table(&file, 7, sizes);
	put(&file, 0, 4, root);
	lite_set(&file, root, 0, 4, model->version ? model->version : 3);
	list = lite_vector(&file, model->num_operators, 4, NULL);
	lite_link(&file, root, 1, list);
	for (int i = 0; i < model->num_operators; i++)
		lite_link_element(&file, list, i, write_code(&file, &model->operators[i]));
	list = lite_vector(&file, num_subgraphs, 4, NULL);
	lite_link(&file, root, 2, list);
	for (uint32_t i = 0; i < num_subgraphs; i++)
		lite_link_element(&file, list, i, write_subgraph(&file, model));
	if (model->description)
		lite_link(&file, root, 3, lite_string(&file, model->description));
	lite_link(&file, root, 4, write_buffers(&file, model, count_buffers(model)));
	if (model->metadata)
		lite_link(&file, root, 6, write_metadata(&file, count_buffers(model) - 1));
	return file;
}
