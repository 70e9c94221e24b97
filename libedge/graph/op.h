/* SPDX-License-Identifier: MIT */
/*
 * The operators of the intermediate representation.
 *
 * They follow ONNX (https://onnx.ai/onnx/operators/, opset 17) in meaning and name, with fewer of
 * them: importers spell Squeeze, Unsqueeze and Flatten as Reshape, Gemm as MatMul with a bias, and
 * so on. On quantised tensors an operator means what it does to the reals that they stand for:
 * Documentation/quantisation.md. "x[N, C, ...]" gives an input's shape. All params are plain data: they are written into
 * program files as they are, and checked by edge_infer_node() when read back.
 */
#ifndef EDGE_GRAPH_OP_H
#define EDGE_GRAPH_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "edge/tensor.h"

/* Most spatial dimensions of convolution and pooling. */
#define EDGE_MAX_SPATIAL 3

/*
 * OP(enumerator, name, params member, least inputs, most inputs, least outputs, most outputs,
 *    mask of inputs that must be constants)
 * Most -1: any number.
 */
#define EDGE_OPS(OP) \
	/* x[N, C, spatial...], weight[M, C / group, kernel...], bias[M]?, residual[as output]?, \
	 * table[256]?: as of Lookup, applied to the byte that the convolution gives, of a quantised \
	 * one */ \
	OP(CONV, "Conv", conv, 2, 5, 1, 1, 0) \
	/* x[N, C, spatial...], weight[C, M / group, kernel...], bias[M]? */ \
	OP(CONV_TRANSPOSE, "ConvTranspose", conv, 2, 3, 1, 1, 0) \
	/* a[..., M, K], b[..., K, N], bias[broadcast to output]?; batch dims broadcast; vectors \
	 * are reshaped to matrices by the importer */ \
	OP(MATMUL, "MatMul", matmul, 2, 3, 1, 1, 0) \
	/* x[N, C, spatial...] -> y, indices (i64, into the flattened x, as ONNX MaxPool)? */ \
	OP(MAX_POOL, "MaxPool", pool, 1, 1, 1, 2, 0) \
	OP(AVERAGE_POOL, "AveragePool", pool, 1, 1, 1, 1, 0) \
	OP(LP_POOL, "LpPool", pool, 1, 1, 1, 1, 0) \
	/* x[N, C, ...], scale[C], bias[C], mean[C], variance[C] */ \
	OP(BATCH_NORM, "BatchNormalization", norm, 5, 5, 1, 1, 0) \
	/* x[N, C, ...], scale[C], bias[C] */ \
	OP(INSTANCE_NORM, "InstanceNormalization", norm, 3, 3, 1, 1, 0) \
	/* x, scale, bias?: over the dims from axis on -> y, mean?, 1 / standard deviation? */ \
	OP(LAYER_NORM, "LayerNormalization", norm, 2, 3, 1, 3, 0) \
	OP(LRN, "LRN", lrn, 1, 1, 1, 1, 0) \
	/* x -> func(x), element by element; the func stands in params.unary */ \
	OP(UNARY, "Unary", unary, 1, 1, 1, 1, 0) \
	/* a, b, broadcast against each other */ \
	OP(BINARY, "Binary", binary, 2, 2, 1, 1, 0) \
	/* x, slope[broadcast to x] */ \
	OP(PRELU, "PRelu", none, 2, 2, 1, 1, 0) \
	/* condition (bool), a, b */ \
	OP(WHERE, "Where", none, 3, 3, 1, 1, 0) \
	OP(CAST, "Cast", cast, 1, 1, 1, 1, 0) \
	OP(SOFTMAX, "Softmax", axis, 1, 1, 1, 1, 0) \
	OP(LOG_SOFTMAX, "LogSoftmax", axis, 1, 1, 1, 1, 0) \
	OP(HARDMAX, "Hardmax", axis, 1, 1, 1, 1, 0) \
	/* x; the axes stand in params.reduce */ \
	OP(REDUCE, "Reduce", reduce, 1, 1, 1, 1, 0) \
	/* x -> indices (i64) */ \
	OP(ARG_MAX, "ArgMax", arg, 1, 1, 1, 1, 0) \
	OP(ARG_MIN, "ArgMin", arg, 1, 1, 1, 1, 0) \
	/* x, k (i64) -> values, indices (i64) */ \
	OP(TOP_K, "TopK", top_k, 2, 2, 1, 2, 1 << 1) \
	OP(CUM_SUM, "CumSum", cum_sum, 1, 1, 1, 1, 0) \
	/* x; the sizes stand in params.resize */ \
	OP(RESIZE, "Resize", resize, 1, 1, 1, 1, 0) \
	/* x, rois[R, 4], batch_indices[R] (i64) */ \
	OP(ROI_ALIGN, "RoiAlign", roi_align, 3, 3, 1, 1, 0) \
	/* x[N, C, H, W], grid[N, H', W', 2] */ \
	OP(GRID_SAMPLE, "GridSample", grid_sample, 2, 2, 1, 1, 0) \
	OP(CONCAT, "Concat", axis, 1, -1, 1, 1, 0) \
	/* x -> parts along params.axis. Their sizes are those of the outputs: before inference an \
	 * output states its size as a shape of rank 1. Outputs of unknown rank share x equally, \
	 * the last one gets what remains. */ \
	OP(SPLIT, "Split", axis, 1, 1, 1, -1, 0) \
	OP(SLICE, "Slice", slice, 1, 1, 1, 1, 0) \
	OP(TRANSPOSE, "Transpose", transpose, 1, 1, 1, 1, 0) \
	OP(RESHAPE, "Reshape", shape, 1, 1, 1, 1, 0) \
	OP(EXPAND, "Expand", shape, 1, 1, 1, 1, 0) \
	OP(TILE, "Tile", shape, 1, 1, 1, 1, 0) \
	/* x, value? (a scalar of x's type, for EDGE_PAD_CONSTANT) */ \
	OP(PAD, "Pad", pad, 1, 2, 1, 1, 0) \
	OP(DEPTH_TO_SPACE, "DepthToSpace", block, 1, 1, 1, 1, 0) \
	OP(SPACE_TO_DEPTH, "SpaceToDepth", block, 1, 1, 1, 1, 0) \
	/* x, indices (i32, i64) */ \
	OP(GATHER, "Gather", axis, 2, 2, 1, 1, 0) \
	OP(GATHER_ELEMENTS, "GatherElements", axis, 2, 2, 1, 1, 0) \
	OP(GATHER_ND, "GatherND", gather_nd, 2, 2, 1, 1, 0) \
	/* x, indices, updates */ \
	OP(SCATTER_ELEMENTS, "ScatterElements", scatter, 3, 3, 1, 1, 0) \
	OP(SCATTER_ND, "ScatterND", scatter, 3, 3, 1, 1, 0) \
	/* indices, depth, values[2] */ \
	OP(ONE_HOT, "OneHot", axis, 3, 3, 1, 1, 1 << 1) \
	/* start, limit, delta */ \
	OP(RANGE, "Range", none, 3, 3, 1, 1, 7) \
	OP(TRILU, "Trilu", trilu, 1, 1, 1, 1, 0) \
	/* x[batch, time, ...] as params.reverse says, lengths[batch] (i64) */ \
	OP(REVERSE_SEQUENCE, "ReverseSequence", reverse, 2, 2, 1, 1, 0) \
	/* boxes[B, N, 4], scores[B, C, N]; the limits stand in params.nms -> [selected, 3] (i64), \
	 * dynamic */ \
	OP(NON_MAX_SUPPRESSION, "NonMaxSuppression", nms, 2, 2, 1, 1, 0) \
	/* the same elements in another place or layout; inserted by the passes */ \
	OP(COPY, "Copy", none, 1, 1, 1, 1, 0) \
	/* x (f32) -> y, whose type and quantisation are set by who makes the node */ \
	OP(QUANTIZE, "QuantizeLinear", none, 1, 1, 1, 1, 0) \
	/* x (u8, i8, i32) with a quantisation -> y (f32) */ \
	OP(DEQUANTIZE, "DequantizeLinear", none, 1, 1, 1, 1, 0) \
	/* x (u8, i8), table[256] -> y: table[x as an unsigned byte] */ \
	OP(LOOKUP, "Lookup", none, 2, 2, 1, 1, 0) \
	/* Of TensorFlow Lite: boxes[1, N, 4 or more], as y, x, height, width relative to anchors; \
	 * scores[1, N, classes, or 1 + classes: the background first]; anchors[N, 4], as y, x, \
	 * height, width -> boxes[1, D, 4], as ymin, xmin, ymax, xmax; classes[1, D]; scores[1, D]; \
	 * count[1]; all f32, D is max * classes_per_box, what is beyond the count is 0 */ \
	OP(DETECTION_POSTPROCESS, "DetectionPostProcess", detections, 3, 3, 4, 4, 0)

