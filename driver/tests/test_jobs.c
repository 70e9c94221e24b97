// SPDX-License-Identifier: GPL-2.0-only
/* Between scheduler and hardware: who is next, in which order jobs end, what is remembered. */
#include <kunit/test.h>

#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/sizes.h>

#include <drm/drm_gem.h>
#include <drm/drm_syncobj.h>

#include "../edge_ctx.h"
#include "../edge_drv.h"
#include "client.h"
#include "mock.h"

static void jobs_end_with_their_operations(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct submission submission = {
		.args.ctx = ctx,
		.ops = { { .tag = 1 }, { .tag = 2 } },
		.count = 2,
	};

	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	KUNIT_EXPECT_EQ(test, submission.args.error_reason, DRM_EDGE_REASON_NONE);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_finish(mock, 2);
	KUNIT_ASSERT_TRUE(test, mock_until(!mock_has(mock, 2)));
	KUNIT_EXPECT_EQ(test, client_poll(client, ctx, 1), CLIENT_PENDING);
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_EQ(test, client_status(client, ctx).ops, 2);
	client_close(client);
}

static void jobs_end_in_order(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 first = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 second = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct dma_fence *fence;
	unsigned int asked;

	client_submit(client, first, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	fence = client_submit_fence(client, second, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));

	/* The hardware has done the second job, which must not overtake the first one. */
	asked = READ_ONCE(mock->asked);
	mock_finish(mock, 2);
	KUNIT_ASSERT_TRUE(test, mock_until(READ_ONCE(mock->asked) != asked));
	KUNIT_EXPECT_EQ(test, mock_queued(mock), 2);
	KUNIT_EXPECT_EQ(test, client_poll(client, second, 1), CLIENT_PENDING);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(fence));

	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, first, 1), 0);
	KUNIT_EXPECT_EQ(test, client_wait(client, second, 1), 0);
	KUNIT_EXPECT_EQ(test, dma_fence_wait(fence, false), 0);
	KUNIT_EXPECT_EQ(test, fence->error, 0);
	KUNIT_EXPECT_EQ(test, mock_queued(mock), 0);
	dma_fence_put(fence);
	client_close(client);
}

static void two_jobs_are_on_the_hardware(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 tag;

	for (tag = 1; tag <= 6; tag++)
		KUNIT_EXPECT_EQ(test, client_submit(client, ctx, tag, 0), tag);
	for (tag = 1; tag <= 6; tag++) {
		KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, tag)));
		if (tag < 6)
			KUNIT_EXPECT_TRUE(test, mock_until(mock_has(mock, tag + 1)));
		KUNIT_EXPECT_FALSE(test, mock_has(mock, tag + 2));
		mock_finish(mock, tag);
		KUNIT_EXPECT_EQ(test, client_wait(client, ctx, tag), 0);
	}
	KUNIT_EXPECT_EQ(test, mock->most_jobs, EDGE_JOBS_IN_FLIGHT);
	for (tag = 1; tag <= 6; tag++)
		KUNIT_EXPECT_EQ(test, mock->begun[tag - 1], tag);
	client_close(client);
}

static void urgent_jobs_come_first(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 normal = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 low = client_ctx(client, DRM_EDGE_PRIORITY_LOW);
	u32 high = client_ctx(client, DRM_EDGE_PRIORITY_HIGH);
	u32 tag;

	client_submit(client, normal, 1, 0);
	client_submit(client, normal, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	/* The hardware is full: now these wait. */
	client_submit(client, low, 5, 0);
	client_submit(client, normal, 4, 0);
	client_submit(client, high, 3, 0);
	for (tag = 1; tag <= 5; tag++) {
		KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, tag)));
		mock_finish(mock, tag);
	}
	KUNIT_EXPECT_EQ(test, client_wait(client, low, 1), 0);
	for (tag = 1; tag <= 5; tag++)
		KUNIT_EXPECT_EQ(test, mock->begun[tag - 1], tag);
	client_close(client);
}

/* A job that must not begin before a fence signals, and one that does not care. */
static void submit_behind(struct kunit *test, struct client *client, u32 ctx,
			  struct submission *submission, struct dma_fence *fence)
{
	struct mock *mock = test->priv;
	u32 other = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	submission->args.ctx = ctx;
	submission->ops[0].tag = 1;
	submission->count = 1;
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, submission), 0);
	client_submit(client, other, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, other, 1), 0);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 1), 0);

	dma_fence_signal(fence);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
}

static void jobs_wait_for_fences(struct kunit *test)
{
	struct client *client = client_open(test, test->priv);
	struct dma_fence *fence = client_foreign_fence(client);
	struct submission submission = { .in_sync = client_syncobj(client) };
	struct drm_syncobj *syncobj;

	syncobj = drm_syncobj_find(client_file(client), submission.in_sync);
	KUNIT_ASSERT_NOT_NULL(test, syncobj);
	drm_syncobj_replace_fence(syncobj, fence);
	drm_syncobj_put(syncobj);
	submit_behind(test, client, client_ctx(client, DRM_EDGE_PRIORITY_NORMAL), &submission,
		      fence);
	dma_fence_put(fence);
	client_close(client);
}

