// SPDX-License-Identifier: MIT
#include "vision/normalise.h"

#include <math.h>
#include <stdlib.h>

/* Wide of anything sensible. */
#define MAX_NUMBER 1e6f

/* "127.5" for all channels, or "123.7,116.3,103.5"; false when @text is neither. */
static bool read_channels(const char *text, float channels[3])
{
	char *end;

	if (!text)
		return false;
	for (int c = 0; c < 3; c++) {
		channels[c] = strtof(text, &end);
		if (end == text || !(fabsf(channels[c]) <= MAX_NUMBER))
			return false;
		if (c == 0 && !*end) {
			channels[1] = channels[2] = channels[0];
			return true;
		}
		if (*end != (c < 2 ? ',' : 0))
			return false;
		text = end + 1;
	}
	return true;
}

/* TensorFlow Lite's metadata: values are (pixel - mean) / std. */
static bool read_metadata(const struct edge_graph *graph, struct edge_preprocess_settings *settings)
{
	float mean[3], std[3];

	if (!read_channels(edge_graph_metadata(graph, "tflite.input.0.mean"), mean) ||
	    !read_channels(edge_graph_metadata(graph, "tflite.input.0.std"), std))
		return false;
	for (int c = 0; c < 3; c++) {
		if (!(fabsf(std[c]) >= 1 / MAX_NUMBER))
			return false;
	}
	for (int c = 0; c < 3; c++) {
		settings->mean[c] = mean[c];
		settings->scale[c] = 1 / std[c];
	}
	return true;
}

/* A quantised input was quantised for pixels; other networks mostly see fractions. */
static void guess(const struct edge_tensor_info *input, struct edge_preprocess_settings *settings)
{
	for (int c = 0; c < 3; c++) {
		settings->scale[c] = 1 / 255.0f;
		if (!input->quantised)
			continue;
		settings->scale[c] = input->scale;
		settings->mean[c] = input->zero_point - (input->type == EDGE_I8 ? INT8_MIN : 0);
	}
}

void edge_normalise(const struct edge_graph *graph, struct edge_preprocess_settings *settings)
{
	struct edge_tensor_info info;

	edge_tensor_describe(graph->inputs[0], &info);
	if (!read_metadata(graph, settings) && settings->scale[0] == 0)
		guess(&info, settings);
	settings->step = info.quantised ? info.scale : 1;
	settings->zero_point = info.zero_point;
}
