// SPDX-License-Identifier: GPL-2.0-only
/* Jobs that hang, lost interrupts, devices that do not come back or go away: who is told what. */
#include <kunit/test.h>

#include <linux/dma-fence.h>
#include <linux/sizes.h>

#include <drm/drm_syncobj.h>

#include "../compat/edge_compat.h"
#include "../edge_ctx.h"
#include "../edge_drv.h"
#include "client.h"
#include "mock.h"

static u64 lost_irqs(struct mock *mock)
{
	return READ_ONCE(mock->edev->lost_irqs);
}

static void a_lost_interrupt_is_no_reset(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	unsigned int resets = mock->resets;

	client_submit(client, ctx, 1, 0);
	client_submit(client, ctx, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock->deaf = true;
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_poll(client, ctx, 1), CLIENT_PENDING);
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_EQ(test, lost_irqs(mock), 1);

	mock->deaf = false;
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 2), 0);
	KUNIT_EXPECT_EQ(test, mock->resets, resets);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 2), 1);
	KUNIT_EXPECT_EQ(test, client_status(client, ctx).state, DRM_EDGE_CTX_OK);
	client_close(client);
}

static void progress_is_no_hang(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	unsigned int asked, resets = mock->resets;
	struct submission submission = {
		.args.ctx = ctx,
		.ops = { { .tag = 1 }, { .tag = 2 }, { .tag = 3 } },
		.count = 3,
	};

	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	asked = READ_ONCE(mock->asked);
	mock_finish(mock, 1);
	KUNIT_ASSERT_TRUE(test, mock_until(READ_ONCE(mock->asked) != asked));
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, mock->resets, resets);
	KUNIT_EXPECT_EQ(test, client_poll(client, ctx, 1), CLIENT_PENDING);
	/* Nothing has moved since. */
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, client_status(client, ctx).ops, 1);
	KUNIT_EXPECT_EQ(test, lost_irqs(mock), 0);
	client_close(client);
}

static void whoever_hangs_is_guilty(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 guilty = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct submission submission = { .args.ctx = guilty, .ops = { { .tag = 9 } }, .count = 1 };
	struct drm_edge_ctx_status status;
	struct dma_fence *fences[3];
	int i;

	for (i = 0; i < 3; i++)
		fences[i] = client_submit_fence(client, guilty, i + 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_time_out(mock);

	KUNIT_EXPECT_EQ(test, client_wait(client, guilty, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, client_wait(client, guilty, 2), -ECANCELED);
	/* This one never reached the hardware. */
	KUNIT_EXPECT_EQ(test, client_wait(client, guilty, 3), -ECANCELED);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 3), 0);
	for (i = 0; i < 3; i++) {
		dma_fence_wait(fences[i], false);
		KUNIT_EXPECT_EQ(test, fences[i]->error, i ? -ECANCELED : -ETIMEDOUT);
		dma_fence_put(fences[i]);
	}
	status = client_status(client, guilty);
	KUNIT_EXPECT_EQ(test, status.state, DRM_EDGE_CTX_GUILTY);
	KUNIT_EXPECT_EQ(test, status.completed, 3);
	KUNIT_EXPECT_EQ(test, status.failed, 3);
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &submission), -ECANCELED);

	/* A new context is innocent. */
	submission.args.ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 9)));
	mock_finish(mock, 9);
	KUNIT_EXPECT_EQ(test, client_wait(client, submission.args.ctx, 1), 0);
	client_close(client);
}

static void the_innocent_go_on_where_they_were(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 guilty = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 innocent = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct submission submission = {
		.args.ctx = innocent,
		.ops = { { .tag = 2 }, { .tag = 3 } },
		.count = 2,
	};
	unsigned int asked;

	client_submit(client, guilty, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	asked = READ_ONCE(mock->asked);
	mock_finish(mock, 2);
	KUNIT_ASSERT_TRUE(test, mock_until(READ_ONCE(mock->asked) != asked));

	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, client_wait(client, guilty, 1), -ETIMEDOUT);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 2), 1);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 3), 2);
	KUNIT_EXPECT_EQ(test, client_poll(client, innocent, 1), CLIENT_PENDING);
	mock_finish(mock, 3);
	KUNIT_EXPECT_EQ(test, client_wait(client, innocent, 1), 0);
	KUNIT_EXPECT_EQ(test, client_status(client, innocent).state, DRM_EDGE_CTX_INNOCENT);
	KUNIT_EXPECT_EQ(test, client_status(client, innocent).resets, 1);
	KUNIT_EXPECT_EQ(test, client_status(client, innocent).ops, 2);
	client_close(client);
}

