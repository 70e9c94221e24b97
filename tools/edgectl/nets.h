/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_NETS_H
#define EDGECTL_NETS_H

#include <stddef.h>

/**
 * struct net - a well-known network to measure with, without a model file
 *
 * Layer lists are those of the publications; weights are random, so it finds nothing.
 */
struct net {
	const char *name;
	const char *summary;
	const char *source; /* the publication or repository */
};

/* The table, ended by an entry without a name. */
extern const struct net nets[];

/* The network @name as a Darknet cfg, to be freed; NULL when there is no such network or no memory.
 */
char *net_cfg(const char *name);

#endif
