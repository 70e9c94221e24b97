// SPDX-License-Identifier: MIT
/*
 * TensorFlow Lite models, run and compared with plain loops in the file's order of dimensions, with
 * values by hand, and with TensorFlow Lite's own example of its detection operator.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/edge.h"
#include "tflite_model.h"

/* Numbers of the schema. */
enum {
	ADD = 0,
	AVERAGE_POOL_2D = 1,
	CONCATENATION = 2,
	CONV_2D = 3,
	DEPTHWISE_CONV_2D = 4,
	DEQUANTIZE = 6,
	FULLY_CONNECTED = 9,
	LOGISTIC = 14,
	LSTM = 16,
	MAX_POOL_2D = 17,
	MUL = 18,
	RESHAPE = 22,
	RESIZE_BILINEAR = 23,
	SOFTMAX = 25,
	CUSTOM = 32,
	PAD = 34,
	MEAN = 40,
	STRIDED_SLICE = 45,
	SPLIT = 49,
	TRANSPOSE_CONV = 67,
	SHAPE = 77,
	PACK = 83,
	RESIZE_NEAREST_NEIGHBOR = 97,
};

#define VALID 1
#define RELU6 3

static struct edge_model *load(const struct lite_model *lite)
{
	struct lite_file file = lite_write(lite);
	struct edge_model *model = NULL;
	struct edge_error error = { 0 };

	if (edge_model_load_memory(file.data, file.size, "test.tflite", NULL, &model, &error))
		fail_msg("%s", error.message);
	free(file.data);
	return model;
}

static void refuse(const struct lite_model *lite, enum edge_status status, const char *words)
{
	struct lite_file file = lite_write(lite);
	struct edge_model *model = NULL;
	struct edge_error error = { 0 };

	assert_int_equal(edge_model_load_memory(file.data, file.size, "test.tflite", NULL, &model,
						&error),
			 status);
	assert_null(model);
	if (strncmp(error.message, "test.tflite: ", 13) || !strstr(error.message, words))
		fail_msg("'%s' lacks '%s'", error.message, words);
	free(file.data);
}

static int64_t count_elements(const struct edge_view *view)
{
	int64_t count = 1;

	for (int i = 0; i < view->rank; i++)
		count *= view->dims[i];
	return count;
}

/* Where element @index, row-major, lies. */
static int64_t place(const struct edge_view *view, int64_t index)
{
	int64_t at = 0;

	for (int i = view->rank - 1; i >= 0; i--) {
		at += index % view->dims[i] * view->strides[i];
		index /= view->dims[i];
	}
	return at;
}

static void write_input(const struct edge_view *view, const double *values)
{
	for (int64_t i = 0; i < count_elements(view); i++) {
		int64_t at = place(view, i);

		if (view->type == EDGE_F32)
			((float *)view->data)[at] = values[i];
		else
			((uint8_t *)view->data)[at] = (int)values[i];
	}
}

static double read_element(const struct edge_view *view, int64_t index)
{
	int64_t at = place(view, index);

	switch (view->type) {
	case EDGE_F32:
		return ((float *)view->data)[at];
	case EDGE_I8:
		return ((int8_t *)view->data)[at];
	case EDGE_I32:
		return ((int32_t *)view->data)[at];
	case EDGE_I64:
		return ((int64_t *)view->data)[at];
	default:
		return ((uint8_t *)view->data)[at];
	}
}

struct run {
	struct edge_model *model;
	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
};

static void start(struct run *run, const struct lite_model *lite, const double *const *inputs)
{
	struct edge_error error = { 0 };

	run->model = load(lite);
	if (edge_compile(run->model, NULL, &run->program, &error) ||
	    edge_session_create(run->program, NULL, &run->session, &error) ||
	    edge_request_create(run->session, &run->request, &error))
		fail_msg("%s", error.message);
	for (size_t i = 0; i < edge_model_num_inputs(run->model); i++) {
		struct edge_view view;

		edge_request_input(run->request, i, &view);
		write_input(&view, inputs[i]);
	}
	if (edge_request_run(run->request, &error))
		fail_msg("%s", error.message);
}

static void stop(struct run *run)
{
	edge_request_destroy(run->request);
	edge_session_destroy(run->session);
	edge_program_destroy(run->program);
	edge_model_destroy(run->model);
}

static void assert_output(const struct run *run, size_t index, int rank, const int32_t *dims,
			  const double *expected, double tolerance)
{
	struct edge_view view;

	assert_int_equal(edge_request_output(run->request, index, &view), EDGE_OK);
	assert_int_equal(view.rank, rank);
	for (int i = 0; i < rank; i++)
		assert_int_equal(view.dims[i], dims[i]);
	for (int64_t i = 0; i < count_elements(&view); i++) {
		if (!(fabs(read_element(&view, i) - expected[i]) <= tolerance))
			fail_msg("element %lld is %g, not %g", (long long)i, read_element(&view, i),
				 expected[i]);
	}
}

/* Runs on one input and checks the only output. */
static void check(const struct lite_model *lite, const double *input, int rank, const int32_t *dims,
		  const double *expected, double tolerance)
{
	struct run run;

	start(&run, lite, &input);
	assert_output(&run, 0, rank, dims, expected, tolerance);
	stop(&run);
}

/* Numbers from -1 to 1, another sequence for another @seed. */
static void fill(double *values, int count, unsigned int seed)
{
	uint32_t state = seed * 2654435761u + 12345;

	for (int i = 0; i < count; i++) {
		state = state * 1664525u + 1013904223u;
		values[i] = (double)(state >> 8) / (1 << 23) - 1;
	}
}

