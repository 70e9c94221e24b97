// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* y = scale[c] * x + shift[c] for each channel. */
struct affine {
	int64_t channels;
	double *scale;
	double *shift;
};

static void affine_release(struct affine *affine)
{
	free(affine->shift);
	free(affine->scale);
}

static bool affine_init(struct affine *affine, int64_t channels)
{
	affine->channels = channels;
	affine->scale = calloc(channels + 1, sizeof(*affine->scale));
	affine->shift = calloc(channels + 1, sizeof(*affine->shift));
	return affine->scale && affine->shift;
}

static bool read_batch_norm(const struct edge_node *node, struct affine *affine)
{
	const float *parameters[4]; /* scale, bias, mean, variance */

	for (int i = 0; i < 4; i++) {
		parameters[i] = edge_rewrite_floats(node->inputs[i + 1]);
		if (!parameters[i])
			return false;
	}
	for (int64_t c = 0; c < affine->channels; c++) {
		double deviation = sqrt(parameters[3][c] + (double)node->params.norm.epsilon);

		affine->scale[c] = parameters[0][c] / deviation;
		affine->shift[c] = parameters[1][c] - parameters[2][c] * affine->scale[c];
	}
	return true;
}

/* The operand's distance between channels when it holds one number for each: 1; for all: 0; or -1.
 * @axis: dimension of the channels in @y. */
static int channel_step(const struct edge_tensor *operand, const struct edge_tensor *y, int axis)
{
	int64_t elements = edge_tensor_elements(operand);
	int aligned = axis - (y->rank - operand->rank);

	if (elements == 1)
		return 0;
	return aligned >= 0 && operand->dims[aligned] == elements ? 1 : -1;
}

