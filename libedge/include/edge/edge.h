/* SPDX-License-Identifier: MIT */
/*
 * libedge: run object detectors on edge boxes.
 *
 *	struct edge_detector *detector;
 *	struct edge_image *image;
 *	const struct edge_detection *boxes;
 *	size_t count;
 *
 *	edge_detector_open("yolox_nano.onnx", NULL, &detector, &error);
 *	edge_image_load("street.jpg", &image, &error);
 *	edge_detector_run(detector, image, &boxes, &count, &error);
 *
 * Handles are opaque; what a call creates is released by the destroy call of the same noun, which
 * accepts NULL. Nothing prints, exits or aborts.
 */
#ifndef EDGE_EDGE_H
#define EDGE_EDGE_H

#include "edge/cpu.h"
#include "edge/detector.h"
#include "edge/device.h"
#include "edge/image.h"
#include "edge/limits.h"
#include "edge/model.h"
#include "edge/program.h"
#include "edge/session.h"
#include "edge/status.h"
#include "edge/tensor.h"

#endif
