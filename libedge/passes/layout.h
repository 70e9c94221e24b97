/* SPDX-License-Identifier: MIT */
/* What operators ask of the layout of their inputs: shared by edge_pass_layout(), which chooses
 * orders, and edge_pass_views(), which chooses strides. */
#ifndef EDGE_PASSES_LAYOUT_H
#define EDGE_PASSES_LAYOUT_H

#include "graph/graph.h"

/**
 * enum edge_role - what an input is to its node, or an output
 * @EDGE_ROLE_FREE: an input that is read in any layout; an output that is row-major
 * @EDGE_ROLE_CHANNELS_LAST: the channels are innermost and next to each other
 * @EDGE_ROLE_ROW_MAJOR: the last dimension is innermost and its elements next to each other; an
 *	output is row-major
 * @EDGE_ROLE_ELEMENT: broadcast to the output, whose innermost dimension is its own
 * @EDGE_ROLE_FOLLOWED: any; the output has the same order
 * @EDGE_ROLE_PART: a part of a Concat, in the same order
 * @EDGE_ROLE_RESHAPED, @EDGE_ROLE_TRANSPOSED: the output looks into it
 */
enum edge_role {
	EDGE_ROLE_FREE,
	EDGE_ROLE_CHANNELS_LAST,
	EDGE_ROLE_ROW_MAJOR,
	EDGE_ROLE_ELEMENT,
	EDGE_ROLE_FOLLOWED,
	EDGE_ROLE_PART,
	EDGE_ROLE_RESHAPED,
	EDGE_ROLE_TRANSPOSED,
};

enum edge_role edge_layout_role(const struct edge_node *node, int index);
enum edge_role edge_layout_output_role(const struct edge_node *node);

/* Whether the outputs of @node are the elements of its only input, or some of them, in their place:
 * Reshape, Transpose, Split, Expand, and Slice that does not step backwards. */
bool edge_layout_is_alias(const struct edge_node *node);

#endif
