// SPDX-License-Identifier: MIT
/*
 * Command streams with fields changed at random. What the kernel accepts, the device must do: it does not hang, is not
 * programmed wrongly, and writes nothing but the buffers that the stream may write. $EDGE_SEED repeats a run,
 * $EDGE_STREAMS says how many, but it ends after $EDGE_SECONDS in any case.
 */
#include "card.h"
#include "ops.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STREAMS 20000
#define SECONDS 200
#define MOST_OPS 4
#define BO_SIZE (64 * 1024)
#define OTHER_AT (BO_SIZE / 4)
#define OUTPUT_AT (BO_SIZE / 2)
/* Buffers between ours, and one that the device may read only. */
#define GUARDS 6
#define GUARD 0xa5

static struct {
	int fd;
	uint32_t ctx;
	struct bo data, weights, reads, guards[GUARDS];
	uint64_t random;
	long streams, accepted, refused[64];
} fuzz;

union descriptor {
	struct drm_edge_op op;
	struct drm_edge_nvdla_conv conv;
	struct drm_edge_nvdla_sdp sdp;
	struct drm_edge_nvdla_pdp pdp;
	struct drm_edge_nvdla_table table;
	struct drm_edge_nvdla_copy copy;
};

static uint32_t below(uint32_t limit)
{
	return next_random(&fuzz.random) % limit;
}

static int doubled(int value)
{
	return 2 * value;
}

/* One that is good, of some size. */
static union descriptor good_one(void)
{
	const uint32_t width = 1 + below(12), height = 1 + below(8), channels = 1 + below(24);
	struct drm_edge_nvdla_cube input = cube(&fuzz.data, 0, width, height, channels);
	struct drm_edge_nvdla_cube other = cube(&fuzz.data, OTHER_AT, width, height, channels);
	struct drm_edge_nvdla_cube output = cube(&fuzz.data, OUTPUT_AT, width, height, channels);
	union descriptor descriptor = { 0 };

	switch (below(5)) {
	case 0:
		output.channels = 1 + below(24);
		descriptor.conv = conv_op(input, &fuzz.weights, output, below(16));
		break;
	case 1:
		descriptor.sdp = add_relu_op(input, other, output);
		break;
	case 2:
		descriptor.pdp =
			max_pool_op(cube(&fuzz.data, 0, 2 * width, 2 * height, channels), output);
		break;
	case 3:
		descriptor.table = table_op(input, output, doubled);
		break;
	default:
		descriptor.copy = copy_op(&fuzz.data, 0, &fuzz.data, OUTPUT_AT, 8 * width);
		descriptor.copy.lines = height;
		break;
	}
	return descriptor;
}

static void spoil(union descriptor *descriptor, uint32_t bytes)
{
	static const uint32_t edges[] = { 0,	 1,	     2,	      7,	 8,    16,
					  63,	 64,	     4096,    8191,	 8192, 65535,
					  65536, 0x7fffffff, 1 << 31, UINT32_MAX };
	uint32_t *field = (uint32_t *)descriptor + below(bytes / 4);

	switch (below(6)) {
	case 0:
		*field ^= 1u << below(32);
		break;
	case 1:
		*field = edges[below(sizeof(edges) / sizeof(*edges))];
		break;
	case 2:
		*field = next_random(&fuzz.random);
		break;
	case 3:
		*field = below(2) ? fuzz.reads.handle : fuzz.weights.handle;
		break;
	case 4:
		*field += 8;
		break;
	default:
		*field += below(3) - 1;
		break;
	}
}

static uint32_t make_stream(uint8_t *stream)
{
	const uint32_t ops = 1 + below(MOST_OPS);
	uint32_t size = 0;

	for (uint32_t i = 0; i < ops; i++) {
		union descriptor descriptor = good_one();
		const uint32_t bytes = descriptor.op.size;

		for (uint32_t changes = below(4); changes; changes--)
			spoil(&descriptor, bytes);
		memcpy(stream + size, &descriptor, bytes);
		size += bytes;
	}
	return size;
}

static void run_stream(void)
{
	uint8_t stream[MOST_OPS * sizeof(union descriptor)];
	struct drm_edge_submit args = submit_args(fuzz.ctx, stream, make_stream(stream));
	const uint64_t before = fuzz.random;
	int ret = submit_try(fuzz.fd, &args);

	fuzz.streams++;
	if (ret) {
		assert_int_equal(ret, -EINVAL);
		assert_true(args.error_reason > 0 && args.error_reason < 64);
		assert_true(args.error_op < MOST_OPS);
		fuzz.refused[args.error_reason]++;
		return;
	}
	fuzz.accepted++;
	ret = job_result(fuzz.fd, fuzz.ctx, args.job);
	if (ret)
		fail_msg("stream %ld, state %llu: %d", fuzz.streams, (unsigned long long)before,
			 ret);
}

static void check_guards(void)
{
	uint8_t copy[4096];

	for (int i = 0; i < GUARDS; i++) {
		memcpy(copy, fuzz.guards[i].map, sizeof(copy));
		for (size_t j = 0; j < sizeof(copy); j++)
			assert_int_equal(copy[j], GUARD);
	}
}

static void guard(int index)
{
	bo_create(&fuzz.guards[index], fuzz.fd, 4096, 0);
	memset(fuzz.guards[index].map, GUARD, 4096);
}

static long setting(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 0) : otherwise;
}

static void test_what_is_accepted_runs(void **state)
{
	const long seed = setting("EDGE_SEED", (long)(now_ns() / MS % 1000000));
	const long streams = setting("EDGE_STREAMS", STREAMS);
	const int64_t end = now_ns() + setting("EDGE_SECONDS", SECONDS) * SECOND;
	const long long misuses = card_stat("misuses");
	static uint8_t before[BO_SIZE];

	printf("# EDGE_SEED=%ld\n", seed);
	fflush(stdout);
	fuzz.random = seed;
	for (int i = 0; i < GUARDS; i++) {
		guard(i);
		if (i == 1)
			bo_create(&fuzz.data, fuzz.fd, BO_SIZE, 0);
		if (i == 2)
			bo_create(&fuzz.weights, fuzz.fd, BO_SIZE, 0);
		if (i == 3)
			bo_create(&fuzz.reads, fuzz.fd, BO_SIZE, DRM_EDGE_BO_DEVICE_READS);
	}
	fill(fuzz.reads.map, BO_SIZE, 1);
	memcpy(before, fuzz.reads.map, BO_SIZE);
	for (long i = 0; i < streams && now_ns() < end; i++) {
		run_stream();
		if (i % 1000 == 999)
			check_guards();
	}
	check_guards();
	assert_memory_equal(fuzz.reads.map, before, BO_SIZE);
	printf("# %ld streams, %ld accepted\n", fuzz.streams, fuzz.accepted);
	for (int i = 0; i < 64; i++)
		if (fuzz.refused[i])
			printf("# reason %2d: %6ld\n", i, fuzz.refused[i]);
	assert_int_equal(card_stat("misuses"), misuses);
}

static int set_up(void **state)
{
	fuzz.fd = accel_open();
	fuzz.ctx = ctx_create(fuzz.fd);
	return 0;
}

static int tear_down(void **state)
{
	close(fuzz.fd);
	coredump_drop();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_what_is_accepted_runs) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
