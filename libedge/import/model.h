/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMPORT_MODEL_H
#define EDGE_IMPORT_MODEL_H

#include "import/import.h"

/**
 * struct edge_model - a graph as imported, and what it takes to import it again
 * @graph: whole once no input must be bound
 * @data: a copy of the file; this and what follows is kept while inputs must be bound, then NULL
 * @size: of @data
 * @settings: of the import, with shapes and their names that the model owns
 * @limits: what @settings points to
 * @bindings: so far; the model owns names and values
 * @num_bindings: how many
 */
struct edge_model {
	struct edge_graph *graph;
	uint8_t *data;
	size_t size;
	struct edge_load_settings settings;
	struct edge_limits limits;
	struct edge_binding *bindings;
	size_t num_bindings;
};

/* EDGE_INVALID_ARGUMENT, naming an input, while some must be bound. */
enum edge_status edge_model_check_bound(const struct edge_model *model, struct edge_error *error);

#endif
