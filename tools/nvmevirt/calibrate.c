/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt calibrate: derive parameters of the simple model from measurements of a drive.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sim/sim.h>

#include "nvmevirt.h"

const char nvmevirt_calibrate_usage[] =
	"Usage: nvmevirt calibrate --read-latency US --read-bandwidth MIB_S\n"
	"                          --write-latency US --write-bandwidth MIB_S [--units N]\n"
	"                          [--output json]\n\n"
	"Derive the parameters of the timing model `simple` from measured figures, and check them\n"
	"by running the model. Measure, with xnvmeperf for instance:\n\n"
	"  latency     mean of 4 KiB requests, one at a time, in microseconds, less what the host\n"
	"              needs for one (the same on a drive of the preset `null`)\n"
	"  bandwidth   128 KiB requests, many at a time, in MiB/s\n\n"
	"Prints a [model] and a [simple] table for a description file: save it and open it as\n"
	"virt:FILE.toml; or, with --output json, an object for programs (schema 1).\n\n"
	"Exit status: 0 done, 1 no parameters fit, 2 wrong usage\n";

enum { OPT_READ_LAT = 256, OPT_READ_BW, OPT_WRITE_LAT, OPT_WRITE_BW, OPT_UNITS, OPT_OUTPUT };

static const struct option long_options[] = {
	{"read-latency", required_argument, NULL, OPT_READ_LAT},
	{"read-bandwidth", required_argument, NULL, OPT_READ_BW},
	{"write-latency", required_argument, NULL, OPT_WRITE_LAT},
	{"write-bandwidth", required_argument, NULL, OPT_WRITE_BW},
	{"units", required_argument, NULL, OPT_UNITS},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{0},
};

static void
print_result(const struct calibrate_result *result)
{
	printf("# simple then does: read %.3f us, %.1f MiB/s; write %.3f us, %.1f MiB/s\n",
	       result->read_latency_us, result->read_bandwidth_mib_s, result->write_latency_us,
	       result->write_bandwidth_mib_s);
	printf("[model]\nname = \"simple\"\n\n[simple]\n");
	printf("units = %u\nunit_shift = %u\n", result->units, result->unit_shift);
	printf("read_delay_ns = %u\nread_time_ns = %u\n", result->read_delay_ns,
	       result->read_time_ns);
	printf("write_delay_ns = %u\nwrite_time_ns = %u\n", result->write_delay_ns,
	       result->write_time_ns);
	printf("\n[[namespace]]\nnbytes = \"1GiB\"\n");
}

static void
print_json(const struct calibrate_result *result)
{
	printf("{\"schema\": 1, \"units\": %u, \"unit_shift\": %u, \"read_delay_ns\": %u, "
	       "\"read_time_ns\": %u, \"write_delay_ns\": %u, \"write_time_ns\": %u, ",
	       result->units, result->unit_shift, result->read_delay_ns, result->read_time_ns,
	       result->write_delay_ns, result->write_time_ns);
	printf("\"read_latency_us\": %.3f, \"read_mib_s\": %.1f, \"write_latency_us\": %.3f, "
	       "\"write_mib_s\": %.1f}\n", result->read_latency_us,
	       result->read_bandwidth_mib_s, result->write_latency_us,
	       result->write_bandwidth_mib_s);
}

struct request {
	struct calibrate_way read, write;
	double units;
	bool json;
};

static int
wrong(const struct request *request, const char *what, const char *sentence)
{
	return nvmevirt_refuse(request->json, "calibrate", nvmevirt_calibrate_usage, -EINVAL,
			       "%s%s%s%s", what ? "'" : "", what ? what : "", what ? "' " : "",
			       sentence);
}

/* 0, or 2 for wrong usage */
static int
parse(int argc, char **argv, struct request *request)
{
	double *const figures[] = {&request->read.latency_us, &request->read.bandwidth_mib_s,
				   &request->write.latency_us, &request->write.bandwidth_mib_s,
				   &request->units};
	double *to;
	char *end;
	int opt;

	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (opt == OPT_OUTPUT) {
			if (strcmp(optarg, "json") != 0 && strcmp(optarg, "text") != 0) {
				return wrong(request, optarg, "is neither text nor json");
			}
			continue;
		}
		if (opt < OPT_READ_LAT || opt > OPT_UNITS) {
			return wrong(request, NULL, "there is no such option, or it wants a value");
		}
		to = figures[opt - OPT_READ_LAT];
		*to = strtod(optarg, &end);
		if (end == optarg || *end || !(*to > 0) || *to > 1e9) {
			return wrong(request, optarg, "is not a positive number");
		}
	}
	for (int i = 0; i < 4; ++i) {
		if (optind != argc || !(*figures[i] > 0)) {
			return wrong(request, NULL,
				     "all four figures are needed, and nothing else");
		}
	}
	return 0;
}

int
nvmevirt_calibrate_main(int argc, char **argv)
{
	struct request request = {.json = nvmevirt_wants_json(argc, argv)};
	struct calibrate_result result;
	int rc = parse(argc, argv, &request);

	if (rc) {
		return rc;
	}
	rc = calibrate_simple(&request.read, &request.write, (uint32_t)request.units,
				       &result);
	if (rc) {
		return nvmevirt_refuse(request.json, "calibrate", NULL, rc, "%s", result.why);
	}
	if (request.json) {
		print_json(&result);
	} else {
		print_result(&result);
	}
	return 0;
}
