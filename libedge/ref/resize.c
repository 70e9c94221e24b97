// SPDX-License-Identifier: MIT
#include "ref/resize.h"
#include "ref/quant.h"

/* In double, as the results of ONNX are made: nearest neighbours hang on the last bit. */
static double input_coordinate(const union edge_params *params, int rank, int axis, int64_t size,
			       int64_t resized, int64_t x)
{
	double scale = params->resize.scales[axis] > 0 ? params->resize.scales[axis]
						       : (double)resized / size;
	/* Not always @resized, which is rounded down. */
	double length = scale * size;
	double start = params->resize.roi[axis], end = params->resize.roi[rank + axis];

	switch (params->resize.coordinates) {
	case EDGE_RESIZE_ALIGN_CORNERS:
		return length == 1 ? 0 : x * (size - 1) / (length - 1);
	case EDGE_RESIZE_ASYMMETRIC:
		return x / scale;
	case EDGE_RESIZE_TF_CROP_AND_RESIZE:
		if (length == 1)
			return (start + end) * (size - 1) / 2;
		return start * (size - 1) + x * (end - start) * (size - 1) / (length - 1);
	case EDGE_RESIZE_PYTORCH_HALF_PIXEL:
		if (resized == 1)
			return 0;
		break;
	default:
		break;
	}
	return (x + 0.5) / scale - 0.5;
}

static int64_t nearest(enum edge_resize_rounding rounding, double at)
{
	switch (rounding) {
	case EDGE_RESIZE_ROUND_PREFER_FLOOR:
		return ceil(at - 0.5);
	case EDGE_RESIZE_ROUND_PREFER_CEIL:
		return floor(at + 0.5);
	case EDGE_RESIZE_FLOOR:
		return floor(at);
	default:
		return ceil(at);
	}
}

/* Keys, "Cubic Convolution Interpolation for Digital Image Processing", 1981. */
static void cubic_weights(double a, double t, float *weight)
{
	double u = 1 - t, s = t + 1, v = u + 1;

	weight[0] = ((a * s - 5 * a) * s + 8 * a) * s - 4 * a;
	weight[1] = ((a + 2) * t - (a + 3)) * t * t + 1;
	weight[2] = ((a + 2) * u - (a + 3)) * u * u + 1;
	weight[3] = ((a * v - 5 * a) * v + 8 * a) * v - 4 * a;
}

/* Drops the taps outside, and lets the others make up for them. */
static void exclude_outside(struct edge_resize_taps *taps, int64_t size)
{
	double sum = 0;

	for (int i = 0; i < taps->count; i++) {
		if (taps->index[i] < 0 || taps->index[i] >= size)
			taps->weight[i] = 0;
		sum += taps->weight[i];
	}
	for (int i = 0; i < taps->count; i++)
		taps->weight[i] /= sum;
}

struct edge_resize_taps edge_resize_taps(const union edge_params *params, int rank, int axis,
					 int64_t size, int64_t resized, int64_t x)
{
	double at = input_coordinate(params, rank, axis, size, resized, x);
	struct edge_resize_taps taps = { .count = 1, .weight = { 1 } };
	int64_t left;

	if (params->resize.coordinates == EDGE_RESIZE_TF_CROP_AND_RESIZE &&
	    (at < 0 || at > size - 1)) {
		taps.count = 0;
		return taps;
	}
	/* All is the same further out, where integers may end. */
	at = fmin(fmax(at, -4), size + 4);
	left = floor(at);
	if (params->resize.mode == EDGE_RESIZE_NEAREST) {
		taps.index[0] = nearest(params->resize.rounding, at);
	} else if (at == left) {
		taps.index[0] = left;
	} else if (params->resize.mode == EDGE_RESIZE_LINEAR) {
		taps.count = 2;
		taps.index[0] = left;
		taps.index[1] = left + 1;
		taps.weight[0] = 1 - (at - left);
		taps.weight[1] = at - left;
	} else {
		taps.count = 4;
		for (int i = 0; i < 4; i++)
			taps.index[i] = left - 1 + i;
		cubic_weights(params->resize.cubic_a, at - left, taps.weight);
	}
	if (params->resize.exclude_outside)
		exclude_outside(&taps, size);
	for (int i = 0; i < taps.count; i++)
		taps.index[i] = ref_clamp(taps.index[i], 0, size - 1);
	return taps;
}

/* One output: the products of the weights of all dimensions. Returns false when outside. */
static bool interpolate(const struct edge_view *x, const struct edge_resize_taps *taps,
			float *value)
{
	int64_t counts[EDGE_MAX_RANK];
	struct ref_walk walk;
	float sum = 0;

	for (int d = 0; d < x->rank; d++) {
		counts[d] = taps[d].count;
		if (!taps[d].count)
			return false;
	}
	ref_walk_init(&walk, x->rank, counts);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t at = 0;
		float weight = 1;

		for (int d = 0; d < x->rank; d++) {
			at += taps[d].index[walk.index[d]] * x->strides[d];
			weight *= taps[d].weight[walk.index[d]];
		}
		sum += weight * ref_get(x, at);
	}
	*value = sum;
	return true;
}

static int64_t nearest_at(const struct edge_view *x, const struct edge_resize_taps *taps)
{
	int64_t at = 0;

	for (int d = 0; d < x->rank; d++)
		at += taps[d].index[0] * x->strides[d];
	return at;
}

void ref_resize(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	bool nearest_only = call->params->resize.mode == EDGE_RESIZE_NEAREST &&
			    call->params->resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE;
	struct edge_resize_taps taps[EDGE_MAX_RANK];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	for (; !walk.done; ref_walk_next(&walk)) {
		float value = call->params->resize.extrapolation;
		int first = y->rank - 1;

		/* A step changes the last dimension, and one before it where it starts again. */
		while (first > 0 && !walk.index[first])
			first--;
		for (int d = first; d < y->rank; d++)
			taps[d] = edge_resize_taps(call->params, y->rank, d, x->dims[d], y->dims[d],
						   walk.index[d]);
		if (nearest_only) {
			ref_copy_element(y, walk.at[0], x, nearest_at(x, taps));
			continue;
		}
		interpolate(x, taps, &value);
		if (ref_is_quantised(call))
			value = (float)edge_round_float(EDGE_ROUND_FLOAT, value);
		ref_set(y, walk.at[0], value);
	}
}
