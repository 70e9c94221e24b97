// SPDX-License-Identifier: MIT
#include <math.h>

#include "graph/infer_ops.h"

static enum edge_status check_params(const struct edge_node *node, struct edge_error *error)
{
	const float iou = node->params.detections.iou_threshold;
	const float score = node->params.detections.score_threshold;

	for (int i = 0; i < 4; i++) {
		const float scale = node->params.detections.scale[i];

		if (!isfinite(scale) || scale == 0)
			return edge_infer_fail(node, error, "a scale of %g", scale);
	}
	if (!(iou > 0 && iou <= 1) || isnan(score))
		return edge_infer_fail(node, error, "thresholds of %g and %g", iou, score);
	if (node->params.detections.max < 1 || node->params.detections.classes < 1 ||
	    node->params.detections.classes_per_box < 1 || node->params.detections.per_class < 1)
		return edge_infer_fail(node, error, "at most %d boxes, %d of each of %d classes",
				       node->params.detections.max,
				       node->params.detections.per_class,
				       node->params.detections.classes);
	return EDGE_OK;
}

static enum edge_status check_shapes(const struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *boxes = node->inputs[0], *scores = node->inputs[1];
	const struct edge_tensor *anchors = node->inputs[2];
	int64_t background;

	if (boxes->rank != 3 || boxes->dims[0] != 1 || boxes->dims[2] < 4 ||
	    boxes->dims[1] > INT32_MAX)
		return edge_infer_fail(node, error, "boxes '%s' are not [1, n, 4]", boxes->name);
	if (anchors->rank != 2 || anchors->dims[0] != boxes->dims[1] || anchors->dims[1] != 4)
		return edge_infer_fail(node, error, "anchors '%s' are not [%lld, 4]", anchors->name,
				       (long long)boxes->dims[1]);
	if (scores->rank != 3 || scores->dims[0] != 1 || scores->dims[1] != boxes->dims[1])
		return edge_infer_fail(node, error, "scores '%s' are not [1, %lld, classes]",
				       scores->name, (long long)boxes->dims[1]);
	background = scores->dims[2] - node->params.detections.classes;
	if (background < 0 || background > 1)
		return edge_infer_fail(node, error, "%lld scores for %d classes",
				       (long long)scores->dims[2], node->params.detections.classes);
	return EDGE_OK;
}

enum edge_status edge_infer_detection_postprocess(struct edge_node *node, struct edge_error *error)
{
	const int64_t count =
		(int64_t)node->params.detections.max * node->params.detections.classes_per_box;
	const int64_t boxes[] = { 1, count, 4 }, one = 1;
	enum edge_status status = EDGE_OK;

	for (int i = 0; !status && i < 3; i++)
		status = edge_infer_check_type(node, i, 1u << EDGE_F32, error);
	if (!status)
		status = check_params(node, error);
	if (!status)
		status = check_shapes(node, error);
	if (!status)
		status = edge_infer_set(node, 0, EDGE_F32, 3, boxes, error);
	if (!status)
		status = edge_infer_set(node, 1, EDGE_F32, 2, boxes, error);
	if (!status)
		status = edge_infer_set(node, 2, EDGE_F32, 2, boxes, error);
	return status ? status : edge_infer_set(node, 3, EDGE_F32, 1, &one, error);
}
