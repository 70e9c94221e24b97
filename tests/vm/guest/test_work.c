// SPDX-License-Identifier: MIT
/* Operations of every type give what their definition says, in every sort of buffer. */
#include "accel.h"
#include "card.h"
#include "ops.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE (64 * 1024)
#define OTHER_AT (SIZE / 4)
#define OUTPUT_AT (SIZE / 2)

struct setting {
	int fd;
	struct bo bo, weights;
	uint32_t ctx;
};

static struct setting *of(void **state)
{
	return *state;
}

/* Runs one job to its end, with what cached buffers need before and after. */
static void run(const struct setting *setting, const void *stream, uint32_t size)
{
	uint64_t job;

	assert_int_equal(bo_sync(&setting->bo, DRM_EDGE_SYNC_TO_DEVICE), 0);
	assert_int_equal(bo_sync(&setting->weights, DRM_EDGE_SYNC_TO_DEVICE), 0);
	job = submit(setting->fd, setting->ctx, stream, size);
	assert_int_equal(job_result(setting->fd, setting->ctx, job), 0);
	assert_int_equal(bo_sync(&setting->bo, DRM_EDGE_SYNC_TO_CPU), 0);
}

static int8_t value_at(const struct setting *setting, const struct drm_edge_nvdla_cube *cube,
		       uint32_t c, uint32_t y, uint32_t x)
{
	return (int8_t)setting->bo.map[cube_at(cube, c, y, x)];
}

static void test_copy(void **state)
{
	struct drm_edge_nvdla_copy copy =
		copy_op(&of(state)->bo, 8, &of(state)->bo, OUTPUT_AT, 4096);
	uint8_t *map = of(state)->bo.map;

	fill(map, OUTPUT_AT, 1);
	run(of(state), &copy, sizeof(copy));
	assert_memory_equal(map + OUTPUT_AT, map + 8, 4096);
	assert_int_equal(map[OUTPUT_AT + 4096], 0);
}

static void test_copy_of_lines(void **state)
{
	struct drm_edge_nvdla_copy copy = copy_op(&of(state)->bo, 0, &of(state)->bo, OUTPUT_AT, 24);
	uint8_t *map = of(state)->bo.map;

	copy.lines = 50;
	copy.from_stride = 64;
	copy.to_stride = 40;
	fill(map, OUTPUT_AT, 2);
	run(of(state), &copy, sizeof(copy));
	for (int line = 0; line < 50; line++) {
		assert_memory_equal(map + OUTPUT_AT + 40 * line, map + 64 * line, 24);
		for (int i = 24; i < 40; i++)
			assert_int_equal(map[OUTPUT_AT + 40 * line + i], 0);
	}
}

static void test_convolution(void **state)
{
	struct drm_edge_nvdla_cube input = cube(&of(state)->bo, 0, 9, 7, 19);
	struct drm_edge_nvdla_cube output = cube(&of(state)->bo, OUTPUT_AT, 9, 7, 11);
	struct drm_edge_nvdla_conv conv = conv_op(input, &of(state)->weights, output, 9);

	fill(of(state)->bo.map, OUTPUT_AT, 3);
	fill(of(state)->weights.map, 11 * 19 * 9, 4);
	run(of(state), &conv, sizeof(conv));
	for (uint32_t k = 0; k < 11; k++)
		for (uint32_t i = 0; i < 9 * 7; i++)
			assert_int_equal(value_at(of(state), &output, k, i / 9, i % 9),
					 conv_expected(&conv, of(state)->bo.map,
						       of(state)->weights.map, k, i / 9, i % 9));
}

