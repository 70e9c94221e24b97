// SPDX-License-Identifier: MIT
#include "net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/infer.h"

enum { CONV3_WEIGHT = 1, CONV3_BIAS, CONV1_WEIGHT, CONV1_BIAS, MATMUL_WEIGHT };

void net_fill(float *values, int count, unsigned int seed)
{
	uint32_t state = seed * 2654435761u + 1;

	for (int i = 0; i < count; i++) {
		state = state * 1664525u + 1013904223u;
		values[i] = (state >> 8) / 8388608.0f - 1;
	}
}

static struct edge_tensor *constant(struct edge_graph *graph, unsigned int seed, int rank,
				    const int64_t *dims)
{
	struct edge_tensor *tensor =
		edge_graph_add_constant(graph, NULL, EDGE_F32, rank, dims, NULL);

	net_fill(tensor->data, edge_tensor_elements(tensor), seed);
	return tensor;
}

/* A node of @op on @a, and @b and @c unless NULL, with one new output. */
static struct edge_node *node(struct edge_graph *graph, enum edge_op op, const char *output,
			      struct edge_tensor *a, struct edge_tensor *b, struct edge_tensor *c)
{
	struct edge_node *made = edge_graph_add_node(graph, op, NULL, 1 + !!b + !!c, 1);

	edge_node_set_input(made, 0, a);
	if (b)
		edge_node_set_input(made, 1, b);
	if (c)
		edge_node_set_input(made, 2, c);
	edge_node_set_output(made, 0, edge_graph_add_tensor(graph, output));
	return made;
}

static struct edge_tensor *conv(struct edge_graph *graph, struct edge_tensor *x, int channels,
				int size, unsigned int seed)
{
	const int64_t dims[] = { 8, channels, size, size };
	struct edge_node *made = node(graph, EDGE_OP_CONV, NULL, x, constant(graph, seed, 4, dims),
				      constant(graph, seed + 1, 1, dims));

	for (int i = 0; i < 2; i++) {
		made->params.conv.kernel[i] = size;
		made->params.conv.pad_begin[i] = size / 2;
		made->params.conv.pad_end[i] = size / 2;
	}
	return made->outputs[0];
}

static struct edge_tensor *half_of(struct edge_graph *graph, struct edge_tensor *x)
{
	struct edge_tensor *factor = edge_graph_add_constant(graph, NULL, EDGE_F32, 0, NULL, NULL);
	struct edge_node *mul = node(graph, EDGE_OP_BINARY, NULL, x, factor, NULL);

	*(float *)factor->data = 0.5f;
	mul->params.binary.func = EDGE_BINARY_MUL;
	return mul->outputs[0];
}

static void add_boxes(struct edge_graph *graph, struct edge_tensor *c)
{
	struct edge_node *concat = node(graph, EDGE_OP_CONCAT, NULL, c, half_of(graph, c), NULL);
	struct edge_node *transpose, *reshape;

	concat->params.axis.axis = 1;
	transpose = node(graph, EDGE_OP_TRANSPOSE, NULL, concat->outputs[0], NULL, NULL);
	memcpy(transpose->params.transpose.perm, (const int32_t[]) { 0, 2, 3, 1 },
	       4 * sizeof(int32_t));
	reshape = node(graph, EDGE_OP_RESHAPE, "boxes", transpose->outputs[0], NULL, NULL);
	memcpy(reshape->params.shape.dims, (const int64_t[]) { 1, -1, 16 }, 3 * sizeof(int64_t));
	reshape->params.shape.rank = 3;
	edge_graph_add_output(graph, reshape->outputs[0]);
}

static void add_scores(struct edge_graph *graph, struct edge_tensor *c)
{
	const int64_t dims[] = { 8, NET_SCORES };
	struct edge_node *pool = node(graph, EDGE_OP_AVERAGE_POOL, NULL, c, NULL, NULL);
	struct edge_node *reshape =
		node(graph, EDGE_OP_RESHAPE, NULL, pool->outputs[0], NULL, NULL);
	struct edge_node *matmul = node(graph, EDGE_OP_MATMUL, NULL, reshape->outputs[0],
					constant(graph, MATMUL_WEIGHT, 2, dims), NULL);
	struct edge_node *softmax =
		node(graph, EDGE_OP_SOFTMAX, "scores", matmul->outputs[0], NULL, NULL);

	reshape->params.shape.dims[0] = 1;
	reshape->params.shape.dims[1] = 8;
	reshape->params.shape.rank = 2;
	softmax->params.axis.axis = -1;
	edge_graph_add_output(graph, softmax->outputs[0]);
}

static struct edge_graph *infer(struct edge_graph *graph)
{
	if (!edge_infer_graph(graph, NULL))
		return graph;
	edge_graph_destroy(graph);
	return NULL;
}

