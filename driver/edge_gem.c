// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Buffers
 *
 * The devices have no MMU: a buffer must be contiguous where they see it, so buffers are made by
 * the DMA API and live where they are for life. Write-combined ones come from dma_alloc_attrs(),
 * cached ones from dma_alloc_pages() and are synchronised by request.
 *
 * A buffer of another driver is used where it lies when its mapping for this device is in one
 * piece; it is never copied.
 */

#include <linux/dma-buf.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include <drm/drm_drv.h>
#include <drm/drm_prime.h>

#include "compat/edge_compat.h"
#include "edge_drv.h"
#include "edge_gem.h"

MODULE_IMPORT_NS(EDGE_NS_DMA_BUF);

static enum dma_data_direction bo_direction(const struct edge_bo *bo)
{
	if (bo->flags & DRM_EDGE_BO_DEVICE_READS)
		return DMA_TO_DEVICE;
	if (bo->flags & DRM_EDGE_BO_DEVICE_WRITES)
		return DMA_FROM_DEVICE;
	return DMA_BIDIRECTIONAL;
}

static bool bo_cached(const struct edge_bo *bo)
{
	return bo->flags & DRM_EDGE_BO_CACHED;
}

static void bo_free_memory(struct edge_bo *bo, void *cpu)
{
	struct device *dev = bo->base.dev->dev;
	size_t size = bo->base.size;

	if (bo_cached(bo))
		dma_free_pages(dev, size, virt_to_page(cpu), bo->address, bo_direction(bo));
	else
		dma_free_attrs(dev, size, cpu, bo->address, DMA_ATTR_WRITE_COMBINE);
}

static void edge_gem_free(struct drm_gem_object *obj)
{
	struct edge_device *edev = to_edge_device(obj->dev);
	struct edge_bo *bo = to_edge_bo(obj);

	mutex_lock(&edev->bo_lock);
	list_del(&bo->node);
	mutex_unlock(&edev->bo_lock);

	if (obj->import_attach)
		drm_prime_gem_destroy(obj, bo->sgt);
	else if (bo->cpu)
		bo_free_memory(bo, bo->cpu);
	vfree(bo->refuge);

	drm_gem_object_release(obj);
	kfree(bo);
}

static struct sg_table *edge_gem_get_sg_table(struct drm_gem_object *obj)
{
	struct edge_bo *bo = to_edge_bo(obj);
	struct sg_table *sgt;
	int ret;

	if (!bo->cpu)
		return ERR_PTR(-ENODEV);
	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return ERR_PTR(-ENOMEM);

	if (bo_cached(bo)) {
		struct page *page = virt_to_page(bo->cpu);

		ret = sg_alloc_table(sgt, 1, GFP_KERNEL);
		if (!ret)
			sg_set_page(sgt->sgl, page, obj->size, 0);
	} else {
		ret = dma_get_sgtable_attrs(obj->dev->dev, sgt, bo->cpu, bo->address, obj->size,
					    DMA_ATTR_WRITE_COMBINE);
	}
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}
	return sgt;
}

static int edge_gem_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct edge_bo *bo = to_edge_bo(obj);

	if (!bo->cpu)
		return -EOPNOTSUPP;
	iosys_map_set_vaddr(map, bo->cpu);
	return 0;
}

static int edge_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	struct edge_device *edev = to_edge_device(obj->dev);
	struct edge_bo *bo = to_edge_bo(obj);
	int ret;

	if (obj->import_attach) {
		/*
		 * Its exporter serves the mapping, and keeps the dma-buf for it: our reference is
		 * not needed.
		 */
		vma->vm_private_data = NULL;
		vma->vm_ops = NULL;
		ret = dma_buf_mmap(obj->import_attach->dmabuf, vma, 0);
		if (!ret)
			drm_gem_object_put(obj);
		return ret;
	}

	/* A private copy would be none of the device's. */
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;

	/* The fake offset found the object; the mapping begins at its first page. */
	vma->vm_pgoff -= drm_vma_node_start(&obj->vma_node);

	mutex_lock(&edev->bo_lock);
	if (!bo->cpu)
		ret = -ENODEV;
	else if (bo_cached(bo))
		ret = dma_mmap_pages(obj->dev->dev, vma, obj->size, virt_to_page(bo->cpu));
	else
		ret = dma_mmap_attrs(obj->dev->dev, vma, bo->cpu, bo->address, obj->size,
				     DMA_ATTR_WRITE_COMBINE);
	mutex_unlock(&edev->bo_lock);
	return ret;
}

