// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/qgemm.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/pgemm.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"
#include "graph/range.h"

enum { X, WEIGHT, BIAS, TABLE = 4 };

/* Most bytes of a gathered row for what overlapping rows need more than one row. */
#define LINE 512

/* Most channels of rows that are worth being widened as one, although they take as much memory: beyond,
 * they would compete for the same cache sets. */
#define SHORT 96

/* Most tiles of the kernels that make one of struct gemm's. */
#define MAX_TILES 16

/* Rows of a panel besides weights: biases, multipliers, shifts. */
#define EXTRA_ROWS 3

int32_t qgemm_zero_point(const struct edge_tensor *tensor, int64_t channel)
{
	const struct edge_quant *quant = tensor->quant;

	return quant ? quant->zero_points[quant->axis < 0 ? 0 : channel] : 0;
}

/* The difference to a byte must fit 16 bits, whatever a file says. */
static bool has_byte_zeros(const struct edge_tensor *tensor)
{
	const int64_t count = tensor->quant ? tensor->quant->count : 0;

	for (int64_t i = 0; i < count; i++) {
		const int32_t zero = tensor->quant->zero_points[i];

		if (zero < INT8_MIN || zero > UINT8_MAX)
			return false;
	}
	return true;
}

bool qgemm_takes(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[X], *weight = node->inputs[WEIGHT];
	const struct edge_tensor *y = node->outputs[0];

	if (x->type != EDGE_U8 || weight->type != EDGE_I8 || !edge_tensor_is_constant(weight) ||
	    qgemm_zero_point(x, 0) < 0 || qgemm_zero_point(x, 0) > UINT8_MAX ||
	    !has_byte_zeros(weight))
		return false;
	if (!y->quant)
		return y->type == EDGE_I32 && node->act.func == EDGE_FUNC_IDENTITY;
	return y->type == EDGE_U8 && node->act.func <= EDGE_FUNC_CLIP;
}

/* Elements between those of neighbouring output channels, and how many have them. */
static int64_t channel_of(const struct edge_node *node, int64_t index)
{
	const struct edge_tensor *weight = node->inputs[WEIGHT];
	int64_t inner = 1;

	if (!weight->quant || weight->quant->axis < 0)
		return 0;
	for (int i = weight->quant->axis + 1; i < weight->rank; i++)
		inner *= weight->dims[i];
	return index / inner % weight->dims[weight->quant->axis];
}

static bool has_zero_points(const struct edge_tensor *weight)
{
	for (int64_t i = 0; weight->quant && i < weight->quant->count; i++) {
		if (weight->quant->zero_points[i])
			return true;
	}
	return false;
}

/* That every weight less its zero point is a byte, as far as they are still there. */
static bool has_byte_weights(const struct edge_node *node)
{
	const struct edge_tensor *weight = node->inputs[WEIGHT];
	const int64_t num = edge_tensor_elements(weight);
	const int8_t *data = weight->data;

	if (!data || !has_zero_points(weight))
		return true;
	for (int64_t i = 0; i < num; i++) {
		const int32_t value = data[i] - qgemm_zero_point(weight, channel_of(node, i));

		if (value < INT8_MIN || value > INT8_MAX)
			return false;
	}
	return true;
}

/* Channels that begin with a group: words' taps do, so that neighbours' may overlap. */
static int64_t unit_of(const struct cpu_qgemm_kernels *kernels, int64_t taps, int64_t depth)
{
	return kernels->group == 2 ? depth : taps * depth;
}

bool qgemm_takes_bytes(const struct edge_node *node, unsigned int cpu_flags)
{
	return cpu_qgemm_byte_kernels(cpu_flags) && has_byte_weights(node);
}

bool qgemm_takes_pairs(const struct edge_node *node, unsigned int cpu_flags)
{
	return cpu_pgemm_kernels(cpu_flags) && has_byte_weights(node);
}

