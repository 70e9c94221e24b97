/* SPDX-License-Identifier: MIT */
/*
 * How the CPU back end runs a node: a step, made once by the operator's prepare function, whose
 * tasks the threads take one after the other. Threads meet after every step of several tasks, which
 * costs about a microsecond: a step that takes less than a few of them is best one task.
 */
#ifndef EDGE_BACKEND_CPU_STEP_H
#define EDGE_BACKEND_CPU_STEP_H

#include "backend/backend.h"
#include "backend/cpu/caches.h"

struct cpu_step;

/* Runs task @task, 0 to step->num_tasks - 1; @scratch is this thread's, step->scratch_size bytes,
 * aligned to 64. Tasks of a step may run at the same time and in any order. */
typedef void (*cpu_task_fn)(const struct cpu_step *step, int64_t task, void *scratch);

/**
 * struct cpu_step - a node ready to run
 * @inputs, @outputs: views with their addresses filled in, one for each of the node's (data NULL
 *	when absent); owned by the step
 * @num_tasks: 0 when there is nothing to do (a view, an empty tensor); at most INT32_MAX
 * @state: the operator's own, allocated by prepare with malloc(), freed with the step
 */
struct cpu_step {
	const struct edge_node *node;
	struct edge_view *inputs;
	struct edge_view *outputs;
	cpu_task_fn run;
	int64_t num_tasks;
	size_t scratch_size;
	void *state;
};

/* EDGE_BAD_FORMAT when an input that has elements has no address: a constant without its value. For
 * prepare functions of what packs nothing. */
enum edge_status cpu_step_check_inputs(const struct cpu_step *step, struct edge_error *error);

/* What a prepare function may look at. */
struct cpu_prepare {
	unsigned int cpu_flags; /* those that the program was compiled for */
	unsigned int threads;
	const struct cpu_caches *caches;
};

/**
 * struct cpu_op - an implementation of an operator for some nodes
 * @name: "conv1x1", "depthwise", "maxpool", ...; unique among those of @op. It becomes
 *	node->kernel, and stands in program files.
 * @fits: whether this implementation takes the node on a CPU with @cpu_flags; types, shapes,
 *	orders, strides and views are known, and which inputs are constants, but their data may have been
 *	dropped
 * @wanted: NULL, or asked after @fits when a program is compiled: whether the node is to have it
 *	where @precision is allowed. If that is in vain, says why in @reason, EDGE_REASON_MAX bytes
 * @compile: node->kernel is @name. Pack constants by edge_node_add_packed(), and drop the data of inputs that it then no
 *	longer reads if they have no other consumer. NULL when nothing is packed.
 * @prepare: fill run, num_tasks, scratch_size and state. step->node, inputs and outputs are set,
 *	and @fits has been asked again. Checks the number and sizes of node->packed: EDGE_BAD_FORMAT.
 */
struct cpu_op {
	enum edge_op op;
	const char *name;
	bool (*fits)(const struct edge_node *node, unsigned int cpu_flags);
	bool (*wanted)(const struct edge_node *node, unsigned int cpu_flags,
		       enum edge_precision precision, char *reason);
	enum edge_status (*compile)(struct edge_graph *graph, struct edge_node *node,
				    unsigned int cpu_flags, struct edge_error *error);
	enum edge_status (*prepare)(struct cpu_step *step, const struct cpu_prepare *prepare,
				    struct edge_error *error);
};

/*
 * Implementations from most to least special; NULL-terminated. Each file in ops/ defines its own
 * struct cpu_op and is listed in ops/table.c. The scalar reference (edge_ref_run() as one task)
 * takes what none of them fits.
 */
extern const struct cpu_op *const cpu_ops[];

#endif
