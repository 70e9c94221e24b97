// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "dataset.h"
#include "progress.h"
#include "report.h"
#include "table.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl eval [OPTION...] MODEL --truth ANNOTATIONS [--images FOLDER]\n"
	"       edgectl eval [OPTION...] --detections FILE --truth ANNOTATIONS\n\n"
	"Average precision as COCO defines it, of a detector over images, or of detections in COCO's\n"
	"result format. Ground truth is a COCO JSON file, or a folder of VOC XML or YOLO text files.\n\n"
	"      --truth PATH      the ground truth\n"
	"      --images FOLDER   the images (default: the folder of the annotations)\n"
	"      --detections FILE judge these instead of running a model\n"
	"      --save FILE       write the model's detections in COCO's result format\n"
	"      --limit N         only the first N images\n"
	"  -s, --score N         drop boxes whose score is below N (default: 0.001)\n"
	"      --iou N           of boxes of a class that overlap by more, keep the best\n"
	"                        (default: as the family was evaluated by its authors)\n"
	"      --classes         the average precision of each class as well\n" CLI_MODEL_HELP;

enum {
	OPTION_TRUTH = CLI_OPTION_VERB,
	OPTION_IMAGES,
	OPTION_DETECTIONS,
	OPTION_SAVE,
	OPTION_LIMIT,
	OPTION_IOU,
	OPTION_CLASSES,
};

struct eval {
	struct cli_model model;
	const char *path, *truth, *images, *judge, *save;
	double score, iou;
	long limit;
	bool classes, json;

	struct dataset dataset;
	struct edge_detector *detector;
	int *categories; /* of the dataset, for each class of the model; -1: none */
	struct ap_detection *detections;
	size_t num_detections, max_detections;
	double median_ms;
	struct ap_result result;
};

/*
 * The model's classes are the dataset's by name; a dataset without names has them by number.
 * Returns how many were found.
 */
static size_t map_classes(struct eval *eval)
{
	size_t count = edge_detector_num_classes(eval->detector);
	bool names = eval->dataset.num_categories && eval->dataset.categories[0].name;
	size_t found = 0;

	eval->categories = calloc(count + 1, sizeof(*eval->categories));
	for (size_t i = 0; eval->categories && i < count; i++) {
		if (names)
			eval->categories[i] = dataset_category(
				&eval->dataset, edge_detector_label(eval->detector, i));
		else
			eval->categories[i] = i < eval->dataset.num_categories ? (int)i : -1;
		found += eval->categories[i] >= 0;
	}
	return found;
}

static bool keep(struct eval *eval, int64_t image, const struct edge_detection *box)
{
	struct ap_detection *detection;

	if (eval->categories[box->class_id] < 0)
		return true;
	if (eval->num_detections == eval->max_detections) {
		size_t max = eval->max_detections ? eval->max_detections * 2 : 1024;

		detection = reallocarray(eval->detections, max, sizeof(*detection));
		if (!detection) {
			cli_message("out of memory");
			return false;
		}
		eval->detections = detection;
		eval->max_detections = max;
	}
	detection = &eval->detections[eval->num_detections++];
	detection->image = image;
	detection->category = eval->categories[box->class_id];
	detection->box[0] = box->x0;
	detection->box[1] = box->y0;
	detection->box[2] = box->x1 - box->x0;
	detection->box[3] = box->y1 - box->y0;
	detection->score = box->score;
	return true;
}

