// SPDX-License-Identifier: MIT
#include "passes/layout.h"

static const enum edge_role roles[EDGE_NUM_OPS] = {
	[EDGE_OP_CONV] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_CONV_TRANSPOSE] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_MATMUL] = EDGE_ROLE_ROW_MAJOR,
	[EDGE_OP_MAX_POOL] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_AVERAGE_POOL] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_LP_POOL] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_BATCH_NORM] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_INSTANCE_NORM] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_LAYER_NORM] = EDGE_ROLE_ROW_MAJOR,
	[EDGE_OP_LRN] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_UNARY] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_BINARY] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_PRELU] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_WHERE] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_CAST] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_SOFTMAX] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_LOG_SOFTMAX] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_HARDMAX] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_REDUCE] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_ARG_MAX] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_ARG_MIN] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_CUM_SUM] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_RESIZE] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_ROI_ALIGN] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_GRID_SAMPLE] = EDGE_ROLE_CHANNELS_LAST,
	[EDGE_OP_CONCAT] = EDGE_ROLE_PART,
	[EDGE_OP_SPLIT] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_SLICE] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_TRANSPOSE] = EDGE_ROLE_TRANSPOSED,
	[EDGE_OP_RESHAPE] = EDGE_ROLE_RESHAPED,
	[EDGE_OP_EXPAND] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_TILE] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_PAD] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_COPY] = EDGE_ROLE_FOLLOWED,
	[EDGE_OP_QUANTIZE] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_DEQUANTIZE] = EDGE_ROLE_ELEMENT,
	[EDGE_OP_LOOKUP] = EDGE_ROLE_ELEMENT,
};

enum edge_role edge_layout_output_role(const struct edge_node *node)
{
	return roles[node->op];
}

enum edge_role edge_layout_role(const struct edge_node *node, int index)
{
	enum edge_role role = roles[node->op];

	/* Matrices are packed from any layout. */
	if (node->op == EDGE_OP_MATMUL)
		return index == 2 ? EDGE_ROLE_ELEMENT : EDGE_ROLE_FREE;
	if (node->op == EDGE_OP_LOOKUP && index == 1)
		return EDGE_ROLE_FREE;
	if (index == 0 || role == EDGE_ROLE_ELEMENT || role == EDGE_ROLE_PART)
		return role;
	if (node->op == EDGE_OP_CONV && index == 3)
		return EDGE_ROLE_CHANNELS_LAST;
	return EDGE_ROLE_FREE;
}

static bool steps_forward(const struct edge_node *node)
{
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		if (node->params.slice.step[i] < 1)
			return false;
	}
	return true;
}

bool edge_layout_is_alias(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_RESHAPE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_SPLIT:
	case EDGE_OP_EXPAND:
		return true;
	case EDGE_OP_SLICE:
		return steps_forward(node);
	default:
		return false;
	}
}
