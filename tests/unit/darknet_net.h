/* SPDX-License-Identifier: MIT */
/* Darknet files for tests, and what the models imported from them compute. Memory and files that
 * are not to be had end the test program. */
#ifndef EDGE_TESTS_UNIT_DARKNET_NET_H
#define EDGE_TESTS_UNIT_DARKNET_NET_H

#include "edge/edge.h"

/* A cfg and its weights in a directory of their own. */
struct darknet_files {
	char directory[64];
	char cfg[96];
	char weights[96];
	FILE *file;
	int written;
};

/* Writes the cfg, and begins the weights with the header of version 0.2. */
void darknet_begin(struct darknet_files *files, const char *cfg);

/* Adds @count numbers to the weights, from -50 / 64 to 50 / 64, which go on where those before have
 * ended; variances are made positive. */
void darknet_numbers(struct darknet_files *files, int count);
void darknet_variances(struct darknet_files *files, int count);

/* The numbers of a convolution or, the weights first, a connected layer. */
void darknet_convolution(struct darknet_files *files, int filters, int weights, bool normalised);

/* Writes what is buffered. */
void darknet_end(struct darknet_files *files);

/* Removes the files. */
void darknet_remove(struct darknet_files *files);

/* A model that has run. */
struct darknet_frame {
	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
};

/* Runs @model on an input of i * 29 modulo 97, / 97. */
void darknet_run(const struct edge_model *model, struct darknet_frame *frame);

/* The elements of output @index, which the frame owns. */
const float *darknet_output(const struct darknet_frame *frame, size_t index, int64_t *count);

void darknet_end_run(struct darknet_frame *frame);

#endif
