/* SPDX-License-Identifier: MIT */
#ifndef EDGE_VISION_LABELS_H
#define EDGE_VISION_LABELS_H

#include <stddef.h>

#include "edge/limits.h"

/* Names of classes; owned, each may be NULL. Zeroed it is empty. */
struct edge_labels {
	char **names;
	int count;
};

/* Makes @labels empty. */
void edge_labels_finish(struct edge_labels *labels);

/* Adds a copy of @length bytes at @name; EDGE_OUT_OF_MEMORY, or EDGE_LIMIT_EXCEEDED when there are
 * too many. */
enum edge_status edge_labels_add(struct edge_labels *labels, const char *name, size_t length,
				 struct edge_error *error);

/* Reads a text file with a name a line. On failure @labels stays empty. */
enum edge_status edge_labels_load(const char *path, const struct edge_limits *limits,
				  struct edge_labels *labels, struct edge_error *error);

/**
 * edge_labels_parse() - read names as exporters write them into a model's metadata
 * @text: a list or dictionary as Python prints it: ['person', "driver's seat"], {0: 'person'}; keys
 *	from 0 on in order; JSON's are among them
 *
 * Return: EDGE_OK, EDGE_BAD_FORMAT when @text is neither, or as edge_labels_add(). On failure
 * @labels stays empty.
 */
enum edge_status edge_labels_parse(const char *text, struct edge_labels *labels,
				   struct edge_error *error);

/*
 * Drops the first of @labels where it names the background, and spreads COCO's 80 names over the 90
 * numbers of its annotations, where that makes them @num_classes; else does nothing.
 */
enum edge_status edge_labels_fit(struct edge_labels *labels, int num_classes,
				 struct edge_error *error);

/* The name of class @index of COCO, where @count classes are those of COCO: the 80, or the 90 with
 * the numbers of its annotations less 1. NULL when they are not, or for a number not in use. */
const char *edge_labels_coco(int count, int index);

#endif
