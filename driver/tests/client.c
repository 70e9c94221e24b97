// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>

#include <linux/dma-fence.h>
#include <linux/file.h>
#include <linux/ktime.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_file.h>
#include <drm/drm_syncobj.h>

#include "../compat/edge_compat.h"
#include "../edge_drv.h"
#include "client.h"

/* Memory of the process: arguments of ioctls, then what they point to. */
#define CLIENT_ARGS SZ_4K
#define CLIENT_DATA SZ_64K

/* No test waits that long. */
#define CLIENT_PATIENCE (20 * NSEC_PER_SEC)

/**
 * struct client - an open file
 * @node: in &mock.clients
 * @test: whose it is
 * @file: the file
 * @fail_nth: which allocation of its ioctls fails, 0 for none
 * @args: where ioctls find their arguments
 * @data: where these point to
 */
struct client {
	struct list_head node;
	struct kunit *test;
	struct file *file;
	unsigned int fail_nth;
	unsigned long args;
	unsigned long data;
};

struct client *client_open(struct kunit *test, struct mock *mock)
{
	struct client *client = kunit_kzalloc(test, sizeof(*client), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, client);
	client->test = test;
	client->args = kunit_vm_mmap(test, NULL, 0, CLIENT_ARGS + CLIENT_DATA,
				     PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL((void *)client->args));
	client->data = client->args + CLIENT_ARGS;
	client->file = mock_drm_getfile(edge_compat_minor(&mock->edev->drm), O_RDWR);
	KUNIT_ASSERT_FALSE(test, IS_ERR(client->file));
	list_add(&client->node, &mock->clients);
	return client;
}

void client_close(struct client *client)
{
	fput(client->file);
	/* Threads of the kernel leave it to a worker. */
	flush_delayed_fput();
	list_del(&client->node);
}

void client_close_all(struct mock *mock)
{
	struct client *client, *next;

	list_for_each_entry_safe(client, next, &mock->clients, node)
		client_close(client);
}

struct drm_file *client_file(struct client *client)
{
	return client->file->private_data;
}

unsigned int set_fail_nth(unsigned int nth)
{
#ifdef CONFIG_FAULT_INJECTION
	unsigned int left = current->fail_nth;

	current->fail_nth = nth;
	return left;
#else
	return 0;
#endif
}

unsigned int client_fail(struct client *client, unsigned int nth)
{
	unsigned int left = client->fail_nth;

	client->fail_nth = nth;
	return left;
}

int client_ioctl(struct client *client, unsigned int command, void *arg)
{
	void __user *user = (void __user *)client->args;
	size_t size = _IOC_SIZE(command);
	int ret;

	KUNIT_ASSERT_EQ(client->test, copy_to_user(user, arg, size), 0);
	set_fail_nth(client->fail_nth);
	ret = client->file->f_op->unlocked_ioctl(client->file, command, client->args);
	client->fail_nth = set_fail_nth(0);
	KUNIT_ASSERT_EQ(client->test, copy_from_user(arg, user, size), 0);
	return ret;
}

u64 client_memory(struct client *client, const void *data, size_t size)
{
	KUNIT_ASSERT_LE(client->test, size, CLIENT_DATA);
	KUNIT_ASSERT_EQ(client->test, copy_to_user((void __user *)client->data, data, size), 0);
	return client->data;
}

void client_read(struct client *client, void *data, size_t size)
{
	KUNIT_ASSERT_EQ(client->test, copy_from_user(data, (void __user *)client->data, size), 0);
}

u32 client_ctx(struct client *client, u32 priority)
{
	struct drm_edge_ctx_create args = { .priority = priority };

	KUNIT_ASSERT_EQ(client->test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_CREATE, &args), 0);
	KUNIT_ASSERT_NE(client->test, args.handle, 0);
	return args.handle;
}

u32 client_bo(struct client *client, u64 size, u32 flags)
{
	struct drm_edge_bo_create args = { .size = size, .flags = flags };

	KUNIT_ASSERT_EQ(client->test, client_ioctl(client, DRM_IOCTL_EDGE_BO_CREATE, &args), 0);
	return args.handle;
}

