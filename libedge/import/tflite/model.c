// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/limits.h"
#include "import/tflite/tflite.h"

static const struct {
	const char *name;
	enum edge_type type;
} types[] = {
	{ "float32", EDGE_F32 },	 { "float16", EDGE_F16 },
	{ "int32", EDGE_I32 },		 { "uint8", EDGE_U8 },
	{ "int64", EDGE_I64 },		 { "string", EDGE_TYPE_NONE },
	{ "bool", EDGE_BOOL },		 { "int16", EDGE_TYPE_NONE },
	{ "complex64", EDGE_TYPE_NONE }, { "int8", EDGE_I8 },
	{ "float64", EDGE_TYPE_NONE },	 { "complex128", EDGE_TYPE_NONE },
	{ "uint64", EDGE_TYPE_NONE },	 { "resource", EDGE_TYPE_NONE },
	{ "variant", EDGE_TYPE_NONE },	 { "uint32", EDGE_TYPE_NONE },
	{ "uint16", EDGE_TYPE_NONE },	 { "int4", EDGE_TYPE_NONE },
};

#define NUM_TYPES ((int)(sizeof(types) / sizeof(types[0])))

enum edge_type tflite_type(int type)
{
	return type >= 0 && type < NUM_TYPES ? types[type].type : EDGE_TYPE_NONE;
}

const char *tflite_type_name(int type)
{
	return type >= 0 && type < NUM_TYPES ? types[type].name : "unknown";
}

enum edge_status tflite_check(struct tflite_import *import)
{
	const struct flatbuffer *buffer = &import->buffer;

	if (!buffer->problem)
		return EDGE_OK;
	return edge_fail(
		import->error, EDGE_BAD_FORMAT,
		"the TensorFlow Lite data ends early or is damaged: %s, at byte %zu; fetch "
		"or convert the file again",
		buffer->problem, buffer->where);
}

enum edge_status tflite_open(struct tflite_import *import)
{
	struct fb_vector subgraphs;
	uint32_t version;

	import->model = fb_root(&import->buffer);
	version = fb_u32(import->model, TFLITE_MODEL_VERSION, 0);
	import->codes = fb_vector(import->model, TFLITE_MODEL_OPERATOR_CODES, 4);
	import->buffers = fb_vector(import->model, TFLITE_MODEL_BUFFERS, 4);
	subgraphs = fb_vector(import->model, TFLITE_MODEL_SUBGRAPHS, 4);
	if (subgraphs.count)
		import->subgraph = fb_vector_table(subgraphs, 0);
	import->operators = fb_vector(import->subgraph, TFLITE_SUBGRAPH_OPERATORS, 4);
	if (tflite_check(import))
		return EDGE_BAD_FORMAT;
	if (version != 3)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "version %u of the schema; convert the model with a TensorFlow "
				 "that writes version 3",
				 version);
	if (!subgraphs.count)
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "there is no subgraph in it; the file is damaged");
	if (subgraphs.count > 1)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "%u subgraphs, as control flow makes them; convert the model "
				 "without If and While",
				 subgraphs.count);
	if (import->operators.count > import->source->settings->limits->nodes)
		return edge_fail(import->error, EDGE_LIMIT_EXCEEDED, "%u operators, %s",
				 import->operators.count,
				 EDGE_OVER(import->source->settings->limits, nodes));
	return EDGE_OK;
}

enum edge_status tflite_buffer(struct tflite_import *import, uint32_t index, const uint8_t **data,
			       uint64_t *size)
{
	struct fb_table table = { 0 };
	struct fb_vector bytes;
	uint64_t offset;

	*data = NULL;
	*size = 0;
	if (index >= import->buffers.count)
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "there is no buffer %u; the file is damaged", index);
	table = fb_vector_table(import->buffers, index);
	bytes = fb_vector(table, TFLITE_BUFFER_DATA, 1);
	/* Of large models: behind the FlatBuffer, counted from the start of the file. */
	offset = fb_u64(table, TFLITE_BUFFER_OFFSET, 0);
	if (tflite_check(import))
		return EDGE_BAD_FORMAT;
	if (offset > 1) {
		*size = fb_u64(table, TFLITE_BUFFER_SIZE, 0);
		if (offset > import->buffer.size || *size > import->buffer.size - offset)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "buffer %u lies outside; the file is cut off or damaged",
					 index);
		*data = *size ? import->buffer.data + offset : NULL;
	} else if (bytes.count) {
		*size = bytes.count;
		*data = bytes.data;
	}
	return tflite_check(import);
}

const char *tflite_value_name(const struct tflite_import *import, uint32_t index, char *text,
			      size_t size)
{
	if (index < import->num_values && import->values[index].name)
		snprintf(text, size, "tensor '%s'", import->values[index].name);
	else
		snprintf(text, size, "tensor %u", index);
	return text;
}

