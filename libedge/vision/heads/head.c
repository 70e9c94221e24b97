// SPDX-License-Identifier: MIT
#include "vision/heads/head.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static const struct edge_head_ops *const heads[] = {
	&edge_head_yolov2,     &edge_head_yolov3,     &edge_head_yolov5,     &edge_head_yolov6,
	&edge_head_yolov8,     &edge_head_yolox,      &edge_head_nanodet,    &edge_head_picodet,
	&edge_head_fastestdet, &edge_head_ssd,	      &edge_head_yunet,	     &edge_head_ultraface,
	&edge_head_blazeface,  &edge_head_detections, &edge_head_classifier,
};

#define NUM_HEADS (sizeof(heads) / sizeof(heads[0]))

const struct edge_head_ops *edge_head_find(const char *name)
{
	for (size_t i = 0; i < NUM_HEADS; i++) {
		const char *const *alias = heads[i]->aliases;

		if (!strcmp(heads[i]->name, name))
			return heads[i];
		for (; alias && *alias; alias++) {
			if (!strcmp(*alias, name))
				return heads[i];
		}
	}
	return NULL;
}

static int bind(const struct edge_head_model *model, const struct edge_head_ops *ops,
		struct edge_head *head)
{
	memset(head, 0, sizeof(*head));
	head->ops = ops;
	head->width = model->width;
	head->height = model->height;
	head->object_power = 1;
	head->score_power = 1;
	head->xy_scale = 1;
	head->input = ops->input;
	return ops->bind(model, head);
}

/* "output [1,3549,85], boxes [1,10,4]" */
static void list_outputs(const struct edge_head_model *model, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (int i = 0; i < model->num_outputs && used + 1 < size; i++) {
		const struct edge_view *view = &model->outputs[i].view;

		used += snprintf(text + used, size - used, "%s%s [", i ? ", " : "",
				 model->outputs[i].name);
		for (int d = 0; d < view->rank && used + 1 < size; d++)
			used += snprintf(text + used, size - used, "%s%" PRId64, d ? "," : "",
					 view->dims[d]);
		if (used + 1 < size)
			used += snprintf(text + used, size - used, "]");
	}
}

enum edge_status edge_head_bind(const struct edge_head_model *model, struct edge_head *head,
				struct edge_error *error)
{
	const struct edge_head_ops *best = NULL;
	const char *family = model->params->family;
	struct edge_head tried;
	int fit, best_fit = 0;
	char text[320];

	list_outputs(model, text, sizeof(text));
	if (family) {
		best = edge_head_find(family);
		if (!best)
			return edge_fail(
				error, EDGE_UNSUPPORTED,
				"no head family is called \"%s\"; Documentation/model-card.md "
				"lists them",
				family);
		if (!bind(model, best, head))
			return edge_fail(error, EDGE_UNSUPPORTED,
					 "the outputs do not fit the family \"%s\" of the card, an "
					 "input of %dx%d and %d labels (0: not known): %s",
					 family, model->width, model->height, model->num_labels,
					 text);
		return EDGE_OK;
	}
	for (size_t i = 0; i < NUM_HEADS; i++) {
		fit = bind(model, heads[i], &tried);
		if (fit > best_fit) {
			best_fit = fit;
			best = heads[i];
			*head = tried;
		}
	}
	if (!best)
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "no family of detectors that is known has these outputs with an "
				 "input of %dx%d and %d labels (0: not known); name it in a model "
				 "card: %s",
				 model->width, model->height, model->num_labels, text);
	return EDGE_OK;
}

const char *edge_head_metadata(const struct edge_head_model *model, const char *key)
{
	for (int i = 0; i < model->num_metadata; i++) {
		if (!strcmp(model->metadata[i].key, key))
			return model->metadata[i].value;
	}
	return NULL;
}

int edge_head_class_fit(const struct edge_head_model *model, int num_classes)
{
	if (num_classes < 1 || num_classes > EDGE_MAX_CLASSES)
		return 0;
	if (model->params->num_classes)
		return model->params->num_classes == num_classes ? 2 : 0;
	if (model->num_labels)
		return model->num_labels == num_classes ? 2 : 0;
	/* COCO's: by far the most frequent. */
	return num_classes == 80 ? 2 : 1;
}

