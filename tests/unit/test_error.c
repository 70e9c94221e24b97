// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void fail_fills_the_message(void **state)
{
	struct edge_error error = { 0 };

	assert_int_equal(edge_fail(&error, EDGE_BAD_FORMAT, "node %d", 7), EDGE_BAD_FORMAT);
	assert_int_equal(error.status, EDGE_BAD_FORMAT);
	assert_string_equal(error.message, "node 7");
	assert_int_equal(edge_fail(NULL, EDGE_IO_ERROR, "nobody listens"), EDGE_IO_ERROR);
}

static void prefix_goes_in_front(void **state)
{
	struct edge_error error = { 0 };

	edge_fail(&error, EDGE_BAD_FORMAT, "node 7");
	assert_int_equal(edge_fail_in(&error, EDGE_BAD_FORMAT, "%s", "a.onnx"), EDGE_BAD_FORMAT);
	assert_string_equal(error.message, "a.onnx: node 7");
}

static void long_messages_are_cut(void **state)
{
	struct edge_error error = { 0 };
	char text[2 * EDGE_ERROR_MAX];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	edge_fail(&error, EDGE_BAD_FORMAT, "%s", text);
	assert_int_equal(strlen(error.message), EDGE_ERROR_MAX - 1);
	edge_fail_in(&error, EDGE_BAD_FORMAT, "%s", text);
	assert_int_equal(strlen(error.message), EDGE_ERROR_MAX - 1);
}

static void every_status_has_a_sentence(void **state)
{
	for (int status = 0; status < EDGE_NUM_STATUS; status++) {
		const char *sentence = edge_status_string(status);

		assert_int_equal(sentence[strlen(sentence) - 1], '.');
		assert_string_not_equal(sentence, "Unknown status.");
	}
	assert_string_equal(edge_status_string(EDGE_NUM_STATUS), "Unknown status.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fail_fills_the_message),
		cmocka_unit_test(prefix_goes_in_front),
		cmocka_unit_test(long_messages_are_cut),
		cmocka_unit_test(every_status_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
