/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_TESTS_CLIENT_H
#define EDGE_TESTS_CLIENT_H

#include <linux/types.h>

#include <drm/edge_accel.h>

#include "mock.h"

struct client;
struct dma_fence;
struct drm_file;
struct kunit;

/* A file of the device, used by its ioctls as a process would, with arguments in its memory. */
struct client *client_open(struct kunit *test, struct mock *mock);
/* Returns when the file is gone. */
void client_close(struct client *client);
void client_close_all(struct mock *mock);
struct drm_file *client_file(struct client *client);

int client_ioctl(struct client *client, unsigned int command, void *arg);

/* Has the NTHth allocation of this thread fail; what is left of the count before. */
unsigned int set_fail_nth(unsigned int nth);
/* The same for the ioctls that follow. */
unsigned int client_fail(struct client *client, unsigned int nth);

/* A place in the memory of the process, for what arguments point to; each call starts it anew. */
u64 client_memory(struct client *client, const void *data, size_t size);
/* What is there now. */
void client_read(struct client *client, void *data, size_t size);

/* These assert that they succeed. */
u32 client_ctx(struct client *client, u32 priority);
u32 client_bo(struct client *client, u64 size, u32 flags);
u32 client_syncobj(struct client *client);
struct dma_fence *client_fence(struct client *client, u32 syncobj);
/* A fence of nobody's, unsignalled; the caller puts it. */
struct dma_fence *client_foreign_fence(struct client *client);
struct drm_edge_ctx_status client_status(struct client *client, u32 ctx);

/* A submission, whose arguments may be changed before it is made. */
struct submission {
	struct drm_edge_submit args;
	struct mock_op ops[4];
	unsigned int count;
	u32 in_sync;
	u32 out_sync;
};

int client_submit_ops(struct client *client, struct submission *submission);
/* A job of one operation; the number of the job, asserted. */
u64 client_submit(struct client *client, u32 ctx, u32 tag, u32 flags);
/* A job of one operation, with a fence for its end, asserted; the caller puts it. */
struct dma_fence *client_submit_fence(struct client *client, u32 ctx, u32 tag, u32 flags);

/* The result of a job, or 1 if there is none yet. */
#define CLIENT_PENDING 1
int client_poll(struct client *client, u32 ctx, u64 job);
/* The result of a job, whose end is waited for. */
int client_wait(struct client *client, u32 ctx, u64 job);

#endif
