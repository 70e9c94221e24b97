/* SPDX-License-Identifier: MIT */
/* Model cards: what a person says about a detector, in JSON. Documentation/model-card.md describes
 * them. */
#ifndef EDGE_VISION_CARD_H
#define EDGE_VISION_CARD_H

#include "vision/heads/head.h"
#include "vision/labels.h"

/* Parts of the input that a card speaks of: the others are the family's. */
enum edge_card_input {
	EDGE_CARD_RESIZE = 1 << 0,
	EDGE_CARD_COLOUR = 1 << 1,
	EDGE_CARD_MEAN = 1 << 2,
	EDGE_CARD_SCALE = 1 << 3,
	EDGE_CARD_PAD = 1 << 4,
};

/**
 * struct edge_card - a card that has been read
 * @input: of it the parts in @input_parts
 * @head: its family, if any, is owned by the table of heads
 * @labels: empty when the card has none
 * @score_threshold, @iou_threshold: negative when the card has none
 */
struct edge_card {
	unsigned int input_parts;
	struct edge_preprocess_settings input;
	struct edge_head_params head;
	struct edge_labels labels;
	float score_threshold;
	float iou_threshold;
};

/* A card that says nothing. */
void edge_card_init(struct edge_card *card);

/**
 * edge_card_parse() - read the card in @text
 * @name: stands for the card in messages
 * @beside: path of the file whose folder a relative path of labels starts from
 * @limits: for that file
 * @card: to be finished by edge_card_finish(); says nothing on failure
 *
 * Return: EDGE_OK; EDGE_BAD_FORMAT naming the line or the key; an error of the file of labels.
 */
enum edge_status edge_card_parse(const char *text, size_t size, const char *name,
				 const char *beside, const struct edge_limits *limits,
				 struct edge_card *card, struct edge_error *error);

/* edge_card_parse() for the file @path. */
enum edge_status edge_card_load(const char *path, const struct edge_limits *limits,
				struct edge_card *card, struct edge_error *error);

void edge_card_finish(struct edge_card *card);

/* Changes @input as the card says. */
void edge_card_apply(const struct edge_card *card, struct edge_preprocess_settings *input);

#endif
