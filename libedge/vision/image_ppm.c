// SPDX-License-Identifier: MIT
/*
 * Binary PPM (P6) and PGM (P5), https://netpbm.sourceforge.net/doc/ppm.html: a text header of
 * width, height and largest value, one white-space byte, then samples of one byte, or of two, most
 * significant first, where the largest value is above 255.
 */
#include <ctype.h>

#include "base/error.h"
#include "vision/codec.h"

struct header {
	uint32_t width;
	uint32_t height;
	uint32_t maximum;
	size_t size; /* bytes up to the samples */
};

static bool recognise(const uint8_t *data, size_t size)
{
	return size >= 3 && data[0] == 'P' && (data[1] == '5' || data[1] == '6') &&
	       (isspace(data[2]) || data[2] == '#');
}

static void skip_space(const uint8_t *data, size_t size, size_t *at)
{
	while (*at < size && (isspace(data[*at]) || data[*at] == '#')) {
		if (data[*at] == '#') {
			while (*at < size && data[*at] != '\n')
				(*at)++;
		} else {
			(*at)++;
		}
	}
}

static bool read_number(const uint8_t *data, size_t size, size_t *at, uint32_t *number)
{
	size_t start;

	skip_space(data, size, at);
	start = *at;
	*number = 0;
	while (*at < size && isdigit(data[*at])) {
		/* Far above every limit, and far from an overflow. */
		if (*number < 100000000)
			*number = *number * 10 + (data[*at] - '0');
		(*at)++;
	}
	return *at > start;
}

static bool read_header(const uint8_t *data, size_t size, struct header *header)
{
	size_t at = 2;

	if (!read_number(data, size, &at, &header->width) ||
	    !read_number(data, size, &at, &header->height) ||
	    !read_number(data, size, &at, &header->maximum))
		return false;
	if (at >= size || !isspace(data[at]))
		return false;
	header->size = at + 1;
	return header->maximum >= 1 && header->maximum <= 65535;
}

static void convert(const uint8_t *samples, const struct header *header, int channels,
		    struct edge_image *image)
{
	uint32_t maximum = header->maximum;
	size_t count = (size_t)header->width * header->height * channels;
	int copies = channels == 1 ? 3 : 1;
	uint8_t *out = image->data;

	for (size_t i = 0; i < count; i++) {
		uint32_t value = maximum > 255 ? samples[2 * i] << 8 | samples[2 * i + 1]
					       : samples[i];

		if (value > maximum)
			value = maximum;
		for (int copy = 0; copy < copies; copy++)
			*out++ = (value * 255 + maximum / 2) / maximum;
	}
}

static enum edge_status decode(const struct edge_image_source *source, struct edge_image **image,
			       struct edge_error *error)
{
	const uint8_t *data = source->data;
	size_t size = source->size;
	int channels = data[1] == '6' ? 3 : 1;
	enum edge_status status;
	struct header header;
	size_t needed;

	if (!read_header(data, size, &header))
		return edge_fail(error, EDGE_BAD_FORMAT, "%s: the header of the %s file is damaged",
				 source->path, channels == 3 ? "PPM" : "PGM");
	needed = (size_t)header.width * header.height * channels * (header.maximum > 255 ? 2 : 1);
	if (size - header.size < needed)
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "%s: %zu bytes of pixels where %u x %u pixels take %zu; the file "
				 "has been cut",
				 source->path, size - header.size, header.width, header.height,
				 needed);
	status = edge_image_make(source, header.width, header.height, image, error);
	if (status)
		return status;
	convert(data + header.size, &header, channels, *image);
	return EDGE_OK;
}

const struct edge_image_codec edge_image_ppm = {
	.name = "PPM",
	.recognise = recognise,
	.decode = decode,
};