static void to_floats(const double *values, int count, float *floats)
{
	for (int i = 0; i < count; i++)
		floats[i] = values[i];
}

/**
 * struct image_conv - a convolution over x[1, h, w, c] with plain loops
 * @depthwise: output m is of input m / (m / c)
 */
struct image_conv {
	int h, w, c, kh, kw, m, stride, dilation, y_h, y_w;
	bool depthwise;
};

/* TensorFlow's SAME: half of what is missing in front, rounded down. */
static int same_pad(int size, int kernel, int stride, int dilation, int *out)
{
	int total;

	*out = (size + stride - 1) / stride;
	total = (*out - 1) * stride + (kernel - 1) * dilation + 1 - size;
	return total > 0 ? total / 2 : 0;
}

/* weights [m, kh, kw, c], depthwise [1, kh, kw, m]. */
static void convolve(struct image_conv *conv, const double *x, const double *weight,
		     const double *bias, bool same, double *y)
{
	int top = 0, left = 0;

	conv->y_h = (conv->h - (conv->kh - 1) * conv->dilation - 1) / conv->stride + 1;
	conv->y_w = (conv->w - (conv->kw - 1) * conv->dilation - 1) / conv->stride + 1;
	if (same) {
		top = same_pad(conv->h, conv->kh, conv->stride, conv->dilation, &conv->y_h);
		left = same_pad(conv->w, conv->kw, conv->stride, conv->dilation, &conv->y_w);
	}
	for (int i = 0; i < conv->y_h * conv->y_w * conv->m; i++) {
		int m = i % conv->m, column = i / conv->m % conv->y_w,
		    row = i / conv->m / conv->y_w;

		y[i] = bias[m];
		for (int k = 0; k < conv->kh * conv->kw * conv->c; k++) {
			int c = k % conv->c, kx = k / conv->c % conv->kw,
			    ky = k / conv->c / conv->kw;
			int yy = row * conv->stride - top + ky * conv->dilation;
			int xx = column * conv->stride - left + kx * conv->dilation;

			if (yy < 0 || yy >= conv->h || xx < 0 || xx >= conv->w)
				continue;
			if (!conv->depthwise)
				y[i] += x[(yy * conv->w + xx) * conv->c + c] *
					weight[m * conv->kh * conv->kw * conv->c + k];
			else if (c == m / (conv->m / conv->c))
				y[i] += x[(yy * conv->w + xx) * conv->c + c] *
					weight[(ky * conv->kw + kx) * conv->m + m];
		}
	}
}

static void convolution(void **state)
{
	for (int same = 0; same < 2; same++) {
		for (int stride = 1; stride < 3; stride++) {
			struct image_conv conv = { .h = 7,
						   .w = 6,
						   .c = 3,
						   .kh = 3,
						   .kw = 2,
						   .m = 4,
						   .stride = stride,
						   .dilation = stride == 1 ? 2 : 1 };
			double x[7 * 6 * 3], w[4 * 3 * 2 * 3], b[4], y[7 * 6 * 4];
			float weight[4 * 3 * 2 * 3], bias[4];
			struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 3, -1 } };
			struct lite_operator *op;

			fill(x, 7 * 6 * 3, 1);
			fill(w, 4 * 3 * 2 * 3, 2);
			fill(b, 4, 3);
			to_floats(w, 4 * 3 * 2 * 3, weight);
			to_floats(b, 4, bias);
			convolve(&conv, x, w, b, same, y);
			lite_tensor(&model, "x", LITE_F32, DIMS(1, 7, 6, 3), NULL);
			lite_tensor(&model, "w", LITE_F32, DIMS(4, 3, 2, 3), weight);
			lite_tensor(&model, "b", LITE_F32, DIMS(4), bias);
			lite_tensor(&model, "y", LITE_F32, DIMS(1, conv.y_h, conv.y_w, 4), NULL);
			op = lite_operator(&model, CONV_2D, 0, 1, 2, 3);
			lite_option(op, 0, 1, same ? 0 : VALID);
			lite_option(op, 1, 4, stride);
			lite_option(op, 2, 4, stride);
			lite_option(op, 4, 4, conv.dilation);
			lite_option(op, 5, 4, conv.dilation);
			check(&model, x, DIMS(1, conv.y_h, conv.y_w, 4), y, 1e-4);
		}
	}
}

static void depthwise_convolution_with_multiplier(void **state)
{
	struct image_conv conv = { .h = 5,
				   .w = 5,
				   .c = 2,
				   .kh = 3,
				   .kw = 3,
				   .m = 4,
				   .stride = 2,
				   .dilation = 1,
				   .depthwise = true };
	double x[5 * 5 * 2], w[3 * 3 * 4], b[4], y[5 * 5 * 4];
	float weight[3 * 3 * 4], bias[4];
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 3, -1 } };
	struct lite_operator *op;

	fill(x, 5 * 5 * 2, 4);
	fill(w, 3 * 3 * 4, 5);
	fill(b, 4, 6);
	to_floats(w, 3 * 3 * 4, weight);
	to_floats(b, 4, bias);
	convolve(&conv, x, w, b, true, y);
	for (int i = 0; i < conv.y_h * conv.y_w * 4; i++)
		y[i] = fmin(fmax(y[i], 0), 6);
	lite_tensor(&model, "x", LITE_F32, DIMS(1, 5, 5, 2), NULL);
	lite_tensor(&model, "w", LITE_F32, DIMS(1, 3, 3, 4), weight);
	lite_tensor(&model, "b", LITE_F32, DIMS(4), bias);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 3, 3, 4), NULL);
	op = lite_operator(&model, DEPTHWISE_CONV_2D, 0, 1, 2, 3);
	lite_option(op, 1, 4, 2);
	lite_option(op, 2, 4, 2);
	lite_option(op, 3, 4, 2);
	lite_option(op, 4, 1, RELU6);
	check(&model, x, DIMS(1, 3, 3, 4), y, 1e-4);
}

