// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/resize.h"
#include "vision/preprocess.h"

#define NUM_RESIZED (sizeof(resized) / sizeof(resized[0]))

static uint32_t crc32(const uint8_t *bytes, size_t size)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* The picture of make-resize.py in any pixel format; rows end in bytes that must not be read. */
static struct edge_image make_noise(int width, int height, enum edge_pixel_format format)
{
	static const int sizes[] = { 3, 3, 4, 4 };
	struct edge_image image = { width, height, format, width * sizes[format] + 5, NULL };
	bool blue_first = format == EDGE_PIXEL_BGR8 || format == EDGE_PIXEL_BGRX8;
	uint32_t state = width * 65536u + height;

	/* Exactly as long as the pixels, so that a sanitizer sees what is read behind them. */
	image.data = malloc((height - 1) * image.stride + width * sizes[format]);
	for (int y = 0; y < height; y++) {
		for (int i = 0; i < 3 * width; i++) {
			int c = blue_first ? 2 - i % 3 : i % 3;

			state = state * 1664525 + 1013904223;
			image.data[y * image.stride + i / 3 * sizes[format] + c] = state >> 24;
		}
	}
	return image;
}

/* A dense tensor whose dimensions are @channels, @height, @width in the order of @layout. */
enum layout { PLANES, PIXELS, PADDED_PIXELS, NHWC };

static struct edge_view make_view(enum edge_type type, enum layout layout, int channels, int height,
				  int width)
{
	int64_t gap = layout == PADDED_PIXELS ? 2 : 0;
	struct edge_view view = { .type = type, .rank = 4 };
	int c = layout == NHWC ? 3 : 1, y = layout == NHWC ? 1 : 2;

	view.dims[0] = 1;
	view.dims[c] = channels;
	view.dims[y] = height;
	view.dims[y + 1] = width;
	view.strides[c] = layout == PLANES ? height * width : 1;
	view.strides[y + 1] = layout == PLANES ? 1 : channels + gap;
	view.strides[y] = width * view.strides[y + 1];
	view.strides[0] = (channels + gap) * height * width;
	view.data = calloc(view.strides[0], edge_type_size(type));
	return view;
}

static const struct edge_preprocess_settings plain = { .scale = { 1, 1, 1 }, .step = 1 };

static void run(const struct edge_preprocess_settings *settings, const struct edge_view *view,
		const struct edge_image *image, struct edge_window *window)
{
	struct edge_preprocess *preprocess;
	struct edge_error error;

	if (edge_preprocess_create(settings, view, &preprocess, &error))
		fail_msg("%s", error.message);
	edge_preprocess_run(preprocess, image, view->data, window);
	edge_preprocess_destroy(preprocess);
}

static float element(const struct edge_view *view, int64_t i)
{
	if (view->type == EDGE_F32)
		return ((const float *)view->data)[i];
	if (view->type == EDGE_I8)
		return ((const int8_t *)view->data)[i];
	return ((const uint8_t *)view->data)[i];
}

static float at(const struct edge_view *view, int c, int y, int x)
{
	int channel_dim = view->dims[1] <= 3 ? 1 : 3, row_dim = channel_dim == 1 ? 2 : 1;

	return element(view, c * view->strides[channel_dim] + y * view->strides[row_dim] +
				     x * view->strides[row_dim + 1]);
}

/* The tensor as the bytes of a picture, channels innermost. */
static uint32_t crc_of(const struct edge_view *view, int channels, int height, int width)
{
	uint8_t *bytes = malloc(height * width * channels);
	uint32_t crc;

	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			for (int c = 0; c < channels; c++)
				bytes[(y * width + x) * channels + c] = at(view, c, y, x);
		}
	}
	crc = crc32(bytes, height * width * channels);
	free(bytes);
	return crc;
}

static void resized_as_opencv_does(void **state)
{
	for (size_t i = 0; i < NUM_RESIZED; i++) {
		for (int format = EDGE_PIXEL_RGB8; format <= EDGE_PIXEL_BGRX8; format++) {
			int width = resized[i].to[0], height = resized[i].to[1];
			struct edge_view view = make_view(i % 2 ? EDGE_U8 : EDGE_F32,
							  (enum layout)((i + format) % 4), 3,
							  height, width);
			struct edge_image image =
				make_noise(resized[i].from[0], resized[i].from[1], format);
			struct edge_window window;

			run(&plain, &view, &image, &window);
			assert_int_equal(crc_of(&view, 3, height, width), resized[i].rgb);
			free(image.data);
			free(view.data);
		}
	}
}

