// SPDX-License-Identifier: MIT
/*
 * Any convolution of one or two spatial dimensions: a row of the matrix is an output pixel, a tap
 * an input pixel of its window.
 */
#include <stdlib.h>

#include "backend/cpu/ops/conv_window.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

/**
 * struct conv - state of a step
 * @group_size: elements of a packed matrix
 * @zeros: a tap outside the image
 */
struct conv {
	struct gemm gemm;
	struct conv_window window;
	int64_t group_size;
	float zeros[];
};

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct conv *conv = step->state;

	tile->packed = (const float *)step->node->packed[0]->data + tile->matrix * conv->group_size;
	conv_window_locate(&conv->window, tile, step->inputs[0].data, step->outputs[0].data,
			   conv->gemm.finish.has_residual ? step->inputs[3].data : NULL);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return conv_shape_get(node, &shape);
}

static int64_t packed_size(const struct conv_shape *shape, unsigned int cpu_flags)
{
	int64_t size = gemm_packed_size(cpu_igemm_kernels(cpu_flags), shape->out_channels,
					shape->y.kernel * shape->x.kernel, shape->in_channels);

	if (size < 0 || __builtin_mul_overflow(size, shape->groups, &size))
		return -1;
	return size;
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct edge_tensor *weight = node->inputs[1];
	const struct edge_tensor *bias = weights_input(node, 2);
	const struct cpu_igemm_kernels *kernels = cpu_igemm_kernels(cpu_flags);
	struct conv_shape shape;

	if (!conv_shape_get(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a convolution for kernels");

	const int64_t size = packed_size(&shape, cpu_flags);
	const int64_t taps = shape.y.kernel * shape.x.kernel;
	struct edge_tensor *packed = size < 0 ? NULL
					      : edge_node_add_packed(graph, node, EDGE_F32, size);

	if (!packed)
		return edge_fail_memory(error);
	for (int64_t g = 0; g < shape.groups; g++) {
		const int64_t first = g * shape.out_channels;
		const struct gemm_source source = {
			.data = (const float *)weight->data + first * shape.in_channels * taps,
			.column = shape.in_channels * taps,
			.channel = taps,
			.tap_columns = taps,
			.tap_column = 1,
			.scale = 1,
			.bias = bias ? (const float *)bias->data + first : NULL,
			.bias_scale = 1,
		};

		gemm_pack(kernels, &source, shape.out_channels, taps, shape.in_channels, 0,
			  gemm_panels(kernels, shape.out_channels),
			  (float *)packed->data + g * (size / shape.groups));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	struct conv_window window;
	struct conv_shape shape;
	struct conv *conv;

	if (!conv_shape_get(node, &shape) || node->num_packed != 1 ||
	    !weights_packed_is(node->packed[0], packed_size(&shape, prepare->cpu_flags)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	conv_window_init(&window, &shape, sizeof(float), sizeof(float));
	conv = calloc(1, sizeof(*conv) + window.depth * sizeof(float));
	if (!conv)
		return edge_fail_memory(error);
	conv->window = window;
	conv->window.outside = conv->zeros;
	conv->group_size = edge_tensor_elements(node->packed[0]) / shape.groups;
	conv->gemm = conv_window_gemm(&conv->window, locate);
	step->state = conv;
	gemm_prepare(step, prepare);
	return EDGE_OK;
}

const struct cpu_op cpu_op_conv = {
	.op = EDGE_OP_CONV,
	.name = "igemm",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