static void the_innocent_may_turn_out_guilty(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 first = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 second = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	unsigned int resets = mock->resets;

	client_submit(client, first, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	client_submit(client, second, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, client_wait(client, first, 1), -ETIMEDOUT);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_begun(mock, 2) == 2));
	/* The scheduler's clock ran while the other job was there: this one gets its own turn. */
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 1);
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, second, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, client_status(client, second).state, DRM_EDGE_CTX_GUILTY);
	client_close(client);
}

static void what_works_in_place_is_lost(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 guilty = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 lost = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	client_submit(client, guilty, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	client_submit(client, lost, 2, MOCK_IN_PLACE);
	client_submit(client, lost, 3, MOCK_IN_PLACE);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, client_wait(client, lost, 1), -EIO);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 2), 1);
	/* Its later jobs run. */
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	mock_finish(mock, 3);
	KUNIT_EXPECT_EQ(test, client_wait(client, lost, 2), 0);
	KUNIT_EXPECT_EQ(test, client_status(client, lost).state, DRM_EDGE_CTX_LOST);
	client_close(client);
}

static void note_fence(struct mock *mock)
{
	struct dma_fence *fence = mock->seen_on_reset;

	KUNIT_EXPECT_FALSE(mock->test, dma_fence_is_signaled(fence));
}

static void fences_signal_after_the_reset(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct dma_fence *fence;
	unsigned int resets = mock->resets;

	fence = client_submit_fence(client, ctx, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	mock->seen_on_reset = fence;
	mock->on_reset = note_fence;
	mock_time_out(mock);
	mock->on_reset = NULL;
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 1);
	KUNIT_EXPECT_EQ(test, dma_fence_wait(fence, false), 0);
	KUNIT_EXPECT_EQ(test, fence->error, -ETIMEDOUT);
	dma_fence_put(fence);
	client_close(client);
}

static void a_reset_is_tried_again(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 other = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	unsigned int resets = mock->resets;

	client_submit(client, ctx, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	mock->reset_error = -ETIMEDOUT;
	mock->reset_failures = 2;
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 3);
	KUNIT_EXPECT_EQ(test, mock->edev->info.resets, 1);
	client_submit(client, other, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, other, 1), 0);
	client_close(client);
}

static void a_device_that_stays_away_is_wedged(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 guilty = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 other = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct submission submission = { .args.ctx = other, .ops = { { .tag = 9 } }, .count = 1 };
	struct drm_edge_reset reset = {};

	client_submit(client, guilty, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	client_submit(client, other, 2, 0);
	client_submit(client, other, 3, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock->start_error = -ETIMEDOUT;
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, client_wait(client, guilty, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, client_wait(client, other, 1), -EIO);
	KUNIT_EXPECT_EQ(test, client_wait(client, other, 2), -EIO);
	KUNIT_EXPECT_EQ(test, client_submit_ops(client, &submission), -EIO);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_RESET, &reset), -EIO);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 2), 1);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 3), 0);
	KUNIT_EXPECT_EQ(test, mock_queued(mock), 0);
	client_close(client);
}

static void a_device_may_be_gone_at_the_reset(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 guilty = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 other = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct drm_edge_wait wait = { .ctx = other, .job = 1 };
	unsigned int resets = mock->resets;
	struct dma_fence *fences[2];

	fences[0] = client_submit_fence(client, guilty, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	fences[1] = client_submit_fence(client, other, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock->reset_error = -ENODEV;
	mock->reset_failures = U32_MAX;
	mock_time_out(mock);
	flush_work(&mock->edev->unplug);

	/* It is not asked again. */
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 1);
	dma_fence_wait(fences[1], false);
	KUNIT_EXPECT_EQ(test, fences[1]->error, -ENODEV);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &wait), -ENODEV);
	dma_fence_put(fences[0]);
	dma_fence_put(fences[1]);
	client_close(client);
}