/* Each input goes, times the kernel, to where it came from. */
static void transposed_convolution(void **state)
{
	static const int32_t size[] = { 1, 5, 5, 2 };
	double x[2 * 2 * 3], w[2 * 3 * 3 * 3], y[5 * 5 * 2] = { 0 };
	float weight[2 * 3 * 3 * 3];
	struct lite_model model = { .inputs = { 2, -1 }, .outputs = { 3, -1 } };
	struct lite_operator *op;

	fill(x, 2 * 2 * 3, 7);
	fill(w, 2 * 3 * 3 * 3, 8);
	to_floats(w, 2 * 3 * 3 * 3, weight);
	for (int i = 0; i < 2 * 2 * 3; i++) {
		for (int k = 0; k < 2 * 3 * 3; k++) {
			int row = i / 6 * 2 + k / 3 % 3, column = i / 3 % 2 * 2 + k % 3;

			y[(row * 5 + column) * 2 + k / 9] += x[i] * w[k * 3 + i % 3];
		}
	}
	lite_tensor(&model, "size", LITE_I32, DIMS(4), size);
	lite_tensor(&model, "w", LITE_F32, DIMS(2, 3, 3, 3), weight);
	lite_tensor(&model, "x", LITE_F32, DIMS(1, 2, 2, 3), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 5, 5, 2), NULL);
	op = lite_operator(&model, TRANSPOSE_CONV, 0, 1, 2, 3);
	lite_option(op, 0, 1, VALID);
	lite_option(op, 1, 4, 2);
	lite_option(op, 2, 4, 2);
	check(&model, x, DIMS(1, 5, 5, 2), y, 1e-4);
}

/* The average of windows that reach beyond the border is over what is inside. */
static void average_pool_leaves_the_border_out(void **state)
{
	static const double x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static const double y[] = { 3, 4.5, 7.5, 9 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 1, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 3, 3, 1), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 2, 2, 1), NULL);
	op = lite_operator(&model, AVERAGE_POOL_2D, 0, -1, -1, 1);
	lite_option(op, 1, 4, 2);
	lite_option(op, 2, 4, 2);
	lite_option(op, 3, 4, 2);
	lite_option(op, 4, 4, 2);
	check(&model, x, DIMS(1, 2, 2, 1), y, 1e-5);
}

static void fully_connected_flattens(void **state)
{
	static const float w[] = { 1, 0, 0, 0, 1, 2, 3, 4 }, b[] = { 0.5f, -1 };
	static const double x[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const double y[] = { 1.5, 29, 5.5, 69 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 3, -1 } };

	lite_tensor(&model, "x", LITE_F32, DIMS(2, 1, 2, 2), NULL);
	lite_tensor(&model, "w", LITE_F32, DIMS(2, 4), w);
	lite_tensor(&model, "b", LITE_F32, DIMS(2), b);
	lite_tensor(&model, "y", LITE_F32, DIMS(2, 2), NULL);
	lite_operator(&model, FULLY_CONNECTED, 0, 1, 2, 3);
	check(&model, x, DIMS(2, 2), y, 1e-5);
}

/* Weights of halves, a bias of one for each channel of an image, a mean over height and width. */
static void operators_beside_images(void **state)
{
	static const uint16_t w[] = { 0x3c00, 0x4000 }; /* 1, 2 */
	static const float scale[] = { 10, 100 };
	static const int32_t axes[] = { 1, 2 };
	static const double x[] = { 1, 2, 3, 6 };
	static const double y[] = { 30, 600 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 7, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 2, 2, 1), NULL);
	lite_tensor(&model, "halves", LITE_F16, DIMS(2, 1, 1, 1), w);
	lite_tensor(&model, "w", LITE_F32, DIMS(2, 1, 1, 1), NULL);
	lite_tensor(&model, "c", LITE_F32, DIMS(1, 2, 2, 2), NULL);
	lite_tensor(&model, "scale", LITE_F32, DIMS(2), scale);
	lite_tensor(&model, "m", LITE_F32, DIMS(1, 2, 2, 2), NULL);
	lite_tensor(&model, "axes", LITE_I32, DIMS(2), axes);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 2), NULL);
	lite_operator(&model, DEQUANTIZE, 1, -1, -1, 2);
	op = lite_operator(&model, CONV_2D, 0, 2, -1, 3);
	lite_option(op, 1, 4, 1);
	lite_option(op, 2, 4, 1);
	lite_operator(&model, MUL, 3, 4, -1, 5);
	lite_operator(&model, MEAN, 5, 6, -1, 7);
	check(&model, x, DIMS(1, 2), y, 1e-4);
}

