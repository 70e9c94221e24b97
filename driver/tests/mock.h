/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_TESTS_MOCK_H
#define EDGE_TESTS_MOCK_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/types.h>

#include <drm/edge_accel.h>

struct edge_device;
struct edge_job;
struct irq_domain;
struct kunit;
struct platform_device;

#define MOCK_FLIGHT 4
#define MOCK_MAX_OPS 32
#define MOCK_LOG 256
#define MOCK_MAX_BO 0x400000

/* The only type of operation; it ends when the test says so. */
#define MOCK_OP 0x7fff0001

/* It can not be run twice. */
#define MOCK_IN_PLACE BIT(0)
/* It writes its buffer, instead of reading it. */
#define MOCK_WRITES BIT(1)

/**
 * struct mock_op - a descriptor
 * @op: MOCK_OP
 * @tag: by which the test knows it
 * @flags: MOCK_IN_PLACE, MOCK_WRITES
 * @handle: of a buffer; 0 for none
 * @pad: zero
 */
struct mock_op {
	struct drm_edge_op op;
	u32 tag;
	u32 flags;
	u32 handle;
	u32 pad;
};

/**
 * struct mock_slot - an operation on the hardware
 * @job: its job, NULL for a free slot
 * @op: which one
 * @finished: the hardware is done with it, the driver does not know yet
 */
struct mock_slot {
	struct edge_job *job;
	u32 op;
	bool finished;
};

/**
 * struct mock - a device that does what a test wants
 */
struct mock {
	/** @test: whose it is */
	struct kunit *test;
	/** @pdev: the parent */
	struct platform_device *pdev;
	/** @domain: of its interrupt */
	struct irq_domain *domain;
	/** @edev: the driver's device; stays valid as long as somebody holds it */
	struct edge_device *edev;
	/** @clients: open files */
	struct list_head clients;
	/** @released: the driver's device is freed */
	bool released;

	/** @slots: what is on the hardware; under the device's lock, as what follows up to @deaf */
	struct mock_slot slots[MOCK_FLIGHT];
	/** @begun: tags of operations, in the order in which they were given to the hardware */
	u32 begun[MOCK_LOG];
	/** @begun_count: how many */
	unsigned int begun_count;
	/** @most_jobs: jobs on the hardware at a time */
	unsigned int most_jobs;
	/** @asked: how often the hardware was asked what it has finished */
	unsigned int asked;
	/** @deaf: interrupts are lost */
	bool deaf;

	/** @fail_nth: which allocation of the next registration fails; what is left after it */
	unsigned int fail_nth;
	/** @start_error: what the start after a reset gives */
	int start_error;
	/** @reset_error: what resets give, while @reset_failures lasts */
	int reset_error;
	/** @reset_failures: how many resets fail yet */
	unsigned int reset_failures;
	/** @resets: how often the reset line was used */
	unsigned int resets;
	/** @on_reset: called in each reset */
	void (*on_reset)(struct mock *mock);
	/** @seen_on_reset: for @on_reset */
	void *seen_on_reset;
	/** @powered: it has power */
	bool powered;
	/** @power_error: what switching the power on gives */
	int power_error;
};

/* For suites: a device for each case, in &kunit.priv. */
int mock_init(struct kunit *test);
void mock_exit(struct kunit *test);

/* An operation ends on the hardware, which must have it. The interrupt comes unless it is lost. */
void mock_finish(struct mock *mock, u32 tag);
/* Whether an operation is on the hardware. */
bool mock_has(struct mock *mock, u32 tag);
/* How often it was given to the hardware. */
unsigned int mock_begun(struct mock *mock, u32 tag);
/* The interrupt line, whether there is something to say or not. */
void mock_interrupt(struct mock *mock);
/* The first job on the hardware is there for as long as the time-out; returns when that is over. */
void mock_time_out(struct mock *mock);
/* Jobs that the driver has on the hardware. */
unsigned int mock_queued(struct mock *mock);
/* The device goes away, and comes again if all goes well. */
void mock_unbind(struct mock *mock);
bool mock_bind(struct mock *mock);

/* Whether something comes true; what tests wait for comes soon or not at all. */
#define mock_until(condition) \
	({ \
		unsigned long end_ = jiffies + 10 * HZ; \
		bool true_; \
\
		while (!(true_ = (condition)) && time_before(jiffies, end_)) \
			usleep_range(500, 1000); \
		true_; \
	})

#endif
