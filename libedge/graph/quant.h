/* SPDX-License-Identifier: MIT */
#ifndef EDGE_GRAPH_QUANT_H
#define EDGE_GRAPH_QUANT_H

#include "graph/graph.h"

void edge_quant_free(struct edge_quant *quant); /* accepts NULL */

#endif
