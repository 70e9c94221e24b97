// SPDX-License-Identifier: MIT
/*
 * YOLOv8, v9 and v11, https://github.com/ultralytics/ultralytics: exported with the arithmetic of
 * the boxes ([1, 4 + classes, cells], pixels and probabilities, or the same transposed), or cut off
 * in front of it, when each side of a box is a distribution.
 */
#include "vision/heads/dfl.h"

#define BINS 16

static const float strides[] = { 8, 16, 32, 64 };

/* Segmentation and pose models have more channels behind those of the classes. */
static int count_classes(const struct edge_head_model *model, int channels)
{
	int known = model->params->num_classes ? model->params->num_classes : model->num_labels;

	return known && known < channels - 4 ? known : channels - 4;
}

static bool bind_rows(const struct edge_head_model *model, struct edge_head *head, int levels,
		      bool channels_first)
{
	float used[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, strides, levels, used);
	int64_t rows = edge_head_total_cells(model, used, count);
	struct edge_head_grid *grid;
	struct edge_map map;

	for (int i = 0; i < model->num_outputs; i++) {
		if (!edge_map_rows(model->outputs, i, rows, channels_first, &map))
			continue;
		head->num_classes = count_classes(model, map.channels);
		if (!edge_head_class_fit(model, head->num_classes))
			continue;
		grid = edge_head_add_grid(head, 1);
		grid->box = edge_map_channels(&map, 0, 4);
		grid->scores = edge_map_channels(&map, 4, head->num_classes);
		head->decoded = true;
		return true;
	}
	return false;
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	float used[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, strides, 3, used);

	if (bind_rows(model, head, 3, true) || bind_rows(model, head, 4, true))
		return 70;
	if (bind_rows(model, head, 3, false) || bind_rows(model, head, 4, false)) {
		const struct edge_map *map = &head->grids[0].box;

		/* The shape is YOLOX's as well, which has one class less. */
		if (!edge_head_came_from(model, map, EDGE_ORIGIN_ARITHMETIC, false) ||
		    edge_head_came_from(model, map, EDGE_ORIGIN_EXP, false))
			return 35;
		return 41 + 2 * edge_head_class_fit(model, head->num_classes);
	}
	head->point = EDGE_POINT_CENTRE;
	if (!edge_dfl_bind(model, head, used, count, BINS, true))
		return 0;
	return 31 + 4 * edge_head_class_fit(model, head->num_classes);
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	if (head->decoded)
		edge_head_decoded_box(cell, out);
	else
		edge_dfl_box(head, cell, out);
}

static const char *const aliases[] = { "yolov9", "yolov11", "yolo11", NULL };

const struct edge_head_ops edge_head_yolov8 = {
	.name = "yolov8",
	.aliases = aliases,
	.input = {
		.fit = EDGE_FIT_LETTERBOX_CENTRE,
		.colour = EDGE_COLOUR_RGB,
		.scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f },
		.pad = 114,
	},
	.score_threshold = 0.25f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.7f,
	.bind = bind,
	.box = box,
};
