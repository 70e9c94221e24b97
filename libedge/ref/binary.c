// SPDX-License-Identifier: MIT
#include "ref/quant.h"

static float compute(enum edge_binary func, float a, float b)
{
	float rest;

	switch (func) {
	case EDGE_BINARY_ADD:
		return a + b;
	case EDGE_BINARY_SUB:
		return a - b;
	case EDGE_BINARY_MUL:
		return a * b;
	case EDGE_BINARY_DIV:
		return a / b;
	case EDGE_BINARY_POW:
		return powf(a, b);
	case EDGE_BINARY_MIN: /* NaN wins */
		return a < b || a != a ? a : b;
	case EDGE_BINARY_MAX:
		return a > b || a != a ? a : b;
	case EDGE_BINARY_FMOD:
		return fmodf(a, b);
	default: /* MOD */
		rest = fmodf(a, b);
		return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
	}
}

/* INT64_MIN / -1 wraps like the other functions; a remainder by -1 is 0. */
static int64_t divide(int64_t a, int64_t b)
{
	if (!b)
		return 0;
	return b == -1 ? ref_mul_int(a, -1) : a / b;
}

static int64_t remainder_of(int64_t a, int64_t b)
{
	return b == 0 || b == -1 ? 0 : a % b;
}

/* By squaring, wrapping around. Below zero the true result is 1 / a^-b cut to an integer. */
static int64_t power(int64_t a, int64_t b)
{
	int64_t result = 1;

	if (b < 0)
		return a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0;
	for (; b; b >>= 1) {
		if (b & 1)
			result = ref_mul_int(result, a);
		a = ref_mul_int(a, a);
	}
	return result;
}

static int64_t compute_int(enum edge_binary func, int64_t a, int64_t b)
{
	int64_t rest;

	switch (func) {
	case EDGE_BINARY_ADD:
		return ref_add_int(a, b);
	case EDGE_BINARY_SUB:
		return ref_add_int(a, ref_mul_int(b, -1));
	case EDGE_BINARY_MUL:
		return ref_mul_int(a, b);
	case EDGE_BINARY_DIV:
		return divide(a, b);
	case EDGE_BINARY_POW:
		return power(a, b);
	case EDGE_BINARY_MIN:
		return a < b ? a : b;
	case EDGE_BINARY_MAX:
		return a > b ? a : b;
	case EDGE_BINARY_FMOD:
		return remainder_of(a, b);
	case EDGE_BINARY_MOD:
		rest = remainder_of(a, b);
		return rest && (rest < 0) != (b < 0) ? rest + b : rest;
	case EDGE_BINARY_AND:
		return a && b;
	case EDGE_BINARY_OR:
		return a || b;
	case EDGE_BINARY_XOR:
		return !a != !b;
	case EDGE_BINARY_SHIFT_LEFT: /* u8: eight or more leave nothing */
		return b < 8 ? a << b : 0;
	default: /* SHIFT_RIGHT */
		return b < 8 ? a >> b : 0;
	}
}

static bool is_comparison(enum edge_binary func)
{
	return func >= EDGE_BINARY_EQUAL && func <= EDGE_BINARY_GREATER_OR_EQUAL;
}

#define COMPARE(func, a, b) \
	((func) == EDGE_BINARY_EQUAL	       ? (a) == (b) \
	 : (func) == EDGE_BINARY_LESS	       ? (a) < (b) \
	 : (func) == EDGE_BINARY_LESS_OR_EQUAL ? (a) <= (b) \
	 : (func) == EDGE_BINARY_GREATER       ? (a) > (b) \
					       : (a) >= (b))

/* An integer raised to a power that is none; double holds what i32 needs. */
static int64_t power_of_float(int64_t a, float b)
{
	return ref_to_int(pow(a, b));
}

void ref_binary(const struct ref_call *call)
{
	const struct edge_view *a = &call->in[0], *b = &call->in[1], *y = &call->out[0];
	enum edge_binary func = call->params->binary.func;
	bool floats = ref_is_float(a->type);
	struct ref_walk walk;

	if (ref_is_quantised(call)) {
		ref_binary_bytes(call);
		return;
	}
	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	ref_walk_add(&walk, a);
	ref_walk_add(&walk, b);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t at = walk.at[0], i = walk.at[1], j = walk.at[2];

		if (is_comparison(func) && floats)
			ref_set_int(y, at, COMPARE(func, ref_get(a, i), ref_get(b, j)));
		else if (is_comparison(func))
			ref_set_int(y, at, COMPARE(func, ref_get_int(a, i), ref_get_int(b, j)));
		else if (floats)
			ref_set(y, at, compute(func, ref_get(a, i), ref_get(b, j)));
		else if (ref_is_float(b->type)) /* only Pow mixes types */
			ref_set_int(y, at, power_of_float(ref_get_int(a, i), ref_get(b, j)));
		else
			ref_set_int(y, at, compute_int(func, ref_get_int(a, i), ref_get_int(b, j)));
	}
}
