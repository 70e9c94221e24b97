/* SPDX-License-Identifier: MIT */
/*
 * Darknet (J. Redmon; A. Bochkovskiy's continuation, https://github.com/AlexeyAB/darknet) to graph:
 * a section of the cfg is a layer, whose output later layers name by its index.
 *
 * Shapes are inferred while the graph is built, because the sizes of weights and paddings follow
 * from them.
 */
#ifndef EDGE_IMPORT_DARKNET_DARKNET_H
#define EDGE_IMPORT_DARKNET_DARKNET_H

#include "base/error.h"
#include "import/darknet/cfg.h"
#include "import/darknet/weights.h"
#include "import/import.h"

/**
 * struct darknet_import - an import under way
 * @section: of the layer that is being built
 * @layer: its index; the section [net] has none
 * @x: the output of the layer before: a tensor of rank 4; NULL behind a detection layer
 * @outputs: of each layer so far
 * @num_heads: detection layers so far
 */
struct darknet_import {
	const struct edge_source *source;
	struct darknet_cfg cfg;
	struct darknet_weights weights;
	struct edge_graph *graph;
	const struct darknet_section *section;
	int layer;
	struct edge_tensor *x;
	struct edge_tensor **outputs;
	int num_heads;
	struct edge_error *error;
};

/* Adds the nodes of a layer; sets @y, which may be import->x where the layer does nothing. */
typedef enum edge_status darknet_layer_fn(struct darknet_import *import, struct edge_tensor **y);

darknet_layer_fn darknet_convolutional, darknet_connected;
darknet_layer_fn darknet_max_pool, darknet_average_pool, darknet_local_average_pool;
darknet_layer_fn darknet_upsample, darknet_route, darknet_reorg, darknet_reorg3d;
darknet_layer_fn darknet_shortcut, darknet_scale_channels, darknet_sam;
darknet_layer_fn darknet_activation, darknet_softmax;
darknet_layer_fn darknet_yolo, darknet_region;

/* "layer 3 [convolutional] at line 40: " and what is wrong with it. */
enum edge_status darknet_fail(const struct darknet_import *import, enum edge_status status,
			      const char *format, ...) EDGE_PRINTF(3, 4);

/* Options of the layer: @otherwise where it does not say; refused outside @least to @most. */
enum edge_status darknet_int(const struct darknet_import *import, const char *key, int otherwise,
			     int least, int most, int *value);
enum edge_status darknet_float(const struct darknet_import *import, const char *key,
			       float otherwise, float *value);
const char *darknet_text(const struct darknet_import *import, const char *key);

/* Takes one more number out of the list at *@list, separated by commas; false at its end. */
enum edge_status darknet_list_next(const struct darknet_import *import, const char *key,
				   const char **list, float *value, bool *more);

/* Refuses the layer when one of @keys, which ends with NULL, is there and not 0. */
enum edge_status darknet_refuse(const struct darknet_import *import, const char *const *keys);

/* The layer that number @index of the option @key names: below zero from here backwards. */
enum edge_status darknet_layer_at(const struct darknet_import *import, const char *key, float index,
				  struct edge_tensor **output);

/*
 * Adding a node takes three calls: this one, which names it for the layer and @what; setting params
 * and further inputs; darknet_end_node(). NULL when memory or the limit of nodes is exhausted, told
 * by darknet_no_node().
 */
struct edge_node *darknet_begin_node(struct darknet_import *import, enum edge_op op,
				     const char *what, struct edge_tensor *x, int num_inputs);
enum edge_status darknet_no_node(const struct darknet_import *import);
enum edge_status darknet_end_node(struct darknet_import *import, struct edge_node *node,
				  struct edge_tensor **y);

/* A node that needs no more than a second input, or none where @other is NULL. */
enum edge_status darknet_binary(struct darknet_import *import, enum edge_binary func,
				struct edge_tensor *x, struct edge_tensor *other,
				struct edge_tensor **y);
enum edge_status darknet_reshape(struct darknet_import *import, const char *what,
				 struct edge_tensor *x, const int64_t *dims,
				 struct edge_tensor **y);

/* The activation that the layer names, @otherwise if it names none. */
enum edge_status darknet_activate(struct darknet_import *import, const char *otherwise,
				  struct edge_tensor *x, struct edge_tensor **y);

/* A constant of the next numbers in the weights; random ones are all @random, or where that is NAN
 * as for a sum of @fan_in products. */
enum edge_status darknet_constant(struct darknet_import *import, const char *what, int rank,
				  const int64_t *dims, float random, int64_t fan_in,
				  struct edge_tensor **constant);

#endif
