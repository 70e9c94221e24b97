// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

/* Square kernels and the like, for brevity; the rest is drawn at random. */
struct geometry {
	int64_t height, width;
	int64_t in_channels, out_channels, groups;
	int64_t kernel_y, kernel_x;
	int stride, dilation, pad;
};

static const int channels_last[] = { 0, 2, 3, 1 };

static int gap(void)
{
	return check_random() & 1 ? (int)check_between(1, 20) : 0;
}

/* @residual: 0 none, 1 before, 2 after the activation; @compare: with gaps, and the reference's results;
 * @bf16: of numbers that need no rounding to it. */
static void make(struct op_run *run, const struct geometry *g, int64_t batch, enum edge_func func,
		 int residual, bool compare, bool bf16)
{
	const int64_t x[] = { batch, g->in_channels, g->height, g->width };
	const int64_t w[] = { g->out_channels, g->in_channels / g->groups, g->kernel_y,
			      g->kernel_x };
	const int64_t span_y = g->dilation * (g->kernel_y - 1) + 1;
	const int64_t span_x = g->dilation * (g->kernel_x - 1) + 1;
	const int64_t y[] = { batch, g->out_channels,
			      (g->height + 2 * g->pad - span_y) / g->stride + 1,
			      (g->width + 2 * g->pad - span_x) / g->stride + 1 };
	union edge_params *params;

	op_run_begin(run);
	run->bf16 = bf16;
	run->node = edge_graph_add_node(run->graph, EDGE_OP_CONV, "conv", residual ? 4 : 3, 1);
	params = &run->node->params;
	for (int i = 0; i < 2; i++) {
		params->conv.stride[i] = g->stride;
		params->conv.dilation[i] = g->dilation;
		params->conv.pad_begin[i] = params->conv.pad_end[i] = g->pad;
	}
	params->conv.group = (int32_t)g->groups;
	params->conv.residual_after_act = residual == 2;
	run->node->act = (struct edge_activation) { func, 0.1f, 0.8f };
	edge_node_set_input(run->node, 0,
			    op_run_tensor(run, 4, x, channels_last, compare ? gap() : 0, false));
	edge_node_set_input(run->node, 1, op_run_tensor(run, 4, w, NULL, 0, true));
	if (!compare || check_random() & 3)
		edge_node_set_input(run->node, 2,
				    op_run_tensor(run, 1, &g->out_channels, NULL, 0, true));
	if (residual)
		edge_node_set_input(run->node, 3,
				    op_run_tensor(run, 4, y, channels_last, gap(), false));
	op_run_infer(run, channels_last, compare ? gap() : 0, compare);
}

/* What rounding may do to a sum of so many products of numbers from -1 to 1, ten times over;
 * Winograd's transforms add and subtract larger numbers. */
static double tolerance(const struct cpu_op *op, const struct geometry *g)
{
	const double scale = op == &cpu_op_winograd ? 8 : 1;

	return scale *
	       (1e-6 + 2e-7 * (double)(g->in_channels / g->groups * g->kernel_y * g->kernel_x));
}

static void check_geometry(const struct check *check, const struct cpu_op *op,
			   const struct geometry *g)
{
	const int64_t batch = check_between(1, 2);
	const enum edge_func func = (enum edge_func)check_between(0, EDGE_LAST_ACTIVATION);
	const int residual = (int)check_between(0, 2);
	const unsigned int threads = (unsigned int)check_between(1, 3);
	struct op_run run;

	make(&run, g, batch, func, residual, true, op == &cpu_op_bconv);
	if (op_run_prepare(&run, op, check, threads)) {
		op_run_tasks(&run, true);
		check_result(op_run_matches(&run, tolerance(op, g)),
			     "%s %s: %dx%dx%dx%d to %d, %d groups, kernel %dx%d, stride %d, "
			     "dilation %d, pad %d, function %d, residual %d, %u threads",
			     op->name, check->isa, (int)batch, (int)g->in_channels, (int)g->height,
			     (int)g->width, (int)g->out_channels, (int)g->groups, (int)g->kernel_y,
			     (int)g->kernel_x, g->stride, g->dilation, g->pad, func, residual,
			     threads);
	}
	op_run_end(&run);
}

static struct geometry random_geometry(void)
{
	static const int64_t channels[] = { 1, 2, 3, 4, 8, 12, 16, 17, 24, 33, 40, 58, 64, 85 };
	enum { NUM = sizeof(channels) / sizeof(channels[0]) };
	struct geometry g = {
		.height = check_between(1, 20),
		.width = check_between(1, 40),
		.groups = check_random() & 3 ? 1 : check_between(2, 4),
		.kernel_y = check_between(1, 7),
		.stride = (int)check_between(1, 3),
		.dilation = check_random() & 3 ? 1 : 2,
	};

	g.kernel_x = check_random() & 3 ? g.kernel_y : check_between(1, 7);
	g.in_channels = g.groups * channels[check_between(0, NUM - 1)];
	g.out_channels = g.groups * channels[check_between(0, NUM - 1)];
	g.pad = (int)check_between(0, (g.kernel_y < g.kernel_x ? g.kernel_y : g.kernel_x) - 1);
	if (g.height + 2 * g.pad < g.dilation * (g.kernel_y - 1) + 1)
		g.height += g.dilation * g.kernel_y;
	if (g.width + 2 * g.pad < g.dilation * (g.kernel_x - 1) + 1)
		g.width += g.dilation * g.kernel_x;
	return g;
}

static struct geometry random_depthwise(void)
{
	struct geometry g = random_geometry();

