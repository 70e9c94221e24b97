// SPDX-License-Identifier: MIT
#include <math.h>
#include <string.h>

#include "backend/cpu/kernels/cast.h"
#include "backend/cpu/ops/ops.h"
#include "op_run.h"

enum { FROM_I8, FROM_U8, TO_I8, TO_U8, NUM_CASTS };

static cpu_cast_fn kernel_of(const struct check *check, int cast)
{
	const struct cpu_cast_kernels *kernels = cpu_cast_kernels(check->cpu_flags);
	const cpu_cast_fn all[NUM_CASTS] = { kernels->from_i8, kernels->from_u8, kernels->to_i8,
					     kernels->to_u8 };

	return all[cast];
}

static float special(void)
{
	static const float values[] = { NAN,	  INFINITY, -INFINITY, 1e30f, -1e30f, 127.99f,
					-128.99f, 255.99f,  -0.99f,    128,   256 };

	return values[check_between(0, sizeof(values) / sizeof(values[0]) - 1)];
}

static int wanted(int cast, float x)
{
	const int low = cast == TO_I8 ? -128 : 0, high = cast == TO_I8 ? 127 : 255;

	if (isnan(x))
		return 0;
	return x <= (float)low ? low : x >= (float)high ? high : (int)x;
}

/* Bytes lie at the end of a buffer of floats, where nobody may touch what follows. */
static uint8_t *alloc_bytes(int64_t count)
{
	const int64_t floats = (count + 3) / 4;

	return (uint8_t *)(check_alloc_random(floats) + floats) - count;
}

static void check_rows(const struct check *check, int cast, int64_t num)
{
	const bool from = cast == FROM_I8 || cast == FROM_U8;
	struct cpu_cast_rows rows = {
		.y_pitch = num + check_between(0, 9),
		.x_pitch = num + check_between(0, 9),
		.num_rows = check_between(1, 4),
		.num = num,
	};
	const int64_t x_size = (rows.num_rows - 1) * rows.x_pitch + num;
	const int64_t y_size = (rows.num_rows - 1) * rows.y_pitch + num;
	float *floats = check_alloc_random(from ? y_size : x_size);
	uint8_t *bytes = alloc_bytes(from ? x_size : y_size);
	bool ok = true;

	for (int64_t i = 0; !from && i < x_size; i++)
		floats[i] = check_random() & 3 ? 300 * floats[i] : special();
	rows.x = from ? (void *)bytes : floats;
	rows.y = from ? (void *)floats : bytes;
	kernel_of(check, cast)(&rows);
	for (int64_t i = 0; i < rows.num_rows * num; i++) {
		const int64_t x = i / num * rows.x_pitch + i % num;
		const int64_t y = i / num * rows.y_pitch + i % num;

		if (cast == FROM_I8)
			ok &= floats[y] == (float)(int8_t)bytes[x];
		else if (cast == FROM_U8)
			ok &= floats[y] == (float)bytes[x];
		else
			ok &= bytes[y] == (uint8_t)wanted(cast, floats[x]);
	}
	check_result(ok && check_guards(), "cast %s: %d, %d rows of %d", check->isa, cast,
		     (int)rows.num_rows, (int)num);
	check_free_all();
}

/* The operator, between layouts with gaps of their own. */
static void check_op(const struct check *check, enum edge_type type)
{
	static const int order[] = { 0, 2, 1 };
	const int64_t dims[] = { check_between(1, 5), check_between(1, 40), check_between(1, 9) };
	const struct edge_tensor *x, *y;
	struct op_run run;
	bool ok = true;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_CAST, "cast", 1, 1);
	run.node->params.cast.type = type;
	run.node->params.cast.saturate = 1;
	edge_node_set_input(run.node, 0,
			    op_run_tensor(&run, 3, dims, order, (int)check_between(0, 9), false));
	op_run_infer(&run, order, (int)check_between(0, 9), false);
	x = run.node->inputs[0];
	y = run.node->outputs[0];
	for (size_t i = 0; i < x->size / sizeof(float); i++)
		((float *)x->data)[i] = 300 * check_uniform();
	if (op_run_prepare(&run, &cpu_op_cast, check, 2)) {
		op_run_tasks(&run, true);
		for (int64_t i = 0; i < dims[0] * dims[1] * dims[2]; i++) {
			const int64_t index[] = { i / dims[2] / dims[1], i / dims[2] % dims[1],
						  i % dims[2] };
			int64_t from = 0, to = 0;

			for (int d = 0; d < 3; d++) {
				from += index[d] * x->strides[d];
				to += index[d] * y->strides[d];
			}
			ok &= ((const uint8_t *)y->data)[to] ==
			      (uint8_t)wanted(type == EDGE_I8 ? TO_I8 : TO_U8,
					      ((const float *)x->data)[from]);
		}
		check_result(ok && check_guards(), "cast op %s: %dx%dx%d", check->isa, (int)dims[0],
			     (int)dims[1], (int)dims[2]);
	}
	op_run_end(&run);
}

void check_cast(const struct check *check)
{
	for (int i = 0; i < 20; i++) {
		check_op(check, EDGE_I8);
		check_op(check, EDGE_U8);
	}
	for (int cast = 0; cast < NUM_CASTS; cast++) {
		for (int64_t num = 1; num < 70; num += check_between(1, 3))
			check_rows(check, cast, num);
	}
}

struct bench {
	cpu_cast_fn kernel;
	struct cpu_cast_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->rows);
}

void bench_cast(const struct check *check)
{
	enum { NUM = 4096 };
	float *floats = check_alloc_random(NUM);
	uint8_t *bytes = alloc_bytes(NUM);
	struct bench bench = { kernel_of(check, FROM_U8), { floats, bytes, 0, 0, 1, NUM } };

	check_bench(check, "cast, from u8, 4096", NUM, run, &bench);
	bench = (struct bench) { kernel_of(check, TO_U8), { bytes, floats, 0, 0, 1, NUM } };
	check_bench(check, "cast, to u8, 4096", NUM, run, &bench);
}
