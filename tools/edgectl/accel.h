/* SPDX-License-Identifier: MIT */
/* What the verbs for accelerators share. */
#ifndef EDGECTL_ACCEL_H
#define EDGECTL_ACCEL_H

#include <jansson.h>

#include "checks.h"

/* Prints a message and gives NULL when the list cannot be made. */
struct edge_device_list *accel_list(void);

/* A word for what can be done with it: "ready", "no permission" and so on; static. */
const char *accel_state(const struct edge_device_info *info);

/* "64 MACs, 128 KiB", from its geometry, in a static buffer; "" if it cannot be told. */
const char *accel_size(const struct edge_device_info *info);

/* A list of objects, one for each device, as edgectl(1) describes them. */
json_t *accel_json(const struct edge_device_list *list);

/* What edgectl doctor has in "checks". */
json_t *accel_json_checks(const struct checks_system *system);

#endif
