// SPDX-License-Identifier: MIT
/* Whole nodes of bytes against the reference, to the bit. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

struct geometry {
	int64_t height, width;
	int64_t in_channels, out_channels, groups;
	int64_t kernel_y, kernel_x;
	int stride, dilation, pad;
};

/**
 * struct variety - what else differs from node to node
 * @table, @raw: whether a table follows, or sums are the result
 * @weight_zeros: whether weights have zero points; extreme ones do not fit a byte once taken off
 */
struct variety {
	int64_t batch;
	enum edge_rounding rounding;
	enum edge_func func;
	bool raw, table, bias, per_channel, gaps, weight_zeros;
	int32_t x_zero, y_zero;
};

static const int channels_last[] = { 0, 2, 3, 1 };

static int gap(const struct variety *variety)
{
	return variety->gaps && check_random() & 1 ? (int)check_between(1, 20) : 0;
}

static int32_t any_zero(void)
{
	static const int32_t extremes[] = { 0, 255, 128 };

	return check_random() & 1 ? (int32_t)check_between(0, 255) : extremes[check_between(0, 2)];
}

static struct variety random_variety(void)
{
	struct variety variety = {
		.batch = check_between(1, 2),
		.rounding = (enum edge_rounding)check_between(0, EDGE_NUM_ROUNDINGS - 1),
		.func = (enum edge_func)check_between(0, EDGE_FUNC_CLIP),
		.raw = !(check_random() & 7),
		.table = !(check_random() & 3),
		.bias = check_random() & 3,
		.per_channel = check_random() & 1,
		.gaps = true,
		.weight_zeros = check_random() & 1,
		.x_zero = any_zero(),
		.y_zero = any_zero(),
	};

	if (variety.raw) {
		variety.func = EDGE_FUNC_IDENTITY;
		variety.table = false;
	}
	return variety;
}

/* Scales that make results of all sizes, some of which saturate. */
static void quantise_weights(struct edge_tensor *weight, int axis, const struct variety *variety,
			     double sums)
{
	enum { MOST = 2048 };
	float scales[MOST];
	int32_t zeros[MOST];
	const int64_t count = variety->per_channel ? weight->dims[axis] : 1;

	for (int64_t i = 0; i < count; i++) {
		scales[i] = (float)(exp2(4 * (double)check_uniform()) / sqrt(sums));
		zeros[i] = variety->weight_zeros ? (int32_t)check_between(-128, 127) : 0;
	}
	if (!edge_tensor_set_quant(weight, variety->per_channel ? axis : -1, count, scales, zeros))
		check_result(false, "memory has run out");
}

static void add_table(struct op_run *run)
{
	const int64_t entries = 256;

	run->node->params.conv.table_scale = 0.05f;
	run->node->params.conv.table_zero_point = any_zero();
	edge_node_set_input(run->node, 4,
			    op_run_integers(run, EDGE_U8, 1, &entries, NULL, 0, true));
}

static void make(struct op_run *run, const struct geometry *g, const struct variety *variety,
		 bool compare)
{
	const int64_t x[] = { variety->batch, g->in_channels, g->height, g->width };
	const int64_t w[] = { g->out_channels, g->in_channels / g->groups, g->kernel_y,
			      g->kernel_x };
	struct edge_tensor *input, *weight;

	op_run_begin(run);
	run->node = edge_graph_add_node(run->graph, EDGE_OP_CONV, "conv", 5, 1);
	for (int i = 0; i < 2; i++) {
		run->node->params.conv.stride[i] = g->stride;
		run->node->params.conv.dilation[i] = g->dilation;
		run->node->params.conv.pad_begin[i] = run->node->params.conv.pad_end[i] = g->pad;
	}
	run->node->params.conv.group = (int32_t)g->groups;
	run->node->act = (struct edge_activation) { variety->func, -2, 4 };
	run->node->rounding = variety->rounding;
	input = op_run_integers(run, EDGE_U8, 4, x, channels_last, gap(variety), false);
	op_run_quantise(input, 0.02f, variety->x_zero);
	weight = op_run_integers(run, EDGE_I8, 4, w, NULL, 0, true);
	quantise_weights(weight, 0, variety, (double)(w[1] * w[2] * w[3]));
	edge_node_set_input(run->node, 0, input);
	edge_node_set_input(run->node, 1, weight);
	if (variety->bias)
		edge_node_set_input(run->node, 2,
				    op_run_integers(run, EDGE_I32, 1, &g->out_channels, NULL, 0,
						    true));
	if (variety->table)
		add_table(run);
	if (!variety->raw)
		op_run_quantised_output(run, EDGE_U8, 0.04f, variety->y_zero);
	op_run_infer(run, channels_last, gap(variety), compare);
}

