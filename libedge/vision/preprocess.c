// SPDX-License-Identifier: MIT
#include "vision/preprocess.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/error.h"
#include "vision/codec.h"
#include "vision/store.h"

#define WEIGHT_BITS 11
#define WEIGHT_ONE (1 << WEIGHT_BITS)

/*
 * A row of the source that has been interpolated in x, as 16 bit planes: one channel after the
 * other, each as wide as the region. Two are kept: consecutive rows of the tensor mostly lie
 * between the same two rows of the image, or move on by one.
 */
struct row {
	int16_t *data;
	int source; /* row of the image, -1 for none */
};

/**
 * struct edge_preprocess
 * @region_*: the part of the tensor that the image covers
 * @offsets: for each column of the region, bytes from the start of a row of the image to the left
 *	of the two pixels it lies between
 * @weights: for each column of the region, of the left and the right pixel
 * @whole_columns: of the first so many, four bytes from either pixel on lie in the row
 * @line: a row of the region as pixels, in planes like struct row
 * @image: size and format for which all that was computed
 */
struct edge_preprocess {
	struct edge_preprocess_settings settings;
	struct edge_store store;

	int region_x, region_y, region_width, region_height;
	struct edge_window window;
	struct edge_image image;
	int32_t *offsets;
	int16_t (*weights)[2];
	int whole_columns;
	struct row rows[2];
	uint8_t *line;
};

enum edge_status edge_preprocess_size(const struct edge_view *input, int *width, int *height,
				      struct edge_error *error)
{
	struct edge_store store;
	enum edge_status status = edge_store_init(&store, input, error);

	if (status)
		return status;
	*width = store.width;
	*height = store.height;
	return EDGE_OK;
}

enum edge_status edge_preprocess_create(const struct edge_preprocess_settings *settings,
					const struct edge_view *input,
					struct edge_preprocess **preprocess,
					struct edge_error *error)
{
	struct edge_preprocess *made;
	enum edge_status status;
	size_t samples;

	made = calloc(1, sizeof(*made));
	if (!made)
		return edge_fail_memory(error);
	made->settings = *settings;
	status = edge_store_init(&made->store, input, error);
	if (status)
		goto destroy;
	edge_store_set_values(&made->store, settings);
	samples = (size_t)made->store.width * made->store.channels;
	made->offsets = malloc(made->store.width * sizeof(*made->offsets));
	made->weights = malloc(made->store.width * sizeof(*made->weights));
	made->rows[0].data = malloc(samples * sizeof(int16_t));
	made->rows[1].data = malloc(samples * sizeof(int16_t));
	made->line = malloc(samples);
	if (!made->offsets || !made->weights || !made->rows[0].data || !made->rows[1].data ||
	    !made->line) {
		status = edge_fail_memory(error);
		goto destroy;
	}
	*preprocess = made;
	return EDGE_OK;
destroy:
	edge_preprocess_destroy(made);
	return status;
}

void edge_preprocess_destroy(struct edge_preprocess *preprocess)
{
	if (!preprocess)
		return;
	free(preprocess->line);
	free(preprocess->rows[1].data);
	free(preprocess->rows[0].data);
	free(preprocess->weights);
	free(preprocess->offsets);
	free(preprocess);
}

static int fitted(int size, double ratio, int limit)
{
	long rounded = lround(size * ratio);

	return rounded < 1 ? 1 : rounded > limit ? limit : (int)rounded;
}

static void place(struct edge_preprocess *preprocess, const struct edge_image *image)
{
	enum edge_fit fit = preprocess->settings.fit;
	int width = preprocess->store.width, height = preprocess->store.height;
	double ratio = fmin((double)width / image->width, (double)height / image->height);

	preprocess->region_x = 0;
	preprocess->region_y = 0;
	preprocess->region_width = width;
	preprocess->region_height = height;
	if (fit != EDGE_FIT_STRETCH) {
		preprocess->region_width = fitted(image->width, ratio, width);
		preprocess->region_height = fitted(image->height, ratio, height);
	}
	if (fit == EDGE_FIT_LETTERBOX_CENTRE) {
		preprocess->region_x = (width - preprocess->region_width) / 2;
		preprocess->region_y = (height - preprocess->region_height) / 2;
	}
	preprocess->window = (struct edge_window) {
		.x = preprocess->region_x,
		.y = preprocess->region_y,
		.scale_x = (float)image->width / preprocess->region_width,
		.scale_y = (float)image->height / preprocess->region_height,
		.width = image->width,
		.height = image->height,
	};
}

