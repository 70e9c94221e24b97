// SPDX-License-Identifier: MIT
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <edge/edge.h>

#include "compare.h"
#include "onnx.pb-c.h"

#define MAX_INPUTS 64

static const enum edge_type types[] = {
	[ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT] = EDGE_F32,
	[ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16] = EDGE_F16,
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT8] = EDGE_I8,
	[ONNX__TENSOR_PROTO__DATA_TYPE__UINT8] = EDGE_U8,
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT32] = EDGE_I32,
	[ONNX__TENSOR_PROTO__DATA_TYPE__INT64] = EDGE_I64,
	[ONNX__TENSOR_PROTO__DATA_TYPE__BOOL] = EDGE_BOOL,
};

static void report_error(struct case_report *report, enum edge_status status,
			 const struct edge_error *error)
{
	report->outcome = status == EDGE_UNSUPPORTED ? CASE_UNSUPPORTED : CASE_FAILED;
	snprintf(report->message, sizeof(report->message), "%s", error->message);
}

static bool fail(struct case_report *report, const char *what, const char *cause)
{
	report->outcome = CASE_FAILED;
	snprintf(report->message, sizeof(report->message), "%s: %s", what, cause);
	return false;
}

/* Fills @view with the tensor in @file; its data is freed by the caller. The suites keep all
 * tensors as raw data. */
static bool read_tensor(const struct suite_file *file, struct edge_view *view,
			struct case_report *report)
{
	Onnx__TensorProto *proto = onnx__tensor_proto__unpack(NULL, file->size, file->data);
	int64_t elements = 1;

	memset(view, 0, sizeof(*view));
	if (!proto || proto->data_type < 0 || proto->n_dims > EDGE_MAX_RANK ||
	    proto->data_type >= sizeof(types) / sizeof(types[0])) {
		if (proto)
			onnx__tensor_proto__free_unpacked(proto, NULL);
		return fail(report, file->path, "cannot be read");
	}
	view->type = types[proto->data_type];
	view->rank = proto->n_dims;
	for (int i = view->rank - 1; i >= 0; i--) {
		view->dims[i] = proto->dims[i];
		view->strides[i] = elements;
		elements *= proto->dims[i];
	}
	if (elements * edge_type_size(view->type) == proto->raw_data.len) {
		view->data = proto->raw_data.data;
		proto->raw_data = (ProtobufCBinaryData) { 0 };
	}
	onnx__tensor_proto__free_unpacked(proto, NULL);
	return view->data || !elements || fail(report, file->path, "has no raw data of its shape");
}

/* Copies what is dense into what may not be. */
static void copy_view(const struct edge_view *to, const struct edge_view *from)
{
	size_t size = edge_type_size(to->type);
	int64_t index[EDGE_MAX_RANK] = { 0 };
	int64_t count = 1;

	for (int i = 0; i < to->rank; i++)
		count *= to->dims[i];
	for (int64_t i = 0; i < count; i++) {
		int64_t at = 0;

		for (int d = 0; d < to->rank; d++)
			at += index[d] * to->strides[d];
		memcpy((char *)to->data + at * size, (const char *)from->data + i * size, size);
		for (int d = to->rank - 1; d >= 0 && ++index[d] == to->dims[d]; d--)
			index[d] = 0;
	}
}

/*
 * A set of data, and the model that runs it. Binding an input takes it out of the list of inputs,
 * so files are matched by the names that the model listed at first.
 */
struct run {
	const struct suite *suite;
	char *directory;
	struct edge_model *model;
	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
	struct edge_view inputs[MAX_INPUTS];
	char *names[MAX_INPUTS];
	size_t num_inputs;
};

static const struct suite_file *find_file(const struct run *run, const char *kind, size_t index)
{
	char name[32];

	snprintf(name, sizeof(name), "%s_%zu.pb", kind, index);
	return suite_find(run->suite, run->directory, name);
}

static bool read_inputs(struct run *run, struct case_report *report)
{
	size_t count = edge_model_num_inputs(run->model);

	if (count > MAX_INPUTS)
		return fail(report, run->directory, "too many inputs");
	for (; run->num_inputs < count; run->num_inputs++) {
		size_t i = run->num_inputs;
		const struct suite_file *file = find_file(run, "input", i);
		struct edge_tensor_info info;

		if (!file || edge_model_input(run->model, i, &info))
			return fail(report, run->directory, "an input file is missing");
		run->names[i] = strdup(info.name);
		if (!read_tensor(file, &run->inputs[i], report)) {
			free(run->names[i]);
			return false;
		}
	}
	return true;
}