/* A bias of random bits is larger than most sums: take some of it. */
static void shrink_bias(struct op_run *run)
{
	const struct edge_tensor *bias = run->node->inputs[2];
	const int shift = (int)check_between(0, 24);

	for (int64_t i = 0; bias && i < edge_tensor_elements(bias); i++)
		((int32_t *)bias->data)[i] >>= shift;
}

static void check_geometry(const struct check *check, const struct cpu_op *op,
			   const struct geometry *g)
{
	const struct variety variety = random_variety();
	const unsigned int threads = (unsigned int)check_between(1, 3);
	struct op_run run;

	make(&run, g, &variety, false);
	shrink_bias(&run);
	op_run_compare(&run);
	if (op_run_prepare(&run, op, check, threads)) {
		op_run_tasks(&run, true);
		check_result(op_run_matches(&run, 0),
			     "%s of bytes, %s: %dx%dx%dx%d to %d, %d groups, kernel %dx%d, "
			     "stride %d, dilation %d, pad %d, function %d, rule %d, zeros %d and "
			     "%d%s%s%s, %u threads",
			     op->name, check->isa, (int)variety.batch, (int)g->in_channels,
			     (int)g->height, (int)g->width, (int)g->out_channels, (int)g->groups,
			     (int)g->kernel_y, (int)g->kernel_x, g->stride, g->dilation, g->pad,
			     variety.func, variety.rounding, variety.x_zero, variety.y_zero,
			     variety.raw ? ", sums" : "", variety.table ? ", table" : "",
			     variety.weight_zeros ? ", weights with zeros" : "", threads);
	} else if (op == &cpu_op_qconv || (op == &cpu_op_qdepthwise && !variety.raw)) {
		check_result(false, "%s of bytes, %s: refused", op->name, check->isa);
	}
	op_run_end(&run);
}

static void make_it_fit(struct geometry *g)
{
	g->pad = (int)check_between(0, (g->kernel_y < g->kernel_x ? g->kernel_y : g->kernel_x) - 1);
	if (g->height + 2 * g->pad < g->dilation * (g->kernel_y - 1) + 1)
		g->height += g->dilation * g->kernel_y;
	if (g->width + 2 * g->pad < g->dilation * (g->kernel_x - 1) + 1)
		g->width += g->dilation * g->kernel_x;
}

static struct geometry random_depthwise(void)
{
	struct geometry g = {
		.height = check_between(1, 12),
		.width = check_between(1, 24),
		.groups = check_between(2, 150),
		.kernel_y = 1 + 2 * check_between(0, 2),
		.stride = (int)check_between(1, 3),
		.dilation = check_random() & 3 ? 1 : 2,
	};

	g.kernel_x = check_random() & 3 ? g.kernel_y : check_between(1, 6);
	g.in_channels = g.out_channels = g.groups;
	make_it_fit(&g);
	return g;
}

