// SPDX-License-Identifier: MIT
/* Two evaluators of a graph, one that knows nothing of layouts and one that trusts them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graphs.h"
#include "ref/ref.h"

#define RUBBISH 0xff /* a float of these bytes is not a number */

/* A tensor's element at the position that counts up through its dims, row-major. */
static int64_t element_offset(const struct edge_view *view, int64_t index)
{
	int64_t offset = 0;

	for (int i = view->rank - 1; i >= 0; i--) {
		offset += index % view->dims[i] * view->strides[i];
		index /= view->dims[i];
	}
	return offset;
}

static int64_t count_elements(const struct edge_view *view)
{
	int64_t count = 1;

	for (int i = 0; i < view->rank; i++)
		count *= view->dims[i];
	return count;
}

static void fill_input(const struct edge_tensor *tensor, const struct edge_view *view)
{
	uint32_t state = 2463534242u;

	assert_true(view->type == EDGE_F32 || view->type == EDGE_U8 || view->type == EDGE_I8);
	for (const char *c = tensor->name; *c; c++)
		state = state * 31 + *c;
	for (int64_t i = 0; i < count_elements(view); i++) {
		const int64_t at = element_offset(view, i);

		state = state * 1664525u + 1013904223u;
		if (view->type == EDGE_U8 || view->type == EDGE_I8)
			((uint8_t *)view->data)[at] = state >> 24;
		else
			((float *)view->data)[at] = (float)(state >> 8) / (1 << 22) - 2;
	}
}

static struct edge_view copy_dense(const struct edge_view *view)
{
	size_t size = edge_type_size(view->type);
	struct edge_view copy = *view;

	edge_dense_strides(copy.rank, copy.dims, NULL, copy.strides);
	copy.data = edge_alloc_zeroed(count_elements(view) * size);
	assert_non_null(copy.data);
	for (int64_t i = 0; i < count_elements(view); i++)
		memcpy((char *)copy.data + i * size,
		       (char *)view->data + element_offset(view, i) * (int64_t)size, size);
	return copy;
}

static void run_node(const struct edge_node *node, const struct edge_view *views)
{
	struct edge_view *inputs = calloc(node->num_inputs + 1, sizeof(*inputs));
	struct edge_view *outputs = calloc(node->num_outputs + 1, sizeof(*outputs));
	void *scratch = edge_alloc_zeroed(edge_ref_scratch_size(node));
	char reason[EDGE_REASON_MAX];

	assert_true(edge_ref_supports(node, reason));
	assert_true(inputs && outputs && scratch);
	for (int i = 0; i < node->num_inputs; i++) {
		if (node->inputs[i])
			inputs[i] = views[node->inputs[i]->id];
	}
	for (int i = 0; i < node->num_outputs; i++) {
		if (node->outputs[i])
			outputs[i] = views[node->outputs[i]->id];
	}
	edge_ref_run(node, inputs, outputs, scratch);
	free(scratch);
	free(outputs);
	free(inputs);
}

static struct results run_all(const struct edge_graph *graph, const struct edge_view *views)
{
	struct results results = { .count = graph->num_outputs };

	for (int i = 0; i < graph->num_inputs; i++)
		fill_input(graph->inputs[i], &views[graph->inputs[i]->id]);
	for (int i = 0; i < graph->num_nodes; i++) {
		if (!graph->nodes[i]->is_view)
			run_node(graph->nodes[i], views);
	}
	results.views = calloc(results.count + 1, sizeof(*results.views));
	assert_non_null(results.views);
	for (int i = 0; i < results.count; i++)
		results.views[i] = copy_dense(&views[graph->outputs[i]->id]);
	return results;
}

struct results evaluate(const struct edge_graph *graph)
{
	struct edge_view *views = calloc(graph->num_tensors, sizeof(*views));
	struct results results;

	assert_non_null(views);
	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		views[i] = edge_tensor_constant_view(tensor);
		if (!tensor->constant)
			views[i].data = edge_alloc_zeroed(edge_tensor_bytes(tensor));
	}
	results = run_all(graph, views);
	for (int i = 0; i < graph->num_tensors; i++) {
		if (!graph->tensors[i]->constant)
			free(views[i].data);
	}
	free(views);
	return results;
}

