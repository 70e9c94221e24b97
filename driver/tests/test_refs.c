// SPDX-License-Identifier: GPL-2.0-only
/* What jobs hold while they are there, and let go of when they have ended. */
#include <kunit/test.h>

#include <linux/dma-fence.h>
#include <linux/sizes.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>

#include "../edge_ctx.h"
#include "../edge_drv.h"
#include "client.h"
#include "mock.h"

static unsigned int bo_refs(struct drm_gem_object *obj)
{
	return kref_read(&obj->refcount);
}

static struct drm_gem_object *bo_of(struct client *client, u32 handle)
{
	return drm_gem_object_lookup(client_file(client), handle);
}

static struct edge_ctx *ctx_of(struct client *client, u32 handle)
{
	return edge_ctx_find(client_file(client)->driver_priv, handle);
}

static u32 submit_with_bo(struct kunit *test, struct client *client, u32 ctx, u32 tag, u32 bo)
{
	struct submission submission = {
		.args.ctx = ctx,
		.ops = { { .tag = tag, .handle = bo }, { .tag = tag + 1, .handle = bo } },
		.count = 2,
	};

	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	return submission.args.job;
}

static void jobs_hold_buffers(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 bo = client_bo(client, SZ_4K, 0);
	struct drm_gem_close close = { .handle = bo };
	struct drm_gem_object *obj = bo_of(client, bo);

	KUNIT_ASSERT_NOT_NULL(test, obj);
	KUNIT_EXPECT_EQ(test, bo_refs(obj), 2);
	submit_with_bo(test, client, ctx, 1, bo);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	/* Once, however often its operations name it. */
	KUNIT_EXPECT_EQ(test, bo_refs(obj), 3);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_GEM_CLOSE, &close), 0);
	KUNIT_EXPECT_EQ(test, bo_refs(obj), 2);
	mock_finish(mock, 1);
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_TRUE(test, mock_until(bo_refs(obj) == 1));
	drm_gem_object_put(obj);
	client_close(client);
}

static void refused_jobs_hold_nothing(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 handle = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 bo = client_bo(client, SZ_4K, 0);
	struct drm_gem_object *obj = bo_of(client, bo);
	struct edge_ctx *ctx = ctx_of(client, handle);
	struct submission submission = {
		.args.ctx = handle,
		.ops = { { .handle = bo }, { .handle = bo + 1 } },
		.count = 2,
	};

	KUNIT_ASSERT_NOT_NULL(test, obj);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &submission), -EINVAL);
	submission.count = 1;
	submission.out_sync = 77;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &submission), -ENOENT);
	KUNIT_EXPECT_EQ(test, bo_refs(obj), 2);
	KUNIT_EXPECT_EQ(test, kref_read(&ctx->refs), 2);
	edge_ctx_put(ctx);
	drm_gem_object_put(obj);
	client_close(client);
}

static void jobs_hold_contexts(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	struct drm_edge_ctx_destroy destroy = { .handle = client_ctx(client,
								     DRM_EDGE_PRIORITY_NORMAL) };
	struct edge_ctx *ctx = ctx_of(client, destroy.handle);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	KUNIT_EXPECT_EQ(test, kref_read(&ctx->refs), 2);
	client_submit(client, destroy.handle, 1, 0);
	client_submit(client, destroy.handle, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	KUNIT_EXPECT_EQ(test, kref_read(&ctx->refs), 4);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy), 0);
	KUNIT_EXPECT_EQ(test, kref_read(&ctx->refs), 3);
	mock_finish(mock, 1);
	KUNIT_EXPECT_TRUE(test, mock_until(kref_read(&ctx->refs) == 2));
	mock_finish(mock, 2);
	KUNIT_EXPECT_TRUE(test, mock_until(kref_read(&ctx->refs) == 1));
	KUNIT_EXPECT_EQ(test, ctx->completed, 2);
	edge_ctx_put(ctx);
	client_close(client);
}

static void contexts_hold_files(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	struct edge_file *file = client_file(client)->driver_priv;
	u32 handle = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 bo = client_bo(client, SZ_4K, 0);
	struct drm_gem_object *obj = bo_of(client, bo);
	struct edge_ctx *ctx = ctx_of(client, handle);
	struct dma_fence *fence;

	KUNIT_ASSERT_NOT_NULL(test, obj);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	KUNIT_EXPECT_EQ(test, kref_read(&file->refs), 2);
	submit_with_bo(test, client, handle, 1, bo);
	fence = client_submit_fence(client, handle, 3, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	client_close(client);

	/* The hardware does not know. */
	KUNIT_EXPECT_EQ(test, kref_read(&file->refs), 1);
	KUNIT_EXPECT_EQ(test, kref_read(&ctx->refs), 3);
	KUNIT_EXPECT_EQ(test, bo_refs(obj), 2);
	KUNIT_EXPECT_TRUE(test, mock_has(mock, 1));
	mock_finish(mock, 1);
	mock_finish(mock, 2);
	mock_finish(mock, 3);
	KUNIT_EXPECT_EQ(test, dma_fence_wait(fence, false), 0);
	KUNIT_EXPECT_EQ(test, fence->error, 0);
	KUNIT_EXPECT_TRUE(test, mock_until(bo_refs(obj) == 1));
	KUNIT_EXPECT_TRUE(test, mock_until(kref_read(&ctx->refs) == 1));
	drm_gem_object_put(obj);
	edge_ctx_put(ctx);
	dma_fence_put(fence);
}

static void fences_outlive_the_device(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct dma_fence *fence = client_submit_fence(client, ctx, 1, 0);

	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	client_close(client);
	mock_unbind(mock);
	KUNIT_EXPECT_TRUE(test, mock_until(READ_ONCE(mock->released)));
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(fence), 1);
	dma_fence_put(fence);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(jobs_hold_buffers),	       KUNIT_CASE(refused_jobs_hold_nothing),
	KUNIT_CASE(jobs_hold_contexts),	       KUNIT_CASE(contexts_hold_files),
	KUNIT_CASE(fences_outlive_the_device), {},
};

static struct kunit_suite suite = {
	.name = "edge-refs",
	.init = mock_init,
	.exit = mock_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
