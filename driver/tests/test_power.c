// SPDX-License-Identifier: GPL-2.0-only
/* Sleep, by itself and of the whole system. */
#include <kunit/test.h>

#include <linux/platform_device.h>
#include <linux/pm_runtime.h>

#include "../compat/edge_compat.h"
#include "../edge_ctx.h"
#include "../edge_drv.h"
#include "../edge_power.h"
#include "client.h"
#include "mock.h"

static struct device *parent(struct mock *mock)
{
	return &mock->pdev->dev;
}

static void idle_devices_sleep(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	unsigned int resets;

	KUNIT_EXPECT_TRUE(test, mock_until(!READ_ONCE(mock->powered)));
	resets = mock->resets;
	client_submit(client, ctx, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	KUNIT_EXPECT_TRUE(test, mock->powered);
	/* Its state was lost: it comes back by a reset, which is nobody's fault. */
	KUNIT_EXPECT_EQ(test, mock->resets, resets + 1);
	KUNIT_EXPECT_EQ(test, mock->edev->info.resets, 0);
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_TRUE(test, mock_until(!READ_ONCE(mock->powered)));
	client_close(client);
}

static void busy_devices_stay_awake(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	client_submit(client, ctx, 1, 0);
	client_submit(client, ctx, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	KUNIT_EXPECT_LT(test, pm_runtime_suspend(parent(mock)), 0);
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_LT(test, pm_runtime_suspend(parent(mock)), 0);
	KUNIT_EXPECT_TRUE(test, mock->powered);
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 2), 0);
	KUNIT_EXPECT_TRUE(test, mock_until(!pm_runtime_suspend(parent(mock)) ||
					   !READ_ONCE(mock->powered)));
	client_close(client);
}

static void interrupts_in_sleep_are_of_others(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	unsigned int asked;

	KUNIT_EXPECT_TRUE(test, mock_until(!READ_ONCE(mock->powered)));
	asked = mock->asked;
	mock_interrupt(mock);
	msleep(50);
	KUNIT_EXPECT_EQ(test, mock->asked, asked);
	client_submit(client, ctx, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	client_close(client);
}

static void a_device_that_does_not_wake_fails_its_jobs(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	KUNIT_EXPECT_TRUE(test, mock_until(!READ_ONCE(mock->powered)));
	mock->power_error = -EIO;
	client_submit(client, ctx, 1, 0);
	client_submit(client, ctx, 2, 0);
	KUNIT_EXPECT_LT(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_LT(test, client_wait(client, ctx, 2), 0);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 1), 0);
	mock->power_error = 0;
	client_close(client);
}

static void a_core_that_does_not_wake_loses_its_power(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	KUNIT_EXPECT_TRUE(test, mock_until(!READ_ONCE(mock->powered)));
	mock->start_error = -ETIMEDOUT;
	client_submit(client, ctx, 1, 0);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), -EIO);
	mock_unbind(mock);
	KUNIT_EXPECT_FALSE(test, mock->powered);
	client_close(client);
}

static void the_system_sleeps_after_what_runs(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	client_submit(client, ctx, 1, 0);
	client_submit(client, ctx, 2, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	/* Both end, and their interrupts come too late. */
	mock->deaf = true;
	mock_finish(mock, 1);
	mock_finish(mock, 2);
	KUNIT_EXPECT_EQ(test, edge_pm_ops.suspend(parent(mock)), 0);
	KUNIT_EXPECT_FALSE(test, mock->powered);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 1), 0);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 2), 0);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 2), 1);
	mock->deaf = false;
	KUNIT_EXPECT_EQ(test, edge_pm_ops.resume(parent(mock)), 0);
	client_submit(client, ctx, 3, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 3)));
	mock_finish(mock, 3);
	KUNIT_EXPECT_EQ(test, client_wait(client, ctx, 3), 0);
	client_close(client);
}

static void what_sleep_cuts_off_runs_again(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 whole = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);
	u32 torn = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL);

	mock->edev->info.timeout_ms = 10;
	client_submit(client, whole, 1, 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	client_submit(client, torn, 2, MOCK_IN_PLACE);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 2)));
	KUNIT_EXPECT_EQ(test, edge_pm_ops.suspend(parent(mock)), 0);
	KUNIT_EXPECT_FALSE(test, mock->powered);
	KUNIT_EXPECT_FALSE(test, mock_has(mock, 1));
	/* The clock goes on in sleep. */
	mock_time_out(mock);
	KUNIT_EXPECT_EQ(test, mock->edev->info.resets, 0);
	KUNIT_EXPECT_EQ(test, edge_pm_ops.resume(parent(mock)), 0);
	KUNIT_ASSERT_TRUE(test, mock_until(mock_has(mock, 1)));
	mock_finish(mock, 1);
	KUNIT_EXPECT_EQ(test, client_wait(client, whole, 1), 0);
	KUNIT_EXPECT_EQ(test, client_wait(client, torn, 1), -EIO);
	KUNIT_EXPECT_EQ(test, mock_begun(mock, 2), 1);
	client_close(client);
}

static void a_sleeping_device_can_be_removed(struct kunit *test)
{
	struct mock *mock = test->priv;

	KUNIT_EXPECT_TRUE(test, mock_until(!READ_ONCE(mock->powered)));
	mock_unbind(mock);
	KUNIT_EXPECT_FALSE(test, mock->powered);
	KUNIT_EXPECT_TRUE(test, mock_until(READ_ONCE(mock->released)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(idle_devices_sleep),
	KUNIT_CASE(busy_devices_stay_awake),
	KUNIT_CASE(interrupts_in_sleep_are_of_others),
	KUNIT_CASE(a_device_that_does_not_wake_fails_its_jobs),
	KUNIT_CASE(a_core_that_does_not_wake_loses_its_power),
	KUNIT_CASE(the_system_sleeps_after_what_runs),
	KUNIT_CASE(what_sleep_cuts_off_runs_again),
	KUNIT_CASE(a_sleeping_device_can_be_removed),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-power",
	.init = mock_init,
	.exit = mock_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