static bool detect_image(struct eval *eval, const struct dataset_image *entry, double *ms)
{
	const struct edge_detection *boxes;
	struct edge_detector_times times;
	struct edge_error error = { 0 };
	struct edge_image *image;
	bool good = true;
	size_t count;

	if (edge_image_load_within(entry->path, &eval->model.limits, &image, &error)) {
		cli_failed(&error);
		return false;
	}
	if (edge_detector_run(eval->detector, image, &boxes, &count, &error)) {
		cli_failed(&error);
		good = false;
	}
	edge_detector_times(eval->detector, &times);
	*ms = cli_ms(times.infer);
	for (size_t i = 0; good && i < count; i++)
		good = keep(eval, entry->id, &boxes[i]);
	edge_image_destroy(image);
	return good;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static bool detect_all(struct eval *eval)
{
	struct dataset *dataset = &eval->dataset;
	double *times = calloc(dataset->num_images, sizeof(*times));
	bool good = times;

	for (size_t i = 0; good && i < dataset->num_images; i++) {
		progress_update("eval", i, dataset->num_images);
		good = detect_image(eval, &dataset->images[i], &times[i]);
	}
	progress_end();
	if (good) {
		qsort(times, dataset->num_images, sizeof(*times), compare_doubles);
		eval->median_ms = times[dataset->num_images / 2];
	}
	free(times);
	return good;
}

static bool run_model(struct eval *eval)
{
	struct edge_detector_settings settings;
	struct edge_error error = { 0 };

	edge_detector_settings_default(&settings);
	settings.card = eval->model.card;
	settings.weights = eval->model.weights;
	settings.shapes = eval->model.shapes;
	settings.num_shapes = eval->model.num_shapes;
	settings.limits = &eval->model.limits;
	settings.precision = eval->model.precision;
	settings.threads = eval->model.threads;
	settings.score_threshold = eval->score;
	settings.iou_threshold = eval->iou;
	settings.evaluate = true;
	settings.max_detections = 300;
	if (edge_detector_open(eval->path, &settings, &eval->detector, &error)) {
		cli_failed(&error);
		return false;
	}
	if (edge_detector_is_classifier(eval->detector)) {
		cli_message("%s: a classifier finds no boxes; edgectl detect prints its classes",
			    eval->path);
		return false;
	}
	if (!map_classes(eval)) {
		cli_message(
			"%s: none of the model's classes (\"%s\", ...) is in %s; give the names by --card",
			eval->path, edge_detector_label(eval->detector, 0), eval->truth);
		return false;
	}
	return detect_all(eval);
}

static bool save_detections(const struct eval *eval)
{
	json_t *list = json_array();
	bool saved;

	for (size_t i = 0; i < eval->num_detections; i++) {
		const struct ap_detection *d = &eval->detections[i];

		json_array_append_new(
			list,
			json_pack("{s:I, s:I, s:[f, f, f, f], s:f}", "image_id",
				  (json_int_t)d->image, "category_id",
				  (json_int_t)eval->dataset.categories[d->category].id, "bbox",
				  d->box[0], d->box[1], d->box[2], d->box[3], "score", d->score));
	}
	saved = !json_dump_file(list, eval->save, JSON_COMPACT | JSON_REAL_PRECISION(7));
	if (!saved)
		cli_message("%s: cannot write", eval->save);
	json_decref(list);
	return saved;
}

/* Keeps the first images and what belongs to them. */
static void apply_limit(struct eval *eval)
{
	struct dataset *dataset = &eval->dataset;
	size_t kept = 0;

	if (!eval->limit || (size_t)eval->limit >= dataset->num_images)
		return;
	for (size_t i = eval->limit; i < dataset->num_images; i++)
		free(dataset->images[i].path);
	dataset->num_images = eval->limit;
	for (size_t i = 0; i < dataset->num_truth; i++)
		for (size_t k = 0; k < dataset->num_images; k++)
			if (dataset->truth[i].image == dataset->images[k].id) {
				dataset->truth[kept++] = dataset->truth[i];
				break;
			}
	dataset->num_truth = kept;
}

static void print_classes(const struct eval *eval)
{
	static const char *const columns[] = { "CLASS", ">AP", ">AP50", NULL };
	struct table *table = table_create(columns);

	for (size_t i = 0; i < eval->dataset.num_categories; i++) {
		const char *name = eval->dataset.categories[i].name;

		if (eval->result.category_ap[i] < 0)
			continue;
		table_row(table);
		if (name)
			table_cell(table, "%s", name);
		else
			table_cell(table, "class %zu", i);
		table_cell(table, "%.4f", eval->result.category_ap[i]);
		table_cell(table, "%.4f", eval->result.category_ap50[i]);
	}
	table_print(table);
	putchar('\n');
}

static int print(const struct eval *eval)
{
	const struct ap_result *result = &eval->result;

	if (eval->classes)
		print_classes(eval);
	printf("%zu images, %zu boxes in ground truth, %zu detections\n", eval->dataset.num_images,
	       eval->dataset.num_truth, eval->num_detections);
	printf("AP50:95  %.6f\nAP50     %.6f\nAP75     %.6f\n", result->ap[AP_ALL], result->ap50,
	       result->ap75);
	printf("small    %.6f\nmedium   %.6f\nlarge    %.6f\nrecall   %.6f\n", result->ap[AP_SMALL],
	       result->ap[AP_MEDIUM], result->ap[AP_LARGE], result->recall);
	if (eval->detector)
		printf("network  %.2f ms an image (median), %s head\n", eval->median_ms,
		       edge_detector_family(eval->detector));
	return CLI_OK;
}

static int report(const struct eval *eval)
{
	const struct ap_result *result = &eval->result;
	json_t *object = report_create("eval");
	json_t *classes = json_array();

	for (size_t i = 0; i < eval->dataset.num_categories; i++)
		if (result->category_ap[i] >= 0)
			json_array_append_new(classes,
					      json_pack("{s:I, s:s?, s:f, s:f}", "category",
							(json_int_t)eval->dataset.categories[i].id,
							"name", eval->dataset.categories[i].name,
							"ap", result->category_ap[i], "ap50",
							result->category_ap50[i]));
	json_object_update_new(
		object,
		json_pack(
			"{s:s?, s:s?, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o}",
			"model", eval->path, "family",
			eval->detector ? edge_detector_family(eval->detector) : NULL, "images",
			(json_int_t)eval->dataset.num_images, "truth",
			(json_int_t)eval->dataset.num_truth, "detections",
			(json_int_t)eval->num_detections, "ap", result->ap[AP_ALL], "ap50",
			result->ap50, "ap75", result->ap75, "ap_small", result->ap[AP_SMALL],
			"ap_medium", result->ap[AP_MEDIUM], "ap_large", result->ap[AP_LARGE],
			"recall", result->recall, "median_ms", eval->median_ms, "classes",
			classes));
	return report_print(object);
}

static int evaluate(struct eval *eval)
{
	int result = CLI_FAILED;
	bool good;

	if (!dataset_load(&eval->dataset, eval->truth, eval->images))
		goto finish;
	apply_limit(eval);
	if (eval->judge)
		good = dataset_load_detections(&eval->dataset, eval->judge, &eval->detections,
					       &eval->num_detections);
	else
		good = run_model(eval);
	if (!good || (eval->save && !save_detections(eval)))
		goto finish;
	if (!ap_evaluate(eval->dataset.truth, eval->dataset.num_truth, eval->detections,
			 eval->num_detections, eval->dataset.num_categories, &eval->result)) {
		cli_message("out of memory");
		goto finish;
	}
	result = eval->json ? report(eval) : print(eval);
	ap_result_finish(&eval->result);

finish:
	edge_detector_destroy(eval->detector);
	free(eval->categories);
	free(eval->detections);
	dataset_finish(&eval->dataset);
	return result;
}

/* The folder of the annotations, or the folder that they are. */
static char *default_images(const char *truth)
{
	const char *slash = strrchr(truth, '/');
	const char *dot = strrchr(truth, '.');

	if (!dot || (slash && dot < slash))
		return strdup(truth);
	return slash ? strndup(truth, slash - truth) : strdup(".");
}

/* False when @value is bad: a message has been printed. */
static bool take_option(struct eval *eval, int option, char *value)
{
	switch (option) {
	case OPTION_TRUTH:
		eval->truth = value;
		return true;
	case OPTION_IMAGES:
		eval->images = value;
		return true;
	case OPTION_DETECTIONS:
		eval->judge = value;
		return true;
	case OPTION_SAVE:
		eval->save = value;
		return true;
	case OPTION_LIMIT:
		return cli_read_int("limit", value, 1, 100000000, &eval->limit);
	case 's':
		return cli_read_float("score", value, 0, 1, &eval->score);
	case OPTION_IOU:
		return cli_read_float("iou", value, 0, 1, &eval->iou);
	case OPTION_CLASSES:
		eval->classes = true;
		return true;
	case CLI_OPTION_JSON:
		eval->json = true;
		return true;
	default:
		return cli_model_option(&eval->model, option, value);
	}
}

int verb_eval(int argc, char **argv)
{
	static const struct option options[] = {
		{ "truth", required_argument, NULL, OPTION_TRUTH },
		{ "images", required_argument, NULL, OPTION_IMAGES },
		{ "detections", required_argument, NULL, OPTION_DETECTIONS },
		{ "save", required_argument, NULL, OPTION_SAVE },
		{ "limit", required_argument, NULL, OPTION_LIMIT },
		{ "score", required_argument, NULL, 's' },
		{ "iou", required_argument, NULL, OPTION_IOU },
		{ "classes", no_argument, NULL, OPTION_CLASSES },
		CLI_MODEL_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct eval eval = { .score = 0.001, .iou = -1 };
	char *images = NULL;
	int option, result;

	while ((option = getopt_long(argc, argv, "s:t:h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return CLI_OK;
		}
		if (option == '?')
			return cli_usage("eval");
		if (!take_option(&eval, option, optarg))
			return CLI_USAGE;
	}
	if (!eval.truth || argc - optind != !eval.judge)
		return cli_usage("eval");
	eval.path = argv[optind];
	if (!eval.images) {
		images = default_images(eval.truth);
		eval.images = images;
	}
	result = evaluate(&eval);
	free(images);
	return result;
}