static unsigned long bo_pfn(struct edge_bo *bo, unsigned long offset)
{
	void *at = (bo->refuge ?: bo->cpu) + offset;

	return is_vmalloc_addr(at) ? vmalloc_to_pfn(at) : page_to_pfn(virt_to_page(at));
}

/*
 * Mappings are complete from the start, until the device is unplugged: then they come back page by
 * page.
 */
static vm_fault_t edge_gem_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct edge_bo *bo = to_edge_bo(vma->vm_private_data);
	struct edge_device *edev = to_edge_device(bo->base.dev);
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;
	vm_fault_t ret;

	if (offset >= bo->base.size)
		return VM_FAULT_SIGBUS;
	mutex_lock(&edev->bo_lock);
	ret = vmf_insert_pfn(vma, vmf->address, bo_pfn(bo, offset));
	mutex_unlock(&edev->bo_lock);
	return ret;
}

/*
 * Moves a buffer's contents to ordinary memory. Another driver's mapping of an exported one holds
 * on to its pages, which then stay as they are; so they do where memory is short.
 */
static void bo_evacuate(struct edge_bo *bo)
{
	struct drm_device *drm = bo->base.dev;
	void *refuge, *cpu = bo->cpu;

	if (bo->base.dma_buf)
		return;
	refuge = vmalloc_user(bo->base.size);
	if (!refuge)
		return;
	memcpy(refuge, cpu, bo->base.size);
	bo->refuge = refuge;
	bo->cpu = NULL;
	/* Pages that were touched since the unplugging are the old ones. */
	drm_vma_node_unmap(&bo->base.vma_node, drm->anon_inode->i_mapping);
	bo_free_memory(bo, cpu);
}

/**
 * edge_gem_evacuate() - gives the DMA API its memory back
 * @edev: the device, unplugged and halted
 */
void edge_gem_evacuate(struct edge_device *edev)
{
	struct edge_bo *bo, *next;

	/* Exporting sets its mark under the first. */
	mutex_lock(&edev->drm.object_name_lock);
	mutex_lock(&edev->bo_lock);
	list_for_each_entry_safe(bo, next, &edev->bos, node) {
		bo_evacuate(bo);
		list_del_init(&bo->node);
	}
	mutex_unlock(&edev->bo_lock);
	mutex_unlock(&edev->drm.object_name_lock);
}

static const struct vm_operations_struct edge_gem_vm_ops = {
	.fault = edge_gem_fault,
	.open = drm_gem_vm_open,
	.close = drm_gem_vm_close,
};

static const struct drm_gem_object_funcs edge_gem_funcs = {
	.free = edge_gem_free,
	.get_sg_table = edge_gem_get_sg_table,
	.vmap = edge_gem_vmap,
	.mmap = edge_gem_mmap,
	.vm_ops = &edge_gem_vm_ops,
};

static struct edge_bo *bo_alloc(struct drm_device *drm, u32 flags)
{
	struct edge_bo *bo;

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return NULL;
	bo->flags = flags;
	INIT_LIST_HEAD(&bo->node);
	bo->base.funcs = &edge_gem_funcs;
	return bo;
}

static int bo_alloc_memory(struct edge_bo *bo)
{
	struct device *dev = bo->base.dev->dev;
	size_t size = bo->base.size;
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;

	if (bo_cached(bo)) {
		struct page *page;

		page = dma_alloc_pages(dev, size, &bo->address, bo_direction(bo), gfp);
		if (!page)
			return -ENOMEM;
		bo->cpu = page_address(page);
		/* It is zero for the CPU; now for the device too. */
		dma_sync_single_for_device(dev, bo->address, size, bo_direction(bo));
	} else {
		bo->cpu = dma_alloc_attrs(dev, size, &bo->address, gfp, DMA_ATTR_WRITE_COMBINE);
		if (!bo->cpu)
			return -ENOMEM;
	}
	return 0;
}

int edge_bo_create_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct edge_device *edev = to_edge_device(drm);
	struct drm_edge_bo_create *args = data;
	struct edge_bo *bo;
	int idx, ret;

	if (args->flags &
	    ~(DRM_EDGE_BO_CACHED | DRM_EDGE_BO_DEVICE_READS | DRM_EDGE_BO_DEVICE_WRITES))
		return -EINVAL;
	if ((args->flags & DRM_EDGE_BO_DEVICE_READS) && (args->flags & DRM_EDGE_BO_DEVICE_WRITES))
		return -EINVAL;
	if (!args->size || args->size > edev->info.max_bo)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	bo = bo_alloc(drm, args->flags);
	if (!bo) {
		ret = -ENOMEM;
		goto err_exit;
	}
	drm_gem_private_object_init(drm, &bo->base, PAGE_ALIGN(args->size));

	ret = bo_alloc_memory(bo);
	if (ret)
		goto err_put;
	mutex_lock(&edev->bo_lock);
	list_add(&bo->node, &edev->bos);
	mutex_unlock(&edev->bo_lock);
	ret = drm_gem_create_mmap_offset(&bo->base);
	if (ret)
		goto err_put;
	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	if (ret)
		goto err_put;

	args->size = bo->base.size;
	args->mmap_offset = drm_vma_node_offset_addr(&bo->base.vma_node);