	g.groups = check_between(2, 80);
	g.in_channels = g.out_channels = g.groups;
	if (check_random() & 1) {
		g.kernel_y = g.kernel_x = check_random() & 1 ? 3 : 5;
		g.stride = (int)check_between(1, 2);
		g.dilation = 1;
		g.pad = (int)check_between(0, g.kernel_x - 1);
		g.height += g.kernel_y;
		g.width += g.kernel_x;
	}
	return g;
}

/* Channels beyond what fits one block, too. */
static struct geometry random_winograd(void)
{
	return (struct geometry) {
		.height = check_between(1, 40),
		.width = check_between(3, 40),
		.in_channels = check_between(1, 70),
		.out_channels = check_between(1, 70),
		.groups = 1,
		.kernel_y = 3,
		.kernel_x = 3,
		.stride = 1,
		.dilation = 1,
		.pad = (int)check_between(1, 2),
	};
}

void check_conv(const struct check *check)
{
	for (int i = 0; i < 100; i++) {
		struct geometry g = random_winograd();

		check_geometry(check, &cpu_op_winograd, &g);
	}
	for (int i = 0; i < 200; i++) {
		struct geometry g = random_depthwise();

		check_geometry(check, &cpu_op_depthwise, &g);
	}
	for (int i = 0; i < 300; i++) {
		struct geometry g = random_geometry();

		check_geometry(check, &cpu_op_conv, &g);
	}
	for (int i = 0; i < 300; i++) {
		struct geometry g = random_geometry();

		check_geometry(check, &cpu_op_bconv, &g);
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

static void bench_geometry(const struct check *check, const struct cpu_op *op,
			   const struct geometry *g, enum edge_func func)
{
	struct op_run run;
	const int64_t *y;
	char name[64];

	make(&run, g, 1, func, 0, false, false);
	y = run.node->outputs[0]->dims;
	snprintf(name, sizeof(name), "%s, %dx%d/%d, %dx%dx%d to %dx%dx%d", op->name,
		 (int)g->kernel_y, (int)g->kernel_x, g->stride, (int)g->in_channels, (int)g->height,
		 (int)g->width, (int)y[1], (int)y[2], (int)y[3]);
	if (op_run_prepare(&run, op, check, 1))
		(op == &cpu_op_bconv ? check_bench_bf16 : check_bench)(
			check, name,
			2.0 * (double)(y[1] * y[2] * y[3]) *
				(double)(g->in_channels / g->groups * g->kernel_y * g->kernel_x),
			run_once, &run);
	op_run_end(&run);
}

void bench_conv(const struct check *check)
{
	/* Layers of detectors; see Documentation for their speed. */
	static const struct geometry layers[] = {
		{ 640, 640, 3, 16, 1, 3, 3, 2, 1, 1 },	{ 640, 640, 3, 16, 1, 6, 6, 2, 1, 2 },
		{ 224, 224, 3, 64, 1, 7, 7, 2, 1, 3 },	{ 320, 320, 16, 32, 1, 3, 3, 2, 1, 1 },
		{ 160, 160, 16, 16, 1, 3, 3, 1, 1, 1 }, { 80, 80, 32, 32, 1, 3, 3, 1, 1, 1 },
		{ 40, 40, 64, 64, 1, 3, 3, 1, 1, 1 },	{ 20, 20, 128, 128, 1, 3, 3, 1, 1, 1 },
		{ 13, 13, 256, 512, 1, 3, 3, 1, 1, 1 }, { 160, 160, 32, 32, 1, 1, 1, 1, 1, 0 },
		{ 80, 80, 64, 64, 1, 1, 1, 1, 1, 0 },	{ 40, 40, 192, 128, 1, 1, 1, 1, 1, 0 },
		{ 20, 20, 384, 256, 1, 1, 1, 1, 1, 0 }, { 112, 112, 16, 96, 1, 1, 1, 1, 1, 0 },
		{ 56, 56, 144, 24, 1, 1, 1, 1, 1, 0 },	{ 14, 14, 1024, 256, 1, 1, 1, 1, 1, 0 },
		{ 7, 7, 512, 2048, 1, 1, 1, 1, 1, 0 },	{ 20, 20, 116, 116, 1, 1, 1, 1, 1, 0 },
		{ 40, 40, 58, 58, 1, 1, 1, 1, 1, 0 },
	};

	static const struct geometry depthwise[] = {
		{ 112, 112, 32, 32, 32, 3, 3, 1, 1, 1 },  { 112, 112, 96, 96, 96, 3, 3, 2, 1, 1 },
		{ 56, 56, 144, 144, 144, 3, 3, 1, 1, 1 }, { 14, 14, 512, 512, 512, 3, 3, 1, 1, 1 },
		{ 7, 7, 960, 960, 960, 3, 3, 1, 1, 1 },	  { 40, 40, 58, 58, 58, 3, 3, 1, 1, 1 },
		{ 26, 26, 128, 128, 128, 5, 5, 1, 1, 2 },
	};

	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		bench_geometry(check, &cpu_op_conv, &layers[i], EDGE_FUNC_RELU);
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		bench_geometry(check, &cpu_op_bconv, &layers[i], EDGE_FUNC_RELU);
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		bench_geometry(check, &cpu_op_winograd, &layers[i], EDGE_FUNC_RELU);
	for (size_t i = 0; i < sizeof(depthwise) / sizeof(depthwise[0]); i++)
		bench_geometry(check, &cpu_op_depthwise, &depthwise[i], EDGE_FUNC_RELU);
}
