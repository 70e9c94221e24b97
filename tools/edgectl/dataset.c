// SPDX-License-Identifier: MIT
#include "dataset.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli.h"

/* Makes room for one more element. */
static bool grow(void **array, size_t count, size_t *max, size_t size)
{
	size_t wanted = *max ? *max * 2 : 64;
	void *larger;

	if (count < *max)
		return true;
	larger = reallocarray(*array, wanted, size);
	if (!larger) {
		cli_message("out of memory");
		return false;
	}
	*array = larger;
	*max = wanted;
	return true;
}

struct dataset_image *dataset_add_image(struct dataset *dataset, int64_t id, const char *folder,
					const char *name)
{
	struct dataset_image *image;

	if (!grow((void **)&dataset->images, dataset->num_images, &dataset->max_images,
		  sizeof(*dataset->images)))
		return NULL;
	image = &dataset->images[dataset->num_images];
	image->id = id;
	if (asprintf(&image->path, "%s/%s", folder ? folder : ".", name) < 0) {
		cli_message("out of memory");
		return NULL;
	}
	dataset->num_images++;
	return image;
}

bool dataset_add_category(struct dataset *dataset, int64_t id, const char *name)
{
	struct dataset_category *category;

	if (!grow((void **)&dataset->categories, dataset->num_categories, &dataset->max_categories,
		  sizeof(*dataset->categories)))
		return false;
	category = &dataset->categories[dataset->num_categories];
	category->id = id;
	category->name = name ? strdup(name) : NULL;
	if (name && !category->name) {
		cli_message("out of memory");
		return false;
	}
	dataset->num_categories++;
	return true;
}

bool dataset_add_truth(struct dataset *dataset, const struct ap_truth *truth)
{
	if (!grow((void **)&dataset->truth, dataset->num_truth, &dataset->max_truth,
		  sizeof(*dataset->truth)))
		return false;
	dataset->truth[dataset->num_truth++] = *truth;
	return true;
}

int dataset_category(const struct dataset *dataset, const char *name)
{
	for (size_t i = 0; i < dataset->num_categories; i++)
		if (dataset->categories[i].name && !strcasecmp(dataset->categories[i].name, name))
			return i;
	return -1;
}

/* Whether the folder holds a file whose name ends in @suffix. */
static bool holds(const char *folder, const char *suffix)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		found = length > strlen(suffix) &&
			!strcmp(entry->d_name + length - strlen(suffix), suffix);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool dataset_load(struct dataset *dataset, const char *annotations, const char *images)
{
	struct stat st;
	bool loaded;

	memset(dataset, 0, sizeof(*dataset));
	if (stat(annotations, &st)) {
		cli_message("%s: no such file or folder", annotations);
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		loaded = dataset_load_coco(dataset, annotations, images);
	} else if (holds(annotations, ".xml")) {
		loaded = dataset_load_voc(dataset, annotations, images);
	} else if (holds(annotations, ".txt")) {
		loaded = dataset_load_yolo(dataset, annotations, images);
	} else {
		cli_message("%s: neither VOC (.xml) nor YOLO (.txt) files in this folder",
			    annotations);
		return false;
	}
	if (loaded && !dataset->num_images) {
		cli_message("%s: no images", annotations);
		return false;
	}
	return loaded;
}

void dataset_finish(struct dataset *dataset)
{
	for (size_t i = 0; i < dataset->num_images; i++)
		free(dataset->images[i].path);
	for (size_t i = 0; i < dataset->num_categories; i++)
		free(dataset->categories[i].name);
	free(dataset->images);
	free(dataset->categories);
	free(dataset->truth);
	memset(dataset, 0, sizeof(*dataset));
}
