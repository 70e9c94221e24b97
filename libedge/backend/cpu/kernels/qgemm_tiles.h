/* SPDX-License-Identifier: MIT */
/*
 * What templates of qgemm.h's kinds end with: a kernel for each height and width of a tile, named after
 * KERNEL. They have defined add_panel(), which adds a panel's groups to the sums of a tile, and
 * scales_of(), where its multipliers are.
 */
CPU_INLINE void run_tiles(const int rows, const int vectors, const bool raw,
			  const struct cpu_qgemm_tile *tile)
{
	const int32_t *scales = scales_of(vectors, tile);
	struct cpu_qgemm_target target = tile->target;

	for (int64_t i = 0; i < tile->tiles; i++, target.offset += rows * target.c_pitch) {
		vi sum[ROWS][VECTORS];

		begin(rows, vectors, sum, tile->panel);
		add_panel(rows, vectors, tile, tile->a_first + i * rows * tile->a_pitch, sum);
		settle(rows, vectors, sum);
		if (raw)
			store_sums(&target, rows, vectors, sum);
		else
			store_rows(&target, rows, vectors, sum, scales);
	}
}

/* X(rows) for each height of a tile. */
#if ROWS == 12
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#elif ROWS == 6
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#else
#define TILES(X) X(1) X(2) X(3) X(4)
#endif

#define TILE(rows, vectors) \
	static void CPU_JOIN(KERNEL, _##rows##x##vectors)(const struct cpu_qgemm_tile *tile) \
	{ \
		run_tiles(rows, vectors, false, tile); \
	} \
	static void sums_##rows##x##vectors(const struct cpu_qgemm_tile *tile) \
	{ \
		run_tiles(rows, vectors, true, tile); \
	}
#define TILE_ROWS(rows) TILE(rows, 1) TILE(rows, 2)
#define ENTRY(rows) [rows - 1] = { CPU_JOIN(KERNEL, _##rows##x1), CPU_JOIN(KERNEL, _##rows##x2) },
#define ENTRY_SUMS(rows) [rows - 1] = { sums_##rows##x1, sums_##rows##x2 },

TILES(TILE_ROWS)

/* Of struct cpu_qgemm_kernels. */
#define QGEMM_TILES \
	.lanes = VF_LANES, .rows = ROWS, .vectors = VECTORS, .tile = { TILES(ENTRY) }, \
	.sums = { TILES(ENTRY_SUMS) }
