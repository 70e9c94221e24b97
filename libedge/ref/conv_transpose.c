// SPDX-License-Identifier: MIT
#include "ref/window.h"

/* Input position whose tap @tap falls on output @place in dimension @d; -1 when there is none. */
static int64_t source(const struct ref_window *window, const struct ref_image *x, int d,
		      int64_t place, int64_t tap)
{
	int64_t at = place + window->pad_begin[d] - tap * window->dilation[d];

	if (at < 0 || at % window->stride[d] || at / window->stride[d] >= x->size[d])
		return -1;
	return at / window->stride[d];
}

static float one_output(const struct ref_image *x, const struct ref_image *weight,
			const struct ref_window *window, int64_t n, int64_t m, const int64_t *place,
			int64_t group)
{
	int64_t channels_in = x->c / group, first = m / weight->c * channels_in;
	struct ref_walk taps;
	float sum = 0;

	ref_walk_init(&taps, EDGE_MAX_SPATIAL, window->kernel);
	ref_walk_add_strides(&taps, weight->stride);
	for (; !taps.done; ref_walk_next(&taps)) {
		int64_t x_at = n * x->n_stride + first * x->c_stride;
		int64_t w_at = first * weight->n_stride + m % weight->c * weight->c_stride;
		bool inside = true;

		for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
			int64_t i = source(window, x, d, place[d], taps.index[d]);

			inside &= i >= 0;
			x_at += i * x->stride[d];
		}
		for (int64_t c = 0; inside && c < channels_in; c++)
			sum += ref_load(x->type, x->data, x_at + c * x->c_stride) *
			       ref_load(x->type, weight->data,
					w_at + taps.at[0] + c * weight->n_stride);
	}
	return sum;
}

void ref_conv_transpose(const struct ref_call *call)
{
	const struct edge_view *bias = ref_has_input(call, 2) ? &call->in[2] : NULL;
	struct ref_image x, weight, y;
	struct ref_window window;
	struct ref_walk walk;

	ref_image_init(&x, &call->in[0]);
	ref_image_init(&weight, &call->in[1]);
	ref_image_init(&y, &call->out[0]);
	ref_window_of_conv(&window, call->params, &weight, call->in[0].rank - 2);

	ref_image_walk(&walk, &y);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t m = walk.index[1];
		float sum = one_output(&x, &weight, &window, walk.index[0], m, &walk.index[2],
				       call->params->conv.group);

		if (bias)
			sum += ref_get(bias, m * bias->strides[0]);
		ref_set(&call->out[0], walk.at[0], sum);
	}
}
