/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_DATASET_H
#define EDGECTL_DATASET_H

#include "ap.h"

/**
 * struct dataset_image - an image with ground truth
 * @id: as in the annotations, or its index where they have no ids
 * @path: of the file
 */
struct dataset_image {
	int64_t id;
	char *path;
};

/* @id: as in the annotations (COCO's run from 1 to 90 with gaps), or its index. @name may be NULL.
 */
struct dataset_category {
	int64_t id;
	char *name;
};

/* Ground truth. Boxes name categories by index. */
struct dataset {
	struct dataset_image *images;
	size_t num_images, max_images;
	struct dataset_category *categories;
	size_t num_categories, max_categories;
	struct ap_truth *truth;
	size_t num_truth, max_truth;
};

/**
 * dataset_load() - read ground truth, recognising its format
 * @annotations: a COCO JSON file; or a folder of VOC XML files; or a folder of YOLO text files
 *("class x y width height" of the centre, as shares of the image), whose names may stand in
 *classes.txt there
 * @images: folder of the images, which YOLO text needs for their sizes
 *
 * Return: false after a message that names the file and the place. Release with dataset_finish() in
 *any case.
 */
bool dataset_load(struct dataset *dataset, const char *annotations, const char *images);

void dataset_finish(struct dataset *dataset);

/* Index of the category called @name, ignoring case, or -1. */
int dataset_category(const struct dataset *dataset, const char *name);

/* Detections in COCO's result format: a list of {image_id, category_id, bbox, score}, or an object
 * whose "annotations" are that. Categories that the dataset does not have are dropped. To be freed;
 * false after a message. */
bool dataset_load_detections(const struct dataset *dataset, const char *path,
			     struct ap_detection **detections, size_t *count);

/* For the readers of the formats. Each is false after a message. ------------------------------- */

struct dataset_image *dataset_add_image(struct dataset *dataset, int64_t id, const char *folder,
					const char *name);
bool dataset_add_category(struct dataset *dataset, int64_t id, const char *name);
bool dataset_add_truth(struct dataset *dataset, const struct ap_truth *truth);

bool dataset_load_coco(struct dataset *dataset, const char *path, const char *images);
bool dataset_load_voc(struct dataset *dataset, const char *folder, const char *images);
bool dataset_load_yolo(struct dataset *dataset, const char *folder, const char *images);

#endif
