/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TENSOR_H
#define EDGE_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGE_MAX_RANK 8

/* Element types. Values are part of the ABI and of the program file. */
enum edge_type {
	EDGE_TYPE_NONE = 0,
	EDGE_F32,
	EDGE_F16,
	EDGE_I8,
	EDGE_U8,
	EDGE_I32,
	EDGE_I64,
	EDGE_BOOL, /* one byte, 0 or 1 */
	EDGE_NUM_TYPES
};

/* Bytes of one element; 0 for EDGE_TYPE_NONE or a value out of range. */
EDGE_API size_t edge_type_size(enum edge_type type);

/* "f32", "i64", ...; static, "none" for what is no type. */
EDGE_API const char *edge_type_name(enum edge_type type);

/**
 * struct edge_view - a tensor in memory
 * @type: of the elements
 * @rank: 0 (a scalar) to EDGE_MAX_RANK
 * @dims: the logical shape, as the model states it (images are N, C, H, W in ONNX)
 * @strides: distance between neighbours of each dimension, in elements; any order, so that the
 *	same logical shape may lie channel-innermost in memory
 * @data: the element at index 0, 0, ...
 *
 * A view owns nothing.
 */
struct edge_view {
	enum edge_type type;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	int64_t strides[EDGE_MAX_RANK];
	void *data;
};

/**
 * struct edge_tensor_info - name and shape of an input or output
 * @name: owned by the model or program it was read from
 * @quantised: the elements are integers that stand for reals: @scale * (element - @zero_point)
 * @scale: above 0; 0 when not @quantised
 * @zero_point: within the type's range; 0 when not @quantised
 *
 * @strides say how the buffer of a request lies in memory: see struct edge_view.
 */
struct edge_tensor_info {
	const char *name;
	enum edge_type type;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	int64_t strides[EDGE_MAX_RANK];
	bool quantised;
	float scale;
	int32_t zero_point;
	uint32_t reserved[5];
};

#ifdef __cplusplus
}
#endif

#endif
