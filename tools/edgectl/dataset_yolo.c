// SPDX-License-Identifier: MIT
/*
 * YOLO text: beside each image NAME.jpg a NAME.txt with a line a box, "class x y width height", the
 * centre and the size as shares of the image's. Names stand in classes.txt, a line a class.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "dataset.h"

#define MAX_CLASSES 10000

static bool read_names(struct dataset *dataset, const char *folder)
{
	bool good = true;
	char line[256];
	FILE *file;
	char *path;

	if (asprintf(&path, "%s/classes.txt", folder) < 0)
		return false;
	file = fopen(path, "re");
	free(path);
	while (file && good && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\r\n")] = 0;
		good = dataset_add_category(dataset, dataset->num_categories, line);
	}
	if (file)
		fclose(file);
	return good;
}

/* The image that belongs to "NAME.txt"; NULL after a message. */
static struct dataset_image *find_image(struct dataset *dataset, const char *images,
					const char *text_name)
{
	static const char *const endings[] = { "jpg", "jpeg", "png", "JPG", "JPEG", "PNG" };
	int stem = strlen(text_name) - 4;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct dataset_image *image = NULL;
		char *name, *path;

		if (asprintf(&name, "%.*s.%s", stem, text_name, endings[i]) < 0)
			return NULL;
		if (asprintf(&path, "%s/%s", images, name) < 0)
			path = NULL;
		if (path && !access(path, R_OK))
			image = dataset_add_image(dataset, dataset->num_images, images, name);
		free(path);
		free(name);
		if (image)
			return image;
	}
	cli_message("%s: no image of that name (.jpg, .jpeg, .png) in %s", text_name, images);
	return NULL;
}

static bool read_boxes(struct dataset *dataset, const char *path, const struct dataset_image *image,
		       int width, int height)
{
	FILE *file = fopen(path, "re");
	bool good = true;
	char line[256];

	if (!file) {
		cli_message("%s: cannot open", path);
		return false;
	}
	for (int number = 1; good && fgets(line, sizeof(line), file); number++) {
		struct ap_truth truth = { .image = image->id };
		double x, y, w, h;

		if (line[strspn(line, " \t\r\n")] == 0)
			continue;
		if (sscanf(line, "%d %lf %lf %lf %lf", &truth.category, &x, &y, &w, &h) != 5 ||
		    truth.category < 0 || truth.category >= MAX_CLASSES || !(w >= 0 && h >= 0)) {
			cli_message("%s: line %d: not \"class x y width height\"", path, number);
			good = false;
			break;
		}
		while (good && dataset->num_categories <= (size_t)truth.category)
			good = dataset_add_category(dataset, dataset->num_categories, NULL);
		truth.box[0] = (x - w / 2) * width;
		truth.box[1] = (y - h / 2) * height;
		truth.box[2] = w * width;
		truth.box[3] = h * height;
		truth.area = truth.box[2] * truth.box[3];
		good = good && dataset_add_truth(dataset, &truth);
	}
	fclose(file);
	return good;
}

static bool read_label(struct dataset *dataset, const char *folder, const char *images,
		       const char *name)
{
	struct dataset_image *entry = find_image(dataset, images, name);
	struct edge_error error = { 0 };
	struct edge_image *image;
	char *path;
	bool good;

	if (!entry || asprintf(&path, "%s/%s", folder, name) < 0)
		return false;
	if (edge_image_load(entry->path, &image, &error)) {
		cli_failed(&error);
		free(path);
		return false;
	}
	good = read_boxes(dataset, path, entry, image->width, image->height);
	edge_image_destroy(image);
	free(path);
	return good;
}

static int is_label(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 4 && !strcmp(entry->d_name + length - 4, ".txt") &&
	       strcmp(entry->d_name, "classes.txt");
}

bool dataset_load_yolo(struct dataset *dataset, const char *folder, const char *images)
{
	struct dirent **files;
	bool good;
	int count;

	if (!images)
		images = folder;
	count = scandir(folder, &files, is_label, alphasort);
	if (count < 0) {
		cli_message("%s: cannot be listed", folder);
		return false;
	}
	good = read_names(dataset, folder);
	for (int i = 0; i < count; i++) {
		good = good && read_label(dataset, folder, images, files[i]->d_name);
		free(files[i]);
	}
	free(files);
	return good;
}
