// SPDX-License-Identifier: MIT
/* What conv.c is to floats, for u8 by i8. */
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/ops/conv_window.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/qgemm.h"
#include "base/error.h"

/**
 * struct qconv - state of a step
 * @outside: a tap outside the image
 */
struct qconv {
	struct qgemm qgemm;
	struct conv_window window;
	uint8_t outside[];
};

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct qconv *conv = step->state;

	conv_window_locate(&conv->window, tile, step->inputs[0].data, step->outputs[0].data, NULL);
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	struct conv_window window;
	struct conv_shape shape;

	if (!conv_shape_get_bytes(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a convolution for kernels");
	conv_window_init(&window, &shape, 1, 1);

	const int64_t taps = shape.y.kernel * shape.x.kernel;
	const struct qgemm_source source = {
		.matrices = shape.groups,
		.columns = shape.out_channels,
		.taps = window.taps,
		.depth = window.depth,
		.data = node->inputs[1]->data,
		.matrix = shape.out_channels * shape.in_channels * taps,
		.column = shape.in_channels * taps,
		.tap = 1,
		.channel = taps,
		.inner = shape.in_channels,
	};

	return qgemm_compile(graph, node, cpu_flags, &source, error);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	struct conv_window window;
	struct conv_shape shape;
	enum edge_status status;
	struct qconv *conv;

	if (!conv_shape_get_bytes(node, &shape))
		return edge_fail(error, EDGE_BAD_FORMAT, "not a convolution for kernels");
	conv_window_init(&window, &shape, 1, (int64_t)edge_type_size(node->outputs[0]->type));
	conv = calloc(1, sizeof(*conv) + window.depth);
	if (!conv)
		return edge_fail_memory(error);
	conv->window = window;
	conv->window.outside = conv->outside;
	conv->qgemm.gemm = conv_window_gemm(&conv->window, locate);
	step->state = conv;
	status = qgemm_prepare(step, prepare, error);
	memset(conv->outside, conv->qgemm.zero, window.depth);
	return status;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return qgemm_takes(node) && conv_shape_get_bytes(node, &shape);
}

const struct cpu_op cpu_op_qconv = {
	.op = EDGE_OP_CONV,
	.name = "qgemm",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};

static bool fits_bytes(const struct edge_node *node, unsigned int cpu_flags)
{
	return fits(node, cpu_flags) && qgemm_takes_bytes(node, cpu_flags);
}

const struct cpu_op cpu_op_qconv_bytes = {
	.op = EDGE_OP_CONV,
	.name = QGEMM_BYTES,
	.fits = fits_bytes,
	.compile = compile,
	.prepare = prepare,
};

static bool fits_pairs(const struct edge_node *node, unsigned int cpu_flags)
{
	return fits(node, cpu_flags) && qgemm_takes_pairs(node, cpu_flags);
}

const struct cpu_op cpu_op_qconv_pairs = {
	.op = EDGE_OP_CONV,
	.name = QGEMM_PAIRS,
	.fits = fits_pairs,
	.compile = compile,
	.prepare = prepare,
};
