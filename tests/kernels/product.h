/* SPDX-License-Identifier: MIT */
/* What kernels that multiply bytes are to make of a tile, in plain loops: sums modulo 2^32, and either rule of rounding
 * as TFLite's and ONNX's documents state it. */
#ifndef EDGE_TESTS_KERNELS_PRODUCT_H
#define EDGE_TESTS_KERNELS_PRODUCT_H

#include "backend/cpu/kernels/qgemm.h"
#include "check.h"

#define MAX_TAPS 9
#define MAX_DEPTH 70
#define MAX_WIDTH 32
#define MAX_ROWS (3 * CPU_QGEMM_MAX_ROWS)

/**
 * struct product - a tile before it is packed
 * @raw: whether its sums are asked for
 * @a: unsigned bytes, pointers [taps][rows]; their zero point is @zero
 * @weights: [taps][depth][width], less their zero points
 */
struct product {
	bool raw;
	int rows, width, valid;
	int64_t taps, depth;
	const void *a[MAX_TAPS * MAX_ROWS];
	uint8_t zero;
	int16_t weights[MAX_TAPS * MAX_DEPTH][MAX_WIDTH];
	int32_t bias[MAX_WIDTH];
	int32_t multipliers[MAX_WIDTH], shifts[MAX_WIDTH];
};

/**
 * struct product_shape - of a kernel
 * @columns: valid ones of the last vector
 */
struct product_shape {
	int rows, vectors;
	int64_t columns;
};

typedef void (*product_check_fn)(const struct check *check, const struct cpu_qgemm_kernels *kernels,
				 const struct product_shape *shape);

/* Calls @check_tile for all shapes of @kernels. */
void product_each_shape(const struct check *check, const struct cpu_qgemm_kernels *kernels,
			product_check_fn check_tile);

/* @tiles tiles for a kernel of @shape, of any number of taps and a depth of @least at least, not filled. */
struct product product_of(const struct cpu_qgemm_kernels *kernels,
			  const struct product_shape *shape, int tiles, int64_t least);

/* Runs the kernel of @shape that makes what @product asks for. */
void product_run(const struct product *product, const struct cpu_qgemm_kernels *kernels,
		 const struct product_shape *shape, const struct cpu_qgemm_tile *tile);

/* A zero point, often an extreme one. */
uint8_t product_zero(void);

/* Fills all from @zero on; weights are bytes, or differences of bytes. */
void product_fill(struct product *product, bool bytes, bool fixed);

/* What a kernel that knows no zero point adds too much is taken off the bias of a column. */
int32_t product_bias(const struct product *product, bool bytes, int column);

/* A target for the results, in new memory where rows lie @pitch elements apart; c_pitch is 0, and @c gets
 * all their pointers. */
struct cpu_qgemm_target product_target(const struct product *product, bool fixed, int64_t columns,
				       void **c, int64_t *pitch);

/* Whether the results are right, and what lies beside them was not touched. */
bool product_is(const struct product *product, const struct cpu_qgemm_target *target,
		int64_t pitch);

#endif
