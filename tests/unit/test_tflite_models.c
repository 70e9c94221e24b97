// SPDX-License-Identifier: MIT
/*
 * Models as TensorFlow's converters write them, where they have been downloaded: those that exist as
 * floats and as bytes say the same about photographs.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/edge.h"

#define MODELS "models/vww_96_mlperf_tiny"
#define IMAGES "images/coco128_train2017/train2017"
#define MAX_IMAGES 32
#define MAX_CLASSES 16
#define SURE 0.5f
#define SKIPPED 77

struct runner {
	struct edge_model *model;
	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
};

/**
 * struct pair - a network as floats and as bytes
 * @size: of the images, width and height
 * @scale: what a step of a pixel is for the network of floats
 * @correlation: least of their probabilities
 */
struct pair {
	const char *floats, *bytes;
	int size;
	float scale;
	double correlation;
};

static const struct pair pairs[] = {
	{ "vww_96_float.tflite", "vww_96_int8.tflite", 96, 1 / 255.0f, 0.99 },
	{ "pretrainedResnet.tflite", "pretrainedResnet_quant.tflite", 32, 1, 0.97 },
};

static const char *data_path(const char *folder, const char *name)
{
	static char path[4096];
	const char *data = getenv("DATA");

	snprintf(path, sizeof(path), "%s/%s/%s", data ? data : "../shared/data", folder, name);
	return path;
}

static void start(const char *path, struct runner *runner)
{
	struct edge_error error = { 0 };

	if (edge_model_load(path, NULL, &runner->model, &error) ||
	    edge_compile(runner->model, NULL, &runner->program, &error) ||
	    edge_session_create(runner->program, NULL, &runner->session, &error) ||
	    edge_request_create(runner->session, &runner->request, &error)) {
		printf("%s\n", error.message);
		exit(1);
	}
}

static void stop(struct runner *runner)
{
	edge_request_destroy(runner->request);
	edge_session_destroy(runner->session);
	edge_program_destroy(runner->program);
	edge_model_destroy(runner->model);
}

/* The mean of the pixels that fall onto each of @size x @size places. */
static void shrink(const struct edge_image *image, int size, uint8_t *pixels)
{
	for (int i = 0; i < size * size * 3; i++) {
		int top = i / 3 / size * image->height / size;
		int left = i / 3 % size * image->width / size;
		int bottom = (i / 3 / size + 1) * image->height / size;
		int right = (i / 3 % size + 1) * image->width / size;
		int sum = 0;

		for (int y = top; y < bottom; y++)
			for (int x = left; x < right; x++)
				sum += image->data[y * image->stride + 3 * x + i % 3];
		pixels[i] = sum / ((bottom - top) * (right - left));
	}
}

/* Runs on @pixels; the probabilities of the classes go into @scores. Returns how many. */
static int classify(struct runner *runner, const uint8_t *pixels, int size, float scale,
		    float *scores)
{
	struct edge_error error = { 0 };
	struct edge_view input, output;

	edge_request_input(runner->request, 0, &input);
	for (int i = 0; i < size * size * 3; i++) {
		const int64_t at = i / 3 / size * input.strides[1] +
				   i / 3 % size * input.strides[2] + i % 3 * input.strides[3];

		if (input.type == EDGE_F32)
			((float *)input.data)[at] = pixels[i] * scale;
		else
			((int8_t *)input.data)[at] = pixels[i] - 128;
	}
	if (edge_request_run(runner->request, &error)) {
		printf("%s\n", error.message);
		exit(1);
	}
	edge_request_output(runner->request, 0, &output);
	for (int i = 0; i < output.dims[1]; i++)
		scores[i] =
			output.type == EDGE_F32
				? ((float *)output.data)[i * output.strides[1]]
				: (((int8_t *)output.data)[i * output.strides[1]] + 128) / 256.0f;
	return output.dims[1];
}

static int best(const float *scores, int count)
{
	int best = 0;

	for (int i = 1; i < count; i++)
		best = scores[i] > scores[best] ? i : best;
	return best;
}

/* Of what floats and bytes say; @sure: images that the floats have no doubt about, @agree: those of
 * them that the bytes see alike. */
struct sums {
	int images, sure, agree, count;
	double a, b, aa, bb, ab;
};

static void compare(struct sums *sums, const float *a, const float *b, int count)
{
	sums->images++;
	if (a[best(a, count)] > SURE) {
		sums->sure++;
		sums->agree += best(a, count) == best(b, count);
	}
	for (int i = 0; i < count; i++) {
		sums->count++;
		sums->a += a[i];
		sums->b += b[i];
		sums->aa += a[i] * a[i];
		sums->bb += b[i] * b[i];
		sums->ab += a[i] * b[i];
	}
}

static double correlation(const struct sums *sums)
{
	const double n = sums->count;

	return (n * sums->ab - sums->a * sums->b) /
	       sqrt((n * sums->aa - sums->a * sums->a) * (n * sums->bb - sums->b * sums->b));
}

static void run_image(const struct pair *pair, struct runner *runners, const char *path,
		      struct sums *sums)
{
	float scores[2][MAX_CLASSES];
	uint8_t pixels[96 * 96 * 3];
	struct edge_image *image;
	struct edge_error error;
	int count = 0;

	if (edge_image_load(path, &image, &error))
		return;
	shrink(image, pair->size, pixels);
	for (int i = 0; i < 2; i++)
		count = classify(&runners[i], pixels, pair->size, pair->scale, scores[i]);
	compare(sums, scores[0], scores[1], count);
	edge_image_destroy(image);
}

static int check_pair(const struct pair *pair)
{
	struct dirent **entries;
	int count = scandir(data_path(IMAGES, "."), &entries, NULL, alphasort);
	struct runner runners[2];
	struct sums sums = { 0 };

	if (count < 0)
		return 0;
	start(data_path(MODELS, pair->floats), &runners[0]);
	start(data_path(MODELS, pair->bytes), &runners[1]);
	for (int i = 0; i < count; i++) {
		if (sums.images < MAX_IMAGES)
			run_image(pair, runners, data_path(IMAGES, entries[i]->d_name), &sums);
		free(entries[i]);
	}
	free(entries);
	stop(&runners[0]);
	stop(&runners[1]);
	printf("%s: of %d images %d are clear, %d of them agree, correlation %.4f\n", pair->bytes,
	       sums.images, sums.sure, sums.agree, correlation(&sums));
	return sums.images && (sums.agree < sums.sure || !(correlation(&sums) > pair->correlation));
}

int main(void)
{
	int wrong = 0;

	if (access(data_path(MODELS, pairs[0].floats), R_OK)) {
		printf("skipped: no %s\n", data_path(MODELS, pairs[0].floats));
		return SKIPPED;
	}
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		wrong += check_pair(&pairs[i]);
	return wrong > 0;
}
