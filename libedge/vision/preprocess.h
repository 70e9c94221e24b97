/* SPDX-License-Identifier: MIT */
/*
 * From an image's pixels to the network's input tensor in one pass: fit, colour order, normalise,
 * quantise.
 *
 * Pixels are interpolated bilinearly between pixel centres, with the weights (11 bits), the
 * rounding and the result (8 bits) of OpenCV's resize() with INTER_LINEAR, with which most
 * detectors were trained or published: scores then agree with pipelines built on it.
 */
#ifndef EDGE_VISION_PREPROCESS_H
#define EDGE_VISION_PREPROCESS_H

#include "edge/image.h"
#include "edge/tensor.h"

enum edge_fit {
	EDGE_FIT_STRETCH, /* fill the input, whatever becomes of the proportions */
	EDGE_FIT_LETTERBOX, /* keep the proportions, image at the top left, the rest padded */
	EDGE_FIT_LETTERBOX_CENTRE, /* the same, image in the middle */
};

enum edge_colour {
	EDGE_COLOUR_RGB, /* the tensor's first channel is red */
	EDGE_COLOUR_BGR,
};

/**
 * struct edge_preprocess_settings - what the network was trained with
 * @mean, @scale: the tensor's value is (pixel - mean) * scale, pixel 0 to 255, by channel of the
 *	tensor
 * @pad: pixel value of the padding, 0 to 255
 * @colour: for tensors of three channels; one channel gets the luma
 * @step, @zero_point: of u8 and i8 tensors: value = step * (stored - zero_point). Where that leaves
 *	every pixel within one step of the pixel itself (of i8: less 128), pixels are stored as they
 *	are: such tensors are quantised for just that, and a step that is a little off (1 / 128
 *	for 1 / 127.5) or ties at each half would only cost pairs of values.
 */
struct edge_preprocess_settings {
	enum edge_fit fit;
	enum edge_colour colour;
	float mean[3];
	float scale[3];
	uint8_t pad;
	float step;
	int zero_point;
};

/**
 * struct edge_window - where an image lies in the input
 * @x, @y: of the image's top left corner, in pixels of the input
 * @scale_x, @scale_y: pixels of the image for one of the input
 * @width, @height: of the image
 */
struct edge_window {
	float x, y;
	float scale_x, scale_y;
	int width, height;
};

static inline float edge_window_image_x(const struct edge_window *window, float x)
{
	return (x - window->x) * window->scale_x;
}

static inline float edge_window_image_y(const struct edge_window *window, float y)
{
	return (y - window->y) * window->scale_y;
}

/* Width and height in pixels of the tensor @input, which is [1, C, H, W] or [1, H, W, C];
 * EDGE_UNSUPPORTED when it is no image. */
enum edge_status edge_preprocess_size(const struct edge_view *input, int *width, int *height,
				      struct edge_error *error);

/* The pass for one tensor; keeps its tables while images of one size come. */
struct edge_preprocess;

/**
 * edge_preprocess_create() - prepare the pass into tensors that lie as @input says
 * @input: f32, u8 or i8; [1, C, H, W] or [1, H, W, C] with C 1 or 3; any strides; its data is not
 *	used
 *
 * Return: EDGE_OK, EDGE_UNSUPPORTED when @input is no image, or EDGE_OUT_OF_MEMORY.
 */
enum edge_status edge_preprocess_create(const struct edge_preprocess_settings *settings,
					const struct edge_view *input,
					struct edge_preprocess **preprocess,
					struct edge_error *error);

/* Accepts NULL. */
void edge_preprocess_destroy(struct edge_preprocess *preprocess);

/**
 * edge_preprocess_run() - fill the tensor at @data from @image
 * @image: has passed edge_image_check()
 * @window: set
 *
 * Allocates nothing.
 */
void edge_preprocess_run(struct edge_preprocess *preprocess, const struct edge_image *image,
			 void *data, struct edge_window *window);

#endif