static void strided_slice_masks(void **state)
{
	static const int32_t begin[] = { 1, 0, 2 }, end[] = { 2, 0, -5 }, steps[] = { 1, 1, -1 };
	double x[2 * 3 * 4], y[3 * 3];
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 4, -1 } };
	struct lite_operator *op;

	fill(x, 2 * 3 * 4, 9);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			y[i * 3 + j] = x[12 + i * 4 + 2 - j];
	lite_tensor(&model, "x", LITE_F32, DIMS(2, 3, 4), NULL);
	lite_tensor(&model, "begin", LITE_I32, DIMS(3), begin);
	lite_tensor(&model, "end", LITE_I32, DIMS(3), end);
	lite_tensor(&model, "steps", LITE_I32, DIMS(3), steps);
	lite_tensor(&model, "y", LITE_F32, DIMS(3, 3), NULL);
	op = lite_operator(&model, STRIDED_SLICE, 0, 1, 2, 4);
	op->inputs[op->num_inputs++] = 3;
	lite_option(op, 1, 4, 2); /* all of the second dimension */
	lite_option(op, 4, 4, 1); /* the first one goes */
	check(&model, x, DIMS(3, 3), y, 1e-6);
}

/* Channels of an image are its last dimension, also where it was made by a pool. */
static void parts_of_images(void **state)
{
	static const int32_t axis[] = { 3 }, pads[] = { 0, 0, 1, 0, 0, 0, 0, 1 };
	static const double x[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 7, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 2, 2, 2), NULL);
	lite_tensor(&model, "p", LITE_F32, DIMS(1, 2, 2, 2), NULL);
	lite_tensor(&model, "axis", LITE_I32, 0, NULL, axis);
	lite_tensor(&model, "a", LITE_F32, DIMS(1, 2, 2, 1), NULL);
	lite_tensor(&model, "b", LITE_F32, DIMS(1, 2, 2, 1), NULL);
	lite_tensor(&model, "c", LITE_F32, DIMS(1, 2, 2, 2), NULL);
	lite_tensor(&model, "pads", LITE_I32, DIMS(4, 2), pads);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 3, 2, 3), NULL);
	op = lite_operator(&model, MAX_POOL_2D, 0, -1, -1, 1);
	for (int i = 1; i < 5; i++)
		lite_option(op, i, 4, 1);
	op = lite_operator(&model, SPLIT, 2, 1, -1, 3);
	op->outputs[op->num_outputs++] = 4;
	op = lite_operator(&model, CONCATENATION, 4, 3, -1, 5);
	lite_option(op, 0, 4, (uint32_t)-1);
	lite_operator(&model, PAD, 5, 6, -1, 7);
	check(&model, x, DIMS(1, 3, 2, 3),
	      (const double[]) { 0, 0, 0, 0, 0, 0, 2, 1, 0, 4, 3, 0, 6, 5, 0, 8, 7, 0 }, 1e-6);
}

static void resize(int code, int aligned, int half, const double *y)
{
	static const int32_t size[] = { 1, 4 };
	static const double x[] = { 0, 8 };
	int first = code == RESIZE_BILINEAR ? 2 : 0;
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 2, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 1, 2, 1), NULL);
	lite_tensor(&model, "size", LITE_I32, DIMS(2), size);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 1, 4, 1), NULL);
	op = lite_operator(&model, code, 0, 1, -1, 2);
	lite_option(op, first, 1, aligned);
	lite_option(op, first + 1, 1, half);
	check(&model, x, DIMS(1, 1, 4, 1), y, 1e-5);
}

static void coordinates_of_resize(void **state)
{
	resize(RESIZE_BILINEAR, 0, 0, (const double[]) { 0, 4, 8, 8 });
	resize(RESIZE_BILINEAR, 1, 0, (const double[]) { 0, 8 / 3.0, 16 / 3.0, 8 });
	resize(RESIZE_BILINEAR, 0, 1, (const double[]) { 0, 2, 6, 8 });
	resize(RESIZE_NEAREST_NEIGHBOR, 0, 0, (const double[]) { 0, 0, 8, 8 });
	resize(RESIZE_NEAREST_NEIGHBOR, 1, 0, (const double[]) { 0, 0, 8, 8 });
	resize(RESIZE_NEAREST_NEIGHBOR, 0, 1, (const double[]) { 0, 0, 8, 8 });
}

/* As converters write a Reshape that keeps the batch. */
static void shape_arithmetic_is_computed(void **state)
{
	static const int32_t begin[] = { 0 }, end[] = { 1 }, steps[] = { 1 }, rest[] = { -1 };
	static const double x[] = { 1, 2, 3, 4, 5, 6 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 8, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 2, 3), NULL);
	lite_tensor(&model, "shape", LITE_I32, DIMS(3), NULL);
	lite_tensor(&model, "begin", LITE_I32, DIMS(1), begin);
	lite_tensor(&model, "end", LITE_I32, DIMS(1), end);
	lite_tensor(&model, "steps", LITE_I32, DIMS(1), steps);
	lite_tensor(&model, "batch", LITE_I32, 0, NULL, NULL);
	lite_tensor(&model, "rest", LITE_I32, 0, NULL, rest);
	lite_tensor(&model, "new", LITE_I32, DIMS(2), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 6), NULL);
	model.tensors[0].is_open = true;
	lite_option(lite_operator(&model, SHAPE, 0, -1, -1, 1), 0, 1, LITE_I32);
	op = lite_operator(&model, STRIDED_SLICE, 1, 2, 3, 5);
	op->inputs[op->num_inputs++] = 4;
	lite_option(op, 4, 4, 1);
	op = lite_operator(&model, PACK, 5, 6, -1, 7);
	lite_option(op, 0, 4, 2);
	lite_operator(&model, RESHAPE, 0, 7, -1, 8);
	check(&model, x, DIMS(1, 6), x, 0);
}

