// SPDX-License-Identifier: MIT
#include "ref_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/half.h"

enum layout { ROW_MAJOR, COLUMN_MAJOR, GAPS, BACKWARDS, NUM_LAYOUTS };

#define GUARD 0xa5

/* A value laid out in memory of its own. */
struct placed {
	struct edge_tensor tensor;
	struct edge_view view;
	unsigned char *memory;
	size_t size;
};

static int64_t count_of(const struct ref_value *value)
{
	int64_t count = 1;

	for (int d = 0; d < value->rank; d++)
		count *= value->dims[d];
	return count;
}

/* Element offset of the @index-th element in row-major order. */
static int64_t offset_of(const struct edge_view *view, int64_t index)
{
	int64_t offset = 0;

	for (int d = view->rank - 1; d >= 0; d--) {
		offset += index % view->dims[d] * view->strides[d];
		index /= view->dims[d];
	}
	return offset;
}

/* Strides of @layout; returns the element at which index 0 lies. */
static int64_t place_dims(struct edge_view *view, enum layout layout, int64_t *elements)
{
	int64_t span = 1, first = 0;

	for (int i = 0; i < view->rank; i++) {
		int d = layout == COLUMN_MAJOR ? i : view->rank - 1 - i;

		if (layout == GAPS)
			span = 2 * span + 1;
		view->strides[d] = layout == BACKWARDS ? -span : span;
		if (layout == BACKWARDS)
			first += span * (view->dims[d] - 1);
		span *= view->dims[d] ? view->dims[d] : 1;
	}
	*elements = span;
	return first < 0 ? 0 : first;
}

static void place(struct placed *placed, const struct ref_value *value, enum edge_type type,
		  enum layout layout)
{
	size_t size = edge_type_size(type);
	int64_t elements, first;

	*placed = (struct placed) { .tensor = { .type = type, .rank = value->rank },
				    .view = { .type = type, .rank = value->rank } };
	placed->tensor.quant = (struct edge_quant *)value->quant;
	memcpy(placed->tensor.dims, value->dims, sizeof(value->dims));
	memcpy(placed->view.dims, value->dims, sizeof(value->dims));
	if (!value->data)
		return;
	first = place_dims(&placed->view, layout, &elements);
	placed->size = elements * size;
	placed->memory = malloc(placed->size);
	assert_non_null(placed->memory);
	memset(placed->memory, GUARD, placed->size);
	placed->view.data = placed->memory + first * size;
}

static unsigned char *element(const struct edge_view *view, int64_t index)
{
	return (unsigned char *)view->data +
	       offset_of(view, index) * (int64_t)edge_type_size(view->type);
}

static void fill(const struct placed *placed, const struct ref_value *value)
{
	size_t size = edge_type_size(value->type);

	for (int64_t i = 0; value->data && i < count_of(value); i++) {
		if (placed->view.type == EDGE_F16 && value->type == EDGE_F32) {
			uint16_t half = edge_half_from_float(((const float *)value->data)[i]);

			memcpy(element(&placed->view, i), &half, sizeof(half));
		} else {
			memcpy(element(&placed->view, i), (const char *)value->data + i * size,
			       size);
		}
	}
}

static double as_double(enum edge_type type, const void *data)
{
	if (type == EDGE_F16) {
		uint16_t half;

		memcpy(&half, data, sizeof(half));
		return edge_half_to_float(half);
	} else {
		float value;

		memcpy(&value, data, sizeof(value));
		return value;
	}
}

static void compare(const struct ref_case *test, const struct placed *placed,
		    const struct ref_value *expected, bool half)
{
	size_t size = edge_type_size(expected->type);
	const char *data = expected->data;

	for (int64_t i = 0; i < count_of(expected); i++) {
		const unsigned char *got = element(&placed->view, i);

		if (expected->type == EDGE_F32 || expected->type == EDGE_F16) {
			double want = as_double(expected->type, data + i * size);
			double have = as_double(placed->view.type, got);
			double tolerance = fmax(test->tolerance, half ? 4e-3 : 0);

			if (want == have || (isnan(want) && isnan(have)) ||
			    fabs(want - have) <= tolerance * fmax(1, fabs(want)))
				continue;
			fail_msg("element %lld is %.9g, not %.9g", (long long)i, have, want);
		} else if (memcmp(got, data + i * size, size)) {
			fail_msg("element %lld of type %s differs", (long long)i,
				 edge_type_name(expected->type));
		}
	}
}

