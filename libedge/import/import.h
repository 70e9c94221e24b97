/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMPORT_IMPORT_H
#define EDGE_IMPORT_IMPORT_H

#include "edge/model.h"
#include "graph/graph.h"

/**
 * struct edge_importer - a model format
 * @name: "onnx"
 * @recognise: whether the bytes look like this format
 * @import: build the graph. @path names the file in messages and finds files beside it; @settings
 *is never NULL and its limits are filled in. The graph need not be inferred: edge_import() does
 *that.
 * @operators: ends with an entry whose name is NULL
 */
struct edge_importer {
	const char *name;
	bool (*recognise)(const uint8_t *data, size_t size);
	enum edge_status (*import)(const uint8_t *data, size_t size, const char *path,
				   const struct edge_load_settings *settings,
				   struct edge_graph **graph, struct edge_error *error);
	const struct edge_operator *operators;
};

extern const struct edge_importer edge_importer_onnx;
extern const struct edge_importer edge_importer_darknet;

/**
 * edge_import() - recognise the format, import, apply the shapes of @settings
 *
 * The graph may still have inputs that must be bound before its shapes can be inferred.
 */
enum edge_status edge_import(const uint8_t *data, size_t size, const char *path,
			     const struct edge_load_settings *settings, struct edge_graph **graph,
			     struct edge_error *error);

#endif
