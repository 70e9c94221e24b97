// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct onnx_operator conversions[] = {
#define OP(name, since, min_inputs, max_inputs, max_outputs, constants, conversion, variant, note) \
	{ \
		name, \
		since, \
		min_inputs, \
		max_inputs, \
		max_outputs, \
		constants, \
		onnx_convert_##conversion, \
		variant \
	},
	ONNX_OPERATORS(OP)
#undef OP
};

const struct edge_operator onnx_operators[] = {
#define OP(name, since, min_inputs, max_inputs, max_outputs, constants, conversion, variant, note) \
	{ "onnx", name, since, note },
	ONNX_OPERATORS(OP)
#undef OP
		{ 0 },
};

static int compare(const void *name, const void *operator)
{
	return strcmp(name, ((const struct onnx_operator *)operator)->name);
}

const struct onnx_operator *onnx_operator_find(const Onnx__NodeProto *proto)
{
	const char *domain = proto->domain ? proto->domain : "";
	const char *type = proto->op_type ? proto->op_type : "";
	char name[64];

	if (strchr(type, ':'))
		return NULL;
	if (*domain && strcmp(domain, "ai.onnx")) {
		snprintf(name, sizeof(name), "%s:%s", domain, type);
		type = name;
	}
	return bsearch(type, conversions, sizeof(conversions) / sizeof(conversions[0]),
		       sizeof(conversions[0]), compare);
}
