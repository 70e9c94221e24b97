// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "ref/ops.h"

#define TYPE(type) (1u << (type))
#define FLOATS (TYPE(EDGE_F32) | TYPE(EDGE_F16))
#define WIDE (TYPE(EDGE_I32) | TYPE(EDGE_I64))
#define INTS (TYPE(EDGE_I8) | TYPE(EDGE_U8) | WIDE)
#define SIGNED (FLOATS | TYPE(EDGE_I8) | WIDE)
#define NUMBERS (FLOATS | INTS)
#define BYTES (TYPE(EDGE_I8) | TYPE(EDGE_U8))
#define BOOL TYPE(EDGE_BOOL)
#define ANY (NUMBERS | BOOL)

#define INPUT(i) (1u << (i))
#define REST (~0u << 1)

/**
 * struct ref_op - how an operator is computed, and of what types
 * @takes: types of input 0
 * @same: the inputs that have the type of input 0
 * @wide: the inputs that are indices, i32 or i64
 * @gives: types of output 0; 0: that of input 0. The other outputs are @extra.
 * @extra: 0: that of input 0
 * @check: what the masks cannot say; NULL for nothing
 */
struct ref_op {
	void (*run)(const struct ref_call *call);
	unsigned int takes, same, wide, gives, extra;
	bool (*check)(const struct edge_node *node);
	size_t (*scratch_size)(const struct edge_node *node);
};

static unsigned int type_of(const struct edge_tensor *tensor)
{
	return TYPE(tensor->type);
}

/* All of one type; or bytes, which inference has looked at. */
static bool check_product(const struct edge_node *node)
{
	const unsigned int type = type_of(node->inputs[0]);

	if (type & BYTES)
		return true;
	for (int i = 1; i < node->num_inputs; i++) {
		if (node->inputs[i] && type_of(node->inputs[i]) != type)
			return false;
	}
	return type_of(node->outputs[0]) == type;
}

/* alpha and beta do not apply to integers. */
static bool check_matmul(const struct edge_node *node)
{
	return check_product(node) &&
	       ((type_of(node->inputs[0]) & FLOATS) ||
		(node->params.matmul.alpha == 1 && node->params.matmul.beta == 1));
}

/* Averages of integers are only defined where these are quantised. */
static bool check_average_pool(const struct edge_node *node)
{
	return (type_of(node->inputs[0]) & FLOATS) || node->outputs[0]->quant;
}

static bool check_unary(const struct edge_node *node)
{
	unsigned int type = type_of(node->inputs[0]), gives = type_of(node->outputs[0]);

	switch (node->params.unary.func) {
	case EDGE_FUNC_IDENTITY:
		return type == gives;
	case EDGE_FUNC_CLIP:
	case EDGE_FUNC_RELU:
	case EDGE_FUNC_ABS:
	case EDGE_FUNC_SIGN:
		return type == gives && (type & NUMBERS);
	case EDGE_FUNC_NEG:
		return type == gives && (type & SIGNED);
	case EDGE_FUNC_NOT:
		return type == BOOL && gives == BOOL;
	case EDGE_FUNC_IS_NAN:
	case EDGE_FUNC_IS_INF:
		return (type & FLOATS) && gives == BOOL;
	default:
		return (type & FLOATS) && type == gives;
	}
}

static bool check_binary(const struct edge_node *node)
{
	unsigned int a = type_of(node->inputs[0]), b = type_of(node->inputs[1]);
	unsigned int gives = type_of(node->outputs[0]);

	if (node->outputs[0]->quant)
		return (a & BYTES) && (b & BYTES) && (gives & BYTES);
	switch (node->params.binary.func) {
	case EDGE_BINARY_POW:
		return (a & (FLOATS | WIDE)) && (b & NUMBERS) && gives == a;
	case EDGE_BINARY_EQUAL:
		return a == b && gives == BOOL;
	case EDGE_BINARY_LESS:
	case EDGE_BINARY_LESS_OR_EQUAL:
	case EDGE_BINARY_GREATER:
	case EDGE_BINARY_GREATER_OR_EQUAL:
		return a == b && (a & NUMBERS) && gives == BOOL;
	case EDGE_BINARY_AND:
	case EDGE_BINARY_OR:
	case EDGE_BINARY_XOR:
		return a == BOOL && b == BOOL && gives == BOOL;
	case EDGE_BINARY_SHIFT_LEFT:
	case EDGE_BINARY_SHIFT_RIGHT:
		return a == TYPE(EDGE_U8) && b == a && gives == a;
	default:
		return a == b && (a & NUMBERS) && gives == a;
	}
}

static bool check_where(const struct edge_node *node)
{
	return node->inputs[1]->type == node->inputs[2]->type &&
	       node->outputs[0]->type == node->inputs[1]->type;
}

static bool check_cast(const struct edge_node *node)
{
	return (int)node->outputs[0]->type == node->params.cast.type;
}

/* Weighted sums of integers are not defined the same everywhere, unless these are quantised; nearest
 * ones are just copied. */