enum edge_op {
	EDGE_OP_NONE = 0,
#define OP(enumerator, ...) EDGE_OP_##enumerator,
	EDGE_OPS(OP)
#undef OP
		EDGE_NUM_OPS
};

/*
 * Functions of one element: FUNC(enumerator, name). Those up to GELU_TANH, which detectors use as
 * activations, can be fused into the node before. alpha and beta are of struct edge_activation.
 */
#define EDGE_FUNCS(FUNC) \
	FUNC(IDENTITY, "Identity") \
	FUNC(RELU, "Relu") \
	FUNC(CLIP, "Clip") /* min(max(x, alpha), beta); beta wins where alpha > beta */ \
	FUNC(LEAKY_RELU, "LeakyRelu") /* x < 0 ? alpha * x : x */ \
	FUNC(SIGMOID, "Sigmoid") \
	FUNC(SILU, "SiLU") /* x * sigmoid(x) */ \
	FUNC(HARD_SIGMOID, "HardSigmoid") /* clip(alpha * x + beta, 0, 1) */ \
	FUNC(HARD_SWISH, "HardSwish") /* x * clip(x / 6 + 0.5, 0, 1) */ \
	FUNC(MISH, "Mish") /* x * tanh(log(1 + exp(x))) */ \
	FUNC(TANH, "Tanh") \
	FUNC(GELU, "Gelu") /* x / 2 * (1 + erf(x / sqrt(2))) */ \
	FUNC(GELU_TANH, "GeluTanh") /* tanh(sqrt(2 / pi) * (x + 0.044715 x^3)) for erf */ \
	FUNC(ELU, "Elu") /* x < 0 ? alpha * (exp(x) - 1) : x */ \
	FUNC(CELU, "Celu") /* max(0, x) + min(0, alpha * (exp(x / alpha) - 1)) */ \
	FUNC(SELU, "Selu") /* beta * (x < 0 ? alpha * (exp(x) - 1) : x) */ \
	FUNC(SOFTPLUS, "Softplus") \
	FUNC(SOFTSIGN, "Softsign") \
	FUNC(THRESHOLDED_RELU, "ThresholdedRelu") /* x > alpha ? x : 0 */ \
	FUNC(SHRINK, "Shrink") /* alpha = lambda, beta = bias */ \
	FUNC(ABS, "Abs") \
	FUNC(NEG, "Neg") \
	FUNC(RECIPROCAL, "Reciprocal") \
	FUNC(SQRT, "Sqrt") \
	FUNC(EXP, "Exp") \
	FUNC(LOG, "Log") \
	FUNC(ERF, "Erf") \
	FUNC(SIGN, "Sign") \
	FUNC(FLOOR, "Floor") \
	FUNC(CEIL, "Ceil") \
	FUNC(ROUND, "Round") /* half to even */ \
	FUNC(SIN, "Sin") \
	FUNC(COS, "Cos") \
	FUNC(TAN, "Tan") \
	FUNC(ASIN, "Asin") \
	FUNC(ACOS, "Acos") \
	FUNC(ATAN, "Atan") \
	FUNC(SINH, "Sinh") \
	FUNC(COSH, "Cosh") \
	FUNC(ASINH, "Asinh") \
	FUNC(ACOSH, "Acosh") \
	FUNC(ATANH, "Atanh") \
	FUNC(NOT, "Not") /* bool */ \
	FUNC(IS_NAN, "IsNaN") /* f32, f16 -> bool */ \
	FUNC(IS_INF, "IsInf") /* alpha != 0: +inf counts, beta != 0: -inf counts; -> bool */

