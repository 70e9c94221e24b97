// SPDX-License-Identifier: MIT
#include <string.h>

#include "passes/patterns.h"
#include "passes/rewrite.h"

/* The Concat's parts: part i starts at row row[i] and column column[i] of x. */
struct focus {
	struct edge_tensor *x;
	int row[4];
	int column[4];
};

/* Whether @node takes every second row and column of x, and which. */
static bool read_part(const struct edge_node *node, struct focus *focus, int part)
{
	const struct edge_tensor *x;
	const int64_t *start, *step;

	if (!node || node->op != EDGE_OP_SLICE)
		return false;
	x = node->inputs[0];
	start = node->params.slice.start;
	step = node->params.slice.step;
	if (x->rank != 4 || x->dims[2] % 2 || x->dims[3] % 2 || (focus->x && focus->x != x))
		return false;
	for (int i = 0; i < 2; i++) {
		if (node->outputs[0]->dims[i] != x->dims[i] || step[i] != 1)
			return false;
		if (node->outputs[0]->dims[i + 2] != x->dims[i + 2] / 2 || step[i + 2] != 2 ||
		    start[i + 2] < 0 || start[i + 2] > 1)
			return false;
	}
	focus->x = node->inputs[0];
	focus->row[part] = start[2];
	focus->column[part] = start[3];
	return true;
}

static bool read_focus(const struct edge_node *concat, struct focus *focus)
{
	unsigned int seen = 0;

	if (!concat || concat->op != EDGE_OP_CONCAT || concat->params.axis.axis != 1 ||
	    concat->num_inputs != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		if (!read_part(concat->inputs[i]->producer, focus, i))
			return false;
		seen |= 1u << (2 * focus->row[i] + focus->column[i]);
	}
	return seen == 15;
}

static bool is_plain_conv(const struct edge_node *node)
{
	if (node->op != EDGE_OP_CONV || node->params.conv.group != 1 ||
	    !node->inputs[1]->constant || !node->inputs[1]->data || node->inputs[1]->rank != 4)
		return false;
	for (int i = 0; i < 2; i++) {
		if (node->params.conv.dilation[i] != 1 || node->params.conv.stride[i] > INT16_MAX ||
		    node->params.conv.kernel[i] > INT16_MAX ||
		    node->params.conv.pad_begin[i] > INT16_MAX ||
		    node->params.conv.pad_end[i] > INT16_MAX)
			return false;
	}
	return true;
}

/* Kernel position (y, x) of part i is (2 y + row, 2 x + column) of the large kernel. */
static void spread(const struct focus *focus, const struct edge_tensor *weights,
		   struct edge_tensor *large)
{
	const size_t size = edge_type_size(weights->type);
	const char *from = weights->data;
	char *to = large->data;
	int64_t channels = large->dims[1], height = weights->dims[2], width = weights->dims[3];

	for (int64_t m = 0; m < weights->dims[0]; m++) {
		for (int64_t i = 0; i < 4 * channels * height * width; i++) {
			int64_t part = i / (channels * height * width);
			int64_t channel = i / (height * width) % channels;
			int64_t y = 2 * (i / width % height) + focus->row[part];
			int64_t x = 2 * (i % width) + focus->column[part];

			int64_t at = ((m * channels + channel) * 2 * height + y) * 2 * width + x;

			memcpy(to + at * size, from, size);
			from += size;
		}
	}
}

bool edge_pattern_focus(struct edge_graph *graph, struct edge_node *node)
{
	struct focus focus = { 0 };
	struct edge_tensor *weights, *large;

	if (!is_plain_conv(node) || !read_focus(node->inputs[0]->producer, &focus))
		return true;
	weights = node->inputs[1];
	large = edge_rewrite_weights(graph, node, weights->type, 4,
				     (int64_t[]) { weights->dims[0], focus.x->dims[1],
						   2 * weights->dims[2], 2 * weights->dims[3] });
	if (!large || !edge_tensor_copy_quant(large, weights))
		return false;
	spread(&focus, weights, large);
	for (int i = 0; i < 2; i++) {
		node->params.conv.kernel[i] *= 2;
		node->params.conv.stride[i] *= 2;
		node->params.conv.pad_begin[i] *= 2;
		node->params.conv.pad_end[i] *= 2;
	}
	return edge_node_set_input(node, 1, large) && edge_node_set_input(node, 0, focus.x);
}
