// SPDX-License-Identifier: MIT
/* YOLO-Fastest 1.1 as its author trained it, if the data is there: $DATA/models. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "darknet_net.h"

#define NAME "models/yolo-fastest-1.1_coco_darknet/yolo-fastest-1.1.cfg"

/* Told to meson, which then reports the test as skipped. */
#define SKIPPED 77

/* What OpenCV 4.6's DNN computes after 9e-6 has been added to the variances in the file, since it
 * adds 1e-6 where Darknet adds 1e-5. */
static const struct {
	float values[8];
	double mean;
} expected[] = {
	{ { -1.63288, -7.90004, -8.14603, -8.69858, -8.71748, -8.7466, -11.5074, -3.48767 },
	  -6.6848536 },
	{ { 0.0185668, -8.62097, -7.10397, -6.7401, -8.36227, -10.9472, -7.71117, -9.56129 },
	  -6.7849216 },
};

static int check_output(const struct darknet_frame *frame, int index)
{
	const float *values;
	int64_t count;
	double sum = 0;
	int wrong = 0;

	values = darknet_output(frame, index, &count);
	for (int i = 0; i < 8; i++) {
		float value = values[count / 8 * i];

		if (fabsf(value - expected[index].values[i]) < 1e-4f)
			continue;
		printf("output %d, part %d: %g, and %g in OpenCV\n", index, i, value,
		       expected[index].values[i]);
		wrong++;
	}
	for (int64_t i = 0; i < count; i++)
		sum += values[i];
	if (fabs(sum / count - expected[index].mean) < 1e-4)
		return wrong;
	printf("output %d: mean %g, and %g in OpenCV\n", index, sum / count, expected[index].mean);
	return wrong + 1;
}

int main(void)
{
	const char *data = getenv("DATA");
	struct edge_error error = { 0 };
	struct darknet_frame frame;
	struct edge_model *model;
	char path[4096];
	int wrong = 0;

	snprintf(path, sizeof(path), "%s/%s", data ? data : "../shared/data", NAME);
	if (access(path, R_OK)) {
		printf("skipped: no %s\n", path);
		return SKIPPED;
	}
	if (edge_model_load(path, NULL, &model, &error)) {
		printf("%s\n", error.message);
		return 1;
	}
	darknet_run(model, &frame);
	for (int i = 0; i < 2; i++)
		wrong += check_output(&frame, i);
	darknet_end_run(&frame);
	edge_model_destroy(model);
	return wrong > 0;
}
