// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

struct product {
	int64_t batch, m, n, k;
	bool shared, constant, transpose_a, transpose_b, bias;
};

static const int64_t *dims(int64_t *to, int64_t batch, int64_t rows, int64_t columns,
			   bool transposed)
{
	to[0] = batch;
	to[1] = transposed ? columns : rows;
	to[2] = transposed ? rows : columns;
	return to;
}

/* @bf16: of numbers that need no rounding to it. */
static void make(struct op_run *run, const struct product *p, enum edge_func func, bool compare,
		 bool bf16)
{
	/* Rows need not be contiguous either. */
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 } };
	const int *a_order = orders[compare && (check_random() & 3) == 0];
	const int gap = compare ? (int)check_between(0, 5) : 0;
	int64_t a[3], b[3];

	op_run_begin(run);
	run->bf16 = bf16;
	run->node = edge_graph_add_node(run->graph, EDGE_OP_MATMUL, "matmul", 3, 1);
	run->node->params.matmul.transpose_a = p->transpose_a;
	run->node->params.matmul.transpose_b = p->transpose_b;
	run->node->params.matmul.alpha = p->bias ? 0.5f : 1;
	run->node->params.matmul.beta = 0.7f;
	run->node->act = (struct edge_activation) { func, 0.1f, 0.8f };
	edge_node_set_input(run->node, 0,
			    op_run_tensor(run, 3, dims(a, p->batch, p->m, p->k, p->transpose_a),
					  a_order, gap, false));
	dims(b, p->shared ? 1 : p->batch, p->k, p->n, p->transpose_b);
	edge_node_set_input(run->node, 1,
			    op_run_tensor(run, 3, b, NULL, p->constant ? 0 : gap, p->constant));
	if (p->bias)
		edge_node_set_input(run->node, 2, op_run_tensor(run, 1, &p->n, NULL, 0, true));
	op_run_infer(run, NULL, compare ? (int)check_between(0, 5) : 0, compare);
}

static struct product random_product(void)
{
	return (struct product) {
		.batch = check_between(1, 3),
		.m = check_random() & 3 ? check_between(1, 50) : 1,
		.n = check_between(1, 150),
		.k = check_between(1, 90),
		.shared = check_random() & 1,
		.constant = check_random() & 1,
		.transpose_a = (check_random() & 3) == 0,
		.transpose_b = check_random() & 1,
		.bias = check_random() & 1,
	};
}

static void check_products(const struct check *check, const struct cpu_op *op)
{
	const bool bf16 = op == &cpu_op_bmatmul;

	for (int i = 0; i < 300; i++) {
		struct product p = random_product();
		const enum edge_func func = (enum edge_func)check_between(0, EDGE_LAST_ACTIVATION);
		const unsigned int threads = (unsigned int)check_between(1, 3);
		struct op_run run;

		p.constant |= bf16;
		make(&run, &p, func, true, bf16);
		if (!op_run_prepare(&run, op, check, threads)) {
			check_result(false, "%s %s: refused", op->name, check->isa);
		} else {
			op_run_tasks(&run, true);
			check_result(op_run_matches(&run, 1e-6 + 2e-7 * (double)p.k),
				     "%s %s: %d times %dx%dx%d, function %d, %s%s%s%s%s, "
				     "%u threads",
				     op->name, check->isa, (int)p.batch, (int)p.m, (int)p.n,
				     (int)p.k, func, p.shared ? "shared " : "",
				     p.constant ? "constant " : "", p.transpose_a ? "a' " : "",
				     p.transpose_b ? "b' " : "", p.bias ? "bias" : "", threads);
		}
		op_run_end(&run);
	}
}

void check_matmul(const struct check *check)
{
	check_products(check, &cpu_op_matmul);
	check_products(check, &cpu_op_bmatmul);
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

void bench_matmul(const struct check *check)
{
	static const struct product products[] = {
		{ 1, 1, 1000, 1280, true, true, false, false, true },
		{ 1, 400, 256, 256, true, true, false, false, true },
		{ 4, 400, 400, 32, false, false, false, true, false },
		{ 4, 400, 64, 400, false, false, false, false, false },
	};

	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		const struct product *p = &products[i];
		struct op_run run;
		char name[64];

		make(&run, p, EDGE_FUNC_IDENTITY, false, false);
		snprintf(name, sizeof(name), "matmul, %d times %dx%dx%d%s", (int)p->batch,
			 (int)p->m, (int)p->n, (int)p->k, p->constant ? "" : ", not packed");
		if (op_run_prepare(&run, &cpu_op_matmul, check, 1))
			check_bench(check, name, 2.0 * (double)(p->batch * p->m * p->n * p->k),
				    run_once, &run);
		op_run_end(&run);
	}
}
