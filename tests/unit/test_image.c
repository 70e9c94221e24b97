// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "edge/image.h"

static const struct edge_limits small = { .file_bytes = 1 << 20 };
static char scratch[] = "/tmp/edge-test-image-XXXXXX";

static void scratch_path(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", scratch, name);
}

static enum edge_status load_bytes(const void *bytes, size_t size, struct edge_image **image,
				   struct edge_error *error)
{
	struct edge_file_part part = { bytes, size };
	enum edge_status status;
	char path[256];

	scratch_path(path, sizeof(path), "bytes");
	assert_int_equal(edge_file_write(path, &part, 1, error), EDGE_OK);
	status = edge_image_load(path, image, error);
	if (status)
		assert_non_null(strstr(error->message, path));
	unlink(path);
	return status;
}

static struct edge_image *load_data(const char *name)
{
	struct edge_image *image = NULL;
	struct edge_error error;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", EDGE_TEST_DATA, name);
	if (edge_image_load(path, &image, &error))
		fail_msg("%s", error.message);
	assert_int_equal(image->format, EDGE_PIXEL_RGB8);
	return image;
}

static void check_pixels(const char *name, int width, int height, const uint8_t *pixels)
{
	struct edge_image *image = load_data(name);

	assert_int_equal(image->width, width);
	assert_int_equal(image->height, height);
	for (int y = 0; y < height; y++)
		assert_memory_equal(image->data + y * image->stride, pixels + y * width * 3,
				    width * 3);
	edge_image_destroy(image);
}

static void png_of_every_kind(void **state)
{
	static const uint8_t rgba16[] = { 255, 0, 0, 127, 255, 127, 255, 255, 255, 128, 128, 128 };
	static const uint8_t palette2[] = { 255, 0,  0,	 0,  255, 0,   255, 255,
					    255, 10, 20, 30, 0,	  255, 0 };
	static const uint8_t grey_alpha8[] = { 100, 100, 100, 177, 177, 177 };
	uint8_t grey1[9 * 2 * 3] = { 0 };
	uint8_t adam7[3 * 3 * 3];

	for (int x = 0; x < 9; x += 2)
		memset(grey1 + 3 * x, 255, 3);
	for (int i = 0; i < 9; i++)
		memset(adam7 + 3 * i, i / 3 * 10 + i % 3, 3);
	check_pixels("rgba16.png", 2, 2, rgba16);
	check_pixels("palette2.png", 5, 1, palette2);
	check_pixels("grey1.png", 9, 2, grey1);
	check_pixels("grey_alpha8.png", 2, 1, grey_alpha8);
	check_pixels("adam7.png", 3, 3, adam7);
}

static void jpeg_is_decoded(void **state)
{
	struct edge_image *image = load_data("smooth.jpg");

	assert_int_equal(image->width, 32);
	assert_int_equal(image->height, 24);
	for (int y = 0; y < 24; y++) {
		for (int x = 0; x < 32; x++) {
			const uint8_t *pixel = image->data + y * image->stride + 3 * x;

			assert_in_range(pixel[0] + 8, x * 8, x * 8 + 16);
			assert_in_range(pixel[1] + 8, y * 10, y * 10 + 16);
			assert_in_range(pixel[2], 92, 108);
		}
	}
	edge_image_destroy(image);
}

static void ppm_and_pgm_are_decoded(void **state)
{
	static const char ppm[] = "P6 # by hand\n2 1\n255\n\x01\x02\x03\x04\x05\x06";
	static const char pgm[] = "P5\n2 1 3\n\x00\x02";
	static const char deep[] = "P5\n2 1 65535\n\x80\x00\xff\xff";
	static const uint8_t ppm_pixels[] = { 1, 2, 3, 4, 5, 6 };
	static const uint8_t pgm_pixels[] = { 0, 0, 0, 170, 170, 170 };
	static const uint8_t deep_pixels[] = { 128, 128, 128, 255, 255, 255 };
	const struct {
		const char *bytes;
		size_t size;
		const uint8_t *pixels;
	} files[] = {
		{ ppm, sizeof(ppm) - 1, ppm_pixels },
		{ pgm, sizeof(pgm) - 1, pgm_pixels },
		{ deep, sizeof(deep) - 1, deep_pixels },
	};

	for (size_t i = 0; i < 3; i++) {
		struct edge_image *image;
		struct edge_error error;

		assert_int_equal(load_bytes(files[i].bytes, files[i].size, &image, &error),
				 EDGE_OK);
		assert_int_equal(image->width, 2);
		assert_memory_equal(image->data, files[i].pixels, 6);
		edge_image_destroy(image);
		/* Without its last byte it is damaged. */
		assert_int_equal(load_bytes(files[i].bytes, files[i].size - 1, &image, &error),
				 EDGE_BAD_FORMAT);
	}
}

