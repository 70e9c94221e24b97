/* SPDX-License-Identifier: MIT */
/* What a network's graph tells about its outputs, beyond their shapes. */
#ifndef EDGE_VISION_ORIGIN_H
#define EDGE_VISION_ORIGIN_H

#include "vision/heads/map.h"

#include "graph/graph.h"

/* Fills origins[i] for output i of @graph, at any stage of compilation. */
enum edge_status edge_origins(const struct edge_graph *graph, unsigned int *origins,
			      struct edge_error *error);

/* Which output of a DetectionPostProcess @output is. */
enum edge_detections_part edge_detections_part(const struct edge_tensor *output);

/* Classes of the DetectionPostProcess of @graph, without background; 0 when it has none. */
int edge_detections_classes(const struct edge_graph *graph);

/* The activation that most nodes have; EDGE_FUNC_IDENTITY when none has one. */
enum edge_func edge_main_activation(const struct edge_graph *graph);

#endif
