/* SPDX-License-Identifier: MIT */
/* The parts of edge_verify(), in the order in which they run: each relies on those before. */
#ifndef EDGE_GRAPH_VERIFY_STAGES_H
#define EDGE_GRAPH_VERIFY_STAGES_H

#include "graph/verify.h"

/* What a tensor is used for, collected by edge_verify_links(). */
enum edge_use {
	EDGE_USE_INPUT = 1 << 0, /* of the graph */
	EDGE_USE_OUTPUT = 1 << 1, /* of the graph */
	EDGE_USE_PRODUCED = 1 << 2, /* output of a node */
	EDGE_USE_CONSUMED = 1 << 3, /* input of a node */
	EDGE_USE_PACKED = 1 << 4,
	EDGE_USE_STORAGE = 1 << 5, /* another tensor lies in it */
	EDGE_USE_VIEW = 1 << 6, /* edge_verify_views(): placed by a node that is a view */
};

/* @uses: enum edge_use of each tensor; tensors without any are not looked at */
struct edge_verifier {
	struct edge_graph *graph;
	unsigned char *uses;
	struct edge_error *error;
};

/* EDGE_BAD_FORMAT: "tensor 'NAME': " or "node 'NAME' (OP): " and what is wrong. */
enum edge_status edge_verify_fail_tensor(const struct edge_verifier *verifier,
					 const struct edge_tensor *tensor, const char *what);
enum edge_status edge_verify_fail_node(const struct edge_verifier *verifier,
				       const struct edge_node *node, const char *what);

/* Ids, names, and that all pointers lead into the graph and back; the order of nodes. */
enum edge_status edge_verify_links(struct edge_verifier *verifier);

/* Every tensor's own shape, constants and quantisation; shapes agree with inference. */
enum edge_status edge_verify_shapes(struct edge_verifier *verifier);

/* Orders are permutations; every tensor lies inside a storage that is a root. */
enum edge_status edge_verify_layout(struct edge_verifier *verifier);

/* Nodes that are views have outputs that show what they would have computed; only they make tensors
 * share storages. */
enum edge_status edge_verify_views(struct edge_verifier *verifier);

/* Storages lie inside their memory and do not overlap while both live. */
enum edge_status edge_verify_plan(struct edge_verifier *verifier);

#endif
