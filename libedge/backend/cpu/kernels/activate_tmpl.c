// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/activate.h"
#include "backend/cpu/kernels/vector_math.h"

/* A function of one vector; the loops below are made anew for each. */
#define FUNCTION(name, expression) \
	CPU_INLINE vf name(vf x, vf alpha, vf beta) \
	{ \
		return expression; \
	}

FUNCTION(apply_relu, vf_max(vf_zero(), x))
FUNCTION(apply_clip, vf_min(beta, vf_max(alpha, x)))
FUNCTION(apply_leaky_relu, vf_leaky_relu(x, alpha))
FUNCTION(apply_sigmoid, vf_sigmoid(x))
FUNCTION(apply_silu, vf_silu(x))
FUNCTION(apply_hard_sigmoid, vf_hard_sigmoid(x, alpha, beta))
FUNCTION(apply_hard_swish, vf_hard_swish(x))
FUNCTION(apply_mish, vf_mish(x))
FUNCTION(apply_tanh, vf_tanh(x))
FUNCTION(apply_gelu, vf_gelu(x))
FUNCTION(apply_gelu_tanh, vf_gelu_tanh(x))
FUNCTION(apply_abs, vf_abs(x))
FUNCTION(apply_neg, vf_neg(x))
FUNCTION(apply_reciprocal, vf_div(vf_set1(1.0f), x))
FUNCTION(apply_sqrt, vf_sqrt(x))
FUNCTION(apply_exp, vf_exp(x))
FUNCTION(apply_erf, vf_erf(x))
FUNCTION(apply_floor, vf_floor(x))
FUNCTION(apply_ceil, vf_ceil(x))
FUNCTION(apply_round, vf_round(x))
FUNCTION(apply_identity, x)

typedef vf (*function)(vf x, vf alpha, vf beta);

CPU_INLINE void loop(const struct cpu_activate_rows *rows, function apply)
{
	const bool after = rows->residual && rows->residual_after;
	const vf alpha = vf_set1(rows->act.alpha);
	const vf beta = vf_set1(rows->act.beta);
	const int64_t num = rows->num, full = num - num % VF_LANES;

	for (int64_t r = 0; r < rows->num_rows; r++) {
		float *y = rows->rows[r] + rows->offset;
		const float *added = rows->residual ? rows->residual[r] + rows->offset : NULL;

		if (!added) {
			for (int64_t i = 0; i < full; i += VF_LANES)
				vf_store(y + i, apply(vf_load(y + i), alpha, beta));
			if (full < num)
				vf_store_part(y + full,
					      apply(vf_load_part(y + full, num - full), alpha,
						    beta),
					      num - full);
			continue;
		}
		for (int64_t i = 0; i < num; i += VF_LANES) {
			vf x = vf_load_upto(y + i, num - i);
			vf add = vf_load_upto(added + i, num - i);

			x = apply(after ? x : vf_add(x, add), alpha, beta);
			vf_store_upto(y + i, after ? vf_add(x, add) : x, num - i);
		}
	}
}

static void activate_rows(const struct cpu_activate_rows *rows)
{
	switch (rows->act.func) {
	case EDGE_FUNC_RELU:
		loop(rows, apply_relu);
		break;
	case EDGE_FUNC_CLIP:
		loop(rows, apply_clip);
		break;
	case EDGE_FUNC_LEAKY_RELU:
		loop(rows, apply_leaky_relu);
		break;
	case EDGE_FUNC_SIGMOID:
		loop(rows, apply_sigmoid);
		break;
	case EDGE_FUNC_SILU:
		loop(rows, apply_silu);
		break;
	case EDGE_FUNC_HARD_SIGMOID:
		loop(rows, apply_hard_sigmoid);
		break;
	case EDGE_FUNC_HARD_SWISH:
		loop(rows, apply_hard_swish);
		break;
	case EDGE_FUNC_MISH:
		loop(rows, apply_mish);
		break;
	case EDGE_FUNC_TANH:
		loop(rows, apply_tanh);
		break;
	case EDGE_FUNC_GELU:
		loop(rows, apply_gelu);
		break;
	case EDGE_FUNC_GELU_TANH:
		loop(rows, apply_gelu_tanh);
		break;
	case EDGE_FUNC_ABS:
		loop(rows, apply_abs);
		break;
	case EDGE_FUNC_NEG:
		loop(rows, apply_neg);
		break;
	case EDGE_FUNC_RECIPROCAL:
		loop(rows, apply_reciprocal);
		break;
	case EDGE_FUNC_SQRT:
		loop(rows, apply_sqrt);
		break;
	case EDGE_FUNC_EXP:
		loop(rows, apply_exp);
		break;
	case EDGE_FUNC_ERF:
		loop(rows, apply_erf);
		break;
	case EDGE_FUNC_FLOOR:
		loop(rows, apply_floor);
		break;
	case EDGE_FUNC_CEIL:
		loop(rows, apply_ceil);
		break;
	case EDGE_FUNC_ROUND:
		loop(rows, apply_round);
		break;
	default:
		if (rows->residual)
			loop(rows, apply_identity);
		break;
	}
}

const struct cpu_activate_kernels CPU_NAME(cpu_activate) = {
	.rows = activate_rows,
};