static void an_open_batch_is_one(void **state)
{
	static const double x[] = { -3, 3 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 1, -1 } };

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 2), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 2), NULL);
	model.tensors[0].is_open = true;
	lite_operator(&model, LOGISTIC, 0, -1, -1, 1);
	check(&model, x, DIMS(1, 2), (const double[]) { 0.04742587, 0.95257413 }, 1e-6);
}

/* 0.5 (x - 128) * 0.25 (w - 100) + 0.125 b, in steps of 1 from 10 on, and not above 6. */
static void convolution_of_bytes(void **state)
{
	static const float scales[] = { 0.5f, 0.25f, 0.125f, 1 };
	static const int64_t zeroes[] = { 128, 100, 0, 10 };
	static const uint8_t w[] = { 100, 104, 96, 90, 255, 0 };
	static const int32_t b[] = { 8, -8, 0 };
	static const double x[] = { 128, 130, 120, 255 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 3, -1 } };
	struct lite_operator *op;
	double y[2 * 3];

	for (int i = 0; i < 6; i++) {
		double sum = b[i % 3] * 0.125;

		for (int k = 0; k < 2; k++)
			sum += 0.5 * (x[i / 3 * 2 + k] - 128) * 0.25 * (w[i % 3 * 2 + k] - 100);
		y[i] = 10 + round(fmin(fmax(sum, 0), 6));
	}
	lite_tensor(&model, "x", LITE_U8, DIMS(1, 1, 2, 2), NULL);
	lite_tensor(&model, "w", LITE_U8, DIMS(3, 1, 1, 2), w);
	lite_tensor(&model, "b", LITE_I32, DIMS(3), b);
	lite_tensor(&model, "y", LITE_U8, DIMS(1, 1, 2, 3), NULL);
	for (int i = 0; i < 4; i++)
		lite_quantise(&model, i, &scales[i], &zeroes[i]);
	op = lite_operator(&model, CONV_2D, 0, 1, 2, 3);
	lite_option(op, 1, 4, 1);
	lite_option(op, 2, 4, 1);
	lite_option(op, 3, 1, RELU6);
	check(&model, x, DIMS(1, 1, 2, 3), y, 0);
}

/* Signed, a scale for each channel. */
static void depthwise_convolution_of_bytes(void **state)
{
	static const float scales[] = { 0.5f, 1 }, channels[] = { 0.5f, 0.25f };
	static const int64_t zeroes[] = { -1, 3 }, none[2];
	static const int8_t w[] = { 3, -100 };
	static const double x[] = { 9, 4 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 2, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_I8, DIMS(1, 1, 1, 2), NULL);
	lite_tensor(&model, "w", LITE_I8, DIMS(1, 1, 1, 2), w);
	lite_tensor(&model, "y", LITE_I8, DIMS(1, 1, 1, 2), NULL);
	lite_quantise(&model, 0, &scales[0], &zeroes[0]);
	lite_quantise(&model, 2, &scales[1], &zeroes[1]);
	model.tensors[1].num_scales = 2;
	model.tensors[1].scales = channels;
	model.tensors[1].zero_points = none;
	model.tensors[1].axis = 3;
	op = lite_operator(&model, DEPTHWISE_CONV_2D, 0, 1, -1, 2);
	lite_option(op, 1, 4, 1);
	lite_option(op, 2, 4, 1);
	lite_option(op, 3, 4, 1);
	/* 5 * 1.5 = 7.5, up, and 2.5 * -25 = -62.5, down */
	check(&model, x, DIMS(1, 1, 1, 2), (const double[]) { 11, -60 }, 0);
}

static void functions_of_bytes(void **state)
{
	static const float scales[] = { 0.1f, 1 / 256.0f, 0.2f };
	static const int64_t zeroes[] = { 100, 0, 0 };
	static const double x[] = { 0, 100, 120, 255 };
	double y[8];
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 3, -1 } };
	struct lite_operator *op;

	/* Beside x, whose scale is another, the sigmoid loses bits: 1 / 256 in steps of 0.2. */
	for (int i = 0; i < 4; i++) {
		y[i] = round(round(fmin(256 / (1 + exp(-0.1 * (x[i] - 100))), 255)) / 256 / 0.2);
		y[4 + i] = fmax(round((x[i] - 100) / 2), 0);
	}
	lite_tensor(&model, "x", LITE_U8, DIMS(4), NULL);
	lite_tensor(&model, "s", LITE_U8, DIMS(4), NULL);
	lite_tensor(&model, "none", LITE_U8, DIMS(4), NULL);
	lite_tensor(&model, "y", LITE_U8, DIMS(8), NULL);
	lite_quantise(&model, 0, &scales[0], &zeroes[0]);
	lite_quantise(&model, 1, &scales[1], &zeroes[1]);
	lite_quantise(&model, 3, &scales[2], &zeroes[2]);
	lite_operator(&model, LOGISTIC, 0, -1, -1, 1);
	op = lite_operator(&model, CONCATENATION, 1, 0, -1, 3);
	lite_option(op, 0, 4, 0);
	check(&model, x, DIMS(8), y, 0);
}

/* A part of another scale is rounded once, where other operators round twice: with these scales,
 * which a published detector has, every fourth byte tells the difference. */
