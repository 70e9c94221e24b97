// SPDX-License-Identifier: MIT
#include "edge/detector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "edge/session.h"
#include "import/model.h"
#include "runtime/program.h"
#include "vision/card.h"
#include "vision/codec.h"
#include "vision/heads/head.h"
#include "vision/labels.h"
#include "vision/nms.h"
#include "vision/normalise.h"
#include "vision/origin.h"
#include "vision/preprocess.h"

#define DEFAULT_MAX_DETECTIONS 300
#define DEFAULT_MAX_CLASSES 5

/* Average precision counts boxes of any score; of those below this one there are too many. */
#define EVAL_SCORE_THRESHOLD 0.001f

/**
 * struct edge_detector
 * @input: the request's buffer, which @preprocess fills
 * @outputs: views of the request's buffers
 * @labels: a name for each class
 * @kept: of the last run
 */
struct edge_detector {
	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
	struct edge_preprocess *preprocess;
	struct edge_view input;
	struct edge_head_output *outputs;
	struct edge_head head;
	struct edge_labels labels;
	float score_threshold, iou_threshold;
	struct edge_candidates candidates;
	struct edge_detection *kept;
	size_t max_detections;
	struct edge_detector_times times;
};

void edge_detector_settings_default(struct edge_detector_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->score_threshold = -1;
	settings->iou_threshold = -1;
}

/* The model's graph becomes the program's: its weights are not copied but into their packed
 * form. */
static enum edge_status compile_model(struct edge_detector *detector, const char *path,
				      const struct edge_detector_settings *settings,
				      struct edge_error *error)
{
	struct edge_compile_settings compile_settings;
	struct edge_load_settings load_settings;
	struct edge_model *model;
	enum edge_status status;

	edge_load_settings_default(&load_settings);
	load_settings.weights = settings->weights;
	load_settings.shapes = settings->shapes;
	load_settings.num_shapes = settings->num_shapes;
	load_settings.limits = settings->limits;
	status = edge_model_load(path, &load_settings, &model, error);
	if (status)
		return status;
	status = edge_model_check_bound(model, error);
	if (status) {
		edge_fail_in(error, status, "%s", path);
		goto destroy_model;
	}
	edge_compile_settings_default(&compile_settings);
	compile_settings.native_io = true;
	compile_settings.quantised_io = true;
	compile_settings.precision = settings->precision;
	status = edge_compile_graph(model->graph, &compile_settings, &detector->program, error);
	model->graph = NULL;
destroy_model:
	edge_model_destroy(model);
	return status;
}

static enum edge_status open_program(struct edge_detector *detector, const char *path,
				     const struct edge_detector_settings *settings,
				     struct edge_error *error)
{
	if (!edge_program_probe(path))
		return compile_model(detector, path, settings, error);
	if (settings->num_shapes)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "%s: the shapes of a program are fixed; compile the model again "
				 "with the shape that you want",
				 path);
	if (settings->precision)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "%s: the precision of a program is fixed; compile the model again "
				 "with the one that you want",
				 path);
	return edge_program_load_within(path, settings->limits, &detector->program, error);
}

static enum edge_status open_session(struct edge_detector *detector,
				     const struct edge_detector_settings *settings,
				     struct edge_error *error)
{
	struct edge_session_settings session_settings;
	enum edge_status status;

	edge_session_settings_default(&session_settings);
	session_settings.threads = settings->threads;
	session_settings.profile = settings->profile;
	status = edge_session_create(detector->program, &session_settings, &detector->session,
				     error);
	if (status)
		return status;
	return edge_request_create(detector->session, &detector->request, error);
}

static enum edge_status find_input(struct edge_detector *detector, struct edge_error *error)
{
	const struct edge_graph *graph = detector->program->graph;

	if (graph->num_inputs != 1)
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "the model has %d inputs, and a detector has one, the image; turn "
				 "the others into constants",
				 graph->num_inputs);
	return edge_request_input(detector->request, 0, &detector->input);
}

static enum edge_status find_outputs(struct edge_detector *detector, struct edge_error *error)
{
	const struct edge_graph *graph = detector->program->graph;
	enum edge_status status = EDGE_OK;
	unsigned int *origins;

	origins = calloc(graph->num_outputs + 1, sizeof(*origins));
	detector->outputs = calloc(graph->num_outputs + 1, sizeof(*detector->outputs));
	if (!origins || !detector->outputs) {
		status = edge_fail_memory(error);
		goto free_origins;
	}
	status = edge_origins(graph, origins, error);
	for (int i = 0; i < graph->num_outputs && !status; i++) {
		struct edge_head_output *output = &detector->outputs[i];
		struct edge_tensor_info info;

		output->name = graph->outputs[i]->name;
		output->origin = origins[i];
		output->part = edge_detections_part(graph->outputs[i]);
		edge_tensor_describe(graph->outputs[i], &info);
		output->scale = info.scale;
		output->zero_point = info.zero_point;
		status = edge_request_output(detector->request, i, &output->view);
		/* Nothing that is bound once can follow a size that changes from run to run. */
		if (graph->outputs[i]->dynamic)
			output->view.type = EDGE_TYPE_NONE;
	}
free_origins:
	free(origins);
	return status;
}

