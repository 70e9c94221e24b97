/* SPDX-License-Identifier: MIT */
#ifndef EDGE_IMAGE_H
#define EDGE_IMAGE_H

#include <stdint.h>

#include "edge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum edge_pixel_format {
	EDGE_PIXEL_RGB8, /* 3 bytes a pixel, R first */
	EDGE_PIXEL_BGR8,
	EDGE_PIXEL_RGBX8, /* 4 bytes a pixel, the last ignored */
	EDGE_PIXEL_BGRX8,
	EDGE_PIXEL_GRAY8,
};

/**
 * struct edge_image - pixels in memory
 * @width: pixels, 1 to 65535
 * @height: rows, 1 to 65535
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

/* A black image; release with edge_image_destroy(). */
EDGE_API enum edge_status edge_image_create(int width, int height, enum edge_pixel_format format,
					    struct edge_image **image, struct edge_error *error);

/* Reads a JPEG, PNG or binary PPM/PGM file, recognised from its bytes, as EDGE_PIXEL_RGB8; a JPEG's
 * EXIF orientation is ignored, transparent parts of a PNG become white. Release with
 * edge_image_destroy(). */
EDGE_API enum edge_status edge_image_load(const char *path, struct edge_image **image,
					  struct edge_error *error);

/* Writes a JPEG or PNG as the end of @path says, replacing the file in one step. */
EDGE_API enum edge_status edge_image_save(const struct edge_image *image, const char *path,
					  struct edge_error *error);

/* Accepts NULL. Only for images that the library made. */
EDGE_API void edge_image_destroy(struct edge_image *image);

#ifdef __cplusplus
}
#endif

#endif