static enum edge_status bind_inputs(struct run *run, struct edge_error *error)
{
	for (size_t i = 0; i < edge_model_num_inputs(run->model);) {
		enum edge_status status;
		struct edge_tensor_info info;
		size_t from = 0;

		if (!edge_model_input_must_be_bound(run->model, i)) {
			i++;
			continue;
		}
		edge_model_input(run->model, i, &info);
		while (strcmp(run->names[from], info.name))
			from++;
		status = edge_model_bind_input(run->model, run->names[from], &run->inputs[from],
					       error);
		if (status)
			return status;
		i = 0;
	}
	return EDGE_OK;
}

static enum edge_status prepare(struct run *run, unsigned int threads, struct edge_error *error)
{
	struct edge_session_settings settings;
	enum edge_status status;

	edge_session_settings_default(&settings);
	settings.threads = threads;
	status = bind_inputs(run, error);
	if (!status)
		status = edge_compile(run->model, NULL, &run->program, error);
	if (!status)
		status = edge_session_create(run->program, &settings, &run->session, error);
	if (!status)
		status = edge_request_create(run->session, &run->request, error);
	return status;
}

static bool fill_inputs(const struct run *run, struct case_report *report)
{
	for (size_t i = 0; i < edge_program_num_inputs(run->program); i++) {
		struct edge_tensor_info info;
		struct edge_view view;
		char message[256];
		size_t from = 0;

		edge_program_input(run->program, i, &info);
		edge_request_input(run->request, i, &view);
		while (from < run->num_inputs && strcmp(run->names[from], info.name))
			from++;
		if (from == run->num_inputs)
			return fail(report, info.name, "is no input of the model");
		if (!compare_shapes(&view, &run->inputs[from], message, sizeof(message)))
			return fail(report, info.name, message);
		copy_view(&view, &run->inputs[from]);
	}
	return true;
}

static bool check_outputs(const struct run *run, struct case_report *report)
{
	for (size_t i = 0; i < edge_program_num_outputs(run->program); i++) {
		const struct suite_file *file = find_file(run, "output", i);
		struct edge_view actual, expected;
		char message[256];
		bool same;

		if (!file)
			return fail(report, run->directory, "an output file is missing");
		if (!read_tensor(file, &expected, report))
			return false;
		edge_request_output(run->request, i, &actual);
		same = compare_views(&actual, &expected, message, sizeof(message));
		free(expected.data);
		if (!same)
			return fail(report, strrchr(file->path, '/') + 1, message);
	}
	return true;
}

static void release(struct run *run)
{
	edge_request_destroy(run->request);
	edge_session_destroy(run->session);
	edge_program_destroy(run->program);
	edge_model_destroy(run->model);
	for (size_t i = 0; i < run->num_inputs; i++) {
		free(run->names[i]);
		free(run->inputs[i].data);
	}
}

static void run_set(const struct suite *suite, const struct suite_file *model, char *directory,
		    unsigned int threads, struct case_report *report)
{
	struct run run = { .suite = suite, .directory = directory };
	struct edge_error error;
	enum edge_status status;

	status = edge_model_load_memory(model->data, model->size, "model.onnx", NULL, &run.model,
					&error);
	if (status) {
		report_error(report, status, &error);
		return;
	}
	if (!read_inputs(&run, report))
		goto release_run;
	status = prepare(&run, threads, &error);
	if (status) {
		report_error(report, status, &error);
		goto release_run;
	}
	if (!fill_inputs(&run, report))
		goto release_run;
	status = edge_request_run(run.request, &error);
	if (status)
		report_error(report, status, &error);
	else
		check_outputs(&run, report);

release_run:
	release(&run);
}

void case_run(const struct suite *suite, const char *directory, unsigned int threads,
	      struct case_report *report)
{
	const struct suite_file *model = suite_find(suite, directory, "model.onnx");

	report->outcome = CASE_PASSED;
	report->message[0] = 0;
	for (int i = 0; report->outcome == CASE_PASSED; i++) {
		char *set;

		if (asprintf(&set, "%s/test_data_set_%d", directory, i) < 0)
			return;
		if (!suite_find(suite, set, "output_0.pb")) {
			free(set);
			if (!i)
				fail(report, directory, "has no data");
			return;
		}
		run_set(suite, model, set, threads, report);
		free(set);
	}
}

const char *case_operator(const struct suite_file *model, char *name, size_t size)
{
	Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, model->size, model->data);
	const char *op = NULL;
	bool several = false;

	for (size_t i = 0; proto && proto->graph && i < proto->graph->n_node; i++) {
		const char *type = proto->graph->node[i]->op_type;

		if (!type || !strcmp(type, "Constant"))
			continue;
		several |= op && strcmp(op, type);
		op = type;
	}
	snprintf(name, size, "%s", several ? "(several)" : op ? op : "Constant");
	if (proto)
		onnx__model_proto__free_unpacked(proto, NULL);
	return name;
}
