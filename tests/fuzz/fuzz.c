// SPDX-License-Identifier: MIT
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const struct edge_limits fuzz_limits = {
	.file_bytes = 1 << 20,
	.text_bytes = 1 << 16,
	.tensor_bytes = 1 << 20,
	.nodes = 256,
	.tensors = 1024,
	.ports = 64,
	.metadata = 64,
	.fold_bytes = 1 << 20,
	.fold_work = 1 << 18,
	.run_bytes = 1 << 22,
	.run_work = 1 << 24,
	.image_pixels = 1 << 18,
};

static _Noreturn void die(const char *what)
{
	perror(what);
	abort();
}

unsigned int fuzz_seen, fuzz_allowed = ~0u;
int fuzz_own;

void fuzz_expect(const char *what, const struct edge_error *error, unsigned int statuses)
{
	statuses |= FUZZ_STATUS(OUT_OF_MEMORY) | FUZZ_STATUS(LIMIT_EXCEEDED) |
		    FUZZ_STATUS(UNSUPPORTED);
	fuzz_seen |= 1u << error->status;
	if (statuses & fuzz_allowed & 1u << error->status)
		return;
	fprintf(stderr, "%s: status %d: %s\n", what, error->status, error->message);
	abort();
}

const char *fuzz_path(const uint8_t *data, size_t size)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		die("memfd");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

static char folder[64];
static pid_t owner;

static void remove_folder(void)
{
	char command[96];

	if (owner != getpid())
		return;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command))
		fprintf(stderr, "%s stays behind\n", folder);
}

const char *fuzz_folder(void)
{
	if (owner == getpid())
		return folder;
	strcpy(folder,
	       access("/dev/shm", W_OK) ? "/tmp/edge-fuzz-XXXXXX" : "/dev/shm/edge-fuzz-XXXXXX");
	fuzz_own++;
	if (!mkdtemp(folder))
		die(folder);
	owner = getpid();
	atexit(remove_folder);
	fuzz_own--;
	return folder;
}

const char *fuzz_file(const char *name, const void *data, size_t size)
{
	static char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", fuzz_folder(), name);
	fuzz_own++;
	file = fopen(path, "we");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file))
		die(path);
	fuzz_own--;
	return path;
}

/* FNV-1a. */
uint32_t fuzz_hash(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619;
	return hash;
}

static size_t view_bytes(const struct edge_view *view)
{
	size_t bytes = edge_type_size(view->type);

	for (int i = 0; i < view->rank; i++)
		bytes *= view->dims[i];
	return bytes;
}

/* Small numbers of both signs in any type; inputs are dense, in some order. */
static void fill(const struct edge_view *view)
{
	size_t size = edge_type_size(view->type), count = view_bytes(view) / size;

	for (size_t i = 0; i < count; i++) {
		int value = i * 7 % 11 - 3;

		switch (view->type) {
		case EDGE_F32:
			((float *)view->data)[i] = value * 0.25f;
			break;
		case EDGE_F16:
			((uint16_t *)view->data)[i] = value < 0 ? 0xbc00 : 0x3c00; /* -1, 1 */
			break;
		case EDGE_I32:
			((int32_t *)view->data)[i] = value;
			break;
		case EDGE_I64:
			((int64_t *)view->data)[i] = value;
			break;
		case EDGE_BOOL:
			((uint8_t *)view->data)[i] = value & 1;
			break;
		default:
			((uint8_t *)view->data)[i] = value * 40;
			break;
		}
	}
}

/* The outputs' bytes that are elements, and not gaps between rows. */
static uint32_t hash_outputs(struct edge_request *request)
{
	struct edge_view view;
	uint32_t hash = 0;

	for (size_t i = 0; !edge_request_output(request, i, &view); i++) {
		size_t size = edge_type_size(view.type), count = view_bytes(&view) / size;
		int64_t index[EDGE_MAX_RANK] = { 0 };

		for (size_t k = 0; k < count; k++) {
			const char *element = view.data;

			for (int d = 0; d < view.rank; d++)
				element += index[d] * view.strides[d] * (int64_t)size;
			hash = hash * 31 + fuzz_hash(element, size);
			for (int d = view.rank - 1; d >= 0 && ++index[d] == view.dims[d]; d--)
				index[d] = 0;
		}
	}
	return hash;
}

/* Runs a frame; false when that is not possible. @hash: of the outputs */
static bool run(const struct edge_program *program, const char *what, unsigned int statuses,
		uint32_t *hash)
{
	struct edge_session_settings settings;
	struct edge_request *request = NULL;
	struct edge_session *session = NULL;
	enum edge_status status;
	struct edge_error error;
	struct edge_view view;

	edge_session_settings_default(&settings);
	settings.threads = 1;
	status = edge_session_create(program, &settings, &session, &error);
	if (!status)
		status = edge_request_create(session, &request, &error);
	for (size_t i = 0; !status && !edge_request_input(request, i, &view); i++)
		fill(&view);
	if (!status)
		status = edge_request_run(request, &error);
	if (status)
		fuzz_expect(what, &error, statuses);
	else
		*hash = hash_outputs(request);
	edge_request_destroy(request);
	edge_session_destroy(session);
	return !status;
}