enum edge_func {
#define FUNC(enumerator, name) EDGE_FUNC_##enumerator,
	EDGE_FUNCS(FUNC)
#undef FUNC
		EDGE_NUM_FUNCS
};

#define EDGE_LAST_ACTIVATION EDGE_FUNC_GELU_TANH

struct edge_activation {
	enum edge_func func;
	float alpha;
	float beta;
};

/* Functions of two elements: BIN(enumerator, name). Comparisons and logic give bool. */
#define EDGE_BINARIES(BIN) \
	BIN(ADD, "Add") \
	BIN(SUB, "Sub") \
	BIN(MUL, "Mul") \
	BIN(DIV, "Div") /* integers truncate; x / 0 is 0 for integers */ \
	BIN(POW, "Pow") /* the result has a's type; b may have another */ \
	BIN(MIN, "Min") \
	BIN(MAX, "Max") \
	BIN(MOD, "Mod") /* the sign of b */ \
	BIN(FMOD, "FMod") /* the sign of a */ \
	BIN(EQUAL, "Equal") \
	BIN(LESS, "Less") \
	BIN(LESS_OR_EQUAL, "LessOrEqual") \
	BIN(GREATER, "Greater") \
	BIN(GREATER_OR_EQUAL, "GreaterOrEqual") \
	BIN(AND, "And") \
	BIN(OR, "Or") \
	BIN(XOR, "Xor") \
	BIN(SHIFT_LEFT, "ShiftLeft") /* u8 */ \
	BIN(SHIFT_RIGHT, "ShiftRight")

