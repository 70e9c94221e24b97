// SPDX-License-Identifier: MIT
/* A cfg, and behind a mark its weights; without the mark, random weights. */
#include <string.h>

#include "fuzz.h"

static const uint8_t mark[8] = "\0weights";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memmem(data, size, mark, sizeof(mark));
	size_t text = end ? (size_t)(end - data) : size;
	struct edge_load_settings settings;
	struct edge_model *model;
	struct edge_error error;

	edge_load_settings_default(&settings);
	settings.limits = &fuzz_limits;
	settings.random_weights = !end;
	if (end)
		settings.weights = fuzz_path(end + sizeof(mark), size - text - sizeof(mark));
	if (edge_model_load_memory(data, text, "fuzz.cfg", &settings, &model, &error)) {
		fuzz_expect("import", &error, FUZZ_STATUS(BAD_FORMAT));
		return 0;
	}
	fuzz_model(model, fuzz_hash(data, size));
	edge_model_destroy(model);
	return 0;
}
