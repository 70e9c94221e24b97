// SPDX-License-Identifier: MIT
/*
 * Ioctls with arguments at random, most of them nearly right, from several processes of several threads each; then the
 * device must still work. $EDGE_SEED repeats a run, as far as its scheduling allows; $EDGE_CALLS says how many, but it ends
 * after $EDGE_SECONDS in any case.
 */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 4
#define THREADS 2
#define CALLS 240000
#define SECONDS 500
#define IOCTLS 16
#define HANDLES 24

/* What the threads of a process have in common, and take from each other. */
static struct {
	int fd;
	uint8_t *page;
	int64_t end;
} shared;

/* Of all processes: how often each ioctl was called, and how often it succeeded. */
static struct {
	long calls[IOCTLS], successes[IOCTLS];
} * tally;

static uint32_t below(uint64_t *state, uint32_t limit)
{
	return next_random(state) % limit;
}

/* A number as somebody would choose it who means harm. */
static uint64_t number(uint64_t *state)
{
	static const uint64_t edges[] = {
		0,
		1,
		7,
		8,
		4095,
		4096,
		65536,
		0x7fffffff,
		0x80000000,
		UINT32_MAX,
		UINT64_C(1) << 32,
		INT64_MAX,
		UINT64_C(1) << 63,
		UINT64_MAX - 4095,
		UINT64_MAX,
	};

	switch (below(state, 4)) {
	case 0:
		return edges[below(state, sizeof(edges) / sizeof(*edges))];
	case 1:
		return (uint64_t)next_random(state) << 32 | next_random(state);
	default:
		return below(state, 64);
	}
}

static uint32_t handle(uint64_t *state)
{
	return below(state, 16) ? below(state, HANDLES) : (uint32_t)number(state);
}

/* Fields that should be zero mostly are. */
static uint32_t zero(uint64_t *state)
{
	return below(state, 32) ? 0 : 1u << below(state, 32);
}

static uint64_t pointer(uint64_t *state)
{
	return below(state, 16) ? (uintptr_t)shared.page : number(state);
}

static void fill_query(uint64_t *state, void *args)
{
	*(struct drm_edge_dev_query *)args = (struct drm_edge_dev_query) {
		.type = below(state, 4),
		.size = below(state, 2) ? below(state, 400) : (uint32_t)number(state),
		.pointer = pointer(state),
	};
}

static void fill_bo_create(uint64_t *state, void *args)
{
	*(struct drm_edge_bo_create *)args = (struct drm_edge_bo_create) {
		.size = below(state, 64) ? 1 + below(state, 65536) : number(state),
		.flags = below(state, 8) | zero(state),
	};
}

static void fill_bo_info(uint64_t *state, void *args)
{
	*(struct drm_edge_bo_info *)args = (struct drm_edge_bo_info) { .handle = handle(state) };
}

static void fill_bo_sync(uint64_t *state, void *args)
{
	*(struct drm_edge_bo_sync *)args = (struct drm_edge_bo_sync) {
		.handle = handle(state),
		.flags = below(state, 4) | zero(state),
		.offset = number(state),
		.size = number(state),
	};
}

static void fill_ctx_create(uint64_t *state, void *args)
{
	*(struct drm_edge_ctx_create *)args = (struct drm_edge_ctx_create) {
		.priority = below(state, 4),
		.flags = zero(state),
		.pad = zero(state),
	};
}

static void fill_ctx_destroy(uint64_t *state, void *args)
{
	*(struct drm_edge_ctx_destroy *)args =
		(struct drm_edge_ctx_destroy) { .handle = handle(state), .pad = zero(state) };
}

static void fill_ctx_status(uint64_t *state, void *args)
{
	*(struct drm_edge_ctx_status *)args =
		(struct drm_edge_ctx_status) { .handle = handle(state) };
}

static void fill_submit(uint64_t *state, void *args)
{
	*(struct drm_edge_submit *)args = (struct drm_edge_submit) {
		.ctx = handle(state),
		.flags = zero(state),
		.stream = pointer(state),
		.stream_size = below(state, 4) ? sizeof(struct drm_edge_nvdla_copy)
					       : (uint32_t)number(state) & ~7u,
		.in_sync_count = below(state, 4) ? 0 : below(state, 4),
		.in_syncs = pointer(state) + 512,
		.in_sync_stride = below(state, 2) ? 16 : (uint32_t)number(state),
		.out_sync_count = below(state, 4) ? 0 : below(state, 4),
		.out_syncs = pointer(state) + 512,
		.out_sync_stride = below(state, 2) ? 16 : (uint32_t)number(state),
		.pad = zero(state),
		.deadline_ns = (int64_t)number(state),
	};
}

static void fill_wait(uint64_t *state, void *args)
{
	*(struct drm_edge_wait *)args = (struct drm_edge_wait) {
		.ctx = handle(state),
		.flags = zero(state),
		.job = below(state, 8) ? below(state, 100) : number(state),
		.timeout_ns = below(state, 2) ? now_ns() + below(state, 5) * MS : 0,
	};
}

static void fill_reset(uint64_t *state, void *args)
{
	/* A good one is rare: it takes long. */
	*(struct drm_edge_reset *)args = (struct drm_edge_reset) { .flags = below(state, 256) };
}

static void fill_close(uint64_t *state, void *args)
{
	*(struct drm_gem_close *)args = (struct drm_gem_close) { .handle = handle(state) };
}

static void fill_syncobj(uint64_t *state, void *args)
{
	*(struct drm_syncobj_create *)args =
		(struct drm_syncobj_create) { .flags = below(state, 3) };
}

