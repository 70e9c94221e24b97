// SPDX-License-Identifier: MIT
#include "graph/range.h"
#include "ref/quant.h"

/* Bits that the fixed-point rule gains for its operands before it scales them. */
#define LEFT_SHIFT 20

/**
 * struct operands - of Add and Sub, and of Mul, which has @result alone
 * @a, @b: FLOAT: to the result's scale; FIXED: to twice the larger of theirs
 * @result: Mul; of Add and Sub FIXED
 */
struct operands {
	enum edge_binary func;
	enum edge_rounding rounding;
	int32_t zero_a, zero_b;
	struct edge_multiplier a, b, result;
	struct edge_range range;
};

static void init(struct operands *operands, const struct edge_node *node)
{
	const enum edge_rounding rounding = node->rounding;
	const float a = ref_scale(node->inputs[0], 0), b = ref_scale(node->inputs[1], 0);
	float y;

	*operands = (struct operands) {
		.func = node->params.binary.func,
		.rounding = rounding,
		.zero_a = ref_zero_point(node->inputs[0], 0),
		.zero_b = ref_zero_point(node->inputs[1], 0),
	};
	edge_node_range(node, &operands->range, &y);
	if (operands->func == EDGE_BINARY_MUL) {
		operands->result = edge_multiplier_of(rounding, a, b, y);
	} else if (rounding == EDGE_ROUND_FLOAT) {
		operands->a.real = a / y;
		operands->b.real = b / y;
	} else {
		const double twice = 2.0 * (a > b ? a : b);

		operands->a = edge_multiplier_fixed(a / twice);
		operands->b = edge_multiplier_fixed(b / twice);
		operands->result = edge_multiplier_fixed(twice / ((1 << LEFT_SHIFT) * (double)y));
	}
}

static int32_t add(const struct operands *operands, int32_t a, int32_t b)
{
	int32_t fixed_a, fixed_b;

	if (operands->rounding == EDGE_ROUND_FLOAT) {
		const float real_a = (float)a * operands->a.real;
		const float real_b = (float)b * operands->b.real;

		return edge_round_float(EDGE_ROUND_FLOAT, operands->func == EDGE_BINARY_SUB
								  ? real_a - real_b
								  : real_a + real_b);
	}
	fixed_a = edge_multiply(a * (1 << LEFT_SHIFT), &operands->a);
	fixed_b = edge_multiply(b * (1 << LEFT_SHIFT), &operands->b);
	return edge_multiply(operands->func == EDGE_BINARY_SUB ? fixed_a - fixed_b
							       : fixed_a + fixed_b,
			     &operands->result);
}

void ref_binary_bytes(const struct ref_call *call)
{
	const struct edge_view *y = &call->out[0];
	struct operands operands;
	struct ref_walk walk;

	init(&operands, call->node);
	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, &call->in[0]);
	ref_walk_add(&walk, &call->in[1]);
	for (; !walk.done; ref_walk_next(&walk)) {
		const int32_t a = (int32_t)ref_get_int(&call->in[0], walk.at[1]) - operands.zero_a;
		const int32_t b = (int32_t)ref_get_int(&call->in[1], walk.at[2]) - operands.zero_b;
		const int32_t value = operands.func == EDGE_BINARY_MUL
					      ? edge_multiply(a * b, &operands.result)
					      : add(&operands, a, b);

		ref_set_int(y, walk.at[0], edge_range_store(&operands.range, value));
	}
}