static struct geometry random_geometry(void)
{
	static const int64_t channels[] = { 1, 2, 3, 4, 8, 12, 16, 17, 24, 33, 40, 58, 64, 85 };
	enum { NUM = sizeof(channels) / sizeof(channels[0]) };
	struct geometry g = {
		.height = check_between(1, 12),
		.width = check_between(1, 24),
		.groups = check_random() & 3 ? 1 : check_between(2, 4),
		.kernel_y = check_between(1, 5),
		.stride = (int)check_between(1, 3),
		.dilation = check_random() & 3 ? 1 : 2,
	};

	g.kernel_x = check_random() & 3 ? g.kernel_y : check_between(1, 5);
	g.in_channels = g.groups * channels[check_between(0, NUM - 1)];
	g.out_channels = g.groups * channels[check_between(0, NUM - 1)];
	make_it_fit(&g);
	return g;
}

/* Products of u8 matrices, row-major, by constant ones. */
static void check_product(const struct check *check, const struct cpu_op *op)
{
	const struct variety variety = random_variety();
	const bool transposed = check_random() & 1;
	const int64_t k = check_between(1, 90), n = check_between(1, 70);
	const int64_t a[] = { check_between(1, 3), check_between(1, 30), k };
	const int64_t b[] = { transposed ? n : k, transposed ? k : n };
	struct edge_tensor *input, *weight;
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_MATMUL, "matmul", 3, 1);
	run.node->params.matmul.alpha = run.node->params.matmul.beta = 1;
	run.node->params.matmul.transpose_b = transposed;
	run.node->act = (struct edge_activation) { variety.func, -2, 4 };
	run.node->rounding = variety.rounding;
	input = op_run_integers(&run, EDGE_U8, 3, a, NULL, gap(&variety), false);
	op_run_quantise(input, 0.02f, variety.x_zero);
	weight = op_run_integers(&run, EDGE_I8, 2, b, NULL, 0, true);
	quantise_weights(weight, transposed ? 0 : 1, &variety, (double)k);
	edge_node_set_input(run.node, 0, input);
	edge_node_set_input(run.node, 1, weight);
	if (variety.bias)
		edge_node_set_input(run.node, 2,
				    op_run_integers(&run, EDGE_I32, 1, &n, NULL, 0, true));
	if (!variety.raw)
		op_run_quantised_output(&run, EDGE_U8, 0.04f, variety.y_zero);
	op_run_infer(&run, NULL, gap(&variety), false);
	shrink_bias(&run);
	op_run_compare(&run);
	if (op_run_prepare(&run, op, check, (unsigned int)check_between(1, 3))) {
		op_run_tasks(&run, true);
		check_result(op_run_matches(&run, 0),
			     "product of bytes, %s: %dx%dx%d by %d%s, rule %d, zeros %d and %d%s",
			     check->isa, (int)a[0], (int)a[1], (int)k, (int)n,
			     transposed ? "'" : "", variety.rounding, variety.x_zero,
			     variety.y_zero, variety.raw ? ", sums" : "");
	} else if (op == &cpu_op_qmatmul) {
		check_result(false, "product of bytes, %s: refused", check->isa);
	}
	op_run_end(&run);
}

static struct geometry random_winograd(void)
{
	return (struct geometry) {
		.height = check_between(4, 24),
		.width = check_between(4, 24),
		.in_channels = check_between(12, 50),
		.out_channels = check_between(12, 50),
		.groups = 1,
		.kernel_y = 3,
		.kernel_x = 3,
		.stride = 1,
		.dilation = 1,
		.pad = (int)check_between(0, 2),
	};
}

