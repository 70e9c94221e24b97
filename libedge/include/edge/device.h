/* SPDX-License-Identifier: MIT */
/* Accelerators: which there are, whether they can be used, and if not, why. */
#ifndef EDGE_DEVICE_H
#define EDGE_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include "edge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What sort of accelerator a device is. Values are part of the ABI. */
enum edge_accel_kind {
	EDGE_ACCEL_UNKNOWN = 0, /* it cannot be asked */
	EDGE_ACCEL_NPU = 1, /* a block of a system on chip */
	EDGE_ACCEL_FPGA = 2, /* a soft core on a card */
	EDGE_ACCEL_VPU = 3, /* a processor with firmware of its own */
};

/**
 * struct edge_device_info - an accelerator that the kernel's driver has found
 * @node: what is opened, such as "/dev/accel/accel0"
 * @bus: "pci", "platform" or "usb"
 * @address: on that bus, such as "0000:01:00.0"
 * @sysfs: the folder of its attributes, such as "/sys/class/accel/accel0/device"
 * @kind: what sort of accelerator
 * @family: whose commands it understands, "nvdla" or "vpu"; "" if unknown
 * @name: of the hardware configuration, such as "nv_small"; "" if unknown
 * @geometry: its size in words separated by spaces, such as "atomic_c=8 atomic_k=8"; "" if unknown
 * @status: EDGE_OK if it can be used now
 * @reason: else why not, and what to do about it; "" if it can
 * @driver_major, @driver_minor: version of the driver's interface
 * @hw_version: as the hardware has it
 * @fw_version: major << 16 | minor; 0 where there is no firmware
 * @clock_hz: of the compute core
 * @max_buffer: bytes of the largest buffer
 * @timeout_ms: time after which a job counts as hung
 * @resets: how often it was reset since the driver was bound
 *
 * Strings are never NULL, numbers are 0 where they are unknown, as most are while @status is not
 * EDGE_OK. Members are only ever added at the end.
 */
struct edge_device_info {
	const char *node;
	const char *bus;
	const char *address;
	const char *sysfs;
	enum edge_accel_kind kind;
	const char *family;
	const char *name;
	const char *geometry;
	enum edge_status status;
	const char *reason;
	unsigned int driver_major;
	unsigned int driver_minor;
	uint32_t hw_version;
	uint32_t fw_version;
	uint64_t clock_hz;
	uint64_t max_buffer;
	uint32_t timeout_ms;
	uint64_t resets;
};

struct edge_device_list;
struct edge_device;

/* "npu", "fpga", "vpu" or "unknown"; static. */
EDGE_API const char *edge_accel_kind_name(enum edge_accel_kind kind);

/**
 * edge_device_list_create() - the accelerators of this machine
 * @list: set; may be empty. Release with edge_device_list_destroy().
 *
 * Those that cannot be used are in it as well, with the reason. The order is that of their nodes.
 */
EDGE_API enum edge_status edge_device_list_create(struct edge_device_list **list,
						  struct edge_error *error);
EDGE_API void edge_device_list_destroy(struct edge_device_list *list);

/* The device at @index, counting from 0, which lives as long as the list; NULL beyond the last. */
EDGE_API const struct edge_device_info *edge_device_list_at(const struct edge_device_list *list,
							    size_t index);

/* The same by what people call it: its index, node ("/dev/accel/accel0" or "accel0") or address
 * ("0000:01:00.0" or "01:00.0"); NULL if there is none. */
EDGE_API const struct edge_device_info *edge_device_list_find(const struct edge_device_list *list,
							      const char *name);

/**
 * edge_device_open() - open the accelerator behind @node
 * @device: set. Release with edge_device_destroy() once everything made from it is gone.
 *
 * Errors tell what is in the way: EDGE_PERMISSION_DENIED, EDGE_DEVICE_REMOVED, EDGE_BUSY,
 * EDGE_DEVICE_FAULT, EDGE_INCOMPATIBLE for a driver that is too old or too new, EDGE_UNSUPPORTED
 * for what is no accelerator.
 */
EDGE_API enum edge_status edge_device_open(const char *node, struct edge_device **device,
					   struct edge_error *error);
EDGE_API void edge_device_destroy(struct edge_device *device);

/**
 * edge_device_reset() - reset the hardware at once
 *
 * Jobs that were on it run again. Needs CAP_SYS_ADMIN, else EDGE_PERMISSION_DENIED.
 */
EDGE_API enum edge_status edge_device_reset(struct edge_device *device, struct edge_error *error);

#ifdef __cplusplus
}
#endif

#endif
