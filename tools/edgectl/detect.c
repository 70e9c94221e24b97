// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "draw.h"
#include "progress.h"
#include "report.h"
#include "table.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl detect [OPTION...] MODEL IMAGE...\n\n"
	"Finds objects in images with a detector: an ONNX, TensorFlow Lite or Darknet file, or a\n"
	"program made by 'edgectl compile'. Prints a table. Of a classifier, prints what each image\n"
	"is most likely of.\n\n"
	"  -o, --output PATH     write the annotated image to PATH (.jpg or .png); with several\n"
	"                        images, into the folder PATH under their own names\n"
	"  -s, --score N         drop boxes whose score is below N (default: the model's own)\n"
	"      --iou N           of boxes of a class that overlap by more, keep the best\n"
	"  -n, --max N           at most N boxes an image (default: 300), or classes (5)\n" CLI_MODEL_HELP;

enum {
	OPTION_IOU = CLI_OPTION_VERB,
};

struct job {
	struct cli_model model;
	struct edge_detector *detector;
	const char *output;
	double score, iou;
	long max;
	bool json;
	bool to_folder;
	json_t *images; /* with --json */
	struct table *table; /* without */
	size_t found;
};

static json_t *report_box(const struct edge_detector *detector, const struct edge_detection *box)
{
	json_t *object = json_pack("{s:i, s:s, s:f}", "class", box->class_id, "label",
				   edge_detector_label(detector, box->class_id), "score",
				   box->score);

	if (!edge_detector_is_classifier(detector))
		json_object_set_new(object, "box",
				    json_pack("[f, f, f, f]", box->x0, box->y0, box->x1, box->y1));
	if (box->num_points) {
		json_t *points = json_array();

		for (int i = 0; i < box->num_points; i++)
			json_array_append_new(points, json_pack("[f, f]", box->points[i][0],
								box->points[i][1]));
		json_object_set_new(object, "points", points);
	}
	return object;
}

static void report_image(struct job *job, const char *path, const struct edge_image *image,
			 const struct edge_detection *boxes, size_t count)
{
	struct edge_detector_times times;
	json_t *list = json_array();

	edge_detector_times(job->detector, &times);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, report_box(job->detector, &boxes[i]));
	json_array_append_new(
		job->images,
		json_pack("{s:s, s:i, s:i, s:{s:f, s:f, s:f}, s:o}", "file", path, "width",
			  image->width, "height", image->height, "times_ms", "preprocess",
			  cli_ms(times.preprocess), "infer", cli_ms(times.infer), "postprocess",
			  cli_ms(times.postprocess),
			  edge_detector_is_classifier(job->detector) ? "classes" : "detections",
			  list));
}

static void print_image(struct job *job, const char *path, const struct edge_detection *boxes,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		table_row(job->table);
		table_cell(job->table, "%s", i ? "" : path);
		table_cell(job->table, "%s", edge_detector_label(job->detector, boxes[i].class_id));
		table_cell(job->table, "%.2f", boxes[i].score);
		if (edge_detector_is_classifier(job->detector))
			continue;
		table_cell(job->table, "%.0f", boxes[i].x0);
		table_cell(job->table, "%.0f", boxes[i].y0);
		table_cell(job->table, "%.0f", boxes[i].x1 - boxes[i].x0);
		table_cell(job->table, "%.0f", boxes[i].y1 - boxes[i].y0);
	}
	if (!count) {
		table_row(job->table);
		table_cell(job->table, "%s", path);
		table_cell(job->table, "(nothing found)");
	}
}

static int annotate(struct job *job, const char *path, struct edge_image *image,
		    const struct edge_detection *boxes, size_t count)
{
	const char *slash = strrchr(path, '/');
	struct edge_error error = { 0 };
	int result = CLI_FAILED;
	char *output;

	if (!draw_detections(image, job->detector, boxes, count)) {
		cli_message("%s: out of memory while drawing", path);
		return CLI_FAILED;
	}
	if (!job->to_folder)
		output = strdup(job->output);
	else if (asprintf(&output, "%s/%s", job->output, slash ? slash + 1 : path) < 0)
		output = NULL;
	if (!output)
		cli_message("out of memory");
	else if (edge_image_save(image, output, &error))
		cli_failed(&error);
	else
		result = CLI_OK;
	free(output);
	return result;
}

