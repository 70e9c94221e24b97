// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/error.h"
#include "base/log.h"
#include "vision/codec.h"

/* Boxes and labels are drawn in saturated colours, which subsampled chroma would smear. */
#define SAVED_QUALITY 92
#define SAVED_SAMPLING TJSAMP_444

static bool recognise(const uint8_t *data, size_t size)
{
	return size >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff;
}

/* "Insufficient memory", "Memory allocation failure": there is no code for it. */
static bool has_no_memory(tjhandle turbo)
{
	return strcasestr(tjGetErrorStr2(turbo), "memory");
}

static enum edge_status read_failed(tjhandle turbo, const char *path, struct edge_error *error)
{
	const char *message = tjGetErrorStr2(turbo);

	if (has_no_memory(turbo))
		return edge_fail_memory(error);
	return edge_fail(error, EDGE_BAD_FORMAT, "%s: the JPEG file is damaged: %s", path, message);
}

static enum edge_status read_header(tjhandle turbo, const struct edge_image_source *source,
				    int *width, int *height, struct edge_error *error)
{
	const char *path = source->path;
	int subsampling = 0, colour_space = 0;

	/* A stream of tables alone is no error, and leaves all of these as they are. */
	*width = *height = 0;
	if (tjDecompressHeader3(turbo, source->data, source->size, width, height, &subsampling,
				&colour_space) < 0)
		return read_failed(turbo, path, error);
	if (colour_space == TJCS_CMYK || colour_space == TJCS_YCCK)
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "%s: a JPEG file in printing colours (CMYK); convert it to RGB",
				 path);
	return EDGE_OK;
}

static enum edge_status decode(const struct edge_image_source *source, struct edge_image **image,
			       struct edge_error *error)
{
	const char *path = source->path;
	enum edge_status status;
	struct edge_image *out;
	int width, height;
	tjhandle turbo;

	turbo = tjInitDecompress();
	if (!turbo)
		return edge_fail_memory(error);
	status = read_header(turbo, source, &width, &height, error);
	if (status)
		goto destroy_turbo;
	status = edge_image_make(source, width, height, &out, error);
	if (status)
		goto destroy_turbo;
	/* Scans without end over a large picture would take for ever. */
	if (tjDecompress2(turbo, source->data, source->size, out->data, width, out->stride, height,
			  TJPF_RGB, TJFLAG_LIMITSCANS) < 0) {
		if (tjGetErrorCode(turbo) == TJERR_FATAL) {
			status = read_failed(turbo, path, error);
			edge_image_destroy(out);
			goto destroy_turbo;
		}
		/* Cameras write files with small faults, and cut frames short: use what there is.
		 */
		edge_log(EDGE_LOG_WARNING, "%s: part of the picture may be missing: %s", path,
			 tjGetErrorStr2(turbo));
	}
	*image = out;
destroy_turbo:
	tjDestroy(turbo);
	return status;
}

static int turbo_format(enum edge_pixel_format format)
{
	static const int formats[] = {
		[EDGE_PIXEL_RGB8] = TJPF_RGB,	[EDGE_PIXEL_BGR8] = TJPF_BGR,
		[EDGE_PIXEL_RGBX8] = TJPF_RGBX, [EDGE_PIXEL_BGRX8] = TJPF_BGRX,
		[EDGE_PIXEL_GRAY8] = TJPF_GRAY,
	};

	return formats[format];
}

static enum edge_status encode(const struct edge_image *image, const char *path, uint8_t **bytes,
			       size_t *size, struct edge_error *error)
{
	int sampling = image->format == EDGE_PIXEL_GRAY8 ? TJSAMP_GRAY : SAVED_SAMPLING;
	enum edge_status status = EDGE_OK;
	unsigned long length;
	tjhandle turbo;

	turbo = tjInitCompress();
	if (!turbo)
		return edge_fail_memory(error);
	/* Allocated here, so that free() is right for it whatever the library was built with. */
	length = tjBufSize(image->width, image->height, sampling);
	*bytes = malloc(length);
	if (!*bytes) {
		status = edge_fail_memory(error);
		goto destroy_turbo;
	}
	if (tjCompress2(turbo, image->data, image->width, image->stride, image->height,
			turbo_format(image->format), bytes, &length, sampling, SAVED_QUALITY,
			TJFLAG_NOREALLOC) < 0) {
		status = has_no_memory(turbo) ? edge_fail_memory(error)
					      : edge_fail(error, EDGE_INVALID_ARGUMENT,
							  "%s: cannot be written as JPEG: %s", path,
							  tjGetErrorStr2(turbo));
		free(*bytes);
		goto destroy_turbo;
	}
	*size = length;
destroy_turbo:
	tjDestroy(turbo);
	return status;
}

static const char *const suffixes[] = { ".jpg", ".jpeg", NULL };

const struct edge_image_codec edge_image_jpeg = {
	.name = "JPEG",
	.suffixes = suffixes,
	.recognise = recognise,
	.decode = decode,
	.encode = encode,
};
