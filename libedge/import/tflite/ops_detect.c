// SPDX-License-Identifier: MIT
#include <math.h>

#include "import/tflite/flexbuffer.h"
#include "import/tflite/ops.h"

#define PER_CLASS 100 /* where the file leaves it out */

/* @missing below zero: the file has to say. */
static int32_t read_int(struct tflite_node *node, const struct flex_map *map, const char *name,
			int32_t missing)
{
	double value = missing;

	if (!flex_number(map, name, &value) && missing < 0)
		tflite_fail(node, EDGE_BAD_FORMAT, "its option '%s' is missing", name);
	else if (!(value >= 0 && value <= INT32_MAX))
		tflite_fail(node, EDGE_BAD_FORMAT, "its option '%s' is %g", name, value);
	return node->status ? 1 : (int32_t)value;
}

static float read_float(struct tflite_node *node, const struct flex_map *map, const char *name)
{
	double value = 0;

	if (!flex_number(map, name, &value))
		tflite_fail(node, EDGE_BAD_FORMAT, "its option '%s' is missing", name);
	else if (!(fabs(value) <= 1e30))
		tflite_fail(node, EDGE_BAD_FORMAT, "its option '%s' is %g", name, value);
	return node->status ? 1 : (float)value;
}

static void read_options(struct tflite_node *node, union edge_params *params)
{
	static const char *const scales[] = { "y_scale", "x_scale", "h_scale", "w_scale" };
	struct fb_vector options = fb_vector(node->proto, TFLITE_OPERATOR_CUSTOM_OPTIONS, 1);
	struct flex_map map;

	if (!flex_root(options.data, options.count, &map)) {
		tflite_fail(node, EDGE_BAD_FORMAT, "its options are damaged");
		return;
	}
	for (int i = 0; i < 4; i++)
		params->detections.scale[i] = read_float(node, &map, scales[i]);
	params->detections.iou_threshold = read_float(node, &map, "nms_iou_threshold");
	params->detections.score_threshold = read_float(node, &map, "nms_score_threshold");
	params->detections.classes = read_int(node, &map, "num_classes", -1);
	params->detections.max = read_int(node, &map, "max_detections", -1);
	params->detections.classes_per_box = read_int(node, &map, "max_classes_per_detection", -1);
	params->detections.regular = read_int(node, &map, "use_regular_nms", 0) != 0;
	params->detections.per_class = read_int(node, &map, "detections_per_class", PER_CLASS);
}

void tflite_convert_detection_postprocess(struct tflite_node *node)
{
	struct edge_node *made;
	union edge_params params;

	if (node->num_outputs != 4)
		tflite_fail(node, EDGE_BAD_FORMAT, "has %d outputs, not 4", node->num_outputs);
	edge_op_default_params(EDGE_OP_DETECTION_POSTPROCESS, &params);
	read_options(node, &params);
	made = tflite_begin(node, EDGE_OP_DETECTION_POSTPROCESS, 3, node->inputs, 4);
	if (!made)
		return;
	made->params = params;
	tflite_finish(node, made, node->outputs);
}
