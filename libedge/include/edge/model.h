/* SPDX-License-Identifier: MIT */
#ifndef EDGE_MODEL_H
#define EDGE_MODEL_H

#include <stdbool.h>
#include <stdio.h>

#include "edge/limits.h"
#include "edge/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An imported detector: a graph of nodes, as the file states it. */
struct edge_model;

/**
 * struct edge_input_shape - fixes the shape of an input
 * @name: of the input; NULL for the first
 * @rank: 0 to EDGE_MAX_RANK
 * @dims: where the file states one, the same
 */
struct edge_input_shape {
	const char *name;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
};

/**
 * struct edge_load_settings - how to read a model file
 * @weights: path of the weights of a Darknet cfg; NULL for the file of the same name that ends in
 *	.weights
 * @random_weights: give a Darknet cfg random weights (He) instead, for measuring
 * @shapes: shapes for inputs whose dimensions the file leaves open; a batch left open is 1
 * @num_shapes: how many
 * @limits: what the file may ask for; NULL for the defaults
 *
 * Set by edge_load_settings_default(), which zeroes @reserved.
 */
struct edge_load_settings {
	const char *weights;
	bool random_weights;
	const struct edge_input_shape *shapes;
	size_t num_shapes;
	const struct edge_limits *limits;
	uint32_t reserved[18];
};

EDGE_API void edge_load_settings_default(struct edge_load_settings *settings);

/**
 * edge_model_load() - import the detector in the file @path
 * @settings: NULL for the defaults
 * @model: set on success; release with edge_model_destroy()
 *
 * The format is recognised from the bytes: ONNX (opset 7 to 21), TensorFlow Lite, or
 * Darknet (cfg and weights).
 *
 * Return: EDGE_OK; EDGE_IO_ERROR, EDGE_BAD_FORMAT, EDGE_UNSUPPORTED (the message names the node,
 * its operator and the reason), EDGE_LIMIT_EXCEEDED or EDGE_OUT_OF_MEMORY.
 */
EDGE_API enum edge_status edge_model_load(const char *path,
					  const struct edge_load_settings *settings,
					  struct edge_model **model, struct edge_error *error);

/* edge_model_load() for the @size bytes at @data, which are no longer needed when it returns; @name
 * stands for the path in messages. */
EDGE_API enum edge_status edge_model_load_memory(const void *data, size_t size, const char *name,
						 const struct edge_load_settings *settings,
						 struct edge_model **model,
						 struct edge_error *error);

/* Accepts NULL. Programs compiled from the model live on. */
EDGE_API void edge_model_destroy(struct edge_model *model);

/* Bound inputs count no longer. */
EDGE_API size_t edge_model_num_inputs(const struct edge_model *model);
EDGE_API size_t edge_model_num_outputs(const struct edge_model *model);

/* Input or output @index; EDGE_INVALID_ARGUMENT when there is none. What is not known before an
 * input is bound is a rank of -1 or a dimension of -1. */
EDGE_API enum edge_status edge_model_input(const struct edge_model *model, size_t index,
					   struct edge_tensor_info *info);
EDGE_API enum edge_status edge_model_output(const struct edge_model *model, size_t index,
					    struct edge_tensor_info *info);

/* Whether the values of input @index decide shapes or axes in the graph, so that it must be bound
 * before the model is compiled. */
EDGE_API bool edge_model_input_must_be_bound(const struct edge_model *model, size_t index);

/**
 * edge_model_bind_input() - turn the input @name into a constant
 * @value: of the input's type and shape, dense in row-major order; copied
 *
 * Where the input must be bound, dimensions that the model leaves open take those of @value.
 *
 * Return: EDGE_OK; EDGE_INVALID_ARGUMENT; or an error of edge_model_load(), as the nodes that
 * waited for the value are imported now. The model is as before when it fails.
 */
EDGE_API enum edge_status edge_model_bind_input(struct edge_model *model, const char *name,
						const struct edge_view *value,
						struct edge_error *error);

/* The value of the metadata entry @key ("names", "producer", ...), or NULL. */
EDGE_API const char *edge_model_metadata(const struct edge_model *model, const char *key);

enum edge_dump_format {
	EDGE_DUMP_TEXT, /* a line a node */
	EDGE_DUMP_DOT, /* Graphviz */
};

/* Writes the graph to @file, which stays open; EDGE_IO_ERROR when that fails. */
EDGE_API enum edge_status edge_model_dump(const struct edge_model *model,
					  enum edge_dump_format format, FILE *file,
					  struct edge_error *error);

/**
 * struct edge_operator - an operator that an importer knows
 * @format: "darknet", "onnx", "tflite"
 * @name: as the format spells it, with its domain before a colon if it has one
 * @since: first version (opset) of it that is supported; 0 where the format has no versions
 * @note: what of it is not supported, or NULL
 */
struct edge_operator {
	const char *format;
	const char *name;
	int since;
	const char *note;
};

/* The table of operators, sorted by format and name; NULL past its end. */
EDGE_API const struct edge_operator *edge_operator_at(size_t index);

#ifdef __cplusplus
}
#endif

#endif
