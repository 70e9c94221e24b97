// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/activate.h"
#include "backend/cpu/kernels/vector_math.h"

/* The residual's two tests are the same for all vectors, so they cost next to nothing. */
#define LOOP(x, expression) \
	for (int64_t r = 0; r < rows->num_rows; r++) { \
		float *y = rows->rows[r] + rows->offset; \
		const float *residual = rows->residual ? rows->residual[r] + rows->offset : NULL; \
\
		for (int64_t i = 0; i < rows->num; i += VF_LANES) { \
			int64_t n = rows->num - i; \
			vf x = vf_load_upto(y + i, n); \
			vf add = residual ? vf_load_upto(residual + i, n) : vf_zero(); \
\
			if (before) \
				x = vf_add(x, add); \
			x = expression; \
			if (after) \
				x = vf_add(x, add); \
			vf_store_upto(y + i, x, n); \
		} \
	}

static void activate_rows(const struct cpu_activate_rows *rows)
{
	const bool after = rows->residual && rows->residual_after;
	const bool before = rows->residual && !rows->residual_after;
	const vf alpha = vf_set1(rows->act.alpha);
	const vf beta = vf_set1(rows->act.beta);

	switch (rows->act.func) {
	case EDGE_FUNC_RELU:
		LOOP(x, vf_max(vf_zero(), x));
		break;
	case EDGE_FUNC_CLIP:
		LOOP(x, vf_min(beta, vf_max(alpha, x)));
		break;
	case EDGE_FUNC_LEAKY_RELU:
		LOOP(x, vf_leaky_relu(x, alpha));
		break;
	case EDGE_FUNC_SIGMOID:
		LOOP(x, vf_sigmoid(x));
		break;
	case EDGE_FUNC_SILU:
		LOOP(x, vf_silu(x));
		break;
	case EDGE_FUNC_HARD_SIGMOID:
		LOOP(x, vf_hard_sigmoid(x, alpha, beta));
		break;
	case EDGE_FUNC_HARD_SWISH:
		LOOP(x, vf_hard_swish(x));
		break;
	case EDGE_FUNC_MISH:
		LOOP(x, vf_mish(x));
		break;
	case EDGE_FUNC_TANH:
		LOOP(x, vf_tanh(x));
		break;
	case EDGE_FUNC_GELU:
		LOOP(x, vf_gelu(x));
		break;
	case EDGE_FUNC_GELU_TANH:
		LOOP(x, vf_gelu_tanh(x));
		break;
	case EDGE_FUNC_ABS:
		LOOP(x, vf_abs(x));
		break;
	case EDGE_FUNC_NEG:
		LOOP(x, vf_neg(x));
		break;
	case EDGE_FUNC_RECIPROCAL:
		LOOP(x, vf_div(vf_set1(1.0f), x));
		break;
	case EDGE_FUNC_SQRT:
		LOOP(x, vf_sqrt(x));
		break;
	case EDGE_FUNC_EXP:
		LOOP(x, vf_exp(x));
		break;
	case EDGE_FUNC_ERF:
		LOOP(x, vf_erf(x));
		break;
	case EDGE_FUNC_FLOOR:
		LOOP(x, vf_floor(x));
		break;
	case EDGE_FUNC_CEIL:
		LOOP(x, vf_ceil(x));
		break;
	case EDGE_FUNC_ROUND:
		LOOP(x, vf_round(x));
		break;
	default:
		if (rows->residual)
			LOOP(x, x);
		break;
	}
}

const struct cpu_activate_kernels CPU_NAME(cpu_activate) = {
	.rows = activate_rows,
};
