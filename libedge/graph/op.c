// SPDX-License-Identifier: MIT
#include "graph/op.h"

#include <stddef.h>
#include <string.h>

static const struct edge_op_info ops[EDGE_NUM_OPS] = {
#define OP(enumerator, name, params, min_inputs, max_inputs, min_outputs, max_outputs, constants) \
	[EDGE_OP_##enumerator] = { \
		name, min_inputs, max_inputs, min_outputs, max_outputs, constants \
	},
	EDGE_OPS(OP)
#undef OP
};

static const char *const func_names[EDGE_NUM_FUNCS] = {
#define FUNC(enumerator, name) [EDGE_FUNC_##enumerator] = name,
	EDGE_FUNCS(FUNC)
#undef FUNC
};

static const char *const binary_names[EDGE_NUM_BINARIES] = {
#define BIN(enumerator, name) [EDGE_BINARY_##enumerator] = name,
	EDGE_BINARIES(BIN)
#undef BIN
};

const struct edge_op_info *edge_op_info(enum edge_op op)
{
	if ((unsigned int)op >= EDGE_NUM_OPS || op == EDGE_OP_NONE)
		return NULL;
	return &ops[op];
}

const char *edge_func_name(enum edge_func func)
{
	return (unsigned int)func < EDGE_NUM_FUNCS ? func_names[func] : "?";
}

const char *edge_binary_name(enum edge_binary binary)
{
	return (unsigned int)binary < EDGE_NUM_BINARIES ? binary_names[binary] : "?";
}

static void default_conv(union edge_params *params)
{
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		params->conv.stride[i] = 1;
		params->conv.dilation[i] = 1;
	}
	params->conv.group = 1;
}

static void default_pool(union edge_params *params)
{
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		params->pool.stride[i] = 1;
		params->pool.dilation[i] = 1;
	}
	params->pool.p = 2;
}

static void default_slice(union edge_params *params)
{
	for (int i = 0; i < EDGE_MAX_RANK; i++)
		params->slice.step[i] = 1;
}

void edge_op_default_params(enum edge_op op, union edge_params *params)
{
	memset(params, 0, sizeof(*params));
	switch (op) {
	case EDGE_OP_CONV:
	case EDGE_OP_CONV_TRANSPOSE:
		default_conv(params);
		break;
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_AVERAGE_POOL:
	case EDGE_OP_LP_POOL:
		default_pool(params);
		break;
	case EDGE_OP_MATMUL:
		params->matmul.alpha = 1;
		params->matmul.beta = 1;
		break;
	case EDGE_OP_BATCH_NORM:
	case EDGE_OP_INSTANCE_NORM:
	case EDGE_OP_LAYER_NORM:
		params->norm.epsilon = 1e-5f;
		params->norm.axis = -1;
		break;
	case EDGE_OP_LRN:
		params->lrn.alpha = 1e-4f;
		params->lrn.beta = 0.75f;
		params->lrn.bias = 1;
		break;
	case EDGE_OP_SOFTMAX:
	case EDGE_OP_LOG_SOFTMAX:
	case EDGE_OP_HARDMAX:
	case EDGE_OP_ONE_HOT:
		params->axis.axis = -1;
		break;
	case EDGE_OP_REDUCE:
		params->reduce.keep_dims = 1;
		break;
	case EDGE_OP_ARG_MAX:
	case EDGE_OP_ARG_MIN:
		params->arg.keep_dims = 1;
		break;
	case EDGE_OP_TOP_K:
		params->top_k.axis = -1;
		params->top_k.largest = 1;
		params->top_k.sorted = 1;
		break;
	case EDGE_OP_RESIZE:
		params->resize.cubic_a = -0.75f;
		break;
	case EDGE_OP_ROI_ALIGN:
		params->roi_align.output_height = 1;
		params->roi_align.output_width = 1;
		params->roi_align.spatial_scale = 1;
		break;
	case EDGE_OP_SLICE:
		default_slice(params);
		break;
	case EDGE_OP_TRILU:
		params->trilu.upper = 1;
		break;
	case EDGE_OP_REVERSE_SEQUENCE:
		params->reverse.batch_axis = 1;
		break;
	default:
		break;
	}
}
