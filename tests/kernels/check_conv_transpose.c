// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

static const int channels_last[] = { 0, 2, 3, 1 };

/* Both dimensions alike, but for the sizes. */
struct geometry {
	int64_t batch, height, width;
	int64_t in_channels, out_channels; /* of a group */
	int groups, kernel, stride, pad, output_pad;
};

static void make(struct op_run *run, const struct geometry *g, enum edge_func func, bool compare)
{
	const int64_t out_channels = g->out_channels * g->groups;
	const int64_t x[] = { g->batch, g->in_channels * g->groups, g->height, g->width };
	const int64_t w[] = { g->in_channels * g->groups, g->out_channels, g->kernel, g->kernel };
	union edge_params *params;

	op_run_begin(run);
	run->node = edge_graph_add_node(run->graph, EDGE_OP_CONV_TRANSPOSE, "conv", 3, 1);
	params = &run->node->params;
	for (int i = 0; i < 2; i++) {
		params->conv.stride[i] = g->stride;
		params->conv.pad_begin[i] = params->conv.pad_end[i] = g->pad;
		params->conv.output_pad[i] = g->output_pad;
	}
	params->conv.group = g->groups;
	run->node->act = (struct edge_activation) { func, 0.1f, 0.8f };
	edge_node_set_input(run->node, 0,
			    op_run_tensor(run, 4, x, channels_last,
					  compare ? (int)check_between(0, 9) : 0, false));
	edge_node_set_input(run->node, 1, op_run_tensor(run, 4, w, NULL, 0, true));
	if (!compare || check_random() & 3)
		edge_node_set_input(run->node, 2,
				    op_run_tensor(run, 1, &out_channels, NULL, 0, true));
	op_run_infer(run, channels_last, compare ? (int)check_between(0, 9) : 0, compare);
}

static struct geometry random_geometry(void)
{
	struct geometry g = {
		.batch = check_between(1, 2),
		.height = check_between(1, 9),
		.width = check_between(1, 15),
		.in_channels = check_between(1, 40),
		.out_channels = check_between(1, 70),
		.groups = check_random() & 3 ? 1 : 2,
		.kernel = (int)check_between(1, 5),
		.stride = (int)check_between(1, 4),
	};

	g.pad = (int)check_between(0, (g.kernel - 1) / 2);
	if (g.stride > 1)
		g.output_pad = (int)check_between(0, g.stride - 1);
	return g;
}

void check_conv_transpose(const struct check *check)
{
	for (int i = 0; i < 200; i++) {
		const struct geometry g = random_geometry();
		const enum edge_func func = (enum edge_func)check_between(0, EDGE_LAST_ACTIVATION);
		const unsigned int threads = (unsigned int)check_between(1, 3);
		struct op_run run;

		make(&run, &g, func, true);
		if (!op_run_prepare(&run, &cpu_op_conv_transpose, check, threads)) {
			check_result(false, "conv transpose %s: refused", check->isa);
		} else {
			op_run_tasks(&run, true);
			check_result(op_run_matches(&run,
						    1e-6 + 2e-7 * (double)(g.in_channels *
									   g.kernel * g.kernel)),
				     "conv transpose %s: %dx%dx%dx%d to %d, %d groups, kernel %d, "
				     "stride %d, pad %d, output pad %d, function %d, %u threads",
				     check->isa, (int)g.batch, (int)g.in_channels, (int)g.height,
				     (int)g.width, (int)g.out_channels, g.groups, g.kernel,
				     g.stride, g.pad, g.output_pad, func, threads);
		}
		op_run_end(&run);
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

void bench_conv_transpose(const struct check *check)
{
	static const struct geometry layers[] = {
		{ 1, 20, 20, 128, 128, 1, 2, 2, 0, 0 },
		{ 1, 20, 20, 128, 64, 1, 4, 2, 1, 0 },
		{ 1, 40, 40, 64, 64, 1, 3, 2, 1, 1 },
	};

	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		const struct geometry *g = &layers[i];
		struct op_run run;
		char name[64];

		make(&run, g, EDGE_FUNC_IDENTITY, false);
		snprintf(name, sizeof(name), "conv transpose, %dx%d/%d, %dx%dx%d to %d", g->kernel,
			 g->kernel, g->stride, (int)g->in_channels, (int)g->height, (int)g->width,
			 (int)g->out_channels);
		if (op_run_prepare(&run, &cpu_op_conv_transpose, check, 1))
			check_bench(check, name,
				    2.0 * (double)(g->height * g->width * g->in_channels *
						   g->out_channels * g->kernel * g->kernel),
				    run_once, &run);
		op_run_end(&run);
	}
}
