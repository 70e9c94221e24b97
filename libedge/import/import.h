/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMPORT_IMPORT_H
#define EDGE_IMPORT_IMPORT_H

#include "edge/model.h"
#include "graph/graph.h"

/* The value that an input has been turned into. */
struct edge_binding {
	const char *name;
	struct edge_view value; /* dense, row-major */
};

/**
 * struct edge_source - a model file and what the caller has said about it
 * @data: the file's bytes
 * @size: how many
 * @path: names the file in messages and finds files beside it
 * @settings: never NULL, its limits are filled in
 * @bindings: inputs that are constants; an importer that never sets edge_tensor.must_bind sees none
 * @num_bindings: how many
 */
struct edge_source {
	const uint8_t *data;
	size_t size;
	const char *path;
	const struct edge_load_settings *settings;
	const struct edge_binding *bindings;
	size_t num_bindings;
};

/**
 * struct edge_importer - a model format
 * @name: "onnx"
 * @recognise: whether the bytes look like this format
 * @import: build the graph, with edge_import_inputs() as soon as its inputs are there. The graph
 *	need not be inferred: edge_import() does that.
 * @operators: ends with an entry whose name is NULL
 */
struct edge_importer {
	const char *name;
	bool (*recognise)(const uint8_t *data, size_t size);
	enum edge_status (*import)(const struct edge_source *source, struct edge_graph **graph,
				   struct edge_error *error);
	const struct edge_operator *operators;
};

/*
 * Besides the file's own metadata an importer leaves "format" (its name) and, where known,
 * "producer". Darknet's detection layers become metadata and leave their input as an output of the
 * graph: for output N, in text, numbers separated by commas,
 *
 *	darknet.head.N.type		"yolo" or "region"
 *	darknet.head.N.classes
 *	darknet.head.N.anchors		width and height of those of this layer (its mask applied):
 *					pixels of the input for yolo, cells for region
 *	darknet.head.N.scale_x_y	1 if the layer does not say
 *	darknet.head.N.new_coords	1: the convolution before has done the sigmoids; else 0
 *	darknet.head.N.softmax		of region: 1 for softmax over the classes, 0 for sigmoids
 *
 * and of the input, RGB from 0 to 1,
 *
 *	darknet.letter_box		0: images are resized to it; 1: letterboxed
 *
 * TensorFlow Lite's Metadata becomes "name", "description", "version", "author", "license", "names"
 * (a list of the classes' labels, which are packed with the file), and, of input or output N in the
 * order of the file,
 *
 *	tflite.input.N.name, tflite.output.N.name
 *	tflite.input.N.mean, .std	inputs of floats are (pixel - mean) / std, pixels from 0 to
 *					255: a number, or one for each channel
 */
extern const struct edge_importer edge_importer_onnx;
extern const struct edge_importer edge_importer_darknet;
extern const struct edge_importer edge_importer_tflite;

/**
 * edge_import_inputs() - give the inputs of @graph the shapes and values that @source states
 *
 * For importers. A dimension that the file leaves open is -1, a rank that it leaves open -1.
 * Settings fix them, a binding turns the input into a constant, and a first dimension that is still
 * open, the batch, becomes 1 where there are others. Only inputs of one dimension, which may have
 * to be bound, can still be open afterwards.
 *
 * Return: EDGE_OK; EDGE_INVALID_ARGUMENT when @source contradicts the graph; EDGE_UNSUPPORTED when
 * the caller has to state a shape; EDGE_LIMIT_EXCEEDED.
 */
enum edge_status edge_import_inputs(const struct edge_source *source, struct edge_graph *graph,
				    struct edge_error *error);

/**
 * edge_import_bind() - turn the input @tensor of @graph into a constant
 * @value: dense, row-major; copied
 *
 * Return: EDGE_OK; EDGE_INVALID_ARGUMENT when type or shape do not agree; EDGE_OUT_OF_MEMORY.
 */
enum edge_status edge_import_bind(struct edge_graph *graph, struct edge_tensor *tensor,
				  const struct edge_view *value, struct edge_error *error);

/**
 * edge_import() - recognise the format, import, infer shapes
 *
 * Messages begin with the path. When inputs of @graph must be bound (edge_tensor.must_bind), the
 * nodes whose shapes they decide are missing, and shapes of outputs may be unknown.
 */
enum edge_status edge_import(const struct edge_source *source, struct edge_graph **graph,
			     struct edge_error *error);

#endif
