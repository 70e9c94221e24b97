// SPDX-License-Identifier: MIT
/* FastestDet, https://github.com/dog-qiuqiu/FastestDet: one map, no anchors; sizes are fractions
 * of the input. */
#include <math.h>

#include "vision/heads/head.h"

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	const struct edge_head_params *params = model->params;
	float stride = params->num_strides ? params->strides[0] : 16;
	struct edge_head_grid *grid;
	struct edge_map map;

	if (model->num_outputs != 1 ||
	    !edge_map_grid(model->outputs, 0, edge_head_cells(model->width, stride),
			   edge_head_cells(model->height, stride), &map) ||
	    !edge_head_class_fit(model, map.channels - 5))
		return 0;
	grid = edge_head_add_grid(head, stride);
	grid->object = edge_map_channels(&map, 0, 1);
	grid->box = edge_map_channels(&map, 1, 4);
	grid->scores = edge_map_channels(&map, 5, map.channels - 5);
	head->num_classes = map.channels - 5;
	head->object_power = 0.6f;
	head->score_power = 0.4f;
	return edge_head_came_from(model, &map, EDGE_ORIGIN_SOFTMAX, true) ? 80 : 35;
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	const struct edge_map *map = &cell->grid->box;
	float stride = cell->grid->stride;

	edge_head_centre_box(out, (cell->x + tanhf(edge_map_number(map, cell->box, 0))) * stride,
			     (cell->y + tanhf(edge_map_number(map, cell->box, 1))) * stride,
			     edge_head_sigmoid(edge_map_number(map, cell->box, 2)) * head->width,
			     edge_head_sigmoid(edge_map_number(map, cell->box, 3)) * head->height);
}

const struct edge_head_ops edge_head_fastestdet = {
	.name = "fastestdet",
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_BGR,
		.scale = { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f },
	},
	.score_threshold = 0.65f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.45f,
	.bind = bind,
	.box = box,
};
