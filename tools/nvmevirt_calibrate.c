/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt calibrate: derive parameters of the simple model from measurements of a drive.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libnvmevirt_sim.h>

#include "nvmevirt.h"

const char nvmevirt_calibrate_usage[] =
	"Usage: nvmevirt calibrate --read-latency US --read-bandwidth MIB_S\n"
	"                          --write-latency US --write-bandwidth MIB_S [--units N]\n\n"
	"Derive the parameters of the timing model `simple` from measured figures, and check them\n"
	"by running the model. Measure, with xnvmeperf for instance:\n\n"
	"  latency     mean of 4 KiB requests, one at a time, in microseconds, less what the host\n"
	"              needs for one (the same on a drive of the preset `null`)\n"
	"  bandwidth   128 KiB requests, many at a time, in MiB/s\n\n"
	"Prints a [model] and a [simple] table for a description file: save it and open it as\n"
	"virt:FILE.toml. Exit status: 0 done, 1 no parameters fit, 2 wrong usage\n";

enum { OPT_READ_LAT = 256, OPT_READ_BW, OPT_WRITE_LAT, OPT_WRITE_BW, OPT_UNITS };

static const struct option long_options[] = {
	{"read-latency", required_argument, NULL, OPT_READ_LAT},
	{"read-bandwidth", required_argument, NULL, OPT_READ_BW},
	{"write-latency", required_argument, NULL, OPT_WRITE_LAT},
	{"write-bandwidth", required_argument, NULL, OPT_WRITE_BW},
	{"units", required_argument, NULL, OPT_UNITS},
	{0},
};

static void
print_result(const struct nvmevirt_calibrate_result *result)
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

int
nvmevirt_calibrate_main(int argc, char **argv)
{
	struct nvmevirt_calibrate_way read = {0}, write = {0};
	struct nvmevirt_calibrate_result result;
	double units = 0, *to;
	char *end;
	int opt;

	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (opt) {
		case OPT_READ_LAT:
			to = &read.latency_us;
			break;
		case OPT_READ_BW:
			to = &read.bandwidth_mib_s;
			break;
		case OPT_WRITE_LAT:
			to = &write.latency_us;
			break;
		case OPT_WRITE_BW:
			to = &write.bandwidth_mib_s;
			break;
		case OPT_UNITS:
			to = &units;
			break;
		default:
			fputs(nvmevirt_calibrate_usage, stderr);
			return 2;
		}
		*to = strtod(optarg, &end);
		if (end == optarg || *end || !(*to > 0) || *to > 1e9) {
			fprintf(stderr, "'%s' is not a positive number\n\n%s", optarg,
				nvmevirt_calibrate_usage);
			return 2;
		}
	}
	if (optind != argc || !(read.latency_us > 0 && read.bandwidth_mib_s > 0 &&
				write.latency_us > 0 && write.bandwidth_mib_s > 0)) {
		fprintf(stderr, "all four figures are needed\n\n%s", nvmevirt_calibrate_usage);
		return 2;
	}
	if (nvmevirt_calibrate_simple(&read, &write, (uint32_t)units, &result)) {
		fprintf(stderr, "%s\n", result.why);
		return 1;
	}
	print_result(&result);
	return 0;
}
