// SPDX-License-Identifier: MIT
#include "op_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "graph/infer.h"
#include "ref/ref.h"

#define MAX_TASKS 4096

static void *must(void *pointer)
{
	if (!pointer) {
		fprintf(stderr, "check: memory has run out\n");
		exit(1);
	}
	return pointer;
}

void op_run_begin(struct op_run *run)
{
	*run = (struct op_run) { .graph = must(edge_graph_create("check")) };
}

void op_run_end(struct op_run *run)
{
	for (int i = 0; i < run->graph->num_tensors; i++) {
		if (!edge_tensor_is_constant(run->graph->tensors[i]))
			run->graph->tensors[i]->data = NULL;
	}
	edge_graph_destroy(run->graph);
	free(run->step.state);
	free(run->scratch);
	check_free_all();
}

/* Random elements of @type, or the pattern. */
static void *alloc(enum edge_type type, int64_t count, bool random)
{
	const int64_t bytes = count * (int64_t)edge_type_size(type);

	if (!random)
		return check_alloc_bytes(bytes);
	return type == EDGE_F32 ? (void *)check_alloc_random(count)
				: check_alloc_random_bytes(bytes);
}

/* Takes away what bf16 has no place for. */
static void shorten(float *data, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, &data[i], sizeof(bits));
		bits &= 0xffff0000;
		memcpy(&data[i], &bits, sizeof(bits));
	}
}

/* Gives @tensor its order and memory of its own. */
static void place(struct edge_tensor *tensor, const int *order, int gap, bool random)
{
	int64_t stride = 1;

	for (int i = tensor->rank - 1; i >= 0; i--) {
		int d = order ? order[i] : i;

		tensor->order[i] = d;
		tensor->strides[d] = stride;
		stride *= tensor->dims[d];
		if (i == tensor->rank - 1)
			stride += gap;
	}
	tensor->storage = tensor;
	tensor->data = alloc(tensor->type, stride, random);
	tensor->size = stride * edge_type_size(tensor->type);
}

struct edge_tensor *op_run_tensor(struct op_run *run, int rank, const int64_t *dims,
				  const int *order, int gap, bool constant)
{
	struct edge_tensor *tensor;

	if (constant) {
		tensor =
			must(edge_graph_add_constant(run->graph, NULL, EDGE_F32, rank, dims, NULL));
		edge_dense_strides(rank, dims, NULL, tensor->strides);
		for (int64_t i = 0; i < edge_tensor_elements(tensor); i++)
			((float *)tensor->data)[i] = check_uniform();
		if (run->bf16)
			shorten(tensor->data, edge_tensor_elements(tensor));
		return tensor;
	}
	tensor = must(edge_graph_add_tensor(run->graph, NULL));
	edge_tensor_set_shape(tensor, EDGE_F32, rank, dims);
	place(tensor, order, gap, true);
	if (run->bf16)
		shorten(tensor->data, (int64_t)(tensor->size / sizeof(float)));
	return tensor;
}

struct edge_tensor *op_run_integers(struct op_run *run, enum edge_type type, int rank,
				    const int64_t *dims, const int *order, int gap, bool constant)
{
	struct edge_tensor *tensor;

	if (constant) {
		tensor = must(edge_graph_add_constant(run->graph, NULL, type, rank, dims, NULL));
		edge_dense_strides(rank, dims, NULL, tensor->strides);
		for (size_t i = 0; i < edge_tensor_elements(tensor) * edge_type_size(type); i++)
			((uint8_t *)tensor->data)[i] = (uint8_t)check_random();
		return tensor;
	}
	tensor = must(edge_graph_add_tensor(run->graph, NULL));
	edge_tensor_set_shape(tensor, type, rank, dims);
	place(tensor, order, gap, true);
	return tensor;
}

void op_run_quantise(struct edge_tensor *tensor, float scale, int32_t zero_point)
{
	if (!edge_tensor_set_quant(tensor, -1, 1, &scale, &zero_point))
		must(NULL);
}

void op_run_quantised_output(struct op_run *run, enum edge_type type, float scale,
			     int32_t zero_point)
{
	struct edge_tensor *tensor = must(edge_graph_add_tensor(run->graph, NULL));

	tensor->type = type;
	op_run_quantise(tensor, scale, zero_point);
	edge_node_set_output(run->node, 0, tensor);
}

static struct edge_view view_of(const struct edge_tensor *tensor)
{
	struct edge_view view = { .type = EDGE_F32 };

	if (!tensor)
		return view;
	view.type = tensor->type;
	view.rank = tensor->rank;
	view.data = tensor->data;
	for (int i = 0; i < tensor->rank; i++) {
		view.dims[i] = tensor->dims[i];
		view.strides[i] = tensor->strides[i];
	}
	return view;
}

