// SPDX-License-Identifier: MIT
#include "ref/quant.h"
#include "ref/window.h"

struct conv {
	struct ref_image x, weight, y;
	struct ref_window window;
	int64_t channels_out; /* of a group */
};

/* The inner product of one output. @type is a constant in each of the two places that call it, so
 * that the loops know how to load. */
static inline __attribute__((always_inline)) float inner_product(const struct conv *conv,
								 const struct ref_taps *taps,
								 int64_t n, int64_t m,
								 enum edge_type type)
{
	const struct ref_image *x = &conv->x, *w = &conv->weight;
	const struct ref_window *window = &conv->window;
	int64_t x_at = n * x->n_stride + m / conv->channels_out * w->c * x->c_stride + taps->at;
	int64_t w_at = m * w->n_stride + taps->first[0] * w->stride[0] +
		       taps->first[1] * w->stride[1] + taps->first[2] * w->stride[2];
	int64_t step[EDGE_MAX_SPATIAL];
	float sum = 0;

	for (int d = 0; d < EDGE_MAX_SPATIAL; d++)
		step[d] = window->dilation[d] * x->stride[d];
	for (int64_t c = 0; c < w->c; c++)
		for (int64_t i = 0; i < taps->end[0] - taps->first[0]; i++)
			for (int64_t j = 0; j < taps->end[1] - taps->first[1]; j++) {
				int64_t xs = x_at + c * x->c_stride + i * step[0] + j * step[1];
				int64_t ws = w_at + c * w->c_stride + i * w->stride[0] +
					     j * w->stride[1];

				for (int64_t k = 0; k < taps->end[2] - taps->first[2]; k++)
					sum += ref_load(type, x->data, xs + k * step[2]) *
					       ref_load(type, w->data, ws + k * w->stride[2]);
			}
	return sum;
}

/* Applies activation and residual in the order in which params have them. */
static float finish(const struct ref_call *call, float value, int64_t residual_at)
{
	const struct edge_activation *act = &call->node->act;

	if (!ref_has_input(call, 3))
		return edge_ref_activate(act, value);
	if (call->params->conv.residual_after_act)
		return edge_ref_activate(act, value) + ref_get(&call->in[3], residual_at);
	return edge_ref_activate(act, value + ref_get(&call->in[3], residual_at));
}

void ref_conv(const struct ref_call *call)
{
	const struct edge_view *bias = ref_has_input(call, 2) ? &call->in[2] : NULL;
	struct ref_walk walk;
	struct conv conv;

	if (call->in[0].type == EDGE_U8 || call->in[0].type == EDGE_I8) {
		ref_conv_bytes(call);
		return;
	}

	ref_image_init(&conv.x, &call->in[0]);
	ref_image_init(&conv.weight, &call->in[1]);
	ref_image_init(&conv.y, &call->out[0]);
	ref_window_of_conv(&conv.window, call->params, &conv.weight, call->in[0].rank - 2);
	conv.channels_out = conv.y.c / call->params->conv.group;

	ref_image_walk(&walk, &conv.y);
	if (ref_has_input(call, 3)) {
		struct ref_image residual;

		ref_image_init(&residual, &call->in[3]);
		ref_walk_add_strides(&walk,
				     (const int64_t[]) { residual.n_stride, residual.c_stride,
							 residual.stride[0], residual.stride[1],
							 residual.stride[2] });
	}
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t n = walk.index[0], m = walk.index[1];
		struct ref_taps taps;
		float sum;

		ref_window_taps(&conv.window, &conv.x, &walk.index[2], &taps);
		if (conv.x.type == EDGE_F16)
			sum = inner_product(&conv, &taps, n, m, EDGE_F16);
		else
			sum = inner_product(&conv, &taps, n, m, EDGE_F32);
		if (bias)
			sum += ref_get(bias, m * bias->strides[0]);
		ref_set(&call->out[0], walk.at[0], finish(call, sum, walk.at[1]));
	}
}
