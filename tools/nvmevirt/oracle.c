/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt oracle: repeat recorded runs of NVMeVirt, and compare.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sim/sim.h>

#include "../common/tool_stop.h"
#include "nvmevirt.h"

const char nvmevirt_oracle_usage[] =
	"Usage: nvmevirt oracle [-q] [--compare] PATH...\n\n"
	"Repeat recorded runs of NVMeVirt on the model nvmevirt1, with the jobs that set them\n"
	"up, and compare every row (start, completion, status), the totals and the fingerprint\n"
	"of the run.\n\n"
	"  PATH   NAME.csv or NAME.json of a recording, unit_chmodel_*.csv, *_state_machine.csv,\n"
	"         or a folder with any of these (those named anomaly_ are skipped: they show\n"
	"         faults). The name starts with the preset: 970pro_, zn540_, znsproto_,\n"
	"         znsproto96_, optane_, kv_\n"
	"  -q     print the sums only\n"
	"  --compare   run the recipes on the model parallel instead, and print how far its\n"
	"         bandwidth and mean latency are from the recorded ones\n\n"
	"SIGINT or SIGTERM end it after the recording that is being repeated, with the sums until\n"
	"then and exit status 1.\n\n"
	"Exit status: 0 all the same, 1 something differs or cannot be read, 2 wrong usage\n";

static void
say(void *arg, const char *line)
{
	const bool *quiet = arg;

	if (!*quiet) {
		printf("%s\n", line);
		fflush(stdout);
	}
}

struct request {
	bool quiet, compare;
	int failed;
	struct oracle_result result;
	struct oracle_compare_result compared;
};

static bool
is_stopped(void)
{
	return atomic_load(&tool_stop);
}

static void
run_path(struct request *request, const char *path)
{
	int err;

	if (request->compare) {
		err = oracle_compare(path, say, &request->quiet, &request->compared);
	} else {
		err = oracle_run(path, say, &request->quiet, &request->result);
	}
	if (err && !tool_stop_signal()) {
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
		request->failed = 1;
	}
}

static void
print_sums(const struct request *request)
{
	const struct oracle_compare_result *compared = &request->compared;

	if (!request->compare) {
		printf("rows %" PRIu64 ", mismatches %" PRIu64 "\n", request->result.rows,
		       request->result.mismatches);
		return;
	}
	printf("runs %" PRIu64 ", differences %" PRIu64 ": harmonic mean %.2f %%; %" PRIu64
	       " above 5 %% with a reason, of the other %" PRIu64 " mean %.2f %%, largest %.2f "
	       "%%\n", compared->runs, compared->values, compared->harmonic_mean_percent,
	       compared->reasoned, compared->plain, compared->mean_percent,
	       compared->largest_percent);
}

int
nvmevirt_oracle_main(int argc, char **argv)
{
	struct request request = {.result.stop = is_stopped, .compared.stop = is_stopped};
	int first = 1;

	for (; first < argc && argv[first][0] == '-' && argv[first][1]; ++first) {
		if (strcmp(argv[first], "-q") == 0 || strcmp(argv[first], "--quiet") == 0) {
			request.quiet = true;
		} else if (strcmp(argv[first], "--compare") == 0) {
			request.compare = true;
		} else {
			fprintf(stderr, "no option '%s'\n\n%s", argv[first], nvmevirt_oracle_usage);
			return 2;
		}
	}
	if (first == argc) {
		fprintf(stderr, "name at least one recording\n\n%s", nvmevirt_oracle_usage);
		return 2;
	}
	tool_stop_catch();
	for (int i = first; i < argc && !is_stopped(); ++i) {
		run_path(&request, argv[i]);
	}
	print_sums(&request);
	if (tool_stop_signal()) {
		fprintf(stderr, "stopped by %s: the sums are of the recordings until then\n",
			tool_stop_signal());
		return 1;
	}
	return request.failed || request.result.mismatches ? 1 : 0;
}
