// SPDX-License-Identifier: MIT
/*
 * Resize of images whose channels are innermost. A task makes a row of the output: first, between
 * rows of the input, into scratch memory, then between its pixels.
 */
#include "backend/cpu/kernels/resize.h"

#include <stdlib.h>

#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"
#include "ref/resize.h"

/**
 * struct table - one dimension
 * @index, @weight: [out][taps]; indices are element offsets
 */
struct table {
	int64_t in, out;
	int64_t *index;
	float *weight;
};

struct resize {
	int64_t taps;
	struct table y, x;
	int64_t channels, in_pixel;
	struct finish finish;
	const struct cpu_resize_kernels *kernels;
	int64_t memory[];
};

/* All of a row is one pixel, unless something lies between its pixels. */
static void run_down(const struct resize *resize, float *row, const float *image,
		     const int64_t *index, const float *weight)
{
	const bool dense = resize->in_pixel == resize->channels;
	const int64_t pixels = dense ? 1 : resize->x.in;
	struct cpu_resize_line line = {
		.index = index,
		.weight = weight,
		.pixels = 1,
		.channels = dense ? resize->x.in * resize->channels : resize->channels,
		.taps = resize->taps,
	};

	for (int64_t x = 0; x < pixels; x++) {
		line.y = row + x * resize->channels;
		line.x = image + x * resize->in_pixel;
		resize->kernels->line(&line);
	}
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct resize *resize = step->state;
	const struct edge_view *in = &step->inputs[0], *out = &step->outputs[0];
	const int64_t n = task / resize->y.out, row = task % resize->y.out;
	const float *image = (const float *)in->data + n * in->strides[0];
	const int64_t *index = resize->y.index + row * resize->taps;
	float *y = (float *)out->data + n * out->strides[0] + row * out->strides[2];
	struct cpu_resize_line line = {
		.y = y,
		.x = scratch,
		.y_step = out->strides[3],
		.index = resize->x.index,
		.weight = resize->x.weight,
		.pixels = resize->x.out,
		.channels = resize->channels,
		.taps = resize->taps,
	};

	if (resize->taps == 1)
		line.x = image + *index;
	else
		run_down(resize, scratch, image, index, resize->y.weight + row * resize->taps);
	resize->kernels->line(&line);
	finish_block(&resize->finish, y, out->strides[3], resize->x.out, resize->channels);
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

	return x->type == EDGE_F32 && x->rank == 4 && is_channels_last(x) && is_channels_last(y) &&
	       is_kept(node, 0) && is_kept(node, 1) && cpu_activate_has(node->act.func) &&
	       node->params.resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE;
}

/* Fewer taps than the others of the table have are filled up by some that weigh nothing. */
static void fill_table(struct table *table, const struct edge_node *node, int d, int64_t taps,
		       int64_t stride)
{
	for (int64_t i = 0; i < table->out; i++) {
		const struct edge_resize_taps found = edge_resize_taps(
			&node->params, node->inputs[0]->rank, d, table->in, table->out, i);

		for (int64_t t = 0; t < taps; t++) {
			table->index[i * taps + t] = found.index[t < found.count ? t : 0] * stride;
			table->weight[i * taps + t] = t < found.count ? found.weight[t] : 0;
		}
	}
}

static struct resize *create(const struct edge_node *node)
{
	static const int64_t taps_of[] = {
		[EDGE_RESIZE_NEAREST] = 1, [EDGE_RESIZE_LINEAR] = 2, [EDGE_RESIZE_CUBIC] = 4
	};
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	const int64_t taps = taps_of[node->params.resize.mode];
	const int64_t entries = taps * (y->dims[2] + y->dims[3]);
	struct resize *resize =
		calloc(1, sizeof(*resize) + entries * (sizeof(int64_t) + sizeof(float)));
	float *weights;

	if (!resize)
		return NULL;
	weights = (float *)(resize->memory + entries);
	resize->taps = taps;
	resize->channels = x->dims[1];
	resize->in_pixel = x->strides[3];
	resize->y = (struct table) { x->dims[2], y->dims[2], resize->memory, weights };
	resize->x = (struct table) { x->dims[3], y->dims[3], resize->memory + taps * y->dims[2],
				     weights + taps * y->dims[2] };
	fill_table(&resize->y, node, 2, taps, x->strides[2]);
	fill_table(&resize->x, node, 3, taps, taps == 1 ? resize->in_pixel : resize->channels);
	return resize;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct resize *resize;

	if (status)
		return status;
	resize = create(step->node);
	if (!resize)
		return edge_fail_memory(error);
	resize->kernels = cpu_resize_kernels(prepare->cpu_flags);
	finish_init_act(&resize->finish, &step->node->act, prepare->cpu_flags);
	step->state = resize;
	step->run = run;
	if (resize->taps > 1)
		step->scratch_size = resize->x.in * resize->channels * sizeof(float);
	if (edge_tensor_elements(step->node->outputs[0]))
		step->num_tasks = step->node->inputs[0]->dims[0] * resize->y.out;
	return EDGE_OK;
}

const struct cpu_op cpu_op_resize = {
	.op = EDGE_OP_RESIZE,
	.name = "resize",
	.fits = fits,
	.prepare = prepare,
};
