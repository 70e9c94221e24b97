// SPDX-License-Identifier: GPL-2.0-only
/* Buffers: what may be asked for, what one gets, and what remains of it when the device goes. */
#include <kunit/test.h>

#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>

#include "../edge_gem.h"
#include "../edge_job.h"
#include "client.h"
#include "mock.h"

struct create_case {
	const char *name;
	u64 size;
	u32 flags;
	int error;
};

#define BOTH (DRM_EDGE_BO_DEVICE_READS | DRM_EDGE_BO_DEVICE_WRITES)

static const struct create_case creates[] = {
	{ "a byte", 1, 0, 0 },
	{ "cached", SZ_64K, DRM_EDGE_BO_CACHED, 0 },
	{ "only read", SZ_8K, DRM_EDGE_BO_DEVICE_READS, 0 },
	{ "only written and cached", SZ_8K, DRM_EDGE_BO_DEVICE_WRITES | DRM_EDGE_BO_CACHED, 0 },
	{ "the largest", MOCK_MAX_BO, 0, 0 },
	{ "nothing", 0, 0, -EINVAL },
	{ "too large", MOCK_MAX_BO + 1, 0, -EINVAL },
	{ "much too large", U64_MAX, 0, -EINVAL },
	{ "neither read nor written", SZ_4K, BOTH, -EINVAL },
	{ "imported", SZ_4K, DRM_EDGE_BO_IMPORTED, -EINVAL },
	{ "unknown flag", SZ_4K, 1 << 3, -EINVAL },
};

static void create_describe(const struct create_case *create, char *text)
{
	strscpy(text, create->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(creates, creates, create_describe);

static void buffers_are_made(struct kunit *test)
{
	const struct create_case *param = test->param_value;
	struct client *client = client_open(test, test->priv);
	struct drm_edge_bo_create create = { .size = param->size, .flags = param->flags };
	struct drm_edge_bo_info info = {};
	struct drm_gem_object *obj;
	struct edge_bo *bo;

	KUNIT_ASSERT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_BO_CREATE, &create),
			param->error);
	if (param->error)
		goto out;
	KUNIT_EXPECT_EQ(test, create.size, PAGE_ALIGN(param->size));
	info.handle = create.handle;
	KUNIT_ASSERT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_BO_INFO, &info), 0);
	KUNIT_EXPECT_EQ(test, info.size, create.size);
	KUNIT_EXPECT_EQ(test, info.flags, param->flags);
	KUNIT_EXPECT_EQ(test, info.mmap_offset, create.mmap_offset);

	obj = drm_gem_object_lookup(client_file(client), create.handle);
	KUNIT_ASSERT_NOT_NULL(test, obj);
	bo = to_edge_bo(obj);
	KUNIT_EXPECT_NULL(test, memchr_inv(bo->cpu, 0, create.size));
	KUNIT_EXPECT_LE(test, (u64)bo->address + create.size, BIT_ULL(32));
	drm_gem_object_put(obj);
out:
	client_close(client);
}

static void handles_belong_to_their_file(struct kunit *test)
{
	struct client *client = client_open(test, test->priv);
	struct client *other = client_open(test, test->priv);
	u32 bo = client_bo(client, SZ_4K, 0);
	struct drm_edge_bo_info info = { .handle = bo };
	struct drm_edge_bo_sync sync = { .handle = bo, .flags = DRM_EDGE_SYNC_TO_CPU };
	struct submission submission = {
		.args.ctx = client_ctx(other, DRM_EDGE_PRIORITY_NORMAL),
		.ops = { { .handle = bo } },
		.count = 1,
	};

	KUNIT_EXPECT_EQ(test, client_ioctl(other, DRM_IOCTL_EDGE_BO_INFO, &info), -ENOENT);
	KUNIT_EXPECT_EQ(test, client_ioctl(other, DRM_IOCTL_EDGE_BO_SYNC, &sync), -ENOENT);
	KUNIT_EXPECT_EQ(test, client_submit_ops(other, &submission), -EINVAL);
	KUNIT_EXPECT_EQ(test, submission.args.error_reason, DRM_EDGE_REASON_HANDLE);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_BO_SYNC, &sync), 0);
	client_close(other);
	client_close(client);
}