static void few_pixels_by_value(void **state)
{
	struct edge_view view = make_view(EDGE_F32, PLANES, 3, 2, 3);
	struct edge_image image = make_noise(7, 5, EDGE_PIXEL_RGB8);
	struct edge_window window;

	run(&plain, &view, &image, &window);
	for (int i = 0; i < 18; i++)
		assert_true(at(&view, i % 3, i / 9, i % 9 / 3) == small[i]);
	free(image.data);
	free(view.data);
}

static void grey_as_opencv_does(void **state)
{
	for (size_t i = 0; i < NUM_RESIZED; i++) {
		int width = resized[i].to[0], height = resized[i].to[1];
		struct edge_view view =
			make_view(EDGE_F32, i % 2 ? PLANES : NHWC, 1, height, width);
		struct edge_image image =
			make_noise(resized[i].from[0], resized[i].from[1], EDGE_PIXEL_BGRX8);
		struct edge_window window;

		run(&plain, &view, &image, &window);
		assert_int_equal(crc_of(&view, 1, height, width), resized[i].grey);
		free(image.data);
		free(view.data);
	}
}

static void grey_images_fill_three_channels(void **state)
{
	struct edge_view view = make_view(EDGE_F32, PLANES, 3, 2, 2);
	uint8_t pixels[] = { 0, 50, 100, 200 };
	struct edge_image image = { 2, 2, EDGE_PIXEL_GRAY8, 2, pixels };
	struct edge_window window;

	run(&plain, &view, &image, &window);
	for (int i = 0; i < 12; i++)
		assert_true(at(&view, i / 4, i % 4 / 2, i % 2) == pixels[i % 4]);
	free(view.data);
}

static void normalised_and_reordered(void **state)
{
	struct edge_preprocess_settings settings = {
		.colour = EDGE_COLOUR_BGR,
		.mean = { 103.53f, 116.28f, 123.675f },
		.scale = { 1 / 57.375f, 1 / 57.12f, 1 / 58.395f },
	};
	uint8_t pixels[4 * 2 * 3] = { 10, 20, 30, 255, 0, 128 };
	struct edge_image image = { 2, 4, EDGE_PIXEL_RGB8, 6, pixels };

	for (int layout = PLANES; layout <= NHWC; layout++) {
		struct edge_view view = make_view(EDGE_F32, (enum layout)layout, 3, 4, 2);
		struct edge_window window;

		run(&settings, &view, &image, &window);
		for (int x = 0; x < 2; x++) {
			assert_float_equal(at(&view, 0, 0, x),
					   (pixels[3 * x + 2] - 103.53) / 57.375, 1e-5);
			assert_float_equal(at(&view, 1, 0, x), (pixels[3 * x + 1] - 116.28) / 57.12,
					   1e-5);
			assert_float_equal(at(&view, 2, 0, x), (pixels[3 * x] - 123.675) / 58.395,
					   1e-5);
		}
		free(view.data);
	}
}

static void quantised_and_saturated(void **state)
{
	struct edge_preprocess_settings settings = {
		.mean = { 127.5f, 127.5f, 127.5f },
		.scale = { 1 / 127.5f, 1 / 127.5f, 1 / 127.5f },
		.step = 0.01f,
		.zero_point = -1,
	};
	uint8_t pixels[] = { 0, 128, 255 };
	struct edge_image image = { 1, 1, EDGE_PIXEL_RGB8, 3, pixels };
	struct edge_view view = make_view(EDGE_I8, PIXELS, 3, 1, 1);
	struct edge_window window;

	/* -1, 0.0039, 1 in steps of 0.01 are -100, 0.39, 100. */
	run(&settings, &view, &image, &window);
	assert_true(at(&view, 0, 0, 0) == -101);
	assert_true(at(&view, 1, 0, 0) == -1);
	assert_true(at(&view, 2, 0, 0) == 99);
	settings.step = 0.005f;
	run(&settings, &view, &image, &window);
	assert_true(at(&view, 0, 0, 0) == -128);
	assert_true(at(&view, 2, 0, 0) == 127);
	free(view.data);
}

