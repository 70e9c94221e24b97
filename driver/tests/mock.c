// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device of its own family on a bus of its own, through the same doors as the real ones: a
 * platform device with a driver, an interrupt of a simulated controller, runtime power.
 */
#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_sim.h>
#include <linux/irqdomain.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "../compat/edge_compat.h"
#include "../edge_drv.h"
#include "../edge_job.h"
#include "../edge_power.h"
#include "../edge_telemetry.h"
#include "client.h"
#include "mock.h"

#define MOCK_NAME "edge_accel_mock"

/* What the family makes of a stream: operations of it, and which of them are done. */
struct mock_job {
	u32 done;
};

static struct mock *to_mock(struct edge_device *edev)
{
	return edev->bus_data;
}

static const struct mock_op *job_op(const struct edge_job *job, u32 op)
{
	return (const struct mock_op *)job->stream + op;
}

static struct mock_slot *slot_of(struct mock *mock, const struct edge_job *job, u32 op)
{
	int i;

	for (i = 0; i < MOCK_FLIGHT; i++)
		if (mock->slots[i].job == job && (!job || mock->slots[i].op == op))
			return &mock->slots[i];
	return NULL;
}

static void mock_released(struct drm_device *drm, void *data)
{
	struct mock *mock = data;

	mock->released = true;
}

static int mock_hw_init(struct edge_device *edev)
{
	edev->info.family = DRM_EDGE_FAMILY_NVDLA;
	edev->info.address_bits = 32;
	edev->info.max_bo = MOCK_MAX_BO;
	edev->info.bo_align = 8;
	to_mock(edev)->released = false;
	return drmm_add_action_or_reset(&edev->drm, mock_released, to_mock(edev));
}

static int op_check(const struct mock_op *op, u32 left, const struct edge_buffers *buffers,
		    struct edge_refusal *refusal)
{
	struct edge_buffer buffer;
	bool write = op->flags & MOCK_WRITES;
	int ret;

	if (left < sizeof(*op) || op->op.type != MOCK_OP || op->op.size != sizeof(*op)) {
		refusal->reason = DRM_EDGE_REASON_TYPE;
		return -EINVAL;
	}
	if (!op->handle)
		return 0;
	ret = buffers->find(buffers->opaque, op->handle, write, &buffer);
	refusal->at = offsetof(struct mock_op, handle);
	if (ret == -ENOENT) {
		refusal->reason = DRM_EDGE_REASON_HANDLE;
		return -EINVAL;
	}
	if (ret)
		return ret;
	if (write ? !buffer.writable : !buffer.readable) {
		refusal->reason = DRM_EDGE_REASON_ACCESS;
		return -EINVAL;
	}
	refusal->at = 0;
	return 0;
}

static int mock_hw_check(struct edge_device *edev, struct edge_job *job,
			 const struct edge_buffers *buffers, struct edge_refusal *refusal)
{
	struct mock_job *mjob = kzalloc(sizeof(*mjob), GFP_KERNEL);
	u32 at;
	int ret;

	if (!mjob)
		return -ENOMEM;
	job->hw = mjob;
	for (at = 0; at < job->stream_size; at += sizeof(struct mock_op)) {
		refusal->op = job->op_count;
		ret = op_check(job->stream + at, job->stream_size - at, buffers, refusal);
		if (ret)
			return ret;
		job->op_count++;
	}
	return 0;
}

static void mock_hw_release(struct edge_job *job)
{
	kfree(job->hw);
}

static bool job_begin(struct mock *mock, struct edge_job *job)
{
	struct mock_job *mjob = job->hw;
	u32 i;

	for (i = 0; i < job->op_count; i++) {
		struct mock_slot *slot;

		if (mjob->done & BIT(i) || slot_of(mock, job, i))
			continue;
		slot = slot_of(mock, NULL, 0);
		if (!slot)
			return false;
		*slot = (struct mock_slot) { .job = job, .op = i };
		if (mock->begun_count < MOCK_LOG)
			mock->begun[mock->begun_count++] = job_op(job, i)->tag;
	}
	return true;
}

static void mock_hw_kick(struct edge_device *edev)
{
	struct mock *mock = to_mock(edev);
	struct edge_job *job;
	unsigned int jobs = 0;

	lockdep_assert_held(&edev->lock);
	list_for_each_entry(job, &edev->queue, node)
		jobs++;
	mock->most_jobs = max(mock->most_jobs, jobs);
	list_for_each_entry(job, &edev->queue, node)
		if (!job->ended && !job_begin(mock, job))
			return;
}

