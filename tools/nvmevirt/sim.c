/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt sim: replay a trace on a virtual SSD, in virtual time.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sim/sim.h>

#include "../common/tool_stop.h"
#include "nvmevirt.h"

const char nvmevirt_sim_usage[] =
	"Usage: nvmevirt sim [options] TRACE\n\n"
	"Replay a trace on a virtual SSD's timing model in virtual time, and print bandwidth,\n"
	"IOPS, latencies, write amplification, erase counts and a time series.\n\n"
	"Instants count from the first request, whatever epoch the recorder had.\n\n"
	"  TRACE            `at_ns,op,offset,nbytes[,fua]` (op R, W, F, T, A), fio's iolog 2\n"
	"                   or 3, blkparse's text, or a recording of `nvmevirt oracle`\n"
	"  --uri URI        the drive: a preset or description, ,key=value (samsung-970-pro)\n"
	"  --qdepth N       N requests at once, whatever the trace's instants (iolog 2: 1)\n"
	"  --fill N         write all of the drive N times before\n"
	"  --window MS      a time series in steps of so many milliseconds\n"
	"  --seed N         of the drive's random choices\n"
	"  --wrap           fold requests beyond the drive's end back into it\n"
	"  --output json    for programs (schema 1)\n\n"
	"A bar on a terminal shows how far it is. SIGINT or SIGTERM end it early, with the result\n"
	"of what was replayed, `stopped: 1` and exit status 1.\n\n"
	"Exit status: 0 done, 1 failed or stopped, 2 wrong usage\n";

static double
per_s(uint64_t count, uint64_t elapsed_ns)
{
	return elapsed_ns ? (double)count / ((double)elapsed_ns / 1e9) : 0;
}

static double
waf_of(uint64_t user, uint64_t gc)
{
	return user ? (double)(user + gc) / (double)user : 0;
}

static void
print_latency(const char *name, const struct sim_latency *lat)
{
	if (lat->count == 0) {
		return;
	}
	printf("  %s: {count: %" PRIu64 ", mean_us: %.3f, min_us: %.3f, p50_us: %.3f, "
	       "p90_us: %.3f, p99_us: %.3f, p99.9_us: %.3f, p99.99_us: %.3f, max_us: %.3f}\n",
	       name, lat->count, lat->mean_ns / 1e3, (double)lat->min_ns / 1e3,
	       (double)lat->p50_ns / 1e3, (double)lat->p90_ns / 1e3, (double)lat->p99_ns / 1e3,
	       (double)lat->p999_ns / 1e3, (double)lat->p9999_ns / 1e3,
	       (double)lat->max_ns / 1e3);
}

static void
print_text(const struct sim_result *result)
{
	printf("nvmevirt_sim:\n  model: %s\n  stopped: %d\n", result->model, result->stopped);
	printf("  requests: %" PRIu64 "\n  reads: %" PRIu64 "\n  writes: %" PRIu64
	       "\n  others: %" PRIu64 "\n", result->requests, result->reads, result->writes,
	       result->others);
	printf("  elapsed_s: %.9f\n  mib_s: %.3f\n  read_mib_s: %.3f\n  write_mib_s: %.3f\n"
	       "  iops: %.1f\n", (double)result->elapsed_ns / 1e9,
	       per_s(result->read_nbytes + result->write_nbytes, result->elapsed_ns) / 1048576,
	       per_s(result->read_nbytes, result->elapsed_ns) / 1048576,
	       per_s(result->write_nbytes, result->elapsed_ns) / 1048576,
	       per_s(result->requests, result->elapsed_ns));
	print_latency("latency", &result->all);
	print_latency("latency_read", &result->read);
	print_latency("latency_other", &result->other);
	printf("  waf: %.6f\n  user_program_nbytes: %" PRIu64 "\n  gc_program_nbytes: %" PRIu64
	       "\n  gc_moves: %" PRIu64 "\n  erases: %" PRIu64 "\n  buffer_hits: %" PRIu64
	       "\n  lines: %" PRIu64 "\n  free_lines: %" PRIu64 "\n",
	       waf_of(result->user_program_nbytes, result->gc_program_nbytes),
	       result->user_program_nbytes, result->gc_program_nbytes, result->gc_moves,
	       result->erases, result->buffer_hits, result->lines, result->free_lines);
	printf("  erase_histogram: [");
	for (uint32_t i = 0; i < result->erase_histogram_count; ++i) {
		printf("%s%" PRIu64, i ? ", " : "", result->erase_histogram[i]);
	}
	printf("]\n");
	if (result->window_count) {
		printf("  windows: # end_ms, requests, read_mib, write_mib, waf\n");
	}
	for (uint64_t i = 0; i < result->window_count; ++i) {
		const struct sim_window *window = &result->windows[i];

		printf("  - [%.3f, %" PRIu64 ", %.3f, %.3f, %.3f]\n",
		       (double)window->end_ns / 1e6, window->requests,
		       (double)window->read_nbytes / 1048576,
		       (double)window->write_nbytes / 1048576,
		       waf_of(window->user_program_nbytes, window->gc_program_nbytes));
	}
}

