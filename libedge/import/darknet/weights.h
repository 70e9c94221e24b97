/* SPDX-License-Identifier: MIT */
/*
 * Darknet's weights: a header (version major, minor, revision, images seen in training), then the
 * numbers of each layer in the order of the cfg, 32 bit floats, little endian.
 */
#ifndef EDGE_IMPORT_DARKNET_WEIGHTS_H
#define EDGE_IMPORT_DARKNET_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/file.h"

/**
 * struct darknet_weights - where the numbers come from
 * @random: made up instead of read
 * @path: of the file, for messages
 * @next: the first byte that no layer has taken
 * @left: how many there are
 * @seed: state of the random numbers
 */
struct darknet_weights {
	bool random;
	char *path;
	struct edge_file file;
	const uint8_t *next;
	uint64_t left;
	uint64_t seed;
};

/* Whether the bytes look like a weights file, which alone is no model. */
bool darknet_weights_recognise(const uint8_t *data, size_t size);

/* Opens @path, or for NULL the file beside @cfg_path whose name ends in .weights. Release with
 * darknet_weights_close(), also after a failure. */
enum edge_status darknet_weights_open(struct darknet_weights *weights, const char *path,
				      const char *cfg_path, const struct edge_limits *limits,
				      struct edge_error *error);

/* Numbers as if before training; always the same. */
void darknet_weights_make_up(struct darknet_weights *weights);

/* Takes the next @count floats out of the file, of which that many must be left. */
void darknet_weights_take(struct darknet_weights *weights, float *to, int64_t count);

/* @count random floats for a sum of @fan_in products (He et al., "Delving Deep into Rectifiers",
 * 2015): evenly between -sqrt(6 / fan_in) and sqrt(6 / fan_in), whose variance is 2 / fan_in. */
void darknet_weights_draw(struct darknet_weights *weights, float *to, int64_t count,
			  int64_t fan_in);

void darknet_weights_close(struct darknet_weights *weights);

#endif
