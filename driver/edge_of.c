// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Blocks of a system on chip
 *
 * A core on the platform bus, found by device tree: its registers, interrupt, clocks, reset line
 * and, where contiguous memory is short, a reserved region (Documentation/accel/nvdla-bring-up.md).
 */

#include <linux/clk.h>
#include <linux/delay.h>
#include <linux/mod_devicetable.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/reset.h>

#include "compat/edge_compat.h"
#include "edge_drv.h"
#include "edge_power.h"
#include "edge_telemetry.h"

/* How long the reset line is held, and given afterwards, in microseconds. */
#define SOC_RESET_US 10

/**
 * struct edge_soc - what the device tree names
 * @clocks: all of them
 * @clock_count: how many
 * @reset: the reset line
 */
struct edge_soc {
	struct clk_bulk_data *clocks;
	int clock_count;
	struct reset_control *reset;
};

static int soc_reset(struct edge_device *edev)
{
	struct edge_soc *soc = edev->bus_data;
	int ret;

	ret = reset_control_assert(soc->reset);
	if (ret)
		return ret;
	usleep_range(SOC_RESET_US, 2 * SOC_RESET_US);
	ret = reset_control_deassert(soc->reset);
	if (ret)
		return ret;
	usleep_range(SOC_RESET_US, 2 * SOC_RESET_US);
	return 0;
}

static int soc_power(struct edge_device *edev, bool on)
{
	struct edge_soc *soc = edev->bus_data;

	if (on)
		return clk_bulk_prepare_enable(soc->clock_count, soc->clocks);
	clk_bulk_disable_unprepare(soc->clock_count, soc->clocks);
	return 0;
}

static const struct edge_bus_ops edge_soc_ops = {
	.reset = soc_reset,
	.power = soc_power,
};

static void soc_release_memory(void *data)
{
	of_reserved_mem_device_release(data);
}

/* A region of its own is optional; the system's contiguous memory serves as well. */
static int soc_get_memory(struct device *dev)
{
	int ret;

	if (!IS_ENABLED(CONFIG_OF_RESERVED_MEM))
		return 0;
	ret = of_reserved_mem_device_init(dev);
	if (ret == -ENODEV)
		return 0;
	if (ret)
		return ret;
	return devm_add_action_or_reset(dev, soc_release_memory, dev);
}

static struct edge_soc *soc_get(struct device *dev)
{
	struct edge_soc *soc;
	int ret;

	soc = devm_kzalloc(dev, sizeof(*soc), GFP_KERNEL);
	if (!soc)
		return ERR_PTR(-ENOMEM);
	/* Without one a hung operation ends only with the power. */
	soc->reset = devm_reset_control_get_exclusive(dev, NULL);
	if (IS_ERR(soc->reset))
		return ERR_CAST(soc->reset);
	ret = devm_clk_bulk_get_all(dev, &soc->clocks);
	if (ret < 0)
		return ERR_PTR(ret);
	soc->clock_count = ret;
	ret = soc_get_memory(dev);
	return ret ? ERR_PTR(ret) : soc;
}

static int edge_of_probe(struct platform_device *pdev)
{
	const struct edge_hw_ops *ops = device_get_match_data(&pdev->dev);
	struct edge_device *edev;
	struct edge_soc *soc;

	if (!ops)
		return -ENODEV;
	soc = soc_get(&pdev->dev);
	if (IS_ERR(soc))
		return dev_err_probe(&pdev->dev, PTR_ERR(soc), "clocks, reset or memory region\n");
	edev = edge_device_create(&pdev->dev, ops, &edge_soc_ops, soc);
	if (IS_ERR(edev))
		return PTR_ERR(edev);
	edev->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(edev->regs))
		return PTR_ERR(edev->regs);
	edev->irq = platform_get_irq(pdev, 0);
	if (edev->irq < 0)
		return edev->irq;
	edev->info.kind = DRM_EDGE_KIND_NPU;
	if (soc->clock_count)
		edev->info.clock_hz = clk_get_rate(soc->clocks[0].clk);
	return edge_device_register(edev);
}

static void edge_of_remove(struct platform_device *pdev)
{
	edge_device_remove(platform_get_drvdata(pdev));
}

static const struct of_device_id edge_of_ids[] = {
	{ .compatible = "nvidia,nv_small", .data = &nvdla_hw_ops }, {}
};
MODULE_DEVICE_TABLE(of, edge_of_ids);

static struct platform_driver edge_of_driver = {
	.probe = edge_of_probe,
	EDGE_PLATFORM_REMOVE = edge_of_remove,
	.driver = {
		.name = EDGE_DRIVER_NAME,
		.of_match_table = edge_of_ids,
		.dev_groups = edge_sysfs_groups,
		.pm = pm_ptr(&edge_pm_ops),
	},
};

int edge_of_register(void)
{
	return platform_driver_register(&edge_of_driver);
}

void edge_of_unregister(void)
{
	platform_driver_unregister(&edge_of_driver);
}
