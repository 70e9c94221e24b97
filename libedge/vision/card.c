// SPDX-License-Identifier: MIT
#include "vision/card.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "vision/heads/dfl.h"

#define VERSION 1

/* Of pixels and of factors; wide of anything sensible, and of what makes floats overflow. */
#define MAX_NUMBER 1e6

struct reader {
	const char *name;
	const char *beside;
	const struct edge_limits *limits;
	struct edge_card *card;
	struct edge_error *error;
};

/* One key of an object of the card. */
struct field {
	const char *key;
	enum edge_status (*read)(struct reader *reader, const char *key, json_t *value);
};

static enum edge_status wrong(struct reader *reader, const char *key, const char *wanted)
{
	return edge_fail(reader->error, EDGE_BAD_FORMAT, "%s: \"%s\" must be %s", reader->name, key,
			 wanted);
}

static enum edge_status read_fields(struct reader *reader, const char *key, json_t *object,
				    const struct field *fields)
{
	const char *found;
	json_t *value;

	if (!json_is_object(object))
		return wrong(reader, key, "an object");
	json_object_foreach(object, found, value)
	{
		const struct field *field = fields;
		enum edge_status status;

		while (field->key && strcmp(field->key, found))
			field++;
		if (!field->key)
			return edge_fail(reader->error, EDGE_BAD_FORMAT,
					 "%s: there is no key \"%s\" in %s; "
					 "Documentation/model-card.md lists them",
					 reader->name, found, key);
		status = field->read(reader, found, value);
		if (status)
			return status;
	}
	return EDGE_OK;
}

/* The place of a string in @words, which end with NULL, or -1. */
static int find_word(json_t *value, const char *const *words)
{
	const char *text = json_string_value(value);

	for (int i = 0; text && words[i]; i++) {
		if (!strcmp(words[i], text))
			return i;
	}
	return -1;
}

static bool get_number(json_t *value, float low, float high, float *number)
{
	double read = json_number_value(value);

	if (!json_is_number(value) || !(read >= low && read <= high))
		return false;
	*number = read;
	return true;
}

/* One number for all channels, or three. */
static bool get_channels(json_t *value, float channels[3])
{
	if (json_is_number(value)) {
		for (int c = 0; c < 3; c++)
			channels[c] = json_number_value(value);
	} else {
		if (json_array_size(value) != 3)
			return false;
		for (int c = 0; c < 3; c++) {
			if (!get_number(json_array_get(value, c), -MAX_NUMBER, MAX_NUMBER,
					&channels[c]))
				return false;
		}
	}
	return fabsf(channels[0]) <= MAX_NUMBER;
}

/* input ---------------------------------------------------------------------------------------- */

static enum edge_status read_resize(struct reader *reader, const char *key, json_t *value)
{
	static const char *const words[] = {
		[EDGE_FIT_STRETCH] = "stretch",
		[EDGE_FIT_LETTERBOX] = "letterbox",
		[EDGE_FIT_LETTERBOX_CENTRE] = "letterbox-centre",
		NULL,
	};
	int fit = find_word(value, words);

	if (fit < 0)
		return wrong(reader, key,
			     "\"stretch\", \"letterbox\" (image at the top left) or "
			     "\"letterbox-centre\"");
	reader->card->input.fit = fit;
	reader->card->input_parts |= EDGE_CARD_RESIZE;
	return EDGE_OK;
}

static enum edge_status read_colour(struct reader *reader, const char *key, json_t *value)
{
	static const char *const words[] = {
		[EDGE_COLOUR_RGB] = "rgb",
		[EDGE_COLOUR_BGR] = "bgr",
		NULL,
	};
	int colour = find_word(value, words);

	if (colour < 0)
		return wrong(reader, key, "\"rgb\" or \"bgr\"");
	reader->card->input.colour = colour;
	reader->card->input_parts |= EDGE_CARD_COLOUR;
	return EDGE_OK;
}

