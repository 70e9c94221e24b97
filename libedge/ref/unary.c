// SPDX-License-Identifier: MIT
#include "ref/ops.h"

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

static float clip(float x, float least, float most)
{
	x = x < least ? least : x;
	return x > most ? most : x;
}

/* exp(x) is infinite long before log(1 + exp(x)) is. */
static float softplus(float x)
{
	return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x)));
}

static float shrink(float x, float lambda, float bias)
{
	if (x < -lambda)
		return x + bias;
	return x > lambda ? x - bias : 0;
}

static float celu(float x, float alpha)
{
	float low = alpha * expm1f(x / alpha);

	return (x > 0 ? x : 0) + (low < 0 ? low : 0);
}

static float sign(float x)
{
	return x > 0 ? 1 : x < 0 ? -1 : x;
}

/* The functions that are activations of detectors. */
static float activate(const struct edge_activation *act, float x)
{
	float alpha = act->alpha, beta = act->beta;

	switch (act->func) {
	case EDGE_FUNC_RELU:
		return x < 0 ? 0 : x;
	case EDGE_FUNC_CLIP:
		return clip(x, alpha, beta);
	case EDGE_FUNC_LEAKY_RELU:
		return x < 0 ? alpha * x : x;
	case EDGE_FUNC_SIGMOID:
		return sigmoid(x);
	case EDGE_FUNC_SILU:
		return x * sigmoid(x);
	case EDGE_FUNC_HARD_SIGMOID:
		return clip(alpha * x + beta, 0, 1);
	case EDGE_FUNC_HARD_SWISH:
		return x * clip(x / 6 + 0.5f, 0, 1);
	case EDGE_FUNC_MISH:
		return x * tanhf(softplus(x));
	case EDGE_FUNC_TANH:
		return tanhf(x);
	case EDGE_FUNC_GELU:
		return x / 2 * (1 + erff(x * 0.70710678f));
	case EDGE_FUNC_GELU_TANH:
		return x / 2 * (1 + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
	case EDGE_FUNC_ELU:
		return x < 0 ? alpha * expm1f(x) : x;
	case EDGE_FUNC_CELU:
		return celu(x, alpha);
	case EDGE_FUNC_SELU:
		return beta * (x < 0 ? alpha * expm1f(x) : x);
	case EDGE_FUNC_SOFTPLUS:
		return softplus(x);
	case EDGE_FUNC_SOFTSIGN:
		return x / (1 + fabsf(x));
	case EDGE_FUNC_THRESHOLDED_RELU:
		return x > alpha ? x : 0;
	case EDGE_FUNC_SHRINK:
		return shrink(x, alpha, beta);
	default:
		return x;
	}
}

static float compute(enum edge_func func, float x)
{
	switch (func) {
	case EDGE_FUNC_ABS:
		return fabsf(x);
	case EDGE_FUNC_NEG:
		return -x;
	case EDGE_FUNC_RECIPROCAL:
		return 1 / x;
	case EDGE_FUNC_SQRT:
		return sqrtf(x);
	case EDGE_FUNC_EXP:
		return expf(x);
	case EDGE_FUNC_LOG:
		return logf(x);
	case EDGE_FUNC_ERF:
		return erff(x);
	case EDGE_FUNC_SIGN:
		return sign(x);
	case EDGE_FUNC_FLOOR:
		return floorf(x);
	case EDGE_FUNC_CEIL:
		return ceilf(x);
	case EDGE_FUNC_ROUND:
		return rintf(x);
	case EDGE_FUNC_SIN:
		return sinf(x);
	case EDGE_FUNC_COS:
		return cosf(x);
	case EDGE_FUNC_TAN:
		return tanf(x);
	case EDGE_FUNC_ASIN:
		return asinf(x);
	case EDGE_FUNC_ACOS:
		return acosf(x);
	case EDGE_FUNC_ATAN:
		return atanf(x);
	case EDGE_FUNC_SINH:
		return sinhf(x);
	case EDGE_FUNC_COSH:
		return coshf(x);
	case EDGE_FUNC_ASINH:
		return asinhf(x);
	case EDGE_FUNC_ACOSH:
		return acoshf(x);
	case EDGE_FUNC_ATANH:
		return atanhf(x);
	default:
		return x;
	}
}

float edge_ref_activate(const struct edge_activation *act, float x)
{
	return act->func <= EDGE_FUNC_SHRINK ? activate(act, x) : compute(act->func, x);
}

static int64_t compute_int(const struct edge_activation *act, enum edge_type type, int64_t x)
{
	switch (act->func) {
	case EDGE_FUNC_RELU:
		return x < 0 ? 0 : x;
	case EDGE_FUNC_CLIP:
		if (x < act->alpha)
			x = ref_clamp_int(type, ref_to_int(act->alpha));
		return x > act->beta ? ref_clamp_int(type, ref_to_int(act->beta)) : x;
	case EDGE_FUNC_ABS:
		return x < 0 ? ref_mul_int(x, -1) : x;
	case EDGE_FUNC_NEG:
		return ref_mul_int(x, -1);
	case EDGE_FUNC_SIGN:
		return (x > 0) - (x < 0);
	case EDGE_FUNC_NOT:
		return !x;
	default:
		return x;
	}
}

static bool test(const struct edge_activation *act, float x)
{
	if (act->func == EDGE_FUNC_IS_NAN)
		return isnan(x);
	return isinf(x) && (x > 0 ? act->alpha != 0 : act->beta != 0);
}

void ref_unary(const struct ref_call *call)
{
	const struct edge_activation *act = &call->params->unary;
	const struct edge_view *x = &call->in[0], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	for (; !walk.done; ref_walk_next(&walk)) {
		if (act->func == EDGE_FUNC_IS_NAN || act->func == EDGE_FUNC_IS_INF)
			ref_set_int(y, walk.at[0], test(act, ref_get(x, walk.at[1])));
		else if (ref_is_float(x->type))
			ref_set(y, walk.at[0], edge_ref_activate(act, ref_get(x, walk.at[1])));
		else
			ref_set_int(y, walk.at[0],
				    compute_int(act, x->type, ref_get_int(x, walk.at[1])));
	}
}

void ref_prelu(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *slope = &call->in[1], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, x);
	ref_walk_add(&walk, slope);
	for (; !walk.done; ref_walk_next(&walk)) {
		if (ref_is_float(x->type)) {
			float value = ref_get(x, walk.at[1]);

			ref_set(y, walk.at[0],
				value < 0 ? value * ref_get(slope, walk.at[2]) : value);
		} else {
			int64_t value = ref_get_int(x, walk.at[1]);

			if (value < 0)
				value = ref_mul_int(value, ref_get_int(slope, walk.at[2]));
			ref_set_int(y, walk.at[0], value);
		}
	}
}
