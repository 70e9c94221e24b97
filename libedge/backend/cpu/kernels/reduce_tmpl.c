// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/reduce.h"
#include "backend/cpu/kernels/simd.h"

/* Sums that go on side by side: one alone would wait for itself, and be less exact. */
#define CHAINS 4

/* @kind is a constant wherever these are called, so that nothing of the choice is left. */
CPU_INLINE vf add(const enum cpu_reduction kind, vf all, vf x)
{
	switch (kind) {
	case CPU_REDUCE_MAX:
		return vf_max(x, all);
	case CPU_REDUCE_MIN:
		return vf_min(x, all);
	case CPU_REDUCE_SUM_SQUARE:
		return vf_fma(x, x, all);
	default:
		return vf_add(all, x);
	}
}

CPU_INLINE float add_one(const enum cpu_reduction kind, float all, float x)
{
	switch (kind) {
	case CPU_REDUCE_MAX:
		return x > all ? x : all;
	case CPU_REDUCE_MIN:
		return x < all ? x : all;
	case CPU_REDUCE_SUM_SQUARE:
		return all + x * x;
	default:
		return all + x;
	}
}

/* How partial results come together. */
CPU_INLINE enum cpu_reduction join(const enum cpu_reduction kind)
{
	return kind == CPU_REDUCE_SUM_SQUARE ? CPU_REDUCE_SUM : kind;
}

CPU_INLINE vf neutral(const enum cpu_reduction kind)
{
	if (kind == CPU_REDUCE_MAX)
		return vf_set1(-INFINITY);
	return kind == CPU_REDUCE_MIN ? vf_set1(INFINITY) : vf_zero();
}

CPU_INLINE float join_lanes(const enum cpu_reduction kind, vf all)
{
	if (kind == CPU_REDUCE_MAX)
		return vf_highest(all);
	return kind == CPU_REDUCE_MIN ? vf_lowest(all) : vf_sum(all);
}

CPU_INLINE float along_row(const enum cpu_reduction kind, const float *x, int64_t num)
{
	vf all[CHAINS];
	int64_t i = 0;
	float rest;

	CPU_UNROLL
	for (int c = 0; c < CHAINS; c++)
		all[c] = neutral(kind);
	for (; i + CHAINS * VF_LANES <= num; i += CHAINS * VF_LANES) {
		CPU_UNROLL
		for (int c = 0; c < CHAINS; c++)
			all[c] = add(kind, all[c], vf_load(x + i + c * VF_LANES));
	}
	for (; i + VF_LANES <= num; i += VF_LANES)
		all[0] = add(kind, all[0], vf_load(x + i));
	all[0] = add(join(kind), all[0], all[1]);
	all[2] = add(join(kind), all[2], all[3]);
	rest = join_lanes(kind, add(join(kind), all[0], all[2]));
	for (; i < num; i++)
		rest = add_one(kind, rest, x[i]);
	return rest;
}

CPU_INLINE void along(const enum cpu_reduction kind, const struct cpu_reduce_rows *rows)
{
	for (int64_t r = 0; r < rows->num_rows; r++) {
		float *y = rows->y + r * rows->y_pitch;
		const float *x = rows->x + r * rows->x_pitch;

		*y = add_one(join(kind), *y, along_row(kind, x, rows->num));
	}
}

/* Rows that are added up before their sum joins the others: the fewer additions a result has been
 * through, the more exact it is. */
#define PART 64

CPU_INLINE void across(const enum cpu_reduction kind, const struct cpu_reduce_rows *rows)
{
	for (int64_t i = 0; i < rows->num; i += VF_LANES) {
		const int64_t n = rows->num - i;
		const float *x = rows->x + i;
		vf all = vf_load_upto(rows->y + i, n);

		for (int64_t first = 0; first < rows->num_rows; first += PART) {
			const int64_t left = rows->num_rows - first;
			const float *end = x + (left < PART ? left : PART) * rows->x_pitch;
			vf part = neutral(kind);

			for (; x != end; x += rows->x_pitch)
				part = add(kind, part, vf_load_upto(x, n));
			all = add(join(kind), all, part);
		}
		vf_store_upto(rows->y + i, all, n);
	}
}

#define CHOOSE(direction) \
	static void reduce_##direction(const struct cpu_reduce_rows *rows) \
	{ \
		if (rows->kind == CPU_REDUCE_SUM) \
			direction(CPU_REDUCE_SUM, rows); \
		else if (rows->kind == CPU_REDUCE_MAX) \
			direction(CPU_REDUCE_MAX, rows); \
		else if (rows->kind == CPU_REDUCE_MIN) \
			direction(CPU_REDUCE_MIN, rows); \
		else \
			direction(CPU_REDUCE_SUM_SQUARE, rows); \
	}
CHOOSE(along)
CHOOSE(across)

const struct cpu_reduce_kernels CPU_NAME(cpu_reduce) = {
	.along = reduce_along,
	.across = reduce_across,
};