static enum edge_status read_mean(struct reader *reader, const char *key, json_t *value)
{
	if (!get_channels(value, reader->card->input.mean))
		return wrong(reader, key, "a number, or three, in pixel values of 0 to 255");
	reader->card->input_parts |= EDGE_CARD_MEAN;
	return EDGE_OK;
}

static enum edge_status read_scale(struct reader *reader, const char *key, json_t *value)
{
	bool divide = !strcmp(key, "std");
	float *scale = reader->card->input.scale;

	if (reader->card->input_parts & EDGE_CARD_SCALE)
		return edge_fail(reader->error, EDGE_BAD_FORMAT,
				 "%s: \"scale\" and \"std\" say the same: keep one", reader->name);
	if (!get_channels(value, scale))
		return wrong(reader, key, "a number, or three");
	for (int c = 0; c < 3; c++) {
		if (divide)
			scale[c] = 1 / scale[c];
		if (!isfinite(scale[c]) || scale[c] == 0)
			return wrong(reader, key, "other than 0");
	}
	reader->card->input_parts |= EDGE_CARD_SCALE;
	return EDGE_OK;
}

static enum edge_status read_pad(struct reader *reader, const char *key, json_t *value)
{
	float pad;

	if (!get_number(value, 0, 255, &pad))
		return wrong(reader, key, "a pixel value, 0 to 255");
	reader->card->input.pad = (uint8_t)lrintf(pad);
	reader->card->input_parts |= EDGE_CARD_PAD;
	return EDGE_OK;
}

static enum edge_status read_input(struct reader *reader, const char *key, json_t *value)
{
	static const struct field fields[] = {
		{ "resize", read_resize },
		{ "colour", read_colour },
		{ "mean", read_mean },
		{ "scale", read_scale },
		{ "std", read_scale },
		{ "pad", read_pad },
		{ NULL, NULL },
	};

	return read_fields(reader, key, value, fields);
}

/* head ----------------------------------------------------------------------------------------- */

static enum edge_status read_family(struct reader *reader, const char *key, json_t *value)
{
	const struct edge_head_ops *ops = NULL;

	if (json_is_string(value))
		ops = edge_head_find(json_string_value(value));
	if (!ops)
		return wrong(reader, key,
			     "the name of a family of detectors, as Documentation/model-card.md "
			     "lists them");
	reader->card->head.family = ops->name;
	return EDGE_OK;
}

static enum edge_status read_classes(struct reader *reader, const char *key, json_t *value)
{
	json_int_t count = json_integer_value(value);

	if (count < 1 || count > EDGE_MAX_CLASSES)
		return wrong(reader, key, "the number of classes, without background");
	reader->card->head.num_classes = count;
	return EDGE_OK;
}

static enum edge_status read_bins(struct reader *reader, const char *key, json_t *value)
{
	json_int_t bins = json_integer_value(value);

	if (bins < 2 || bins > EDGE_MAX_BINS)
		return wrong(reader, key, "a whole number of 2 to 64 (reg_max + 1)");
	reader->card->head.bins = bins;
	return EDGE_OK;
}

static enum edge_status read_first_class(struct reader *reader, const char *key, json_t *value)
{
	json_int_t first = json_integer_value(value);

	if (!json_is_integer(value) || first < 0 || first > EDGE_MAX_CLASSES)
		return wrong(reader, key, "the number that the network gives for the first class");
	reader->card->head.first_class = first;
	return EDGE_OK;
}

static enum edge_status read_strides(struct reader *reader, const char *key, json_t *value)
{
	struct edge_head_params *head = &reader->card->head;
	size_t count = json_array_size(value);

	if (count < 1 || count > EDGE_MAX_STRIDES)
		return wrong(reader, key, "a list of 1 to 8 numbers, finest first");
	for (size_t i = 0; i < count; i++) {
		if (!get_number(json_array_get(value, i), 1, 16384, &head->strides[i]))
			return wrong(reader, key, "a list of pixels a cell, each 1 or more");
	}
	head->num_strides = count;
	return EDGE_OK;
}

