/* SPDX-License-Identifier: MIT */
/*
 * Checks an operator of the reference against values from elsewhere, in several memory layouts, and
 * in f16 where its floats allow it.
 */
#ifndef EDGE_TESTS_REF_CHECK_H
#define EDGE_TESTS_REF_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ref/ref.h"

/* A dense row-major tensor. @data NULL: an optional one that is absent. @quant NULL: not quantised.
 */
struct ref_value {
	enum edge_type type;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	const void *data;
	const struct edge_quant *quant;
};

#define REF_RANK(...) (int)(sizeof((const int64_t[]) { __VA_ARGS__ }) / sizeof(int64_t))
#define REF_VALUE(kind, values, ...) \
	{ \
		.type = kind, .rank = REF_RANK(__VA_ARGS__), .dims = { __VA_ARGS__ }, \
		.data = values \
	}
#define F32(data, ...) REF_VALUE(EDGE_F32, data, __VA_ARGS__)
#define I32(data, ...) REF_VALUE(EDGE_I32, data, __VA_ARGS__)
#define I64(data, ...) REF_VALUE(EDGE_I64, data, __VA_ARGS__)
#define I8(data, ...) REF_VALUE(EDGE_I8, data, __VA_ARGS__)
#define U8(data, ...) REF_VALUE(EDGE_U8, data, __VA_ARGS__)
#define F16(data, ...) REF_VALUE(EDGE_F16, data, __VA_ARGS__)
#define BOOL(data, ...) REF_VALUE(EDGE_BOOL, data, __VA_ARGS__)
/* The same, quantised. */
#define QUANTISED(type, quant, data, ...) \
	{ \
		type, REF_RANK(__VA_ARGS__), { __VA_ARGS__ }, data, quant \
	}
#define SCALAR(kind, value) \
	{ \
		.type = kind, .data = value \
	}
#define ABSENT \
	{ \
		.data = NULL \
	}

#define REF_MAX_VALUES 5

struct ref_case {
	enum edge_op op;
	union edge_params params;
	struct edge_activation act;
	enum edge_rounding rounding;
	struct ref_value in[REF_MAX_VALUES];
	int num_inputs;
	struct ref_value out[REF_MAX_VALUES]; /* what is expected */
	int num_outputs;
	float tolerance; /* against max(1, |expected|) */
	bool no_half; /* the values do not fit f16 */
};

/* Runs @test in every layout; fails the test that calls it where the outputs are not as expected or
 * anything beside them has been written. */
void ref_check(const struct ref_case *test);

/* Whether the reference takes the types of @test. */
bool ref_case_is_supported(const struct ref_case *test);

#endif