static bool check_resize(const struct edge_node *node)
{
	if (type_of(node->inputs[0]) & FLOATS)
		return true;
	return node->params.resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE &&
	       (node->params.resize.mode == EDGE_RESIZE_NEAREST || node->inputs[0]->quant);
}

static bool check_one_hot(const struct edge_node *node)
{
	return node->outputs[0]->type == node->inputs[2]->type;
}

static bool check_scatter(const struct edge_node *node)
{
	return !node->params.scatter.reduction || (type_of(node->inputs[0]) & NUMBERS);
}

static const struct ref_op ops[EDGE_NUM_OPS] = {
	[EDGE_OP_CONV] = { ref_conv, FLOATS | BYTES, .gives = FLOATS | BYTES | TYPE(EDGE_I32),
			   .check = check_product },
	[EDGE_OP_CONV_TRANSPOSE] = { ref_conv_transpose, FLOATS, REST },
	[EDGE_OP_MATMUL] = { ref_matmul, FLOATS | WIDE | BYTES, .gives = FLOATS | WIDE | BYTES,
			     .check = check_matmul },
	[EDGE_OP_MAX_POOL] = { ref_max_pool, FLOATS | TYPE(EDGE_I8) | TYPE(EDGE_U8),
			       .extra = TYPE(EDGE_I64) },
	[EDGE_OP_AVERAGE_POOL] = { ref_average_pool, FLOATS | BYTES, .gives = FLOATS | BYTES,
				   .check = check_average_pool },
	[EDGE_OP_LP_POOL] = { ref_lp_pool, FLOATS },
	[EDGE_OP_BATCH_NORM] = { ref_batch_norm, FLOATS, REST },
	[EDGE_OP_INSTANCE_NORM] = { ref_instance_norm, FLOATS, REST },
	[EDGE_OP_LAYER_NORM] = { ref_layer_norm, FLOATS, REST, .extra = FLOATS },
	[EDGE_OP_LRN] = { ref_lrn, FLOATS },
	[EDGE_OP_UNARY] = { ref_unary, ANY, .gives = ANY, .check = check_unary },
	[EDGE_OP_BINARY] = { ref_binary, ANY, .gives = ANY, .check = check_binary },
	[EDGE_OP_PRELU] = { ref_prelu, FLOATS | WIDE, REST },
	[EDGE_OP_WHERE] = { ref_where, BOOL, .gives = ANY, .check = check_where },
	[EDGE_OP_CAST] = { ref_cast, ANY, .gives = ANY, .check = check_cast },
	[EDGE_OP_SOFTMAX] = { ref_softmax, FLOATS },
	[EDGE_OP_LOG_SOFTMAX] = { ref_log_softmax, FLOATS },
	[EDGE_OP_HARDMAX] = { ref_hardmax, FLOATS },
	[EDGE_OP_REDUCE] = { ref_reduce, NUMBERS },
	[EDGE_OP_ARG_MAX] = { ref_arg_max, NUMBERS, .gives = TYPE(EDGE_I64) },
	[EDGE_OP_ARG_MIN] = { ref_arg_min, NUMBERS, .gives = TYPE(EDGE_I64) },
	[EDGE_OP_TOP_K] = { ref_top_k, NUMBERS, .wide = INPUT(1), .extra = TYPE(EDGE_I64),
			    .scratch_size = ref_top_k_scratch },
	[EDGE_OP_CUM_SUM] = { ref_cum_sum, FLOATS | WIDE },
	[EDGE_OP_RESIZE] = { ref_resize, ANY, .check = check_resize },
	[EDGE_OP_ROI_ALIGN] = { ref_roi_align, FLOATS, INPUT(1), INPUT(2) },
	[EDGE_OP_GRID_SAMPLE] = { ref_grid_sample, FLOATS, REST },
	[EDGE_OP_CONCAT] = { ref_move, ANY, REST },
	[EDGE_OP_SPLIT] = { ref_move, ANY },
	[EDGE_OP_SLICE] = { ref_move, ANY },
	[EDGE_OP_TRANSPOSE] = { ref_move, ANY },
	[EDGE_OP_RESHAPE] = { ref_reshape, ANY },
	[EDGE_OP_EXPAND] = { ref_move, ANY },
	[EDGE_OP_TILE] = { ref_tile, ANY },
	[EDGE_OP_PAD] = { ref_pad, ANY, REST },
	[EDGE_OP_DEPTH_TO_SPACE] = { ref_move, ANY },
	[EDGE_OP_SPACE_TO_DEPTH] = { ref_move, ANY },
	[EDGE_OP_GATHER] = { ref_gather, ANY, .wide = INPUT(1) },
	[EDGE_OP_GATHER_ELEMENTS] = { ref_gather_elements, ANY, .wide = INPUT(1) },
	[EDGE_OP_GATHER_ND] = { ref_gather_nd, ANY, .wide = INPUT(1) },
	[EDGE_OP_SCATTER_ELEMENTS] = { ref_scatter_elements, ANY, INPUT(2), INPUT(1),
				       .check = check_scatter },
	[EDGE_OP_SCATTER_ND] = { ref_scatter_nd, ANY, INPUT(2), INPUT(1), .check = check_scatter },
	[EDGE_OP_ONE_HOT] = { ref_one_hot, NUMBERS, .gives = ANY, .check = check_one_hot },
	[EDGE_OP_RANGE] = { ref_range, FLOATS | WIDE, REST },
	[EDGE_OP_TRILU] = { ref_trilu, ANY },
	[EDGE_OP_REVERSE_SEQUENCE] = { ref_reverse_sequence, ANY, .wide = INPUT(1) },
	[EDGE_OP_NON_MAX_SUPPRESSION] = { ref_non_max_suppression, FLOATS, REST,
					  .gives = TYPE(EDGE_I64),
					  .scratch_size = ref_non_max_suppression_scratch },
	[EDGE_OP_DETECTION_POSTPROCESS] = { ref_detection_postprocess, TYPE(EDGE_F32), REST,
					    .scratch_size = ref_detection_postprocess_scratch },
	[EDGE_OP_COPY] = { ref_move, ANY },
	[EDGE_OP_QUANTIZE] = { ref_quantize, TYPE(EDGE_F32), .gives = BYTES | TYPE(EDGE_I32) },
	[EDGE_OP_DEQUANTIZE] = { ref_dequantize, BYTES | TYPE(EDGE_I32), .gives = TYPE(EDGE_F32) },
	[EDGE_OP_LOOKUP] = { ref_lookup, BYTES, .gives = BYTES | TYPE(EDGE_F32) },
};

