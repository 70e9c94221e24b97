// SPDX-License-Identifier: MIT
/*
 * Resize of u8 images whose channels are innermost, by nearest neighbours or linearly. A task makes
 * a row of the output.
 */
#include "backend/cpu/kernels/qresize.h"

#include <stdlib.h>
#include <string.h>

#include "backend/cpu/ops/ops.h"
#include "base/error.h"
#include "ref/resize.h"

/* Inputs of a linear one along one dimension. */
#define TAPS 2

/* One output along one dimension; @index in elements. */
struct entry {
	int64_t index[TAPS];
	float weight[TAPS];
};

/**
 * struct qresize - state of a step
 * @entries: of the rows, and then of the columns
 */
struct qresize {
	bool nearest;
	int64_t rows, columns, channels;
	void (*line)(const struct cpu_qresize_line *line);
	struct entry entries[];
};

static void run_nearest(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qresize *resize = step->state;
	const struct edge_view *in = &step->inputs[0], *out = &step->outputs[0];
	const int64_t n = task / resize->rows, row = task % resize->rows;
	const struct entry *entries = resize->entries + resize->rows;
	const uint8_t *x =
		(const uint8_t *)in->data + n * in->strides[0] + resize->entries[row].index[0];
	uint8_t *y = (uint8_t *)out->data + n * out->strides[0] + row * out->strides[2];

	for (int64_t i = 0; i < resize->columns; i++)
		memcpy(y + i * out->strides[3], x + entries[i].index[0], resize->channels);
}

static void run_linear(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qresize *resize = step->state;
	const struct edge_view *in = &step->inputs[0], *out = &step->outputs[0];
	const int64_t n = task / resize->rows, row = task % resize->rows;
	const struct entry *down = &resize->entries[row], *across = resize->entries + resize->rows;
	int64_t *index = scratch;
	float *weight = (float *)(index + TAPS * TAPS * resize->columns);

	for (int64_t i = 0; i < TAPS * TAPS * resize->columns; i++) {
		const struct entry *column = &across[i / (TAPS * TAPS)];
		const int64_t a = i / TAPS % TAPS, b = i % TAPS;

		index[i] = down->index[a] + column->index[b];
		weight[i] = down->weight[a] * column->weight[b];
	}
	resize->line(&(struct cpu_qresize_line) {
		.y = (uint8_t *)out->data + n * out->strides[0] + row * out->strides[2],
		.x = (const uint8_t *)in->data + n * in->strides[0],
		.y_step = out->strides[3],
		.index = index,
		.weight = weight,
		.pixels = resize->columns,
		.channels = resize->channels,
	});
}

static bool is_channels_last(const struct edge_tensor *tensor)
{
	return tensor->dims[1] == 1 || tensor->strides[1] == 1;
}

static bool is_kept(const struct edge_node *node, int d)
{
	const float scale = node->params.resize.scales[d];

	return node->inputs[0]->dims[d] == node->outputs[0]->dims[d] && (scale == 0 || scale == 1);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	const bool nearest = node->params.resize.mode == EDGE_RESIZE_NEAREST;

	return x->type == EDGE_U8 && x->rank == 4 && is_channels_last(x) && is_channels_last(y) &&
	       is_kept(node, 0) && is_kept(node, 1) && node->act.func == EDGE_FUNC_IDENTITY &&
	       (nearest || (node->params.resize.mode == EDGE_RESIZE_LINEAR && y->quant)) &&
	       node->params.resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE;
}

/* Where one input is enough, another weighs nothing. */
static void fill(struct entry *entries, const struct edge_node *node, int d)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];

	for (int64_t i = 0; i < y->dims[d]; i++) {
		const struct edge_resize_taps found =
			edge_resize_taps(&node->params, x->rank, d, x->dims[d], y->dims[d], i);

		for (int t = 0; t < TAPS; t++) {
			entries[i].index[t] = found.index[t < found.count ? t : 0] * x->strides[d];
			entries[i].weight[t] = t < found.count ? found.weight[t] : 0;
		}
	}
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	const struct edge_tensor *y = step->node->outputs[0];
	struct qresize *resize;

	if (status)
		return status;
	resize =
		calloc(1, sizeof(*resize) + (y->dims[2] + y->dims[3]) * sizeof(resize->entries[0]));
	if (!resize)
		return edge_fail_memory(error);
	step->state = resize;
	if (!edge_tensor_elements(y))
		return EDGE_OK;
	resize->nearest = step->node->params.resize.mode == EDGE_RESIZE_NEAREST;
	resize->rows = y->dims[2];
	resize->columns = y->dims[3];
	resize->channels = y->dims[1];
	resize->line = cpu_qresize_kernels(prepare->cpu_flags)->line;
	fill(resize->entries, step->node, 2);
	fill(resize->entries + resize->rows, step->node, 3);
	step->run = resize->nearest ? run_nearest : run_linear;
	if (!resize->nearest)
		step->scratch_size =
			TAPS * TAPS * resize->columns * (sizeof(int64_t) + sizeof(float));
	step->num_tasks = y->dims[0] * resize->rows;
	return EDGE_OK;
}

const struct cpu_op cpu_op_qresize = {
	.op = EDGE_OP_RESIZE,
	.name = "qresize",
	.fits = fits,
	.prepare = prepare,
};