static bool mock_hw_irq(struct edge_device *edev)
{
	struct mock *mock = to_mock(edev);
	bool handled = false;
	int i;

	lockdep_assert_held(&edev->lock);
	mock->asked++;
	for (i = 0; i < MOCK_FLIGHT; i++) {
		struct mock_slot *slot = &mock->slots[i];
		struct edge_job *job = slot->job;
		struct mock_job *mjob;

		if (!job || !slot->finished)
			continue;
		mjob = job->hw;
		mjob->done |= BIT(slot->op);
		slot->job = NULL;
		handled = true;
		if (++job->ops_done == job->op_count)
			edge_job_end(job, 0);
	}
	if (handled && !edev->paused)
		mock_hw_kick(edev);
	return handled;
}

static bool mock_hw_busy(struct edge_device *edev)
{
	struct mock *mock = to_mock(edev);
	int i;

	for (i = 0; i < MOCK_FLIGHT; i++)
		if (mock->slots[i].job)
			return true;
	return false;
}

static void mock_hw_halt(struct edge_device *edev)
{
	struct mock *mock = to_mock(edev);
	int i;

	lockdep_assert_held(&edev->lock);
	for (i = 0; i < MOCK_FLIGHT; i++) {
		struct mock_slot *slot = &mock->slots[i];

		if (slot->job && job_op(slot->job, slot->op)->flags & MOCK_IN_PLACE)
			slot->job->torn = true;
		slot->job = NULL;
	}
}

static int mock_hw_start(struct edge_device *edev)
{
	return to_mock(edev)->start_error;
}

static void mock_hw_stop(struct edge_device *edev)
{
}

static int mock_hw_query(struct edge_device *edev, u32 type, const void **answer)
{
	return -EOPNOTSUPP;
}

static int mock_hw_describe(struct edge_device *edev, char *text, size_t size)
{
	return scnprintf(text, size, "slots=%u\n", MOCK_FLIGHT);
}

static void mock_hw_dump(struct edge_device *edev, struct drm_printer *p)
{
	drm_printf(p, "asked: %u\n", to_mock(edev)->asked);
}

static const struct edge_hw_ops mock_hw_ops = {
	.init = mock_hw_init,
	.check = mock_hw_check,
	.release = mock_hw_release,
	.kick = mock_hw_kick,
	.irq = mock_hw_irq,
	.busy = mock_hw_busy,
	.halt = mock_hw_halt,
	.start = mock_hw_start,
	.stop = mock_hw_stop,
	.query = mock_hw_query,
	.describe = mock_hw_describe,
	.dump = mock_hw_dump,
};

static int mock_bus_reset(struct edge_device *edev)
{
	struct mock *mock = to_mock(edev);

	might_sleep();
	mock->resets++;
	if (mock->on_reset)
		mock->on_reset(mock);
	if (mock->reset_failures) {
		mock->reset_failures--;
		return mock->reset_error;
	}
	return 0;
}

static int mock_bus_power(struct edge_device *edev, bool on)
{
	struct mock *mock = to_mock(edev);

	if (on && mock->power_error)
		return mock->power_error;
	mock->powered = on;
	return 0;
}

static const struct edge_bus_ops mock_bus_ops = {
	.reset = mock_bus_reset,
	.power = mock_bus_power,
};

static int mock_probe(struct platform_device *pdev)
{
	struct mock *mock = *(struct mock **)dev_get_platdata(&pdev->dev);
	struct edge_device *edev;
	int ret;

	edev = edge_device_create(&pdev->dev, &mock_hw_ops, &mock_bus_ops, mock);
	if (IS_ERR(edev))
		return PTR_ERR(edev);
	mock->edev = edev;
	edev->irq = irq_find_mapping(mock->domain, 0);
	edev->info.kind = DRM_EDGE_KIND_NPU;
	set_fail_nth(mock->fail_nth);
	ret = edge_device_register(edev);
	mock->fail_nth = set_fail_nth(0);
	return ret;
}

static void mock_remove(struct platform_device *pdev)
{
	edge_device_remove(platform_get_drvdata(pdev));
}

static struct platform_driver mock_driver = {
	.probe = mock_probe,
	EDGE_PLATFORM_REMOVE = mock_remove,
	.driver = {
		.name = MOCK_NAME,
		.dev_groups = edge_sysfs_groups,
		.pm = pm_ptr(&edge_pm_ops),
	},
};

