// SPDX-License-Identifier: MIT
/* What conv.c is to floats, for those that may be rounded to bf16. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/cpu/ops/bgemm.h"
#include "backend/cpu/ops/conv_window.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "backend/cpu/ops/winograd.h"
#include "base/error.h"

/* The time of a product as a share of one of f32. An instruction does twice as many; where it runs as
 * often as one of f32, and weights take half the memory, that is what is left. Nobody has measured
 * it for us. */
#define TIME 0.5

/**
 * struct bconv - state of a step
 * @group_size: words of a packed matrix
 * @zeros: a tap outside the image
 */
struct bconv {
	struct bgemm bgemm;
	struct conv_window window;
	int64_t group_size;
	float zeros[];
};

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct bconv *conv = step->state;

	tile->packed =
		(const int32_t *)step->node->packed[0]->data + tile->matrix * conv->group_size;
	conv_window_locate(&conv->window, tile, step->inputs[0].data, step->outputs[0].data,
			   conv->bgemm.gemm.finish.has_residual ? step->inputs[3].data : NULL);
}

static int64_t packed_size(const struct conv_window *window,
			   const struct cpu_bgemm_kernels *kernels)
{
	int64_t size =
		bgemm_packed_size(kernels, window->shape.out_channels, window->taps, window->depth);

	if (size < 0 || __builtin_mul_overflow(size, window->shape.groups, &size) ||
	    size > INT64_MAX / 64)
		return -1;
	return size;
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_bgemm_kernels *kernels = cpu_bgemm_best_kernels(cpu_flags);
	const struct edge_tensor *bias = weights_input(node, 2);
	struct conv_window window;
	struct conv_shape shape;

	if (!conv_shape_get(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a convolution for kernels");
	conv_window_init(&window, &shape, sizeof(float), sizeof(float));

	const int64_t size = packed_size(&window, kernels);
	const int64_t taps = shape.y.kernel * shape.x.kernel;
	struct edge_tensor *packed = size < 0 ? NULL
					      : edge_node_add_packed(graph, node, EDGE_I32, size);

	if (!packed)
		return edge_fail_memory(error);
	for (int64_t g = 0; g < shape.groups; g++) {
		const int64_t first = g * shape.out_channels;
		const struct bgemm_source source = {
			.data = (const float *)node->inputs[1]->data +
				first * shape.in_channels * taps,
			.column = shape.in_channels * taps,
			.tap = 1,
			.channel = taps,
			.depth = shape.in_channels,
			.scale = 1,
			.bias = bias ? (const float *)bias->data + first : NULL,
			.bias_scale = 1,
		};

		bgemm_pack(kernels, &source, shape.out_channels, window.taps, window.depth,
			   (int32_t *)packed->data + g * (size / shape.groups));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const struct cpu_bgemm_kernels *kernels = cpu_bgemm_best_kernels(prepare->cpu_flags);
	struct conv_window window;
	struct conv_shape shape;
	struct bconv *conv;

	if (!conv_shape_get(node, &shape))
		return edge_fail(error, EDGE_BAD_FORMAT, "not a convolution for kernels");
	conv_window_init(&window, &shape, sizeof(float), sizeof(float));
	if (node->num_packed != 1 ||
	    !weights_packed_as(node->packed[0], EDGE_I32, packed_size(&window, kernels)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	conv = calloc(1, sizeof(*conv) + window.depth * sizeof(float));
	if (!conv)
		return edge_fail_memory(error);
	conv->window = window;
	conv->window.outside = conv->zeros;
	conv->group_size = edge_tensor_elements(node->packed[0]) / shape.groups;
	conv->bgemm.kernels = kernels;
	conv->bgemm.gemm = conv_window_gemm(&conv->window, locate);
	step->state = conv;
	bgemm_prepare(step, prepare);
	return EDGE_OK;
}

/* A group of one channel has no pairs. */
static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return conv_shape_get(node, &shape) && (shape.groups == 1 || shape.in_channels > 1);
}

static bool wanted(const struct edge_node *node, unsigned int cpu_flags,
		   enum edge_precision precision, char *reason)
{
	struct conv_shape shape;

	if (!bgemm_is_wanted(cpu_flags, precision, reason))
		return false;
	if (precision == EDGE_PRECISION_BF16_ALWAYS || !conv_shape_get(node, &shape) ||
	    !winograd_pays(&shape, TIME))
		return true;
	snprintf(reason, EDGE_REASON_MAX,
		 "in f32: Winograd's way takes a quarter of the multiplications");
	return false;
}

const struct cpu_op cpu_op_bconv = {
	.op = EDGE_OP_CONV,
	.name = BGEMM_NAME,
	.fits = fits,
	.wanted = wanted,
	.compile = compile,
	.prepare = prepare,
};