int edge_head_strides(const struct edge_head_model *model, const float *usual, int count,
		      float *strides)
{
	if (model->params->num_strides) {
		usual = model->params->strides;
		count = model->params->num_strides;
	}
	memcpy(strides, usual, count * sizeof(*strides));
	return count;
}

int edge_head_cells(int side, float stride)
{
	/* 300 pixels in 19 cells are no whole pixels each. */
	return (int)ceilf(side / stride - 0.01f);
}

int64_t edge_head_total_cells(const struct edge_head_model *model, const float *strides, int count)
{
	int64_t total = 0;

	for (int i = 0; i < count; i++)
		total += (int64_t)edge_head_cells(model->width, strides[i]) *
			 edge_head_cells(model->height, strides[i]);
	return total;
}

bool edge_head_split_rows(const struct edge_head_model *model, int index, const float *strides,
			  int count, struct edge_map *maps)
{
	int64_t first = 0, total = edge_head_total_cells(model, strides, count);
	struct edge_map rows;

	if (!edge_map_rows(model->outputs, index, total, false, &rows))
		return false;
	for (int i = 0; i < count; i++) {
		int width = edge_head_cells(model->width, strides[i]);
		int height = edge_head_cells(model->height, strides[i]);

		maps[i] = edge_map_part(&rows, first, 1, width, height);
		first += (int64_t)width * height;
	}
	return true;
}

struct edge_head_grid *edge_head_add_grid(struct edge_head *head, float stride)
{
	struct edge_head_grid *grid;

	if (head->num_grids == EDGE_MAX_GRIDS)
		return NULL;
	grid = &head->grids[head->num_grids++];
	grid->stride = stride;
	return grid;
}

struct edge_head_grid *edge_head_add_scores(const struct edge_head_model *model,
					    struct edge_head *head, float stride,
					    const struct edge_map *scores)
{
	struct edge_head_grid *grid;

	if (!edge_head_class_fit(model, scores->channels) ||
	    (head->num_grids && head->num_classes != scores->channels))
		return NULL;
	grid = edge_head_add_grid(head, stride);
	if (!grid)
		return NULL;
	head->num_classes = scores->channels;
	grid->scores = *scores;
	return grid;
}

struct edge_head_grid *edge_head_add_objects(const struct edge_head_model *model,
					     struct edge_head *head, float stride,
					     const struct edge_map *map)
{
	struct edge_map scores = edge_map_channels(map, 5, map->channels - 5);
	struct edge_head_grid *grid = edge_head_add_scores(model, head, stride, &scores);

	if (!grid)
		return NULL;
	grid->box = edge_map_channels(map, 0, 4);
	grid->object = edge_map_channels(map, 4, 1);
	return grid;
}

bool edge_head_came_from(const struct edge_head_model *model, const struct edge_map *map,
			 enum edge_origin origin, bool otherwise)
{
	unsigned int mask = model->outputs[map->output].origin;

	return mask ? mask & origin : otherwise;
}

enum edge_head_squash edge_head_squash_of(const struct edge_head_model *model,
					  const struct edge_map *map, enum edge_head_squash squash,
					  bool done)
{
	if (model->params->scores)
		done = model->params->scores == EDGE_SCORES_PROBABILITIES;
	else if (model->outputs[map->output].origin)
		done = edge_head_came_from(model, map, EDGE_ORIGIN_SIGMOID, done) ||
		       edge_head_came_from(model, map, EDGE_ORIGIN_SOFTMAX, done);
	return done ? EDGE_SQUASH_NONE : squash;
}

void edge_head_centre_box(struct edge_detection *box, float x, float y, float width, float height)
{
	box->x0 = x - width / 2;
	box->y0 = y - height / 2;
	box->x1 = x + width / 2;
	box->y1 = y + height / 2;
}

void edge_head_decoded_box(const struct edge_head_cell *cell, struct edge_detection *box)
{
	const struct edge_map *map = &cell->grid->box;

	edge_head_centre_box(box, edge_map_number(map, cell->box, 0),
			     edge_map_number(map, cell->box, 1), edge_map_number(map, cell->box, 2),
			     edge_map_number(map, cell->box, 3));
}
