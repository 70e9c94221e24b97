// SPDX-License-Identifier: MIT
/* YuNet, Wu et al. 2023, https://github.com/ShiqiYu/libfacedetection.train: faces with five
 * landmarks; for each stride a score, an objectness, a box and the points. */
#include <math.h>

#include "vision/heads/head.h"

#define POINTS 5

static const float usual[] = { 8, 16, 32 };

/* Score and objectness have the same shape, and which is which does not matter: the result is the
 * root of their product. */
static bool add_level(const struct edge_head_model *model, struct edge_head *head, float stride)
{
	struct edge_head_grid *grid = edge_head_add_grid(head, stride);
	int width = edge_head_cells(model->width, stride);
	int height = edge_head_cells(model->height, stride);

	for (int i = 0; i < model->num_outputs && grid; i++) {
		struct edge_map map;

		if (!edge_map_grid(model->outputs, i, width, height, &map))
			continue;
		if (map.channels == 1 && !grid->scores.channels)
			grid->scores = map;
		else if (map.channels == 1)
			grid->object = map;
		else if (map.channels == 4)
			grid->box = map;
		else if (map.channels == 2 * POINTS)
			grid->points = map;
	}
	return grid && grid->scores.channels && grid->object.channels && grid->box.channels &&
	       grid->points.channels;
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	float strides[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, usual, 3, strides);

	for (int i = 0; i < count; i++) {
		if (!add_level(model, head, strides[i]))
			return 0;
	}
	head->num_classes = 1;
	head->object_power = 0.5f;
	head->score_power = 0.5f;
	head->object_squash =
		edge_head_squash_of(model, &head->grids[0].object, EDGE_SQUASH_SIGMOID, true);
	head->score_squash = head->object_squash;
	return 90;
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	const struct edge_map *map = &cell->grid->box, *points = &cell->grid->points;
	float stride = cell->grid->stride;

	edge_head_centre_box(out, (cell->x + edge_map_number(map, cell->box, 0)) * stride,
			     (cell->y + edge_map_number(map, cell->box, 1)) * stride,
			     expf(edge_map_number(map, cell->box, 2)) * stride,
			     expf(edge_map_number(map, cell->box, 3)) * stride);
	out->num_points = POINTS;
	for (int i = 0; i < POINTS; i++) {
		float x = edge_map_number(points, cell->points, 2 * i);
		float y = edge_map_number(points, cell->points, 2 * i + 1);

		out->points[i][0] = (cell->x + x) * stride;
		out->points[i][1] = (cell->y + y) * stride;
	}
}

static const char *const labels[] = { "face", NULL };

const struct edge_head_ops edge_head_yunet = {
	.name = "yunet",
	.labels = labels,
	.input = {
		.fit = EDGE_FIT_LETTERBOX,
		.colour = EDGE_COLOUR_BGR,
		.scale = { 1, 1, 1 },
	},
	.score_threshold = 0.6f,
	.iou_threshold = 0.3f,
	.eval_iou_threshold = 0.45f,
	.bind = bind,
	.box = box,
};