static bool get_anchors(json_t *value, float (*anchors)[2], int *count)
{
	size_t size = json_array_size(value);

	if (size < 1 || size > EDGE_MAX_ANCHORS)
		return false;
	for (size_t i = 0; i < size; i++) {
		json_t *pair = json_array_get(value, i);

		if (json_array_size(pair) != 2 ||
		    !get_number(json_array_get(pair, 0), 0, MAX_NUMBER, &anchors[i][0]) ||
		    !get_number(json_array_get(pair, 1), 0, MAX_NUMBER, &anchors[i][1]))
			return false;
	}
	*count = size;
	return true;
}

static enum edge_status read_anchors(struct reader *reader, const char *key, json_t *value)
{
	struct edge_head_params *head = &reader->card->head;
	size_t count = json_array_size(value);
	bool good = count >= 1 && count <= EDGE_MAX_STRIDES;

	for (size_t i = 0; i < count && good; i++)
		good = get_anchors(json_array_get(value, i), head->anchors[i],
				   &head->num_anchors[i]);
	if (!good)
		return wrong(reader, key,
			     "for each stride a list of up to 16 pairs [width, height], in pixels "
			     "of the input");
	return EDGE_OK;
}

static enum edge_status read_scores(struct reader *reader, const char *key, json_t *value)
{
	static const char *const words[] = { "probabilities", "logits", NULL };
	int word = find_word(value, words);

	if (word < 0)
		return wrong(reader, key, "\"probabilities\" or \"logits\"");
	reader->card->head.scores = EDGE_SCORES_PROBABILITIES + word;
	return EDGE_OK;
}

static enum edge_status read_boxes(struct reader *reader, const char *key, json_t *value)
{
	static const char *const words[] = { "raw", "decoded", NULL };
	int word = find_word(value, words);

	if (word < 0)
		return wrong(reader, key, "\"raw\" or \"decoded\"");
	reader->card->head.boxes = EDGE_BOXES_RAW + word;
	return EDGE_OK;
}

static enum edge_status read_point(struct reader *reader, const char *key, json_t *value)
{
	static const char *const words[] = { "centre", "pixel", "corner", NULL };
	int word = find_word(value, words);

	if (word < 0)
		return wrong(reader, key, "\"centre\", \"pixel\" or \"corner\"");
	reader->card->head.point = EDGE_POINT_CENTRE + word;
	return EDGE_OK;
}

static enum edge_status read_head(struct reader *reader, const char *key, json_t *value)
{
	static const struct field fields[] = {
		{ "family", read_family },
		{ "classes", read_classes },
		{ "bins", read_bins },
		{ "strides", read_strides },
		{ "anchors", read_anchors },
		{ "scores", read_scores },
		{ "boxes", read_boxes },
		{ "point", read_point },
		{ "first_class", read_first_class },
		{ NULL, NULL },
	};

	return read_fields(reader, key, value, fields);
}

/* the rest ------------------------------------------------------------------------------------- */

static enum edge_status load_labels(struct reader *reader, const char *path)
{
	const char *slash = strrchr(reader->beside, '/');
	size_t folder = slash && path[0] != '/' ? slash - reader->beside + 1 : 0;
	char *whole = malloc(folder + strlen(path) + 1);
	enum edge_status status;

	if (!whole)
		return edge_fail_memory(reader->error);
	memcpy(whole, reader->beside, folder);
	strcpy(whole + folder, path);
	status = edge_labels_load(whole, reader->limits, &reader->card->labels, reader->error);
	free(whole);
	return status;
}

static enum edge_status read_labels(struct reader *reader, const char *key, json_t *value)
{
	json_t *name;
	size_t i;

