// SPDX-License-Identifier: MIT
#include "pci.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "nvdla/nvdla.h"

#define VENDOR 0x1234
#define DEVICE 0xed6e
#define REVISION_AND_CLASS 0x12000001
#define SHELL_SIZE 0x1000
#define MSIX_CAP 0x40

static const uint32_t bar_sizes[6] = {
	[PCI_BAR_CORE] = NVDLA_WINDOW, [PCI_BAR_SHELL] = SHELL_SIZE
};

static void put(uint8_t *to, uint32_t value, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get(const uint8_t *from, uint32_t size)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < size; i++)
		value |= (uint32_t)from[i] << 8 * i;
	return value;
}

void pci_reset(struct pci *pci)
{
	uint8_t *c = pci->config;

	memset(c, 0, sizeof(pci->config));
	put(c + PCI_VENDOR_ID, VENDOR | (uint32_t)DEVICE << 16, 4);
	put(c + PCI_STATUS, PCI_STATUS_CAP_LIST, 2);
	put(c + PCI_CLASS_REVISION, REVISION_AND_CLASS, 4);
	put(c + PCI_SUBSYSTEM_VENDOR_ID, VENDOR | (uint32_t)DEVICE << 16, 4);
	c[PCI_CAPABILITY_LIST] = MSIX_CAP;
	c[PCI_INTERRUPT_PIN] = 1;
	c[MSIX_CAP] = PCI_CAP_ID_MSIX;
	put(c + MSIX_CAP + PCI_MSIX_TABLE, SHELL_MSIX_TABLE | PCI_BAR_SHELL, 4);
	put(c + MSIX_CAP + PCI_MSIX_PBA, SHELL_MSIX_PENDING | PCI_BAR_SHELL, 4);
}

/* Bits of the byte at @offset that software may change. */
static uint8_t writable(uint32_t offset)
{
	const uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
				 PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE;
	const uint16_t msix = PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL;
	const uint32_t bar = (offset - PCI_BASE_ADDRESS_0) / 4;

	if (offset - PCI_COMMAND < 2)
		return (uint8_t)(command >> 8 * (offset - PCI_COMMAND));
	if (offset - (MSIX_CAP + PCI_MSIX_FLAGS) < 2)
		return (uint8_t)(msix >> 8 * (offset - MSIX_CAP - PCI_MSIX_FLAGS));
	if (offset >= PCI_BASE_ADDRESS_0 && bar < 6 && bar_sizes[bar])
		return (uint8_t)(~(bar_sizes[bar] - 1) >> 8 * (offset % 4));
	if (offset == PCI_INTERRUPT_LINE || offset == PCI_CACHE_LINE_SIZE ||
	    offset == PCI_LATENCY_TIMER)
		return 0xff;
	return 0;
}

static bool is_inside(uint32_t offset, uint32_t size)
{
	return size <= 4 && offset <= PCI_CONFIG_SIZE - size;
}

uint32_t pci_read(const struct pci *pci, uint32_t offset, uint32_t size)
{
	return is_inside(offset, size) ? get(pci->config + offset, size) : UINT32_MAX;
}

void pci_write(struct pci *pci, uint32_t offset, uint32_t size, uint32_t value)
{
	for (uint32_t i = 0; is_inside(offset, size) && i < size; i++) {
		const uint8_t mask = writable(offset + i);
		uint8_t *byte = &pci->config[offset + i];

		*byte = (*byte & ~mask) | ((uint8_t)(value >> 8 * i) & mask);
	}
}

int pci_find_bar(const struct pci *pci, uint64_t address, uint32_t size, uint32_t *offset)
{
	for (int bar = 0; bar < 6; bar++) {
		const uint32_t base = get(pci->config + PCI_BASE_ADDRESS_0 + 4 * bar, 4);

		if (size <= bar_sizes[bar] && address >= base &&
		    address - base <= bar_sizes[bar] - size) {
			*offset = (uint32_t)(address - base);
			return bar;
		}
	}
	return PCI_NO_BAR;
}

static bool has(const struct pci *pci, uint32_t offset, uint16_t bits)
{
	return get(pci->config + offset, 2) & bits;
}

bool pci_bus_master(const struct pci *pci)
{
	return has(pci, PCI_COMMAND, PCI_COMMAND_MASTER);
}

bool pci_intx_disabled(const struct pci *pci)
{
	return has(pci, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
}

bool pci_msix_enabled(const struct pci *pci)
{
	return has(pci, MSIX_CAP + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE);
}

bool pci_msix_masked(const struct pci *pci)
{
	return has(pci, MSIX_CAP + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_MASKALL);
}

uint8_t pci_interrupt_line(const struct pci *pci)
{
	return pci->config[PCI_INTERRUPT_LINE];
}

void pci_show_interrupt(struct pci *pci, bool level)
{
	const uint32_t status = get(pci->config + PCI_STATUS, 2) & ~(uint32_t)PCI_STATUS_INTERRUPT;

	put(pci->config + PCI_STATUS, status | (level ? PCI_STATUS_INTERRUPT : 0), 2);
}
