/* SPDX-License-Identifier: MIT */
/* The card's configuration space: what it is, where its BARs are, what it is allowed to do. */
#ifndef EDGE_EMU_PCI_H
#define EDGE_EMU_PCI_H

#include <stdbool.h>
#include <stdint.h>

#define PCI_CONFIG_SIZE 256

/* BARs, by number; there are no others. */
#define PCI_BAR_CORE 0
#define PCI_BAR_SHELL 2
#define PCI_NO_BAR (-1)

#define SHELL_MSIX_TABLE 0x800
#define SHELL_MSIX_PENDING 0xc00

struct pci {
	uint8_t config[PCI_CONFIG_SIZE];
};

/* As after power-on. */
void pci_reset(struct pci *pci);

/* @size of 1, 2 or 4. Beyond the end reads give ones and writes do nothing. */
uint32_t pci_read(const struct pci *pci, uint32_t offset, uint32_t size);
void pci_write(struct pci *pci, uint32_t offset, uint32_t size, uint32_t value);

/* The BAR that has all @size bytes at @address of the guest, and where in it they are. */
int pci_find_bar(const struct pci *pci, uint64_t address, uint32_t size, uint32_t *offset);

bool pci_bus_master(const struct pci *pci);
bool pci_intx_disabled(const struct pci *pci);
bool pci_msix_enabled(const struct pci *pci);
bool pci_msix_masked(const struct pci *pci); /* the whole function */
uint8_t pci_interrupt_line(const struct pci *pci);

/* The status register's interrupt bit. */
void pci_show_interrupt(struct pci *pci, bool level);

#endif