void check_qconv(const struct check *check)
{
	for (int i = 0; i < 100; i++) {
		struct geometry g = random_winograd();

		check_geometry(check, &cpu_op_qwinograd, &g);
	}
	for (int i = 0; i < 100; i++) {
		check_product(check, &cpu_op_qmatmul);
		check_product(check, &cpu_op_qmatmul_bytes);
	}
	for (int i = 0; i < 200; i++) {
		struct geometry g = random_geometry();

		check_geometry(check, &cpu_op_qconv, &g);
		check_geometry(check, &cpu_op_qconv_bytes, &g);
		g = random_depthwise();
		check_geometry(check, &cpu_op_qdepthwise, &g);
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

static void bench_geometry(const struct check *check, const struct cpu_op *op,
			   const struct geometry *g)
{
	static const struct variety plain = {
		.batch = 1, .per_channel = true, .x_zero = 128, .y_zero = 128
	};
	struct op_run run;
	const int64_t *y;
	char name[64];

	make(&run, g, &plain, false);
	y = run.node->outputs[0]->dims;
	snprintf(name, sizeof(name), "%s, %dx%d/%d, %dx%dx%d to %dx%dx%d", op->name,
		 (int)g->kernel_y, (int)g->kernel_x, g->stride, (int)g->in_channels, (int)g->height,
		 (int)g->width, (int)y[1], (int)y[2], (int)y[3]);
	if (op_run_prepare(&run, op, check, 1))
		check_bench_bytes(
			check, name,
			2.0 * (double)(y[1] * y[2] * y[3]) *
				(double)(g->in_channels / g->groups * g->kernel_y * g->kernel_x),
			run_once, &run);
	op_run_end(&run);
}

void bench_qconv(const struct check *check)
{
	/* Among those of check_conv.c, so that floats and bytes can be compared. */
	static const struct geometry layers[] = {
		{ 640, 640, 3, 16, 1, 3, 3, 2, 1, 1 },	 { 224, 224, 3, 64, 1, 7, 7, 2, 1, 3 },
		{ 320, 320, 16, 32, 1, 3, 3, 2, 1, 1 },	 { 160, 160, 16, 16, 1, 3, 3, 1, 1, 1 },
		{ 80, 80, 32, 32, 1, 3, 3, 1, 1, 1 },	 { 40, 40, 64, 64, 1, 3, 3, 1, 1, 1 },
		{ 20, 20, 128, 128, 1, 3, 3, 1, 1, 1 },	 { 13, 13, 256, 512, 1, 3, 3, 1, 1, 1 },
		{ 160, 160, 32, 32, 1, 1, 1, 1, 1, 0 },	 { 80, 80, 64, 64, 1, 1, 1, 1, 1, 0 },
		{ 40, 40, 192, 128, 1, 1, 1, 1, 1, 0 },	 { 20, 20, 384, 256, 1, 1, 1, 1, 1, 0 },
		{ 112, 112, 16, 96, 1, 1, 1, 1, 1, 0 },	 { 56, 56, 144, 24, 1, 1, 1, 1, 1, 0 },
		{ 14, 14, 1024, 256, 1, 1, 1, 1, 1, 0 }, { 7, 7, 512, 2048, 1, 1, 1, 1, 1, 0 },
		{ 112, 112, 32, 64, 1, 1, 1, 1, 1, 0 },
	};

	static const struct geometry depthwise[] = {
		{ 112, 112, 32, 32, 32, 3, 3, 1, 1, 1 },  { 112, 112, 96, 96, 96, 3, 3, 2, 1, 1 },
		{ 104, 104, 16, 16, 16, 3, 3, 1, 1, 1 },  { 40, 40, 58, 58, 58, 3, 3, 1, 1, 1 },
		{ 14, 14, 576, 576, 576, 3, 3, 1, 1, 1 }, { 20, 20, 96, 96, 96, 5, 5, 1, 1, 2 },
	};

	for (size_t i = 0; i < sizeof(depthwise) / sizeof(depthwise[0]); i++)
		bench_geometry(check, &cpu_op_qdepthwise, &depthwise[i]);
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		bench_geometry(check, &cpu_op_qconv, &layers[i]);
		bench_geometry(check, &cpu_op_qconv_bytes, &layers[i]);
		bench_geometry(check, &cpu_op_qwinograd, &layers[i]);
	}
}