static int detect_image(struct job *job, const char *path)
{
	const struct edge_detection *boxes;
	struct edge_error error = { 0 };
	struct edge_image *image;
	int result = CLI_OK;
	size_t count;

	if (edge_image_load_within(path, &job->model.limits, &image, &error))
		return cli_failed(&error);
	if (edge_detector_run(job->detector, image, &boxes, &count, &error)) {
		result = cli_failed(&error);
		goto destroy_image;
	}
	job->found += count;
	if (job->json)
		report_image(job, path, image, boxes, count);
	else
		print_image(job, path, boxes, count);
	if (job->output)
		result = annotate(job, path, image, boxes, count);

destroy_image:
	edge_image_destroy(image);
	return result;
}

static int finish(struct job *job, const char *model, size_t count)
{
	struct edge_detector_times times;
	json_t *report;

	if (job->json) {
		report = report_create("detect");
		json_object_update_new(report,
				       json_pack("{s:s, s:s, s:o}", "model", model, "family",
						 edge_detector_family(job->detector), "images",
						 job->images));
		return report_print(report);
	}
	edge_detector_times(job->detector, &times);
	table_print(job->table);
	putchar('\n');
	if (!edge_detector_is_classifier(job->detector))
		printf("%zu object%s in ", job->found, job->found == 1 ? "" : "s");
	printf("%zu image%s; %s head; last image %.1f ms "
	       "(pixels %.1f, network %.1f, boxes %.1f)\n",
	       count, count == 1 ? "" : "s", edge_detector_family(job->detector),
	       cli_ms(times.preprocess + times.infer + times.postprocess), cli_ms(times.preprocess),
	       cli_ms(times.infer), cli_ms(times.postprocess));
	return CLI_OK;
}

/* An image that fails is reported, and the others are still done. */
static int detect(struct job *job, const char *model, char **paths, size_t count)
{
	static const char *const columns[] = { "IMAGE", "LABEL",  ">SCORE",  ">X",
					       ">Y",	">WIDTH", ">HEIGHT", NULL };
	static const char *const class_columns[] = { "IMAGE", "LABEL", ">SCORE", NULL };
	struct edge_detector_settings settings;
	struct edge_error error = { 0 };
	int result = CLI_OK;
	int finished;

	edge_detector_settings_default(&settings);
	settings.card = job->model.card;
	settings.weights = job->model.weights;
	settings.shapes = job->model.shapes;
	settings.num_shapes = job->model.num_shapes;
	settings.limits = &job->model.limits;
	settings.precision = job->model.precision;
	settings.score_threshold = job->score;
	settings.iou_threshold = job->iou;
	settings.max_detections = job->max;
	settings.threads = job->model.threads;
	if (edge_detector_open(model, &settings, &job->detector, &error))
		return cli_failed(&error);
	if (job->json)
		job->images = json_array();
	else
		job->table = table_create(edge_detector_is_classifier(job->detector) ? class_columns
										     : columns);
	for (size_t i = 0; i < count; i++) {
		if (count > 1)
			progress_update("detect", i, count);
		if (detect_image(job, paths[i]))
			result = CLI_FAILED;
	}
	progress_end();
	finished = finish(job, model, count);
	edge_detector_destroy(job->detector);
	return result ? result : finished;
}

static bool prepare_output(struct job *job, size_t count)
{
	struct stat st;

	if (!job->output)
		return true;
	job->to_folder = count > 1 || (!stat(job->output, &st) && S_ISDIR(st.st_mode));
	if (job->to_folder && mkdir(job->output, 0777) &&
	    (stat(job->output, &st) || !S_ISDIR(st.st_mode))) {
		cli_message("%s: cannot make the folder for %zu annotated images", job->output,
			    count);
		return false;
	}
	return true;
}

int verb_detect(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "score", required_argument, NULL, 's' },
		{ "iou", required_argument, NULL, OPTION_IOU },
		{ "max", required_argument, NULL, 'n' },
		CLI_MODEL_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct job job = { .score = -1, .iou = -1 };
	int option;

	while ((option = getopt_long(argc, argv, "o:s:n:t:h", options, NULL)) != -1) {
		bool good = true;

		switch (option) {
		case 'o':
			job.output = optarg;
			break;
		case 's':
			good = cli_read_float("score", optarg, 0, 1, &job.score);
			break;
		case OPTION_IOU:
			good = cli_read_float("iou", optarg, 0, 1, &job.iou);
			break;
		case 'n':
			good = cli_read_int("max", optarg, 1, 100000, &job.max);
			break;
		case CLI_OPTION_JSON:
			job.json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case '?':
			return cli_usage("detect");
		default:
			good = cli_model_option(&job.model, option, optarg);
		}
		if (!good)
			return CLI_USAGE;
	}
	if (argc - optind < 2)
		return cli_usage("detect");
	if (!prepare_output(&job, argc - optind - 1))
		return CLI_FAILED;
	return detect(&job, argv[optind], argv + optind + 1, argc - optind - 1);
}