static void test_element_wise(void **state)
{
	struct drm_edge_nvdla_cube input = cube(&of(state)->bo, 0, 11, 5, 24);
	struct drm_edge_nvdla_cube other = cube(&of(state)->bo, OTHER_AT, 11, 5, 24);
	struct drm_edge_nvdla_cube output = cube(&of(state)->bo, OUTPUT_AT, 11, 5, 24);
	struct drm_edge_nvdla_sdp sdp = add_relu_op(input, other, output);

	fill(of(state)->bo.map, OUTPUT_AT, 5);
	run(of(state), &sdp, sizeof(sdp));
	for (uint32_t c = 0; c < 24; c++) {
		for (uint32_t i = 0; i < 11 * 5; i++) {
			int sum = value_at(of(state), &input, c, i / 11, i % 11) +
				  value_at(of(state), &other, c, i / 11, i % 11);

			sum = sum < 0 ? 0 : sum > 127 ? 127 : sum;
			assert_int_equal(value_at(of(state), &output, c, i / 11, i % 11), sum);
		}
	}
}

static void test_in_place(void **state)
{
	struct drm_edge_nvdla_cube input = cube(&of(state)->bo, 0, 4, 4, 8);
	struct drm_edge_nvdla_cube other = cube(&of(state)->bo, OTHER_AT, 4, 4, 8);
	struct drm_edge_nvdla_sdp sdp = add_relu_op(input, other, input);
	uint8_t before[128];

	for (int i = 0; i < 128; i++)
		before[i] = of(state)->bo.map[i] = i / 4;
	memset(of(state)->bo.map + OTHER_AT, 3, 128);
	run(of(state), &sdp, sizeof(sdp));
	for (int i = 0; i < 128; i++)
		assert_int_equal(of(state)->bo.map[i], before[i] + 3);
}

static void test_pooling(void **state)
{
	struct drm_edge_nvdla_cube input = cube(&of(state)->bo, 0, 12, 8, 16);
	struct drm_edge_nvdla_cube output = cube(&of(state)->bo, OUTPUT_AT, 6, 4, 16);
	struct drm_edge_nvdla_pdp pdp = max_pool_op(input, output);

	fill(of(state)->bo.map, OUTPUT_AT, 6);
	run(of(state), &pdp, sizeof(pdp));
	for (uint32_t c = 0; c < 16; c++) {
		for (uint32_t i = 0; i < 6 * 4; i++) {
			int largest = -128;

			for (uint32_t j = 0; j < 4; j++) {
				int value = value_at(of(state), &input, c, i / 6 * 2 + j / 2,
						     i % 6 * 2 + j % 2);

				largest = value > largest ? value : largest;
			}
			assert_int_equal(value_at(of(state), &output, c, i / 6, i % 6), largest);
		}
	}
}

static int bent(int value)
{
	return value * value / 128 - value;
}

static int negated(int value)
{
	return -value;
}

static int saturated(int value)
{
	return value < -128 ? -128 : value > 127 ? 127 : value;
}

/* The second one has another table. */
static void test_tables(void **state)
{
	struct drm_edge_nvdla_cube input = cube(&of(state)->bo, 0, 8, 4, 8);
	struct drm_edge_nvdla_cube first = cube(&of(state)->bo, OUTPUT_AT, 8, 4, 8);
	struct drm_edge_nvdla_cube second = cube(&of(state)->bo, OUTPUT_AT + 256, 8, 4, 8);
	struct drm_edge_nvdla_table tables[] = { table_op(input, first, bent),
						 table_op(input, second, negated) };

	for (int i = 0; i < 256; i++)
		of(state)->bo.map[i] = i;
	run(of(state), tables, sizeof(tables));
	for (int i = 0; i < 256; i++) {
		assert_int_equal((int8_t)of(state)->bo.map[OUTPUT_AT + i],
				 saturated(bent((int8_t)i)));
		assert_int_equal((int8_t)of(state)->bo.map[OUTPUT_AT + 256 + i],
				 saturated(negated((int8_t)i)));
	}
}

