# SPDX-License-Identifier: MIT
# The kernel module's checks. Kernels and what is built of them stay in KERNELS, logs in build-kunit/, build-vm/ and so on.
KERNELS ?= $(CURDIR)/.cache/kernels
export KERNELS BUILD

KERNEL_DEPS := dkms pahole sparse fakeroot kmod xz-utils zstd flex bison bc libelf-dev libssl-dev rsync cpio gcc-12 \
	busybox-static qemu-system-x86 libdrm-dev $(if $(filter x86_64,$(shell uname -m)),gcc-12-aarch64-linux-gnu)

.PHONY: deps-kernel check-dkms check-vm check-kunit check-kasan bench-submit vm

# Where they cannot be installed the checks count as skipped, and say what they lack.
deps-kernel:
	-$(call need,$(KERNEL_DEPS))

## make check-dkms      the kernel module with DKMS, sparse and checkpatch, for each of Debian's kernels
check-dkms: deps-check deps-kernel
	@scripts/check "build-dkms:run tests/vm/check-dkms"

## make check-vm        the kernel module in machines with Debian's kernels and an emulated card
check-vm: deps-check deps-kernel
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@scripts/check "build-vm:run tests/vm/check-vm"

## make vm              a shell in such a machine; LINE=6.1 for the older kernel, WORDS= for its command line
LINE ?= 6.12
vm: deps-check deps-kernel
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@tests/vm/check-vm shell $(LINE)

## make bench-submit    where the time of a job goes, in the same machines, and how many jobs there are in a second
bench-submit: deps-check deps-kernel
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@tests/vm/check-vm bench

## make check-kunit     the kernel module's unit tests, in a kernel that runs as a process
check-kunit: deps-check deps-kernel
	@scripts/check "build-kunit:run tests/vm/check-kunit"

## make check-kasan     as check-vm, and fuzzed, in a kernel that looks for errors of memory and locking
check-kasan: deps-check deps-kernel
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@scripts/check "build-kasan:run tests/vm/check-kasan"
