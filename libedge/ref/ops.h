/* SPDX-License-Identifier: MIT */
/*
 * One function an operator, in the file of its family. Views, types and memory are as
 * edge_ref_run() states; the activation is applied afterwards, except by Conv.
 */
#ifndef EDGE_REF_OPS_H
#define EDGE_REF_OPS_H

#include "ref/ref_view.h"

struct ref_call {
	const struct edge_node *node;
	const union edge_params *params;
	const struct edge_view *in;
	struct edge_view *out;
	void *scratch;
};

/* Whether optional input @index is there. */
static inline bool ref_has_input(const struct ref_call *call, int index)
{
	return index < call->node->num_inputs && call->in[index].data;
}

static inline bool ref_has_output(const struct ref_call *call, int index)
{
	return index < call->node->num_outputs && call->out[index].data;
}

void ref_conv(const struct ref_call *call);
void ref_conv_transpose(const struct ref_call *call);
void ref_matmul(const struct ref_call *call);
void ref_max_pool(const struct ref_call *call);
void ref_average_pool(const struct ref_call *call);
void ref_lp_pool(const struct ref_call *call);
void ref_batch_norm(const struct ref_call *call);
void ref_instance_norm(const struct ref_call *call);
void ref_layer_norm(const struct ref_call *call);
void ref_lrn(const struct ref_call *call);
void ref_unary(const struct ref_call *call);
void ref_binary(const struct ref_call *call);
void ref_prelu(const struct ref_call *call);
void ref_where(const struct ref_call *call);
void ref_cast(const struct ref_call *call);
void ref_softmax(const struct ref_call *call);
void ref_log_softmax(const struct ref_call *call);
void ref_hardmax(const struct ref_call *call);
void ref_reduce(const struct ref_call *call);
void ref_arg_max(const struct ref_call *call);
void ref_arg_min(const struct ref_call *call);
void ref_top_k(const struct ref_call *call);
void ref_cum_sum(const struct ref_call *call);
void ref_resize(const struct ref_call *call);
void ref_roi_align(const struct ref_call *call);
void ref_grid_sample(const struct ref_call *call);
void ref_move(const struct ref_call *call);
void ref_reshape(const struct ref_call *call);
void ref_tile(const struct ref_call *call);
void ref_pad(const struct ref_call *call);
void ref_gather(const struct ref_call *call);
void ref_gather_elements(const struct ref_call *call);
void ref_gather_nd(const struct ref_call *call);
void ref_scatter_elements(const struct ref_call *call);
void ref_scatter_nd(const struct ref_call *call);
void ref_one_hot(const struct ref_call *call);
void ref_range(const struct ref_call *call);
void ref_trilu(const struct ref_call *call);
void ref_reverse_sequence(const struct ref_call *call);
void ref_non_max_suppression(const struct ref_call *call);
void ref_detection_postprocess(const struct ref_call *call);
void ref_quantize(const struct ref_call *call);
void ref_dequantize(const struct ref_call *call);
void ref_lookup(const struct ref_call *call);

size_t ref_top_k_scratch(const struct edge_node *node);
size_t ref_non_max_suppression_scratch(const struct edge_node *node);
size_t ref_detection_postprocess_scratch(const struct edge_node *node);

#endif