u32 client_syncobj(struct client *client)
{
	struct drm_syncobj_create args = {};

	KUNIT_ASSERT_EQ(client->test, client_ioctl(client, DRM_IOCTL_SYNCOBJ_CREATE, &args), 0);
	return args.handle;
}

struct dma_fence *client_fence(struct client *client, u32 syncobj)
{
	struct dma_fence *fence;

	KUNIT_ASSERT_EQ(client->test,
			drm_syncobj_find_fence(client_file(client), syncobj, 0, 0, &fence), 0);
	return fence;
}

static const char *foreign_name(struct dma_fence *fence)
{
	return "foreign";
}

static const struct dma_fence_ops foreign_ops = {
	.get_driver_name = foreign_name,
	.get_timeline_name = foreign_name,
};

struct dma_fence *client_foreign_fence(struct client *client)
{
	static DEFINE_SPINLOCK(lock);
	struct dma_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(client->test, fence);
	dma_fence_init(fence, &foreign_ops, &lock, dma_fence_context_alloc(1), 1);
	return fence;
}

struct drm_edge_ctx_status client_status(struct client *client, u32 ctx)
{
	struct drm_edge_ctx_status args = { .handle = ctx };

	KUNIT_ASSERT_EQ(client->test, client_ioctl(client, DRM_IOCTL_EDGE_CTX_STATUS, &args), 0);
	return args;
}

int client_submit_ops(struct client *client, struct submission *submission)
{
	struct {
		struct mock_op ops[ARRAY_SIZE(submission->ops)];
		struct drm_edge_sync in;
		struct drm_edge_sync out;
	} data = { .in.handle = submission->in_sync, .out.handle = submission->out_sync };
	struct drm_edge_submit *args = &submission->args;
	unsigned int i;

	for (i = 0; i < submission->count; i++) {
		submission->ops[i].op.type = MOCK_OP;
		submission->ops[i].op.size = sizeof(struct mock_op);
	}
	memcpy(data.ops, submission->ops, sizeof(data.ops));
	args->stream = client_memory(client, &data, sizeof(data));
	args->stream_size = submission->count * sizeof(struct mock_op);
	args->in_sync_count = !!submission->in_sync;
	args->in_syncs = args->stream + ((void *)&data.in - (void *)&data);
	args->in_sync_stride = sizeof(data.in);
	args->out_sync_count = !!submission->out_sync;
	args->out_syncs = args->stream + ((void *)&data.out - (void *)&data);
	args->out_sync_stride = sizeof(data.out);
	return client_ioctl(client, DRM_IOCTL_EDGE_SUBMIT, args);
}

u64 client_submit(struct client *client, u32 ctx, u32 tag, u32 flags)
{
	struct submission submission = {
		.args.ctx = ctx,
		.ops = { { .tag = tag, .flags = flags } },
		.count = 1,
	};

	KUNIT_ASSERT_EQ(client->test, client_submit_ops(client, &submission), 0);
	return submission.args.job;
}

struct dma_fence *client_submit_fence(struct client *client, u32 ctx, u32 tag, u32 flags)
{
	struct submission submission = {
		.args.ctx = ctx,
		.ops = { { .tag = tag, .flags = flags } },
		.count = 1,
		.out_sync = client_syncobj(client),
	};

	KUNIT_ASSERT_EQ(client->test, client_submit_ops(client, &submission), 0);
	return client_fence(client, submission.out_sync);
}

static int client_wait_until(struct client *client, u32 ctx, u64 job, s64 timeout_ns)
{
	struct drm_edge_wait args = { .ctx = ctx, .job = job, .timeout_ns = timeout_ns };
	int ret = client_ioctl(client, DRM_IOCTL_EDGE_WAIT, &args);

	if (ret == -ETIME)
		return CLIENT_PENDING;
	KUNIT_EXPECT_EQ(client->test, ret, 0);
	return ret ? ret : args.result;
}

int client_poll(struct client *client, u32 ctx, u64 job)
{
	return client_wait_until(client, ctx, job, 0);
}

int client_wait(struct client *client, u32 ctx, u64 job)
{
	return client_wait_until(client, ctx, job, ktime_get_ns() + CLIENT_PATIENCE);
}