static bool read_binary(const struct edge_node *node, int constant, int axis, struct affine *affine)
{
	const float *values = edge_rewrite_floats(node->inputs[constant]);
	int step = channel_step(node->inputs[constant], node->outputs[0], axis);

	if (!values || step < 0)
		return false;
	for (int64_t c = 0; c < affine->channels; c++) {
		double value = values[c * step];

		affine->scale[c] = 1;
		switch (node->params.binary.func) {
		case EDGE_BINARY_ADD:
			affine->shift[c] = value;
			break;
		case EDGE_BINARY_SUB:
			affine->scale[c] = constant ? 1 : -1;
			affine->shift[c] = constant ? -value : value;
			break;
		case EDGE_BINARY_MUL:
			affine->scale[c] = value;
			break;
		case EDGE_BINARY_DIV:
			if (!constant || value == 0)
				return false;
			affine->scale[c] = 1 / value;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* Position of the input that is not constant, when @node may be one that we fold; or -1. */
static int main_input(const struct edge_node *node)
{
	if (node->op == EDGE_OP_BATCH_NORM)
		return 0;
	if (node->op != EDGE_OP_BINARY)
		return -1;
	return node->inputs[1]->constant ? 0 : node->inputs[0]->constant ? 1 : -1;
}

static int channel_axis(const struct edge_node *producer)
{
	return producer->op == EDGE_OP_MATMUL ? producer->outputs[0]->rank - 1 : 1;
}

/* As channel_step() for the bias; 0 when there is none. */
static int bias_step(const struct edge_node *node)
{
	const struct edge_tensor *bias = node->num_inputs > 2 ? node->inputs[2] : NULL;

	if (!bias)
		return 0;
	if (!edge_rewrite_floats(bias))
		return -1;
	if (node->op == EDGE_OP_MATMUL)
		return channel_step(bias, node->outputs[0], channel_axis(node));
	return 1;
}

/* Whether scale and shift can go into the weights and bias of @producer. */
static bool can_take(const struct edge_graph *graph, const struct edge_node *producer,
		     const struct edge_tensor *result)
{
	if (!producer || (producer->op != EDGE_OP_CONV && producer->op != EDGE_OP_CONV_TRANSPOSE &&
			  producer->op != EDGE_OP_MATMUL))
		return false;
	if (!edge_rewrite_floats(producer->inputs[1]) || producer->act.func != EDGE_FUNC_IDENTITY ||
	    !edge_tensor_only_consumer(graph, producer->outputs[0]) ||
	    !edge_tensor_same_shape(producer->outputs[0], result))
		return false;
	if (producer->op == EDGE_OP_CONV && producer->num_inputs > 3)
		return false;
	return bias_step(producer) >= 0;
}

/* Channel of the output that element @index of the weights goes into. */
static int64_t weight_channel(const struct edge_node *node, int64_t index)
{
	const struct edge_tensor *w = node->inputs[1];
	int64_t plane = 1;

	if (node->op == EDGE_OP_MATMUL) {
		int64_t last = w->dims[w->rank - 1];

		if (!node->params.matmul.transpose_b)
			return index % last;
		return index / last % w->dims[w->rank - 2];
	}
	for (int i = 2; i < w->rank; i++)
		plane *= w->dims[i];
	if (node->op == EDGE_OP_CONV)
		return index / (plane * w->dims[1]);
	/* [C, M / group, ...]: the group is that of the input channel. */
	return index / (plane * w->dims[1]) / (w->dims[0] / node->params.conv.group) * w->dims[1] +
	       index / plane % w->dims[1];
}

static struct edge_tensor *scale_weights(struct edge_graph *graph, const struct edge_node *node,
					 const struct affine *affine)
{
	const struct edge_tensor *w = node->inputs[1];
	struct edge_tensor *scaled = edge_rewrite_weights(graph, node, EDGE_F32, w->rank, w->dims);
	int64_t count = edge_tensor_elements(w);

	if (!scaled)
		return NULL;
	for (int64_t i = 0; i < count; i++)
		((float *)scaled->data)[i] =
			((const float *)w->data)[i] * affine->scale[weight_channel(node, i)];
	return scaled;
}

static struct edge_tensor *shift_bias(struct edge_graph *graph, struct edge_node *node,
				      const struct affine *affine)
{
	const struct edge_tensor *bias = node->num_inputs > 2 ? node->inputs[2] : NULL;
	struct edge_tensor *shifted =
		edge_rewrite_weights(graph, node, EDGE_F32, 1, &affine->channels);
	int step = bias_step(node);
	double beta = 1;

	if (!shifted)
		return NULL;
	if (node->op == EDGE_OP_MATMUL) {
		beta = node->params.matmul.beta;
		node->params.matmul.beta = 1;
	}
	for (int64_t c = 0; c < affine->channels; c++) {
		double before = bias ? beta * ((const float *)bias->data)[c * step] : 0;

		((float *)shifted->data)[c] = affine->scale[c] * before + affine->shift[c];
	}
	return shifted;
}

static bool take(struct edge_graph *graph, struct edge_node *producer, const struct affine *affine)
{
	struct edge_tensor *weights = scale_weights(graph, producer, affine);
	struct edge_tensor *bias = shift_bias(graph, producer, affine);

	if (!weights || !bias)
		return false;
	if (producer->num_inputs < 3 && !edge_node_resize_inputs(producer, 3))
		return false;
	return edge_node_set_input(producer, 1, weights) && edge_node_set_input(producer, 2, bias);
}

/* Into what computes the input. */
static bool fold_back(struct edge_graph *graph, struct edge_node *node)
{
	int main = main_input(node);
	struct affine affine = { 0 };
	struct edge_node *producer;
	bool ok, known;
	int axis;

	if (main < 0 || node->act.func != EDGE_FUNC_IDENTITY)
		return true;
	producer = node->inputs[main]->producer;
	if (!can_take(graph, producer, node->outputs[0]))
		return true;
	axis = channel_axis(producer);
	ok = affine_init(&affine, node->outputs[0]->dims[axis]);
	if (ok) {
		known = node->op == EDGE_OP_BATCH_NORM ? axis == 1 && read_batch_norm(node, &affine)
						       : read_binary(node, 1 - main, axis, &affine);
		if (known)
			ok = take(graph, producer, &affine) &&
			     edge_rewrite_bypass(graph, node, main);
	}
	affine_release(&affine);
	return ok;
}

static void fill(struct edge_tensor *tensor, const double *values)
{
	for (int64_t c = 0; c < tensor->dims[0]; c++)
		((float *)tensor->data)[c] = values[c];
}

static bool become_depthwise(struct edge_graph *graph, struct edge_node *node,
			     const struct affine *affine)
{
	int rank = node->inputs[0]->rank;
	int64_t dims[EDGE_MAX_RANK] = { affine->channels, 1, 1, 1, 1 };
	struct edge_tensor *weights = edge_rewrite_weights(graph, node, EDGE_F32, rank, dims);
	struct edge_tensor *bias = edge_rewrite_weights(graph, node, EDGE_F32, 1, dims);

	if (!weights || !bias || !edge_rewrite_op(node, EDGE_OP_CONV, 3))
		return false;
	fill(weights, affine->scale);
	fill(bias, affine->shift);
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		bool used = i < rank - 2;

		node->params.conv.kernel[i] = used;
		node->params.conv.stride[i] = used;
		node->params.conv.dilation[i] = used;
	}
	node->params.conv.group = affine->channels;
	return edge_node_set_input(node, 1, weights) && edge_node_set_input(node, 2, bias);
}

/* A convolution of each channel by one number: so it can take in an activation. */
static bool spell_as_conv(struct edge_graph *graph, struct edge_node *node)
{
	const struct edge_tensor *x;
	struct affine affine = { 0 };
	bool ok;

	if (node->op != EDGE_OP_BATCH_NORM || node->act.func != EDGE_FUNC_IDENTITY)
		return true;
	x = node->inputs[0];
	if (x->type != EDGE_F32 || x->rank < 3 || x->rank > EDGE_MAX_SPATIAL + 2 ||
	    x->dims[1] < 1 || x->dims[1] > INT32_MAX)
		return true;
	ok = affine_init(&affine, x->dims[1]);
	if (ok && read_batch_norm(node, &affine))
		ok = become_depthwise(graph, node, &affine);
	affine_release(&affine);
	return ok;
}

enum edge_status edge_pass_fold_batch_norm(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		if (!fold_back(graph, graph->nodes[i]) || !spell_as_conv(graph, graph->nodes[i]))
			return edge_fail_memory(error);
	}
	return edge_pass_dead_nodes(graph, error);
}