void op_run_compare(struct op_run *run)
{
	struct edge_view inputs[OP_RUN_MAX_VIEWS], outputs[OP_RUN_MAX_VIEWS];
	void *scratch = must(edge_alloc_zeroed(edge_ref_scratch_size(run->node)));

	for (int i = 0; i < run->node->num_inputs; i++)
		inputs[i] = view_of(run->node->inputs[i]);
	for (int i = 0; i < run->node->num_outputs; i++) {
		outputs[i] = view_of(run->node->outputs[i]);
		outputs[i].data = check_alloc_bytes(run->node->outputs[i]->size);
	}
	edge_ref_run(run->node, inputs, outputs, scratch);
	for (int i = 0; i < run->node->num_outputs; i++)
		run->reference[i] = outputs[i].data;
	free(scratch);
}

void op_run_infer(struct op_run *run, const int *order, int gap, bool compare)
{
	struct edge_error error;

	for (int i = 0; i < run->node->num_outputs; i++) {
		if (!run->node->outputs[i])
			edge_node_set_output(run->node, i,
					     must(edge_graph_add_tensor(run->graph, NULL)));
	}
	if (edge_infer_node(run->graph, run->node, &error)) {
		fprintf(stderr, "check: %s\n", error.message);
		exit(1);
	}
	for (int i = 0; i < run->node->num_outputs; i++)
		place(run->node->outputs[i], order, gap, false);
	if (compare)
		op_run_compare(run);
}

bool op_run_prepare(struct op_run *run, const struct cpu_op *op, const struct check *check,
		    unsigned int threads)
{
	const struct cpu_prepare prepare = { check->cpu_flags, threads, cpu_caches() };
	struct edge_error error;

	if (!op->fits(run->node, check->cpu_flags))
		return false;
	run->node->kernel = op->name;
	if (op->compile && op->compile(run->graph, run->node, check->cpu_flags, &error)) {
		fprintf(stderr, "check: %s\n", error.message);
		exit(1);
	}
	run->step.node = run->node;
	run->step.inputs = run->views;
	run->step.outputs = &run->views[run->node->num_inputs];
	for (int i = 0; i < run->node->num_inputs; i++)
		run->views[i] = view_of(run->node->inputs[i]);
	for (int i = 0; i < run->node->num_outputs; i++)
		run->step.outputs[i] = view_of(run->node->outputs[i]);
	if (op->prepare(&run->step, &prepare, &error)) {
		fprintf(stderr, "check: %s\n", error.message);
		exit(1);
	}
	run->scratch = must(edge_alloc_zeroed(run->step.scratch_size));
	return true;
}

void op_run_tasks(struct op_run *run, bool shuffle)
{
	int64_t order[MAX_TASKS];

	if (!shuffle || run->step.num_tasks > MAX_TASKS) {
		for (int64_t i = 0; i < run->step.num_tasks; i++)
			run->step.run(&run->step, i, run->scratch);
		return;
	}
	for (int64_t i = 0; i < run->step.num_tasks; i++) {
		int64_t j = check_between(0, i);

		order[i] = order[j];
		order[j] = i;
	}
	for (int64_t i = 0; i < run->step.num_tasks; i++)
		run->step.run(&run->step, order[i], run->scratch);
}

/* Calls for every element of @tensor; in ascending addresses when they are in order. */
static bool next(const struct edge_tensor *tensor, int64_t *index)
{
	for (int i = tensor->rank - 1; i >= 0; i--) {
		if (++index[i] < tensor->dims[i])
			return true;
		index[i] = 0;
	}
	return false;
}

static bool is_close(double got, double wanted, double tolerance)
{
	return got == wanted || (isnan(got) && isnan(wanted)) ||
	       fabs(got - wanted) <= tolerance * fmax(1, fabs(wanted));
}

static bool element_matches(enum edge_type type, const uint8_t *got, const uint8_t *wanted,
			    double tolerance)
{
	if (type == EDGE_F32)
		return is_close(*(const float *)got, *(const float *)wanted, tolerance);
	return !memcmp(got, wanted, edge_type_size(type));
}

static bool output_matches(const struct edge_tensor *output, const uint8_t *reference,
			   double tolerance)
{
	const int64_t size = (int64_t)edge_type_size(output->type);
	const int64_t count = output->size / size;
	const uint8_t *data = output->data;
	bool *written = must(calloc(count + 1, 1));
	int64_t index[EDGE_MAX_RANK] = { 0 };
	bool ok = true;

	while (edge_tensor_elements(output)) {
		int64_t at = 0;

		for (int i = 0; i < output->rank; i++)
			at += index[i] * output->strides[i];
		written[at] = true;
		ok &= element_matches(output->type, data + at * size, reference + at * size,
				      tolerance);
		if (!next(output, index))
			break;
	}
	for (int64_t i = 0; i < count * size; i++)
		ok &= written[i / size] || check_is_untouched_byte(&data[i]);
	free(written);
	return ok;
}

bool op_run_matches(const struct op_run *run, double tolerance)
{
	bool ok = check_guards();

	for (int i = 0; i < run->node->num_outputs; i++)
		ok &= output_matches(run->node->outputs[i], run->reference[i], tolerance);
	return ok;
}