/* Of the settings, else of the program, else one that says nothing. */
static enum edge_status find_card(const struct edge_detector *detector, const char *path,
				  const struct edge_detector_settings *settings,
				  struct edge_card *card, struct edge_error *error)
{
	const char *text = edge_program_metadata(detector->program, "card");
	const struct edge_limits limits = edge_limits_fill(settings->limits);

	if (settings->card)
		return edge_card_load(settings->card, &limits, card, error);
	if (text)
		return edge_card_parse(text, strlen(text), "model card", path, &limits, card,
				       error);
	edge_card_init(card);
	return EDGE_OK;
}

/* Names that the model brings along; without them it works as well. */
static void find_labels(struct edge_detector *detector, struct edge_card *card)
{
	const char *names = edge_program_metadata(detector->program, "names");
	struct edge_error error;

	detector->labels = card->labels;
	card->labels = (struct edge_labels) { 0 };
	if (!detector->labels.count && names && edge_labels_parse(names, &detector->labels, &error))
		edge_log(EDGE_LOG_WARNING, "the names of the model's classes cannot be read: %s",
			 error.message);
}

static enum edge_status bind_head(struct edge_detector *detector, const struct edge_card *card,
				  struct edge_error *error)
{
	const struct edge_graph *graph = detector->program->graph;
	struct edge_head_model model = {
		.outputs = detector->outputs,
		.num_outputs = graph->num_outputs,
		.metadata = graph->metadata,
		.num_metadata = graph->num_metadata,
		.activation = edge_main_activation(graph),
		.num_classes = edge_detections_classes(graph),
		.num_labels = detector->labels.count,
		.params = &card->head,
	};
	enum edge_status status;

	status = edge_preprocess_size(&detector->input, &model.width, &model.height, error);
	if (status)
		return status;
	return edge_head_bind(&model, &detector->head, error);
}

static enum edge_status make_preprocess(struct edge_detector *detector,
					const struct edge_card *card, struct edge_error *error)
{
	struct edge_preprocess_settings settings = detector->head.input;

	edge_normalise(detector->program->graph, &settings);
	edge_card_apply(card, &settings);
	return edge_preprocess_create(&settings, &detector->input, &detector->preprocess, error);
}

/* The usual name of class @index, or NULL. */
static const char *usual_label(const struct edge_head *head, int index)
{
	if (head->ops->labels)
		return index == 0 ? head->ops->labels[0] : NULL;
	if (head->ops->whole_image)
		return NULL;
	return edge_labels_coco(head->num_classes, index);
}

/* A name for each class, "class N" where there is no better one. */
static enum edge_status complete_labels(struct edge_detector *detector, struct edge_error *error)
{
	struct edge_labels *given = &detector->labels, all = { 0 };
	enum edge_status status;

	status = edge_labels_fit(given, detector->head.num_classes, error);
	for (int i = 0; i < detector->head.num_classes && !status; i++) {
		const char *name = NULL;
		char number[32];

		if (!given->count)
			name = usual_label(&detector->head, i);
		else if (i < given->count && given->names[i][0])
			name = given->names[i];
		snprintf(number, sizeof(number), "class %d", i);
		name = name ? name : number;
		status = edge_labels_add(&all, name, strlen(name), error);
	}
	edge_labels_finish(given);
	*given = all;
	return status;
}

static float choose(float setting, float card, float family)
{
	return setting >= 0 ? setting : card >= 0 ? card : family;
}

static void set_thresholds(struct edge_detector *detector,
			   const struct edge_detector_settings *settings,
			   const struct edge_card *card)
{
	const struct edge_head_ops *family = detector->head.ops;
	float score = family->score_threshold, iou = family->iou_threshold;

	if (settings->evaluate) {
		score = EVAL_SCORE_THRESHOLD;
		iou = family->eval_iou_threshold;
	}
	detector->score_threshold = choose(settings->score_threshold, card->score_threshold, score);
	detector->iou_threshold = choose(settings->iou_threshold, card->iou_threshold, iou);
}

static enum edge_status make_room(struct edge_detector *detector,
				  const struct edge_detector_settings *settings,
				  struct edge_error *error)
{
	size_t max = settings->max_detections;

	if (!max)
		max = edge_detector_is_classifier(detector) ? DEFAULT_MAX_CLASSES
							    : DEFAULT_MAX_DETECTIONS;
	detector->max_detections = max < EDGE_MAX_CANDIDATES ? max : EDGE_MAX_CANDIDATES;
	detector->kept = calloc(detector->max_detections, sizeof(*detector->kept));
	if (!detector->kept)
		return edge_fail_memory(error);
	return edge_candidates_init(&detector->candidates, EDGE_MAX_CANDIDATES, error);
}

/* Everything that depends on the card. */
static enum edge_status set_up(struct edge_detector *detector, const char *path,
			       const struct edge_detector_settings *settings,
			       struct edge_error *error)
{
	enum edge_status status;
	struct edge_card card;

