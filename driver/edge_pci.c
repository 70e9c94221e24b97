// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Cards
 *
 * A soft core on a PCI card: its registers in BAR 0, and in BAR 2 a small shell around it with the
 * reset line, the clock and perhaps a sensor (Documentation/accel/card.md).
 */

#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "edge_drv.h"
#include "edge_power.h"
#include "edge_telemetry.h"

#define EDGE_PCI_VENDOR 0x1234
#define EDGE_PCI_DEVICE_NVDLA 0xed6e

#define EDGE_BAR_CORE 0
#define EDGE_BAR_SHELL 2

#define SHELL_ID 0x00
#define SHELL_ID_VALUE 0x45474445
#define SHELL_VERSION 0x04
#define SHELL_VERSION_MAJOR 1
#define SHELL_RESET 0x08
#define SHELL_STATUS 0x0c
#define SHELL_STATUS_READY BIT(0)
#define SHELL_CLOCK_HZ 0x10
#define SHELL_FEATURES 0x14
#define SHELL_FEATURE_TEMPERATURE BIT(0)
#define SHELL_TEMPERATURE 0x18

#define SHELL_ABSENT 0xffffffff
#define SHELL_READY_US 100000

/**
 * struct edge_shell - what is around the core on a card
 * @regs: its registers
 */
struct edge_shell {
	void __iomem *regs;
};

static void __iomem *shell_regs(struct edge_device *edev)
{
	struct edge_shell *shell = edev->bus_data;

	return shell->regs;
}

static int shell_reset(struct edge_device *edev)
{
	void __iomem *shell = shell_regs(edev);
	u32 status;
	int ret;

	writel(1, shell + SHELL_RESET);
	/* The read makes sure that the write has arrived. */
	if (readl(shell + SHELL_ID) == SHELL_ABSENT)
		return -ENODEV;
	udelay(1);
	writel(0, shell + SHELL_RESET);
	ret = readl_poll_timeout(shell + SHELL_STATUS, status, status & SHELL_STATUS_READY, 10,
				 SHELL_READY_US);
	if (!ret && status == SHELL_ABSENT)
		ret = -ENODEV;
	return ret;
}

static int shell_temperature(struct edge_device *edev, long *value)
{
	void __iomem *shell = shell_regs(edev);
	s32 temperature = readl(shell + SHELL_TEMPERATURE);

	/* All ones is also what a card says that is not there. */
	if ((u32)temperature == SHELL_ABSENT)
		return -ENODATA;
	*value = temperature;
	return 0;
}

static const struct edge_bus_ops edge_shell_ops = {
	.reset = shell_reset,
};

static const struct edge_bus_ops edge_shell_sensor_ops = {
	.reset = shell_reset,
	.temperature = shell_temperature,
};

static int shell_identify(struct pci_dev *pdev, void __iomem *shell)
{
	u32 id = readl(shell + SHELL_ID);
	u32 version = readl(shell + SHELL_VERSION);

	if (id != SHELL_ID_VALUE || version >> 16 != SHELL_VERSION_MAJOR)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "not a card of ours: id %08x, version %08x\n", id, version);
	return 0;
}

static void pci_free_vectors(void *data)
{
	pci_free_irq_vectors(data);
}

static int pci_get_irq(struct pci_dev *pdev)
{
	int ret;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (ret < 0)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, pci_free_vectors, pdev);
	if (ret)
		return ret;
	return pci_irq_vector(pdev, 0);
}

static int edge_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct edge_hw_ops *ops = (const struct edge_hw_ops *)id->driver_data;
	const struct edge_bus_ops *bus = &edge_shell_ops;
	struct edge_device *edev;
	struct edge_shell *shell;
	int ret;

	shell = devm_kzalloc(&pdev->dev, sizeof(*shell), GFP_KERNEL);
	if (!shell)
		return -ENOMEM;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = pcim_iomap_regions(pdev, BIT(EDGE_BAR_CORE) | BIT(EDGE_BAR_SHELL), EDGE_DRIVER_NAME);
	if (ret)
		return ret;
	shell->regs = pcim_iomap_table(pdev)[EDGE_BAR_SHELL];
	ret = shell_identify(pdev, shell->regs);
	if (ret)
		return ret;
	if (readl(shell->regs + SHELL_FEATURES) & SHELL_FEATURE_TEMPERATURE)
		bus = &edge_shell_sensor_ops;

	edev = edge_device_create(&pdev->dev, ops, bus, shell);
	if (IS_ERR(edev))
		return PTR_ERR(edev);
	edev->regs = pcim_iomap_table(pdev)[EDGE_BAR_CORE];
	edev->info.kind = DRM_EDGE_KIND_FPGA;
	edev->info.clock_hz = readl(shell->regs + SHELL_CLOCK_HZ);

	pci_set_master(pdev);
	edev->irq = pci_get_irq(pdev);
	if (edev->irq < 0)
		return edev->irq;
	return edge_device_register(edev);
}

static void edge_pci_remove(struct pci_dev *pdev)
{
	edge_device_remove(pci_get_drvdata(pdev));
}

static const struct pci_device_id edge_pci_ids[] = {
	{ PCI_DEVICE(EDGE_PCI_VENDOR, EDGE_PCI_DEVICE_NVDLA),
	  .driver_data = (kernel_ulong_t)&nvdla_hw_ops },
	{}
};
MODULE_DEVICE_TABLE(pci, edge_pci_ids);

static struct pci_driver edge_pci_driver = {
	.name = EDGE_DRIVER_NAME,
	.id_table = edge_pci_ids,
	.probe = edge_pci_probe,
	.remove = edge_pci_remove,
	.dev_groups = edge_sysfs_groups,
	.driver.pm = pm_ptr(&edge_pm_ops),
};

int edge_pci_register(void)
{
	return pci_register_driver(&edge_pci_driver);
}

void edge_pci_unregister(void)
{
	pci_unregister_driver(&edge_pci_driver);
}
