// SPDX-License-Identifier: MIT
#include "coco.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct coco {
	json_t *images, *annotations, *categories;
};

struct coco *coco_create(void)
{
	struct coco *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->images = json_array();
	c->annotations = json_array();
	c->categories = json_array();
	for (int i = 0; i < SCENE_CLASSES; i++) {
		int id;
		const char *name = scene_class_name((enum scene_class)i, &id);

		json_array_append_new(c->categories,
				      json_pack("{s:i, s:s}", "id", id, "name", name));
	}
	if (json_array_size(c->categories) != SCENE_CLASSES || !c->images || !c->annotations) {
		coco_destroy(c);
		return NULL;
	}
	return c;
}

void coco_destroy(struct coco *c)
{
	if (!c)
		return;
	json_decref(c->images);
	json_decref(c->annotations);
	json_decref(c->categories);
	free(c);
}

static json_t *coco_annotation(int id, int image_id, const struct scene_box *b)
{
	int width = b->x1 - b->x0, height = b->y1 - b->y0;
	int category;

	scene_class_name(b->label, &category);
	return json_pack("{s:i, s:i, s:i, s:[i,i,i,i], s:i, s:i}", "id", id, "image_id", image_id,
			 "category_id", category, "bbox", b->x0, b->y0, width, height, "area",
			 width * height, "iscrowd", 0);
}

enum edge_status coco_add(struct coco *c, const char *file_name, const struct edge_image *image,
			  const struct scene_truth *truth)
{
	int id = (int)json_array_size(c->images) + 1;
	json_t *entry = json_pack("{s:i, s:s, s:i, s:i}", "id", id, "file_name", file_name, "width",
				  image->width, "height", image->height);

	if (json_array_append_new(c->images, entry))
		return EDGE_OUT_OF_MEMORY;
	for (int i = 0; i < truth->count; i++) {
		int next = (int)json_array_size(c->annotations) + 1;

		if (json_array_append_new(c->annotations,
					  coco_annotation(next, id, &truth->boxes[i])))
			return EDGE_OUT_OF_MEMORY;
	}
	return EDGE_OK;
}

enum edge_status coco_save(const struct coco *c, const char *path, struct edge_error *error)
{
	json_t *root = json_pack("{s:O, s:O, s:O}", "images", c->images, "annotations",
				 c->annotations, "categories", c->categories);
	int failed;

	if (!root)
		return EDGE_OUT_OF_MEMORY;
	failed = json_dump_file(root, path, JSON_INDENT(1));
	json_decref(root);
	if (!failed)
		return EDGE_OK;
	error->status = EDGE_IO_ERROR;
	snprintf(error->message, sizeof(error->message), "%s: cannot be written: %s", path,
		 strerror(errno));
	return EDGE_IO_ERROR;
}