enum edge_binary {
#define BIN(enumerator, name) EDGE_BINARY_##enumerator,
	EDGE_BINARIES(BIN)
#undef BIN
		EDGE_NUM_BINARIES
};

enum edge_reduction {
	EDGE_REDUCE_SUM,
	EDGE_REDUCE_MEAN,
	EDGE_REDUCE_MAX,
	EDGE_REDUCE_MIN,
	EDGE_REDUCE_PROD,
	EDGE_REDUCE_L1,
	EDGE_REDUCE_L2,
	EDGE_REDUCE_SUM_SQUARE,
	EDGE_REDUCE_LOG_SUM,
	EDGE_REDUCE_LOG_SUM_EXP,
	EDGE_NUM_REDUCTIONS
};

/* How params.conv and params.pool were padded in the file; inference turns all into EXPLICIT. */
enum edge_auto_pad {
	EDGE_PAD_EXPLICIT,
	EDGE_PAD_SAME_UPPER,
	EDGE_PAD_SAME_LOWER,
	EDGE_PAD_VALID,
};

enum edge_pad_mode {
	EDGE_PAD_CONSTANT,
	EDGE_PAD_REFLECT,
	EDGE_PAD_EDGE,
};

enum edge_resize_mode {
	EDGE_RESIZE_NEAREST,
	EDGE_RESIZE_LINEAR,
	EDGE_RESIZE_CUBIC,
};

/* Coordinate transformation modes and rounding of ONNX Resize. */
enum edge_resize_coordinates {
	EDGE_RESIZE_HALF_PIXEL,
	EDGE_RESIZE_PYTORCH_HALF_PIXEL,
	EDGE_RESIZE_ALIGN_CORNERS,
	EDGE_RESIZE_ASYMMETRIC,
	EDGE_RESIZE_TF_CROP_AND_RESIZE,
};

enum edge_resize_rounding {
	EDGE_RESIZE_ROUND_PREFER_FLOOR,
	EDGE_RESIZE_ROUND_PREFER_CEIL,
	EDGE_RESIZE_FLOOR,
	EDGE_RESIZE_CEIL,
};