/* round(real / step) + zero_point for each pixel value, in double. */
static void quantised_as_defined(void **state)
{
	struct edge_preprocess_settings settings = {
		.mean = { 103.53f, 116.28f, 123.675f },
		.scale = { 1 / 57.375f, 1 / 57.12f, 1 / 58.395f },
		.step = 0.0186584f,
	};
	uint8_t pixels[256 * 3];
	struct edge_image image = { 256, 1, EDGE_PIXEL_RGB8, sizeof(pixels), pixels };

	for (int i = 0; i < 256 * 3; i++)
		pixels[i] = i / 3 * (i % 3 == 1 ? 3 : 1);
	for (int i = 0; i < 8; i++) {
		bool is_signed = i & 1;
		struct edge_view view =
			make_view(is_signed ? EDGE_I8 : EDGE_U8, (enum layout)(i / 2), 3, 4, 256);
		struct edge_window window;

		settings.zero_point = is_signed ? -14 : 114;
		run(&settings, &view, &image, &window);
		for (int k = 0; k < 256 * 3; k++) {
			int c = k % 3;
			double real = (pixels[k] - settings.mean[c]) * (double)settings.scale[c];
			double stored = real / settings.step + settings.zero_point;

			stored = fmin(fmax(stored, is_signed ? -128 : 0), is_signed ? 127 : 255);
			/* Within rounding of float where a half is near. */
			assert_true(fabs(at(&view, c, 0, k / 3) - stored) <= 0.5001);
		}
		free(view.data);
	}
}

/* Tensors that are quantised for pixels hold the pixels, whatever the step and the ties say. */
static void pixels_stored_as_they_are(void **state)
{
	static const struct {
		float mean, scale, step;
		int zero_point; /* of u8 */
	} cases[] = {
		{ 0, 1, 1, 0 },
		{ 0, 1 / 255.0f, 1 / 255.0f, 0 },
		{ 127.5f, 1 / 127.5f, 1 / 128.0f, 128 },
		{ 127.5f, 1 / 127.5f, 1 / 127.5f, 127 },
		{ 127.5f, 1 / 127.5f, 1 / 127.5f, 128 },
	};
	uint8_t pixels[256 * 3 * 4];
	struct edge_image image = { 256, 4, EDGE_PIXEL_RGB8, 256 * 3, pixels };

	for (int i = 0; i < 256 * 3 * 4; i++)
		pixels[i] = i / 3 + i % 3 * 85;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) * 8; i++) {
		int low = i & 1 ? -128 : 0;
		struct edge_preprocess_settings settings = {
			.step = cases[i / 8].step,
			.zero_point = cases[i / 8].zero_point + low,
		};
		struct edge_view view =
			make_view(low ? EDGE_I8 : EDGE_U8, (enum layout)(i / 2 % 4), 3, 4, 256);
		struct edge_window window;

		for (int c = 0; c < 3; c++) {
			settings.mean[c] = cases[i / 8].mean;
			settings.scale[c] = cases[i / 8].scale;
		}
		run(&settings, &view, &image, &window);
		for (int k = 0; k < 256 * 3 * 4; k++)
			assert_true(at(&view, k % 3, k / 768, k / 3 % 256) == pixels[k] + low);
		free(view.data);
	}
}

/* An image of the input's size is copied where bytes go straight through, and the order of colours
 * and the border are still right. */
static void unscaled_images(void **state)
{
	for (int format = EDGE_PIXEL_RGB8; format <= EDGE_PIXEL_BGRX8; format++) {
		struct edge_preprocess_settings settings = plain;
		struct edge_view view = make_view(EDGE_U8, NHWC, 3, 12, 20);
		struct edge_image image = make_noise(20, 8, format);
		struct edge_image rgb = make_noise(20, 8, EDGE_PIXEL_RGB8);
		struct edge_window window;

		settings.fit = EDGE_FIT_LETTERBOX_CENTRE;
		settings.pad = 114;
		run(&settings, &view, &image, &window);
		for (int y = 0; y < 12; y++) {
			for (int i = 0; i < 60; i++) {
				int wanted = y < 2 || y >= 10 ? 114
							      : rgb.data[(y - 2) * rgb.stride + i];

				assert_true(at(&view, i % 3, y, i / 3) == wanted);
			}
		}
		free(rgb.data);
		free(image.data);
		free(view.data);
	}
}

