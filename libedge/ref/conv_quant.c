// SPDX-License-Identifier: MIT
#include "ref/quant.h"
#include "ref/window.h"

struct conv {
	struct ref_image x, weight, y;
	struct ref_window window;
	struct ref_products products;
	int64_t channels_out; /* of a group */
};

static int32_t inner_product(const struct conv *conv, const int64_t *place)
{
	const struct ref_image *x = &conv->x, *w = &conv->weight;
	const int64_t m = place[1];
	const int64_t first = m / conv->channels_out * w->c;
	struct ref_taps taps;
	int32_t sum = 0;
	int64_t tap[EDGE_MAX_SPATIAL];

	ref_window_taps(&conv->window, x, &place[2], &taps);
	for (int64_t c = 0; c < w->c; c++)
		for (tap[0] = taps.first[0]; tap[0] < taps.end[0]; tap[0]++)
			for (tap[1] = taps.first[1]; tap[1] < taps.end[1]; tap[1]++)
				for (tap[2] = taps.first[2]; tap[2] < taps.end[2]; tap[2]++) {
					int64_t x_at = place[0] * x->n_stride +
						       (first + c) * x->c_stride + taps.at;
					int64_t w_at = m * w->n_stride + c * w->c_stride;

					for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
						x_at += (tap[d] - taps.first[d]) *
							conv->window.dilation[d] * x->stride[d];
						w_at += tap[d] * w->stride[d];
					}
					sum = edge_wrap_add(
						sum,
						ref_product(&conv->products, m,
							    ref_load_int(x->type, x->data, x_at),
							    ref_load_int(w->type, w->data, w_at)));
				}
	return sum;
}

void ref_conv_bytes(const struct ref_call *call)
{
	const struct edge_view *bias = ref_has_input(call, 2) ? &call->in[2] : NULL;
	struct ref_walk walk;
	struct conv conv;

	ref_image_init(&conv.x, &call->in[0]);
	ref_image_init(&conv.weight, &call->in[1]);
	ref_image_init(&conv.y, &call->out[0]);
	ref_window_of_conv(&conv.window, call->params, &conv.weight, call->in[0].rank - 2);
	ref_products_init(&conv.products, call);
	conv.channels_out = conv.y.c / call->params->conv.group;

	for (ref_image_walk(&walk, &conv.y); !walk.done; ref_walk_next(&walk)) {
		const int64_t m = walk.index[1];
		int32_t sum = inner_product(&conv, walk.index);

		if (bias)
			sum = edge_wrap_add(sum, (int32_t)ref_get_int(bias, m * bias->strides[0]));
		ref_products_store(&conv.products, &call->out[0], walk.at[0], m, sum);
	}
}
