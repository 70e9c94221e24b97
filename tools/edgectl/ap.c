// SPDX-License-Identifier: MIT
#include "ap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DETECTIONS 100
#define NUM_RECALLS 101

/* What became of one detection at one threshold. */
enum verdict {
	VERDICT_FALSE,
	VERDICT_TRUE,
	VERDICT_IGNORED,
};

/* A detection that counts, with its verdicts. */
struct judged {
	double score;
	size_t order; /* ties keep the order of images, as a stable sort does */
	uint8_t verdict[AP_NUM_THRESHOLDS];
};

/* One category at one size. */
struct category {
	struct judged *judged;
	size_t num_judged;
	size_t num_truth; /* not ignored */
	double precision[AP_NUM_THRESHOLDS]; /* mean over recalls */
	double recall[AP_NUM_THRESHOLDS];
};

static const double size_limits[AP_NUM_SIZES][2] = {
	[AP_ALL] = { 0, 1e10 },
	[AP_SMALL] = { 0, 32 * 32 },
	[AP_MEDIUM] = { 32 * 32, 96 * 96 },
	[AP_LARGE] = { 96 * 96, 1e10 },
};

static int compare_truth(const void *a, const void *b)
{
	const struct ap_truth *x = a, *y = b;

	if (x->category != y->category)
		return x->category < y->category ? -1 : 1;
	return x->image < y->image ? -1 : x->image > y->image;
}

static int compare_detections(const void *a, const void *b)
{
	const struct ap_detection *x = a, *y = b;

	if (x->category != y->category)
		return x->category < y->category ? -1 : 1;
	if (x->image != y->image)
		return x->image < y->image ? -1 : 1;
	return x->score > y->score ? -1 : x->score < y->score;
}