/* What is open is -1, in the signature, if there is one. */
static enum edge_status read_shape(struct tflite_import *import, struct fb_table table,
				   uint32_t index)
{
	struct fb_vector shape = fb_vector(table, TFLITE_TENSOR_SHAPE, 4);
	struct fb_vector signature = fb_vector(table, TFLITE_TENSOR_SHAPE_SIGNATURE, 4);
	struct tflite_value *value = &import->values[index];
	char name[128];

	if (shape.count > EDGE_MAX_RANK)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "%s has %u dimensions, and %d are supported",
				 tflite_value_name(import, index, name, sizeof(name)), shape.count,
				 EDGE_MAX_RANK);
	value->rank = shape.count;
	for (uint32_t i = 0; i < shape.count; i++) {
		value->dims[i] = fb_vector_i32(shape, i);
		if (signature.count == shape.count && fb_vector_i32(signature, i) < 0)
			value->dims[i] = -1;
		if (value->dims[i] < -1)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "%s has the dimension %lld; the file is damaged",
					 tflite_value_name(import, index, name, sizeof(name)),
					 (long long)value->dims[i]);
	}
	return EDGE_OK;
}

/* Bytes of the value's elements; false for an open shape, or one whose size cannot be counted. */
static bool measure(const struct tflite_value *value, uint64_t *bytes)
{
	*bytes = edge_type_size(value->type);
	for (int i = 0; i < value->rank; i++) {
		if (value->dims[i] < 0 ||
		    __builtin_mul_overflow(*bytes, (uint64_t)value->dims[i], bytes))
			return false;
	}
	return true;
}

static enum edge_status read_data(struct tflite_import *import, struct fb_table table,
				  uint32_t index)
{
	struct tflite_value *value = &import->values[index];
	enum edge_status status;
	uint64_t size, bytes;
	char name[128];

	status = tflite_buffer(import, fb_u32(table, TFLITE_TENSOR_BUFFER, 0), &value->data, &size);
	if (status)
		return edge_fail_in(import->error, status, "%s",
				    tflite_value_name(import, index, name, sizeof(name)));
	if (!value->data)
		return EDGE_OK;
	value->constant = true;
	if (value->type && (!measure(value, &bytes) || bytes != size))
		return edge_fail(
			import->error, EDGE_BAD_FORMAT,
			"%s has more or less data than its shape says; the file is damaged",
			tflite_value_name(import, index, name, sizeof(name)));
	return EDGE_OK;
}

static void read_quantization(struct fb_table table, struct tflite_value *value)
{
	struct fb_table quant = fb_table(table, TFLITE_TENSOR_QUANTIZATION);

	value->scales = fb_vector(quant, TFLITE_QUANTIZATION_SCALE, 4);
	value->zero_points = fb_vector(quant, TFLITE_QUANTIZATION_ZERO_POINT, 8);
	value->quant_axis = fb_i32(quant, TFLITE_QUANTIZATION_DIMENSION, 0);
}

static enum edge_status read_value(struct tflite_import *import, struct fb_table table,
				   uint32_t index)
{
	struct tflite_value *value = &import->values[index];
	enum edge_status status;
	char name[128];

	value->name = fb_string(table, TFLITE_TENSOR_NAME);
	value->file_type = fb_i8(table, TFLITE_TENSOR_TYPE, 0);
	value->type = tflite_type(value->file_type);
	read_quantization(table, value);
	status = read_shape(import, table, index);
	if (!status)
		status = tflite_check(import);
	if (status)
		return status;
	if (fb_bool(table, TFLITE_TENSOR_IS_VARIABLE, false))
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "%s is a variable, which keeps its value from run to run; convert "
				 "the model without state",
				 tflite_value_name(import, index, name, sizeof(name)));
	if (fb_has(table, TFLITE_TENSOR_SPARSITY))
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "%s is sparse; convert the model with dense weights",
				 tflite_value_name(import, index, name, sizeof(name)));
	return read_data(import, table, index);
}

enum edge_status tflite_values_create(struct tflite_import *import)
{
	struct fb_vector tensors = fb_vector(import->subgraph, TFLITE_SUBGRAPH_TENSORS, 4);
	const struct edge_limits *limits = import->source->settings->limits;
	enum edge_status status = EDGE_OK;

	if (tensors.count > limits->tensors)
		return edge_fail(import->error, EDGE_LIMIT_EXCEEDED, "%u tensors, %s",
				 tensors.count, EDGE_OVER(limits, tensors));
	import->values = calloc((size_t)tensors.count + 1, sizeof(*import->values));
	if (!import->values)
		return edge_fail_memory(import->error);
	import->num_values = tensors.count;
	for (uint32_t i = 0; i < tensors.count && !status; i++)
		status = read_value(import, fb_vector_table(tensors, i), i);
	return status ? status : tflite_check(import);
}

void tflite_values_destroy(struct tflite_import *import)
{
	free(import->values);
	import->values = NULL;
	import->num_values = 0;
}

enum edge_status tflite_code(struct tflite_import *import, uint32_t index, struct tflite_code *code)
{
	struct fb_table table = { 0 };
	int old, new;

	if (index < import->codes.count)
		table = fb_vector_table(import->codes, index);
	old = fb_u8(table, TFLITE_CODE_OLD_BUILTIN, 0);
	new = fb_i32(table, TFLITE_CODE_BUILTIN, 0);
	/* The old field has no room for what has come since; the new one is missing from old files. */
	code->code = new > old ? new : old;
	code->custom = code->code == TFLITE_CUSTOM ? fb_string(table, TFLITE_CODE_CUSTOM) : NULL;
	code->name = code->custom ? code->custom : tflite_builtin_name(code->code);
	if (tflite_check(import))
		return EDGE_BAD_FORMAT;
	if (!fb_present(table))
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "there is no operator code %u; the file is damaged", index);
	return EDGE_OK;
}
