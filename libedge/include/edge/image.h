/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMAGE_H
#define EDGE_IMAGE_H

#include <stdint.h>

#include "edge/limits.h"
#include "edge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How pixels lie in a row. Values are part of the ABI. */
enum edge_pixel_format {
	EDGE_PIXEL_RGB8, /* 3 bytes a pixel, R first */
	EDGE_PIXEL_BGR8,
	EDGE_PIXEL_RGBX8, /* 4 bytes a pixel, the last ignored */
	EDGE_PIXEL_BGRX8,
	EDGE_PIXEL_GRAY8, /* 1 byte a pixel */
};

/**
 * struct edge_image - pixels in memory
 * @width: pixels, 1 to 65535
 * @height: rows, 1 to 65535
 * @format: of each pixel
 * @stride: bytes from a row to the next, at least a row's bytes
 * @data: the top left pixel
 *
 * An application may describe its own memory by one, or have it made by the calls below.
 */
struct edge_image {
	int width;
	int height;
	enum edge_pixel_format format;
	int stride;
	uint8_t *data;
};

/* A black image of at most 2^27 pixels; release with edge_image_destroy(). EDGE_INVALID_ARGUMENT or
 * EDGE_OUT_OF_MEMORY. */
EDGE_API enum edge_status edge_image_create(int width, int height, enum edge_pixel_format format,
					    struct edge_image **image, struct edge_error *error);

/**
 * edge_image_load() - read a JPEG, PNG or binary PPM/PGM file, recognised from its bytes
 * @image: set on success, EDGE_PIXEL_RGB8; release with edge_image_destroy()
 *
 * A JPEG's EXIF orientation is ignored, transparent parts of a PNG become white.
 *
 * Return: EDGE_OK; EDGE_IO_ERROR; EDGE_BAD_FORMAT; EDGE_UNSUPPORTED for a JPEG in CMYK
 * or for sides above 65535; EDGE_LIMIT_EXCEEDED; EDGE_OUT_OF_MEMORY.
 */
EDGE_API enum edge_status edge_image_load(const char *path, struct edge_image **image,
					  struct edge_error *error);

/* The same with other limits than the defaults. */
EDGE_API enum edge_status edge_image_load_within(const char *path, const struct edge_limits *limits,
						 struct edge_image **image,
						 struct edge_error *error);

/* Writes a JPEG or PNG as the end of @path says, replacing the file in one step.
 * EDGE_INVALID_ARGUMENT for another end, EDGE_IO_ERROR, EDGE_OUT_OF_MEMORY. */
EDGE_API enum edge_status edge_image_save(const struct edge_image *image, const char *path,
					  struct edge_error *error);

/* Accepts NULL. Only for images that the library made. */
EDGE_API void edge_image_destroy(struct edge_image *image);

#ifdef __cplusplus
}
#endif

#endif