static int compare_judged(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* With a crowd, the share of the detection that lies in it. */
static double overlap(const double *detection, const double *truth, bool crowd)
{
	double width = fmin(detection[0] + detection[2], truth[0] + truth[2]) -
		       fmax(detection[0], truth[0]);
	double height = fmin(detection[1] + detection[3], truth[1] + truth[3]) -
			fmax(detection[1], truth[1]);
	double common, all;

	if (width <= 0 || height <= 0)
		return 0;
	common = width * height;
	all = detection[2] * detection[3];
	if (!crowd)
		all += truth[2] * truth[3] - common;
	return common / all;
}

static bool outside(double area, enum ap_size size)
{
	return area < size_limits[size][0] || area > size_limits[size][1];
}

/*
 * Gives each detection, best first, the truth that it overlaps most among those still free; one
 * that counts goes before one that is ignored. The truths that count stand first in @order.
 */
static void match_image(const struct ap_truth *truth, const size_t *order, const bool *ignored,
			size_t num_truth, const struct ap_detection *detections,
			size_t num_detections, enum ap_size size, int threshold, bool *taken,
			struct judged *judged)
{
	memset(taken, 0, num_truth * sizeof(*taken));
	for (size_t d = 0; d < num_detections; d++) {
		double best = fmin(0.5 + 0.05 * threshold, 1 - 1e-10);
		const double *box = detections[d].box;
		size_t found = SIZE_MAX;

		for (size_t i = 0; i < num_truth; i++) {
			const struct ap_truth *candidate = &truth[order[i]];
			double iou;

			if (taken[i] && !candidate->ignore)
				continue;
			if (found != SIZE_MAX && !ignored[found] && ignored[i])
				break;
			iou = overlap(box, candidate->box, candidate->ignore);
			if (iou < best)
				continue;
			best = iou;
			found = i;
		}
		if (found == SIZE_MAX) {
			judged[d].verdict[threshold] =
				outside(box[2] * box[3], size) ? VERDICT_IGNORED : VERDICT_FALSE;
			continue;
		}
		taken[found] = true;
		judged[d].verdict[threshold] = ignored[found] ? VERDICT_IGNORED : VERDICT_TRUE;
	}
}

/* Judges the detections of one image, appending them to the category. @space holds num_truth of
 * each. */
static void judge_image(const struct ap_truth *truth, size_t num_truth,
			const struct ap_detection *detections, size_t num_detections,
			enum ap_size size, size_t *order, bool *flags, struct category *category)
{
	struct judged *judged = category->judged + category->num_judged;
	bool *ignored = flags, *taken = flags + num_truth;
	size_t count = 0;

	/* Those that count first, both parts in the order of the file. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < num_truth; i++) {
			bool ignore = truth[i].ignore || outside(truth[i].area, size);

			if (ignore != pass)
				continue;
			ignored[count] = ignore;
			order[count++] = i;
			category->num_truth += !ignore;
		}
	}
	if (num_detections > MAX_DETECTIONS)
		num_detections = MAX_DETECTIONS;
	for (size_t d = 0; d < num_detections; d++) {
		judged[d].score = detections[d].score;
		judged[d].order = category->num_judged + d;
	}
	for (int threshold = 0; threshold < AP_NUM_THRESHOLDS; threshold++)
		match_image(truth, order, ignored, num_truth, detections, num_detections, size,
			    threshold, taken, judged);
	category->num_judged += num_detections;
}

/* Mean over the recalls 0, .01, ... 1 of the greatest precision at that recall or above. @precision
 * and @recall have room for all that was judged. */
static void summarise(struct category *category, int threshold, double *precision, double *recall)
{
	size_t true_count = 0, count = 0, next = 0;
	double sum = 0;

	for (size_t i = 0; i < category->num_judged; i++) {
		uint8_t verdict = category->judged[i].verdict[threshold];

		if (verdict == VERDICT_IGNORED)
			continue;
		true_count += verdict == VERDICT_TRUE;
		count++;
		recall[count - 1] = (double)true_count / category->num_truth;
		precision[count - 1] = (double)true_count / count;
	}
	for (size_t i = count; i-- > 1;)
		precision[i - 1] = fmax(precision[i - 1], precision[i]);
	for (int i = 0; i < NUM_RECALLS; i++) {
		/* As pycocotools steps: 29 * 0.01 is above 29 / 100. */
		while (next < count && recall[next] < i * 0.01)
			next++;
		if (next < count)
			sum += precision[next];
	}
	category->precision[threshold] = sum / NUM_RECALLS;
	category->recall[threshold] = count ? recall[count - 1] : 0;
}

struct workspace {
	struct judged *judged;
	double *precision, *recall;
	size_t *order;
	bool *flags;
};

static void workspace_finish(struct workspace *space)
{
	free(space->judged);
	free(space->precision);
	free(space->recall);
	free(space->order);
	free(space->flags);
}

static bool workspace_init(struct workspace *space, size_t num_truth, size_t num_detections)
{
	space->judged = calloc(num_detections + 1, sizeof(*space->judged));
	space->precision = calloc(num_detections + 1, sizeof(*space->precision));
	space->recall = calloc(num_detections + 1, sizeof(*space->recall));
	space->order = calloc(num_truth + 1, sizeof(*space->order));
	space->flags = calloc(2 * num_truth + 1, sizeof(*space->flags));
	if (space->judged && space->precision && space->recall && space->order && space->flags)
		return true;
	workspace_finish(space);
	return false;
}

/* Walks the images of one category; both arrays hold only that category and are sorted by image. */
static void evaluate_category(const struct ap_truth *truth, size_t num_truth,
			      const struct ap_detection *detections, size_t num_detections,
			      enum ap_size size, struct workspace *space, struct category *category)
{
	size_t t = 0, d = 0;

	memset(category, 0, sizeof(*category));
	category->judged = space->judged;
	while (t < num_truth || d < num_detections) {
		size_t first_truth = t, first_detection = d;
		int64_t image;

		if (d == num_detections || (t < num_truth && truth[t].image < detections[d].image))
			image = truth[t].image;
		else
			image = detections[d].image;
		while (t < num_truth && truth[t].image == image)
			t++;
		while (d < num_detections && detections[d].image == image)
			d++;
		judge_image(truth + first_truth, t - first_truth, detections + first_detection,
			    d - first_detection, size, space->order, space->flags, category);
	}
	if (!category->num_truth)
		return;
	qsort(category->judged, category->num_judged, sizeof(*category->judged), compare_judged);
	for (int i = 0; i < AP_NUM_THRESHOLDS; i++)
		summarise(category, i, space->precision, space->recall);
}

static double mean(const double *values)
{
	double sum = 0;

	for (int i = 0; i < AP_NUM_THRESHOLDS; i++)
		sum += values[i];
	return sum / AP_NUM_THRESHOLDS;
}

/* All categories at one size. */
static void evaluate_size(const struct ap_truth *truth, size_t num_truth,
			  const struct ap_detection *detections, size_t num_detections,
			  int num_categories, enum ap_size size, struct workspace *space,
			  struct ap_result *result)
{
	double ap = 0, ap50 = 0, ap75 = 0, recall = 0;
	size_t t = 0, d = 0;
	int counted = 0;

	for (int c = 0; c < num_categories; c++) {
		size_t first_truth, first_detection;
		struct category category;

		while (d < num_detections && detections[d].category < c)
			d++;
		first_truth = t;
		first_detection = d;
		while (t < num_truth && truth[t].category == c)
			t++;
		while (d < num_detections && detections[d].category == c)
			d++;
		evaluate_category(truth + first_truth, t - first_truth,
				  detections + first_detection, d - first_detection, size, space,
				  &category);
		if (size == AP_ALL) {
			result->category_ap[c] = -1;
			result->category_ap50[c] = -1;
		}
		if (!category.num_truth)
			continue;
		counted++;
		ap += mean(category.precision);
		ap50 += category.precision[0];
		ap75 += category.precision[5];
		recall += mean(category.recall);
		if (size == AP_ALL) {
			result->category_ap[c] = mean(category.precision);
			result->category_ap50[c] = category.precision[0];
		}
	}
	result->ap[size] = counted ? ap / counted : -1;
	if (size != AP_ALL)
		return;
	result->ap50 = counted ? ap50 / counted : -1;
	result->ap75 = counted ? ap75 / counted : -1;
	result->recall = counted ? recall / counted : -1;
}

bool ap_evaluate(struct ap_truth *truth, size_t num_truth, struct ap_detection *detections,
		 size_t num_detections, int num_categories, struct ap_result *result)
{
	struct workspace space = { 0 };

	memset(result, 0, sizeof(*result));
	result->category_ap = calloc(num_categories + 1, sizeof(double));
	result->category_ap50 = calloc(num_categories + 1, sizeof(double));
	if (!result->category_ap || !result->category_ap50 ||
	    !workspace_init(&space, num_truth, num_detections)) {
		ap_result_finish(result);
		return false;
	}
	qsort(truth, num_truth, sizeof(*truth), compare_truth);
	qsort(detections, num_detections, sizeof(*detections), compare_detections);
	for (int size = 0; size < AP_NUM_SIZES; size++)
		evaluate_size(truth, num_truth, detections, num_detections, num_categories, size,
			      &space, result);
	workspace_finish(&space);
	return true;
}

void ap_result_finish(struct ap_result *result)
{
	free(result->category_ap);
	free(result->category_ap50);
	result->category_ap = NULL;
	result->category_ap50 = NULL;
}
