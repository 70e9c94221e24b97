// SPDX-License-Identifier: MIT
#include "ref/ops.h"

/* A walk over the starts of the lines along the axis; operand 0 is y, operand 1 is x. */
static void walk_lines(struct ref_walk *walk, const struct ref_call *call)
{
	ref_walk_init(walk, call->out[0].rank, call->out[0].dims);
	ref_walk_add(walk, &call->out[0]);
	ref_walk_add(walk, &call->in[0]);
	ref_walk_skip(walk, call->params->axis.axis);
}

struct line {
	const struct edge_view *x, *y;
	int64_t x_at, y_at, x_step, y_step, count;
};

static struct line line_of(const struct ref_call *call, const struct ref_walk *walk)
{
	int axis = call->params->axis.axis;

	return (struct line) {
		.x = &call->in[0],
		.y = &call->out[0],
		.x_at = walk->at[1],
		.y_at = walk->at[0],
		.x_step = call->in[0].strides[axis],
		.y_step = call->out[0].strides[axis],
		.count = call->out[0].dims[axis],
	};
}

static float get(const struct line *line, int64_t i)
{
	return ref_get(line->x, line->x_at + i * line->x_step);
}

static void set(const struct line *line, int64_t i, float value)
{
	ref_set(line->y, line->y_at + i * line->y_step, value);
}

static float maximum(const struct line *line)
{
	float most = get(line, 0);

	for (int64_t i = 1; i < line->count; i++)
		most = fmaxf(most, get(line, i));
	return most;
}

/* Of exp(x - most). */
static double sum_of_exp(const struct line *line, float most)
{
	double sum = 0;

	for (int64_t i = 0; i < line->count; i++)
		sum += expf(get(line, i) - most);
	return sum;
}

void ref_softmax(const struct ref_call *call)
{
	struct ref_walk walk;

	for (walk_lines(&walk, call); !walk.done; ref_walk_next(&walk)) {
		struct line line = line_of(call, &walk);
		float most = maximum(&line);
		double sum = sum_of_exp(&line, most);

		for (int64_t i = 0; i < line.count; i++)
			set(&line, i, expf(get(&line, i) - most) / sum);
	}
}

void ref_log_softmax(const struct ref_call *call)
{
	struct ref_walk walk;

	for (walk_lines(&walk, call); !walk.done; ref_walk_next(&walk)) {
		struct line line = line_of(call, &walk);
		float most = maximum(&line);
		double log_sum = log(sum_of_exp(&line, most));

		for (int64_t i = 0; i < line.count; i++)
			set(&line, i, get(&line, i) - most - log_sum);
	}
}

void ref_hardmax(const struct ref_call *call)
{
	struct ref_walk walk;

	for (walk_lines(&walk, call); !walk.done; ref_walk_next(&walk)) {
		struct line line = line_of(call, &walk);
		int64_t best = 0;

		for (int64_t i = 1; i < line.count; i++)
			if (get(&line, i) > get(&line, best))
				best = i;
		for (int64_t i = 0; i < line.count; i++)
			set(&line, i, i == best);
	}
}