struct sync_case {
	const char *name;
	u32 bo_flags;
	u32 flags;
	u64 offset;
	u64 size;
	int error;
};

static const struct sync_case syncs[] = {
	{ "all", DRM_EDGE_BO_CACHED, DRM_EDGE_SYNC_TO_DEVICE, 0, 0, 0 },
	{ "both ways", DRM_EDGE_BO_CACHED, DRM_EDGE_SYNC_TO_DEVICE | DRM_EDGE_SYNC_TO_CPU, 1, 2,
	  0 },
	{ "the end", DRM_EDGE_BO_CACHED, DRM_EDGE_SYNC_TO_CPU, SZ_8K, 0, 0 },
	{ "write-combined", 0, DRM_EDGE_SYNC_TO_CPU, 0, SZ_8K, 0 },
	{ "no way", DRM_EDGE_BO_CACHED, 0, 0, 0, -EINVAL },
	{ "unknown flag", DRM_EDGE_BO_CACHED, 1 << 2, 0, 0, -EINVAL },
	{ "beyond the end", DRM_EDGE_BO_CACHED, DRM_EDGE_SYNC_TO_CPU, SZ_4K, SZ_4K + 1, -EINVAL },
	{ "behind the end", 0, DRM_EDGE_SYNC_TO_CPU, SZ_8K + 1, 0, -EINVAL },
	{ "around the end", DRM_EDGE_BO_CACHED, DRM_EDGE_SYNC_TO_CPU, 8, U64_MAX - 4, -EINVAL },
};

static void sync_describe(const struct sync_case *sync, char *text)
{
	strscpy(text, sync->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(syncs, syncs, sync_describe);

static void caches_are_maintained(struct kunit *test)
{
	const struct sync_case *param = test->param_value;
	struct client *client = client_open(test, test->priv);
	struct drm_edge_bo_sync sync = {
		.handle = client_bo(client, SZ_8K, param->bo_flags),
		.flags = param->flags,
		.offset = param->offset,
		.size = param->size,
	};

	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_BO_SYNC, &sync), param->error);
	client_close(client);
}

static void jobs_name_a_limited_number(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 count = EDGE_MAX_JOB_BOS + 1, i;
	struct mock_op *ops = kunit_kcalloc(test, count, sizeof(*ops), GFP_KERNEL);
	struct drm_edge_submit submit = {
		.ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL),
		.stream_size = count * sizeof(*ops),
	};

	KUNIT_ASSERT_NOT_NULL(test, ops);
	for (i = 0; i < count; i++) {
		ops[i].op = (struct drm_edge_op) { MOCK_OP, sizeof(*ops) };
		ops[i].handle = client_bo(client, 1, 0);
	}
	submit.stream = client_memory(client, ops, submit.stream_size);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_SUBMIT, &submit), -ENOSPC);
	KUNIT_EXPECT_EQ(test, submit.error_reason, DRM_EDGE_REASON_NONE);
	client_close(client);
}

static void buffers_outlive_the_device(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 handle = client_bo(client, SZ_8K, 0);
	struct drm_gem_object *obj = drm_gem_object_lookup(client_file(client), handle);
	struct drm_edge_bo_create create = { .size = SZ_4K };
	struct edge_bo *bo;

	KUNIT_ASSERT_NOT_NULL(test, obj);
	bo = to_edge_bo(obj);
	memset(bo->cpu, 0x5a, SZ_8K);
	mock_unbind(mock);
	/* The DMA API has its memory back, and mappings lead to where the contents are now. */
	KUNIT_EXPECT_NULL(test, bo->cpu);
	KUNIT_ASSERT_NOT_NULL(test, bo->refuge);
	KUNIT_EXPECT_NULL(test, memchr_inv(bo->refuge, 0x5a, SZ_8K));
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_BO_CREATE, &create), -ENODEV);
	drm_gem_object_put(obj);
	client_close(client);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(buffers_are_made, creates_gen_params),
	KUNIT_CASE(handles_belong_to_their_file),
	KUNIT_CASE_PARAM(caches_are_maintained, syncs_gen_params),
	KUNIT_CASE(jobs_name_a_limited_number),
	KUNIT_CASE(buffers_outlive_the_device),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-buffers",
	.init = mock_init,
	.exit = mock_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
