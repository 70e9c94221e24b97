/* SPDX-License-Identifier: MIT */
/*
 * Average precision as COCO defines it (https://cocodataset.org/#detection-eval): precision at 101
 * recalls, mean over the IoU thresholds .50, .55, ... .95 and over categories.
 */
#ifndef EDGECTL_AP_H
#define EDGECTL_AP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A box in ground truth. @box: x, y of the top left corner, width, height. @area decides small,
 * medium or large: that of the segment in COCO, of the box elsewhere. @ignore: a crowd, which takes
 * any number of detections and misses none. */
struct ap_truth {
	int64_t image;
	int category;
	double box[4];
	double area;
	bool ignore;
};

struct ap_detection {
	int64_t image;
	int category;
	double box[4];
	double score;
};

/* Sizes by area, in square pixels: below 32^2, below 96^2, above. */
enum ap_size { AP_ALL, AP_SMALL, AP_MEDIUM, AP_LARGE, AP_NUM_SIZES };

#define AP_NUM_THRESHOLDS 10 /* IoU .50 to .95 */

/**
 * struct ap_result - what pycocotools calls summarize()
 * @ap: mean over thresholds and categories, for each size; -1 where there is no ground truth
 * @ap50, @ap75: at one threshold, all sizes
 * @recall: mean of the greatest recall, 100 detections an image, all sizes
 * @category_ap, @category_ap50: for each category, all sizes; arrays of num_categories
 */
struct ap_result {
	double ap[AP_NUM_SIZES];
	double ap50;
	double ap75;
	double recall;
	double *category_ap;
	double *category_ap50;
};

/**
 * ap_evaluate() - judge detections
 * @truth, @detections: sorted in place by category and image
 * @num_categories: categories are 0 to num_categories - 1
 * @result: filled; release with ap_result_finish()
 *
 * At most the 100 best detections of a category in an image count.
 *
 * Return: false when memory has run out.
 */
bool ap_evaluate(struct ap_truth *truth, size_t num_truth, struct ap_detection *detections,
		 size_t num_detections, int num_categories, struct ap_result *result);

void ap_result_finish(struct ap_result *result);

#endif