static const struct cpu_qgemm_kernels *kernels_of(const struct edge_node *node,
						  unsigned int cpu_flags)
{
	return strcmp(node->kernel, QGEMM_BYTES) ? cpu_qgemm_kernels(cpu_flags)
						 : cpu_qgemm_byte_kernels(cpu_flags);
}

static int64_t groups_of(const struct cpu_qgemm_kernels *kernels, int64_t taps, int64_t depth)
{
	const int64_t unit = unit_of(kernels, taps, depth);

	return taps * depth / unit * divide_up(unit, kernels->group);
}

/* Words of a packed matrix, or of all; -1 when there are too many to count. */
static int64_t packed_size(const struct cpu_qgemm_kernels *kernels, int64_t matrices,
			   int64_t columns, int64_t taps, int64_t depth)
{
	int64_t width = divide_up(columns, kernels->lanes) * kernels->lanes;
	int64_t size;

	if (__builtin_mul_overflow(taps, depth, &size) || size > INT64_MAX / 64 ||
	    __builtin_mul_overflow(groups_of(kernels, taps, depth) + EXTRA_ROWS, width, &size) ||
	    __builtin_mul_overflow(size, matrices, &size) || size > INT64_MAX / 64)
		return -1;
	return size;
}

/* A multiplier that is infinite gives what the largest does, but for 0. */
void qgemm_multiplier(const struct edge_node *node, int64_t channel, int32_t *multiplier,
		      int32_t *shift)
{
	const struct edge_tensor *weight = node->inputs[WEIGHT];
	struct edge_multiplier to;
	struct edge_range range;
	float scale, real;

	if (!node->outputs[0]->quant)
		return;
	edge_node_range(node, &range, &scale);
	to = edge_multiplier_of(node->rounding, node->inputs[X]->quant->scales[0],
				weight->quant->scales[weight->quant->axis < 0 ? 0 : channel],
				scale);
	real = fminf(to.real, FLT_MAX);
	*shift = to.shift;
	if (to.rounding == EDGE_ROUND_FIXED)
		*multiplier = to.fixed;
	else
		memcpy(multiplier, &real, sizeof(real));
}

/* What of a matrix is the same for all panels. */
struct packing {
	const struct cpu_qgemm_kernels *kernels;
	const struct edge_node *node;
	const struct qgemm_source *source;
	int64_t matrix;
	int64_t unit; /* channels of a unit */
};

/* Weight @k of a unit less its zero point; 0 behind the last. */
static int32_t weight_at(const struct packing *packing, int64_t column, int64_t first, int64_t k,
			 int32_t zero)
{
	if (k >= packing->unit)
		return 0;
	return *qgemm_weights(packing->source, packing->matrix, column, first + k) - zero;
}

/* A group of such; their sum is added to @sum. */
static int32_t group_at(const struct packing *packing, int64_t column, int64_t first, int64_t k,
			int32_t zero, int32_t *sum)
{
	const int group = packing->kernels->group, bits = 32 / group;
	const uint32_t mask = (uint32_t)(((uint64_t)1 << bits) - 1);
	uint32_t word = 0;

	for (int i = 0; i < group; i++) {
		const int32_t weight = weight_at(packing, column, first, k + i, zero);

		*sum = edge_wrap_add(*sum, weight);
		word |= ((uint32_t)weight & mask) << i * bits;
	}
	return (int32_t)word;
}

int32_t qgemm_bias(const struct edge_node *node, int64_t channel, int32_t sum)
{
	const struct edge_tensor *bias = weights_input(node, BIAS);
	const int32_t value = bias ? ((const int32_t *)bias->data)[channel] : 0;

	return edge_wrap_add(value, edge_wrap_mul(sum, -qgemm_zero_point(node->inputs[X], 0)));
}

/* Packs one column into every @width-th word from @to on. Kernels of words have taken the zero point
 * off x. */