static void concatenation_of_bytes(void **state)
{
	static const float scales[] = { 0.031456824f, 0.079027876f };
	static const int64_t zeroes[] = { 138, 191 };
	double x[256], y[512];
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 2, -1 } };
	struct lite_operator *op;

	for (int i = 0; i < 256; i++) {
		x[i] = i;
		y[i] = round((i - 138) * (double)scales[0] / scales[1]) + 191;
		y[256 + i] = y[i];
	}
	lite_tensor(&model, "x", LITE_U8, DIMS(256), NULL);
	lite_tensor(&model, "none", LITE_U8, DIMS(256), NULL);
	lite_tensor(&model, "y", LITE_U8, DIMS(512), NULL);
	lite_quantise(&model, 0, &scales[0], &zeroes[0]);
	lite_quantise(&model, 2, &scales[1], &zeroes[1]);
	op = lite_operator(&model, CONCATENATION, 0, 0, -1, 2);
	lite_option(op, 0, 4, 0);
	check(&model, x, DIMS(512), y, 0);
}

/* What has no rule for bytes is computed in floating point, and stored as bytes again. */
static void softmax_of_bytes(void **state)
{
	static const float scales[] = { 0.5f, 1 / 256.0f };
	static const int64_t zeroes[] = { 3, -128 };
	static const double x[] = { 3, 5, 1 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 1, -1 } };
	double y[3], sum = 1 + exp(1) + exp(-1);

	for (int i = 0; i < 3; i++)
		y[i] = round(256 * exp((x[i] - 3) / 2) / sum) - 128;
	lite_tensor(&model, "x", LITE_I8, DIMS(1, 3), NULL);
	lite_tensor(&model, "y", LITE_I8, DIMS(1, 3), NULL);
	lite_quantise(&model, 0, &scales[0], &zeroes[0]);
	lite_quantise(&model, 1, &scales[1], &zeroes[1]);
	lite_option(lite_operator(&model, SOFTMAX, 0, -1, -1, 1), 0, 4, lite_bits(1));
	check(&model, x, DIMS(1, 3), y, 0);
}

static void sums_of_bytes(void **state)
{
	static const float scales[] = { 0.5f, 0.25f, 1 };
	static const int64_t zeroes[] = { 10, 20, 5 };
	static const uint8_t other[] = { 20, 24, 0, 255 };
	static const double x[] = { 10, 20, 0, 255 };
	double y[4];
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 2, -1 } };

	for (int i = 0; i < 4; i++)
		y[i] = 5 + round(0.5 * (x[i] - 10) + 0.25 * (other[i] - 20));
	lite_tensor(&model, "x", LITE_U8, DIMS(4), NULL);
	lite_tensor(&model, "other", LITE_U8, DIMS(4), other);
	lite_tensor(&model, "y", LITE_U8, DIMS(4), NULL);
	for (int i = 0; i < 3; i++)
		lite_quantise(&model, i, &scales[i], &zeroes[i]);
	y[3] = fmin(y[3], 255);
	y[2] = fmax(y[2], 0);
	lite_operator(&model, ADD, 0, 1, -1, 2);
	check(&model, x, DIMS(4), y, 0);
}

/* As converters write models with weights of 8 bits and all else in floats. */
static void weights_of_bytes_beside_floats(void **state)
{
	static const float scale = 0.5f, channels[] = { 2, 0.25f };
	static const int64_t zeroes[2];
	static const int8_t w[] = { 1, 2, -4, 8 }, kernel[] = { 3, -8 };
	static const double x[] = { 1, 10 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 5, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 1, 1, 2), NULL);
	lite_tensor(&model, "kernel", LITE_I8, DIMS(1, 1, 1, 2), kernel);
	lite_tensor(&model, "d", LITE_F32, DIMS(1, 1, 1, 2), NULL);
	lite_tensor(&model, "w", LITE_I8, DIMS(2, 2), w);
	lite_tensor(&model, "none", LITE_F32, DIMS(1), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 2), NULL);
	model.tensors[1].num_scales = 2;
	model.tensors[1].scales = channels;
	model.tensors[1].zero_points = zeroes;
	model.tensors[1].axis = 3;
	lite_quantise(&model, 3, &scale, zeroes);
	op = lite_operator(&model, DEPTHWISE_CONV_2D, 0, 1, -1, 2);
	lite_option(op, 1, 4, 1);
	lite_option(op, 2, 4, 1);
	lite_operator(&model, FULLY_CONNECTED, 2, 3, -1, 5);
	/* (6, -20), times (0.5, 1) and (-2, 4) */
	check(&model, x, DIMS(1, 2), (const double[]) { -17, -92 }, 1e-4);
}

