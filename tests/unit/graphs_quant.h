/* SPDX-License-Identifier: MIT */
/* What quantised graphs have beside what graphs.h makes. */
#ifndef EDGE_TESTS_GRAPHS_QUANT_H
#define EDGE_TESTS_GRAPHS_QUANT_H

#include "graphs.h"

/* How bytes stand for reals. */
struct pair {
	enum edge_type type;
	float scale;
	int zero_point;
};

/* A graph input of bytes. */
struct edge_tensor *add_byte_input(struct edge_graph *graph, const char *name,
				   const struct pair *pair, int rank, const int64_t *dims);

struct edge_tensor *add_quantize(struct edge_graph *graph, struct edge_tensor *x,
				 const struct pair *pair);
struct edge_tensor *add_dequantize(struct edge_graph *graph, struct edge_tensor *x);
/* Reals, rounded to bytes and back. */
struct edge_tensor *add_rounded(struct edge_graph *graph, struct edge_tensor *x,
				const struct pair *pair);

/* A constant of random bytes: one scale, or as many as dimension @axis has; zero points likewise,
 * which are 0 for i8. */
struct edge_tensor *add_byte_weights(struct edge_graph *graph, enum edge_type type, int axis,
				     int rank, const int64_t *dims);

/* A constant of random i32 whose scales are those of @x times those of @weight. */
struct edge_tensor *add_steps(struct edge_graph *graph, const struct edge_tensor *x,
			      const struct edge_tensor *weight, int64_t count);

/* Conv of what is dequantised; @x is bytes, padded so that stride 1 keeps the size. */
struct edge_tensor *add_byte_conv(struct edge_graph *graph, struct edge_tensor *x, int64_t channels,
				  int kernel, int group, int axis);

/* Runs @pass and checks that no byte of the results moves by more than @steps. */
void check_steps(struct edge_graph *graph, pass_fn pass, int steps);

#endif