static void removal_ends_every_job(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct drm_edge_ctx_create create = {};
	struct dma_fence *fences[5];
	int i;

	for (i = 0; i < ARRAY_SIZE(fences); i++)
		fences[i] = client_submit_fence(client, ctx, i + 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_unbind(mock);
	for (i = 0; i < ARRAY_SIZE(fences); i++) {
		dma_fence_wait(fences[i], false);
		KUNIT_EXPECT_EQ(test, fences[i]->error, -ENODEV);
		dma_fence_put(fences[i]);
	}
	KUNIT_EXPECT_FALSE(test, mock->powered);
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &create), -ENODEV);
	KUNIT_EXPECT_FALSE(test, mock->released);
	client_close(client);
	KUNIT_EXPECT_TRUE(test, mock_until(READ_ONCE(mock->released)));
}

static void jobs_of_a_removed_device_outlive_their_file(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct dma_fence *fence;
	int i;

	for (i = 0; i < 40; i++)
		client_submit(client, ctx, i + 1, 0);
	fence = client_submit_fence(client, ctx, 99, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_unbind(mock);
	/* The last one to hold the device is the file. */
	client_close(client);
	KUNIT_EXPECT_TRUE(test, mock_until(dma_fence_is_signaled(fence)));
	KUNIT_EXPECT_LT(test, fence->error, 0);
	dma_fence_put(fence);
}

static void jobs_may_be_the_last_to_go(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	struct dma_fence *foreign = client_foreign_fence(client), *fence;
	struct submission submission = {
		.args.ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL),
		.ops = { { .tag = 1, .handle = client_bo(client, SZ_4K, 0) } },
		.count = 1,
		.in_sync = client_syncobj(client),
		.out_sync = client_syncobj(client),
	};
	struct drm_syncobj *syncobj;

	syncobj = drm_syncobj_find(client_file(client), submission.in_sync);
	KUNIT_ASSERT_NOT_NULL(test, syncobj);
	drm_syncobj_replace_fence(syncobj, foreign);
	drm_syncobj_put(syncobj);
	KUNIT_ASSERT_EQ(test, client_submit_ops(client, &submission), 0);
	fence = client_fence(client, submission.out_sync);
	mock_unbind(mock);
	/* It is cancelled, but not before what it waits for. */
	client_close(client);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(fence));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(mock->released));
	dma_fence_signal(foreign);
	KUNIT_EXPECT_EQ(test, dma_fence_wait(fence, false), 0);
	KUNIT_EXPECT_LT(test, fence->error, 0);
	KUNIT_EXPECT_TRUE(test, mock_until(READ_ONCE(mock->released)));
	dma_fence_put(fence);
	dma_fence_put(foreign);
}

static void users_may_reset(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 whole = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 torn = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	struct drm_edge_reset reset = { .flags = 1 };

	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_RESET, &reset), -EINVAL);
	reset.flags = 0;
	client_submit(client, whole, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	client_submit(client, torn, 2, MOCK_IN_PLACE);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	KUNIT_EXPECT_EQ(test, client_ioctl(client, DRM_IOCTL_EDGE_RESET, &reset), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 1), 2);
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, whole, 1), 0);
	KUNIT_EXPECT_EQ(test, client_wait(client, torn, 1), -EIO);
	KUNIT_EXPECT_EQ(test, client_status(client, whole).state, DRM_EDGE_CTX_INNOCENT);
	KUNIT_EXPECT_EQ(test, client_status(client, torn).state, DRM_EDGE_CTX_LOST);
	KUNIT_EXPECT_EQ(test, mock->edev->info.resets, 1);
	client_close(client);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_lost_interrupt_is_no_reset),
	KUNIT_CASE(progress_is_no_hang),
	KUNIT_CASE(whoever_hangs_is_guilty),
	KUNIT_CASE(the_innocent_go_on_where_they_were),
	KUNIT_CASE(the_innocent_may_turn_out_guilty),
	KUNIT_CASE(what_works_in_place_is_lost),
	KUNIT_CASE(fences_signal_after_the_reset),
	KUNIT_CASE(a_reset_is_tried_again),
	KUNIT_CASE(a_device_that_stays_away_is_wedged),
	KUNIT_CASE(a_device_may_be_gone_at_the_reset),
	KUNIT_CASE(removal_ends_every_job),
	KUNIT_CASE(jobs_of_a_removed_device_outlive_their_file),
	KUNIT_CASE(jobs_may_be_the_last_to_go),
	KUNIT_CASE(users_may_reset),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-reset",
	.init = mock_init,
	.exit = mock_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