struct edge_graph *net_create(void)
{
	const int64_t dims[] = { 1, 4, 12, 12 };
	struct edge_graph *graph = edge_graph_create("net");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x");
	struct edge_node *relu, *sum, *pool;

	edge_tensor_set_shape(x, EDGE_F32, 4, dims);
	edge_graph_add_input(graph, x);
	relu = node(graph, EDGE_OP_UNARY, NULL, conv(graph, x, 4, 3, CONV3_WEIGHT), NULL, NULL);
	relu->params.unary.func = EDGE_FUNC_RELU;
	sum = node(graph, EDGE_OP_BINARY, NULL, relu->outputs[0],
		   conv(graph, relu->outputs[0], 8, 1, CONV1_WEIGHT), NULL);
	sum->params.binary.func = EDGE_BINARY_ADD;
	pool = node(graph, EDGE_OP_MAX_POOL, NULL, sum->outputs[0], NULL, NULL);
	for (int i = 0; i < 2; i++) {
		pool->params.pool.kernel[i] = 2;
		pool->params.pool.stride[i] = 2;
	}
	add_boxes(graph, pool->outputs[0]);
	add_scores(graph, pool->outputs[0]);
	edge_graph_set_metadata(graph, "producer", "tests");
	return infer(graph);
}

struct edge_graph *net_create_nms(void)
{
	const int64_t boxes_dims[] = { 1, 3, 4 }, scores_dims[] = { 1, 1, 3 };
	struct edge_graph *graph = edge_graph_create("nms");
	struct edge_tensor *boxes = edge_graph_add_tensor(graph, "boxes");
	struct edge_tensor *scores = edge_graph_add_tensor(graph, "scores");
	struct edge_node *nms =
		node(graph, EDGE_OP_NON_MAX_SUPPRESSION, "selected", boxes, scores, NULL);

	edge_tensor_set_shape(boxes, EDGE_F32, 3, boxes_dims);
	edge_tensor_set_shape(scores, EDGE_F32, 3, scores_dims);
	edge_graph_add_input(graph, boxes);
	edge_graph_add_input(graph, scores);
	nms->params.nms.max_per_class = 3;
	nms->params.nms.iou_threshold = 0.5f;
	nms->params.nms.score_threshold = 0.5f;
	nms->params.nms.has_score_threshold = 1;
	edge_graph_add_output(graph, nms->outputs[0]);
	return infer(graph);
}

static float conv3_at(const float *input, const float *weight, float bias, int y, int x)
{
	double sum = bias;

	for (int c = 0; c < 4; c++) {
		for (int i = 0; i < 9; i++) {
			int row = y + i / 3 - 1, column = x + i % 3 - 1;

			if (row >= 0 && row < 12 && column >= 0 && column < 12)
				sum += (double)input[c * 144 + row * 12 + column] *
				       weight[c * 9 + i];
		}
	}
	return sum > 0 ? sum : 0;
}

static void expect_pooled(const float *input, float c[8][36])
{
	float weight3[8 * 36], bias3[8], weight1[64], bias1[8];
	float a[8];

	net_fill(weight3, 8 * 36, CONV3_WEIGHT);
	net_fill(bias3, 8, CONV3_BIAS);
	net_fill(weight1, 64, CONV1_WEIGHT);
	net_fill(bias1, 8, CONV1_BIAS);
	for (int i = 0; i < 8 * 36; i++)
		c[i / 36][i % 36] = -INFINITY;
	for (int y = 0; y < 12; y++) {
		for (int x = 0; x < 12; x++) {
			int cell = y / 2 * 6 + x / 2;

			for (int m = 0; m < 8; m++)
				a[m] = conv3_at(input, weight3 + m * 36, bias3[m], y, x);
			for (int m = 0; m < 8; m++) {
				double sum = a[m] + bias1[m];

				for (int k = 0; k < 8; k++)
					sum += (double)weight1[m * 8 + k] * a[k];
				c[m][cell] = fmaxf(c[m][cell], sum);
			}
		}
	}
}

void net_expect(const float *input, float *boxes, float *scores)
{
	float c[8][36], weight[8 * NET_SCORES];
	double total = 0;

	expect_pooled(input, c);
	net_fill(weight, 8 * NET_SCORES, MATMUL_WEIGHT);
	for (int cell = 0; cell < 36; cell++) {
		for (int m = 0; m < 8; m++) {
			boxes[cell * 16 + m] = c[m][cell];
			boxes[cell * 16 + 8 + m] = c[m][cell] / 2;
		}
	}
	for (int i = 0; i < NET_SCORES; i++) {
		double sum = 0;

		for (int m = 0; m < 8; m++) {
			for (int cell = 0; cell < 36; cell++)
				sum += (double)c[m][cell] / 36 * weight[m * NET_SCORES + i];
		}
		scores[i] = exp(sum);
		total += scores[i];
	}
	for (int i = 0; i < NET_SCORES; i++)
		scores[i] /= total;
}