static void add_fence(struct kunit *test, struct client *client, u32 bo, struct dma_fence *fence,
		      enum dma_resv_usage usage)
{
	struct drm_gem_object *obj = drm_gem_object_lookup(client_file(client), bo);

	KUNIT_ASSERT_NOT_NULL(test, obj);
	dma_resv_lock(obj->resv, NULL);
	KUNIT_EXPECT_EQ(test, dma_resv_reserve_fences(obj->resv, 1), 0);
	dma_resv_add_fence(obj->resv, fence, usage);
	dma_resv_unlock(obj->resv);
	drm_gem_object_put(obj);
}

static void jobs_wait_for_writers(struct kunit *test)
{
	struct client *client = client_open(test, test->priv);
	struct dma_fence *fence = client_foreign_fence(client);
	u32 bo = client_bo(client, SZ_4K, 0);
	struct submission submission = { .ops = { { .handle = bo } } };

	add_fence(test, client, bo, fence, DMA_RESV_USAGE_WRITE);
	submit_behind(test, client, client_ctx(client, DRM_EDGE_PRIORITY_NORMAL), &submission,
		      fence);
	dma_fence_put(fence);
	client_close(client);
}

static void writers_wait_for_readers(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	struct dma_fence *fence = client_foreign_fence(client);
	u32 bo = client_bo(client, SZ_4K, 0);
	u32 reader = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct submission reads = {
		.args.ctx = reader,
		.ops = { { .tag = 3, .handle = bo } },
		.count = 1,
	};
	struct submission writes = { .ops = { { .handle = bo, .flags = MOCK_WRITES } } };

	add_fence(test, client, bo, fence, DMA_RESV_USAGE_READ);
	/* Readers do not wait for each other. */
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &reads), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	mock_finish(mock, 3);
	KUNIT_EXPECT_EQ(test, client_wait(client, reader, 1), 0);
	submit_behind(test, client, client_ctx(client, DRM_EDGE_PRIORITY_NORMAL), &writes, fence);
	dma_fence_put(fence);
	client_close(client);
}

/* Between jobs of one device it is enough that they come to the hardware in order. */
static void dependent_jobs_keep_their_order(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 first = client_ctx(client, DRM_EDGE_PRIORITY_LOW);
	u32 second = client_ctx(client, DRM_EDGE_PRIORITY_HIGH);
	struct submission submission = {
		.args.ctx = first,
		.ops = { { .tag = 1 } },
		.count = 1,
		.out_sync = client_syncobj(client),
	};

	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	submission.in_sync = submission.out_sync;
	submission.out_sync = 0;
	submission.args.ctx = second;
	submission.ops[0].tag = 2;
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	KUNIT_EXPECT_TRUE(test, mock_has(mock, 1));
	KUNIT_EXPECT_EQ(test, mock->begun[0], 1);
	mock_finish(mock, 2);
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, second, 1), 0);
	KUNIT_EXPECT_NE(test, client_poll(client, first, 1), CLIENT_PENDING);
	client_close(client);
}

static void jobs_have_numbers(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 other = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct drm_edge_wait wait = { .ctx = ctx };

	KUNIT_EXPECT_EQ(test, client_submit(client, ctx, 1, 0), 1);
	KUNIT_EXPECT_EQ(test, client_submit(client, ctx, 2, 0), 2);
	KUNIT_EXPECT_EQ(test, client_submit(client, other, 3, 0), 1);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &wait), -ENOENT);
	wait.job = 3;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &wait), -ENOENT);
	wait.job = 1;
	wait.flags = 1;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &wait), -EINVAL);
	wait.flags = 0;
	wait.ctx = other + 1;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &wait), -ENOENT);

	KUNIT_EXPECT_EQ(test, client_poll(client, ctx, 2), CLIENT_PENDING);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_finish(mock, 1);
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 2), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	mock_finish(mock, 3);
	KUNIT_EXPECT_EQ(test, client_wait(client, other, 1), 0);
	client_close(client);
}

static void old_results_are_forgotten(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct drm_edge_wait wait = { .ctx = ctx };
	u32 tag, jobs = EDGE_RESULTS + 6;

	for (tag = 1; tag <= jobs; tag++) {
		client_submit(client, ctx, tag, 0);
		KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, tag)));
		mock_finish(mock, tag);
	}
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, jobs), 0);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, jobs - EDGE_RESULTS + 1), 0);
	wait.job = jobs - EDGE_RESULTS;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &wait), -ENOENT);
	client_close(client);
}

static void late_jobs_are_counted(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct submission submission = {
		.args = { .ctx = ctx, .deadline_ns = 1 },
		.ops = { { .tag = 1 } },
		.count = 1,
	};
	struct drm_edge_ctx_status status;

	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	submission.ops[0].tag = 2;
	submission.args.deadline_ns = S64_MAX;
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_finish(mock, 1);
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 2), 0);
	status = client_status(client, ctx);
	KUNIT_EXPECT_EQ(test, status.late, 1);
	KUNIT_EXPECT_EQ(test, status.submitted, 2);
	KUNIT_EXPECT_EQ(test, status.completed, 2);
	KUNIT_EXPECT_EQ(test, status.failed, 0);
	KUNIT_EXPECT_EQ(test, status.state, DRM_EDGE_CTX_OK);
	client_close(client);
}

