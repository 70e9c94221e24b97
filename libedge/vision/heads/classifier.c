// SPDX-License-Identifier: MIT
/*
 * Classifiers of whole images: one output with a number for each class. Each class is a box around
 * the image, so that whoever shows objects can show what an image is taken for.
 */
#include <math.h>

#include "vision/heads/head.h"

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	struct edge_head_grid *grid;
	struct edge_map map;

	if (model->num_outputs != 1 || !edge_map_vector(model->outputs, 0, &map) ||
	    map.channels < 2 || !edge_head_class_fit(model, map.channels))
		return 0;
	grid = edge_head_add_grid(head, 1);
	grid->scores = map;
	head->num_classes = map.channels;
	head->score_squash = edge_head_squash_of(model, &map, EDGE_SQUASH_SOFTMAX, false);
	return 25;
}

static void scan(const struct edge_head *head, const struct edge_head_output *outputs,
		 struct edge_candidates *candidates)
{
	const struct edge_map *map = &head->grids[0].scores;
	const void *cell = edge_map_cell(map, outputs, 0, 0);
	bool softmax = head->score_squash == EDGE_SQUASH_SOFTMAX;
	float highest = -INFINITY, sum = 0;

	for (int c = 0; c < map->channels && softmax; c++)
		highest = fmaxf(highest, edge_map_number(map, cell, c));
	for (int c = 0; c < map->channels && softmax; c++)
		sum += expf(edge_map_number(map, cell, c) - highest);
	for (int c = 0; c < map->channels; c++) {
		float score = edge_map_number(map, cell, c);
		struct edge_detection *box;

		if (softmax)
			score = expf(score - highest) / sum;
		box = edge_candidates_add(candidates, score, c);
		if (box)
			edge_head_centre_box(box, head->width / 2.0f, head->height / 2.0f,
					     (float)head->width, (float)head->height);
	}
}

const struct edge_head_ops edge_head_classifier = {
	.name = "classifier",
	.whole_image = true,
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
	},
	.iou_threshold = 1,
	.eval_iou_threshold = 1,
	.bind = bind,
	.scan = scan,
};