	if (json_is_string(value))
		return load_labels(reader, json_string_value(value));
	if (!json_array_size(value))
		return wrong(reader, key,
			     "a list of names, or the path of a file with a name a line");
	json_array_foreach(value, i, name)
	{
		enum edge_status status;

		if (!json_is_string(name))
			return wrong(reader, key, "a list of names in quotes");
		status = edge_labels_add(&reader->card->labels, json_string_value(name),
					 json_string_length(name), reader->error);
		if (status)
			return edge_fail_in(reader->error, status, "%s", reader->name);
	}
	return EDGE_OK;
}

static enum edge_status read_version(struct reader *reader, const char *key, json_t *value)
{
	if (json_integer_value(value) != VERSION)
		return wrong(reader, key, "1, the version that this library reads");
	return EDGE_OK;
}

static enum edge_status read_threshold(struct reader *reader, const char *key, json_t *value)
{
	bool score = !strcmp(key, "score_threshold");

	if (!get_number(value, 0, 1,
			score ? &reader->card->score_threshold : &reader->card->iou_threshold))
		return wrong(reader, key, "a number of 0 to 1");
	return EDGE_OK;
}

static enum edge_status read_card(struct reader *reader, json_t *value)
{
	static const struct field fields[] = {
		{ "version", read_version },
		{ "input", read_input },
		{ "head", read_head },
		{ "labels", read_labels },
		{ "score_threshold", read_threshold },
		{ "iou_threshold", read_threshold },
		{ NULL, NULL },
	};

	if (json_is_object(value) && !json_object_get(value, "version"))
		return edge_fail(reader->error, EDGE_BAD_FORMAT,
				 "%s: no \"version\": a model card begins with \"version\": 1",
				 reader->name);
	return read_fields(reader, "the card", value, fields);
}

void edge_card_init(struct edge_card *card)
{
	memset(card, 0, sizeof(*card));
	card->head.first_class = -1;
	card->score_threshold = -1;
	card->iou_threshold = -1;
}

void edge_card_finish(struct edge_card *card)
{
	edge_labels_finish(&card->labels);
}

enum edge_status edge_card_parse(const char *text, size_t size, const char *name,
				 const char *beside, const struct edge_limits *limits,
				 struct edge_card *card, struct edge_error *error)
{
	struct reader reader = { name, beside, limits, card, error };
	enum edge_status status;
	json_error_t parse_error;
	json_t *json;

	edge_card_init(card);
	json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &parse_error);
	if (!json && json_error_code(&parse_error) == json_error_out_of_memory)
		return edge_fail_memory(error);
	if (!json)
		return edge_fail(error, EDGE_BAD_FORMAT, "%s: line %d: %s", name, parse_error.line,
				 parse_error.text);
	status = read_card(&reader, json);
	if (status) {
		edge_card_finish(card);
		edge_card_init(card);
	}
	json_decref(json);
	return status;
}

enum edge_status edge_card_load(const char *path, const struct edge_limits *limits,
				struct edge_card *card, struct edge_error *error)
{
	enum edge_status status;
	struct edge_file file;

	edge_card_init(card);
	status = edge_file_map_text(path, limits, &file, error);
	if (status)
		return status;
	status = edge_card_parse((const char *)file.data, file.size, path, path, limits, card,
				 error);
	edge_file_unmap(&file);
	return status;
}

void edge_card_apply(const struct edge_card *card, struct edge_preprocess_settings *input)
{
	if (card->input_parts & EDGE_CARD_RESIZE)
		input->fit = card->input.fit;
	if (card->input_parts & EDGE_CARD_COLOUR)
		input->colour = card->input.colour;
	if (card->input_parts & EDGE_CARD_PAD)
		input->pad = card->input.pad;
	for (int c = 0; c < 3; c++) {
		if (card->input_parts & EDGE_CARD_MEAN)
			input->mean[c] = card->input.mean[c];
		if (card->input_parts & EDGE_CARD_SCALE)
			input->scale[c] = card->input.scale[c];
	}
}
