/* SPDX-License-Identifier: MIT */
/* What a model tells about the values that its input holds. */
#ifndef EDGE_VISION_NORMALISE_H
#define EDGE_VISION_NORMALISE_H

#include "graph/graph.h"
#include "vision/preprocess.h"

/**
 * edge_normalise() - set mean, scale, step and zero point for the one input of @graph
 * @settings: of the family; scale 0 where that says nothing of mean and scale
 *
 * What the model's metadata says of mean and scale comes before what the family says.
 */
void edge_normalise(const struct edge_graph *graph, struct edge_preprocess_settings *settings);

#endif