static void fill_syncobj_destroy(uint64_t *state, void *args)
{
	*(struct drm_syncobj_destroy *)args =
		(struct drm_syncobj_destroy) { .handle = handle(state) };
}

static const struct call {
	const char *name;
	unsigned long request;
	unsigned int weight;
	void (*fill)(uint64_t *state, void *args);
} calls[] = {
	{ "DEV_QUERY", DRM_IOCTL_EDGE_DEV_QUERY, 8, fill_query },
	{ "BO_CREATE", DRM_IOCTL_EDGE_BO_CREATE, 10, fill_bo_create },
	{ "BO_INFO", DRM_IOCTL_EDGE_BO_INFO, 8, fill_bo_info },
	{ "BO_SYNC", DRM_IOCTL_EDGE_BO_SYNC, 8, fill_bo_sync },
	{ "CTX_CREATE", DRM_IOCTL_EDGE_CTX_CREATE, 8, fill_ctx_create },
	{ "CTX_DESTROY", DRM_IOCTL_EDGE_CTX_DESTROY, 7, fill_ctx_destroy },
	{ "CTX_STATUS", DRM_IOCTL_EDGE_CTX_STATUS, 8, fill_ctx_status },
	{ "SUBMIT", DRM_IOCTL_EDGE_SUBMIT, 14, fill_submit },
	{ "WAIT", DRM_IOCTL_EDGE_WAIT, 8, fill_wait },
	{ "RESET", DRM_IOCTL_EDGE_RESET, 1, fill_reset },
	{ "GEM_CLOSE", DRM_IOCTL_GEM_CLOSE, 12, fill_close },
	{ "SYNCOBJ_CREATE", DRM_IOCTL_SYNCOBJ_CREATE, 4, fill_syncobj },
	{ "SYNCOBJ_DESTROY", DRM_IOCTL_SYNCOBJ_DESTROY, 4, fill_syncobj_destroy },
};
#define NUM_CALLS (sizeof(calls) / sizeof(*calls))
#define WEIGHTS 100

static const struct call *choose(uint64_t *state)
{
	uint32_t at = below(state, WEIGHTS);
	const struct call *call = calls;

	while (at >= call->weight)
		at -= (call++)->weight;
	return call;
}

/* The stream that submissions name: a copy, good or spoilt; and syncs behind it. */
static void spoil_page(uint64_t *state)
{
	const struct bo from = { .handle = handle(state) }, to = { .handle = handle(state) };
	struct drm_edge_nvdla_copy copy = copy_op(&from, 8 * below(state, 64), &to,
						  8 * below(state, 600), 8 * (1 + below(state, 8)));

	if (!below(state, 4))
		((uint32_t *)&copy)[below(state, sizeof(copy) / 4)] = (uint32_t)number(state);
	memcpy(shared.page, &copy, sizeof(copy));
	for (int i = 0; i < 4; i++)
		((struct drm_edge_sync *)(shared.page + 512))[i] = (struct drm_edge_sync) {
			.handle = handle(state),
			.flags = zero(state),
			.point = below(state, 3),
		};
}

static void call_once(uint64_t *state)
{
	const struct call *call = choose(state);
	uint8_t args[256];
	int ret;

	if (!below(state, 4))
		spoil_page(state);
	call->fill(state, args);
	ret = accel_call(shared.fd, call->request, below(state, 200) ? (void *)args : NULL);
	__atomic_add_fetch(&tally->calls[call - calls], 1, __ATOMIC_RELAXED);
	if (!ret)
		__atomic_add_fetch(&tally->successes[call - calls], 1, __ATOMIC_RELAXED);
}

struct thread {
	pthread_t id;
	uint64_t random;
	long calls;
};

static void *run_thread(void *data)
{
	struct thread *thread = data;

	for (long i = 0; i < thread->calls && now_ns() < shared.end; i++)
		call_once(&thread->random);
	return NULL;
}

/* A process opens the device a few times in its life. */
static void run_process(uint64_t seed, long count)
{
	struct thread threads[THREADS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	shared.page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int life = 0; life < 10; life++) {
		shared.fd = edge_open(NULL, 0);
		if (shared.fd < 0)
			_exit(1);
		for (int i = 0; i < THREADS; i++) {
			threads[i].random = seed * 1000 + life * THREADS + i;
			threads[i].calls = count / THREADS / 10;
			pthread_create(&threads[i].id, NULL, run_thread, &threads[i]);
		}
		for (int i = 0; i < THREADS; i++)
			pthread_join(threads[i].id, NULL);
		close(shared.fd);
	}
	_exit(0);
}

static long setting(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 0) : otherwise;
}

static void test_device_survives(void **state)
{
	const long seed = setting("EDGE_SEED", (long)(now_ns() / MS % 1000000));
	const long count = setting("EDGE_CALLS", CALLS);
	const long long misuses = card_stat("misuses");
	pid_t children[PROCESSES];
	long all = 0;
	int status;

	printf("# EDGE_SEED=%ld\n", seed);
	fflush(stdout);
	shared.end = now_ns() + setting("EDGE_SECONDS", SECONDS) * SECOND;
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (!children[i])
			run_process(seed + i, count / PROCESSES);
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	for (size_t i = 0; i < NUM_CALLS; i++) {
		printf("# %-16s %8ld calls, %8ld succeeded\n", calls[i].name, tally->calls[i],
		       tally->successes[i]);
		all += tally->calls[i];
	}
	printf("# %ld calls\n", all);
	assert_true(all > 0);
	workers_set_up(state);
	worker_expect(first_worker(state), worker_push(first_worker(state)), 0);
	workers_tear_down(state);
	assert_int_equal(card_stat("misuses"), misuses);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_device_survives) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