/* Concat may have more inputs than a mask has bits: the last stands for all beyond. */
static bool selects(unsigned int mask, int i)
{
	return mask >> (i < 31 ? i : 31) & 1;
}

static bool inputs_fit(const struct ref_op *op, const struct edge_node *node)
{
	unsigned int type = type_of(node->inputs[0]);

	if (!(type & op->takes))
		return false;
	for (int i = 1; i < node->num_inputs; i++) {
		if (!node->inputs[i])
			continue;
		if (selects(op->same, i) && type_of(node->inputs[i]) != type)
			return false;
		if (selects(op->wide, i) && !(type_of(node->inputs[i]) & WIDE))
			return false;
	}
	return true;
}

static bool outputs_fit(const struct ref_op *op, const struct edge_node *node)
{
	unsigned int type = type_of(node->inputs[0]);

	if (node->outputs[0] && !(type_of(node->outputs[0]) & (op->gives ? op->gives : type)))
		return false;
	for (int i = 1; i < node->num_outputs; i++)
		if (node->outputs[i] &&
		    !(type_of(node->outputs[i]) & (op->extra ? op->extra : type)))
			return false;
	return true;
}

/* "Exp", "Add", "Conv" */
static const char *name_of(const struct edge_node *node)
{
	if (node->op == EDGE_OP_UNARY)
		return edge_func_name(node->params.unary.func);
	if (node->op == EDGE_OP_BINARY)
		return edge_binary_name(node->params.binary.func);
	return edge_op_info(node->op)->name;
}

bool edge_ref_supports(const struct edge_node *node, char *reason)
{
	const struct ref_op *op = node->op < EDGE_NUM_OPS ? &ops[node->op] : NULL;

	if (!op || !op->run) {
		snprintf(reason, EDGE_REASON_MAX, "operator %d has no implementation", node->op);
		return false;
	}
	if (!inputs_fit(op, node) || !outputs_fit(op, node) || (op->check && !op->check(node))) {
		snprintf(reason, EDGE_REASON_MAX, "no %s of %s to %s", name_of(node),
			 edge_type_name(node->inputs[0]->type),
			 edge_type_name(node->outputs[0]->type));
		return false;
	}
	if (node->act.func != EDGE_FUNC_IDENTITY && !(type_of(node->outputs[0]) & FLOATS) &&
	    !node->outputs[0]->quant) {
		snprintf(reason, EDGE_REASON_MAX, "no %s after %s of %s",
			 edge_func_name(node->act.func), name_of(node),
			 edge_type_name(node->outputs[0]->type));
		return false;
	}
	return true;
}

size_t edge_ref_scratch_size(const struct edge_node *node)
{
	return ops[node->op].scratch_size ? ops[node->op].scratch_size(node) : 0;
}

static void activate(const struct edge_activation *act, const struct edge_view *y)
{
	struct ref_walk walk;

	ref_walk_init(&walk, y->rank, y->dims);
	ref_walk_add(&walk, y);
	for (; !walk.done; ref_walk_next(&walk))
		ref_set(y, walk.at[0], edge_ref_activate(act, ref_get(y, walk.at[0])));
}

void edge_ref_run(const struct edge_node *node, const struct edge_view *inputs,
		  struct edge_view *outputs, void *scratch)
{
	const struct ref_call call = { node, &node->params, inputs, outputs, scratch };

	ops[node->op].run(&call);
	/* Conv may have to add something afterwards, and does it all by itself. */
	if (node->act.func != EDGE_FUNC_IDENTITY && node->op != EDGE_OP_CONV)
		for (int i = 0; i < node->num_outputs; i++)
			if (outputs[i].data && ref_is_float(outputs[i].type))
				activate(&node->act, &outputs[i]);
}
