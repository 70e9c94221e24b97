// SPDX-License-Identifier: MIT
#include "ref/ops.h"

enum { PAD_ZEROS, PAD_BORDER, PAD_REFLECTION };

/* One plane of x, and how GridSample reads beyond its edge. */
struct plane {
	const struct edge_view *x;
	int64_t at, height, width;
	int padding;
	bool align_corners;
};

/* Mirrors @place at @low and @high until it lies between. */
static double reflect(double place, double low, double high)
{
	double span = high - low, rest;

	if (span <= 0)
		return 0;
	rest = fmod(fabs(place - low), 2 * span);
	return low + (rest > span ? 2 * span - rest : rest);
}

/* A place that sampling may begin at: moved inside as the padding says. */
static double move_inside(const struct plane *plane, double place, int64_t size)
{
	if (plane->padding == PAD_REFLECTION)
		place = plane->align_corners ? reflect(place, 0, size - 1)
					     : reflect(place, -0.5, size - 0.5);
	if (plane->padding != PAD_ZEROS)
		place = fmin(fmax(place, 0), size - 1);
	return place;
}

static float pixel(const struct plane *plane, double row, double column)
{
	const struct edge_view *x = plane->x;

	if (plane->padding != PAD_ZEROS) {
		row = move_inside(plane, row, plane->height);
		column = move_inside(plane, column, plane->width);
	}
	if (!(row >= 0 && row < plane->height && column >= 0 && column < plane->width))
		return 0;
	return ref_get(x,
		       plane->at + (int64_t)row * x->strides[2] + (int64_t)column * x->strides[3]);
}

static float bilinear(const struct plane *plane, double row, double column)
{
	double top = floor(row), left = floor(column);
	double down = row - top, right = column - left;

	return (pixel(plane, top, left) * (1 - right) + pixel(plane, top, left + 1) * right) *
		       (1 - down) +
	       (pixel(plane, top + 1, left) * (1 - right) +
		pixel(plane, top + 1, left + 1) * right) *
		       down;
}

static double cubic(const double *p, double t)
{
	const double a = -0.75;
	double s = t + 1, u = 1 - t, v = 2 - t;

	return p[0] * (((a * s - 5 * a) * s + 8 * a) * s - 4 * a) +
	       p[1] * (((a + 2) * t - (a + 3)) * t * t + 1) +
	       p[2] * (((a + 2) * u - (a + 3)) * u * u + 1) +
	       p[3] * (((a * v - 5 * a) * v + 8 * a) * v - 4 * a);
}

static float bicubic(const struct plane *plane, double row, double column)
{
	double top = floor(row), left = floor(column), lines[4];

	for (int i = 0; i < 4; i++) {
		double p[4];

		for (int j = 0; j < 4; j++)
			p[j] = pixel(plane, top - 1 + i, left - 1 + j);
		lines[i] = cubic(p, column - left);
	}
	return cubic(lines, row - top);
}

/* -1 and 1 are the centres of the corner pixels, or their outer edges. */
static double to_pixels(double place, int64_t size, bool align_corners)
{
	return align_corners ? (place + 1) / 2 * (size - 1) : ((place + 1) * size - 1) / 2;
}

static float sample(const struct plane *plane, enum edge_resize_mode mode, float x, float y)
{
	double column = to_pixels(x, plane->width, plane->align_corners);
	double row = to_pixels(y, plane->height, plane->align_corners);

	if (mode == EDGE_RESIZE_CUBIC)
		return bicubic(plane, row, column);
	row = move_inside(plane, row, plane->height);
	column = move_inside(plane, column, plane->width);
	if (mode == EDGE_RESIZE_NEAREST)
		return pixel(plane, rint(row), rint(column));
	return bilinear(plane, row, column);
}

void ref_grid_sample(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *grid = &call->in[1], *y = &call->out[0];
	struct plane plane = {
		.x = x,
		.height = x->dims[2],
		.width = x->dims[3],
		.padding = call->params->grid_sample.padding,
		.align_corners = call->params->grid_sample.align_corners,
	};
	struct ref_walk walk;

	ref_walk_init(&walk, 4, y->dims);
	ref_walk_add(&walk, y);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t at = walk.index[0] * grid->strides[0] + walk.index[2] * grid->strides[1] +
			     walk.index[3] * grid->strides[2];

		plane.at = walk.index[0] * x->strides[0] + walk.index[1] * x->strides[1];
		ref_set(y, walk.at[0],
			sample(&plane, call->params->grid_sample.mode, ref_get(grid, at),
			       ref_get(grid, at + grid->strides[3])));
	}
}

