// SPDX-License-Identifier: MIT
#include "edge/image.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "vision/codec.h"

static const struct edge_image_codec *const codecs[] = {
	&edge_image_jpeg,
	&edge_image_png,
	&edge_image_ppm,
};

#define NUM_CODECS (sizeof(codecs) / sizeof(codecs[0]))

int edge_pixel_size(enum edge_pixel_format format)
{
	switch (format) {
	case EDGE_PIXEL_RGB8:
	case EDGE_PIXEL_BGR8:
		return 3;
	case EDGE_PIXEL_RGBX8:
	case EDGE_PIXEL_BGRX8:
		return 4;
	case EDGE_PIXEL_GRAY8:
		return 1;
	}
	return 0;
}

enum edge_status edge_image_check(const struct edge_image *image, struct edge_error *error)
{
	int pixel_size;

	if (!image || !image->data)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "the image has no pixels");
	pixel_size = edge_pixel_size(image->format);
	if (!pixel_size)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "pixel format %d does not exist",
				 (int)image->format);
	if (image->width < 1 || image->width > EDGE_IMAGE_MAX_SIDE || image->height < 1 ||
	    image->height > EDGE_IMAGE_MAX_SIDE)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "an image of %d x %d pixels; each side may be 1 to %d",
				 image->width, image->height, EDGE_IMAGE_MAX_SIDE);
	if (image->stride < image->width * pixel_size)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "an image stride of %d bytes; a row of %d pixels has %d",
				 image->stride, image->width, image->width * pixel_size);
	return EDGE_OK;
}

static enum edge_status make(int width, int height, enum edge_pixel_format format,
			     struct edge_image **image, struct edge_error *error)
{
	struct edge_image *created = malloc(sizeof(*created));

	if (!created)
		return edge_fail_memory(error);
	created->width = width;
	created->height = height;
	created->format = format;
	created->stride = width * edge_pixel_size(format);
	created->data = calloc(height, created->stride);
	if (!created->data) {
		free(created);
		return edge_fail_memory(error);
	}
	*image = created;
	return EDGE_OK;
}

enum edge_status edge_image_make(const struct edge_image_source *source, uint64_t width,
				 uint64_t height, struct edge_image **image,
				 struct edge_error *error)
{
	if (!width || !height)
		return edge_fail(error, EDGE_BAD_FORMAT, "%s: the image is empty", source->path);
	if (width > EDGE_IMAGE_MAX_SIDE || height > EDGE_IMAGE_MAX_SIDE)
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "%s: %llu x %llu pixels; sides may be %d: scale it down",
				 source->path, (unsigned long long)width,
				 (unsigned long long)height, EDGE_IMAGE_MAX_SIDE);
	if (width * height > source->limits->image_pixels)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "%s: %llu x %llu are %s", source->path,
				 (unsigned long long)width, (unsigned long long)height,
				 EDGE_OVER(source->limits, image_pixels));
	return make(width, height, EDGE_PIXEL_RGB8, image, error);
}

enum edge_status edge_image_create(int width, int height, enum edge_pixel_format format,
				   struct edge_image **image, struct edge_error *error)
{
	if (!image || !edge_pixel_size(format) || width < 1 || height < 1 ||
	    width > EDGE_IMAGE_MAX_SIDE || height > EDGE_IMAGE_MAX_SIDE ||
	    (uint64_t)width * (uint64_t)height > EDGE_IMAGE_MAX_PIXELS)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "an image of %d x %d pixels, format %d, cannot be made", width,
				 height, (int)format);
	return make(width, height, format, image, error);
}

void edge_image_destroy(struct edge_image *image)
{
	if (!image)
		return;
	free(image->data);
	free(image);
}

enum edge_status edge_image_load(const char *path, struct edge_image **image,
				 struct edge_error *error)
{
	return edge_image_load_within(path, NULL, image, error);
}

enum edge_status edge_image_load_within(const char *path, const struct edge_limits *limits,
					struct edge_image **image, struct edge_error *error)
{
	const struct edge_limits filled = edge_limits_fill(limits);
	struct edge_image_source source = { .path = path, .limits = &filled };
	enum edge_status status;
	struct edge_file file;

	if (!path || !image)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "a path and an image are needed");
	status = edge_file_map(path, &filled, &file, error);
	if (status)
		return status;
	source.data = file.data;
	source.size = file.size;
	for (size_t i = 0; i < NUM_CODECS; i++) {
		if (codecs[i]->recognise(file.data, file.size)) {
			status = codecs[i]->decode(&source, image, error);
			goto unmap;
		}
	}
	status = edge_fail(error, EDGE_BAD_FORMAT,
			   "%s: neither JPEG, PNG nor binary PPM or PGM; convert it to one", path);
unmap:
	edge_file_unmap(&file);
	return status;
}

static bool ends_in(const char *path, const char *suffix)
{
	size_t path_length = strlen(path), suffix_length = strlen(suffix);

	return path_length > suffix_length &&
	       !strcasecmp(path + path_length - suffix_length, suffix);
}

static const struct edge_image_codec *codec_for(const char *path)
{
	for (size_t i = 0; i < NUM_CODECS; i++) {
		const char *const *suffix = codecs[i]->suffixes;

		for (; suffix && *suffix; suffix++) {
			if (ends_in(path, *suffix))
				return codecs[i];
		}
	}
	return NULL;
}

enum edge_status edge_image_save(const struct edge_image *image, const char *path,
				 struct edge_error *error)
{
	const struct edge_image_codec *codec;
	struct edge_file_part part;
	enum edge_status status;
	uint8_t *bytes;
	size_t size;

	if (!path)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "a path is needed");
	status = edge_image_check(image, error);
	if (status)
		return status;
	codec = codec_for(path);
	if (!codec)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "%s: the name must end in .jpg, .jpeg or .png", path);
	status = codec->encode(image, path, &bytes, &size, error);
	if (status)
		return status;
	part.data = bytes;
	part.size = size;
	status = edge_file_write(path, &part, 1, error);
	free(bytes);
	return status;
}
