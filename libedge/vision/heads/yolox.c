// SPDX-License-Identifier: MIT
/*
 * YOLOX, Ge et al. 2021 (arXiv 2107.08430): [1, cells, 5 + classes], boxes relative to the cell
 * unless the network was exported with the arithmetic. YOLOv6 has the same shape, always with it.
 */
#include <math.h>

#include "vision/heads/head.h"

static const float usual[] = { 8, 16, 32 };

static bool add_parts(const struct edge_head_model *model, struct edge_head *head, float stride,
		      const struct edge_map *box, const struct edge_map *object,
		      const struct edge_map *scores)
{
	struct edge_head_grid *grid;

	if (!edge_head_class_fit(model, scores->channels) ||
	    (head->num_grids && head->num_classes != scores->channels))
		return false;
	grid = edge_head_add_grid(head, stride);
	if (!grid)
		return false;
	head->num_classes = scores->channels;
	grid->box = *box;
	grid->object = *object;
	grid->scores = *scores;
	return true;
}

static bool add_level(const struct edge_head_model *model, struct edge_head *head,
		      const struct edge_map *map, float stride)
{
	struct edge_map box, object, scores;

	if (map->channels < 6)
		return false;
	box = edge_map_channels(map, 0, 4);
	object = edge_map_channels(map, 4, 1);
	scores = edge_map_channels(map, 5, map->channels - 5);
	return add_parts(model, head, stride, &box, &object, &scores);
}

static bool bind_rows(const struct edge_head_model *model, struct edge_head *head,
		      const float *strides, int count)
{
	struct edge_map maps[EDGE_MAX_STRIDES];
	bool found = false;

	for (int i = 0; i < model->num_outputs && !found; i++)
		found = edge_head_split_rows(model, i, strides, count, maps);
	for (int i = 0; i < count && found; i++)
		found = add_level(model, head, &maps[i], strides[i]);
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
		return add_level(model, head, &scores, stride);
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

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	float strides[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, usual, 3, strides);
	const struct edge_map *map = &head->grids[0].object;
	bool rows = bind_rows(model, head, strides, count);
	bool arithmetic;

	if (!rows && !bind_maps(model, head, strides, count))
		return 0;
	head->object_squash = edge_head_squash_of(model, map, EDGE_SQUASH_SIGMOID, rows);
	head->score_squash = head->object_squash;
	arithmetic = edge_head_came_from(model, map, EDGE_ORIGIN_ARITHMETIC, false);
	head->decoded = model->params->boxes ? model->params->boxes == EDGE_BOXES_DECODED
					     : arithmetic;
	if (model->num_outputs == 3 * count)
		return 65;
	if (!rows)
		return 30 + 4 * edge_head_class_fit(model, head->num_classes);
	/* Without exponentials the arithmetic is YOLOv6's, or YOLOv8's turned over. */
	if (arithmetic && !edge_head_came_from(model, map, EDGE_ORIGIN_EXP, false))
		return 40 + 2 * edge_head_class_fit(model, head->num_classes);
	return 58 + 2 * edge_head_class_fit(model, head->num_classes);
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	const struct edge_map *map = &cell->grid->box;
	float stride = cell->grid->stride;
	float x = edge_head_number(cell->box, map, 0), width = edge_head_number(cell->box, map, 2);
	float y = edge_head_number(cell->box, map, 1), height = edge_head_number(cell->box, map, 3);

	if (head->decoded)
		edge_head_centre_box(out, x, y, width, height);
	else
		edge_head_centre_box(out, (x + cell->x) * stride, (y + cell->y) * stride,
				     expf(width) * stride, expf(height) * stride);
}

static const char *const aliases[] = { "yolov6", NULL };

const struct edge_head_ops edge_head_yolox = {
	.name = "yolox",
	.aliases = aliases,
	.input = {
		.fit = EDGE_FIT_LETTERBOX,
		.colour = EDGE_COLOUR_BGR,
		.scale = { 1, 1, 1 },
		.pad = 114,
	},
	.score_threshold = 0.3f,
	.iou_threshold = 0.45f,
	.bind = bind,
	.box = box,
};
