/* SPDX-License-Identifier: MIT */
/* Where the matrices of a MatMul lie. */
#ifndef EDGE_BACKEND_CPU_OPS_PRODUCT_H
#define EDGE_BACKEND_CPU_OPS_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/graph.h"

struct gemm_tile;

/* A matrix among others: distances of its rows and columns, and of its neighbours in the batch. */
struct operand {
	int64_t row, column;
	int64_t batch[EDGE_MAX_RANK];
};

/* y[m][n] = sum of a[m][k] * b[k][n], for each index of the batch. */
struct product {
	int64_t m, n, k;
	int batch_rank;
	int64_t batch[EDGE_MAX_RANK];
	struct operand a, b, y;
};

/* false when kernels do not take it: a is not of @type, a bias that is no constant row of @bias_type,
 * columns of the result that are not next to each other. */
bool product_get(const struct edge_node *node, enum edge_type type, enum edge_type bias_type,
		 struct product *product);

/* Matrices of the batch. */
int64_t product_batch_size(const struct product *product);

/* Whether b is the same for all of them. */
bool product_is_shared(const struct product *product);

/* Where matrix @index of the batch begins. */
int64_t product_offset(const struct product *product, const struct operand *operand, int64_t index);

/**
 * product_locate() - where the rows of a tile of floats are, in a and in y
 * @shared: the rows of the whole batch make one matrix
 * @copied: rows of a are not contiguous: they are copied to the tile's patch
 */
void product_locate(const struct product *product, bool shared, bool copied, const float *a,
		    float *y, struct gemm_tile *tile);

#endif