/* Spatial arrays hold the rank - 2 spatial dimensions, outermost first; the rest is zero. */
union edge_params {
	struct {
		int32_t kernel[EDGE_MAX_SPATIAL];
		int32_t stride[EDGE_MAX_SPATIAL];
		int32_t dilation[EDGE_MAX_SPATIAL];
		int32_t pad_begin[EDGE_MAX_SPATIAL];
		int32_t pad_end[EDGE_MAX_SPATIAL];
		int32_t output_pad[EDGE_MAX_SPATIAL]; /* ConvTranspose */
		int32_t output_shape[EDGE_MAX_SPATIAL]; /* ConvTranspose; 0: computed */
		int32_t group;
		int32_t auto_pad;
		int32_t residual_after_act; /* Conv: act(conv) + residual, else act(conv + residual)
					     */
		float table_scale; /* Conv with a table: what the byte before it stands for */
		int32_t table_zero_point;
	} conv;
	struct {
		int32_t kernel[EDGE_MAX_SPATIAL]; /* all 0: the whole plane ("global") */
		int32_t stride[EDGE_MAX_SPATIAL];
		int32_t dilation[EDGE_MAX_SPATIAL];
		int32_t pad_begin[EDGE_MAX_SPATIAL];
		int32_t pad_end[EDGE_MAX_SPATIAL];
		int32_t auto_pad;
		int32_t ceil_mode;
		int32_t count_include_pad; /* AveragePool */
		int32_t p; /* LpPool */
		int32_t column_major; /* MaxPool's indices */
	} pool;
	struct {
		int32_t transpose_a; /* the last two dims swapped before use */
		int32_t transpose_b;
		float alpha; /* y = act(alpha * a b + beta * bias) */
		float beta;
	} matmul;
	struct {
		float epsilon;
		int32_t axis; /* LayerNormalization */
	} norm;
	struct {
		float alpha, beta, bias;
		int32_t size;
	} lrn;
	struct edge_activation unary;
	struct {
		int32_t func; /* enum edge_binary */
	} binary;
	struct {
		int32_t type; /* enum edge_type */
		int32_t saturate; /* float to u8, i8: clamp instead of wrapping around */
	} cast;
	struct {
		int32_t axis; /* below zero: from the end, until inference */
	} axis;
	struct {
		int32_t kind; /* enum edge_reduction */
		int32_t num_axes; /* 0: all */
		int32_t axes[EDGE_MAX_RANK];
		int32_t keep_dims;
	} reduce;
	struct {
		int32_t axis;
		int32_t keep_dims;
		int32_t select_last;
	} arg;
	struct {
		int32_t axis;
		int32_t largest;
		int32_t sorted;
	} top_k;
	struct {
		int32_t axis;
		int32_t exclusive;
		int32_t reverse;
	} cum_sum;
	struct {
		int32_t mode;
		int32_t coordinates;
		int32_t rounding; /* nearest */
		int32_t exclude_outside; /* cubic */
		float cubic_a;
		float extrapolation; /* tf_crop_and_resize */
		int64_t sizes[EDGE_MAX_RANK]; /* of the output, every dimension; 0: from the scale
					       */
		float scales[EDGE_MAX_RANK]; /* as stated; 0: sizes / dims, both 0: unchanged */
		float roi[2 * EDGE_MAX_RANK]; /* tf_crop_and_resize: starts, then ends */
	} resize;
	struct {
		int32_t max_mode; /* max instead of average */
		int32_t output_height, output_width;
		int32_t sampling_ratio;
		float spatial_scale;
		int32_t half_pixel; /* subtract 0.5 from the coordinates */
	} roi_align;
	struct {
		int32_t mode; /* enum edge_resize_mode */
		int32_t padding; /* 0 zeros, 1 border, 2 reflection */
		int32_t align_corners;
	} grid_sample;
	struct {
		/* One entry a dimension of x: [start, end) by step, as of ONNX after clamping. */
		int64_t start[EDGE_MAX_RANK];
		int64_t end[EDGE_MAX_RANK];
		int64_t step[EDGE_MAX_RANK];
	} slice;
	struct {
		int32_t perm[EDGE_MAX_RANK]; /* output dimension i is input dimension perm[i] */
	} transpose;
	struct {
		/* Reshape: target, with one -1 and 0 for "as the input" until inference
		 * (allow_zero: 0 is 0); Expand: target, broadcast with x; Tile: repeats. */
		int64_t dims[EDGE_MAX_RANK];
		int32_t rank;
		int32_t allow_zero;
	} shape;
	struct {
		int32_t mode;
		int64_t begin[EDGE_MAX_RANK]; /* below zero crops */
		int64_t end[EDGE_MAX_RANK];
	} pad;
	struct {
		int32_t size;
		int32_t column_row_depth; /* DepthToSpace's mode CRD */
	} block;
	struct {
		int32_t batch_dims;
	} gather_nd;
	struct {
		int32_t axis;
		int32_t reduction; /* 0 none, 1 add, 2 mul */
	} scatter;
	struct {
		int64_t k;
		int32_t upper;
	} trilu;
	struct {
		int32_t batch_axis;
		int32_t time_axis;
	} reverse;
	struct {
		int64_t max_per_class;
		float iou_threshold;
		float score_threshold;
		int32_t has_score_threshold;
		int32_t center_boxes; /* boxes are x, y of the centre, width, height */
	} nms;
	struct {
		float scale[4]; /* that y, x, height and width of boxes are divided by */
		float iou_threshold; /* above it the weaker of two boxes is dropped */
		float score_threshold;
		int32_t classes; /* the background apart */
		int32_t max; /* boxes in all; regular: results in all */
		int32_t classes_per_box; /* not regular: the best so many of each box */
		int32_t regular; /* boxes are dropped for each class, not by their best class */
		int32_t per_class; /* regular: boxes of a class */
	} detections;
	struct {
		int32_t unused;
	} none;
};

/**
 * struct edge_op_info - what holds for an operator in all its uses
 * @name: "Conv"
 * @max_inputs, @max_outputs: -1 for any number
 * @constant_inputs: bit i set: input i must be a constant before shapes can be inferred
 */
struct edge_op_info {
	const char *name;
	int min_inputs, max_inputs;
	int min_outputs, max_outputs;
	unsigned int constant_inputs;
};

/* NULL for EDGE_OP_NONE and values out of range. */
const struct edge_op_info *edge_op_info(enum edge_op op);

/* "SiLU", "Add": names for messages; "?" for values out of range. */
const char *edge_func_name(enum edge_func func);
const char *edge_binary_name(enum edge_binary binary);

/* What an importer need not set: strides and dilations 1, group 1, alpha 1, ... */
void edge_op_default_params(enum edge_op op, union edge_params *params);

#endif
