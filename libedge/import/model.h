/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMPORT_MODEL_H
#define EDGE_IMPORT_MODEL_H

#include "import/import.h"

/**
 * struct edge_model - a graph as imported, and what it takes to import it again
 * @graph: whole once no input must be bound
 * @data: a copy of the file, kept while inputs must be bound; else NULL
 * @bindings: so far, while inputs must be bound
 * @settings: of the import; @shapes and their names are the model's own
 */
struct edge_model {
	struct edge_graph *graph;
	uint8_t *data;
	size_t size;
	struct edge_binding *bindings;
	size_t num_bindings;
	struct edge_load_settings settings;
};

/* EDGE_INVALID_ARGUMENT, naming the inputs, while some must be bound. */
enum edge_status edge_model_check_bound(const struct edge_model *model, struct edge_error *error);

#endif
