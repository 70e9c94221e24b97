/* SPDX-License-Identifier: MIT */
/*
 * How long nodes take, told from their shapes before anything is computed, so that a file of a few
 * bytes cannot ask for a day.
 */
#ifndef EDGE_REF_WORK_H
#define EDGE_REF_WORK_H

#include "edge/limits.h"
#include "graph/graph.h"

/* Multiply-adds, comparisons or moves of edge_ref_run() for @node, whose shapes are known: no less
 * than half of them, and for what detectors consist of not much more. */
double edge_ref_work(const struct edge_node *node);

/* What @limits allow for constants that are computed, in a model whose own have @bytes. */
uint64_t edge_fold_bytes(const struct edge_limits *limits, uint64_t bytes);
double edge_fold_work(const struct edge_limits *limits, uint64_t bytes);

#endif
