// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/loop.h"

#include "backend/cpu/ops/number.h"

/* Elements copied by a task: a few microseconds. */
#define TASK_SIZE 16384
/* Elements of a cache line: columns of a task are a multiple of it, and so many rows of a
 * transposition go together. */
#define LINE 16

void loop_init(struct loop *loop, int num_operands)
{
	*loop = (struct loop) { .num_operands = num_operands };
}

static void copy_dim(struct loop *loop, int to, const struct loop *source, int from)
{
	loop->dims[to] = source->dims[from];
	for (int i = 0; i < loop->num_operands; i++)
		loop->strides[i][to] = source->strides[i][from];
}

static void append(struct loop *loop, int64_t size, const int64_t *strides)
{
	loop->dims[loop->rank] = size;
	for (int i = 0; i < loop->num_operands; i++)
		loop->strides[i][loop->rank] = strides[i];
	loop->rank++;
}

void loop_add(struct loop *loop, int64_t size, const int64_t *strides)
{
	if (size != 1)
		append(loop, size, strides);
}

void loop_add_views(struct loop *loop, const struct edge_view *const *views)
{
	for (int d = 0; d < views[0]->rank; d++) {
		int64_t strides[LOOP_MAX_OPERANDS] = { views[0]->strides[d] };

		for (int i = 1; i < loop->num_operands; i++) {
			const int own = d - (views[0]->rank - views[i]->rank);

			if (own >= 0 && views[i]->dims[own] != 1)
				strides[i] = views[i]->strides[own];
		}
		loop_add(loop, views[0]->dims[d], strides);
	}
}

static bool is_one_piece(const struct loop *loop, int outer, int inner)
{
	for (int i = 0; i < loop->num_operands; i++) {
		if (loop->strides[i][outer] != loop->strides[i][inner] * loop->dims[inner])
			return false;
	}
	return true;
}

static void merge(struct loop *loop)
{
	int last = 0;

	for (int d = 1; d < loop->rank; d++) {
		if (is_one_piece(loop, last, d)) {
			const int64_t size = loop->dims[last];

			copy_dim(loop, last, loop, d);
			loop->dims[last] *= size;
		} else {
			copy_dim(loop, ++last, loop, d);
		}
	}
	if (loop->rank)
		loop->rank = last + 1;
}

void loop_arrange(struct loop *loop)
{
	static const int64_t ones[LOOP_MAX_OPERANDS] = { 1, 1, 1 };
	const struct loop before = *loop;

	for (int d = 1; d < loop->rank; d++) {
		int place = d;

		for (; place && loop->strides[0][place - 1] < before.strides[0][d]; place--)
			copy_dim(loop, place, loop, place - 1);
		copy_dim(loop, place, &before, d);
	}
	merge(loop);
	if (!loop->rank || loop->strides[0][loop->rank - 1] != 1)
		append(loop, 1, ones);
	if (loop->rank == 1) {
		copy_dim(loop, 1, loop, 0);
		loop->dims[0] = 1;
		loop->rank = 2;
	}
}

void loop_turn(struct loop *loop, int operand)
{
	const struct loop before = *loop;
	const int last = loop->rank - 1;
	int d = last;

	while (d >= 0 && (loop->strides[operand][d] != 1 || loop->dims[d] == 1))
		d--;
	if (d < 0 || d == last)
		return;
	loop->turned = true;
	for (int place = d; place < last - 1; place++)
		copy_dim(loop, place, &before, place + 1);
	copy_dim(loop, last - 1, &before, d);
}

static int64_t num_rows(const struct loop *loop)
{
	int64_t rows = 1;

	for (int d = 0; d < loop->rank - 1; d++)
		rows *= loop->dims[d];
	return rows;
}

void loop_share(struct loop *loop, int64_t cost)
{
	const int64_t num = loop->dims[loop->rank - 1], rows = num_rows(loop);
	const int64_t size = cost < TASK_SIZE ? TASK_SIZE / cost : 1;
	int64_t most;

	loop->num_tasks = 0;
	if (!rows || !num)
		return;
	most = loop->turned ? divide_up(size, LINE) : size;
	loop->columns = num <= most ? num : divide_up(most, LINE) * LINE;
	loop->rows = loop->columns < size ? size / loop->columns : 1;
	loop->num_tasks = divide_up(rows, loop->rows) * divide_up(num, loop->columns);
}

/* @block at @row and @column, all of it but its size; the row's index in each dimension. */
static void locate(const struct loop *loop, int64_t row, int64_t column, struct loop_block *block,
		   int64_t *index)
{
	const int last = loop->rank - 1;

	for (int i = 0; i < loop->num_operands; i++) {
		block->at[i] = column * loop->strides[i][last];
		block->pitch[i] = loop->strides[i][last - 1];
		block->step[i] = loop->strides[i][last];
	}
	for (int d = last - 1; d >= 0; d--) {
		index[d] = row % loop->dims[d];
		row /= loop->dims[d];
		for (int i = 0; i < loop->num_operands; i++)
			block->at[i] += index[d] * loop->strides[i][d];
	}
}

/* Goes @steps further in dimension @d; does not leave it. */
static void move(const struct loop *loop, int d, int64_t steps, struct loop_block *block,
		 int64_t *index)
{
	index[d] += steps;
	for (int i = 0; i < loop->num_operands; i++)
		block->at[i] += steps * loop->strides[i][d];
}

/* From the last row of the two innermost dimensions to the first of the next ones. */
static void carry(const struct loop *loop, struct loop_block *block, int64_t *index)
{
	for (int d = loop->rank - 2; d >= 0; d--) {
		if (index[d] + 1 < loop->dims[d]) {
			move(loop, d, 1, block, index);
			return;
		}
		move(loop, d, -index[d], block, index);
	}
}

void loop_run(const struct loop *loop, int64_t task,
	      void (*run)(void *context, const struct loop_block *block), void *context)
{
	const int inner = loop->rank - 2;
	const int64_t num = loop->dims[loop->rank - 1];
	const int64_t column_tasks = divide_up(num, loop->columns);
	const int64_t column = task % column_tasks * loop->columns;
	const int64_t row = task / column_tasks * loop->rows;
	int64_t left = least(loop->rows, num_rows(loop) - row);
	int64_t index[LOOP_MAX_RANK];
	struct loop_block block = { .num = least(loop->columns, num - column) };

	locate(loop, row, column, &block, index);
	while (left) {
		block.num_rows = least(left, loop->dims[inner] - index[inner]);
		run(context, &block);
		left -= block.num_rows;
		move(loop, inner, block.num_rows - 1, &block, index);
		carry(loop, &block, index);
	}
}
