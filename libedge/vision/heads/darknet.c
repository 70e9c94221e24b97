// SPDX-License-Identifier: MIT
#include "vision/heads/darknet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vision/heads/anchor.h"

static const char *entry(const struct edge_head_model *model, int output, const char *key)
{
	char name[64];

	snprintf(name, sizeof(name), "darknet.head.%d.%s", output, key);
	return edge_head_metadata(model, name);
}

static bool is_one(const char *text)
{
	return text && !strcmp(text, "1");
}

static int read_anchors(const char *text, float (*anchors)[2])
{
	int count = 0;
	char *end;

	while (text && *text && count < 2 * EDGE_MAX_ANCHORS) {
		anchors[count / 2][count % 2] = strtof(text, &end);
		if (end == text)
			return 0;
		count++;
		text = end + strspn(end, ", ");
	}
	return text && !*text && count % 2 == 0 ? count / 2 : 0;
}

/* Pixels of a cell of the output, which must be the same both ways; 0 if it is no such map. */
static int stride_of(const struct edge_head_model *model, int output)
{
	const struct edge_view *view = &model->outputs[output].view;
	int64_t height = view->dims[2], width = view->dims[3];

	if (view->rank != 4 || width < 1 || height < 1 || model->width % width ||
	    model->height % height || model->width / width != model->height / height)
		return 0;
	return model->width / width;
}

static bool bind_output(const struct edge_head_model *model, struct edge_head *head, int output,
			bool region)
{
	const char *scale = entry(model, output, "scale_x_y");
	float anchors[EDGE_MAX_ANCHORS][2];
	int stride = stride_of(model, output);
	int count = read_anchors(entry(model, output, "anchors"), anchors);

	if (!stride || !count)
		return false;
	for (int i = 0; region && i < count; i++) {
		anchors[i][0] *= stride;
		anchors[i][1] *= stride;
	}
	head->xy_scale = scale ? strtof(scale, NULL) : 1;
	head->squashed = is_one(entry(model, output, "new_coords"));
	head->square = head->squashed;
	return edge_anchor_add_level(model, head, output, stride, anchors, count);
}

bool edge_darknet_bind(const struct edge_head_model *model, struct edge_head *head,
		       const char *type)
{
	if (!model->num_outputs)
		return false;
	for (int i = 0; i < model->num_outputs; i++) {
		const char *found = entry(model, i, "type");

		if (!found || strcmp(found, type) ||
		    !bind_output(model, head, i, !strcmp(type, "region")))
			return false;
	}
	head->object_squash = head->squashed ? EDGE_SQUASH_NONE : EDGE_SQUASH_SIGMOID;
	head->score_squash = head->object_squash;
	if (is_one(entry(model, 0, "softmax")))
		head->score_squash = EDGE_SQUASH_SOFTMAX;
	return true;
}
