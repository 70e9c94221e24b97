/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_HW_H
#define EDGE_HW_H

#include <linux/types.h>

#include "edge_refusal.h"

struct drm_printer;
struct edge_device;
struct edge_job;

/**
 * struct edge_hw_ops - what a family of devices does
 *
 * "Locked" means that the caller holds &edge_device.lock with interrupts off.
 */
struct edge_hw_ops {
	/**
	 * @init: identifies the device, which has just been reset; fills in &edge_device.info. What
	 * it allocates is managed by the DRM device.
	 */
	int (*init)(struct edge_device *edev);

	/**
	 * @check: checks &edge_job.stream and makes &edge_job.hw and &edge_job.op_count of it.
	 * -EINVAL with the refusal filled in, or what the buffers' find returned.
	 */
	int (*check)(struct edge_device *edev, struct edge_job *job,
		     const struct edge_buffers *buffers, struct edge_refusal *refusal);

	/** @release: frees &edge_job.hw, which may be NULL */
	void (*release)(struct edge_job *job);

	/**
	 * @kick: locked; gives the hardware work from &edge_device.queue, whose order it keeps.
	 * Operations that &edge_job.hw knows to be done are left out.
	 */
	void (*kick)(struct edge_device *edev);

	/**
	 * @irq: locked; takes what the hardware has finished, counts &edge_job.ops_done, kicks.
	 * Called for interrupts, and when one may have been lost. Returns whether the device had
	 * anything to say.
	 */
	bool (*irq)(struct edge_device *edev);

	/** @busy: locked; whether operations are on the hardware */
	bool (*busy)(struct edge_device *edev);

	/**
	 * @halt: locked; forgets what the hardware is doing. Sets &edge_job.torn where an operation
	 * was cut off that can not be run again.
	 */
	void (*halt)(struct edge_device *edev);

	/** @start: brings the device from reset to where it takes work; may sleep */
	int (*start)(struct edge_device *edev);

	/** @stop: the device gives no more interrupts */
	void (*stop)(struct edge_device *edev);

	/**
	 * @query: the family's answer to a query: a struct in @answer, its size returned, or
	 * -EOPNOTSUPP
	 */
	int (*query)(struct edge_device *edev, u32 type, const void **answer);

	/** @describe: geometry on one line, key=value, for sysfs */
	int (*describe)(struct edge_device *edev, char *text, size_t size);

	/** @dump: state of the hardware for humans; locked */
	void (*dump)(struct edge_device *edev, struct drm_printer *p);
};

/**
 * struct edge_bus_ops - what the way a device is attached provides
 */
struct edge_bus_ops {
	/**
	 * @reset: takes the device through its reset line; may sleep. -ETIMEDOUT if it does not
	 * come back
	 */
	int (*reset)(struct edge_device *edev);

	/** @power: clocks and supplies on or off; NULL where there are none to switch */
	int (*power)(struct edge_device *edev, bool on);

	/** @temperature: in thousandths of a degree Celsius; NULL without a sensor */
	int (*temperature)(struct edge_device *edev, long *value);
};

extern const struct edge_hw_ops nvdla_hw_ops;

#endif
