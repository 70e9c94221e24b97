// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/pgemm.h"
#include "backend/cpu/kernels/qgemm_store.h"
#include "backend/cpu/kernels/simd.h"

#define GROUPS (CPU_PGEMM_WINDOW / CPU_PGEMM_GROUP)

/* Groups of a window of each row. Each row reads them again, which instructions do on the way: the
 * compiler must not know that they are the same, or it would keep them all in registers. */
CPU_INLINE void add_window(const int rows, const int vectors, const int groups,
			   vi sum[ROWS][VECTORS], const uint8_t *const *a, intptr_t k,
			   const int32_t *b)
{
	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		const vb window = vb_repeat16(a[r] + k);

		CPU_UNROLL
		for (int g = 0; g < groups; g++) {
			const int32_t *group = b + g * (1 + vectors) * VF_LANES;
			const vb x = vb_shuffle16(window, vb_load((const uint8_t *)group));

			CPU_UNROLL
			for (int v = 0; v < vectors; v++)
				sum[r][v] = vi_dot_pairs(sum[r][v], x,
							 vi_load(group + (1 + v) * VF_LANES));
		}
		__asm__("" : "+r"(b));
	}
}

CPU_INLINE void locate(const int rows, const uint8_t *a, int64_t pitch, const uint8_t **p)
{
	CPU_UNROLL
	for (int r = 0; r < rows; r++)
		p[r] = a + r * pitch;
}

/* Adds all groups of the panel, to rows that begin @first behind the taps. */
CPU_INLINE void add_panel(const int rows, const int vectors, const struct cpu_qgemm_tile *tile,
			  int64_t first, vi sum[ROWS][VECTORS])
{
	const int32_t *b = tile->panel + 3 * vectors * VF_LANES;
	const int64_t pitch = tile->a_pitch;
	const int group = (1 + vectors) * VF_LANES;
	const uint8_t *p[ROWS];
	int32_t left;

	for (int64_t t = 0; t < tile->taps; t++) {
		int64_t windows = tile->depth;
		intptr_t k = 0;

		locate(rows, (const uint8_t *)tile->a[t] + first, pitch, p);
		do {
			add_window(rows, vectors, GROUPS, sum, p, k, b);
			b += GROUPS * group;
			k += CPU_PGEMM_WINDOW;
			k = k < tile->last ? k : tile->last;
		} while (--windows);
	}
	left = *b;
	for (b += VF_LANES; left; left--, b += VF_LANES + group) {
		locate(rows, (const uint8_t *)tile->a[b[0]] + first + b[1], pitch, p);
		add_window(rows, vectors, 1, sum, p, 0, b + VF_LANES);
	}
}

CPU_INLINE const int32_t *scales_of(const int vectors, const struct cpu_qgemm_tile *tile)
{
	return tile->panel + vectors * VF_LANES;
}

#define KERNEL pgemm
#include "backend/cpu/kernels/qgemm_tiles.h"

const struct cpu_qgemm_kernels CPU_NAME(cpu_pgemm) = {
	.group = CPU_PGEMM_GROUP,
	QGEMM_TILES,
};
