/* SPDX-License-Identifier: MIT */
/*
 * Heads: from the outputs of a network to candidate boxes.
 *
 * A family of detectors says how its outputs are recognised (bind) and what the numbers of a cell
 * mean (box). What all have in common, finding the few cells that score, is done once, in scan.c.
 */
#ifndef EDGE_VISION_HEADS_HEAD_H
#define EDGE_VISION_HEADS_HEAD_H

#include "graph/graph.h"
#include "vision/heads/map.h"
#include "vision/nms.h"
#include "vision/preprocess.h"

/* Grids of a head, each anchor counted; strides and anchors that a card may give. */
#define EDGE_MAX_GRIDS 64
#define EDGE_MAX_STRIDES 8
#define EDGE_MAX_ANCHORS 16

/* Most classes; more would be a mistaken shape. */
#define EDGE_MAX_CLASSES 10000

/* What the numbers of an output are, where a card says so. */
enum edge_head_scores {
	EDGE_SCORES_UNKNOWN = 0,
	EDGE_SCORES_PROBABILITIES,
	EDGE_SCORES_LOGITS,
};

enum edge_head_boxes {
	EDGE_BOXES_UNKNOWN = 0,
	EDGE_BOXES_RAW, /* as the last convolution gives them */
	EDGE_BOXES_DECODED, /* the network ends with the arithmetic */
};

/* The point of cell i from which distances are measured, stride s. */
enum edge_head_point {
	EDGE_POINT_UNKNOWN = 0,
	EDGE_POINT_CENTRE, /* (i + 1/2) s */
	EDGE_POINT_PIXEL, /* (i + 1/2) s - 1/2 */
	EDGE_POINT_CORNER, /* i s */
};

/**
 * struct edge_head_params - what a model card may say about a head; zero where it says nothing,
 *	unless stated
 * @family: name of an entry of the table of heads
 * @num_classes: without background
 * @strides: pixels of the input a cell, finest grid first
 * @anchors: width and height in pixels of the input, for each of @strides
 * @bins: numbers for each side of a box (reg_max + 1)
 * @first_class: number of the first class, where the network gives numbers of classes; -1 where the
 *	card says nothing
 */
struct edge_head_params {
	const char *family;
	int num_classes;
	int num_strides;
	float strides[EDGE_MAX_STRIDES];
	int num_anchors[EDGE_MAX_STRIDES];
	float anchors[EDGE_MAX_STRIDES][EDGE_MAX_ANCHORS][2];
	int bins;
	int first_class;
	enum edge_head_scores scores;
	enum edge_head_boxes boxes;
	enum edge_head_point point;
};

/**
 * struct edge_head_model - what a family is recognised from
 * @width, @height: of the input, in pixels
 * @activation: the most frequent one of the network; EDGE_FUNC_IDENTITY when not known
 * @num_classes: of its DetectionPostProcess, without background; 0 when it has none
 * @num_labels: names of classes that the model or card has; 0 when there are none
 * @params: of the card; never NULL
 */
struct edge_head_model {
	int width, height;
	const struct edge_head_output *outputs;
	int num_outputs;
	const struct edge_metadata *metadata;
	int num_metadata;
	enum edge_func activation;
	int num_classes;
	int num_labels;
	const struct edge_head_params *params;
};

/**
 * struct edge_head_grid - the cells of one stride and one anchor
 * @stride: pixels of the input a cell
 * @anchor: width and height, pixels of the input
 * @box: numbers that make a box, as the family has them
 * @scores: a number for each class
 * @object: one number, or none
 * @points: x and y of landmarks, or none
 *
 * All maps have the same number of cells.
 */
struct edge_head_grid {
	float stride;
	float anchor[2];
	struct edge_map box, scores, object, points;
};

/* How the numbers of a map become probabilities. */
enum edge_head_squash {
	EDGE_SQUASH_NONE, /* they are */
	EDGE_SQUASH_SIGMOID,
	EDGE_SQUASH_SOFTMAX, /* over the classes */
};

/**
 * struct edge_head - a head bound to a model's outputs
 * @num_classes: without background
 * @background: entries of the score maps in front of the first class: 0 or 1
 * @object_power, @score_power: a box scores object^object_power * class^score_power
 * @width, @height: of the input
 * @bins: as in the params
 * @point: as in the params, known
 * @y_first: coordinates come in the order y, x, height, width
 * @xy_scale: of centres within a cell: 1, or a little more so that borders can be reached
 * @decoded: the network ends with the arithmetic of the boxes
 * @square: sizes are squares of sigmoids instead of exponentials
 * @squashed: the sigmoids of boxes are done
 * @input: how images are to be prepared
 * @class_ids, @count: of a network that suppresses boxes itself: a number of a class for each, which
 *	is @first_class for the first, and how many there are
 */
struct edge_head {
	const struct edge_head_ops *ops;
	int num_classes;
	int background;
	enum edge_head_squash object_squash, score_squash;
	float object_power, score_power;
	int width, height;
	int bins;
	enum edge_head_point point;
	bool y_first, decoded, square, squashed;
	float xy_scale;
	struct edge_preprocess_settings input;
	struct edge_map class_ids, count;
	int first_class;
	int num_grids;
	struct edge_head_grid grids[EDGE_MAX_GRIDS];
};

