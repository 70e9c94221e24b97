// SPDX-License-Identifier: MIT
#include "vision/store.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Larger inputs than any detector's; keeps products of sides and channels in an int. */
#define MAX_SIDE 16384

static bool is_image(const struct edge_view *input, int channel_dim)
{
	int64_t channels = input->dims[channel_dim];
	int64_t height = input->dims[channel_dim == 1 ? 2 : 1];
	int64_t width = input->dims[channel_dim == 1 ? 3 : 2];

	return (channels == 1 || channels == 3) && height >= 1 && height <= MAX_SIDE &&
	       width >= 1 && width <= MAX_SIDE;
}

enum edge_status edge_store_init(struct edge_store *store, const struct edge_view *input,
				 struct edge_error *error)
{
	int c;

	if (input->type != EDGE_F32 && input->type != EDGE_U8 && input->type != EDGE_I8)
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "the input is of type %s; images go into f32, u8 or i8",
				 edge_type_name(input->type));
	if (input->rank != 4 || input->dims[0] != 1 || (!is_image(input, 1) && !is_image(input, 3)))
		return edge_fail(error, EDGE_UNSUPPORTED,
				 "the input is not one image of 1 or 3 channels; state its shape "
				 "or export the model for one image");
	c = is_image(input, 1) ? 1 : 3;
	memset(store, 0, sizeof(*store));
	store->type = input->type;
	store->channels = input->dims[c];
	store->height = input->dims[c == 1 ? 2 : 1];
	store->width = input->dims[c == 1 ? 3 : 2];
	store->stride_c = input->strides[c];
	store->stride_y = input->strides[c == 1 ? 2 : 1];
	store->stride_x = input->strides[c == 1 ? 3 : 2];
	return EDGE_OK;
}

/* The nearest stored integer, ties to even as QuantizeLinear has them. */
static int quantise(float value, const struct edge_preprocess_settings *settings, int low)
{
	float stored = nearbyintf(value / settings->step) + settings->zero_point;

	return (int)fminf(fmaxf(stored, (float)low), (float)(low + 255));
}

void edge_store_set_values(struct edge_store *store,
			   const struct edge_preprocess_settings *settings)
{
	int low = store->type == EDGE_I8 ? -128 : 0;

	store->flip = store->type == EDGE_I8 ? 0x80 : 0;
	store->straight = store->type != EDGE_F32;
	for (int c = 0; c < store->channels; c++) {
		store->scale[c] = settings->scale[c];
		store->bias[c] = -settings->mean[c] * settings->scale[c];
		for (int pixel = 0; pixel < 256 && store->type != EDGE_F32; pixel++) {
			float value = pixel * store->scale[c] + store->bias[c];
			int stored = quantise(value, settings, low);

			store->table[c][pixel] = (uint8_t)stored;
			store->straight &= abs(stored - low - pixel) <= 1;
		}
	}
}

static void put_f32(const uint8_t *restrict line, float scale, float bias, int count,
		    int64_t stride, float *restrict out)
{
	if (stride == 1) {
		for (int x = 0; x < count; x++)
			out[x] = line[x] * scale + bias;
	} else {
		for (int x = 0; x < count; x++)
			out[x * stride] = line[x] * scale + bias;
	}
}

/* Channels innermost, without a gap: one sweep over the tensor instead of three. */
static void put_f32_pixels(const uint8_t *restrict line, const float *scale, const float *bias,
			   int count, float *restrict out)
{
	const float scale0 = scale[0], scale1 = scale[1], scale2 = scale[2];
	const float bias0 = bias[0], bias1 = bias[1], bias2 = bias[2];
	const uint8_t *second = line + count, *third = second + count;

	for (int x = 0; x < count; x++) {
		out[3 * x] = line[x] * scale0 + bias0;
		out[3 * x + 1] = second[x] * scale1 + bias1;
		out[3 * x + 2] = third[x] * scale2 + bias2;
	}
}

static void put_bytes(const uint8_t *restrict line, const uint8_t *restrict table, int count,
		      int64_t stride, uint8_t *restrict out)
{
	for (int x = 0; x < count; x++)
		out[x * stride] = table[line[x]];
}

static void put_straight(const uint8_t *restrict line, uint8_t flip, int count, int64_t stride,
			 uint8_t *restrict out)
{
	if (stride == 1) {
		for (int x = 0; x < count; x++)
			out[x] = line[x] ^ flip;
	} else {
		for (int x = 0; x < count; x++)
			out[x * stride] = line[x] ^ flip;
	}
}

/* Three bytes and the one behind them, which the next pixel overwrites: one store instead of three. */
static void put_pixel(uint8_t *out, uint32_t first, uint32_t second, uint32_t third)
{
	uint32_t pixel = htole32(first | second << 8 | third << 16);

	memcpy(out, &pixel, sizeof(pixel));
}

static void put_straight_pixels(const uint8_t *restrict line, uint8_t flip, int count,
				uint8_t *restrict out)
{
	const uint8_t *second = line + count, *third = second + count;
	int last = count - 1;

	for (int x = 0; x < last; x++)
		put_pixel(out + 3 * x, line[x] ^ flip, second[x] ^ flip, third[x] ^ flip);
	out[3 * last] = line[last] ^ flip;
	out[3 * last + 1] = second[last] ^ flip;
	out[3 * last + 2] = third[last] ^ flip;
}

static void put_byte_pixels(const uint8_t *restrict line, const uint8_t (*restrict table)[256],
			    int count, uint8_t *restrict out)
{
	const uint8_t *second = line + count, *third = second + count;
	int last = count - 1;

	for (int x = 0; x < last; x++)
		put_pixel(out + 3 * x, table[0][line[x]], table[1][second[x]], table[2][third[x]]);
	out[3 * last] = table[0][line[last]];
	out[3 * last + 1] = table[1][second[last]];
	out[3 * last + 2] = table[2][third[last]];
}

static void put_channel(const struct edge_store *store, int c, const uint8_t *line, int count,
			void *data, int64_t at)
{
	if (store->type == EDGE_F32)
		put_f32(line, store->scale[c], store->bias[c], count, store->stride_x,
			(float *)data + at);
	else if (store->straight)
		put_straight(line, store->flip, count, store->stride_x, (uint8_t *)data + at);
	else
		put_bytes(line, store->table[c], count, store->stride_x, (uint8_t *)data + at);
}

void edge_store_line(const struct edge_store *store, const uint8_t *line, int x, int y, int count,
		     void *data)
{
	int64_t start = y * store->stride_y + x * store->stride_x;
	bool pixels = store->channels == 3 && store->stride_c == 1 && store->stride_x == 3;

	if (pixels && store->type == EDGE_F32) {
		put_f32_pixels(line, store->scale, store->bias, count, (float *)data + start);
		return;
	}
	if (pixels && store->straight) {
		put_straight_pixels(line, store->flip, count, (uint8_t *)data + start);
		return;
	}
	if (pixels) {
		put_byte_pixels(line, store->table, count, (uint8_t *)data + start);
		return;
	}
	for (int c = 0; c < store->channels; c++)
		put_channel(store, c, line + (ptrdiff_t)c * count, count, data,
			    start + c * store->stride_c);
}

bool edge_store_is_picture(const struct edge_store *store)
{
	return store->straight && store->stride_c == 1 && store->stride_x == store->channels;
}

void edge_store_pixels(const struct edge_store *store, const uint8_t *pixels, int x, int y,
		       int count, void *data)
{
	int64_t start = y * store->stride_y + x * store->stride_x;

	put_straight(pixels, store->flip, count * store->channels, 1, (uint8_t *)data + start);
}
