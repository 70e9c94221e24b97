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
 * for. What is sure afterwards, besides what stands beside the stages:
 * - params are resolved as edge_infer_node() leaves them, and every type and shape is the one that
 *   it infers; no node reads a dynamic tensor;
 * - constants are dense; those without data are read only by nodes that have packed constants, and
 *   which of their inputs such nodes need is for their back end to check;
 * - no stride, not even of a dimension of one element, is longer than its storage (but for empty
 *   tensors); what a node writes has a place for each element, outside constants and graph inputs;
 * - a node that is a view has outputs that show exactly what it would have computed, and only such
 *   nodes make tensors share a storage.
 * Tensors that nothing uses are not looked at. Takes time in proportion to the graph's size, times
 * its logarithm.
 *
 * Return: EDGE_OK, EDGE_OUT_OF_MEMORY, what edge_infer_node() returns, or EDGE_BAD_FORMAT with the
 * node or tensor and what is wrong with it.
 */
enum edge_status edge_verify(struct edge_graph *graph, enum edge_stage stage,
			     struct edge_error *error);

#endif
