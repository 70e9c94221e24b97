/* SPDX-License-Identifier: MIT */
#ifndef EDGE_LIMITS_H
#define EDGE_LIMITS_H

#include <stdint.h>

#include "edge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct edge_limits - how much a file may ask for
 * @file_bytes: of a file of any kind; 2 GiB
 * @text_bytes: of a model card or a file of labels; 1 MiB
 * @tensor_bytes: of one tensor; 2 GiB
 * @nodes: of a graph; 65536
 * @tensors: of a graph; 1048576
 * @ports: inputs, or outputs, of a graph or of one node, or uses of one tensor; 4096
 * @metadata: entries of a model; 4096
 * @fold_bytes: constants that are computed, not read, while a model is imported or compiled, beside
 *	eight times the bytes of those that it has; 256 MiB
 * @fold_work: multiply-adds, or elements moved, for computing them, beside 64 for each byte; 2^28
 * @run_bytes: memory for one frame, weights apart; 4 GiB
 * @run_work: multiply-adds, or elements moved, for one frame; where there is no fast kernel each
 *	counts as 64; 2^42
 * @image_pixels: of an image that is read; 2^27
 *
 * What asks for more is refused with EDGE_LIMIT_EXCEEDED and a message that names the limit. The
 * defaults are above what detectors need and below what harms a machine; who knows where a file
 * comes from may raise them. 0 stands for the default. Nesting has no limit, because nothing that
 * a file nests is followed.
 *
 * Set by edge_limits_default(), which zeroes @reserved.
 */
struct edge_limits {
	uint64_t file_bytes;
	uint64_t text_bytes;
	uint64_t tensor_bytes;
	uint64_t nodes;
	uint64_t tensors;
	uint64_t ports;
	uint64_t metadata;
	uint64_t fold_bytes;
	uint64_t fold_work;
	uint64_t run_bytes;
	uint64_t run_work;
	uint64_t image_pixels;
	uint64_t reserved[12];
};

EDGE_API void edge_limits_default(struct edge_limits *limits);

/* Sets the limit that is called @name: "file_bytes", ...; EDGE_INVALID_ARGUMENT lists them all. */
EDGE_API enum edge_status edge_limits_set(struct edge_limits *limits, const char *name,
					  uint64_t value, struct edge_error *error);

#ifdef __cplusplus
}
#endif

#endif