static void
json_latency(const char *name, const struct sim_latency *lat)
{
	printf(", \"%s\": {\"count\": %" PRIu64 ", \"mean_ns\": %.3f, \"min_ns\": %" PRIu64
	       ", \"p50_ns\": %" PRIu64 ", \"p90_ns\": %" PRIu64 ", \"p99_ns\": %" PRIu64
	       ", \"p999_ns\": %" PRIu64 ", \"p9999_ns\": %" PRIu64 ", \"max_ns\": %" PRIu64 "}",
	       name, lat->count, lat->mean_ns, lat->min_ns, lat->p50_ns, lat->p90_ns, lat->p99_ns,
	       lat->p999_ns, lat->p9999_ns, lat->max_ns);
}

static void
print_json(const struct sim_result *result)
{
	printf("{\"schema\": 1, \"model\": \"%s\", \"stopped\": %d, \"requests\": %" PRIu64
	       ", \"reads\": %" PRIu64
	       ", \"writes\": %" PRIu64 ", \"others\": %" PRIu64 ", \"read_nbytes\": %" PRIu64
	       ", \"write_nbytes\": %" PRIu64 ", \"elapsed_ns\": %" PRIu64, result->model,
	       result->stopped, result->requests, result->reads, result->writes, result->others,
	       result->read_nbytes, result->write_nbytes, result->elapsed_ns);
	printf(", \"mib_s\": %.3f, \"iops\": %.1f",
	       per_s(result->read_nbytes + result->write_nbytes, result->elapsed_ns) / 1048576,
	       per_s(result->requests, result->elapsed_ns));
	json_latency("latency", &result->all);
	json_latency("latency_read", &result->read);
	json_latency("latency_other", &result->other);
	printf(", \"waf\": %.6f, \"user_program_nbytes\": %" PRIu64
	       ", \"gc_program_nbytes\": %" PRIu64 ", \"gc_moves\": %" PRIu64
	       ", \"erases\": %" PRIu64 ", \"buffer_hits\": %" PRIu64 ", \"lines\": %" PRIu64
	       ", \"free_lines\": %" PRIu64 ", \"erase_histogram\": [",
	       waf_of(result->user_program_nbytes, result->gc_program_nbytes),
	       result->user_program_nbytes, result->gc_program_nbytes, result->gc_moves,
	       result->erases, result->buffer_hits, result->lines, result->free_lines);
	for (uint32_t i = 0; i < result->erase_histogram_count; ++i) {
		printf("%s%" PRIu64, i ? ", " : "", result->erase_histogram[i]);
	}
	printf("], \"windows\": [");
	for (uint64_t i = 0; i < result->window_count; ++i) {
		const struct sim_window *window = &result->windows[i];

		printf("%s{\"end_ns\": %" PRIu64 ", \"requests\": %" PRIu64
		       ", \"read_nbytes\": %" PRIu64 ", \"write_nbytes\": %" PRIu64
		       ", \"user_program_nbytes\": %" PRIu64 ", \"gc_program_nbytes\": %" PRIu64
		       "}", i ? ", " : "", window->end_ns, window->requests, window->read_nbytes,
		       window->write_nbytes, window->user_program_nbytes,
		       window->gc_program_nbytes);
	}
	printf("]}\n");
}

