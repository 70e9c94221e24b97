// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "cli.h"
#include "nets.h"
#include "peak/peak.h"
#include "progress.h"
#include "report.h"
#include "table.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl bench [OPTION...] MODEL\n"
	"       edgectl bench [OPTION...] --net NAME\n\n"
	"Measures a model, a program or a built-in network with random weights: loading, the first\n"
	"run, and the steady state.\n\n"
	"      --net NAME        a built-in network; --net help lists them\n"
	"      --seconds N       how long to measure the steady state (default: 2)\n"
	"      --warmup N        seconds of runs before that (default: 0.5)\n"
	"      --native-io       leave inputs and outputs in the kernels' layout, or as bytes\n"
	"      --profile         time of each node, GFLOP/s and share of the machine's measured peak\n" CLI_MODEL_HELP;

enum {
	OPTION_NET = CLI_OPTION_VERB,
	OPTION_SECONDS,
	OPTION_WARMUP,
	OPTION_NATIVE,
	OPTION_PROFILE,
};

#define MAX_RUNS 100000

struct bench {
	struct cli_model model;
	const char *net;
	const char *path;
	double seconds, warmup;
	bool native_io, profile, json;

	struct edge_program *program;
	struct edge_session *session;
	struct edge_request *request;
	uint64_t load, compile, prepare, first;
	uint64_t *runs;
	size_t num_runs;
	uint64_t *node_times; /* sums over the measured runs */
	size_t num_nodes;
	double peak, byte_peak, bf16_peak;
};

static enum edge_status load_model(struct bench *bench, struct edge_model **model,
				   struct edge_error *error)
{
	struct edge_load_settings settings;
	enum edge_status status;
	char *cfg;

	if (!bench->net)
		return cli_model_load(&bench->model, bench->path, model, error);
	cfg = net_cfg(bench->net);
	if (!cfg) {
		error->status = EDGE_INVALID_ARGUMENT;
		snprintf(error->message, sizeof(error->message),
			 "no built-in network '%s'; --net help lists them", bench->net);
		return EDGE_INVALID_ARGUMENT;
	}
	edge_load_settings_default(&settings);
	settings.random_weights = true;
	settings.limits = &bench->model.limits;
	status = edge_model_load_memory(cfg, strlen(cfg), bench->net, &settings, model, error);
	free(cfg);
	return status;
}

static enum edge_status load(struct bench *bench, struct edge_error *error)
{
	struct edge_compile_settings settings;
	struct edge_model *model = NULL;
	uint64_t start = cli_now();
	enum edge_status status;

	if (!bench->net && edge_program_probe(bench->path)) {
		status = cli_program_load(&bench->model, bench->path, &bench->program, error);
		bench->load = cli_now() - start;
		return status;
	}
	edge_compile_settings_default(&settings);
	settings.native_io = bench->native_io;
	settings.quantised_io = bench->native_io;
	settings.precision = bench->model.precision;
	status = load_model(bench, &model, error);
	bench->load = cli_now() - start;
	start = cli_now();
	if (!status)
		status = edge_compile(model, &settings, &bench->program, error);
	bench->compile = cli_now() - start;
	edge_model_destroy(model);
	return status;
}

/* Values between 0 and 1, as images have. */
static void fill_inputs(struct bench *bench)
{
	struct edge_view view;
	uint32_t seed = 1;

	for (size_t i = 0; !edge_request_input(bench->request, i, &view); i++) {
		int64_t elements = 1;

		for (int d = 0; d < view.rank; d++)
			elements *= view.dims[d];
		for (int64_t k = 0; view.type == EDGE_F32 && k < elements; k++) {
			seed = seed * 1664525 + 1013904223;
			((float *)view.data)[k] = (seed >> 8) / 16777216.0f;
		}
	}
}

static enum edge_status prepare(struct bench *bench, struct edge_error *error)
{
	struct edge_session_settings settings;
	uint64_t start = cli_now();
	enum edge_status status;

	edge_session_settings_default(&settings);
	settings.threads = bench->model.threads;
	settings.profile = bench->profile;
	status = edge_session_create(bench->program, &settings, &bench->session, error);
	if (!status)
		status = edge_request_create(bench->session, &bench->request, error);
	if (status)
		return status;
	bench->prepare = cli_now() - start;
	fill_inputs(bench);
	start = cli_now();
	status = edge_request_run(bench->request, error);
	bench->first = cli_now() - start;
	return status;
}

static enum edge_status measure(struct bench *bench, struct edge_error *error)
{
	uint64_t begin = cli_now();
	uint64_t warm = begin + (uint64_t)(bench->warmup * 1e9);
	uint64_t end = warm + (uint64_t)(bench->seconds * 1e9);

