/* SPDX-License-Identifier: MIT */
/*
 * Darknet's cfg: sections, each a layer, with an option a line.
 *
 *	[convolutional]
 *	filters = 16
 *
 * White space means nothing, anywhere; lines that begin with # or ; are comments. Of an option that
 * stands twice the first counts.
 */
#ifndef EDGE_IMPORT_DARKNET_CFG_H
#define EDGE_IMPORT_DARKNET_CFG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/limits.h"

struct darknet_option {
	const char *key;
	const char *value;
};

/**
 * struct darknet_section - a layer
 * @name: without brackets
 * @line: where it begins, from 1
 * @first: of its options in cfg->options
 */
struct darknet_section {
	const char *name;
	int line;
	int first;
	int num_options;
};

/* @text: the file without white space, cut into the strings of the others */
struct darknet_cfg {
	char *text;
	struct darknet_section *sections;
	int num_sections;
	int max_sections;
	struct darknet_option *options;
	int num_options;
	int max_options;
};

/* Whether the first line that says something opens the section "net" or "network". */
bool darknet_cfg_recognise(const uint8_t *data, size_t size);

/* Fills @cfg; EDGE_BAD_FORMAT names the line, EDGE_LIMIT_EXCEEDED more sections than @limits->nodes.
 * Release with darknet_cfg_destroy(), also after a failure. */
enum edge_status darknet_cfg_parse(const uint8_t *data, size_t size,
				   const struct edge_limits *limits, struct darknet_cfg *cfg,
				   struct edge_error *error);

void darknet_cfg_destroy(struct darknet_cfg *cfg);

/* The value of @key, or NULL. */
const char *darknet_cfg_find(const struct darknet_cfg *cfg, const struct darknet_section *section,
			     const char *key);

#endif
