// SPDX-License-Identifier: MIT
/*
 * BlazeFace, Bazarevsky et al. 2019 (arXiv 1907.05047), as MediaPipe publishes it: faces with six
 * landmarks. An SSD whose default boxes are points: numbers are pixels of the input from the middle
 * of a cell.
 */
#include "vision/heads/ssd.h"

#define POINTS 6

/* For a camera near the face, one at the back of a phone, and one far away. */
static const struct {
	struct edge_ssd_level levels[2];
	int count;
} models[] = {
	{ { { .stride = 8, .num_anchors = 2 }, { .stride = 16, .num_anchors = 6 } }, 2 },
	{ { { .stride = 16, .num_anchors = 2 }, { .stride = 32, .num_anchors = 6 } }, 2 },
	{ { { .stride = 4, .num_anchors = 1 } }, 1 },
};

static bool find_rows(const struct edge_head_model *model, struct edge_ssd_rows *rows)
{
	struct edge_map maps[2];

	if (model->num_outputs != 2)
		return false;
	for (int i = 0; i < 2; i++) {
		if (!edge_map_rows(model->outputs, i, 0, false, &maps[i]))
			return false;
	}
	rows->box = maps[maps[0].channels == 4 + 2 * POINTS ? 0 : 1];
	rows->scores = maps[rows->box.output == 0 ? 1 : 0];
	rows->count = rows->box.width;
	return rows->box.channels == 4 + 2 * POINTS && rows->scores.channels == 1 &&
	       rows->scores.width == rows->count;
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	struct edge_ssd_rows rows;
	bool found = false;

	if (!find_rows(model, &rows))
		return 0;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]) && !found; i++) {
		head->num_grids = 0;
		found = edge_ssd_add(model, head, &rows, models[i].levels, models[i].count);
	}
	if (!found)
		return 0;
	for (int i = 0; i < head->num_grids; i++) {
		struct edge_head_grid *grid = &head->grids[i];

		grid->points = edge_map_channels(&grid->box, 4, 2 * POINTS);
		grid->box = edge_map_channels(&grid->box, 0, 4);
	}
	head->num_classes = 1;
	head->score_squash = edge_head_squash_of(model, &rows.scores, EDGE_SQUASH_SIGMOID, false);
	return 90;
}

static void box(const struct edge_head *head, const struct edge_head_cell *cell,
		struct edge_detection *out)
{
	const struct edge_map *map = &cell->grid->box, *points = &cell->grid->points;
	float x = (cell->x + 0.5f) * cell->grid->stride;
	float y = (cell->y + 0.5f) * cell->grid->stride;

	edge_head_centre_box(out, x + edge_map_number(map, cell->box, 0),
			     y + edge_map_number(map, cell->box, 1),
			     edge_map_number(map, cell->box, 2),
			     edge_map_number(map, cell->box, 3));
	out->num_points = POINTS;
	for (int i = 0; i < POINTS; i++) {
		out->points[i][0] = x + edge_map_number(points, cell->points, 2 * i);
		out->points[i][1] = y + edge_map_number(points, cell->points, 2 * i + 1);
	}
}

static const char *const labels[] = { "face", NULL };

const struct edge_head_ops edge_head_blazeface = {
	.name = "blazeface",
	.labels = labels,
	.input = {
		.fit = EDGE_FIT_LETTERBOX_CENTRE,
		.colour = EDGE_COLOUR_RGB,
		.mean = { 127.5f, 127.5f, 127.5f },
		.scale = { 1 / 127.5f, 1 / 127.5f, 1 / 127.5f },
	},
	.score_threshold = 0.5f,
	.iou_threshold = 0.3f,
	.eval_iou_threshold = 0.3f,
	.bind = bind,
	.box = box,
};