static void pack_column(const struct packing *packing, int64_t column, int64_t width, int32_t *to)
{
	const struct edge_node *node = packing->node;
	const struct qgemm_source *source = packing->source;
	const int64_t channel = packing->matrix * source->columns + column;
	const int32_t zero = qgemm_zero_point(node->inputs[WEIGHT], channel);
	const int group = packing->kernels->group;
	int32_t *first = to;
	int32_t sum = 0;

	to += width;
	for (int64_t unit = 0; unit < source->taps * source->depth; unit += packing->unit) {
		for (int64_t k = 0; k < packing->unit; k += group, to += width)
			*to = group_at(packing, column, unit, k, zero, &sum);
	}
	qgemm_multiplier(node, channel, to, to + width);
	*first = qgemm_bias(node, channel, group == 4 ? sum : 0);
}

static void pack(const struct packing *packing, int32_t *packed)
{
	const struct qgemm_source *source = packing->source;
	const struct cpu_qgemm_kernels *kernels = packing->kernels;
	const int64_t most = kernels->vectors * kernels->lanes;
	const int64_t rows = groups_of(kernels, source->taps, source->depth) + EXTRA_ROWS;

	for (int64_t column = 0; column < source->columns; column += most) {
		const int64_t valid = least(most, source->columns - column);
		const int64_t width = divide_up(valid, kernels->lanes) * kernels->lanes;

		for (int64_t j = 0; j < valid; j++)
			pack_column(packing, column + j, width, packed + j);
		packed += width * rows;
	}
}

enum edge_status qgemm_compile(struct edge_graph *graph, struct edge_node *node,
			       unsigned int cpu_flags, const struct qgemm_source *source,
			       struct edge_error *error)
{
	struct packing packing = {
		.kernels = kernels_of(node, cpu_flags),
		.node = node,
		.source = source,
	};
	struct edge_tensor *packed;
	int64_t size;

	if (!strcmp(node->kernel, QGEMM_PAIRS))
		return pgemm_compile(graph, node, cpu_flags, source, error);
	packing.unit = unit_of(packing.kernels, source->taps, source->depth);
	size = packed_size(packing.kernels, source->matrices, source->columns, source->taps,
			   source->depth);
	packed = size < 0 ? NULL : edge_node_add_packed(graph, node, EDGE_I32, size);
	if (!packed)
		return edge_fail_memory(error);
	for (; packing.matrix < source->matrices; packing.matrix++)
		pack(&packing,
		     (int32_t *)packed->data + packing.matrix * (size / source->matrices));
	weights_drop(graph, node);
	return EDGE_OK;
}

void qresults_init(struct qresults *results, const struct edge_node *node, unsigned int cpu_flags)
{
	const struct edge_tensor *table = node->op == EDGE_OP_CONV ? weights_input(node, TABLE)
								   : NULL;
	struct edge_range range;
	float scale;

	*results = (struct qresults) { .raw = !node->outputs[0]->quant };
	if (results->raw)
		return;
	edge_node_range(node, &range, &scale);
	results->to = (struct cpu_requantise) {
		.fixed = node->rounding == EDGE_ROUND_FIXED,
		.zero = range.zero_point,
		.low = range.low,
		.high = range.high,
	};
	if (!table)
		return;
	results->lookup = cpu_lookup_kernels(cpu_flags);
	cpu_lookup_table_init(&results->table, table->data);
}

/* Rows without a gap are taken as one, since long ones are looked up faster. */
void qresults_look_up(const struct qresults *results, void *const *rows, int num_rows,
		      int64_t offset, int64_t num)
{
	for (int r = 0, count; results->lookup && r < num_rows; r += count) {
		uint8_t *row = (uint8_t *)rows[r] + offset;

		for (count = 1; r + count < num_rows; count++) {
			if ((uint8_t *)rows[r + count] + offset != row + count * num)
				break;
		}
		results->lookup->bytes(&(struct cpu_lookup_rows) {
			.table = &results->table,
			.y = row,
			.x = row,
			.num_rows = 1,
			.num = count * num,
		});
	}
}

