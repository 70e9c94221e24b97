// SPDX-License-Identifier: MIT
/* Claims about regions, checked element by element. */
#include "graphs.h"

#include <string.h>

#include "passes/order.h"
#include "passes/region.h"

#define ROOM 400

static uint32_t random_state = 1;

static int roll(int count)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % count;
}

/* Three dimensions and strides that may or may not overlap, inside ROOM elements. */
static struct edge_tensor random_region(void)
{
	static const int64_t strides[] = { 1, 2, 3, 4, 6, 12, 24, 48 };
	struct edge_tensor tensor = { .rank = 3, .offset = roll(30) };

	for (int i = 0; i < tensor.rank; i++) {
		tensor.dims[i] = 1 + roll(4);
		tensor.strides[i] = strides[roll(8)];
	}
	return tensor;
}

/* Marks the elements of @tensor; the number that were marked already. */
static int mark(const struct edge_tensor *tensor, bool *seen)
{
	int again = 0;

	for (int64_t a = 0; a < tensor->dims[0]; a++) {
		for (int64_t b = 0; b < tensor->dims[1]; b++) {
			for (int64_t c = 0; c < tensor->dims[2]; c++) {
				int64_t at = tensor->offset + a * tensor->strides[0] +
					     b * tensor->strides[1] + c * tensor->strides[2];

				assert_in_range(at, 0, ROOM + 200);
				again += seen[at];
				seen[at] = true;
			}
		}
	}
	return again;
}

static void disjoint_regions_share_nothing(void **state)
{
	int found = 0;

	for (int i = 0; i < 20000; i++) {
		struct edge_tensor a = random_region(), b = random_region();
		bool seen[ROOM + 200] = { false };

		if (!edge_region_disjoint(&a, &b))
			continue;
		found++;
		mark(&a, seen);
		/* b on its own may overlap itself. */
		for (int64_t j = 0; j < edge_tensor_elements(&b); j++) {
			int64_t rest = j, at = b.offset;

			for (int k = 2; k >= 0; k--) {
				at += rest % b.dims[k] * b.strides[k];
				rest /= b.dims[k];
			}
			assert_false(seen[at]);
		}
	}
	assert_true(found > 1000);
}

static void injective_regions_do_not_overlap_themselves(void **state)
{
	int found = 0;

	for (int i = 0; i < 20000; i++) {
		struct edge_tensor a = random_region();
		bool seen[ROOM + 200] = { false };

		if (!edge_region_is_injective(&a))
			continue;
		found++;
		assert_int_equal(mark(&a, seen), 0);
	}
	assert_true(found > 1000);
}

/* Channels of the same pixels. */
static void parts_of_a_concat_are_disjoint(void **state)
{
	struct edge_tensor a = { .rank = 4, .dims = { 1, 3, 5, 4 }, .strides = { 160, 1, 32, 8 } };
	struct edge_tensor b = { .rank = 4, .dims = { 1, 5, 5, 4 }, .strides = { 160, 1, 32, 8 } };

	b.offset = 3;
	assert_true(edge_region_disjoint(&a, &b));
	b.offset = 2;
	assert_false(edge_region_disjoint(&a, &b));
}

static void expect_back(const struct edge_node *node, int index, bool possible)
{
	struct edge_region input = edge_region_dense(node->inputs[0]), output, back;

	input.offset = 7;
	assert_true(edge_region_forward(node, index, &input, &output));
	assert_int_equal(edge_region_backward(node, index, &output, &back), possible);
	if (!possible)
		return;
	assert_int_equal(back.offset, input.offset);
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		if (node->inputs[0]->dims[i] > 1)
			assert_int_equal(back.strides[i], input.strides[i]);
	}
}

static void backward_undoes_forward(void **state)
{
	struct edge_graph *graph = edge_graph_create("test");
	struct edge_tensor *x = add_input(graph, "x", DIMS(2, 6, 4)), *parts[2];
	struct edge_order order = edge_order_row_major(3);

	edge_order_set(x, &order);
	add_split(graph, x, 1, 2, parts);
	expect_back(parts[1]->producer, 0, true);
	expect_back(parts[1]->producer, 1, true);
	expect_back(add_transpose(graph, x, DIMS(1, 2, 0))->producer, 0, true);
	expect_back(add_reshape(graph, x, DIMS(3, 4, 4))->producer, 0, true);
	expect_back(add_slice(graph, x, 1, 1, 6, 2)->producer, 0, true);
	/* Of one row the distance to the next one cannot be told. */
	expect_back(add_slice(graph, x, 1, 1, 2, 1)->producer, 0, false);
	edge_graph_destroy(graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disjoint_regions_share_nothing),
		cmocka_unit_test(injective_regions_do_not_overlap_themselves),
		cmocka_unit_test(parts_of_a_concat_are_disjoint),
		cmocka_unit_test(backward_undoes_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
