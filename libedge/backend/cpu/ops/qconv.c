// SPDX-License-Identifier: MIT
/* What conv.c is to floats, for u8 by i8. */
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/ops/conv_window.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/qgemm.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

/**
 * struct qconv - state of a step
 * @group_size: words of a packed matrix
 * @outside: a tap outside the image
 */
struct qconv {
	struct qgemm qgemm;
	struct conv_window window;
	int64_t group_size;
	uint8_t outside[];
};

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct qconv *conv = step->state;

	tile->packed =
		(const int32_t *)step->node->packed[0]->data + tile->matrix * conv->group_size;
	conv_window_locate(&conv->window, tile, step->inputs[0].data, step->outputs[0].data, NULL);
}

static int64_t packed_size(const struct conv_window *window,
			   const struct cpu_qgemm_kernels *kernels)
{
	int64_t size =
		qgemm_packed_size(kernels, window->shape.out_channels, window->taps, window->depth);

	if (size < 0 || __builtin_mul_overflow(size, window->shape.groups, &size) ||
	    size > INT64_MAX / 64)
		return -1;
	return size;
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_qgemm_kernels *kernels = qgemm_kernels(node, cpu_flags);
	struct conv_window window;
	struct conv_shape shape;

	if (!conv_shape_get_bytes(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a convolution for kernels");
	conv_window_init(&window, &shape, 1, 1);

	const int64_t size = packed_size(&window, kernels);
	const int64_t taps = shape.y.kernel * shape.x.kernel;
	struct edge_tensor *packed = size < 0 ? NULL
					      : edge_node_add_packed(graph, node, EDGE_I32, size);

	if (!packed)
		return edge_fail_memory(error);
	for (int64_t g = 0; g < shape.groups; g++) {
		const int64_t first = g * shape.out_channels;
		const struct qgemm_source source = {
			.data = (const int8_t *)node->inputs[1]->data +
				first * shape.in_channels * taps,
			.column = shape.in_channels * taps,
			.tap = 1,
			.channel = taps,
			.depth = shape.in_channels,
			.first = first,
		};

		qgemm_pack(kernels, node, &source, shape.out_channels, window.taps, window.depth,
			   (int32_t *)packed->data + g * (size / shape.groups));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const struct cpu_qgemm_kernels *kernels = qgemm_kernels(node, prepare->cpu_flags);
	struct conv_window window;
	struct conv_shape shape;
	struct qconv *conv;

	if (!conv_shape_get_bytes(node, &shape))
		return edge_fail(error, EDGE_BAD_FORMAT, "not a convolution for kernels");
	conv_window_init(&window, &shape, 1, (int64_t)edge_type_size(node->outputs[0]->type));
	if (node->num_packed != 1 ||
	    !weights_packed_as(node->packed[0], EDGE_I32, packed_size(&window, kernels)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	conv = calloc(1, sizeof(*conv) + window.depth);
	if (!conv)
		return edge_fail_memory(error);
	conv->window = window;
	conv->window.outside = conv->outside;
	conv->group_size = edge_tensor_elements(node->packed[0]) / shape.groups;
	conv->qgemm.kernels = kernels;
	conv->qgemm.gemm = conv_window_gemm(&conv->window, CPU_QGEMM_MAX_ROWS, locate);
	step->state = conv;
	qgemm_prepare(step, prepare);
	memset(conv->outside, conv->qgemm.zero, window.depth);
	return EDGE_OK;
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
