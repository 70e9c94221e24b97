// SPDX-License-Identifier: MIT
/* TensorFlow Lite files that are damaged, or made to do harm: each is refused or read, and nothing
 * else happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/edge.h"
#include "import/tflite/flatbuffer.h"
#include "import/tflite/flexbuffer.h"
#include "tflite_model.h"

/* Every read beyond the end of a block of its own would be noticed by a sanitizer. */
static enum edge_status load_bytes(const uint8_t *data, size_t size, struct edge_error *error)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct edge_model *model = NULL;
	enum edge_status status;

	assert_non_null(copy);
	memcpy(copy, data, size);
	error->message[0] = 0;
	status = edge_model_load_memory(copy, size, "test.tflite", NULL, &model, error);
	assert_true(!status == (model != NULL));
	assert_true(!status == !error->message[0]);
	edge_model_destroy(model);
	free(copy);
	return status;
}

/* A detector in small: bytes, a convolution, a slice, a reshape, metadata. */
static struct lite_file small_file(void)
{
	static const float scales[] = { 0.5f, 0.25f, 1 };
	static const int64_t zeroes[] = { 128, 0, 3 };
	static const int8_t w[8] = { 1, -2, 3, -4, 5, -6, 7, -8 };
	static const int32_t bias[4] = { 1, 2, 3, 4 }, shape[] = { 1, -1 };
	static const int32_t begin[] = { 0, 1 }, end[] = { 1, 50 }, steps[] = { 1, 2 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 9, -1 } };
	struct lite_operator *op;

	lite_tensor(&model, "x", LITE_U8, DIMS(1, 4, 4, 2), NULL);
	lite_tensor(&model, "w", LITE_I8, DIMS(4, 1, 1, 2), w);
	lite_tensor(&model, "b", LITE_I32, DIMS(4), bias);
	lite_tensor(&model, "c", LITE_U8, DIMS(1, 4, 4, 4), NULL);
	lite_tensor(&model, "shape", LITE_I32, DIMS(2), shape);
	lite_tensor(&model, "r", LITE_U8, DIMS(1, 64), NULL);
	lite_tensor(&model, "begin", LITE_I32, DIMS(2), begin);
	lite_tensor(&model, "end", LITE_I32, DIMS(2), end);
	lite_tensor(&model, "steps", LITE_I32, DIMS(2), steps);
	lite_tensor(&model, "y", LITE_U8, DIMS(1, 25), NULL);
	lite_quantise(&model, 0, &scales[0], &zeroes[0]);
	lite_quantise(&model, 1, &scales[1], &zeroes[1]);
	for (int i = 3; i < 10; i += i == 3 ? 2 : 4)
		lite_quantise(&model, i, &scales[2], &zeroes[2]);
	op = lite_operator(&model, 3, 0, 1, 2, 3); /* CONV_2D */
	lite_option(op, 1, 4, 1);
	lite_option(op, 2, 4, 1);
	lite_operator(&model, 22, 3, 4, -1, 5); /* RESHAPE */
	op = lite_operator(&model, 45, 5, 6, 7, 9); /* STRIDED_SLICE */
	op->inputs[op->num_inputs++] = 8;
	return lite_write(&model);
}

static void truncation_is_noticed(void **state)
{
	struct lite_file file = small_file();
	struct edge_error error = { 0 };

	assert_int_equal(load_bytes(file.data, file.size, &error), EDGE_OK);
	for (size_t size = 0; size < file.size; size++)
		load_bytes(file.data, size, &error);
	assert_int_equal(load_bytes(file.data, file.size / 2, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "ends early or is damaged"));
	free(file.data);
}

static void changed_bytes_do_no_harm(void **state)
{
	static const uint8_t masks[] = { 0x01, 0x04, 0x40, 0x80, 0xff };
	struct lite_file file = small_file();
	struct edge_error error = { 0 };
	size_t refused = 0;

	for (size_t i = 0; i < file.size; i++) {
		for (size_t k = 0; k < sizeof(masks); k++) {
			file.data[i] ^= masks[k];
			refused += load_bytes(file.data, file.size, &error) != EDGE_OK;
			file.data[i] ^= masks[k];
		}
	}
	assert_true(refused > file.size);
	free(file.data);
}

/* Every aligned word in turn says what offsets and counts should not. */
static void changed_words_do_no_harm(void **state)
{
	static const uint32_t words[] = {
		0, 1, 4, 8, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff
	};
	struct lite_file file = small_file();
	struct edge_error error = { 0 };

	for (size_t i = 0; i + 4 <= file.size; i += 4) {
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			uint8_t kept[4];

			memcpy(kept, file.data + i, 4);
			memcpy(file.data + i, &words[k], 4);
			load_bytes(file.data, file.size, &error);
			memcpy(file.data + i, kept, 4);
		}
	}
	free(file.data);
}

static void a_dimension_comes_once(void **state)
{
	static const float w[5];
	static const int32_t perm[] = { 0, 0 };
	struct lite_model model = { .inputs = { 0, -1 }, .outputs = { 4, -1 } };
	struct edge_error error = { 0 };
	struct lite_file file;

	lite_tensor(&model, "x", LITE_F32, DIMS(1, 1), NULL);
	lite_tensor(&model, "w", LITE_F32, DIMS(1, 5), w);
	lite_tensor(&model, "perm", LITE_I32, DIMS(2), perm);
	lite_tensor(&model, "t", LITE_F32, DIMS(1, 1), NULL);
	lite_tensor(&model, "y", LITE_F32, DIMS(1, 1), NULL);
	lite_operator(&model, 39, 1, 2, -1, 3); /* TRANSPOSE */
	lite_operator(&model, 0, 0, 3, -1, 4); /* ADD */
	file = lite_write(&model);
	assert_int_equal(load_bytes(file.data, file.size, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "dimension 0 comes twice"));
	free(file.data);
}

