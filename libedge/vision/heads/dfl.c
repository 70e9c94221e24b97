// SPDX-License-Identifier: MIT
#include "vision/heads/dfl.h"

#include <math.h>

static bool add_level(const struct edge_head_model *model, struct edge_head *head, float stride,
		      const struct edge_map *scores, const struct edge_map *box)
{
	struct edge_head_grid *grid = edge_head_add_scores(model, head, stride, scores);

	if (!grid)
		return false;
	grid->box = *box;
	return true;
}

static bool add_joined(const struct edge_head_model *model, struct edge_head *head, float stride,
		       const struct edge_map *map, bool box_first)
{
	int num_classes = map->channels - 4 * head->bins;
	struct edge_map scores, box;

	if (num_classes < 1)
		return false;
	scores = edge_map_channels(map, box_first ? 4 * head->bins : 0, num_classes);
	box = edge_map_channels(map, box_first ? 0 : num_classes, 4 * head->bins);
	return add_level(model, head, stride, &scores, &box);
}

/* Scores and distances of one stride, from one map or two: the one whose channels are distances has
 * them. Where both have as many channels, scores come first. */
static bool add_maps(const struct edge_head_model *model, struct edge_head *head, float stride,
		     const struct edge_map *maps, int count, bool box_first)
{
	if (count == 1)
		return add_joined(model, head, stride, &maps[0], box_first);
	if (count == 2 && maps[1].channels == 4 * head->bins)
		return add_level(model, head, stride, &maps[0], &maps[1]);
	if (count == 2 && maps[0].channels == 4 * head->bins)
		return add_level(model, head, stride, &maps[1], &maps[0]);
	return false;
}

/* One output or two with the cells of all strides. */
static bool bind_rows(const struct edge_head_model *model, struct edge_head *head,
		      const float *strides, int count, bool box_first)
{
	struct edge_map maps[2][EDGE_MAX_STRIDES];
	bool found = model->num_outputs <= 2;

	head->num_grids = 0;
	for (int i = 0; i < model->num_outputs && found; i++)
		found = edge_head_split_rows(model, i, strides, count, maps[i]);
	for (int i = 0; i < count && found; i++) {
		const struct edge_map both[2] = { maps[0][i], maps[1][i] };

		found = add_maps(model, head, strides[i], both, model->num_outputs, box_first);
	}
	return found;
}

static bool bind_level(const struct edge_head_model *model, struct edge_head *head, float stride,
		       bool box_first)
{
	int width = edge_head_cells(model->width, stride);
	int height = edge_head_cells(model->height, stride);
	struct edge_map found[2];
	int count = 0;

	for (int i = 0; i < model->num_outputs && count < 2; i++)
		count += edge_map_grid(model->outputs, i, width, height, &found[count]);
	return add_maps(model, head, stride, found, count, box_first);
}

bool edge_dfl_bind(const struct edge_head_model *model, struct edge_head *head,
		   const float *strides, int count, int bins, bool box_first)
{
	bool found = model->num_outputs == count || model->num_outputs == 2 * count;

	head->bins = model->params->bins ? model->params->bins : bins;
	for (int i = 0; i < count && found; i++)
		found = bind_level(model, head, strides[i], box_first);
	if (!found && !bind_rows(model, head, strides, count, box_first))
		return false;
	head->score_squash =
		edge_head_squash_of(model, &head->grids[0].scores, EDGE_SQUASH_SIGMOID, !box_first);
	return true;
}

static float distance(const void *cell, const struct edge_map *map, int first, int bins)
{
	float highest = -INFINITY, sum = 0, mean = 0;

	for (int i = 0; i < bins; i++)
		highest = fmaxf(highest, edge_map_number(map, cell, first + i));
	for (int i = 0; i < bins; i++) {
		float weight = expf(edge_map_number(map, cell, first + i) - highest);

		sum += weight;
		mean += i * weight;
	}
	return mean / sum;
}

void edge_dfl_box(const struct edge_head *head, const struct edge_head_cell *cell,
		  struct edge_detection *box)
{
	const struct edge_map *map = &cell->grid->box;
	float stride = cell->grid->stride;
	float offset = head->point == EDGE_POINT_CORNER ? 0 : 0.5f * stride;
	float x, y, sides[4];

	if (head->point == EDGE_POINT_PIXEL)
		offset -= 0.5f;
	x = cell->x * stride + offset;
	y = cell->y * stride + offset;
	for (int i = 0; i < 4; i++)
		sides[i] = distance(cell->box, map, i * head->bins, head->bins) * stride;
	box->x0 = x - sides[0];
	box->y0 = y - sides[1];
	box->x1 = x + sides[2];
	box->y1 = y + sides[3];
}