/* Each pixel of another colour, the padding of a row and the fourth byte of a pixel filled. */
static void fill(struct edge_image *image, int stride, uint8_t *data, enum edge_pixel_format format)
{
	static const int offsets[][3] = {
		{ 0, 1, 2 }, { 2, 1, 0 }, { 0, 1, 2 }, { 2, 1, 0 }, { 0, 0, 0 },
	};
	static const int sizes[] = { 3, 3, 4, 4, 1 };

	*image = (struct edge_image) { 7, 5, format, stride, data };
	memset(data, 0xee, stride * 5);
	for (int y = 0; y < 5; y++) {
		for (int x = 0; x < 7; x++) {
			uint8_t *pixel = data + y * stride + x * sizes[format];

			pixel[offsets[format][2]] = 60;
			pixel[offsets[format][1]] = 40 * y;
			pixel[offsets[format][0]] = 30 * x;
		}
	}
}

static void saved_images_come_back(void **state)
{
	static const char *const names[] = { "saved.png", "saved.JPG" };
	uint8_t data[5 * 40];

	for (int format = EDGE_PIXEL_RGB8; format <= EDGE_PIXEL_GRAY8; format++) {
		for (int lossy = 0; lossy < 2; lossy++) {
			struct edge_image image, *back;
			struct edge_error error;
			char path[256];

			scratch_path(path, sizeof(path), names[lossy]);
			fill(&image, 40, data, format);
			assert_int_equal(edge_image_save(&image, path, &error), EDGE_OK);
			assert_int_equal(edge_image_load(path, &back, &error), EDGE_OK);
			assert_int_equal(back->width, 7);
			assert_int_equal(back->height, 5);
			for (int i = 0; i < 35; i++) {
				int x = i % 7, y = i / 7, slack = lossy ? 12 : 0;
				const uint8_t *pixel = back->data + y * back->stride + 3 * x;
				bool grey = format == EDGE_PIXEL_GRAY8;

				assert_in_range(pixel[0] + slack, 30 * x, 30 * x + 2 * slack);
				assert_in_range(pixel[1] + slack, grey ? 30 * x : 40 * y,
						(grey ? 30 * x : 40 * y) + 2 * slack);
				assert_in_range(pixel[2] + slack, grey ? 30 * x : 60,
						(grey ? 30 * x : 60) + 2 * slack);
			}
			edge_image_destroy(back);
			unlink(path);
		}
	}
}

static void wrong_arguments_are_refused(void **state)
{
	struct edge_image image, *made;
	struct edge_error error;
	uint8_t data[5 * 40];
	char path[256];

	scratch_path(path, sizeof(path), "saved.gif");
	fill(&image, 40, data, EDGE_PIXEL_RGB8);
	assert_int_equal(edge_image_save(&image, path, &error), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, ".png"));
	scratch_path(path, sizeof(path), "saved.png");
	image.stride = 20;
	assert_int_equal(edge_image_save(&image, path, &error), EDGE_INVALID_ARGUMENT);
	image.stride = 40;
	image.format = 17;
	assert_int_equal(edge_image_save(&image, path, &error), EDGE_INVALID_ARGUMENT);
	image.format = EDGE_PIXEL_RGB8;
	assert_int_equal(edge_image_save(&image, "/nowhere/at/all.png", &error), EDGE_IO_ERROR);
	assert_int_equal(edge_image_create(0, 5, EDGE_PIXEL_RGB8, &made, &error),
			 EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_image_create(65536, 1, EDGE_PIXEL_RGB8, &made, &error),
			 EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_image_create(65535, 65535, EDGE_PIXEL_RGB8, &made, &error),
			 EDGE_INVALID_ARGUMENT);
	edge_image_destroy(NULL);
}

static int warnings;

static void count_warning(void *data, enum edge_log_topic topic, const char *message)
{
	warnings++;
}

/* A cut file is an error or, where the library keeps what there is, a warning. */
static void files_cut_at_every_byte(void **state)
{
	static const char *const names[] = { "rgba16.png", "adam7.png", "palette2.png",
					     "smooth.jpg" };

	edge_set_log(count_warning, NULL, EDGE_LOG_WARNING);
	for (size_t i = 0; i < 4; i++) {
		struct edge_file file;
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", EDGE_TEST_DATA, names[i]);
		assert_int_equal(edge_file_map(path, &small, &file, NULL), EDGE_OK);
		for (size_t size = 0; size < file.size; size++) {
			struct edge_image *image;
			struct edge_error error;
			int before = warnings;

			if (load_bytes(file.data, size, &image, &error)) {
				assert_int_equal(error.status, EDGE_BAD_FORMAT);
			} else {
				/* A PNG's pixels are whole before its last, empty chunk. */
				assert_true(warnings > before || size >= file.size - 16);
				edge_image_destroy(image);
			}
		}
		edge_file_unmap(&file);
	}
	edge_set_log(NULL, NULL, 0);
}