/*
 * Which two of @size pixels or rows number @index of @count lies between, and their weights. In
 * single precision after the same steps as OpenCV, as the weights would differ otherwise. @first
 * may be -1, and @first + 1 may be @size.
 */
static void between(int index, int count, int size, int *first, float *fraction)
{
	double scale = 1.0 / ((double)count / size);
	float at = (float)((index + 0.5) * scale - 0.5);

	*first = (int)floorf(at);
	*fraction = at - *first;
}

static void set_columns(struct edge_preprocess *preprocess, const struct edge_image *image)
{
	int pixel_size = edge_pixel_size(image->format);
	int row_size = image->width * pixel_size;

	preprocess->whole_columns = 0;
	for (int x = 0; x < preprocess->region_width; x++) {
		float fraction;
		int first;

		between(x, preprocess->region_width, image->width, &first, &fraction);
		if (first < 0) {
			first = 0;
			fraction = 0;
		}
		/* Both pixels stay inside the row; the weights say which counts. */
		if (first >= image->width - 1) {
			first = image->width > 1 ? image->width - 2 : 0;
			fraction = 1;
		}
		preprocess->offsets[x] = first * pixel_size;
		if (preprocess->offsets[x] + pixel_size + 4 <= row_size)
			preprocess->whole_columns = x + 1;
		preprocess->weights[x][0] = lrintf((1 - fraction) * WEIGHT_ONE);
		preprocess->weights[x][1] = lrintf(fraction * WEIGHT_ONE);
	}
}

#if defined(__SSE2__)
/* Three or four channels of one pixel, as 32 bit numbers. Reads four bytes of either neighbour. */
static __m128i blend_pixel(const uint8_t *left, int step, const int16_t weights[2])
{
	int32_t near, far, both;
	__m128i pairs;

	memcpy(&near, left, sizeof(near));
	memcpy(&far, left + step, sizeof(far));
	memcpy(&both, weights, sizeof(both));
	pairs = _mm_unpacklo_epi8(_mm_cvtsi32_si128(near), _mm_cvtsi32_si128(far));
	pairs = _mm_unpacklo_epi8(pairs, _mm_setzero_si128());
	return _mm_srai_epi32(_mm_madd_epi16(pairs, _mm_set1_epi32(both)), 4);
}

/* The first columns of a row, four at a time, which halves the time of the whole pass; returns how
 * many. The compiler finds no vectors in the loop below, as its loads are scattered. */
static int blend_fours(const uint8_t *source, int step, const int32_t *offsets,
		       const int16_t (*weights)[2], int count, int16_t *planes[3])
{
	int x;

	for (x = 0; x + 4 <= count; x += 4) {
		__m128i pixel[4], low, high, ends[2];

		for (int i = 0; i < 4; i++)
			pixel[i] = blend_pixel(source + offsets[x + i], step, weights[x + i]);
		pixel[0] = _mm_packs_epi32(pixel[0], pixel[1]);
		pixel[2] = _mm_packs_epi32(pixel[2], pixel[3]);
		low = _mm_unpacklo_epi16(pixel[0], pixel[2]);
		high = _mm_unpackhi_epi16(pixel[0], pixel[2]);
		ends[0] = _mm_unpacklo_epi16(low, high);
		ends[1] = _mm_unpackhi_epi16(low, high);
		_mm_storel_epi64((__m128i *)&planes[0][x], ends[0]);
		_mm_storel_epi64((__m128i *)&planes[1][x], _mm_unpackhi_epi64(ends[0], ends[0]));
		_mm_storel_epi64((__m128i *)&planes[2][x], ends[1]);
	}
	return x;
}
#else
static int blend_fours(const uint8_t *source, int step, const int32_t *offsets,
		       const int16_t (*weights)[2], int count, int16_t *planes[3])
{
	return 0;
}
#endif

