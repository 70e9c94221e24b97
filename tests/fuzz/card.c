// SPDX-License-Identifier: MIT
/* A model card. */
#include "vision/card.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct edge_preprocess_settings input = { 0 };
	struct edge_error error;
	struct edge_card card;

	if (edge_card_parse((const char *)data, size, "card", "/nowhere/card", &fuzz_limits, &card,
			    &error))
		fuzz_expect("card", &error, FUZZ_STATUS(BAD_FORMAT) | FUZZ_STATUS(IO_ERROR));
	edge_card_apply(&card, &input);
	edge_card_finish(&card);
	return 0;
}
