/* SPDX-License-Identifier: MIT */
/* How pixel values become elements of an input tensor. */
#ifndef EDGE_VISION_STORE_H
#define EDGE_VISION_STORE_H

#include <stdbool.h>

#include "vision/preprocess.h"

/**
 * struct edge_store - where and as what an input tensor holds pixels
 * @scale, @bias: f32 holds pixel * scale + bias
 * @table: what u8 and i8 hold for each pixel value; a byte of the same bits for either type
 * @straight: u8 and i8 hold the pixel itself, its highest bit flipped by @flip for i8
 *
 * Strides are in elements.
 */
struct edge_store {
	enum edge_type type;
	int width, height, channels;
	int64_t stride_x, stride_y, stride_c;
	float scale[3], bias[3];
	uint8_t table[3][256];
	bool straight;
	uint8_t flip;
};

/* Reads shape and strides of @input; EDGE_UNSUPPORTED when it is no image. */
enum edge_status edge_store_init(struct edge_store *store, const struct edge_view *input,
				 struct edge_error *error);

/* Sets what a pixel value is stored as. */
void edge_store_set_values(struct edge_store *store,
			   const struct edge_preprocess_settings *settings);

/* Writes @count pixels of row @y from column @x on; @line has them as planes, one channel of the
 * tensor after the other. */
void edge_store_line(const struct edge_store *store, const uint8_t *line, int x, int y, int count,
		     void *data);

/* Whether a row of the tensor is a row of a picture of that many channels. */
bool edge_store_is_picture(const struct edge_store *store);

/* The same for such a tensor and for @pixels that lie in the order of its channels. */
void edge_store_pixels(const struct edge_store *store, const uint8_t *pixels, int x, int y,
		       int count, void *data);

#endif
