// SPDX-License-Identifier: MIT
/* https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB: an SSD for faces. Some
 * exports end with the arithmetic of the boxes, some in front of it; the shapes are the same. */
#include "vision/heads/ssd.h"

#define LEVELS 4

static const struct edge_ssd_level usual[LEVELS] = {
	{ 8, 3, { { 10, 10 }, { 16, 16 }, { 24, 24 } } },
	{ 16, 2, { { 32, 32 }, { 48, 48 } } },
	{ 32, 2, { { 64, 64 }, { 96, 96 } } },
	{ 64, 3, { { 128, 128 }, { 192, 192 }, { 256, 256 } } },
};

static int bind(const struct edge_head_model *model, struct edge_head *head)
{
	struct edge_ssd_level levels[EDGE_MAX_STRIDES];
	struct edge_ssd_rows rows;
	int count;

	if (!edge_ssd_find(model, &rows) || rows.scores.channels != 2)
		return 0;
	count = edge_ssd_card_levels(model, levels);
	if (!edge_ssd_add(model, head, &rows, count ? levels : usual, count ? count : LEVELS))
		return 0;
	head->num_classes = 1;
	head->background = 1;
	head->score_squash = edge_head_squash_of(model, &rows.scores, EDGE_SQUASH_SOFTMAX, true);
	head->decoded = edge_ssd_decoded(model, &rows, true);
	return 90;
}

static const char *const labels[] = { "face", NULL };

const struct edge_head_ops edge_head_ultraface = {
	.name = "ultraface",
	.labels = labels,
	.input = {
		.fit = EDGE_FIT_STRETCH,
		.colour = EDGE_COLOUR_RGB,
		.mean = { 127, 127, 127 },
		.scale = { 1 / 128.0f, 1 / 128.0f, 1 / 128.0f },
	},
	.score_threshold = 0.7f,
	.iou_threshold = 0.3f,
	.eval_iou_threshold = 0.3f,
	.bind = bind,
	.box = edge_ssd_box,
};