/* 8 x 4 pixels of one colour into 6 x 6: the region is 6 x 3. */
static void check_letterbox(enum edge_fit fit, int top)
{
	struct edge_preprocess_settings settings = { .fit = fit, .scale = { 1, 1, 1 }, .pad = 114 };
	struct edge_view view = make_view(EDGE_F32, PADDED_PIXELS, 3, 6, 6);
	uint8_t pixels[8 * 4 * 3];
	struct edge_image image = { 8, 4, EDGE_PIXEL_RGB8, 24, pixels };
	struct edge_window window;

	memset(pixels, 7, sizeof(pixels));
	run(&settings, &view, &image, &window);
	for (int y = 0; y < 6; y++) {
		for (int x = 0; x < 6; x++) {
			bool inside = y >= top && y < top + 3;

			assert_true(at(&view, 1, y, x) == (inside ? 7 : 114));
		}
	}
	/* The corners of the region are those of the image. */
	assert_float_equal(edge_window_image_x(&window, 0), 0, 1e-6);
	assert_float_equal(edge_window_image_x(&window, 6), 8, 1e-6);
	assert_float_equal(edge_window_image_y(&window, top), 0, 1e-6);
	assert_float_equal(edge_window_image_y(&window, top + 3), 4, 1e-6);
	/* What lies between pixels of a row is not the tensor's. */
	for (int i = 0; i < 36; i++)
		assert_true(((float *)view.data)[5 * i + 3] == 0);
	free(view.data);
}

static void letterboxed(void **state)
{
	check_letterbox(EDGE_FIT_LETTERBOX, 0);
	check_letterbox(EDGE_FIT_LETTERBOX_CENTRE, 1);
}

static void images_of_changing_size(void **state)
{
	struct edge_view view = make_view(EDGE_F32, PLANES, 3, 6, 8);
	struct edge_preprocess *preprocess;
	struct edge_window window;

	assert_int_equal(edge_preprocess_create(&plain, &view, &preprocess, NULL), EDGE_OK);
	for (int i = 0; i < 6; i++) {
		struct edge_image image = i % 2 ? make_noise(16, 12, EDGE_PIXEL_BGR8)
						: make_noise(40, 30, EDGE_PIXEL_RGB8);

		edge_preprocess_run(preprocess, &image, view.data, &window);
		if (i % 2)
			assert_int_equal(crc_of(&view, 3, 6, 8), resized[1].rgb);
		free(image.data);
	}
	edge_preprocess_destroy(preprocess);
	free(view.data);
}

static void extreme_proportions(void **state)
{
	static const int sizes[][2] = { { 3000, 1 }, { 1, 3000 }, { 1, 1 }, { 65535, 2 } };

	for (size_t i = 0; i < 4; i++) {
		for (int fit = EDGE_FIT_STRETCH; fit <= EDGE_FIT_LETTERBOX_CENTRE; fit++) {
			struct edge_preprocess_settings settings = plain;
			struct edge_view view = make_view(EDGE_F32, PIXELS, 3, 5, 5);
			struct edge_image image =
				make_noise(sizes[i][0], sizes[i][1], EDGE_PIXEL_RGB8);
			struct edge_window window;

			settings.fit = fit;
			run(&settings, &view, &image, &window);
			assert_true(window.scale_x > 0 && window.scale_y > 0);
			free(image.data);
			free(view.data);
		}
	}
}

static void other_tensors_are_refused(void **state)
{
	static const struct edge_view wrong[] = {
		{ .type = EDGE_I64, .rank = 4, .dims = { 1, 3, 8, 8 } },
		{ .type = EDGE_F32, .rank = 4, .dims = { 2, 3, 8, 8 } },
		{ .type = EDGE_F32, .rank = 4, .dims = { 1, 4, 8, 8 } },
		{ .type = EDGE_F32, .rank = 4, .dims = { 1, 3, 0, 8 } },
		{ .type = EDGE_F32, .rank = 4, .dims = { 1, 3, 8, 1 << 20 } },
		{ .type = EDGE_F32, .rank = 2, .dims = { 3, 8 } },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct edge_preprocess *preprocess;
		struct edge_error error;

		assert_int_equal(edge_preprocess_create(&plain, &wrong[i], &preprocess, &error),
				 EDGE_UNSUPPORTED);
	}
	edge_preprocess_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resized_as_opencv_does),
		cmocka_unit_test(few_pixels_by_value),
		cmocka_unit_test(grey_as_opencv_does),
		cmocka_unit_test(grey_images_fill_three_channels),
		cmocka_unit_test(normalised_and_reordered),
		cmocka_unit_test(quantised_and_saturated),
		cmocka_unit_test(quantised_as_defined),
		cmocka_unit_test(pixels_stored_as_they_are),
		cmocka_unit_test(unscaled_images),
		cmocka_unit_test(letterboxed),
		cmocka_unit_test(images_of_changing_size),
		cmocka_unit_test(extreme_proportions),
		cmocka_unit_test(other_tensors_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
