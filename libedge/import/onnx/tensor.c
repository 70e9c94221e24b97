// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "import/onnx/onnx.h"

static const struct {
	const char *name;
	enum edge_type type;
} types[] = {
	[ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT] = { "float", EDGE_F32 },
	[ONNX__TENSOR_PROTO__DATA_TYPE__UINT8] = { "uint8", EDGE_U8 },
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT8] = { "int8", EDGE_I8 },
	[ONNX__TENSOR_PROTO__DATA_TYPE__UINT16] = { "uint16", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT16] = { "int16", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT32] = { "int32", EDGE_I32 },
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT64] = { "int64", EDGE_I64 },
	[ONNX__TENSOR_PROTO__DATA_TYPE__STRING] = { "string", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__BOOL] = { "bool", EDGE_BOOL },
	[ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16] = { "float16", EDGE_F16 },
	[ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE] = { "double", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__UINT32] = { "uint32", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__UINT64] = { "uint64", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__COMPLEX64] = { "complex64", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__COMPLEX128] = { "complex128", EDGE_TYPE_NONE },
	[ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16] = { "bfloat16", EDGE_TYPE_NONE },
};

#define NUM_TYPES (sizeof(types) / sizeof(types[0]))

enum edge_type onnx_type(int32_t data_type)
{
	return data_type > 0 && data_type < NUM_TYPES ? types[data_type].type : EDGE_TYPE_NONE;
}

const char *onnx_type_name(int32_t data_type)
{
	return data_type > 0 && data_type < NUM_TYPES ? types[data_type].name : "unknown";
}

static const char *proto_name(const Onnx__TensorProto *proto)
{
	return proto->name ? proto->name : "";
}

/* Bytes of the tensor's elements, after checks of all that the size is made of. */
static enum edge_status measure(struct onnx_import *import, const Onnx__TensorProto *proto,
				int64_t *elements, size_t *bytes)
{
	size_t element_size = edge_type_size(onnx_type(proto->data_type));
	const struct edge_limits *limits = import->source->settings->limits;
	uint64_t max = limits->tensor_bytes / (element_size ? element_size : 1);

	if (proto->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "the weights '%s' lie in another file; save the model with its "
				 "weights inside",
				 proto_name(proto));
	if (!element_size)
		return edge_fail(
			import->error, EDGE_UNSUPPORTED,
			"the constant '%s' has the type %s, which is not supported; convert "
			"the model to float",
			proto_name(proto), onnx_type_name(proto->data_type));
	if (proto->n_dims > EDGE_MAX_RANK)
		return edge_fail(import->error, EDGE_UNSUPPORTED,
				 "the constant '%s' has %zu dimensions, and %d are supported",
				 proto_name(proto), proto->n_dims, EDGE_MAX_RANK);
	*elements = 1;
	for (size_t i = 0; i < proto->n_dims; i++) {
		if (proto->dims[i] < 0)
			return edge_fail(import->error, EDGE_BAD_FORMAT,
					 "the constant '%s' has a negative dimension",
					 proto_name(proto));
		if (proto->dims[i] && *elements > (int64_t)(max / proto->dims[i]))
			return edge_fail(import->error, EDGE_LIMIT_EXCEEDED,
					 "the constant '%s' has %s", proto_name(proto),
					 EDGE_OVER(limits, tensor_bytes));
		*elements *= proto->dims[i];
	}
	*bytes = *elements * element_size;
	return EDGE_OK;
}

/* The elements as int32_data has them: those of the types that are no larger. */
static void narrow(enum edge_type type, const int32_t *from, int64_t count, void *to)
{
	switch (type) {
	case EDGE_F16: /* the bits of the number */
		for (int64_t i = 0; i < count; i++)
			((uint16_t *)to)[i] = from[i];
		break;
	case EDGE_I32:
		memcpy(to, from, count * sizeof(*from));
		break;
	case EDGE_BOOL:
		for (int64_t i = 0; i < count; i++)
			((uint8_t *)to)[i] = from[i] != 0;
		break;
	default:
		for (int64_t i = 0; i < count; i++)
			((uint8_t *)to)[i] = from[i];
		break;
	}
}

static enum edge_status wrong_size(struct onnx_import *import, const Onnx__TensorProto *proto)
{
	return edge_fail(import->error, EDGE_BAD_FORMAT,
			 "the constant '%s' has more or less data than its shape says; the file is "
			 "damaged",
			 proto_name(proto));
}

/* Raw data need not be copied: malloc() has aligned it, and the file has our byte order. */
static enum edge_status take_raw(struct onnx_import *import, Onnx__TensorProto *proto, size_t bytes,
				 void **data)
{
	if (proto->raw_data.len != bytes)
		return wrong_size(import, proto);
	*data = proto->raw_data.data;
	proto->raw_data.data = NULL;
	proto->raw_data.len = 0;
	if (proto->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL) {
		for (size_t i = 0; i < bytes; i++)
			((uint8_t *)*data)[i] = ((uint8_t *)*data)[i] != 0;
	}
	return EDGE_OK;
}

static enum edge_status copy_typed(struct onnx_import *import, const Onnx__TensorProto *proto,
				   int64_t elements, size_t bytes, void **data)
{
	enum edge_type type = onnx_type(proto->data_type);
	size_t count = type == EDGE_F32	  ? proto->n_float_data
		       : type == EDGE_I64 ? proto->n_int64_data
					  : proto->n_int32_data;

	if (count != (size_t)elements)
		return wrong_size(import, proto);
	*data = malloc(bytes ? bytes : 1);
	if (!*data)
		return edge_fail_memory(import->error);
	if (!bytes)
		return EDGE_OK;
	if (type == EDGE_F32)
		memcpy(*data, proto->float_data, bytes);
	else if (type == EDGE_I64)
		memcpy(*data, proto->int64_data, bytes);
	else
		narrow(type, proto->int32_data, elements, *data);
	return EDGE_OK;
}

enum edge_status onnx_tensor_add(struct onnx_import *import, Onnx__TensorProto *proto,
				 const char *name, struct edge_tensor **tensor)
{
	enum edge_type type = onnx_type(proto->data_type);
	enum edge_status status;
	int64_t elements = 0;
	void *data = NULL;
	size_t bytes = 0;

	status = measure(import, proto, &elements, &bytes);
	if (status)
		return status;
	if (proto->raw_data.len || (proto->has_raw_data && !bytes))
		status = take_raw(import, proto, bytes, &data);
	else
		status = copy_typed(import, proto, elements, bytes, &data);
	if (status)
		return status;
	*tensor = edge_graph_add_constant(import->graph, name, type, proto->n_dims, proto->dims,
					  data);
	return *tensor ? EDGE_OK : edge_fail_memory(import->error);
}
