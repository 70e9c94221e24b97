/* SPDX-License-Identifier: MIT */
#ifndef EDGE_GRAPH_VERIFY_H
#define EDGE_GRAPH_VERIFY_H

#include "graph/graph.h"

/* How far a graph has come; each stage includes the checks of those before. */
enum edge_stage {
	EDGE_STAGE_IMPORTED, /* links, names, ids and order are sound; shapes agree with inference
			      */
	EDGE_STAGE_LAID_OUT, /* orders are permutations; every view lies inside its storage */
	EDGE_STAGE_PLANNED, /* storages lie inside their memory and, while both live, do not overlap
			     */
};

/**
 * edge_verify() - check everything that later code relies on
 *
 * May follow any pass, and follows the loading of a program file, whose bytes nobody has vouched
 * for.
 *
 * Return: EDGE_OK, or EDGE_BAD_FORMAT with the node or tensor and what is wrong with it.
 */
enum edge_status edge_verify(struct edge_graph *graph, enum edge_stage stage,
			     struct edge_error *error);

#endif
