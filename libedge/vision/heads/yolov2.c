// SPDX-License-Identifier: MIT
#include "vision/heads/anchor.h"
#include "vision/heads/darknet.h"

/* In cells of 32 pixels: of the models that were published for COCO, and of the small one for VOC,
 * which is the one met with in ONNX. */
static const float coco[5][2] = {
	{ 0.57273f, 0.677385f }, { 1.87446f, 2.06253f }, { 3.33843f, 5.47434f },
	{ 7.88282f, 3.52778f },	 { 9.77052f, 9.16828f },
};
static const float voc[5][2] = {
	{ 1.08f, 1.19f }, { 3.42f, 4.41f }, { 6.63f, 11.38f }, { 9.42f, 5.11f }, { 16.62f, 10.52f },
};

static bool bind_map(const struct edge_head_model *model, struct edge_head *head)
{
	const struct edge_head_params *params = model->params;
	float stride = params->num_strides ? params->strides[0] : 32;
	const struct edge_view *view = &model->outputs[0].view;
	float anchors[5][2];

	if (model->num_outputs != 1 || view->rank != 4)
		return false;
	if (params->num_anchors[0])
		return edge_anchor_add_level(model, head, 0, stride, params->anchors[0],
					     params->num_anchors[0]);
	for (int i = 0; i < 5; i++) {
		bool is_coco = view->dims[1] == 5 * 85 || view->dims[3] == 5 * 85;

		anchors[i][0] = (is_coco ? coco : voc)[i][0] * stride;
		anchors[i][1] = (is_coco ? coco : voc)[i][1] * stride;
	}
	return edge_anchor_add_level(model, head, 0, stride, anchors, 5);
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	if (edge_darknet_bind(model, head, "region"))
		return 100;
	head->num_grids = 0;
	if (!bind_map(model, head))
		return 0;
	head->object_squash = EDGE_SQUASH_SIGMOID;
	head->score_squash = EDGE_SQUASH_SOFTMAX;
	return 40;
}

const struct edge_head_ops edge_head_yolov2 = {
	.name = "yolov2",
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
		.scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f },
	},
	.score_threshold = 0.3f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.45f,
	.bind = bind,
	.box = edge_anchor_box,
};
