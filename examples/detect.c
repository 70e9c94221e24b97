// SPDX-License-Identifier: MIT
/*
 * Prints the objects in a picture.
 *
 *	cc detect.c $(pkg-config --cflags --libs edge) -o detect
 *	./detect yolox_nano.onnx street.jpg
 */
#include <edge/edge.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct edge_detector *detector = NULL;
	const struct edge_detection *boxes;
	struct edge_image *image = NULL;
	struct edge_error error = { .message = "usage: detect MODEL IMAGE" };
	size_t count = 0;
	bool failed = argc != 3 || edge_detector_open(argv[1], NULL, &detector, &error) ||
		      edge_image_load(argv[2], &image, &error) ||
		      edge_detector_run(detector, image, &boxes, &count, &error);

	for (size_t i = 0; i < count; i++)
		printf("%-12s %.2f  (%.0f, %.0f) to (%.0f, %.0f)\n",
		       edge_detector_label(detector, boxes[i].class_id), boxes[i].score,
		       boxes[i].x0, boxes[i].y0, boxes[i].x1, boxes[i].y1);
	if (failed)
		fprintf(stderr, "%s\n", error.message);
	edge_image_destroy(image);
	edge_detector_destroy(detector);
	return failed;
}