static int mock_attach(struct mock *mock)
{
	const struct platform_device_info info = {
		.name = MOCK_NAME,
		.id = PLATFORM_DEVID_NONE,
		.data = &mock,
		.size_data = sizeof(mock),
		.dma_mask = DMA_BIT_MASK(32),
	};

	mock->pdev = platform_device_register_full(&info);
	if (IS_ERR(mock->pdev))
		return PTR_ERR(mock->pdev);
	if (!mock->pdev->dev.driver) {
		platform_device_unregister(mock->pdev);
		return -ENODEV;
	}
	/* Jobs hang when mock_time_out() says so. */
	mock->edev->sched.timeout = MAX_SCHEDULE_TIMEOUT;
	return 0;
}

int mock_init(struct kunit *test)
{
	struct mock *mock;
	int ret;

	mock = kzalloc(sizeof(*mock), GFP_KERNEL);
	if (!mock)
		return -ENOMEM;
	mock->test = test;
	INIT_LIST_HEAD(&mock->clients);
	mock->domain = irq_domain_create_sim(NULL, 1);
	if (IS_ERR(mock->domain)) {
		ret = PTR_ERR(mock->domain);
		goto err_free;
	}
	ret = -EINVAL;
	if (!irq_create_mapping(mock->domain, 0))
		goto err_domain;
	ret = platform_driver_register(&mock_driver);
	if (ret)
		goto err_irq;
	ret = mock_attach(mock);
	if (ret)
		goto err_driver;
	test->priv = mock;
	return 0;

err_driver:
	platform_driver_unregister(&mock_driver);
err_irq:
	irq_dispose_mapping(irq_find_mapping(mock->domain, 0));
err_domain:
	irq_domain_remove_sim(mock->domain);
err_free:
	kfree(mock);
	return ret;
}

void mock_exit(struct kunit *test)
{
	struct mock *mock = test->priv;

	if (!mock)
		return;
	/* Of a case that was given up. */
	client_close_all(mock);
	platform_device_unregister(mock->pdev);
	platform_driver_unregister(&mock_driver);
	irq_dispose_mapping(irq_find_mapping(mock->domain, 0));
	irq_domain_remove_sim(mock->domain);
	/* Nothing that a case did holds the device any more. */
	KUNIT_EXPECT_TRUE(test, mock_until(READ_ONCE(mock->released)));
	kfree(mock);
	test->priv = NULL;
}

static struct mock_slot *slot_of_tag(struct mock *mock, u32 tag)
{
	int i;

	for (i = 0; i < MOCK_FLIGHT; i++) {
		struct mock_slot *slot = &mock->slots[i];

		if (slot->job && !slot->finished && job_op(slot->job, slot->op)->tag == tag)
			return slot;
	}
	return NULL;
}

void mock_finish(struct mock *mock, u32 tag)
{
	struct mock_slot *slot;
	bool deaf;

	spin_lock_irq(&mock->edev->lock);
	slot = slot_of_tag(mock, tag);
	if (slot)
		slot->finished = true;
	deaf = mock->deaf;
	spin_unlock_irq(&mock->edev->lock);

	KUNIT_EXPECT_NOT_NULL_MSG(mock->test, slot, "operation %u is not on the hardware", tag);
	if (!deaf)
		mock_interrupt(mock);
}

bool mock_has(struct mock *mock, u32 tag)
{
	bool has;

	spin_lock_irq(&mock->edev->lock);
	has = slot_of_tag(mock, tag);
	spin_unlock_irq(&mock->edev->lock);
	return has;
}

unsigned int mock_begun(struct mock *mock, u32 tag)
{
	unsigned int i, count = 0;

	spin_lock_irq(&mock->edev->lock);
	for (i = 0; i < mock->begun_count; i++)
		count += mock->begun[i] == tag;
	spin_unlock_irq(&mock->edev->lock);
	return count;
}

void mock_interrupt(struct mock *mock)
{
	irq_set_irqchip_state(irq_find_mapping(mock->domain, 0), IRQCHIP_STATE_PENDING, true);
}

void mock_time_out(struct mock *mock)
{
	drm_sched_fault(&mock->edev->sched);
	flush_delayed_work(&mock->edev->sched.work_tdr);
}

unsigned int mock_queued(struct mock *mock)
{
	struct edge_job *job;
	unsigned int count = 0;

	spin_lock_irq(&mock->edev->lock);
	list_for_each_entry(job, &mock->edev->queue, node)
		count++;
	spin_unlock_irq(&mock->edev->lock);
	return count;
}

bool mock_bind(struct mock *mock)
{
	bool bound = device_attach(&mock->pdev->dev) == 1;

	if (bound)
		mock->edev->sched.timeout = MAX_SCHEDULE_TIMEOUT;
	return bound;
}

void mock_unbind(struct mock *mock)
{
	device_release_driver(&mock->pdev->dev);
}
