/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_GEM_H
#define EDGE_GEM_H

#include <drm/drm_gem.h>

struct edge_device;

/**
 * struct edge_bo - a buffer, contiguous for the device
 */
struct edge_bo {
	/** @base: the GEM object */
	struct drm_gem_object base;
	/** @flags: DRM_EDGE_BO_* */
	u32 flags;
	/** @cpu: where the kernel sees it; NULL for an imported one */
	void *cpu;
	/** @address: where the device sees it */
	dma_addr_t address;
	/** @sgt: pages of an imported one */
	struct sg_table *sgt;
	/** @node: in &edge_device.bos; empty for an imported one, and once @refuge is there */
	struct list_head node;
	/** @refuge: memory that took the place of the device's when that was removed, or NULL */
	void *refuge;
};

static inline struct edge_bo *to_edge_bo(struct drm_gem_object *obj)
{
	return container_of(obj, struct edge_bo, base);
}

struct drm_gem_object *edge_gem_import_sg_table(struct drm_device *drm,
						struct dma_buf_attachment *attachment,
						struct sg_table *sgt);

void edge_gem_evacuate(struct edge_device *edev);

int edge_bo_create_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int edge_bo_info_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int edge_bo_sync_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

#endif
