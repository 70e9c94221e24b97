// SPDX-License-Identifier: GPL-2.0-only
/*
 * The emulated card as a block of a system on chip: a platform device with a node of the device
 * tree, whose registers are the card's first BAR, whose interrupt is the card's and whose reset
 * line is in the card's shell. For kernels with CONFIG_OF, and a card that no driver has.
 */

#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/reset-controller.h>

#define SOC_BAR_CORE 0
#define SOC_BAR_SHELL 2
#define SOC_SHELL_RESET 0x08
#define SOC_SHELL_STATUS 0x0c
#define SOC_SHELL_READY BIT(0)

/* Any that no other node has. */
#define SOC_RESET_PHANDLE 0xed6e

static struct pci_dev *soc_card;
static void __iomem *soc_shell;
static struct of_changeset soc_nodes;
static struct device_node *soc_parent_node, *soc_reset_node, *soc_npu_node;
static struct platform_device *soc_npu;

static int soc_assert(struct reset_controller_dev *controller, unsigned long line)
{
	writel(1, soc_shell + SOC_SHELL_RESET);
	return 0;
}

static int soc_deassert(struct reset_controller_dev *controller, unsigned long line)
{
	u32 status;

	writel(0, soc_shell + SOC_SHELL_RESET);
	return readl_poll_timeout(soc_shell + SOC_SHELL_STATUS, status, status & SOC_SHELL_READY,
				  10, 100000);
}

static const struct reset_control_ops soc_reset_ops = {
	.assert = soc_assert,
	.deassert = soc_deassert,
};

static int soc_translate(struct reset_controller_dev *controller,
			 const struct of_phandle_args *line)
{
	return 0;
}

static struct reset_controller_dev soc_reset = {
	.owner = THIS_MODULE,
	.ops = &soc_reset_ops,
	.nr_resets = 1,
	.of_xlate = soc_translate,
};

static void soc_destroy_nodes(void)
{
	of_changeset_destroy(&soc_nodes);
	of_node_put(soc_npu_node);
	of_node_put(soc_reset_node);
	of_node_put(soc_parent_node);
}

/* edge-test { reset { #reset-cells = <0>; }; npu { compatible, resets = <&reset>; }; }; */
static int soc_make_nodes(void)
{
	struct of_changeset *nodes = &soc_nodes;
	int ret = -ENOMEM;

	of_changeset_init(nodes);
	soc_parent_node = of_changeset_create_node(nodes, of_root, "edge-test");
	if (soc_parent_node) {
		soc_reset_node = of_changeset_create_node(nodes, soc_parent_node, "reset");
		soc_npu_node = of_changeset_create_node(nodes, soc_parent_node, "npu");
	}
	if (!soc_reset_node || !soc_npu_node)
		goto err_destroy_nodes;
	ret = of_changeset_add_prop_u32(nodes, soc_reset_node, "#reset-cells", 0);
	if (!ret)
		ret = of_changeset_add_prop_u32(nodes, soc_npu_node, "resets", SOC_RESET_PHANDLE);
	if (!ret)
		ret = of_changeset_add_prop_string(nodes, soc_npu_node, "compatible",
						   "nvidia,nv_small");
	if (!ret)
		ret = of_changeset_apply(nodes);
	if (ret)
		goto err_destroy_nodes;

	/* Attaching a node takes its number away. */
	soc_reset_node->phandle = SOC_RESET_PHANDLE;
	/* No device stands for it: nobody shall wait for one. */
	fwnode_dev_initialized(of_fwnode_handle(soc_reset_node), true);
	soc_reset.of_node = soc_reset_node;
	return 0;

err_destroy_nodes:
	soc_destroy_nodes();
	return ret;
}

static int soc_take_card(void)
{
	int ret;

	soc_card = pci_get_device(0x1234, 0xed6e, NULL);
	if (!soc_card)
		return -ENODEV;
	if (soc_card->dev.driver) {
		ret = -EBUSY;
		goto err_put;
	}
	ret = pci_enable_device(soc_card);
	if (ret)
		goto err_put;
	pci_set_master(soc_card);
	ret = pci_alloc_irq_vectors(soc_card, 1, 1, PCI_IRQ_ALL_TYPES);
	if (ret < 0)
		goto err_disable;
	soc_shell = pci_iomap(soc_card, SOC_BAR_SHELL, 0);
	if (!soc_shell) {
		ret = -ENOMEM;
		goto err_free_vectors;
	}
	return 0;

err_free_vectors:
	pci_free_irq_vectors(soc_card);
err_disable:
	pci_disable_device(soc_card);
err_put:
	pci_dev_put(soc_card);
	return ret;
}

static void soc_leave_card(void)
{
	pci_iounmap(soc_card, soc_shell);
	pci_free_irq_vectors(soc_card);
	pci_disable_device(soc_card);
	pci_dev_put(soc_card);
}

static int soc_make_device(struct device_node *node)
{
	const struct resource resources[] = {
		DEFINE_RES_MEM(pci_resource_start(soc_card, SOC_BAR_CORE),
			       pci_resource_len(soc_card, SOC_BAR_CORE)),
		DEFINE_RES_IRQ(pci_irq_vector(soc_card, 0)),
	};
	const struct platform_device_info info = {
		.name = "edge-test-npu",
		.id = PLATFORM_DEVID_NONE,
		.fwnode = of_fwnode_handle(node),
		.res = resources,
		.num_res = ARRAY_SIZE(resources),
		.dma_mask = DMA_BIT_MASK(32),
	};

	soc_npu = platform_device_register_full(&info);
	return PTR_ERR_OR_ZERO(soc_npu);
}

static int __init soc_init(void)
{
	int ret;

	ret = soc_take_card();
	if (ret)
		return ret;
	ret = soc_make_nodes();
	if (ret)
		goto err_leave_card;
	ret = reset_controller_register(&soc_reset);
	if (ret)
		goto err_revert_nodes;
	ret = soc_make_device(soc_npu_node);
	if (ret)
		goto err_unregister_reset;
	return 0;

err_unregister_reset:
	reset_controller_unregister(&soc_reset);
err_revert_nodes:
	of_changeset_revert(&soc_nodes);
	soc_destroy_nodes();
err_leave_card:
	soc_leave_card();
	return ret;
}
module_init(soc_init);

static void __exit soc_exit(void)
{
	platform_device_unregister(soc_npu);
	reset_controller_unregister(&soc_reset);
	of_changeset_revert(&soc_nodes);
	soc_destroy_nodes();
	soc_leave_card();
}
module_exit(soc_exit);

MODULE_DESCRIPTION("The emulated card as a platform device, for tests");
MODULE_LICENSE("GPL");