/* One row in x. OpenCV drops four bits before it goes on in y, which leaves 15. Of the first @whole
 * columns four bytes of either neighbour lie in the row. */
static void blend_columns(const uint8_t *source, int step, const int32_t *offsets,
			  const int16_t (*weights)[2], int whole, int count, int16_t *planes[3])
{
	int16_t *first = planes[0], *second = planes[1], *third = planes[2];

	for (int x = blend_fours(source, step, offsets, weights, whole, planes); x < count; x++) {
		const uint8_t *left = source + offsets[x], *right = left + step;
		int a = weights[x][0], b = weights[x][1];

		first[x] = (left[0] * a + right[0] * b) >> 4;
		second[x] = (left[1] * a + right[1] * b) >> 4;
		third[x] = (left[2] * a + right[2] * b) >> 4;
	}
}

static void blend_grey(const uint8_t *source, int step, const int32_t *offsets,
		       const int16_t (*weights)[2], int count, int16_t *plane)
{
	for (int x = 0; x < count; x++) {
		const uint8_t *left = source + offsets[x];

		plane[x] = (left[0] * weights[x][0] + left[step] * weights[x][1]) >> 4;
	}
}

/* ITU-R BT.601 in 15 bits, as OpenCV's cvtColor(). */
static int luma(const uint8_t *pixel, bool blue_first)
{
	int red = pixel[blue_first ? 2 : 0], blue = pixel[blue_first ? 0 : 2];

	return (red * 9798 + pixel[1] * 19235 + blue * 3735 + (1 << 14)) >> 15;
}

static void blend_luma(const uint8_t *source, int step, const int32_t *offsets,
		       const int16_t (*weights)[2], int count, bool blue_first, int16_t *plane)
{
	for (int x = 0; x < count; x++) {
		const uint8_t *left = source + offsets[x];

		plane[x] = (luma(left, blue_first) * weights[x][0] +
			    luma(left + step, blue_first) * weights[x][1]) >>
			   4;
	}
}

static bool has_blue_first(const struct edge_image *image)
{
	return image->format == EDGE_PIXEL_BGR8 || image->format == EDGE_PIXEL_BGRX8;
}

static bool swaps_colours(const struct edge_preprocess *preprocess, const struct edge_image *image)
{
	return has_blue_first(image) != (preprocess->settings.colour == EDGE_COLOUR_BGR);
}

static void blend_row(struct edge_preprocess *preprocess, const struct edge_image *image,
		      struct row *row)
{
	const uint8_t *source = image->data + (ptrdiff_t)row->source * image->stride;
	int step = image->width > 1 ? edge_pixel_size(image->format) : 0;
	bool grey = image->format == EDGE_PIXEL_GRAY8;
	bool swap = swaps_colours(preprocess, image);
	int count = preprocess->region_width;
	int16_t *planes[3];

	for (int c = 0; c < 3; c++)
		planes[c] = row->data + (swap ? 2 - c : c) * count;
	if (grey) {
		blend_grey(source, step, preprocess->offsets, preprocess->weights, count,
			   row->data);
		for (int c = 1; c < preprocess->store.channels; c++)
			memcpy(row->data + c * count, row->data, count * sizeof(int16_t));
	} else if (preprocess->store.channels == 1) {
		blend_luma(source, step, preprocess->offsets, preprocess->weights, count,
			   has_blue_first(image), row->data);
	} else {
		blend_columns(source, step, preprocess->offsets, preprocess->weights,
			      preprocess->whole_columns, count, planes);
	}
}

/* The row of the image, from the two that are kept, or in place of the one that is not @other. */
static struct row *find_row(struct edge_preprocess *preprocess, const struct edge_image *image,
			    int source, const struct row *other)
{
	struct row *rows = preprocess->rows;
	struct row *row;

	for (int i = 0; i < 2; i++) {
		if (rows[i].source == source)
			return &rows[i];
	}
	if (other)
		row = other == &rows[0] ? &rows[1] : &rows[0];
	else
		row = rows[0].source < rows[1].source ? &rows[0] : &rows[1];
	row->source = source;
	blend_row(preprocess, image, row);
	return row;
}