/* Each operation takes what the one before it made. */
static void test_chain_of_types(void **state)
{
	struct drm_edge_nvdla_cube input = cube(&of(state)->bo, 0, 8, 8, 8);
	struct drm_edge_nvdla_cube second = cube(&of(state)->bo, OUTPUT_AT, 8, 8, 8);
	struct drm_edge_nvdla_cube third = cube(&of(state)->bo, OUTPUT_AT + 512, 4, 4, 8);
	struct {
		struct drm_edge_nvdla_copy copy;
		struct drm_edge_nvdla_table table;
		struct drm_edge_nvdla_pdp pdp;
	} stream = {
		.copy = copy_op(&of(state)->bo, OTHER_AT, &of(state)->bo, 0, 512),
		.table = table_op(input, second, negated),
		.pdp = max_pool_op(second, third),
	};

	for (int i = 0; i < 512; i++)
		of(state)->bo.map[OTHER_AT + i] = i % 61;
	run(of(state), &stream, sizeof(stream));
	for (uint32_t c = 0; c < 8; c++) {
		for (uint32_t i = 0; i < 16; i++) {
			int smallest = 127;

			for (uint32_t j = 0; j < 4; j++) {
				uint32_t y = i / 4 * 2 + j / 2, x = i % 4 * 2 + j % 2;
				int value = of(state)->bo.map[OTHER_AT + (y * 8 + x) * 8 + c];

				smallest = value < smallest ? value : smallest;
			}
			assert_int_equal(value_at(of(state), &third, c, i / 4, i % 4), -smallest);
		}
	}
}

#define MANY 400

/* A worm: every operation moves what the one before moved. */
static void test_many_operations_in_one_job(void **state)
{
	struct drm_edge_nvdla_copy *stream = calloc(MANY, sizeof(*stream));
	struct drm_edge_ctx_status status;

	for (int i = 0; i < MANY; i++)
		stream[i] = copy_op(&of(state)->bo, 8 * i, &of(state)->bo, 8 * (i + 1), 8);
	fill(of(state)->bo.map, 8, 9);
	run(of(state), stream, MANY * sizeof(*stream));
	assert_memory_equal(of(state)->bo.map + 8 * MANY, of(state)->bo.map, 8);
	status = ctx_status(of(state)->fd, of(state)->ctx);
	assert_int_equal(status.ops, MANY);
	assert_int_equal(status.completed, 1);
	free(stream);
}

/* The emulator's arithmetic can be made wrong: then these tests would see it. */
static void test_wrong_results_would_be_seen(void **state)
{
	struct drm_edge_nvdla_copy copy =
		copy_op(&of(state)->bo, 0, &of(state)->bo, OUTPUT_AT, 4096);
	uint8_t *map = of(state)->bo.map;

	fill(map, OUTPUT_AT, 10);
	card_tell("corrupt 1");
	run(of(state), &copy, sizeof(copy));
	assert_memory_not_equal(map + OUTPUT_AT, map, 4096);
	run(of(state), &copy, sizeof(copy));
	assert_memory_equal(map + OUTPUT_AT, map, 4096);
}

static int set_up(void **state, uint32_t flags)
{
	struct setting *setting = calloc(1, sizeof(*setting));

	setting->fd = accel_open();
	bo_create(&setting->bo, setting->fd, SIZE, flags);
	bo_create(&setting->weights, setting->fd, SIZE,
		  flags ? flags | DRM_EDGE_BO_DEVICE_READS : 0);
	setting->ctx = ctx_create(setting->fd);
	*state = setting;
	return 0;
}

static int write_combined(void **state)
{
	return set_up(state, 0);
}

static int cached(void **state)
{
	return set_up(state, DRM_EDGE_BO_CACHED);
}

static int tear_down(void **state)
{
	bo_destroy(&of(state)->bo);
	bo_destroy(&of(state)->weights);
	close(of(state)->fd);
	free(*state);
	return 0;
}

#define IN(where, test) \
	{ \
#test " in " #where " buffers", test, where, tear_down, NULL \
	}
#define TEST(test) IN(write_combined, test), IN(cached, test)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_copy),
		TEST(test_copy_of_lines),
		TEST(test_convolution),
		TEST(test_element_wise),
		TEST(test_in_place),
		TEST(test_pooling),
		TEST(test_tables),
		TEST(test_chain_of_types),
		TEST(test_many_operations_in_one_job),
		IN(write_combined, test_wrong_results_would_be_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
