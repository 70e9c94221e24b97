/* SPDX-License-Identifier: MIT */
/* Writes small ONNX models for tests. Memory that runs out ends the test program. */
#ifndef UNIT_ONNX_MODEL_H
#define UNIT_ONNX_MODEL_H

#include "edge/edge.h"
#include "import/onnx/onnx.pb-c.h"

/* ONNX's numbers of the types, and open dimensions. */
#define FLOAT ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
#define UINT8 ONNX__TENSOR_PROTO__DATA_TYPE__UINT8
#define INT8 ONNX__TENSOR_PROTO__DATA_TYPE__INT8
#define INT32 ONNX__TENSOR_PROTO__DATA_TYPE__INT32
#define INT64 ONNX__TENSOR_PROTO__DATA_TYPE__INT64
#define OPEN (-1)

/* Dimensions or numbers as an argument: a count and an array. */
#define LIST(...) \
	(int)(sizeof((int64_t[]) { __VA_ARGS__ }) / sizeof(int64_t)), (const int64_t[]) \
	{ \
		__VA_ARGS__ \
	}
#define NONE 0, NULL

Onnx__ModelProto *model_new(int opset);
void model_free(Onnx__ModelProto *model);

/* A dimension that is OPEN has a name instead of a size. */
void model_input(Onnx__ModelProto *model, const char *name, int type, int rank,
		 const int64_t *dims);
void model_output(Onnx__ModelProto *model, const char *name, int type, int rank,
		  const int64_t *dims);

/* @data: of the right size for the shape; NULL for zeroes. */
Onnx__TensorProto *model_floats(Onnx__ModelProto *model, const char *name, int rank,
				const int64_t *dims, const float *data);
Onnx__TensorProto *model_ints(Onnx__ModelProto *model, const char *name, int count,
			      const int64_t *values);

/* Of UINT8, INT8 or INT32, as int32_t whichever it is. */
Onnx__TensorProto *model_numbers(Onnx__ModelProto *model, const char *name, int type, int rank,
				 const int64_t *dims, const int32_t *values);

/* @inputs and @outputs: names with blanks between them; "-" for one that is left out. */
Onnx__NodeProto *model_node(Onnx__ModelProto *model, const char *op, const char *inputs,
			    const char *outputs);
void node_domain(Onnx__NodeProto *node, const char *domain);
void node_int(Onnx__NodeProto *node, const char *name, int64_t value);
void node_float(Onnx__NodeProto *node, const char *name, float value);
void node_string(Onnx__NodeProto *node, const char *name, const char *value);
void node_ints(Onnx__NodeProto *node, const char *name, int count, const int64_t *values);

/* The file's bytes, to be freed. */
uint8_t *model_pack(const Onnx__ModelProto *model, size_t *size);

/* Packs and loads the model as "test.onnx". */
enum edge_status model_load(const Onnx__ModelProto *model,
			    const struct edge_load_settings *settings, struct edge_model **loaded,
			    struct edge_error *error);

#endif
