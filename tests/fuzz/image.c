// SPDX-License-Identifier: MIT
/* A picture: JPEG, PNG, PPM or PGM. What can be read can be written, as the other of JPEG and PNG,
 * and read again. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static void write_again(const struct edge_image *image, bool jpeg)
{
	struct edge_image *again;
	struct edge_error error;
	char path[96];

	snprintf(path, sizeof(path), "%s/again.%s", fuzz_folder(), jpeg ? "jpg" : "png");
	if (edge_image_save(image, path, &error)) {
		fuzz_expect("save", &error, 0);
		return;
	}
	if (edge_image_load_within(path, &fuzz_limits, &again, &error)) {
		fuzz_expect("load again", &error, 0);
		return;
	}
	if (again->width != image->width || again->height != image->height)
		abort();
	edge_image_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_path(data, size);
	struct edge_image *image;
	struct edge_error error;

	if (edge_image_load_within(path, &fuzz_limits, &image, &error)) {
		fuzz_expect("image", &error, FUZZ_STATUS(BAD_FORMAT));
		return 0;
	}
	if (image->width * image->height <= 1 << 12)
		write_again(image, fuzz_hash(data, size) & 1);
	edge_image_destroy(image);
	return 0;
}
