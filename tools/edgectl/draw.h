/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_DRAW_H
#define EDGECTL_DRAW_H

#include "edge/edge.h"

/* Draws boxes, landmarks and labels ("car 0.87") onto @image, which is EDGE_PIXEL_RGB8, in a colour
 * for each class; of a classifier the labels at the top left. false: out of memory. */
bool draw_detections(struct edge_image *image, const struct edge_detector *detector,
		     const struct edge_detection *detections, size_t count);

#endif
