// SPDX-License-Identifier: MIT
#include "ref/work.h"

/* Honest files compute from their own constants, so that much is always allowed: results as large
 * as a few copies, and some steps for each byte. */
#define FOLD_BYTES 8
#define FOLD_WORK 64

/* Of a sort or a heap: no list is longer than 2^64. */
#define LOGARITHM 64

static double elements(const struct edge_tensor *tensor)
{
	return tensor && tensor->rank >= 0 ? edge_tensor_elements(tensor) : 0;
}

static double all_elements(const struct edge_node *node)
{
	double sum = 0;

	for (int i = 0; i < node->num_inputs; i++)
		sum += elements(node->inputs[i]);
	for (int i = 0; i < node->num_outputs; i++)
		sum += elements(node->outputs[i]);
	return sum;
}

/* weight[M, C / group, kernel...]: each output is a sum over all but M. */
static double conv_work(const struct edge_node *node)
{
	const struct edge_tensor *weight = node->inputs[1];

	return weight->dims[0] ? elements(node->outputs[0]) * (elements(weight) / weight->dims[0])
			       : 0;
}

/* weight[C, M / group, kernel...]: each input goes into all but C, and each output looks for what
 * reaches it at every place of the kernel. */
static double conv_transpose_work(const struct edge_node *node)
{
	const struct edge_tensor *weight = node->inputs[1];
	double work = elements(node->outputs[0]);

	if (!elements(weight))
		return 0;
	for (int i = 2; i < weight->rank; i++)
		work *= weight->dims[i];
	return work + elements(node->inputs[0]) * (elements(weight) / weight->dims[0]);
}

static double matmul_work(const struct edge_node *node)
{
	const struct edge_tensor *a = node->inputs[0];
	int inner = a->rank - (node->params.matmul.transpose_a && a->rank > 1 ? 2 : 1);

	return inner < 0 ? 0 : elements(node->outputs[0]) * a->dims[inner];
}

/* Taps outside the image are not visited. */
static double pool_work(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	double work = elements(node->outputs[0]);

	for (int i = 0; i + 2 < x->rank && i < EDGE_MAX_SPATIAL; i++) {
		int64_t kernel = node->params.pool.kernel[i], size = x->dims[2 + i];

		work *= kernel && kernel < size ? kernel : size;
	}
	return work;
}

/* The neighbours in all dimensions that change. */
static double resize_work(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	int mode = node->params.resize.mode;
	double work = elements(y);

	for (int i = 0; i < x->rank && mode != EDGE_RESIZE_NEAREST; i++) {
		if (x->dims[i] != y->dims[i] ||
		    node->params.resize.coordinates == EDGE_RESIZE_TF_CROP_AND_RESIZE)
			work *= mode == EDGE_RESIZE_LINEAR ? 2 : 4;
	}
	return work;
}

/* A bin without a number of samples has one for each pixel that it covers, and those outside. */
static double roi_align_work(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	double sampling = node->params.roi_align.sampling_ratio;
	double samples = sampling > 0 ? sampling * sampling
				      : (x->dims[2] + 1.0) * (x->dims[3] + 1.0);

	return 4 * samples * elements(node->outputs[0]);
}

/* Every candidate is compared with those selected before. */
static double nms_work(const struct edge_node *node)
{
	double boxes = node->inputs[1]->dims[2], selected = node->params.nms.max_per_class;

	return elements(node->inputs[1]) * (LOGARITHM + (selected < boxes ? selected : boxes));
}

/* The same, once or for each class. */
static double detections_work(const struct edge_node *node)
{
	const double boxes = node->inputs[0]->dims[1];
	const bool regular = node->params.detections.regular;
	const double selected = regular ? node->params.detections.per_class
					: node->params.detections.max;

	return boxes * (regular ? node->params.detections.classes : 1) *
	       (LOGARITHM + (selected < boxes ? selected : boxes));
}

static double own_work(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONV:
		return conv_work(node);
	case EDGE_OP_CONV_TRANSPOSE:
		return conv_transpose_work(node);
	case EDGE_OP_MATMUL:
		return matmul_work(node);
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_AVERAGE_POOL:
	case EDGE_OP_LP_POOL:
		return pool_work(node);
	case EDGE_OP_LRN:
		return elements(node->inputs[0]) * (node->params.lrn.size < node->inputs[0]->dims[1]
							    ? node->params.lrn.size
							    : node->inputs[0]->dims[1]);
	case EDGE_OP_RESIZE:
		return resize_work(node);
	case EDGE_OP_GRID_SAMPLE: /* cubic: four in each of two dimensions */
		return 16 * elements(node->outputs[0]);
	case EDGE_OP_ROI_ALIGN:
		return roi_align_work(node);
	case EDGE_OP_TOP_K:
		return LOGARITHM * elements(node->inputs[0]);
	case EDGE_OP_NON_MAX_SUPPRESSION:
		return nms_work(node);
	case EDGE_OP_DETECTION_POSTPROCESS:
		return detections_work(node);
	default:
		return 0;
	}
}

double edge_ref_work(const struct edge_node *node)
{
	return own_work(node) + all_elements(node);
}

uint64_t edge_fold_bytes(const struct edge_limits *limits, uint64_t bytes)
{
	uint64_t sum;

	if (__builtin_mul_overflow(bytes, FOLD_BYTES, &bytes) ||
	    __builtin_add_overflow(bytes, limits->fold_bytes, &sum))
		return UINT64_MAX;
	return sum;
}

double edge_fold_work(const struct edge_limits *limits, uint64_t bytes)
{
	return (double)limits->fold_work + (double)FOLD_WORK * bytes;
}
