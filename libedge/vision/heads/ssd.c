// SPDX-License-Identifier: MIT
#include "vision/heads/ssd.h"

#include <math.h>

#define LEVELS 6
#define CENTRE_VARIANCE 0.1f
#define SIZE_VARIANCE 0.2f

bool edge_ssd_find(const struct edge_head_model *model, struct edge_ssd_rows *rows)
{
	struct edge_map maps[2];

	if (model->num_outputs != 2)
		return false;
	for (int i = 0; i < 2; i++) {
		if (!edge_map_rows(model->outputs, i, 0, false, &maps[i]))
			return false;
	}
	if (maps[0].width != maps[1].width || (maps[0].channels != 4 && maps[1].channels != 4))
		return false;
	/* Of three classes and a background, the scores went through something. */
	if (maps[0].channels == 4 && maps[1].channels == 4)
		rows->box = edge_head_came_from(model, &maps[0], EDGE_ORIGIN_SOFTMAX, false)
				    ? maps[1]
				    : maps[0];
	else
		rows->box = maps[maps[0].channels == 4 ? 0 : 1];
	rows->scores = maps[rows->box.output == 0 ? 1 : 0];
	rows->count = rows->box.width;
	return true;
}

bool edge_ssd_add(const struct edge_head_model *model, struct edge_head *head,
		  const struct edge_ssd_rows *rows, const struct edge_ssd_level *levels, int count)
{
	int64_t first = 0;

	for (int i = 0; i < count; i++) {
		const struct edge_ssd_level *level = &levels[i];
		int width = edge_head_cells(model->width, level->stride);
		int height = edge_head_cells(model->height, level->stride);
		int64_t next = first + (int64_t)width * height * level->num_anchors;

		if (next > rows->count)
			return false;
		for (int k = 0; k < level->num_anchors; k++) {
			struct edge_head_grid *grid = edge_head_add_grid(head, level->stride);

			if (!grid)
				return false;
			grid->anchor[0] = level->anchors[k][0];
			grid->anchor[1] = level->anchors[k][1];
			grid->box = edge_map_part(&rows->box, first + k, level->num_anchors, width,
						  height);
			grid->scores = edge_map_part(&rows->scores, first + k, level->num_anchors,
						     width, height);
		}
		first = next;
	}
	return first == rows->count;
}

int edge_ssd_card_levels(const struct edge_head_model *model, struct edge_ssd_level *levels)
{
	const struct edge_head_params *params = model->params;

	for (int i = 0; i < params->num_strides; i++) {
		levels[i].stride = params->strides[i];
		levels[i].num_anchors = params->num_anchors[i];
		for (int k = 0; k < params->num_anchors[i]; k++) {
			levels[i].anchors[k][0] = params->anchors[i][k][0];
			levels[i].anchors[k][1] = params->anchors[i][k][1];
		}
	}
	return params->num_strides;
}

bool edge_ssd_decoded(const struct edge_head_model *model, const struct edge_ssd_rows *rows,
		      bool otherwise)
{
	if (model->params->boxes)
		return model->params->boxes == EDGE_BOXES_DECODED;
	return edge_head_came_from(model, &rows->box, EDGE_ORIGIN_EXP, otherwise);
}

/* Sides in pixels of the published models for 300 x 300, with the aspect ratios 1, 2 and, where
 * wide, 3; the second square is the mean of a side and the next. */
struct sizes {
	float strides[LEVELS];
	float sides[LEVELS + 1];
	bool wide[LEVELS];
};

static const struct sizes vgg = {
	{ 8, 16, 32, 64, 100, 300 },
	{ 30, 60, 111, 162, 213, 264, 315 },
	{ false, true, true, true, false, false },
};
static const struct sizes mobile = {
	{ 16, 32, 64, 100, 150, 300 },
	{ 60, 105, 150, 195, 240, 285, 330 },
	{ true, true, true, true, true, true },
};

static void add_anchor(struct edge_ssd_level *level, float side, float ratio)
{
	level->anchors[level->num_anchors][0] = side * sqrtf(ratio);
	level->anchors[level->num_anchors++][1] = side / sqrtf(ratio);
}

static void fill_levels(const struct sizes *sizes, struct edge_ssd_level *levels)
{
	for (int i = 0; i < LEVELS; i++) {
		float side = sizes->sides[i];

		levels[i].stride = sizes->strides[i];
		levels[i].num_anchors = 0;
		add_anchor(&levels[i], side, 1);
		add_anchor(&levels[i], sqrtf(side * sizes->sides[i + 1]), 1);
		for (int ratio = 2; ratio <= (sizes->wide[i] ? 3 : 2); ratio++) {
			add_anchor(&levels[i], side, ratio);
			add_anchor(&levels[i], side, 1.0f / ratio);
		}
	}
}