static void gather_rows(const struct qgemm *qgemm, struct gemm_tile *tile, char *rows)
{
	qgemm->kernels->gather(&(struct cpu_qgemm_gather) {
		.taps = tile->taps,
		.depth = qgemm->gemm.depth,
		.rows = tile->rows,
		.a = tile->a,
		.a_pitch = tile->a_pitch,
		.zero = qgemm->zero,
		.to = rows,
		.pitch = qgemm->row_pitch,
	});
	tile->depth = groups_of(qgemm->kernels, tile->taps, qgemm->gemm.depth);
	tile->taps = 1;
	tile->a[0] = rows;
	tile->a_pitch = qgemm->row_pitch;
}

/* Rows that overlap or follow each other are widened as one for each tap, and multiplied where they lie
 * in it. */
static void gather_lines(const struct qgemm *qgemm, struct gemm_tile *tile, char *lines)
{
	qgemm->kernels->gather(&(struct cpu_qgemm_gather) {
		.taps = 1,
		.depth = (tile->rows - 1) * tile->a_pitch + qgemm->gemm.depth,
		.rows = (int)tile->taps,
		.a = tile->a,
		.zero = qgemm->zero,
		.to = lines,
		.pitch = qgemm->row_pitch,
	});
	for (int64_t t = 0; t < tile->taps; t++)
		tile->a[t] = lines + t * qgemm->row_pitch;
	tile->depth = divide_up(qgemm->gemm.depth, 2);
	tile->a_pitch *= (int64_t)sizeof(int16_t);
}

/* Whether that takes less, and fits the memory of the rows: of one row, or for a single tap of all. */
static bool makes_lines(const struct qgemm *qgemm, const struct gemm_tile *tile)
{
	const int64_t depth = qgemm->gemm.depth;
	const int64_t length = (tile->rows - 1) * tile->a_pitch + depth;

	if (qgemm->kernels->group != 2 || tile->a_pitch <= 0)
		return false;
	if (tile->a_pitch == depth && tile->taps == 1)
		return depth <= SHORT;
	return tile->a_pitch < depth && tile->taps <= tile->rows &&
	       2 * length + 4 <= qgemm->row_pitch;
}

static void gather(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct qgemm *qgemm = step->state;
	char *rows = (char *)tile->patch + qgemm->rows_at;

	if (makes_lines(qgemm, tile))
		gather_lines(qgemm, tile, rows);
	else if (qgemm->direct && (tile->a_pitch || tile->rows <= qgemm->kernels->rows))
		tile->depth = qgemm->gemm.depth / qgemm->kernels->group;
	else
		gather_rows(qgemm, tile, rows);
}

static const int32_t *panel_of(const struct cpu_step *step, int64_t matrix,
			       const struct gemm_panel *panel)
{
	const struct qgemm *qgemm = step->state;
	const struct gemm *gemm = &qgemm->gemm;
	const int64_t rows = groups_of(qgemm->kernels, gemm->taps, gemm->depth) + EXTRA_ROWS;

	return (const int32_t *)step->node->packed[0]->data + matrix * qgemm->matrix_size +
	       panel->offset * rows;
}

/* In as few calls as there are distances between results. */
static void multiply(const struct cpu_step *step, const struct gemm_tile *tile,
		     const struct gemm_panel *panel)
{
	const struct qgemm *qgemm = step->state;
	const struct cpu_qgemm_kernels *kernels = qgemm->kernels;
	struct cpu_qgemm_tile call = {
		.taps = tile->taps,
		.depth = tile->depth,
		.last = qgemm->last,
		.a = tile->a,
		.a_pitch = tile->a_pitch,
		.panel = qgemm->panel_of(step, tile->matrix, panel),
		.target = { qgemm->results.to, tile->c, tile->c_pitch, panel->offset,
			    panel->columns },
	};

	for (int64_t row = 0, rows; row < tile->rows; row += call.tiles * rows) {
		rows = least(kernels->rows, tile->rows - row);
		call.a_first = row * tile->a_pitch;
		if (tile->c_pitch) {
			call.tiles = (tile->rows - row) / rows;
			call.target.offset = panel->offset + row * tile->c_pitch;
		} else {
			call.tiles = 1;
			call.target.c = tile->c + row;
		}
		if (qgemm->results.raw)
			kernels->sums[rows - 1][panel->vectors - 1](&call);
		else
			kernels->tile[rows - 1][panel->vectors - 1](&call);
	}
}

