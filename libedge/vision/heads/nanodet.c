// SPDX-License-Identifier: MIT
/*
 * NanoDet (https://github.com/RangiLyu/nanodet) and PicoDet (Yu et al. 2021, arXiv 2111.00902).
 * Both give 8 bins a side; they differ in their points and in what they are trained with.
 */
#include <string.h>

#include "vision/heads/dfl.h"

#define BINS 8

static const float strides[] = { 8, 16, 32, 64 };

static bool bind_levels(const struct edge_head_model *model, struct edge_head *head, int levels)
{
	float used[EDGE_MAX_STRIDES];
	int count = edge_head_strides(model, strides, levels, used);

	return edge_dfl_bind(model, head, used, count, BINS, false);
}

static void set_point(const struct edge_head_model *model, struct edge_head *head,
		      enum edge_head_point usual)
{
	head->point = model->params->point ? model->params->point : usual;
}

static bool is_from_paddle(const struct edge_head_model *model)
{
	const char *producer = edge_head_metadata(model, "producer");

	return producer && strstr(producer, "Paddle");
}

/* NanoDet-Plus has a fourth level, its points at the corners of cells, and one output. */
static int bind_nanodet(const struct edge_head_model *model, struct edge_head *head)
{
	bool one = model->num_outputs == 1, plus = false;

	if (!bind_levels(model, head, 3)) {
		head->num_grids = 0;
		if (!bind_levels(model, head, 4))
			return 0;
		plus = one;
		head->input.fit = EDGE_FIT_STRETCH;
	}
	set_point(model, head, plus ? EDGE_POINT_CORNER : EDGE_POINT_PIXEL);
	if (plus)
		return is_from_paddle(model) ? 40 : 65;
	/* YOLOX has rows, and YOLOv8 has maps, of the same shape with other classes. */
	if (one)
		return 57 + 2 * edge_head_class_fit(model, head->num_classes);
	if (model->num_outputs == 3)
		return 30 + 4 * edge_head_class_fit(model, head->num_classes);
	return is_from_paddle(model) ? 40 : 65;
}

const struct edge_head_ops edge_head_nanodet = {
	.name = "nanodet",
	.input = {
		.fit = EDGE_FIT_LETTERBOX_CENTRE,
		.colour = EDGE_COLOUR_BGR,
		.mean = { 103.53f, 116.28f, 123.675f },
		.scale = { 1 / 57.375f, 1 / 57.12f, 1 / 58.395f },
	},
	.score_threshold = 0.35f,
	.iou_threshold = 0.6f,
	.eval_iou_threshold = 0.6f,
	.bind = bind_nanodet,
	.box = edge_dfl_box,
};

static int bind_picodet(const struct edge_head_model *model, struct edge_head *head)
{
	if (!bind_levels(model, head, 4))
		return 0;
	set_point(model, head, EDGE_POINT_CENTRE);
	return is_from_paddle(model) || model->num_outputs == 8 ? 70 : 50;
}

const struct edge_head_ops edge_head_picodet = {
	.name = "picodet",
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
		.mean = { 123.675f, 116.28f, 103.53f },
		.scale = { 1 / 58.395f, 1 / 57.12f, 1 / 57.375f },
	},
	.score_threshold = 0.4f,
	.iou_threshold = 0.6f,
	.eval_iou_threshold = 0.6f,
	.bind = bind_picodet,
	.box = edge_dfl_box,
};