/* Those of the TensorFlow object detection API: scales 0.2 to 0.95 of the input, three boxes a cell
 * on the finest grid. */
static void fill_tensorflow(struct edge_ssd_level *levels)
{
	static const int cells[LEVELS] = { 19, 10, 5, 3, 2, 1 };
	static const float ratios[] = { 1, 2, 0.5f, 3, 1 / 3.0f };

	for (int i = 0; i < LEVELS; i++) {
		float side = 300 * (0.2f + 0.15f * i);
		float next = i < LEVELS - 1 ? side + 300 * 0.15f : 300;

		levels[i].stride = 300.0f / cells[i];
		levels[i].num_anchors = 0;
		for (int k = 0; k < 5 && i; k++)
			add_anchor(&levels[i], side, ratios[k]);
		if (i)
			add_anchor(&levels[i], sqrtf(side * next), 1);
	}
	add_anchor(&levels[0], 30, 1);
	add_anchor(&levels[0], 60, 2);
	add_anchor(&levels[0], 60, 0.5f);
}

/* The published sets of default boxes are told apart by their numbers. */
static bool add_published(const struct edge_head_model *model, struct edge_head *head,
			  const struct edge_ssd_rows *rows)
{
	struct edge_ssd_level levels[LEVELS];

	if (model->width != 300 || model->height != 300)
		return false;
	if (rows->count == 8732) {
		fill_levels(&vgg, levels);
		head->input.colour = EDGE_COLOUR_BGR;
		head->input.mean[0] = 104;
		head->input.mean[1] = 117;
		head->input.mean[2] = 123;
		for (int c = 0; c < 3; c++)
			head->input.scale[c] = 1;
	} else if (rows->count == 1917) {
		fill_tensorflow(levels);
		head->y_first = true;
	} else {
		fill_levels(&mobile, levels);
	}
	return edge_ssd_add(model, head, rows, levels, LEVELS);
}

/* An entry in front of the classes for "none of them"; softmax needs one, sigmoids mostly keep
 * it. */
static bool set_classes(const struct edge_head_model *model, struct edge_head *head,
			const struct edge_ssd_rows *rows)
{
	int entries = rows->scores.channels;
	int known = model->params->num_classes ? model->params->num_classes : model->num_labels;

	head->background = known != entries;
	head->num_classes = entries - head->background;
	return edge_head_class_fit(model, head->num_classes);
}

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	struct edge_ssd_level levels[EDGE_MAX_STRIDES];
	struct edge_ssd_rows rows;
	int count;

	if (!edge_ssd_find(model, &rows) || !set_classes(model, head, &rows))
		return 0;
	head->score_squash = edge_head_squash_of(model, &rows.scores, EDGE_SQUASH_SOFTMAX, false);
	head->decoded = edge_ssd_decoded(model, &rows, false);
	if (head->decoded) {
		struct edge_head_grid *grid = edge_head_add_grid(head, 1);

		grid->box = rows.box;
		grid->scores = rows.scores;
		return 50;
	}
	count = edge_ssd_card_levels(model, levels);
	if (count ? !edge_ssd_add(model, head, &rows, levels, count)
		  : !add_published(model, head, &rows))
		return 0;
	return 50;
}

static void decode_corners(const struct edge_head *head, const float numbers[4],
			   struct edge_detection *box)
{
	box->x0 = numbers[0] * head->width;
	box->y0 = numbers[1] * head->height;
	box->x1 = numbers[2] * head->width;
	box->y1 = numbers[3] * head->height;
}

void edge_ssd_box(const struct edge_head *head, const struct edge_head_cell *cell,
		  struct edge_detection *box)
{
	const struct edge_head_grid *grid = cell->grid;
	float numbers[4];

	/* Turned around within each pair, y first becomes x first. */
	for (int i = 0; i < 4; i++)
		numbers[i] = edge_map_number(&grid->box, cell->box, head->y_first ? i ^ 1 : i);
	if (head->decoded) {
		decode_corners(head, numbers, box);
		return;
	}
	edge_head_centre_box(
		box,
		(cell->x + 0.5f) * grid->stride + numbers[0] * CENTRE_VARIANCE * grid->anchor[0],
		(cell->y + 0.5f) * grid->stride + numbers[1] * CENTRE_VARIANCE * grid->anchor[1],
		expf(numbers[2] * SIZE_VARIANCE) * grid->anchor[0],
		expf(numbers[3] * SIZE_VARIANCE) * grid->anchor[1]);
}

const struct edge_head_ops edge_head_ssd = {
	.name = "ssd",
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
		.mean = { 127.5f, 127.5f, 127.5f },
		.scale = { 1 / 127.5f, 1 / 127.5f, 1 / 127.5f },
	},
	.score_threshold = 0.5f,
	.iou_threshold = 0.45f,
	.eval_iou_threshold = 0.45f,
	.bind = bind,
	.box = edge_ssd_box,
};
