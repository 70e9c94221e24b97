# SPDX-License-Identifier: MIT
# The face of the project: a thin layer over meson. `make help` lists the targets.
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=

# Data for the targets that look at more than the project brings along.
DATA ?= ../shared/data
SUITE ?= $(DATA)/suites/onnx-node-v1.12.0.tar.xz
AP_SAMPLE ?= $(DATA)/suites/coco-ap-sample
MODELS ?= $(DATA)/models
MAKE_MODELS ?= ../shared/tools/make-models.py
export DATA SUITE

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

# What Documentation/dependencies.md explains.
BUILD_DEPS := gcc libc6-dev make meson ninja-build pkg-config libprotobuf-c-dev protobuf-c-compiler \
	libjansson-dev libturbojpeg0-dev libpng-dev zlib1g-dev libxxhash-dev libsmartcols-dev libcairo2-dev libexpat1-dev \
	fonts-dejavu-core libcmocka-dev libarchive-dev libsimde-dev libdrm-dev
CHECK_DEPS := g++ python3 clang libclang-rt-dev
EVAL_DEPS := python3-opencv python3-numpy libstb0
# Node may come from elsewhere than Debian.
PEER_DEPS := python3-onnx python3-numpy $(if $(shell command -v npm),,nodejs npm)
VNNI_DEPS := llvm-19 python3
TRAIN_DEPS := python3-torch python3-numpy python3-onnx python3-opencv

# Of all targets together.
FUZZ_SECONDS ?= 120

.PHONY: all help demo check fuzz-smoke install uninstall modules install-module uninstall-module clean format deps deps-build deps-check \
	check-onnx check-golden check-kernels check-isa eval-models eval-bf16 bench-kernels bench-vnni bench-peers \
	train-demo

all: $(BUILD)/build.ninja
	ninja -C $(BUILD)

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make                 build
## make demo            set up, then detect objects in a drawn scene with the bundled detector
## make check           set up, then pass the tests, with and without sanitizers and in machines with the kernel module,
##                      and fuzz for FUZZ_SECONDS=120
## make fuzz-smoke      only that: import, programs, images and cards against inputs that nobody has written
## make install         into PREFIX=/usr/local, under DESTDIR

# Packages that are there already need no root.
define need
	@missing=$$(dpkg-query -W -f '$${Package} $${Status}\n' $(1) 2>/dev/null | \
		awk '/install ok installed/ { have[$$1] = 1 } END { n = split("$(1)", want, " "); \
		for (i = 1; i <= n; i++) if (!(want[i] in have)) printf "%s ", want[i] }'); \
	if [ -n "$$missing" ]; then $(APT) update && $(APT) install -y --no-install-recommends $$missing; fi
endef

deps-build:
	$(call need,$(BUILD_DEPS))

deps-check:
	$(call need,$(BUILD_DEPS) $(CHECK_DEPS))

$(BUILD)/build.ninja:
	meson setup $(BUILD) --prefix=$(PREFIX)

demo: deps-build
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	ninja -C $(BUILD) tools/edgectl/edgectl tools/scene/edge-scene
	@BUILD=$(BUILD) scripts/demo

check: deps-check deps-kernel
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja build-asan/build.ninja build-tsan/build.ninja \
		build-fuzz/build.ninja
	@scripts/check $(BUILD) build-asan "build-tsan:session pool" \
		"build-dkms:run tests/vm/check-dkms" "build-kunit:run tests/vm/check-kunit" \
		"build-vm:run tests/vm/check-vm" "build-fuzz:fuzz $(FUZZ_SECONDS)"

fuzz-smoke: deps-check
	@$(MAKE) --no-print-directory build-fuzz/build.ninja
	@scripts/check "build-fuzz:fuzz $(FUZZ_SECONDS)"

install: all
	DESTDIR=$(DESTDIR) meson install -C $(BUILD) --no-rebuild

uninstall:
	ninja -C $(BUILD) uninstall

## make modules         edge_accel.ko for KERNEL=$(uname -r)
KERNEL ?= $(shell uname -r)
modules:
	$(MAKE) -C /lib/modules/$(KERNEL)/build M=$(CURDIR) modules

