/* SPDX-License-Identifier: MIT */
/*
 * Small graphs for tests of the passes, and what they compute. Everything here fails the test that
 * calls it when something goes wrong.
 */
#ifndef EDGE_TESTS_GRAPHS_H
#define EDGE_TESTS_GRAPHS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/graph.h"
#include "passes/passes.h"

#define DIMS(...) \
	(int)(sizeof((int64_t[]) { __VA_ARGS__ }) / sizeof(int64_t)), (int64_t[]) \
	{ \
		__VA_ARGS__ \
	}

/* A graph input; f32. */
struct edge_tensor *add_input(struct edge_graph *graph, const char *name, int rank,
			      const int64_t *dims);

/* A constant of random numbers from -1 to 1, of one number, and of given integers. */
struct edge_tensor *add_weights(struct edge_graph *graph, int rank, const int64_t *dims);
struct edge_tensor *add_number(struct edge_graph *graph, float value);
struct edge_tensor *add_ints(struct edge_graph *graph, int rank, const int64_t *dims,
			     const int64_t *values);

/* Nodes; each returns its first output, whose shape is inferred. */
struct edge_tensor *add_node(struct edge_graph *graph, enum edge_op op,
			     const union edge_params *params, int num_inputs,
			     struct edge_tensor *const *inputs);
struct edge_tensor *add_unary(struct edge_graph *graph, enum edge_func func, struct edge_tensor *x);
struct edge_tensor *add_clip(struct edge_graph *graph, struct edge_tensor *x, float low,
			     float high);
struct edge_tensor *add_binary(struct edge_graph *graph, enum edge_binary func,
			       struct edge_tensor *a, struct edge_tensor *b);
/* Square kernel, padded so that stride 1 keeps the size; with weights, and a bias if wanted. */
struct edge_tensor *add_conv(struct edge_graph *graph, struct edge_tensor *x, int64_t channels,
			     int kernel, int stride, int group, bool bias);
struct edge_tensor *add_max_pool(struct edge_graph *graph, struct edge_tensor *x, int kernel,
				 int stride, int pad);
struct edge_tensor *add_batch_norm(struct edge_graph *graph, struct edge_tensor *x);
struct edge_tensor *add_upsample(struct edge_graph *graph, struct edge_tensor *x);
struct edge_tensor *add_concat(struct edge_graph *graph, int axis, int count,
			       struct edge_tensor *const *parts);
struct edge_tensor *add_reshape(struct edge_graph *graph, struct edge_tensor *x, int rank,
				const int64_t *dims);
struct edge_tensor *add_transpose(struct edge_graph *graph, struct edge_tensor *x, int rank,
				  const int64_t *perm);
/* From start to end by step along one dimension, all of the others. */
struct edge_tensor *add_slice(struct edge_graph *graph, struct edge_tensor *x, int axis,
			      int64_t start, int64_t end, int64_t step);
struct edge_tensor *add_softmax(struct edge_graph *graph, struct edge_tensor *x, int axis);
/* Equal parts. */
void add_split(struct edge_graph *graph, struct edge_tensor *x, int axis, int count,
	       struct edge_tensor **parts);

int count_nodes(const struct edge_graph *graph, enum edge_op op);
/* Nodes that do work. */
int count_work(const struct edge_graph *graph);
/* The only node of that operator. */
struct edge_node *only_node(const struct edge_graph *graph, enum edge_op op);

/* The graph's outputs, each dense, for inputs of random numbers that depend on their names. Inputs
 * may be bytes. */
struct results {
	int count;
	struct edge_view *views;
};

/* Node after node by the reference, every tensor in memory of its own. */
struct results evaluate(const struct edge_graph *graph);
/* The same through strides, storages and addresses, in memory of just the planned size. */
struct results evaluate_planned(const struct edge_graph *graph);
void free_results(struct results *results);
void assert_same_results(const struct results *a, const struct results *b, double tolerance);
/* Of integers: none may differ by more than @steps. */
/* The share of elements that differ by more than @tolerance, relative to the value; shapes are the
 * same. */
double differing_share(const struct results *a, const struct results *b, double tolerance);
void assert_same_steps(const struct results *a, const struct results *b, int steps);

typedef enum edge_status (*pass_fn)(struct edge_graph *graph, struct edge_error *error);

/* Runs @pass, and checks that the graph stays sound and computes the same. */
void check_pass(struct edge_graph *graph, pass_fn pass);

/* Runs all passes and the memory plan, checks the graph and that it computes the same in place. */
void check_all_passes(struct edge_graph *graph, const struct edge_pass_options *options);
/* The same, but returns the share of elements that differ. */
double check_all_passes_roughly(struct edge_graph *graph, const struct edge_pass_options *options);

#endif
