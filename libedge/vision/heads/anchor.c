// SPDX-License-Identifier: MIT
#include "vision/heads/anchor.h"

#include <math.h>

void edge_anchor_box(const struct edge_head *head, const struct edge_head_cell *cell,
		     struct edge_detection *box)
{
	const struct edge_head_grid *grid = cell->grid;
	float at[2], size[2];

	for (int i = 0; i < 2; i++) {
		float near = edge_map_number(&grid->box, cell->box, i);
		float far = edge_map_number(&grid->box, cell->box, 2 + i);

		if (!head->squashed)
			near = edge_head_sigmoid(near);
		/* A range wider than the cell is centred on it. */
		at[i] = head->xy_scale * (near - 0.5f) + 0.5f;
		if (head->square) {
			far = 2 * (head->squashed ? far : edge_head_sigmoid(far));
			size[i] = far * far * grid->anchor[i];
		} else {
			size[i] = expf(far) * grid->anchor[i];
		}
	}
	edge_head_centre_box(box, (cell->x + at[0]) * grid->stride,
			     (cell->y + at[1]) * grid->stride, size[0], size[1]);
}

static bool add_grid(const struct edge_head_model *model, struct edge_head *head,
		     const struct edge_map *map, float stride, const float anchor[2])
{
	struct edge_head_grid *grid = edge_head_add_objects(model, head, stride, map);

	if (!grid)
		return false;
	grid->anchor[0] = anchor[0];
	grid->anchor[1] = anchor[1];
	return true;
}

/* The map of one anchor of an output [1, A, h, w, numbers]. */
static bool slice(const struct edge_head_model *model, int index, int anchor, int width, int height,
		  struct edge_map *map)
{
	struct edge_head_output part = model->outputs[index];
	int64_t offset = anchor * part.view.strides[1];

	part.view.dims[1] = 1;
	if (!edge_map_grid(&part, 0, width, height, map))
		return false;
	map->output = index;
	map->offset += offset;
	return true;
}

bool edge_anchor_add_level(const struct edge_head_model *model, struct edge_head *head, int index,
			   float stride, const float (*anchors)[2], int num_anchors)
{
	const struct edge_view *view = &model->outputs[index].view;
	int width = edge_head_cells(model->width, stride);
	int height = edge_head_cells(model->height, stride);
	struct edge_map map, whole;

	if (view->rank == 5 && view->dims[1] == num_anchors) {
		for (int i = 0; i < num_anchors; i++) {
			if (!slice(model, index, i, width, height, &map) ||
			    !add_grid(model, head, &map, stride, anchors[i]))
				return false;
		}
		return true;
	}
	if (view->rank != 4 || !edge_map_grid(model->outputs, index, width, height, &whole) ||
	    whole.channels % num_anchors)
		return false;
	for (int i = 0; i < num_anchors; i++) {
		int numbers = whole.channels / num_anchors;

		map = edge_map_channels(&whole, i * numbers, numbers);
		if (!add_grid(model, head, &map, stride, anchors[i]))
			return false;
	}
	return true;
}

bool edge_anchor_bind(const struct edge_head_model *model, struct edge_head *head, float first,
		      int count, const float (*usual)[3][2])
{
	const struct edge_head_params *params = model->params;
	int num_usual = count, found = 0;

	if (params->num_strides)
		count = params->num_strides;
	for (int i = 0; i < count; i++, first *= 2) {
		float stride = params->num_strides ? params->strides[i] : first;
		const float(*anchors)[2] = params->anchors[i];
		int num_anchors = params->num_anchors[i];

		if (!num_anchors && i >= num_usual)
			return false;
		if (!num_anchors) {
			anchors = usual[i];
			num_anchors = 3;
		}
		for (int k = 0; k < model->num_outputs; k++) {
			int before = head->num_grids;

			if (edge_anchor_add_level(model, head, k, stride, anchors, num_anchors)) {
				found++;
				break;
			}
			head->num_grids = before;
		}
	}
	if (found < count)
		return false;
	head->object_squash =
		edge_head_squash_of(model, &head->grids[0].object, EDGE_SQUASH_SIGMOID, false);
	head->score_squash = head->object_squash;
	return true;
}