static void a_destroyed_context_cancels_what_waits(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 other = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct drm_edge_ctx_destroy destroy = { .handle = client_ctx(client,
								     DRM_EDGE_PRIORITY_NORMAL) };
	struct submission submission = { .args.ctx = destroy.handle,
					 .ops = { { .tag = 9 } },
					 .count = 1 };
	struct dma_fence *fences[4];
	int i;

	for (i = 0; i < 4; i++)
		fences[i] = client_submit_fence(client, destroy.handle, i + 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));

	destroy.pad = 1;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy), -EINVAL);
	destroy.pad = 0;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy), 0);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy), -ENOENT);
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &submission), -ENOENT);

	mock_finish(mock, 1);
	mock_finish(mock, 2);
	for (i = 0; i < 4; i++) {
		dma_fence_wait(fences[i], false);
		if (i < 2)
			KUNIT_EXPECT_EQ(test, fences[i]->error, 0);
		else
			KUNIT_EXPECT_LT(test, fences[i]->error, 0);
		dma_fence_put(fences[i]);
	}

	/* The device goes on without them. */
	client_submit(client, other, 10, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 10)));
	mock_finish(mock, 10);
	KUNIT_EXPECT_EQ(test, client_wait(client, other, 1), 0);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 3), 0);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 4), 0);
	client_close(client);
}

static void contradictions_are_refused(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	const struct submission good = {
		.args.ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL),
		.ops = { { .tag = 1 }, { .tag = 2 } },
		.count = 2,
	};
	u32 reads = client_bo(client, SZ_4K, DRM_EDGE_BO_DEVICE_READS);
	struct drm_edge_ctx_create create = {};
	struct submission bad;

	bad = good;
	bad.args.flags = 1;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -EINVAL);
	bad = good;
	bad.args.pad = 1;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -EINVAL);
	bad = good;
	bad.args.ctx++;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -ENOENT);
	bad = good;
	bad.out_sync = 77;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -ENOENT);
	bad = good;
	bad.in_sync = 77;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -ENOENT);
	/* A syncobj that nobody has promised to signal */
	bad = good;
	bad.in_sync = client_syncobj(client);
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -EINVAL);
	bad = good;
	bad.count = 0;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -EINVAL);
	KUNIT_EXPECT_EQ(test, bad.args.error_reason, DRM_EDGE_REASON_STREAM);

	bad = good;
	bad.ops[1].handle = 99;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -EINVAL);
	KUNIT_EXPECT_EQ(test, bad.args.error_op, 1);
	KUNIT_EXPECT_EQ(test, bad.args.error_reason, DRM_EDGE_REASON_HANDLE);
	KUNIT_EXPECT_EQ(test, bad.args.error_at, offsetof(struct mock_op, handle));
	bad = good;
	bad.ops[0].handle = reads;
	bad.ops[0].flags = MOCK_WRITES;
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &bad), -EINVAL);
	KUNIT_EXPECT_EQ(test, bad.args.error_op, 0);
	KUNIT_EXPECT_EQ(test, bad.args.error_reason, DRM_EDGE_REASON_ACCESS);

	create.flags = 1;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &create), -EINVAL);
	create.flags = 0;
	create.priority = 3;
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &create), -EINVAL);

	/* Nothing of all that reached the device, or was counted. */
	KUNIT_EXPECT_EQ(test, client_status(client, good.args.ctx).submitted, 0);
	KUNIT_EXPECT_EQ(test, mock->begun_count, 0);
	client_close(client);
}

static void contexts_are_limited(struct kunit *test)
{
	struct client *client = client_open(test, test->priv);
	struct drm_edge_ctx_create create = {};
	struct drm_edge_ctx_destroy destroy = {};
	int i;

	for (i = 0; i < EDGE_MAX_CONTEXTS; i++)
		destroy.handle = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &create), -ENOSPC);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy), 0);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &create), 0);
	client_close(client);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(jobs_end_with_their_operations),
	KUNIT_CASE(jobs_end_in_order),
	KUNIT_CASE(two_jobs_are_on_the_hardware),
	KUNIT_CASE(urgent_jobs_come_first),
	KUNIT_CASE(jobs_wait_for_fences),
	KUNIT_CASE(jobs_wait_for_writers),
	KUNIT_CASE(writers_wait_for_readers),
	KUNIT_CASE(dependent_jobs_keep_their_order),
	KUNIT_CASE(jobs_have_numbers),
	KUNIT_CASE(old_results_are_forgotten),
	KUNIT_CASE(late_jobs_are_counted),
	KUNIT_CASE(a_destroyed_context_cancels_what_waits),
	KUNIT_CASE(contradictions_are_refused),
	KUNIT_CASE(contexts_are_limited),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-jobs",
	.init = mock_init,
	.exit = mock_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
