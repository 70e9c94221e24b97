/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DETECTOR_H
#define EDGE_DETECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "edge/image.h"
#include "edge/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A model with its pre- and post-processing: an image in, boxes out. Classifiers are detectors too:
 * what they take an image for are boxes around all of it, see edge_detector_is_classifier().
 */
struct edge_detector;

/* The most landmarks of an object. */
#define EDGE_MAX_POINTS 8

/**
 * struct edge_detection - one object
 * @x0, @y0, @x1, @y1: corners, pixels of the image, x0 <= x1, clipped to the image
 * @score: 0 to 1
 * @class_id: 0 to the number of classes - 1
 * @num_points: landmarks, 0 where the model has none
 * @points: x, y of each, pixels of the image
 */
struct edge_detection {
	float x0, y0, x1, y1;
	float score;
	int class_id;
	int num_points;
	float points[EDGE_MAX_POINTS][2];
};

/**
 * struct edge_detector_settings - how to detect
 * @card: path of a model card, or NULL: then the card in the program, or what the graph tells
 * @weights: as in struct edge_load_settings
 * @shapes, @num_shapes: as in struct edge_load_settings; not for programs, whose shapes are fixed
 * @limits: what model, program, card and labels may ask for; NULL for the defaults
 * @score_threshold: boxes below it are dropped, 0 to 1; negative for the card's or the family's own
 * @iou_threshold: of two boxes of a class whose intersection over union is larger, the weaker is
 *	dropped, 0 to 1; negative as above
 * @max_detections: at most that many, the best; 0 for 300, or 5 classes of a classifier
 * @threads: as in struct edge_session_settings
 * @profile: as in struct edge_session_settings
 * @precision: as in struct edge_compile_settings; not for programs, which have theirs
 * @evaluate: where the caller and the card leave the thresholds open, those with which the family
 *	is evaluated instead of those for use: few boxes are dropped, and more may overlap
 *
 * Set by edge_detector_settings_default(), which zeroes @reserved.
 */
struct edge_detector_settings {
	const char *card;
	const char *weights;
	const struct edge_input_shape *shapes;
	size_t num_shapes;
	const struct edge_limits *limits;
	float score_threshold;
	float iou_threshold;
	unsigned int max_detections;
	unsigned int threads;
	bool profile;
	bool evaluate;
	uint32_t precision;
	uint32_t reserved[12];
};

EDGE_API void edge_detector_settings_default(struct edge_detector_settings *settings);

/**
 * edge_detector_open() - load the model or program file @path for detection
 * @settings: NULL for the defaults
 * @detector: set on success; release with edge_detector_destroy()
 *
 * A model is compiled; a program (.edge) is mapped. The head's family is recognised from the graph
 * unless the card names it.
 *
 * Return: EDGE_OK, what edge_model_load(), edge_compile() or edge_program_load() return, or
 * EDGE_UNSUPPORTED when no family fits (the message lists what the outputs look like).
 */
EDGE_API enum edge_status edge_detector_open(const char *path,
					     const struct edge_detector_settings *settings,
					     struct edge_detector **detector,
					     struct edge_error *error);

/* Accepts NULL. */
EDGE_API void edge_detector_destroy(struct edge_detector *detector);

/**
 * edge_detector_run() - find the objects in @image
 * @image: of any size and format; only read
 * @detections: set to an array, best score first, that the detector owns until its next call
 * @count: set to how many
 *
 * One thread at a time may use a detector.
 *
 * Return: EDGE_OK, EDGE_INVALID_ARGUMENT when the image is none, or what edge_request_run() returns.
 */
EDGE_API enum edge_status edge_detector_run(struct edge_detector *detector,
					    const struct edge_image *image,
					    const struct edge_detection **detections, size_t *count,
					    struct edge_error *error);

/* Classes that the head tells apart, without background. */
EDGE_API size_t edge_detector_num_classes(const struct edge_detector *detector);

/* The name of @class_id, "class N" where the model has no names, "unknown" for what is no class;
 * owned by the detector. */
EDGE_API const char *edge_detector_label(const struct edge_detector *detector, int class_id);

/* "yolox", "nanodet", ...: the family of the head; static. */
EDGE_API const char *edge_detector_family(const struct edge_detector *detector);

/* Whether detections are the likeliest classes of the whole image, each with a box around it,
 * instead of objects in it. */
EDGE_API bool edge_detector_is_classifier(const struct edge_detector *detector);

/**
 * struct edge_detector_times - where the last run spent its time, in nanoseconds
 * @preprocess: pixels to input tensor
 * @infer: the network
 * @postprocess: outputs to boxes, suppression included
 */
struct edge_detector_times {
	uint64_t preprocess;
	uint64_t infer;
	uint64_t postprocess;
	uint32_t reserved[8];
};

/* All 0 before the first run. */
EDGE_API void edge_detector_times(const struct edge_detector *detector,
				  struct edge_detector_times *times);

#ifdef __cplusplus
}
#endif

#endif