static void look_up(const struct cpu_step *step, const struct gemm_tile *tile, int64_t first,
		    int64_t num)
{
	const struct qgemm *qgemm = step->state;

	qresults_look_up(&qgemm->results, tile->c, tile->rows, first, num);
}

int qgemm_tiles(int64_t tile_bytes, const struct cpu_prepare *prepare)
{
	const int64_t held = least(MAX_TILES, (int64_t)prepare->caches->l2 / 4 / tile_bytes);

	return held < 1 ? 1 : (int)held;
}

/* For all but the kernels of pairs. */
static enum edge_status prepare_kernels(struct cpu_step *step, const struct cpu_prepare *prepare,
					struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const struct cpu_qgemm_kernels *kernels = kernels_of(node, prepare->cpu_flags);
	struct qgemm *qgemm = step->state;
	struct gemm *gemm = &qgemm->gemm;
	const int64_t groups = groups_of(kernels, gemm->taps, gemm->depth);
	const int64_t size =
		packed_size(kernels, gemm->matrices, gemm->columns, gemm->taps, gemm->depth);

	if (node->num_packed != 1 || !weights_packed_as(node->packed[0], EDGE_I32, size))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	qgemm->kernels = kernels;
	qgemm->matrix_size = size / gemm->matrices;
	qgemm->direct = kernels->group == 4 && gemm->depth % 4 == 0;
	gemm->tile_rows = kernels->rows;
	/* Several taps read where they lie are at even distances only within a line. */
	if (kernels->group == 4 && (gemm->taps == 1 || !qgemm->direct))
		gemm->tile_rows *= qgemm_tiles(4 * groups * kernels->rows, prepare);
	gemm->panel_bytes = kernels->vectors * kernels->lanes * (groups + EXTRA_ROWS) *
			    (int64_t)sizeof(int32_t);
	gemm->gather = gather;
	qgemm->panel_of = panel_of;
	if (!qgemm->direct || gemm->taps == 1)
		qgemm_gathers(qgemm, 4 * groups + least(4 * groups, LINE));
	return EDGE_OK;
}

void qgemm_gathers(struct qgemm *qgemm, int64_t row_bytes)
{
	struct gemm *gemm = &qgemm->gemm;

	/* Odd, in cache lines: or the rows would compete for the same cache sets. */
	qgemm->row_pitch = (divide_up(row_bytes, 64) | 1) * 64;
	qgemm->rows_at = gemm_row_patches(gemm);
	gemm->patch_size = gemm->tile_rows * qgemm->row_pitch + CPU_QGEMM_SLACK;
}

enum edge_status qgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
			       struct edge_error *error)
{
	struct qgemm *qgemm = step->state;
	const bool pairs = !strcmp(step->node->kernel, QGEMM_PAIRS);
	enum edge_status status = pairs ? pgemm_prepare(step, prepare, error)
					: prepare_kernels(step, prepare, error);

	if (status)
		return status;
	qgemm->gemm.lanes = qgemm->kernels->lanes;
	qgemm->gemm.panel_width = qgemm->kernels->vectors * qgemm->kernels->lanes;
	qgemm->gemm.multiply = multiply;
	qgemm->zero = (uint8_t)qgemm_zero_point(step->node->inputs[X], 0);
	qresults_init(&qgemm->results, step->node, prepare->cpu_flags);
	qgemm->gemm.complete = qgemm->results.lookup ? look_up : NULL;
	gemm_share_out(step, prepare);
	return EDGE_OK;
}
