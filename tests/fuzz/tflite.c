// SPDX-License-Identifier: MIT
/* A model of TensorFlow Lite. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct edge_load_settings settings;
	struct edge_model *model;
	struct edge_error error;

	edge_load_settings_default(&settings);
	settings.limits = &fuzz_limits;
	if (edge_model_load_memory(data, size, "fuzz.tflite", &settings, &model, &error)) {
		fuzz_expect("import", &error, FUZZ_STATUS(BAD_FORMAT));
		return 0;
	}
	fuzz_model(model, fuzz_hash(data, size));
	edge_model_destroy(model);
	return 0;
}