static void files_with_every_byte_changed(void **state)
{
	static const char *const names[] = { "rgba16.png", "adam7.png", "palette2.png",
					     "smooth.jpg" };

	for (size_t i = 0; i < 4; i++) {
		struct edge_file file;
		uint8_t *bytes;
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", EDGE_TEST_DATA, names[i]);
		assert_int_equal(edge_file_map(path, &small, &file, NULL), EDGE_OK);
		bytes = malloc(file.size);
		for (size_t at = 0; at < file.size; at++) {
			struct edge_image *image;
			struct edge_error error;

			memcpy(bytes, file.data, file.size);
			bytes[at] ^= 0x5a;
			if (!load_bytes(bytes, file.size, &image, &error)) {
				assert_in_range(image->width, 1, 65535);
				edge_image_destroy(image);
			}
		}
		free(bytes);
		edge_file_unmap(&file);
	}
}

/* The start of a PNG file of that size, with the checksum that makes it credible. */
static size_t png_start(uint8_t *bytes, uint32_t width, uint32_t height)
{
	static const uint8_t signature[] = { 0x89, 'P', 'N', 'G', 13,  10,  26,	 10,
					     0,	   0,	0,   13,  'I', 'H', 'D', 'R' };
	uint32_t crc = ~0u;

	memcpy(bytes, signature, 16);
	for (int i = 0; i < 4; i++) {
		bytes[16 + i] = width >> (24 - 8 * i);
		bytes[20 + i] = height >> (24 - 8 * i);
	}
	memcpy(bytes + 24, (const uint8_t[]) { 8, 2, 0, 0, 0 }, 5);
	for (int i = 12; i < 29; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	for (int i = 0; i < 4; i++)
		bytes[29 + i] = ~crc >> (24 - 8 * i);
	/* An empty IDAT is where the reader of the header stops. */
	memcpy(bytes + 33,
	       (const uint8_t[]) { 0, 0, 0, 0, 'I', 'D', 'A', 'T', 0x35, 0xaf, 0x06, 0x1e }, 12);
	return 45;
}

static void huge_pictures_are_refused(void **state)
{
	static const char *const ppm[] = {
		"P6 65536 1 255\n",
		"P6 65535 65535 255\n",
		"P6 99999999999999999999 1 255\n",
		"P6 0 7 255\n",
		"P6 7 7 0\n",
		"P6 7 7 65536\n",
		"P6 7 7",
		"P6 7",
		"P6 -7 7 255\n",
	};
	struct edge_image *image;
	struct edge_error error;
	struct edge_file file;
	uint8_t bytes[1024];
	char path[512];
	size_t at = 0;

	for (size_t i = 0; i < sizeof(ppm) / sizeof(ppm[0]); i++)
		assert_int_not_equal(load_bytes(ppm[i], strlen(ppm[i]), &image, &error), EDGE_OK);

	assert_int_equal(load_bytes(bytes, png_start(bytes, 30000, 30000), &image, &error),
			 EDGE_LIMIT_EXCEEDED);
	assert_non_null(strstr(error.message, "30000"));
	assert_int_not_equal(load_bytes(bytes, png_start(bytes, 70000, 1), &image, &error),
			     EDGE_OK);
	assert_int_not_equal(load_bytes(bytes, png_start(bytes, 0x7fffffff, 0x7fffffff), &image,
					&error),
			     EDGE_OK);

	/* The picture's size stands behind the frame header's marker. */
	snprintf(path, sizeof(path), "%s/smooth.jpg", EDGE_TEST_DATA);
	assert_int_equal(edge_file_map(path, &small, &file, &error), EDGE_OK);
	memcpy(bytes, file.data, file.size);
	while (bytes[at] != 0xff || bytes[at + 1] != 0xc0)
		at++;
	memcpy(bytes + at + 5, (const uint8_t[]) { 0xff, 0xff, 0xff, 0xff }, 4);
	assert_int_not_equal(load_bytes(bytes, file.size, &image, &error), EDGE_OK);
	memcpy(bytes + at + 5, (const uint8_t[]) { 0x7f, 0xff, 0x7f, 0xff }, 4);
	assert_int_equal(load_bytes(bytes, file.size, &image, &error), EDGE_LIMIT_EXCEEDED);
	edge_file_unmap(&file);
}

static void other_files_are_refused(void **state)
{
	struct edge_image *image;
	struct edge_error error;

	assert_int_equal(load_bytes("GIF89a", 6, &image, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "JPEG, PNG"));
	assert_int_equal(load_bytes("", 0, &image, &error), EDGE_BAD_FORMAT);
	assert_int_equal(edge_image_load("/nowhere.jpg", &image, &error), EDGE_IO_ERROR);
	assert_int_equal(edge_image_load("/tmp", &image, &error), EDGE_IO_ERROR);
}

static int make_scratch(void **state)
{
	return mkdtemp(scratch) ? 0 : -1;
}

static int drop_scratch(void **state)
{
	return rmdir(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(png_of_every_kind),
		cmocka_unit_test(jpeg_is_decoded),
		cmocka_unit_test(ppm_and_pgm_are_decoded),
		cmocka_unit_test(saved_images_come_back),
		cmocka_unit_test(wrong_arguments_are_refused),
		cmocka_unit_test(files_cut_at_every_byte),
		cmocka_unit_test(files_with_every_byte_changed),
		cmocka_unit_test(huge_pictures_are_refused),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
