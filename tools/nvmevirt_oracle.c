/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt oracle: repeat recorded runs of NVMeVirt, and compare.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libnvmevirt_sim.h>

#include "nvmevirt.h"

static const char usage[] =
	"Usage: nvmevirt oracle [-q] PATH...\n\n"
	"Repeat recorded runs of NVMeVirt on the model nvmevirt1, with the jobs that set them\n"
	"up, and compare every row (start, completion, status), the totals and the fingerprint\n"
	"of the run.\n\n"
	"  PATH   NAME.csv or NAME.json of a recording, unit_chmodel_*.csv, *_state_machine.csv,\n"
	"         or a folder with any of these (those named anomaly_ are skipped: they show\n"
	"         faults). The name starts with the preset: 970pro_, zn540_, znsproto_,\n"
	"         znsproto96_, optane_, kv_\n"
	"  -q     print the sums only\n\n"
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

int
nvmevirt_oracle_main(int argc, char **argv)
{
	struct nvmevirt_oracle_result result = {0};
	bool quiet = false;
	int first = 1, failed = 0;

	for (; first < argc && argv[first][0] == '-' && argv[first][1]; ++first) {
		if (strcmp(argv[first], "-q") == 0 || strcmp(argv[first], "--quiet") == 0) {
			quiet = true;
		} else if (strcmp(argv[first], "-h") == 0 || strcmp(argv[first], "--help") == 0) {
			fputs(usage, stdout);
			return 0;
		} else {
			fprintf(stderr, "no option '%s'\n\n%s", argv[first], usage);
			return 2;
		}
	}
	if (first == argc) {
		fprintf(stderr, "name at least one recording\n\n%s", usage);
		return 2;
	}
	for (int i = first; i < argc; ++i) {
		int err = nvmevirt_oracle_run(argv[i], say, &quiet, &result);

		if (err) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(-err));
			failed = 1;
		}
	}
	printf("rows %" PRIu64 ", mismatches %" PRIu64 "\n", result.rows, result.mismatches);
	return failed || result.mismatches ? 1 : 0;
}