static void detect(const char *path, unsigned int statuses)
{
	uint8_t pixels[12 * 16 * 3];
	const struct edge_image image = { 16, 12, EDGE_PIXEL_RGB8, 16 * 3, pixels };
	struct edge_detector_settings settings;
	const struct edge_detection *boxes;
	struct edge_detector *detector;
	struct edge_error error;
	size_t count;

	for (size_t i = 0; i < sizeof(pixels); i++)
		pixels[i] = i * 37;
	edge_detector_settings_default(&settings);
	settings.limits = &fuzz_limits;
	settings.threads = 1;
	settings.score_threshold = 0.01f;
	if (edge_detector_open(path, &settings, &detector, &error)) {
		fuzz_expect("detector", &error, statuses);
		return;
	}
	if (edge_detector_run(detector, &image, &boxes, &count, &error)) {
		fuzz_expect("detect", &error, 0);
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!(boxes[i].x0 <= boxes[i].x1 && boxes[i].y0 <= boxes[i].y1 &&
		      boxes[i].x0 >= 0 && boxes[i].x1 <= 16 && boxes[i].y0 >= 0 &&
		      boxes[i].y1 <= 12 && boxes[i].score >= 0 && boxes[i].score <= 1) ||
		    !edge_detector_label(detector, boxes[i].class_id))
			die("a box that is none");
	}
	edge_detector_destroy(detector);
}

void fuzz_program(const char *path)
{
	const unsigned int statuses = FUZZ_STATUS(BAD_FORMAT) | FUZZ_STATUS(INCOMPATIBLE);
	struct edge_program *program;
	struct edge_error error;
	uint32_t hash;

	if (edge_program_load_within(path, &fuzz_limits, &program, &error)) {
		fuzz_expect("load", &error, statuses);
		return;
	}
	run(program, "run", statuses, &hash);
	edge_program_destroy(program);
	detect(path, statuses | FUZZ_STATUS(IO_ERROR));
}

/* The first input that must be bound gets a list of twos; false when there is none. */
static bool bind_one(struct edge_model *model, bool *bound)
{
	int64_t values[64];
	struct edge_view view = { .data = values };
	struct edge_tensor_info info;
	struct edge_error error;
	size_t i = 0;

	while (i < edge_model_num_inputs(model) && !edge_model_input_must_be_bound(model, i))
		i++;
	if (edge_model_input(model, i, &info))
		return false;
	view.type = info.type;
	view.rank = info.rank < 0 ? 1 : info.rank;
	for (int d = 0; d < view.rank; d++)
		view.dims[d] = info.rank < 0 || info.dims[d] < 0 ? 2 : info.dims[d];
	*bound = false;
	if (view_bytes(&view) > sizeof(values))
		return true;
	for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++)
		values[k] = info.type == EDGE_I64 ? 2 : 0x0000000200000002;
	if (!edge_model_bind_input(model, info.name, &view, &error))
		*bound = true;
	else
		fuzz_expect("bind", &error,
			    FUZZ_STATUS(BAD_FORMAT) | FUZZ_STATUS(INVALID_ARGUMENT));
	return true;
}

static struct edge_program *compile(const struct edge_model *model, uint32_t choice)
{
	static const unsigned int masks[] = { ~0u, ~0u, EDGE_CPU_SSE41, 0 };
	struct edge_compile_settings settings;
	struct edge_program *program = NULL;
	struct edge_error error;

	edge_compile_settings_default(&settings);
	settings.native_io = choice & 1;
	settings.no_fusion = (choice & 14) == 14;
	edge_set_cpu_mask(masks[choice >> 4 & 3]);
	if (edge_compile(model, &settings, &program, &error)) {
		fuzz_expect("compile", &error, 0);
		return NULL;
	}
	return program;
}

static void load_again(const char *path, uint32_t hash)
{
	struct edge_program *program;
	struct edge_error error;
	uint32_t other;

	if (edge_program_load_within(path, &fuzz_limits, &program, &error)) {
		fuzz_expect("load again", &error, 0);
		return;
	}
	if (run(program, "run again", 0, &other) && other != hash) {
		fprintf(stderr, "the loaded program computes something else\n");
		abort();
	}
	edge_program_destroy(program);
	/* A card in the metadata may be damaged, or name a file. */
	detect(path, FUZZ_STATUS(BAD_FORMAT) | FUZZ_STATUS(IO_ERROR));
}

void fuzz_model(struct edge_model *model, uint32_t choice)
{
	struct edge_program *program = NULL;
	struct edge_error error;
	bool bound = true;
	char path[96];
	uint32_t hash;

	while (bound && bind_one(model, &bound))
		;
	if (bound)
		program = compile(model, choice);
	if (program && run(program, "run", 0, &hash)) {
		snprintf(path, sizeof(path), "%s/saved.edge", fuzz_folder());
		if (edge_program_save(program, path, &error))
			fuzz_expect("save", &error, 0);
		else
			load_again(path, hash);
	}
	edge_program_destroy(program);
	edge_set_cpu_mask(~0u);
}