/* Without a rule of its own: in floats, its bias as well. */
static void transposed_convolution_of_bytes(void **state)
{
	static const int32_t size[] = { 1, 1, 3, 1 }, bias[] = { 8 };
	static const float scales[] = { 0.5f, 0.25f, 1 };
	static const int64_t zeroes[] = { 100, 10, 0 };
	static const uint8_t w[] = { 14, 18, 26 };
	static const double x[] = { 104, 108 };
	struct lite_model model = { .inputs = { 2, -1 }, .outputs = { 4, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "size", LITE_I32, DIMS(4), size);
	lite_tensor(&model, "w", LITE_U8, DIMS(1, 1, 3, 1), w);
	lite_tensor(&model, "x", LITE_U8, DIMS(1, 1, 2, 1), NULL);
	lite_tensor(&model, "b", LITE_I32, DIMS(1), bias);
	lite_tensor(&model, "y", LITE_U8, DIMS(1, 1, 3, 1), NULL);
	lite_quantise(&model, 2, &scales[0], &zeroes[0]);
	lite_quantise(&model, 1, &scales[1], &zeroes[1]);
	lite_quantise(&model, 4, &scales[2], &zeroes[2]);
	op = lite_operator(&model, TRANSPOSE_CONV, 0, 1, 2, 4);
	op->inputs[op->num_inputs++] = 3;
	lite_option(op, 1, 4, 1);
	lite_option(op, 2, 4, 1);
	/* x (2, 4), w (1, 2, 4): (2, 8, 16, 16), of which SAME cuts the last, and 8 / 8 */
	check(&model, x, DIMS(1, 1, 3, 1), (const double[]) { 2 + 1, 8 + 1, 16 + 1 }, 0);
}

static void means_of_bytes(void **state)
{
	static const float scales[] = { 0.5f, 0.25f };
	static const int64_t zeroes[] = { 10, 20 };
	static const int32_t axes[] = { 1, 2 };
	static const double x[] = { 10, 100, 12, 101, 14, 102, 17, 103 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 2, -1 } };

	lite_tensor(&model, "x", LITE_U8, DIMS(1, 2, 2, 2), NULL);
	lite_tensor(&model, "axes", LITE_I32, DIMS(2), axes);
	lite_tensor(&model, "y", LITE_U8, DIMS(1, 2), NULL);
	lite_quantise(&model, 0, &scales[0], &zeroes[0]);
	lite_quantise(&model, 2, &scales[1], &zeroes[1]);
	lite_operator(&model, MEAN, 0, 1, -1, 2);
	/* 13.25 and 101.5 */
	check(&model, x, DIMS(1, 2), (const double[]) { 20 + 7, 20 + 183 }, 0);
}

/* Halves go away from 0 of what is stored: -1.5 to -2, 1.5 to 2. */
static void averages_of_bytes(void **state)
{
	static const float scale = 0.5f;
	static const int64_t zero_point = 20;
	static const double x[] = { (uint8_t)-1, (uint8_t)-2, 1, 2, 2, 2, (uint8_t)-128, 127 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 1, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_I8, DIMS(1, 1, 8, 1), NULL);
	lite_tensor(&model, "y", LITE_I8, DIMS(1, 1, 4, 1), NULL);
	lite_quantise(&model, 0, &scale, &zero_point);
	lite_quantise(&model, 1, &scale, &zero_point);
	op = lite_operator(&model, AVERAGE_POOL_2D, 0, -1, -1, 1);
	lite_option(op, 1, 4, 2);
	lite_option(op, 2, 4, 1);
	lite_option(op, 3, 4, 2);
	lite_option(op, 4, 4, 1);
	check(&model, x, DIMS(1, 1, 4, 1), (const double[]) { -2, 2, 2, -1 }, 0);
}

static const char *const names[] = { "max_detections", "max_classes_per_detection", "num_classes",
				     "detections_per_class", "use_regular_nms" };
static const char *const floats[] = { "h_scale", "nms_iou_threshold", "nms_score_threshold",
				      "w_scale", "x_scale",	      "y_scale" };

/* A FlexBuffer with a map of those names, values of 4 bytes; offsets count backward. */
static size_t write_map(const int32_t *ints, const float *reals, uint8_t *data)
{
	uint32_t keys[11], count = 11;
	size_t size = 0, table, values;

	for (uint32_t i = 0; i < count; i++) {
		const char *name = i < 5 ? names[i] : floats[i - 5];

		keys[i] = size;
		memcpy(data + size, name, strlen(name) + 1);
		size += strlen(name) + 1;
	}
	memcpy(data + size, &count, 4);
	table = size += 4;
	for (uint32_t i = 0; i < count; i++, size += 4)
		memcpy(data + size, (const uint32_t[]) { size - keys[i] }, 4);
	memcpy(data + size, (const uint32_t[]) { size - table, 4, count }, 12);
	values = size += 12;
	memcpy(data + size, ints, 20);
	memcpy(data + size + 20, reals, 24);
	size += 44;
	for (uint32_t i = 0; i < count; i++)
		data[size++] = (i < 5 ? 1 : 3) << 2 | 2;
	data[size] = size - values;
	data[size + 1] = 9 << 2 | 2;
	data[size + 2] = 1;
	return size + 3;
}

/* TensorFlow Lite's example: six boxes around three places, two classes and a background. */
static void detect(bool regular, const double *boxes, const double *classes, const double *scores,
		   double count)
{
	static const float anchors[] = { 0.5f, 0.5f,  1, 1, 0.5f, 0.5f,	 1, 1, 0.5f, 0.5f,   1, 1,
					 0.5f, 10.5f, 1, 1, 0.5f, 10.5f, 1, 1, 0.5f, 100.5f, 1, 1 };
	static const double codes[24] = { [5] = 1, [9] = -1, [17] = 1 };
	static const double predictions[] = { 0, .9,  .8,  0, .75, .72, 0, .6, .5,
					      0, .93, .95, 0, .5,  .4,	0, .3, .2 };
	const double *inputs[] = { codes, predictions };
	const int32_t ints[] = { 3, 1, 2, 1, regular };
	const float reals[] = { 5, 0.5f, 0, 5, 10, 10 };
	struct lite_model model = { .inputs = { 0, 1, -1 }, .outputs = { 3, 4, 5, 6, -1 } };
	struct lite_operator *op;
	uint8_t options[512];
	struct run run;

	lite_tensor(&model, "codes", LITE_F32, DIMS(1, 6, 4), NULL);
	lite_tensor(&model, "predictions", LITE_F32, DIMS(1, 6, 3), NULL);
	lite_tensor(&model, "anchors", LITE_F32, DIMS(6, 4), anchors);
	for (int i = 0; i < 4; i++)
		lite_tensor(&model, "", LITE_F32, 0, NULL, NULL);
	op = lite_operator(&model, CUSTOM, 0, 1, 2, 3);
	op->custom = "TFLite_Detection_PostProcess";
	op->custom_bytes = write_map(ints, reals, options);
	op->custom_options = options;
	for (int i = 4; i < 7; i++)
		op->outputs[op->num_outputs++] = i;
	start(&run, &model, inputs);
	assert_output(&run, 0, DIMS(1, 3, 4), boxes, 1e-4);
	assert_output(&run, 1, DIMS(1, 3), classes, 0);
	assert_output(&run, 2, DIMS(1, 3), scores, 1e-6);
	assert_output(&run, 3, DIMS(1), &count, 0);
	stop(&run);
}