/* The numbers of one cell of a grid, for edge_head_ops.box(). */
struct edge_head_cell {
	const struct edge_head_grid *grid;
	int x, y;
	const void *box;
	const void *points;
};

/**
 * struct edge_head_ops - a family of detectors
 * @name: "yolox"
 * @aliases: other names that a card may use, NULL at the end; NULL for none
 * @input: what such networks are trained with, unless bind() changes it in the head; scale 0 where
 *	each network has its own
 * @whole_image: its boxes are around the image, one for each class
 * @score_threshold, @iou_threshold: usual ones
 * @eval_iou_threshold: the one with which the family's average precision was published
 * @labels: names of its classes where the model has none; NULL at the end; may be NULL
 * @bind: whether the model's outputs are those of the family; sets up @head, which is zeroed but
 *	for ops, the size and input. Returns how sure it is, and the surest family wins: 0 not at
 *	all; 30 or so, and more the better the number of classes fits, where other families have
 *	the same shapes; 50 and up where they are its own; 100 where the file says so.
 * @box: sets the corners, in pixels of the input, of a box, and its landmarks
 * @scan: does what edge_head_scan() does, where that is not a matter of cells; then @box is NULL
 */
struct edge_head_ops {
	const char *name;
	const char *const *aliases;
	struct edge_preprocess_settings input;
	bool whole_image;
	float score_threshold, iou_threshold, eval_iou_threshold;
	const char *const *labels;
	int (*bind)(const struct edge_head_model *model, struct edge_head *head);
	void (*box)(const struct edge_head *head, const struct edge_head_cell *cell,
		    struct edge_detection *box);
	void (*scan)(const struct edge_head *head, const struct edge_head_output *outputs,
		     struct edge_candidates *candidates);
};

extern const struct edge_head_ops edge_head_yolov2, edge_head_yolov3, edge_head_yolov5,
	edge_head_yolov6, edge_head_yolov8, edge_head_yolox, edge_head_nanodet, edge_head_picodet,
	edge_head_fastestdet, edge_head_ssd, edge_head_ultraface, edge_head_yunet,
	edge_head_blazeface, edge_head_detections, edge_head_classifier;

/* The family of that name or alias, or NULL. */
const struct edge_head_ops *edge_head_find(const char *name);

/**
 * edge_head_bind() - find the family of @model, or bind the one that its card names
 * @head: set up on success; owns nothing
 *
 * Return: EDGE_OK, or EDGE_UNSUPPORTED with a message that lists the outputs.
 */
enum edge_status edge_head_bind(const struct edge_head_model *model, struct edge_head *head,
				struct edge_error *error);

/**
 * edge_head_scan() - add all boxes of @outputs that reach the threshold of @candidates
 * @outputs: those that the head was bound to, with the same shapes
 *
 * A box has one class, its best. Boxes are in pixels of the input.
 */
void edge_head_scan(const struct edge_head *head, const struct edge_head_output *outputs,
		    struct edge_candidates *candidates);

/* For bind(). ---------------------------------------------------------------------------------- */

/* The value of a metadata entry, or NULL. */
const char *edge_head_metadata(const struct edge_head_model *model, const char *key);

/* How well @num_classes fits what is known of the labels: 0 not at all, 1 nothing speaks against
 * it, 2 well. */
int edge_head_class_fit(const struct edge_head_model *model, int num_classes);

/* Strides of the card, or those given; returns how many. */
int edge_head_strides(const struct edge_head_model *model, const float *usual, int count,
		      float *strides);

/* Cells of @stride along @side pixels, a part of a cell counted as one. */
int edge_head_cells(int side, float stride);

/* Cells of all strides. */
int64_t edge_head_total_cells(const struct edge_head_model *model, const float *strides, int count);

/* Output @index, rows that are the cells of one stride after those of the other, as a map for each
 * stride; false when it is not. */
bool edge_head_split_rows(const struct edge_head_model *model, int index, const float *strides,
			  int count, struct edge_map *maps);

/* Adds a grid; NULL when there are too many. */
struct edge_head_grid *edge_head_add_grid(struct edge_head *head, float stride);

/* The same with the classes that @scores has, which become those of the head; NULL also when they
 * do not fit the labels, or are not as many as of the grids before. */
struct edge_head_grid *edge_head_add_scores(const struct edge_head_model *model,
					    struct edge_head *head, float stride,
					    const struct edge_map *scores);

/* The same for a map of four numbers for the box, the objectness and the scores. */
struct edge_head_grid *edge_head_add_objects(const struct edge_head_model *model,
					     struct edge_head *head, float stride,
					     const struct edge_map *map);

/* Whether the outputs' numbers that @map is from went through @origin; @otherwise when that is not
 * known. */
bool edge_head_came_from(const struct edge_head_model *model, const struct edge_map *map,
			 enum edge_origin origin, bool otherwise);

/* What makes probabilities of the numbers at @map: @squash, unless the card or the network says
 * that they are probabilities. @done is what they are when neither says. */
enum edge_head_squash edge_head_squash_of(const struct edge_head_model *model,
					  const struct edge_map *map, enum edge_head_squash squash,
					  bool done);

float edge_head_sigmoid(float x);

void edge_head_centre_box(struct edge_detection *box, float x, float y, float width, float height);

/* A box whose numbers are centre, width and height in pixels already. */
void edge_head_decoded_box(const struct edge_head_cell *cell, struct edge_detection *box);

#endif