	while (bench->num_runs < MAX_RUNS) {
		uint64_t start = cli_now(), elapsed;
		enum edge_status status;

		if (start >= end && bench->num_runs)
			break;
		status = edge_request_run(bench->request, error);
		elapsed = cli_now() - start;
		if (status)
			return status;
		progress_update("bench", (start - begin) / 1000000, (end - begin) / 1000000 + 1);
		if (start < warm)
			continue;
		bench->runs[bench->num_runs++] = elapsed;
		for (size_t i = 0; bench->profile && i < bench->num_nodes; i++)
			bench->node_times[i] += edge_request_node_time(bench->request, i);
	}
	progress_end();
	return EDGE_OK;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static double percentile(const struct bench *bench, double share)
{
	return cli_ms(bench->runs[(size_t)(share * (bench->num_runs - 1))]);
}

static long peak_memory(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return used.ru_maxrss;
}

static double node_ms(const struct bench *bench, size_t i)
{
	return cli_ms(bench->node_times[i]) / bench->num_runs;
}

/* What the node's kernel could reach at most. */
static double peak_of(const struct bench *bench, const struct edge_node_info *node)
{
	return strstr(node->kernel, "bf16") ? bench->bf16_peak : bench->peak;
}

static void print_profile(const struct bench *bench)
{
	static const char *const columns[] = { "NODE", "OPERATOR", "OUTPUT",   "KERNEL", ">MS",
					       ">%",   ">GFLOP/S", ">OF PEAK", NULL };
	struct table *table = table_create(columns);
	struct edge_node_info node;
	double sum = 0;

	for (size_t i = 0; i < bench->num_nodes; i++)
		sum += node_ms(bench, i);
	for (size_t i = 0; !edge_program_node(bench->program, i, &node); i++) {
		double ms = node_ms(bench, i);
		double rate = ms > 0 ? node.flops / ms / 1e6 : 0;

		table_row(table);
		table_cell(table, "%s", node.name);
		table_cell(table, "%s", node.op);
		table_cell(table, "%s", cli_shape(node.rank, node.shape));
		table_cell(table, "%s", node.kernel);
		table_cell(table, "%.4f", ms);
		table_cell(table, "%.1f", 100 * ms / sum);
		table_cell(table, "%.1f", rate);
		table_cell(table, "%.0f%%", 100e9 * rate / peak_of(bench, &node));
	}
	table_print(table);
	putchar('\n');
}

static void print_result(const struct bench *bench)
{
	struct edge_program_info info;
	double median = percentile(bench, 0.5);

	edge_program_info(bench->program, &info);
	if (bench->profile)
		print_profile(bench);
	printf("%-14s %s, %u thread%s, %s%s%s\n", "model", bench->net ? bench->net : bench->path,
	       edge_session_threads(bench->session),
	       edge_session_threads(bench->session) == 1 ? "" : "s",
	       edge_cpu_level_name(info.cpu_flags), info.num_bf16 ? ", " : "",
	       cli_precision(&info));
	printf("%-14s %.2f ms", "load", cli_ms(bench->load));
	if (bench->compile)
		printf(", compile %.2f ms", cli_ms(bench->compile));
	printf(", prepare %.2f ms\n%-14s %.2f ms\n", cli_ms(bench->prepare), "first run",
	       cli_ms(bench->first));
	printf("%-14s median %.3f ms, p90 %.3f ms, min %.3f ms over %zu runs\n", "steady state",
	       median, percentile(bench, 0.9), percentile(bench, 0), bench->num_runs);
	printf("%-14s %.1f GFLOP/s, %.0f%% of the %.0f GFLOP/s measured as this machine's peak\n",
	       "rate", info.flops / median / 1e6, 100e3 * info.flops / median / bench->peak,
	       bench->peak / 1e9);
	printf("%-14s arena %s, constants %s, process peak %s\n", "memory",
	       cli_bytes(info.arena_bytes), cli_bytes(info.constant_bytes),
	       cli_bytes(peak_memory() * 1024ull));
}

static json_t *report_profile(const struct bench *bench)
{
	json_t *nodes = json_array();
	struct edge_node_info node;

	for (size_t i = 0; !edge_program_node(bench->program, i, &node); i++)
		json_array_append_new(nodes,
				      json_pack("{s:s, s:s, s:s, s:I, s:f}", "name", node.name,
						"op", node.op, "kernel", node.kernel, "flops",
						(json_int_t)node.flops, "ms", node_ms(bench, i)));
	return nodes;
}

static int report_result(const struct bench *bench)
{
	json_t *object = report_create("bench");
	struct edge_program_info info;

	edge_program_info(bench->program, &info);
	json_object_update_new(
		object,
		json_pack(
			"{s:s, s:i, s:s, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:I, s:I, s:f, s:f, s:I}",
			"model", bench->net ? bench->net : bench->path, "threads",
			(int)edge_session_threads(bench->session), "cpu",
			edge_cpu_level_name(info.cpu_flags), "bf16_nodes",
			(json_int_t)info.num_bf16, "load_ms", cli_ms(bench->load), "compile_ms",
			cli_ms(bench->compile), "prepare_ms", cli_ms(bench->prepare), "first_ms",
			cli_ms(bench->first), "median_ms", percentile(bench, 0.5), "p90_ms",
			percentile(bench, 0.9), "min_ms", percentile(bench, 0), "runs",
			(json_int_t)bench->num_runs, "flops", (json_int_t)info.flops, "peak_flops",
			bench->peak, "peak_byte_operations", bench->byte_peak, "peak_memory_bytes",
			(json_int_t)peak_memory() * 1024));
	if (bench->profile)
		json_object_set_new(object, "nodes", report_profile(bench));
	return report_print(object);
}

static int run(struct bench *bench)
{
	struct edge_program_info info;
	struct edge_error error = { 0 };
	int result = CLI_FAILED;

	if (load(bench, &error))
		goto failed;
	edge_program_info(bench->program, &info);
	bench->num_nodes = info.num_nodes;
	bench->runs = calloc(MAX_RUNS, sizeof(*bench->runs));
	bench->node_times = calloc(info.num_nodes + 1, sizeof(*bench->node_times));
	if (!bench->runs || !bench->node_times) {
		cli_message("out of memory");
		goto destroy;
	}
	if (prepare(bench, &error) || measure(bench, &error))
		goto failed;
	qsort(bench->runs, bench->num_runs, sizeof(*bench->runs), compare);
	bench->peak = peak_flops(info.cpu_flags, edge_session_threads(bench->session));
	if (info.num_bf16)
		bench->bf16_peak =
			peak_bf16_operations(info.cpu_flags, edge_session_threads(bench->session));
	if (bench->json)
		bench->byte_peak =
			peak_byte_operations(info.cpu_flags, edge_session_threads(bench->session));
	if (bench->json) {
		result = report_result(bench);
	} else {
		print_result(bench);
		result = CLI_OK;
	}
	goto destroy;

failed:
	cli_failed(&error);
destroy:
	edge_request_destroy(bench->request);
	edge_session_destroy(bench->session);
	edge_program_destroy(bench->program);
	free(bench->node_times);
	free(bench->runs);
	return result;
}

static int list_nets(void)
{
	static const char *const columns[] = { "NETWORK", "WHAT", "SOURCE", NULL };
	struct table *table = table_create(columns);

	for (size_t i = 0; nets[i].name; i++) {
		table_row(table);
		table_cell(table, "%s", nets[i].name);
		table_cell(table, "%s", nets[i].summary);
		table_cell(table, "%s", nets[i].source);
	}
	table_print(table);
	return CLI_OK;
}

int verb_bench(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, OPTION_NET },
		{ "seconds", required_argument, NULL, OPTION_SECONDS },
		{ "warmup", required_argument, NULL, OPTION_WARMUP },
		{ "native-io", no_argument, NULL, OPTION_NATIVE },
		{ "profile", no_argument, NULL, OPTION_PROFILE },
		CLI_MODEL_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct bench bench = { .seconds = 2, .warmup = 0.5 };
	int option;

	while ((option = getopt_long(argc, argv, "t:h", options, NULL)) != -1) {
		bool good = true;

		switch (option) {
		case OPTION_NET:
			bench.net = optarg;
			break;
		case OPTION_SECONDS:
			good = cli_read_float("seconds", optarg, 0, 3600, &bench.seconds);
			break;
		case OPTION_WARMUP:
			good = cli_read_float("warmup", optarg, 0, 3600, &bench.warmup);
			break;
		case OPTION_NATIVE:
			bench.native_io = true;
			break;
		case OPTION_PROFILE:
			bench.profile = true;
			break;
		case CLI_OPTION_JSON:
			bench.json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case '?':
			return cli_usage("bench");
		default:
			good = cli_model_option(&bench.model, option, optarg);
		}
		if (!good)
			return CLI_USAGE;
	}
	if (bench.net && !strcmp(bench.net, "help"))
		return list_nets();
	if (argc - optind != !bench.net)
		return cli_usage("bench");
	bench.path = argv[optind];
	return run(&bench);
}
