// SPDX-License-Identifier: GPL-2.0-only

#include <linux/uaccess.h>

#include <drm/drm_file.h>

#include "edge_drv.h"

/* What is known of @type: a struct of the device's, and its size. */
static int query_answer(struct edge_device *edev, u32 type, const void **answer)
{
	if (type == DRM_EDGE_QUERY_DEVICE) {
		*answer = &edev->info;
		return sizeof(edev->info);
	}
	return edev->ops->query(edev, type, answer);
}

int edge_query_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_edge_dev_query *args = data;
	const void *answer;
	u32 size;
	int ret;

	ret = query_answer(to_edge_device(drm), args->type, &answer);
	if (ret < 0)
		return ret;
	size = min_t(u32, args->size, ret);
	args->size = ret;
	if (args->pointer && copy_to_user(u64_to_user_ptr(args->pointer), answer, size))
		return -EFAULT;
	return 0;
}