## make install-module  by DKMS, for KERNEL=$(uname -r) and each that comes later; uninstall-module undoes it
MODULE_DEPS := dkms kmod
install-module:
	$(call need,$(MODULE_DEPS))
	$(SUDO) scripts/install-module $(KERNEL)

uninstall-module:
	$(SUDO) scripts/install-module --remove

clean:
	rm -rf $(BUILD) build-asan build-tsan build-fuzz build-dkms build-vm build-kunit build-kasan demo

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

## make check-onnx      ONNX operator suite; SUITE=directory or archive
check-onnx: deps-check
	@$(MAKE) --no-print-directory all
	$(BUILD)/tests/conformance/check-onnx $(SUITE)

## make check-golden    register programs through the model of NVDLA, and through the driver's checker; DIR=folder
DIR ?= ../shared/nvdla-golden
check-golden: deps-check
	@$(MAKE) --no-print-directory all
	$(BUILD)/tests/golden/check-golden $(DIR)
	$(BUILD)/tests/driver/check-lifted $(DIR)

## make check-kernels   every SIMD kernel against the C reference
check-kernels: all
	$(BUILD)/tests/kernels/check-kernels

## make check-isa       those for AVX-512, VNNI and BF16, emulated where the machine has AVX2
check-isa: deps-check
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	ninja -C $(BUILD) tests/kernels/check-kernels-emulated
	$(BUILD)/tests/kernels/check-kernels-emulated

## make bench-kernels   the same, timed, with the share of this machine's peak
bench-kernels: all
	$(BUILD)/tests/kernels/check-kernels --bench

## make bench-vnni      share of the peak that the loops for VNNI reach in models of processors that have it
bench-vnni: deps-build
	$(call need,$(VNNI_DEPS))
	@$(MAKE) --no-print-directory all
	/usr/bin/python3 tests/bench/mca.py --build $(BUILD)

build-asan/build.ninja:
	meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false

build-tsan/build.ninja:
	meson setup build-tsan -Db_sanitize=thread -Db_lundef=false

# -O1 keeps the build short.
build-fuzz/build.ninja:
	CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1

## make eval-models     average precision of real models, ours and OpenCV's; DATA=directory
eval-models: deps-check
	$(call need,$(EVAL_DEPS))
	@$(MAKE) --no-print-directory all
	$(BUILD)/tools/edgectl/edgectl eval --detections $(AP_SAMPLE)/dets/sampled_bbox_results.json \
		--truth $(AP_SAMPLE)/gts/sampled_gts_bbox_area.json
	/usr/bin/python3 tests/bench/eval_models.py --edgectl $(BUILD)/tools/edgectl/edgectl --data $(DATA)
	/usr/bin/python3 tests/bench/eval_tflite.py --edgectl $(BUILD)/tools/edgectl/edgectl --data $(DATA)

## make eval-bf16       what bf16 does to real models; DATA=directory
eval-bf16: all
	/usr/bin/python3 tests/bench/eval_bf16.py --edgectl $(BUILD)/tools/edgectl/edgectl --data $(DATA)

## make bench-peers     us and ONNX Runtime side by side; MODELS=directory
bench-peers: deps-build
	$(call need,$(PEER_DEPS))
	@$(MAKE) --no-print-directory all
	npm install --prefix .cache/peers --ignore-scripts --no-fund --no-audit onnxruntime-node@1
	[ -f .cache/models/summary.json ] || [ ! -f $(MAKE_MODELS) ] || /usr/bin/python3 $(MAKE_MODELS) .cache/models
	$(BUILD)/tools/scene/edge-scene --seed 950007 --size 960x640 --out .cache/peers >/dev/null
	node tests/bench/peers.mjs --edgectl $(BUILD)/tools/edgectl/edgectl --ort .cache/peers \
		--image .cache/peers/scene-950007.png $(PEER_FLAGS) \
		$(wildcard .cache/models) $(wildcard $(DATA)/models/*int8*/*.onnx) $(MODELS)

## make train-demo      make share/models/street.onnx again (half an hour)
train-demo: all
	$(call need,$(TRAIN_DEPS))
	/usr/bin/python3 tools/train/train.py --scene $(BUILD)/tools/scene/edge-scene --output share/models/street.onnx

include tests/vm/kernel.mk