/* A region of interest: where its bins begin, how large they are, and how many samples a bin
 * takes. */
struct region {
	float top, left, bin_height, bin_width;
	int64_t rows, columns;
};

/* The boxes may be anything: without a bound the largest would take for ever. Inside the image no
 * bin has more than @size pixels. */
#define MAX_SAMPLES 1024

static int64_t samples_of(float bin, int sampling, int64_t size)
{
	if (sampling > 0)
		return ref_clamp(sampling, 0, MAX_SAMPLES);
	return ref_clamp(ref_to_int(ceilf(bin)), 0, size + 1);
}

static struct region region_of(const struct ref_call *call, int64_t r)
{
	const struct edge_view *x = &call->in[0], *rois = &call->in[1], *y = &call->out[0];
	int sampling = call->params->roi_align.sampling_ratio;
	float offset = call->params->roi_align.half_pixel ? 0.5f : 0;
	struct region region;
	float edge[4];

	for (int i = 0; i < 4; i++)
		edge[i] = ref_get(rois, r * rois->strides[0] + i * rois->strides[1]) *
				  call->params->roi_align.spatial_scale -
			  offset;
	region.left = edge[0];
	region.top = edge[1];
	region.bin_width = edge[2] - edge[0];
	region.bin_height = edge[3] - edge[1];
	if (!call->params->roi_align.half_pixel) {
		region.bin_width = fmaxf(region.bin_width, 1);
		region.bin_height = fmaxf(region.bin_height, 1);
	}
	region.bin_height /= y->dims[2];
	region.bin_width /= y->dims[3];
	region.rows = samples_of(region.bin_height, sampling, x->dims[2]);
	region.columns = samples_of(region.bin_width, sampling, x->dims[3]);
	return region;
}

struct corner {
	int64_t at;
	float weight;
};

/* The four pixels around a sample; weights 0 more than a pixel outside. */
static void find_corners(const struct edge_view *x, float row, float column, struct corner *corners)
{
	bool inside = row >= -1 && row <= x->dims[2] && column >= -1 && column <= x->dims[3];
	float y = inside ? fminf(fmaxf(row, 0), x->dims[2] - 1) : 0;
	float z = inside ? fminf(fmaxf(column, 0), x->dims[3] - 1) : 0;
	int64_t top = y, left = z;
	float down = y - top, right = z - left;

	for (int i = 0; i < 4; i++) {
		int64_t i_row = ref_clamp(top + (i >> 1), 0, x->dims[2] - 1);
		int64_t i_column = ref_clamp(left + (i & 1), 0, x->dims[3] - 1);

		corners[i].at = i_row * x->strides[2] + i_column * x->strides[3];
		corners[i].weight =
			inside ? (i >> 1 ? down : 1 - down) * (i & 1 ? right : 1 - right) : 0;
	}
}

/* Of the samples in bin (@i, @j): their mean, or the largest of all weighted corners. */
static float pool_bin(const struct ref_call *call, const struct region *region, int64_t plane,
		      int64_t i, int64_t j)
{
	const struct edge_view *x = &call->in[0];
	bool max_mode = call->params->roi_align.max_mode;
	int64_t samples = region->rows * region->columns;
	float sum = 0, most = -INFINITY;

	for (int64_t r = 0; r < region->rows; r++)
		for (int64_t c = 0; c < region->columns; c++) {
			float row =
				region->top + (i + (r + 0.5f) / region->rows) * region->bin_height;
			float column = region->left +
				       (j + (c + 0.5f) / region->columns) * region->bin_width;
			struct corner corners[4];

			find_corners(x, row, column, corners);
			for (int n = 0; n < 4; n++) {
				float value = corners[n].weight * ref_get(x, plane + corners[n].at);

				sum += value;
				most = fmaxf(most, value);
			}
		}
	if (samples <= 0)
		return 0;
	return max_mode ? most : sum / samples;
}

void ref_roi_align(const struct ref_call *call)
{
	const struct edge_view *x = &call->in[0], *batches = &call->in[2], *y = &call->out[0];
	struct ref_walk walk;

	ref_walk_init(&walk, 4, y->dims);
	ref_walk_add(&walk, y);
	for (; !walk.done; ref_walk_next(&walk)) {
		int64_t r = walk.index[0];
		int64_t n =
			ref_wrap_index(ref_get_int(batches, r * batches->strides[0]), x->dims[0]);
		int64_t plane = n * x->strides[0] + walk.index[1] * x->strides[1];
		struct region region = region_of(call, r);

		ref_set(y, walk.at[0],
			pool_bin(call, &region, plane, walk.index[2], walk.index[3]));
	}
}
