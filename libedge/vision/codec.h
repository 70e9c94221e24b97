/* SPDX-License-Identifier: MIT */
#ifndef EDGE_VISION_CODEC_H
#define EDGE_VISION_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "edge/image.h"

/* Most pixels of an image that an application has made. */
#define EDGE_IMAGE_MAX_PIXELS ((uint64_t)1 << 27)
#define EDGE_IMAGE_MAX_SIDE 65535

/**
 * struct edge_image_source - an image file
 * @path: names the file in messages
 * @limits: filled in
 */
struct edge_image_source {
	const uint8_t *data;
	size_t size;
	const char *path;
	const struct edge_limits *limits;
};

/**
 * struct edge_image_codec - a format of image files
 * @name: for messages
 * @suffixes: ends of the names of files to write, with the dot, NULL at the end; NULL for a format
 *	that is only read
 * @recognise: whether the bytes look like this format
 * @decode: the pixels as EDGE_PIXEL_RGB8, in an image of edge_image_make()
 * @encode: @bytes and @size are set on success, free() releases them
 */
struct edge_image_codec {
	const char *name;
	const char *const *suffixes;
	bool (*recognise)(const uint8_t *data, size_t size);
	enum edge_status (*decode)(const struct edge_image_source *source,
				   struct edge_image **image, struct edge_error *error);
	enum edge_status (*encode)(const struct edge_image *image, const char *path,
				   uint8_t **bytes, size_t *size, struct edge_error *error);
};

extern const struct edge_image_codec edge_image_jpeg;
extern const struct edge_image_codec edge_image_png;
extern const struct edge_image_codec edge_image_ppm;

/* Bytes of a pixel; 0 for a value that is no format. */
int edge_pixel_size(enum edge_pixel_format format);

/* Whether an application's image keeps to the contract of struct edge_image. */
enum edge_status edge_image_check(const struct edge_image *image, struct edge_error *error);

/* A black EDGE_PIXEL_RGB8 image for the file @source, if it may be that large. */
enum edge_status edge_image_make(const struct edge_image_source *source, uint64_t width,
				 uint64_t height, struct edge_image **image,
				 struct edge_error *error);

#endif
