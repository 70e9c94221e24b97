// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "graph/print.h"

/* Text that is cut where the buffer ends. */
struct line {
	char *text;
	size_t size;
	size_t used;
};

static struct line start_line(char *buffer, size_t size)
{
	if (size)
		buffer[0] = 0;
	return (struct line) { buffer, size, 0 };
}

static EDGE_PRINTF(2, 3) void append(struct line *line, const char *format, ...)
{
	va_list args;
	int length;

	if (line->used >= line->size)
		return;
	va_start(args, format);
	length = vsnprintf(line->text + line->used, line->size - line->used, format, args);
	va_end(args);
	if (length > 0)
		line->used += length;
}

/* A word, with a space before all but the first. */
static EDGE_PRINTF(2, 3) void word(struct line *line, const char *format, ...)
{
	char text[64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	append(line, line->used ? " %s" : "%s", text);
}

static void print_func(struct line *line, const struct edge_activation *act)
{
	append(line, "%s", edge_func_name(act->func));
	switch (act->func) {
	case EDGE_FUNC_CLIP:
	case EDGE_FUNC_HARD_SIGMOID:
	case EDGE_FUNC_SELU:
	case EDGE_FUNC_SHRINK:
		append(line, "(%g,%g)", act->alpha, act->beta);
		break;
	case EDGE_FUNC_LEAKY_RELU:
	case EDGE_FUNC_ELU:
	case EDGE_FUNC_CELU:
	case EDGE_FUNC_THRESHOLDED_RELU:
		append(line, "(%g)", act->alpha);
		break;
	default:
		break;
	}
}

static const char *reduction_name(int kind)
{
	static const char *const names[EDGE_NUM_REDUCTIONS] = {
		"ReduceSum", "ReduceMean", "ReduceMax",	      "ReduceMin",    "ReduceProd",
		"ReduceL1",  "ReduceL2",   "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp",
	};

	return kind >= 0 && kind < EDGE_NUM_REDUCTIONS ? names[kind] : "Reduce";
}

void edge_print_op(const struct edge_node *node, char *buffer, size_t size)
{
	bool residual = node->op == EDGE_OP_CONV && node->num_inputs > 3 && node->inputs[3];
	bool after = residual && node->params.conv.residual_after_act;
	const struct edge_op_info *info = edge_op_info(node->op);
	struct line line = start_line(buffer, size);

	if (node->op == EDGE_OP_UNARY)
		print_func(&line, &node->params.unary);
	else if (node->op == EDGE_OP_BINARY)
		append(&line, "%s", edge_binary_name(node->params.binary.func));
	else if (node->op == EDGE_OP_REDUCE)
		append(&line, "%s", reduction_name(node->params.reduce.kind));
	else
		append(&line, "%s", info ? info->name : "?");
	if (residual && !after)
		append(&line, "+Add");
	if (node->act.func != EDGE_FUNC_IDENTITY) {
		append(&line, "+");
		print_func(&line, &node->act);
	}
	if (after)
		append(&line, "+Add");
	if (node->op == EDGE_OP_CONV && node->num_inputs > 4 && node->inputs[4])
		append(&line, "+Lookup");
}

static bool all_equal(const int32_t *values, int count, int32_t value)
{
	for (int i = 0; i < count; i++) {
		if (values[i] != value)
			return false;
	}
	return true;
}

/* "s2" where all dimensions agree, "s2,1" where they do not. */
static void print_spatial(struct line *line, const char *name, const int32_t *values, int count,
			  int32_t usual)
{
	if (count < 1 || all_equal(values, count, usual))
		return;
	word(line, "%s%d", name, values[0]);
	for (int i = 1; i < count && !all_equal(values, count, values[0]); i++)
		append(line, ",%d", values[i]);
}

static void print_kernel(struct line *line, const int32_t *kernel, int count)
{
	for (int i = 0; i < count; i++)
		append(line, i ? "x%d" : "%d", kernel[i]);
}

static void print_padding(struct line *line, const int32_t *begin, const int32_t *end, int count)
{
	if (count > 0 && all_equal(begin, count, begin[0]) && all_equal(end, count, begin[0])) {
		print_spatial(line, "p", begin, count, 0);
		return;
	}
	for (int i = 0; i < count; i++)
		append(line, "%s%d", i ? "," : " p", begin[i]);
	for (int i = 0; i < count; i++)
		append(line, "%s%d", i ? "," : ":", end[i]);
}

static int spatial_rank(const struct edge_node *node)
{
	const struct edge_tensor *x = node->num_inputs ? node->inputs[0] : NULL;
	int spatial = x ? x->rank - 2 : 0;

	if (spatial < 0)
		return 0;
	return spatial > EDGE_MAX_SPATIAL ? EDGE_MAX_SPATIAL : spatial;
}

static void print_conv(struct line *line, const struct edge_node *node)
{
	int spatial = spatial_rank(node);

	print_kernel(line, node->params.conv.kernel, spatial);
	print_spatial(line, "s", node->params.conv.stride, spatial, 1);
	print_padding(line, node->params.conv.pad_begin, node->params.conv.pad_end, spatial);
	print_spatial(line, "o", node->params.conv.output_pad, spatial, 0);
	print_spatial(line, "d", node->params.conv.dilation, spatial, 1);
	if (node->params.conv.group != 1)
		word(line, "g%d", node->params.conv.group);
	if (node->rounding == EDGE_ROUND_FIXED)
		word(line, "fixed");
}

static void print_pool(struct line *line, const struct edge_node *node)
{
	int spatial = spatial_rank(node);

	print_kernel(line, node->params.pool.kernel, spatial);
	print_spatial(line, "s", node->params.pool.stride, spatial, 1);
	print_padding(line, node->params.pool.pad_begin, node->params.pool.pad_end, spatial);
	print_spatial(line, "d", node->params.pool.dilation, spatial, 1);
	if (node->params.pool.ceil_mode)
		word(line, "ceil");
}

static void print_matmul(struct line *line, const struct edge_node *node)
{
	if (node->params.matmul.transpose_a)
		word(line, "tA");
	if (node->params.matmul.transpose_b)
		word(line, "tB");
	if (node->params.matmul.alpha != 1)
		word(line, "alpha %g", node->params.matmul.alpha);
	if (node->num_inputs > 2 && node->params.matmul.beta != 1)
		word(line, "beta %g", node->params.matmul.beta);
}

/* The number in "x + 3". */
static void print_operand(struct line *line, const struct edge_node *node)
{
	double value;

	for (int i = 0; i < node->num_inputs; i++) {
		if (edge_tensor_read_scalar(node->inputs[i], &value))
			word(line, "%g", value);
	}
}

static void print_resize(struct line *line, const struct edge_node *node)
{
	static const char *const modes[] = { "nearest", "linear", "cubic" };
	static const char *const coordinates[] = { "half_pixel", "pytorch_half_pixel",
						   "align_corners", "asymmetric",
						   "tf_crop_and_resize" };

	/* Nodes are printed as they are found, checked or not. */
	if ((unsigned int)node->params.resize.mode <= EDGE_RESIZE_CUBIC)
		word(line, "%s", modes[node->params.resize.mode]);
	if ((unsigned int)node->params.resize.coordinates <= EDGE_RESIZE_TF_CROP_AND_RESIZE)
		word(line, "%s", coordinates[node->params.resize.coordinates]);
}

static void print_reduce(struct line *line, const struct edge_node *node)
{
	for (int i = 0; i < node->params.reduce.num_axes && i < EDGE_MAX_RANK; i++)
		append(line, "%s%d", i ? "," : "axes ", node->params.reduce.axes[i]);
}

static void print_slice(struct line *line, const struct edge_node *node)
{
	const struct edge_tensor *x = node->num_inputs ? node->inputs[0] : NULL;

	for (int i = 0; x && i < x->rank; i++) {
		int64_t start = node->params.slice.start[i], step = node->params.slice.step[i];

		append(line, i ? "," : "[");
		if (start)
			append(line, "%" PRId64, start);
		append(line, ":");
		if (node->params.slice.end[i] != x->dims[i])
			append(line, "%" PRId64, node->params.slice.end[i]);
		if (step != 1)
			append(line, ":%" PRId64, step);
	}
	if (line->used)
		append(line, "]");
}

static void print_transpose(struct line *line, const struct edge_node *node)
{
	const struct edge_tensor *x = node->num_inputs ? node->inputs[0] : NULL;

	for (int i = 0; x && i < x->rank; i++)
		append(line, i ? ",%d" : "%d", node->params.transpose.perm[i]);
}

static void print_pad(struct line *line, const struct edge_node *node)
{
	static const char *const modes[] = { "constant", "reflect", "edge" };
	const struct edge_tensor *x = node->num_inputs ? node->inputs[0] : NULL;

	if ((unsigned int)node->params.pad.mode <= EDGE_PAD_EDGE)
		word(line, "%s", modes[node->params.pad.mode]);
	for (int i = 0; x && i < x->rank; i++)
		append(line, "%s%" PRId64 ":%" PRId64, i ? "," : " ", node->params.pad.begin[i],
		       node->params.pad.end[i]);
}

static void print_detections(struct line *line, const struct edge_node *node)
{
	word(line, "iou %g", node->params.detections.iou_threshold);
	word(line, "score %g", node->params.detections.score_threshold);
	word(line, "max %" PRId32, node->params.detections.max);
	if (node->params.detections.regular)
		word(line, "per_class %" PRId32, node->params.detections.per_class);
	else
		word(line, "classes %" PRId32, node->params.detections.classes_per_box);
}

static void print_nms(struct line *line, const struct edge_node *node)
{
	word(line, "iou %g", node->params.nms.iou_threshold);
	if (node->params.nms.has_score_threshold)
		word(line, "score %g", node->params.nms.score_threshold);
	word(line, "max %" PRId64, node->params.nms.max_per_class);
}

void edge_print_params(const struct edge_node *node, char *buffer, size_t size)
{
	struct line line = start_line(buffer, size);

	switch (node->op) {
	case EDGE_OP_CONV:
	case EDGE_OP_CONV_TRANSPOSE:
		print_conv(&line, node);
		break;
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_AVERAGE_POOL:
	case EDGE_OP_LP_POOL:
		print_pool(&line, node);
		break;
	case EDGE_OP_MATMUL:
		print_matmul(&line, node);
		break;
	case EDGE_OP_BINARY:
		print_operand(&line, node);
		break;
	case EDGE_OP_RESIZE:
		print_resize(&line, node);
		break;
	case EDGE_OP_REDUCE:
		print_reduce(&line, node);
		break;
	case EDGE_OP_SLICE:
		print_slice(&line, node);
		break;
	case EDGE_OP_TRANSPOSE:
		print_transpose(&line, node);
		break;
	case EDGE_OP_PAD:
		print_pad(&line, node);
		break;
	case EDGE_OP_DETECTION_POSTPROCESS:
		print_detections(&line, node);
		break;
	case EDGE_OP_NON_MAX_SUPPRESSION:
		print_nms(&line, node);
		break;
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
		word(&line, "%d%s", node->params.block.size,
		     node->params.block.column_row_depth ? " CRD" : "");
		break;
	case EDGE_OP_LAYER_NORM:
		word(&line, "axis %d", node->params.norm.axis);
		break;
	case EDGE_OP_ARG_MAX:
	case EDGE_OP_ARG_MIN:
		word(&line, "axis %d", node->params.arg.axis);
		break;
	case EDGE_OP_TOP_K:
		word(&line, "axis %d", node->params.top_k.axis);
		break;
	case EDGE_OP_SOFTMAX:
	case EDGE_OP_LOG_SOFTMAX:
	case EDGE_OP_HARDMAX:
	case EDGE_OP_CONCAT:
	case EDGE_OP_SPLIT:
	case EDGE_OP_GATHER:
	case EDGE_OP_GATHER_ELEMENTS:
		word(&line, "axis %d", node->params.axis.axis);
		break;
	default:
		break;
	}
}

void edge_print_shape(const struct edge_tensor *tensor, char *buffer, size_t size)
{
	struct line line = start_line(buffer, size);

	if (tensor->rank < 0 || tensor->rank > EDGE_MAX_RANK) {
		append(&line, "?");
		return;
	}
	if (!tensor->rank)
		append(&line, "scalar");
	for (int i = 0; i < tensor->rank; i++) {
		append(&line, i ? "x" : "");
		if (tensor->dims[i] < 0)
			append(&line, "?");
		else
			append(&line, i || !tensor->dynamic ? "%" PRId64 : "<=%" PRId64,
			       tensor->dims[i]);
	}
}
