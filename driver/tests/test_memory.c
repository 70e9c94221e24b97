// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each allocation fails once: what was asked for fails with ENOMEM or does without, and leaves
 * nothing behind. Needs fault injection, which is told by its files in debugfs what it may do: it
 * has no other way for that.
 */
#include <kunit/test.h>

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/sizes.h>

#include "client.h"
#include "mock.h"

#if IS_ENABLED(CONFIG_FAILSLAB) && IS_ENABLED(CONFIG_FAULT_INJECTION_DEBUG_FS)

/* More allocations than anything here makes */
#define MANY 500

static void *knob(struct dentry *dir, const char *name)
{
	struct dentry *dentry = debugfs_lookup(name, dir);
	void *value;

	if (!dentry)
		return NULL;
	value = d_inode(dentry)->i_private;
	dput(dentry);
	return value;
}

/* Lets allocations that may wait fail too, without a word; or not. */
static bool failures(bool on)
{
	struct dentry *dir = debugfs_lookup("failslab", NULL);
	bool *spared = NULL;
	u32 *verbose = NULL;

	if (dir) {
		spared = knob(dir, "ignore-gfp-wait");
		verbose = knob(dir, "verbose");
		dput(dir);
	}
	if (!spared || !verbose)
		return false;
	*spared = !on;
	*verbose = on ? 0 : 2;
	return true;
}

static int memory_init(struct kunit *test)
{
	if (!failures(true))
		return -EOPNOTSUPP;
	return mock_init(test);
}

static void memory_exit(struct kunit *test)
{
	failures(false);
	mock_exit(test);
}

/* What is done again and again; 0 or -ENOMEM */
typedef int (*attempt_fn)(struct kunit *test, struct client *client, void *data);

/* One allocation after the other fails, until none is left to fail. */
static void each_fails(struct kunit *test, struct client *client, attempt_fn attempt, void *data)
{
	unsigned int nth;
	int ret;

	for (nth = 1; nth < MANY; nth++) {
		client_fail(client, nth);
		ret = attempt(test, client, data);
		if (client_fail(client, 0)) {
			KUNIT_EXPECT_EQ(test, ret, 0);
			/* At least one has failed. */
			KUNIT_EXPECT_GT(test, nth, 1);
			return;
		}
		KUNIT_EXPECT_TRUE_MSG(test, ret == 0 || ret == -ENOMEM,
				      "%d with allocation %u failing", ret, nth);
	}
	KUNIT_FAIL(test, "more than %d allocations", MANY);
}

static int make_ctx(struct kunit *test, struct client *client, void *data)
{
	struct drm_edge_ctx_create create = {};
	struct drm_edge_ctx_destroy destroy = {};
	int ret = client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &create);

	if (ret)
		return ret;
	destroy.handle = create.handle;
	return client_ioctl(client, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy);
}

static int make_bo(struct kunit *test, struct client *client, void *data)
{
	struct drm_edge_bo_create create = { .size = SZ_8K };
	struct drm_gem_close close = {};
	int ret = client_ioctl(client, DRM_IOCTL_EDGE_BO_CREATE, &create);

	if (ret)
		return ret;
	close.handle = create.handle;
	return client_ioctl(client, DRM_IOCTL_GEM_CLOSE, &close);
}

static int submit(struct kunit *test, struct client *client, void *data)
{
	struct submission *submission = data;
	struct mock *mock = test->priv;
	int ret;

	ret = client_submit_ops(client, submission);
	if (ret)
		return ret;
	/* From here on nothing may fail. */
	KUNIT_EXPECT_TRUE(test, mock_until(mock_has(mock, 2)));
	mock_finish(mock, 1);
	mock_finish(mock, 2);
	return client_wait(client, submission->args.ctx, submission->args.job);
}

static void contexts_without_memory(struct kunit *test)
{
	struct client *client = client_open(test, test->priv);

	each_fails(test, client, make_ctx, NULL);
	client_close(client);
}

static void buffers_without_memory(struct kunit *test)
{
	struct client *client = client_open(test, test->priv);

	each_fails(test, client, make_bo, NULL);
	client_close(client);
}

static void jobs_without_memory(struct kunit *test)
{
	struct mock *mock = test->priv;
	struct client *client = client_open(test, mock);
	u32 bo = client_bo(client, SZ_4K, 0);
	struct submission submission = {
		.args.ctx = client_ctx(client, DRM_EDGE_PRIORITY_NORMAL),
		.ops = { { .tag = 1, .handle = bo },
			 { .tag = 2, .handle = bo, .flags = MOCK_WRITES } },
		.count = 2,
		.out_sync = client_syncobj(client),
	};
	unsigned int begun;

	each_fails(test, client, submit, &submission);
	/* Numbers were given to those only that were accepted. */
	begun = mock_begun(mock, 1);
	KUNIT_EXPECT_GT(test, begun, 0);
	KUNIT_EXPECT_EQ(test, client_status(client, submission.args.ctx).submitted, begun);
	client_close(client);
}

/* From where the driver takes over: what the DRM core makes before, it does not take back well. */
static void devices_without_memory(struct kunit *test)
{
	struct mock *mock = test->priv;
	unsigned int nth, failed = 0;
	bool bound;

	mock_unbind(mock);
	for (nth = 1; nth < MANY; nth++) {
		KUNIT_ASSERT_TRUE(test, mock_until(READ_ONCE(mock->released)));
		mock->fail_nth = nth;
		bound = mock_bind(mock);
		KUNIT_EXPECT_EQ(test, mock->powered, bound);
		if (mock->fail_nth)
			break;
		failed += !bound;
		if (bound)
			mock_unbind(mock);
	}
	KUNIT_EXPECT_GT(test, failed, 1);
	KUNIT_EXPECT_TRUE(test, bound);
	mock->fail_nth = 0;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(devices_without_memory),
	KUNIT_CASE(contexts_without_memory),
	KUNIT_CASE(buffers_without_memory),
	KUNIT_CASE(jobs_without_memory),
	{},
};

static struct kunit_suite suite = {
	.name = "edge-memory",
	.init = memory_init,
	.exit = memory_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

#endif
