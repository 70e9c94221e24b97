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
			int64_t n = rows->num - i < VF_LANES ? rows->num - i : VF_LANES; \
			vf x = load(y + i, n); \
			vf add = residual ? load(residual + i, n) : vf_zero(); \
\
			if (before) \
				x = vf_add(x, add); \
			x = expression; \
			if (after) \
				x = vf_add(x, add); \
			store(y + i, x, n); \
		} \
	}

CPU_INLINE vf load(const float *p, int64_t n)
{
	return n == VF_LANES ? vf_load(p) : vf_load_part(p, n);
}

CPU_INLINE void store(float *p, vf a, int64_t n)
{
	if (n == VF_LANES)
		vf_store(p, a);
	else
		vf_store_part(p, a, n);
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
	default:
		if (rows->residual)
			LOOP(x, x);
		break;
	}
}

const struct cpu_activate_kernels CPU_NAME(cpu_activate) = {
	.rows = activate_rows,
};
