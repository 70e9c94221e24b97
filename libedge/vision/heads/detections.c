// SPDX-License-Identifier: MIT
/*
 * Networks that end with the suppression: TensorFlow's detection_boxes [1, n, 4], detection_classes
 * and detection_scores [1, n], and num_detections [1], by these names or, of TensorFlow Lite, from
 * its DetectionPostProcess. Corners are fractions of the input, y first.
 */
#include <math.h>
#include <string.h>

#include "vision/heads/head.h"

/* The classes of COCO, by the numbers of its annotations. */
#define USUAL_CLASSES 90

/* The index of the output that is @part, or -1. */
static int find_part(const struct edge_head_model *model, enum edge_detections_part part)
{
	static const char *const names[] = {
		[EDGE_DETECTIONS_BOXES] = "detection_boxes",
		[EDGE_DETECTIONS_CLASSES] = "detection_classes",
		[EDGE_DETECTIONS_SCORES] = "detection_scores",
		[EDGE_DETECTIONS_COUNT] = "num_detections",
	};

	for (int i = 0; i < model->num_outputs; i++) {
		const struct edge_head_output *output = &model->outputs[i];

		if (output->part ? output->part == part : !!strstr(output->name, names[part]))
			return i;
	}
	return -1;
}

static bool find_vector(const struct edge_head_model *model, enum edge_detections_part part,
			int count, struct edge_map *map)
{
	int index = find_part(model, part);

	return index >= 0 && edge_map_vector(model->outputs, index, map) && map->channels == count;
}

static int count_classes(const struct edge_head_model *model)
{
	if (model->params->num_classes)
		return model->params->num_classes;
	if (model->num_classes)
		return model->num_classes;
	return model->num_labels ? model->num_labels : USUAL_CLASSES;
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	int boxes = find_part(model, EDGE_DETECTIONS_BOXES);
	struct edge_head_grid *grid = edge_head_add_grid(head, 1);

	if (boxes < 0 || !edge_map_rows(model->outputs, boxes, 0, false, &grid->box) ||
	    grid->box.channels != 4 ||
	    !find_vector(model, EDGE_DETECTIONS_SCORES, grid->box.width, &grid->scores) ||
	    !find_vector(model, EDGE_DETECTIONS_CLASSES, grid->box.width, &head->class_ids) ||
	    !find_vector(model, EDGE_DETECTIONS_COUNT, 1, &head->count))
		return 0;
	head->num_classes = count_classes(model);
	/* TensorFlow counts the background, and its Lite does not. */
	head->first_class = model->outputs[boxes].part ? 0 : 1;
	if (model->params->first_class >= 0)
		head->first_class = model->params->first_class;
	return 95;
}

static int count_boxes(const struct edge_head *head, const struct edge_head_output *outputs)
{
	const struct edge_map *map = &head->count;
	float count = edge_map_number(map, edge_map_cell(map, outputs, 0, 0), 0);

	return (int)fminf(fmaxf(count, 0), (float)head->grids[0].box.width);
}

static void add_box(const struct edge_head *head, const struct edge_head_output *outputs, int index,
		    struct edge_candidates *candidates)
{
	const struct edge_head_grid *grid = &head->grids[0];
	const void *scores = edge_map_cell(&grid->scores, outputs, 0, 0);
	const void *class_ids = edge_map_cell(&head->class_ids, outputs, 0, 0);
	const void *corners = edge_map_cell(&grid->box, outputs, index, 0);
	float class_id = edge_map_number(&head->class_ids, class_ids, index) - head->first_class;
	struct edge_detection *box;

	if (!(class_id >= 0 && class_id < head->num_classes))
		return;
	box = edge_candidates_add(candidates, edge_map_number(&grid->scores, scores, index),
				  (int)class_id);
	if (!box)
		return;
	box->y0 = edge_map_number(&grid->box, corners, 0) * head->height;
	box->x0 = edge_map_number(&grid->box, corners, 1) * head->width;
	box->y1 = edge_map_number(&grid->box, corners, 2) * head->height;
	box->x1 = edge_map_number(&grid->box, corners, 3) * head->width;
}

static void scan(const struct edge_head *head, const struct edge_head_output *outputs,
		 struct edge_candidates *candidates)
{
	int count = count_boxes(head, outputs);

	for (int i = 0; i < count; i++)
		add_box(head, outputs, i, candidates);
}

static const char *const aliases[] = { "ssd-postprocessed", NULL };

const struct edge_head_ops edge_head_detections = {
	.name = "detections",
	.aliases = aliases,
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
		.mean = { 127.5f, 127.5f, 127.5f },
		.scale = { 1 / 127.5f, 1 / 127.5f, 1 / 127.5f },
	},
	/* Suppressed already. */
	.score_threshold = 0.5f,
	.iou_threshold = 1,
	.eval_iou_threshold = 1,
	.bind = bind,
	.scan = scan,
};
