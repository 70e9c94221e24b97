/* SPDX-License-Identifier: MIT */
#ifndef EDGE_VISION_HEADS_MAP_H
#define EDGE_VISION_HEADS_MAP_H

#include <stdbool.h>

#include "edge/tensor.h"

/* In the order of that operator's outputs. */
enum edge_detections_part {
	EDGE_DETECTIONS_NONE = 0,
	EDGE_DETECTIONS_BOXES,
	EDGE_DETECTIONS_CLASSES,
	EDGE_DETECTIONS_SCORES,
	EDGE_DETECTIONS_COUNT,
};

/**
 * struct edge_head_output - an output of the network
 * @view: its data is read by the decoder only; the dimensions do not change
 * @scale, @zero_point: of u8 and i8: a number is scale * (stored - zero_point); 0 where the output
 *	is not quantised
 * @part: which of the outputs of a DetectionPostProcess it is, if any
 * @origin: what its values went through since the last layer with weights: a mask of
 *	enum edge_origin; 0 when that is not known
 */
struct edge_head_output {
	const char *name;
	struct edge_view view;
	float scale;
	int32_t zero_point;
	enum edge_detections_part part;
	unsigned int origin;
};

enum edge_origin {
	EDGE_ORIGIN_WEIGHTS = 1 << 0, /* some come straight out of the layer: logits, raw boxes */
	EDGE_ORIGIN_SIGMOID = 1 << 1,
	EDGE_ORIGIN_SOFTMAX = 1 << 2,
	EDGE_ORIGIN_EXP = 1 << 3,
	EDGE_ORIGIN_ARITHMETIC = 1 << 4, /* sums, products, powers */
};

/**
 * struct edge_map - numbers on a grid of cells, somewhere in an output
 * @output: index of the output
 * @type, @scale, @zero_point: of the output
 * @offset: of the first number of the first cell, in elements
 * @channels: numbers of a cell; 0 for a map that is not there
 *
 * Lies wholly inside the output: what makes a map sees to that.
 */
struct edge_map {
	int output;
	enum edge_type type;
	float scale;
	int32_t zero_point;
	int64_t offset;
	int width, height, channels;
	int64_t stride_x, stride_y, stride_c;
};

/* Where the numbers of the cell in column @x of row @y are. */
static inline const void *edge_map_cell(const struct edge_map *map,
					const struct edge_head_output *outputs, int x, int y)
{
	int64_t index = map->offset + x * map->stride_x + y * map->stride_y;

	return (const char *)outputs[map->output].view.data +
	       index * (map->type == EDGE_F32 ? (int64_t)sizeof(float) : 1);
}

/* What a byte of a quantised output stands for. */
static inline float edge_map_real(const struct edge_map *map, int stored)
{
	return (float)(stored - map->zero_point) * map->scale;
}

/* Number @channel of the cell at @cell. */
static inline float edge_map_number(const struct edge_map *map, const void *cell, int channel)
{
	int64_t index = channel * map->stride_c;

	if (map->type == EDGE_F32)
		return ((const float *)cell)[index];
	if (map->type == EDGE_U8)
		return edge_map_real(map, ((const uint8_t *)cell)[index]);
	return edge_map_real(map, ((const int8_t *)cell)[index]);
}

/* Channels @first to @first + @count - 1, which @map has. */
struct edge_map edge_map_channels(const struct edge_map *map, int first, int count);

/*
 * Output @index as a map of @width x @height cells of any number of channels, from one of
 * [C, height, width] and [height, width, C], with any dimensions of 1 in front, or of
 * [height * width, C] and [C, height * width], with one at most. False when the shape is none of
 * these, or its elements are neither f32 nor quantised bytes.
 */
bool edge_map_grid(const struct edge_head_output *outputs, int index, int width, int height,
		   struct edge_map *map);

/*
 * Output @index as @count cells in a row, from [count, C], or [C, count] where @channels_first,
 * with any dimensions of 1 among them. Where @count is 0 any number will do.
 */
bool edge_map_rows(const struct edge_head_output *outputs, int index, int64_t count,
		   bool channels_first, struct edge_map *map);

/* Output @index as one cell, from a shape with one dimension above 1 at most. */
bool edge_map_vector(const struct edge_head_output *outputs, int index, struct edge_map *map);

/* Part of the cells of a map of rows: @width x @height of them, row by row, from @first on, each
 * @step cells after the one before. */
struct edge_map edge_map_part(const struct edge_map *rows, int64_t first, int64_t step, int width,
			      int height);

#endif
