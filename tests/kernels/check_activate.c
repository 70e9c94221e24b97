// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "backend/cpu/kernels/activate.h"
#include "check.h"

static double value(const struct edge_activation *act, double x)
{
	switch (act->func) {
	case EDGE_FUNC_RELU:
		return x > 0 ? x : 0;
	case EDGE_FUNC_CLIP:
		return fmin(fmax(x, act->alpha), act->beta);
	case EDGE_FUNC_LEAKY_RELU:
		return x < 0 ? (double)act->alpha * x : x;
	case EDGE_FUNC_SIGMOID:
		return 1 / (1 + exp(-x));
	case EDGE_FUNC_SILU:
		return x / (1 + exp(-x));
	case EDGE_FUNC_HARD_SIGMOID:
		return fmin(fmax(act->alpha * x + act->beta, 0), 1);
	case EDGE_FUNC_HARD_SWISH:
		return x * fmin(fmax(x / 6 + 0.5, 0), 1);
	case EDGE_FUNC_MISH:
		return x * tanh(log1p(exp(x)));
	case EDGE_FUNC_TANH:
		return tanh(x);
	case EDGE_FUNC_GELU:
		return x / 2 * (1 + erf(x / sqrt(2)));
	case EDGE_FUNC_GELU_TANH:
		return x / 2 * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
	case EDGE_FUNC_ABS:
		return fabs(x);
	case EDGE_FUNC_NEG:
		return -x;
	case EDGE_FUNC_RECIPROCAL:
		return 1 / x;
	case EDGE_FUNC_SQRT:
		return sqrt(x);
	case EDGE_FUNC_EXP:
		return exp(x);
	case EDGE_FUNC_ERF:
		return erf(x);
	case EDGE_FUNC_FLOOR:
		return floor(x);
	case EDGE_FUNC_CEIL:
		return ceil(x);
	case EDGE_FUNC_ROUND:
		return rint(x);
	default:
		return x;
	}
}

static void check_rows(const struct check *check, enum edge_func func, int64_t num, int kind)
{
	enum { ROWS = 3 };
	const int64_t pitch = num + check_between(1, 20);
	const int64_t offset = check_between(0, pitch - num);
	const float range = check_random() & 1 ? 3 : 60;
	float *data = check_alloc(ROWS * pitch);
	float *residual = check_alloc_random(ROWS * pitch);
	float before[ROWS * 256];
	float *rows[ROWS];
	const float *residuals[ROWS];
	struct cpu_activate_rows call = {
		.act = { func, 0.3f, 0.6f },
		.rows = rows,
		.residual = kind ? residuals : NULL,
		.residual_after = kind == 2,
		.num_rows = ROWS,
		.offset = offset,
		.num = num,
	};
	bool ok = true;

	for (int r = 0; r < ROWS; r++) {
		rows[r] = data + r * pitch;
		residuals[r] = residual + r * pitch;
		for (int64_t i = 0; i < num; i++)
			before[r * num + i] = rows[r][offset + i] = range * check_uniform();
	}
	cpu_activate_kernels(check->cpu_flags)->rows(&call);
	for (int r = 0; r < ROWS; r++) {
		for (int64_t i = 0; i < pitch; i++) {
			if (i < offset || i >= offset + num) {
				ok &= check_is_untouched(&rows[r][i]);
				continue;
			}

			double x = before[r * num + i - offset];
			double add = kind ? residuals[r][i] : 0;
			double wanted = kind == 1 ? value(&call.act, (double)(float)(x + add))
						  : value(&call.act, x) + (kind == 2 ? add : 0);

			ok &= fabs(rows[r][i] - wanted) <=
				      1e-7 + 1e-6 * (fabs(wanted) + fabs(add)) ||
			      (isnan(wanted) && isnan(rows[r][i]));
		}
	}
	check_result(ok && check_guards(), "activate %s: function %d, %d elements, residual %d",
		     check->isa, func, (int)num, kind);
	check_free_all();
}

void check_activate(const struct check *check)
{
	for (int func = 0; func < EDGE_NUM_FUNCS; func++) {
		if (!cpu_activate_has((enum edge_func)func))
			continue;
		for (int kind = 0; kind < 3; kind++) {
			for (int64_t num = 1; num < 70; num += check_between(1, 8))
				check_rows(check, (enum edge_func)func, num, kind);
		}
	}
}

struct bench {
	const struct cpu_activate_kernels *kernels;
	struct cpu_activate_rows call;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->rows(&bench->call);
}

void bench_activate(const struct check *check)
{
	enum { NUM = 4096 };
	static const struct {
		const char *name;
		enum edge_func func;
		double flops;
	} funcs[] = {
		{ "activate, leaky relu, 4096", EDGE_FUNC_LEAKY_RELU, 2 },
		{ "activate, hard swish, 4096", EDGE_FUNC_HARD_SWISH, 5 },
		{ "activate, silu, 4096", EDGE_FUNC_SILU, 4 },
		{ "activate, mish, 4096", EDGE_FUNC_MISH, 6 },
		{ "activate, gelu, 4096", EDGE_FUNC_GELU, 5 },
	};
	float *row = check_alloc_random(NUM);

	for (size_t i = 0; i < sizeof(funcs) / sizeof(funcs[0]); i++) {
		struct bench bench = {
			.kernels = cpu_activate_kernels(check->cpu_flags),
			.call = { .act = { funcs[i].func, 0.1f, 0 },
				  .rows = &row,
				  .num_rows = 1,
				  .num = NUM },
		};

		check_bench(check, funcs[i].name, funcs[i].flops * NUM, run, &bench);
	}
}