static void detections(void **state)
{
	detect(false, (const double[]) { 0, 10, 1, 11, 0, 0, 1, 1, 0, 100, 1, 101 },
	       (const double[]) { 1, 0, 0 }, (const double[]) { .95, .9, .3 }, 3);
	detect(true, (const double[]) { 0, 10, 1, 11, 0, 10, 1, 11, 0, 0, 0, 0 },
	       (const double[]) { 1, 0, 0 }, (const double[]) { .95, .93, 0 }, 2);
}

static void what_is_not_supported_is_named(void **state)
{
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 1, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 2), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 2), NULL);
	op = lite_operator(&model, LSTM, 0, -1, -1, 1);
	refuse(&model, EDGE_UNSUPPORTED, "LSTM");
	op->code = CUSTOM;
	op->custom = "MyOperator";
	refuse(&model, EDGE_UNSUPPORTED, "MyOperator");
	op->code = LOGISTIC;
	op->custom = NULL;
	model.num_subgraphs = 2;
	refuse(&model, EDGE_UNSUPPORTED, "2 subgraphs");
	model.num_subgraphs = 1;
	model.version = 2;
	refuse(&model, EDGE_UNSUPPORTED, "version 2");
	model.version = 3;
	model.tensors[0].type = LITE_I16;
	refuse(&model, EDGE_UNSUPPORTED, "int16");
}

static void messages_say_where(void **state)
{
	static const float w[4];
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 2, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 4, 4, 3), NULL);
	lite_tensor(&model, "w", LITE_F32, DIMS(1, 2, 1, 2), w);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 4, 4, 1), NULL);
	op = lite_operator(&model, CONV_2D, 0, 1, -1, 2);
	refuse(&model, EDGE_BAD_FORMAT, "operator 0 (CONV_2D): ");
	op->inputs[1] = 17;
	refuse(&model, EDGE_BAD_FORMAT, "operator 0 (CONV_2D): there is no tensor 17");
	op->inputs[0] = 2;
	op->inputs[1] = 1;
	refuse(&model, EDGE_BAD_FORMAT, "'y', is computed by no operator before it");
	op->inputs[0] = 0;
	op->outputs[0] = 0;
	refuse(&model, EDGE_BAD_FORMAT, "'x', has a value already");
	model.tensors[1].bytes = 12;
	refuse(&model, EDGE_BAD_FORMAT, "tensor 'w' has more or less data");
}

static void bad_scales_are_refused(void **state)
{
	static const float scales[] = { 0, -1, INFINITY, NAN, 1 };
	static const int64_t zeroes[] = { 0, 256 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 1, -1 } };

	lite_tensor(&model, "x", LITE_U8, DIMS(1, 2), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 2), NULL);
	lite_operator(&model, DEQUANTIZE, 0, -1, -1, 1);
	for (int i = 0; i < 4; i++) {
		lite_quantise(&model, 0, &scales[i], &zeroes[0]);
		refuse(&model, EDGE_BAD_FORMAT, "'x' is quantised with a scale that is none");
	}
	lite_quantise(&model, 0, &scales[4], &zeroes[1]);
	refuse(&model, EDGE_BAD_FORMAT, "a zero point that its type does not hold");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(convolution),
		cmocka_unit_test(depthwise_convolution_with_multiplier),
		cmocka_unit_test(transposed_convolution),
		cmocka_unit_test(average_pool_leaves_the_border_out),
		cmocka_unit_test(fully_connected_flattens),
		cmocka_unit_test(operators_beside_images),
		cmocka_unit_test(strided_slice_masks),
		cmocka_unit_test(parts_of_images),
		cmocka_unit_test(coordinates_of_resize),
		cmocka_unit_test(shape_arithmetic_is_computed),
		cmocka_unit_test(an_open_batch_is_one),
		cmocka_unit_test(convolution_of_bytes),
		cmocka_unit_test(depthwise_convolution_of_bytes),
		cmocka_unit_test(functions_of_bytes),
		cmocka_unit_test(concatenation_of_bytes),
		cmocka_unit_test(softmax_of_bytes),
		cmocka_unit_test(sums_of_bytes),
		cmocka_unit_test(weights_of_bytes_beside_floats),
		cmocka_unit_test(transposed_convolution_of_bytes),
		cmocka_unit_test(means_of_bytes),
		cmocka_unit_test(averages_of_bytes),
		cmocka_unit_test(detections),
		cmocka_unit_test(what_is_not_supported_is_named),
		cmocka_unit_test(messages_say_where),
		cmocka_unit_test(bad_scales_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
