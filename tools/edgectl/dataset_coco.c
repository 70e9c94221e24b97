// SPDX-License-Identifier: MIT
/* https://cocodataset.org/#format-data and #format-results */
#include <jansson.h>
#include <stdlib.h>

#include "cli.h"
#include "dataset.h"

static json_t *load_json(const char *path)
{
	json_error_t error;
	json_t *root = json_load_file(path, 0, &error);

	if (!root)
		cli_message("%s: line %d: %s", path, error.line, error.text);
	return root;
}

static bool read_box(const json_t *list, double *box)
{
	if (json_array_size(list) != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		const json_t *number = json_array_get(list, i);

		if (!json_is_number(number))
			return false;
		box[i] = json_number_value(number);
	}
	return true;
}

static int category_index(const struct dataset *dataset, json_int_t id)
{
	for (size_t i = 0; i < dataset->num_categories; i++)
		if (dataset->categories[i].id == id)
			return i;
	return -1;
}

static bool read_truth(struct dataset *dataset, const json_t *annotation, const char *path,
		       size_t index)
{
	const json_t *image = json_object_get(annotation, "image_id");
	const json_t *area = json_object_get(annotation, "area");
	struct ap_truth truth = {
		.image = json_integer_value(image),
		.category = category_index(
			dataset, json_integer_value(json_object_get(annotation, "category_id"))),
		.ignore = json_integer_value(json_object_get(annotation, "iscrowd")) != 0,
	};

	if (!json_is_integer(image) || truth.category < 0 ||
	    !read_box(json_object_get(annotation, "bbox"), truth.box)) {
		cli_message("%s: annotation %zu: image_id, category_id or bbox is missing or wrong",
			    path, index);
		return false;
	}
	truth.area = area ? json_number_value(area) : truth.box[2] * truth.box[3];
	return dataset_add_truth(dataset, &truth);
}

bool dataset_load_coco(struct dataset *dataset, const char *path, const char *images)
{
	json_t *root = load_json(path);
	bool loaded = true;
	json_t *item;
	size_t i;

	if (!root)
		return false;
	json_array_foreach(json_object_get(root, "images"), i, item)
	{
		const char *name = json_string_value(json_object_get(item, "file_name"));
		const json_t *id = json_object_get(item, "id");

		if (!name || !json_is_integer(id)) {
			cli_message("%s: image %zu: file_name or id is missing", path, i);
			loaded = false;
		} else {
			loaded = dataset_add_image(dataset, json_integer_value(id), images, name);
		}
		if (!loaded)
			goto free_json;
	}
	json_array_foreach(json_object_get(root, "categories"), i, item)
	{
		loaded = dataset_add_category(dataset,
					      json_integer_value(json_object_get(item, "id")),
					      json_string_value(json_object_get(item, "name")));
		if (!loaded)
			goto free_json;
	}
	json_array_foreach(json_object_get(root, "annotations"), i, item)
	{
		loaded = read_truth(dataset, item, path, i);
		if (!loaded)
			goto free_json;
	}

free_json:
	json_decref(root);
	return loaded;
}

bool dataset_load_detections(const struct dataset *dataset, const char *path,
			     struct ap_detection **detections, size_t *count)
{
	json_t *root = load_json(path);
	json_t *list = json_is_object(root) ? json_object_get(root, "annotations") : root;
	bool loaded = false;
	json_t *item;
	size_t i;

	*count = 0;
	*detections = NULL;
	if (!root)
		return false;
	if (!json_is_array(list)) {
		cli_message("%s: not a list of detections", path);
		goto free_json;
	}
	*detections = calloc(json_array_size(list) + 1, sizeof(**detections));
	if (!*detections) {
		cli_message("out of memory");
		goto free_json;
	}
	json_array_foreach(list, i, item)
	{
		struct ap_detection *detection = *detections + *count;
		const json_t *score = json_object_get(item, "score");

		detection->image = json_integer_value(json_object_get(item, "image_id"));
		detection->score = json_number_value(score);
		if (!json_is_number(score) ||
		    !read_box(json_object_get(item, "bbox"), detection->box)) {
			cli_message("%s: detection %zu: score or bbox is missing or wrong", path,
				    i);
			goto free_json;
		}
		detection->category = category_index(
			dataset, json_integer_value(json_object_get(item, "category_id")));
		if (detection->category >= 0)
			(*count)++;
	}
	loaded = true;

free_json:
	json_decref(root);
	if (!loaded) {
		free(*detections);
		*detections = NULL;
	}
	return loaded;
}