static struct edge_view view_in(const struct edge_tensor *tensor, char *arena, char *io)
{
	const struct edge_tensor *root = tensor->storage;
	struct edge_view view = { .type = tensor->type, .rank = tensor->rank };
	char *base = NULL;

	assert_non_null(root);
	assert_ptr_equal(root->storage, root);
	memcpy(view.dims, tensor->dims, sizeof(view.dims));
	memcpy(view.strides, tensor->strides, sizeof(view.strides));
	if (root->constant)
		base = root->data;
	else if (root->memory == EDGE_MEMORY_ARENA)
		base = arena + root->address;
	else if (root->memory == EDGE_MEMORY_IO)
		base = io + root->address;
	if (base)
		view.data = base + tensor->offset * (int64_t)edge_type_size(tensor->type);
	return view;
}

struct results evaluate_planned(const struct edge_graph *graph)
{
	struct edge_view *views = calloc(graph->num_tensors, sizeof(*views));
	char *arena = malloc(graph->arena_size + 1), *io = malloc(graph->io_size + 1);
	struct results results;

	assert_true(views && arena && io);
	memset(arena, RUBBISH, graph->arena_size);
	memset(io, RUBBISH, graph->io_size);
	for (int i = 0; i < graph->num_tensors; i++)
		views[i] = view_in(graph->tensors[i], arena, io);
	results = run_all(graph, views);
	free(io);
	free(arena);
	free(views);
	return results;
}

void free_results(struct results *results)
{
	for (int i = 0; i < results->count; i++)
		free(results->views[i].data);
	free(results->views);
}

static double read_element(const struct edge_view *view, int64_t i)
{
	switch (view->type) {
	case EDGE_F32:
		return ((const float *)view->data)[i];
	case EDGE_I64:
		return ((const int64_t *)view->data)[i];
	case EDGE_U8:
		return ((const uint8_t *)view->data)[i];
	case EDGE_I8:
		return ((const int8_t *)view->data)[i];
	default:
		fail_msg("a result of type %s", edge_type_name(view->type));
		return 0;
	}
}

static void assert_same_shape(const struct edge_view *a, const struct edge_view *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->rank, b->rank);
	assert_memory_equal(a->dims, b->dims, a->rank * sizeof(*a->dims));
}

void assert_same_results(const struct results *a, const struct results *b, double tolerance)
{
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++) {
		const struct edge_view *x = &a->views[i], *y = &b->views[i];

		assert_same_shape(x, y);
		for (int64_t j = 0; j < count_elements(x); j++) {
			double p = read_element(x, j), q = read_element(y, j);

			/* Written so that what is not a number fails. */
			if (p != q && !(fabs(p - q) <= tolerance * fmax(1, fabs(p))))
				fail_msg("output %d, element %lld: %g instead of %g", i,
					 (long long)j, q, p);
		}
	}
}

void assert_same_steps(const struct results *a, const struct results *b, int steps)
{
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++) {
		const struct edge_view *x = &a->views[i], *y = &b->views[i];

		assert_same_shape(x, y);
		for (int64_t j = 0; j < count_elements(x); j++) {
			double p = read_element(x, j), q = read_element(y, j);

			if (!(fabs(p - q) <= steps))
				fail_msg("output %d, element %lld: %g instead of %g", i,
					 (long long)j, q, p);
		}
	}
}

double differing_share(const struct results *a, const struct results *b, double tolerance)
{
	int64_t all = 0, differing = 0;

	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++) {
		const struct edge_view *x = &a->views[i], *y = &b->views[i];

		assert_same_shape(x, y);
		for (int64_t j = 0; j < count_elements(x); j++) {
			double p = read_element(x, j), q = read_element(y, j);

			differing += p != q && !(fabs(p - q) <= tolerance * fmax(1, fabs(p)));
			all++;
		}
	}
	return all ? (double)differing / all : 0;
}