	status = find_card(detector, path, settings, &card, error);
	if (status)
		return status;
	find_labels(detector, &card);
	status = bind_head(detector, &card, error);
	if (!status)
		status = make_preprocess(detector, &card, error);
	if (!status)
		status = complete_labels(detector, error);
	if (!status)
		status = make_room(detector, settings, error);
	if (!status)
		set_thresholds(detector, settings, &card);
	edge_card_finish(&card);
	return status;
}

enum edge_status edge_detector_open(const char *path, const struct edge_detector_settings *settings,
				    struct edge_detector **detector, struct edge_error *error)
{
	struct edge_detector_settings defaults;
	struct edge_detector *made;
	enum edge_status status;

	if (!path || !detector)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "a path and a detector are needed");
	edge_detector_settings_default(&defaults);
	if (!settings)
		settings = &defaults;
	made = calloc(1, sizeof(*made));
	if (!made)
		return edge_fail_memory(error);
	status = open_program(made, path, settings, error);
	if (!status)
		status = open_session(made, settings, error);
	if (status)
		goto destroy;
	status = find_input(made, error);
	if (!status)
		status = find_outputs(made, error);
	if (!status)
		status = set_up(made, path, settings, error);
	if (status) {
		edge_fail_in(error, status, "%s", path);
		goto destroy;
	}
	*detector = made;
	return EDGE_OK;
destroy:
	edge_detector_destroy(made);
	return status;
}

void edge_detector_destroy(struct edge_detector *detector)
{
	if (!detector)
		return;
	free(detector->kept);
	edge_candidates_finish(&detector->candidates);
	edge_labels_finish(&detector->labels);
	free(detector->outputs);
	edge_preprocess_destroy(detector->preprocess);
	edge_request_destroy(detector->request);
	edge_session_destroy(detector->session);
	edge_program_destroy(detector->program);
	free(detector);
}

static float clip(float value, int limit)
{
	return fminf(fmaxf(value, 0), (float)limit);
}

/* From the input to the image; false for what lies outside it. */
static bool place(struct edge_detection *box, const struct edge_window *window)
{
	box->x0 = clip(edge_window_image_x(window, box->x0), window->width);
	box->y0 = clip(edge_window_image_y(window, box->y0), window->height);
	box->x1 = clip(edge_window_image_x(window, box->x1), window->width);
	box->y1 = clip(edge_window_image_y(window, box->y1), window->height);
	for (int i = 0; i < box->num_points; i++) {
		box->points[i][0] = edge_window_image_x(window, box->points[i][0]);
		box->points[i][1] = edge_window_image_y(window, box->points[i][1]);
	}
	/* Factors that are only nearly probabilities may have a product a little above 1. */
	box->score = fminf(box->score, 1);
	return box->x1 > box->x0 && box->y1 > box->y0;
}

static size_t find_boxes(struct edge_detector *detector, const struct edge_window *window)
{
	size_t found, count = 0;

	edge_candidates_reset(&detector->candidates, detector->score_threshold);
	edge_head_scan(&detector->head, detector->outputs, &detector->candidates);
	found = edge_nms(&detector->candidates, detector->iou_threshold, detector->kept,
			 detector->max_detections);
	for (size_t i = 0; i < found; i++) {
		struct edge_detection box = detector->kept[i];

		if (place(&box, window))
			detector->kept[count++] = box;
	}
	return count;
}

enum edge_status edge_detector_run(struct edge_detector *detector, const struct edge_image *image,
				   const struct edge_detection **detections, size_t *count,
				   struct edge_error *error)
{
	struct edge_window window;
	enum edge_status status;
	uint64_t start, prepared, inferred;

	if (!detector || !detections || !count)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "a detector and room for the result are needed");
	status = edge_image_check(image, error);
	if (status)
		return status;
	start = edge_clock();
	edge_preprocess_run(detector->preprocess, image, detector->input.data, &window);
	prepared = edge_clock();
	status = edge_request_run(detector->request, error);
	if (status)
		return status;
	inferred = edge_clock();
	*count = find_boxes(detector, &window);
	*detections = detector->kept;
	detector->times.preprocess = prepared - start;
	detector->times.infer = inferred - prepared;
	detector->times.postprocess = edge_clock() - inferred;
	return EDGE_OK;
}

size_t edge_detector_num_classes(const struct edge_detector *detector)
{
	return detector->head.num_classes;
}

const char *edge_detector_label(const struct edge_detector *detector, int class_id)
{
	if (class_id < 0 || class_id >= detector->labels.count)
		return "unknown";
	return detector->labels.names[class_id];
}

const char *edge_detector_family(const struct edge_detector *detector)
{
	return detector->head.ops->name;
}

bool edge_detector_is_classifier(const struct edge_detector *detector)
{
	return detector->head.ops->whole_image;
}

void edge_detector_times(const struct edge_detector *detector, struct edge_detector_times *times)
{
	*times = detector->times;
}
