// SPDX-License-Identifier: MIT
/*
 * YOLOX, Ge et al. 2021 (arXiv 2107.08430): [1, cells, 5 + classes], boxes relative to the cell
 * unless the network was exported with the arithmetic. YOLOv6
 * (https://github.com/meituan/YOLOv6) has the same shape, always with it.
 */
#include <math.h>

#include "vision/heads/head.h"

static const float usual[] = { 8, 16, 32 };

static bool add_parts(const struct edge_head_model *model, struct edge_head *head, float stride,
		      const struct edge_map *box, const struct edge_map *object,
		      const struct edge_map *scores)
{
	struct edge_head_grid *grid = edge_head_add_scores(model, head, stride, scores);

	if (!grid)
		return false;
	grid->box = *box;
	grid->object = *object;
	return true;
}

static bool bind_rows(const struct edge_head_model *model, struct edge_head *head,
		      const float *strides, int count)
{
	struct edge_map maps[EDGE_MAX_STRIDES];
	bool found = false;

	for (int i = 0; i < model->num_outputs && !found; i++)
		found = edge_head_split_rows(model, i, strides, count, maps);
	for (int i = 0; i < count && found; i++)
		found = edge_head_add_objects(model, head, strides[i], &maps[i]);
	return found;
}

/* The outputs of one stride: a map with everything, or one of boxes, one of objectness and one of
 * scores; with one class it does not matter which of the last two is which. */
static bool bind_level(const struct edge_head_model *model, struct edge_head *head, float stride)
{
	int width = edge_head_cells(model->width, stride);
	int height = edge_head_cells(model->height, stride);
	struct edge_map map, box = { 0 }, object = { 0 }, scores = { 0 };
	int count = 0;

	for (int i = 0; i < model->num_outputs; i++) {
		if (!edge_map_grid(model->outputs, i, width, height, &map))
			continue;
		count++;
		if (map.channels == 4 && !box.channels)
			box = map;
		else if (map.channels == 1 && !object.channels)
			object = map;
		else
			scores = map;
	}
	if (count == 1)
		return edge_head_add_objects(model, head, stride, &scores);
	return count == 3 && box.channels && object.channels && scores.channels &&
	       add_parts(model, head, stride, &box, &object, &scores);
}

static bool bind_maps(const struct edge_head_model *model, struct edge_head *head,
		      const float *strides, int count)
{
	bool found = model->num_outputs == count || model->num_outputs == 3 * count;

	head->num_grids = 0;
	for (int i = 0; i < count && found; i++)
		found = bind_level(model, head, strides[i]);
	return found;
}

/* The arithmetic is YOLOv6's, or YOLOv8's turned over. */
static bool without_exponentials(const struct edge_head_model *model, const struct edge_map *map)
{
	return edge_head_came_from(model, map, EDGE_ORIGIN_ARITHMETIC, false) &&
	       !edge_head_came_from(model, map, EDGE_ORIGIN_EXP, false);
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	float strides[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, usual, 3, strides);
	const struct edge_map *map = &head->grids[0].object;
	bool rows = bind_rows(model, head, strides, count);

	if (!rows && !bind_maps(model, head, strides, count))
		return 0;
	head->object_squash = edge_head_squash_of(model, map, EDGE_SQUASH_SIGMOID, rows);
	head->score_squash = head->object_squash;
	head->decoded = model->params->boxes
				? model->params->boxes == EDGE_BOXES_DECODED
				: edge_head_came_from(model, map, EDGE_ORIGIN_ARITHMETIC, false);
	if (model->num_outputs == 3 * count)
		return 65;
	if (!rows)
		return 30 + 4 * edge_head_class_fit(model, head->num_classes);
	if (without_exponentials(model, map))
		return 30;
	return 58 + 2 * edge_head_class_fit(model, head->num_classes);
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	const struct edge_map *map = &cell->grid->box;
	float stride = cell->grid->stride;

	if (head->decoded) {
		edge_head_decoded_box(cell, out);
		return;
	}
	edge_head_centre_box(out, (edge_map_number(map, cell->box, 0) + cell->x) * stride,
			     (edge_map_number(map, cell->box, 1) + cell->y) * stride,
			     expf(edge_map_number(map, cell->box, 2)) * stride,
			     expf(edge_map_number(map, cell->box, 3)) * stride);
}

const struct edge_head_ops edge_head_yolox = {
	.name = "yolox",
	.input = {
		.fit = EDGE_FIT_LETTERBOX,
		.colour = EDGE_COLOUR_BGR,
		.scale = { 1, 1, 1 },
		.pad = 114,
	},
	.score_threshold = 0.3f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.65f,
	.bind = bind,
	.box = box,
};

static int bind_yolov6(const struct edge_head_model *model, struct edge_head *head)
{
	float strides[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, usual, 3, strides);

	if (!bind_rows(model, head, strides, count))
		return 0;
	head->decoded = true;
	/* Objectness is not trained, and exported as 1. */
	if (!without_exponentials(model, &head->grids[0].object))
		return 20;
	return 38 + 4 * edge_head_class_fit(model, head->num_classes);
}

const struct edge_head_ops edge_head_yolov6 = {
	.name = "yolov6",
	.input = {
		.fit = EDGE_FIT_LETTERBOX_CENTRE,
		.colour = EDGE_COLOUR_RGB,
		.scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f },
		.pad = 114,
	},
	.score_threshold = 0.4f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.65f,
	.bind = bind_yolov6,
	.box = box,
};
