// SPDX-License-Identifier: MIT
#include "vision/heads/map.h"

/* Nothing real comes near; keeps counts of cells in an int. */
#define MAX_DIM (1 << 26)

/* A shape without its dimensions of 1, of which one is kept at the end where it is the last. */
struct shape {
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	int64_t strides[EDGE_MAX_RANK];
};

static bool is_readable(const struct edge_head_output *output)
{
	enum edge_type type = output->view.type;

	return type == EDGE_F32 || ((type == EDGE_U8 || type == EDGE_I8) && output->scale > 0);
}

static struct edge_map map_of(const struct edge_head_output *outputs, int index)
{
	return (struct edge_map) {
		.output = index,
		.type = outputs[index].view.type,
		.scale = outputs[index].scale,
		.zero_point = outputs[index].zero_point,
	};
}

static bool read_shape(const struct edge_view *view, struct shape *shape)
{
	shape->rank = 0;
	if (view->rank < 1 || view->rank > EDGE_MAX_RANK)
		return false;
	for (int i = 0; i < view->rank; i++) {
		if (view->dims[i] < 1 || view->dims[i] > MAX_DIM)
			return false;
		if (view->dims[i] == 1 && i < view->rank - 1)
			continue;
		shape->dims[shape->rank] = view->dims[i];
		shape->strides[shape->rank++] = view->strides[i];
	}
	return true;
}

struct edge_map edge_map_channels(const struct edge_map *map, int first, int count)
{
	struct edge_map part = *map;

	part.offset += first * map->stride_c;
	part.channels = count;
	return part;
}

static bool grid_of_planes(const struct edge_view *view, int width, int height,
			   struct edge_map *map)
{
	int last = view->rank - 1, c;
	bool first = view->rank >= 3 && view->dims[last - 1] == height && view->dims[last] == width;

	if (!first &&
	    (view->rank < 3 || view->dims[last - 2] != height || view->dims[last - 1] != width))
		return false;
	c = first ? last - 2 : last;
	for (int i = 0; i < last - 2; i++) {
		if (view->dims[i] != 1)
			return false;
	}
	if (view->dims[c] < 1 || view->dims[c] > MAX_DIM)
		return false;
	map->channels = view->dims[c];
	map->stride_c = view->strides[c];
	map->stride_y = view->strides[first ? last - 1 : last - 2];
	map->stride_x = view->strides[first ? last : last - 1];
	return true;
}

bool edge_map_grid(const struct edge_head_output *outputs, int index, int width, int height,
		   struct edge_map *map)
{
	struct edge_map rows;
	int64_t count = (int64_t)width * height;

	*map = map_of(outputs, index);
	map->width = width;
	map->height = height;
	if (is_readable(&outputs[index]) && outputs[index].view.rank <= EDGE_MAX_RANK &&
	    grid_of_planes(&outputs[index].view, width, height, map))
		return true;
	/* With four dimensions it is a map, if of another size. */
	if (outputs[index].view.rank > 3 || (!edge_map_rows(outputs, index, count, false, &rows) &&
					     !edge_map_rows(outputs, index, count, true, &rows)))
		return false;
	*map = edge_map_part(&rows, 0, 1, width, height);
	return true;
}

bool edge_map_rows(const struct edge_head_output *outputs, int index, int64_t count,
		   bool channels_first, struct edge_map *map)
{
	struct shape shape;
	int c = channels_first ? 0 : 1, x = 1 - c;

	if (!is_readable(&outputs[index]) || !read_shape(&outputs[index].view, &shape) ||
	    shape.rank != 2 || (count && shape.dims[x] != count))
		return false;
	*map = map_of(outputs, index);
	map->width = shape.dims[x];
	map->height = 1;
	map->channels = shape.dims[c];
	map->stride_x = shape.strides[x];
	map->stride_c = shape.strides[c];
	return true;
}

bool edge_map_vector(const struct edge_head_output *outputs, int index, struct edge_map *map)
{
	struct shape shape;

	if (!is_readable(&outputs[index]) || !read_shape(&outputs[index].view, &shape) ||
	    (shape.rank != 1 && (shape.rank != 2 || shape.dims[1] != 1)))
		return false;
	*map = map_of(outputs, index);
	map->width = 1;
	map->height = 1;
	map->channels = shape.dims[0];
	map->stride_c = shape.strides[0];
	return true;
}

struct edge_map edge_map_part(const struct edge_map *rows, int64_t first, int64_t step, int width,
			      int height)
{
	struct edge_map part = *rows;

	part.offset += first * rows->stride_x;
	part.width = width;
	part.height = height;
	part.stride_x = step * rows->stride_x;
	part.stride_y = width * part.stride_x;
	return part;
}
