// SPDX-License-Identifier: MIT
/* Programs whose results the RTL of NVDLA gave, as jobs: $EDGE_GOLDEN holds a folder for each. */
#include "../../driver/lift.h"
#include "accel.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_REGIONS 64

struct tally {
	int passed, failed, skipped;
};

/* A job with the handles of its buffers in place of the numbers of regions. */
static uint64_t run_step(int fd, uint32_t ctx, const struct lift_step *step)
{
	struct drm_edge_submit args = submit_args(ctx, step->data, step->size);
	int ret = submit_try(fd, &args);

	if (!ret)
		return args.job;
	printf("# %d: operation %u, reason %u, at %u\n", ret, args.error_op, args.error_reason,
	       args.error_at);
	return 0;
}

static bool is_right(const uint8_t *data, const struct lift_step *step)
{
	uint8_t *copy = malloc(step->size);
	bool right;

	/* Write-combined memory is read once, and fast. */
	memcpy(copy, data, step->size);
	if (step->kind == LIFT_CRC)
		right = lift_crc(copy, step->size) == step->crc;
	else
		right = !memcmp(copy, step->data, step->size);
	free(copy);
	return right;
}

static bool run_steps(int fd, const struct lift *lift, struct bo *bos)
{
	uint32_t ctx = ctx_create(fd);
	uint64_t job = 0;

	for (unsigned int i = 0; i < lift->num_steps; i++) {
		const struct lift_step *step = &lift->steps[i];

		if (step->kind == LIFT_RUN) {
			job = run_step(fd, ctx, step);
			if (!job)
				return false;
			continue;
		}
		if (job && job_result(fd, ctx, job))
			return false;
		if (step->kind == LIFT_LOAD)
			memcpy(bos[step->region].map + step->offset, step->data, step->size);
		else if (!is_right(bos[step->region].map + step->offset, step))
			return false;
	}
	return true;
}

/* Whether there is memory for it in one piece: without CMA, as in Debian's kernels, 4 MiB at most. */
static bool fits(const struct lift *lift)
{
	bool there = true;
	int fd = accel_open();

	for (unsigned int i = 0; i < lift->num_regions; i++) {
		struct drm_edge_bo_create create = { .size = lift->regions[i].size };
		int ret = accel_call(fd, DRM_IOCTL_EDGE_BO_CREATE, &create);

		there &= ret != -ENOMEM;
	}
	close(fd);
	return there;
}

/* The handle of region i is i + 1 in the descriptors, and so it is in a new file. */
static bool run_lifted(const struct lift *lift)
{
	struct bo bos[MAX_REGIONS];
	int fd = accel_open();
	bool right;

	assert_true(lift->num_regions <= MAX_REGIONS);
	for (unsigned int i = 0; i < lift->num_regions; i++) {
		bo_create(&bos[i], fd, lift->regions[i].size, 0);
		assert_int_equal(bos[i].handle, i + 1);
		memset(bos[i].map, lift->regions[i].fill, bos[i].size);
	}
	right = run_steps(fd, lift, bos);
	for (unsigned int i = 0; i < lift->num_regions; i++)
		bo_destroy(&bos[i]);
	close(fd);
	return right;
}

static void run_program(const char *folder, struct tally *tally)
{
	struct lift *lift = lift_program(folder);

	assert_non_null(lift);
	if (lift->obstacle[0]) {
		printf("# %s: %s\n", folder, lift->obstacle);
		tally->skipped++;
	} else if (!fits(lift)) {
		printf("# %s: no memory for it in one piece\n", folder);
		tally->skipped++;
	} else if (run_lifted(lift)) {
		tally->passed++;
	} else {
		printf("# %s: wrong\n", folder);
		tally->failed++;
	}
	lift_free(lift);
}

static void test_programs(void **state)
{
	const char *folder = getenv("EDGE_GOLDEN");
	struct tally tally = { 0 };
	struct dirent **entries;
	int count = folder ? scandir(folder, &entries, NULL, alphasort) : 0;

	for (int i = 0; i < count; i++) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s/run.txt", folder, entries[i]->d_name);
		if (!access(path, R_OK)) {
			*strrchr(path, '/') = '\0';
			run_program(path, &tally);
		}
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
	printf("# %d right, %d wrong, %d skipped\n", tally.passed, tally.failed, tally.skipped);
	if (!tally.passed && !tally.failed)
		skip();
	assert_int_equal(tally.failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_programs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
