// SPDX-License-Identifier: MIT
/* Names of classes, as a file of lines and as exporters write them into metadata. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "vision/labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct edge_labels labels = { 0 };
	char *text = strndup((const char *)data, size);
	struct edge_error error;

	if (!text)
		return 0;
	if (edge_labels_parse(text, &labels, &error))
		fuzz_expect("names", &error, FUZZ_STATUS(BAD_FORMAT));
	edge_labels_finish(&labels);
	free(text);
	if (edge_labels_load(fuzz_path(data, size), &fuzz_limits, &labels, &error))
		fuzz_expect("labels", &error, FUZZ_STATUS(BAD_FORMAT));
	edge_labels_finish(&labels);
	return 0;
}
