// SPDX-License-Identifier: MIT
/*
 * YOLOv5 and YOLOv7, https://github.com/ultralytics/yolov5: exported with the arithmetic of the
 * boxes ([1, cells * 3, 5 + classes], pixels and probabilities) or cut off in front of it.
 */
#include "vision/heads/anchor.h"

static const float strides[] = { 8, 16, 32, 64 };

/* Of the models with three levels, and of YOLOv7-tiny. */
static const float anchors[][3][2] = {
	{ { 10, 13 }, { 16, 30 }, { 33, 23 } },
	{ { 30, 61 }, { 62, 45 }, { 59, 119 } },
	{ { 116, 90 }, { 156, 198 }, { 373, 326 } },
};

static bool bind_rows(const struct edge_head_model *model, struct edge_head *head, int levels)
{
	float used[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, strides, levels, used);
	struct edge_map map;
	int64_t rows = 3 * edge_head_total_cells(model, used, count);

	for (int i = 0; i < model->num_outputs; i++) {
		if (!edge_map_rows(model->outputs, i, rows, false, &map) ||
		    !edge_head_add_objects(model, head, 1, &map))
			continue;
		head->decoded = true;
		return true;
	}
	return false;
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	bool five = model->num_outputs && model->outputs[0].view.rank == 5;

	if (bind_rows(model, head, 3) || bind_rows(model, head, 4))
		return 70;
	head->square = true;
	head->xy_scale = 2;
	if (!edge_anchor_bind(model, head, 8, 3, anchors))
		return 0;
	return five ? 60 : 32 + 4 * edge_head_class_fit(model, head->num_classes);
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	if (head->decoded)
		edge_head_decoded_box(cell, out);
	else
		edge_anchor_box(head, cell, out);
}

static const char *const aliases[] = { "yolov7", NULL };

const struct edge_head_ops edge_head_yolov5 = {
	.name = "yolov5",
	.aliases = aliases,
	.input = {
		.fit = EDGE_FIT_LETTERBOX_CENTRE,
		.colour = EDGE_COLOUR_RGB,
		.scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f },
		.pad = 114,
	},
	.score_threshold = 0.25f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.65f,
	.bind = bind,
	.box = box,
};