static bool
number(const char *text, uint64_t most, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *value <= most;
}

enum { OPT_URI = 256, OPT_QDEPTH, OPT_FILL, OPT_WINDOW, OPT_SEED, OPT_WRAP, OPT_OUTPUT };

static const struct option long_options[] = {
	{"uri", required_argument, NULL, OPT_URI},
	{"qdepth", required_argument, NULL, OPT_QDEPTH},
	{"fill", required_argument, NULL, OPT_FILL},
	{"window", required_argument, NULL, OPT_WINDOW},
	{"seed", required_argument, NULL, OPT_SEED},
	{"wrap", no_argument, NULL, OPT_WRAP},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{0},
};

/* Returns 0, or 2 for an invalid command line */
static int
options_parse(int argc, char **argv, struct sim_options *options, bool json)
{
	uint64_t value = 0;
	int opt;

	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		bool fine = true;

		switch (opt) {
		case OPT_URI:
			options->uri = optarg;
			break;
		case OPT_QDEPTH:
			fine = number(optarg, 1 << 20, &value) && value > 0;
			options->depth = (uint32_t)value;
			break;
		case OPT_FILL:
			fine = number(optarg, 1000, &value);
			options->fill = (uint32_t)value;
			break;
		case OPT_WINDOW:
			fine = number(optarg, 1ULL << 40, &value);
			options->window_ns = value * 1000000;
			break;
		case OPT_SEED:
			fine = number(optarg, UINT64_MAX, &options->seed);
			break;
		case OPT_WRAP:
			options->wrap = true;
			break;
		case OPT_OUTPUT:
			fine = !strcmp(optarg, "json") || !strcmp(optarg, "text");
			break;
		default:
			return nvmevirt_refuse(json, "sim", nvmevirt_sim_usage, -EINVAL,
					       "there is no such option, or it wants a value");
		}
		if (!fine) {
			return nvmevirt_refuse(json, "sim", nvmevirt_sim_usage, -EINVAL,
					       "'%s' is out of range", optarg);
		}
	}
	return 0;
}

static bool
on_progress(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	xnvme_cli_progress("requests", done, total + 1); /* + 1: the bar stays until the end */
	return atomic_load(&tool_stop);
}

int
nvmevirt_sim_main(int argc, char **argv)
{
	struct sim_options options = {.uri = "samsung-970-pro", .progress = on_progress};
	struct sim_result result;
	bool json = nvmevirt_wants_json(argc, argv);
	int rc = options_parse(argc, argv, &options, json);

	if (rc) {
		return rc;
	}
	if (optind != argc - 1) {
		return nvmevirt_refuse(json, "sim", nvmevirt_sim_usage, -EINVAL, "name one trace");
	}
	tool_stop_catch();
	rc = sim_run(argv[optind], &options, &result);
	xnvme_cli_progress("requests", 1, 1);
	if (rc) {
		return nvmevirt_refuse(json, "sim", NULL, rc, "%s: %s", argv[optind], result.why);
	}
	if (json) {
		print_json(&result);
	} else {
		print_text(&result);
	}
	sim_result_free(&result);
	if (result.stopped) {
		fprintf(stderr, "stopped by %s: the result is of the requests until then\n",
			tool_stop_signal());
	}
	return result.stopped ? 1 : 0;
}
