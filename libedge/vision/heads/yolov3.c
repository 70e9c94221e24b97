// SPDX-License-Identifier: MIT
#include "vision/heads/anchor.h"
#include "vision/heads/darknet.h"

/* Of the published models for COCO; in the order of the strides 8, 16, 32, or 16, 32. */
static const float yolov3[][3][2] = {
	{ { 10, 13 }, { 16, 30 }, { 33, 23 } },
	{ { 30, 61 }, { 62, 45 }, { 59, 119 } },
	{ { 116, 90 }, { 156, 198 }, { 373, 326 } },
};
static const float yolov4[][3][2] = {
	{ { 12, 16 }, { 19, 36 }, { 40, 28 } },
	{ { 36, 75 }, { 76, 55 }, { 72, 146 } },
	{ { 142, 110 }, { 192, 243 }, { 459, 401 } },
};
static const float tiny[][3][2] = {
	{ { 10, 14 }, { 23, 27 }, { 37, 58 } },
	{ { 81, 82 }, { 135, 169 }, { 344, 319 } },
};

static bool bind_maps(const struct edge_head_model *model, struct edge_head *head)
{
	const struct edge_head_params *params = model->params;
	int levels = params->num_strides ? params->num_strides : model->num_outputs;

	if (levels == 3)
		return edge_anchor_bind(model, head, 8, 3,
					model->activation == EDGE_FUNC_MISH ? yolov4 : yolov3);
	if (levels == 2 || params->num_strides)
		return edge_anchor_bind(model, head, 16, 2, tiny);
	return false;
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	if (edge_darknet_bind(model, head, "yolo"))
		return 100;
	head->num_grids = 0;
	if (!bind_maps(model, head))
		return 0;
	/* YOLOv5 has the same shapes, and SiLU throughout. */
	return (model->activation == EDGE_FUNC_SILU ? 31 : 33) +
	       4 * edge_head_class_fit(model, head->num_classes);
}

static const char *const aliases[] = { "yolov4", NULL };

const struct edge_head_ops edge_head_yolov3 = {
	.name = "yolov3",
	.aliases = aliases,
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
		.scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f },
	},
	.score_threshold = 0.25f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.45f,
	.bind = bind,
	.box = edge_anchor_box,
};