/* Two rows in y, to pixels: OpenCV's steps again, each of which fits a 16 bit lane. */
static void blend_rows(const int16_t *restrict above, const int16_t *restrict below, int16_t a,
		       int16_t b, int count, uint8_t *restrict line)
{
	for (int x = 0; x < count; x++) {
		int16_t first = (above[x] * a) >> 16;
		int16_t second = (below[x] * b) >> 16;

		line[x] = (uint16_t)(first + second + 2) >> 2;
	}
}

static void pad(struct edge_preprocess *preprocess, int x, int y, int width, int height, void *data)
{
	if (width <= 0)
		return;
	memset(preprocess->line, preprocess->settings.pad,
	       (size_t)width * preprocess->store.channels);
	for (int row = y; row < y + height; row++)
		edge_store_line(&preprocess->store, preprocess->line, x, row, width, data);
}

static int clamp(int value, int limit)
{
	return value < 0 ? 0 : value > limit ? limit : value;
}

/* Whether a row of the region is a row of the image, byte for byte; blending would find the same. */
static bool is_copy(const struct edge_preprocess *preprocess, const struct edge_image *image)
{
	int channels = preprocess->store.channels;

	return edge_store_is_picture(&preprocess->store) &&
	       edge_pixel_size(image->format) == channels &&
	       preprocess->region_width == image->width &&
	       preprocess->region_height == image->height &&
	       (channels == 1 || !swaps_colours(preprocess, image));
}

static void copy_region(const struct edge_preprocess *preprocess, const struct edge_image *image,
			void *data)
{
	for (int y = 0; y < image->height; y++)
		edge_store_pixels(&preprocess->store, image->data + (ptrdiff_t)y * image->stride,
				  preprocess->region_x, preprocess->region_y + y, image->width,
				  data);
}

static void fill_region(struct edge_preprocess *preprocess, const struct edge_image *image,
			void *data)
{
	int count = preprocess->region_width;

	preprocess->rows[0].source = -1;
	preprocess->rows[1].source = -1;
	for (int y = 0; y < preprocess->region_height; y++) {
		struct row *above, *below;
		float fraction;
		int first;

		between(y, preprocess->region_height, image->height, &first, &fraction);
		above = find_row(preprocess, image, clamp(first, image->height - 1), NULL);
		below = find_row(preprocess, image, clamp(first + 1, image->height - 1), above);
		blend_rows(above->data, below->data, lrintf((1 - fraction) * WEIGHT_ONE),
			   lrintf(fraction * WEIGHT_ONE), count * preprocess->store.channels,
			   preprocess->line);
		edge_store_line(&preprocess->store, preprocess->line, preprocess->region_x,
				preprocess->region_y + y, count, data);
	}
}

void edge_preprocess_run(struct edge_preprocess *preprocess, const struct edge_image *image,
			 void *data, struct edge_window *window)
{
	int right, bottom;

	if (image->width != preprocess->image.width || image->height != preprocess->image.height ||
	    image->format != preprocess->image.format) {
		place(preprocess, image);
		set_columns(preprocess, image);
		preprocess->image = *image;
	}
	right = preprocess->region_x + preprocess->region_width;
	bottom = preprocess->region_y + preprocess->region_height;
	pad(preprocess, 0, 0, preprocess->store.width, preprocess->region_y, data);
	pad(preprocess, 0, preprocess->region_y, preprocess->region_x, preprocess->region_height,
	    data);
	pad(preprocess, right, preprocess->region_y, preprocess->store.width - right,
	    preprocess->region_height, data);
	pad(preprocess, 0, bottom, preprocess->store.width, preprocess->store.height - bottom,
	    data);
	if (is_copy(preprocess, image))
		copy_region(preprocess, image, data);
	else
		fill_region(preprocess, image, data);
	*window = preprocess->window;
}