/* A table whose field 0 is a number and field 1 a vector of @count bytes, of which there are 4. */
static struct lite_file table_file(uint32_t count, size_t *table)
{
	const int sizes[] = { 4, 4, 4, 4, 4 };
	struct lite_file file = { 0 };
	size_t root, vector;

	root = lite_vector(&file, 0, 4, NULL); /* room for the offset */
	assert_int_equal(root, 0);
	*table = lite_table(&file, 5, sizes);
	memcpy(file.data, table, 4);
	lite_set(&file, *table, 0, 4, 77);
	vector = lite_vector(&file, 4, 1, "abc");
	memcpy(file.data + vector, &count, 4);
	lite_link(&file, *table, 1, vector);
	lite_link(&file, *table, 2, lite_string(&file, "text"));
	lite_set(&file, *table, 3, 4, 0); /* an offset to itself */
	return file;
}

static void what_is_sound_is_read(void **state)
{
	size_t at;
	struct lite_file file = table_file(4, &at);
	struct flatbuffer buffer = { .data = file.data, .size = file.size };
	struct fb_table table = fb_root(&buffer);

	assert_int_equal(fb_i32(table, 0, 1), 77);
	assert_int_equal(fb_i32(table, 9, 12), 12);
	assert_false(fb_has(table, 9));
	assert_int_equal(fb_vector(table, 1, 1).count, 4);
	assert_string_equal(fb_string(table, 2), "text");
	assert_null(buffer.problem);
	assert_false(fb_present(fb_table(table, 3)));
	assert_non_null(buffer.problem);
	free(file.data);
}

static void vectors_have_to_fit(void **state)
{
	static const uint32_t counts[] = { 0x10000, 0x40000000, 0x7fffffff, 0xffffffff };
	static const size_t sizes[] = { 1, 4, 8 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (size_t k = 0; k < 3; k++) {
			size_t at;
			struct lite_file file = table_file(counts[i], &at);
			struct flatbuffer buffer = { .data = file.data, .size = file.size };
			struct fb_vector vector = fb_vector(fb_root(&buffer), 1, sizes[k]);

			assert_int_equal(vector.count, 0);
			assert_null(vector.data);
			assert_non_null(buffer.problem);
			free(file.data);
		}
	}
}

static void vtables_have_to_lie_inside(void **state)
{
	static const int32_t distances[] = { INT32_MIN, -100000, -1, 1, 3, 100000, INT32_MAX };

	for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		size_t at;
		struct lite_file file = table_file(4, &at);
		struct flatbuffer buffer = { .data = file.data, .size = file.size };

		memcpy(file.data + at, &distances[i], 4);
		assert_false(fb_present(fb_root(&buffer)));
		assert_non_null(buffer.problem);
		free(file.data);
	}
}

static void fields_have_to_lie_in_their_table(void **state)
{
	static const uint16_t fields[] = { 1, 2, 3, 5, 24, 30, 0xffff };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t at, vtable;
		struct lite_file file = table_file(4, &at);
		struct flatbuffer buffer = { .data = file.data, .size = file.size };
		uint32_t distance;

		memcpy(&distance, file.data + at, 4);
		vtable = at - distance;
		memcpy(file.data + vtable + 4, &fields[i], 2);
		assert_int_equal(fb_i32(fb_root(&buffer), 0, 5), 5);
		assert_non_null(buffer.problem);
		free(file.data);
	}
}

/* { "a": 1, "b": 0.5 } with bytes for offsets, floats of 4 bytes behind an offset. */
static const uint8_t map[] = { 'a', 0, 'b', 0, 0,  0, 0,  0x3f, 2,  9, 8,
			       2,   1, 2,   1, 11, 4, 34, 4,	36, 1 };

static void options_are_read(void **state)
{
	struct flex_map opened;
	double value = 0;

	assert_true(flex_root(map, sizeof(map), &opened));
	assert_int_equal(opened.count, 2);
	assert_true(flex_number(&opened, "a", &value));
	assert_true(value == 1);
	assert_true(flex_number(&opened, "b", &value));
	assert_true(value == 0.5);
	assert_false(flex_number(&opened, "c", &value));
	assert_false(flex_number(&opened, "", &value));
}

static void damaged_options_do_no_harm(void **state)
{
	for (size_t size = 0; size <= sizeof(map); size++) {
		for (size_t i = 0; i < size; i++) {
			for (int change = 1; change < 256; change++) {
				uint8_t *copy = malloc(size);
				struct flex_map opened;
				double value;

				assert_non_null(copy);
				memcpy(copy, map + sizeof(map) - size, size);
				copy[i] ^= change;
				if (flex_root(copy, size, &opened))
					flex_number(&opened, "b", &value);
				free(copy);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncation_is_noticed),
		cmocka_unit_test(changed_bytes_do_no_harm),
		cmocka_unit_test(changed_words_do_no_harm),
		cmocka_unit_test(a_dimension_comes_once),
		cmocka_unit_test(what_is_sound_is_read),
		cmocka_unit_test(vectors_have_to_fit),
		cmocka_unit_test(vtables_have_to_lie_inside),
		cmocka_unit_test(fields_have_to_lie_in_their_table),
		cmocka_unit_test(options_are_read),
		cmocka_unit_test(damaged_options_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