err_put:
	/* With success, the handle holds it. */
	drm_gem_object_put(&bo->base);
err_exit:
	drm_dev_exit(idx);
	return ret;
}

int edge_bo_info_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_edge_bo_info *args = data;
	struct drm_gem_object *obj;
	int ret;

	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;

	ret = drm_gem_create_mmap_offset(obj);
	if (!ret) {
		args->flags = to_edge_bo(obj)->flags;
		args->size = obj->size;
		args->mmap_offset = drm_vma_node_offset_addr(&obj->vma_node);
	}
	drm_gem_object_put(obj);
	return ret;
}

static int bo_sync(struct edge_bo *bo, const struct drm_edge_bo_sync *args)
{
	struct device *dev = bo->base.dev->dev;
	u64 size = args->size;

	if (args->offset > bo->base.size || size > bo->base.size - args->offset)
		return -EINVAL;
	if (!size)
		size = bo->base.size - args->offset;
	if (bo->flags & DRM_EDGE_BO_IMPORTED)
		return -EOPNOTSUPP;
	if (!bo_cached(bo) || !size)
		return 0;

	if (args->flags & DRM_EDGE_SYNC_TO_DEVICE)
		dma_sync_single_for_device(dev, bo->address + args->offset, size, bo_direction(bo));
	if (args->flags & DRM_EDGE_SYNC_TO_CPU)
		dma_sync_single_for_cpu(dev, bo->address + args->offset, size, bo_direction(bo));
	return 0;
}

int edge_bo_sync_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_edge_bo_sync *args = data;
	struct drm_gem_object *obj;
	int idx, ret;

	if (!args->flags || args->flags & ~(DRM_EDGE_SYNC_TO_DEVICE | DRM_EDGE_SYNC_TO_CPU))
		return -EINVAL;

	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = -ENODEV;
	if (drm_dev_enter(drm, &idx)) {
		ret = bo_sync(to_edge_bo(obj), args);
		drm_dev_exit(idx);
	}
	drm_gem_object_put(obj);
	return ret;
}

/*
 * Whether the mapping is a copy that the DMA API made because the device does not reach the memory
 * itself. It can be told where caches are no reason to synchronise; elsewhere it is taken for
 * memory.
 */
static bool import_bounced(struct device *dev, dma_addr_t address)
{
	return dev_is_dma_coherent(dev) && dma_need_sync(dev, address);
}

struct drm_gem_object *edge_gem_import_sg_table(struct drm_device *drm,
						struct dma_buf_attachment *attachment,
						struct sg_table *sgt)
{
	struct edge_device *edev = to_edge_device(drm);
	struct dma_buf *dmabuf = attachment->dmabuf;
	dma_addr_t address = sg_dma_address(sgt->sgl);
	struct edge_bo *bo;

	if (!dmabuf->size || !PAGE_ALIGNED(dmabuf->size) || dmabuf->size > edev->info.max_bo)
		return ERR_PTR(-EINVAL);
	if (drm_prime_get_contiguous_size(sgt) < dmabuf->size) {
		drm_dbg(drm, "dma-buf of %s: %zu bytes are not contiguous for the device\n",
			dmabuf->exp_name, dmabuf->size);
		return ERR_PTR(-EOPNOTSUPP);
	}
	if ((u64)address + dmabuf->size - 1 > DMA_BIT_MASK(edev->info.address_bits) ||
	    import_bounced(drm->dev, address)) {
		drm_dbg(drm, "dma-buf of %s lies beyond %u bits of address\n", dmabuf->exp_name,
			edev->info.address_bits);
		return ERR_PTR(-EOPNOTSUPP);
	}

	bo = bo_alloc(drm, DRM_EDGE_BO_IMPORTED);
	if (!bo)
		return ERR_PTR(-ENOMEM);
	drm_gem_private_object_init(drm, &bo->base, dmabuf->size);
	bo->sgt = sgt;
	bo->address = address;
	return &bo->base;
}