/* Erases the elements, after which all of the memory must be as it was at first. */
static void check_guards(const struct placed *placed, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		memset(element(&placed->view, i), GUARD, edge_type_size(placed->view.type));
	for (size_t i = 0; i < placed->size; i++)
		assert_int_equal(placed->memory[i], GUARD);
}

static enum edge_type type_in(enum edge_type type, bool half)
{
	return half && type == EDGE_F32 ? EDGE_F16 : type;
}

struct run {
	struct placed in[REF_MAX_VALUES], out[REF_MAX_VALUES];
	struct edge_tensor *inputs[REF_MAX_VALUES], *outputs[REF_MAX_VALUES];
	struct edge_node node;
};

static void start(struct run *run, const struct ref_case *test, enum layout layout, bool half)
{
	for (int i = 0; i < test->num_inputs; i++) {
		place(&run->in[i], &test->in[i], type_in(test->in[i].type, half), layout);
		fill(&run->in[i], &test->in[i]);
		run->inputs[i] = test->in[i].data ? &run->in[i].tensor : NULL;
	}
	for (int i = 0; i < test->num_outputs; i++) {
		place(&run->out[i], &test->out[i], type_in(test->out[i].type, half), layout);
		run->outputs[i] = test->out[i].data ? &run->out[i].tensor : NULL;
	}
	run->node = (struct edge_node) { .name = "test",
					 .op = test->op,
					 .params = test->params,
					 .act = test->act,
					 .rounding = test->rounding,
					 .inputs = run->inputs,
					 .num_inputs = test->num_inputs,
					 .outputs = run->outputs,
					 .num_outputs = test->num_outputs };
	if (test->op == EDGE_OP_CAST)
		run->node.params.cast.type = type_in(test->params.cast.type, half);
}

static void finish(struct run *run)
{
	for (int i = 0; i < REF_MAX_VALUES; i++) {
		free(run->in[i].memory);
		free(run->out[i].memory);
	}
}

static void check_in(const struct ref_case *test, enum layout layout, bool half)
{
	struct edge_view inputs[REF_MAX_VALUES], outputs[REF_MAX_VALUES];
	char reason[EDGE_REASON_MAX] = "";
	struct run run = { 0 };
	void *scratch;

	start(&run, test, layout, half);
	for (int i = 0; i < test->num_inputs; i++)
		inputs[i] = run.in[i].view;
	for (int i = 0; i < test->num_outputs; i++)
		outputs[i] = run.out[i].view;
	if (!edge_ref_supports(&run.node, reason))
		fail_msg("not supported: %s", reason);
	scratch = malloc(edge_ref_scratch_size(&run.node));
	edge_ref_run(&run.node, inputs, outputs, scratch);
	free(scratch);
	for (int i = 0; i < test->num_outputs; i++) {
		if (!test->out[i].data)
			continue;
		assert_int_equal(outputs[i].dims[0], test->out[i].dims[0]);
		compare(test, &run.out[i], &test->out[i], half);
		check_guards(&run.out[i], count_of(&test->out[i]));
	}
	finish(&run);
}

static bool has_floats(const struct ref_case *test)
{
	bool floats = false;

	for (int i = 0; i < test->num_inputs; i++)
		floats |= test->in[i].data && test->in[i].type == EDGE_F32;
	for (int i = 0; i < test->num_outputs; i++)
		floats |= test->out[i].data && test->out[i].type == EDGE_F32;
	return floats;
}

void ref_check(const struct ref_case *test)
{
	for (int layout = 0; layout < NUM_LAYOUTS; layout++) {
		check_in(test, layout, false);
		if (has_floats(test) && !test->no_half)
			check_in(test, layout, true);
	}
}

bool ref_case_is_supported(const struct ref_case *test)
{
	char reason[EDGE_REASON_MAX] = "";
	struct run run = { 0 };
	bool supported;

	start(&run, test, ROW_MAJOR, false);
	supported = edge_ref_supports(&run.node, reason);
	assert_int_equal(supported, !reason[0]);
	finish(&run);
	return supported;
}
