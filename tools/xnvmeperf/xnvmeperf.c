/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvmeperf: rates, latencies and processor time of one or more devices.
 */
#include "perf.h"

static struct xnvme_cli_sub subs[] = {
	TOOL_SUB("run", "Run a time-bounded async IO benchmark against one or more NVMe devices",
		 perf_sub_run,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_URI, XNVME_CLI_POSN},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_IOPATTERN, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_RUNTIME, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_NQUEUES, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_CPUMASK, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_CPULIST, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SEED, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_FILL, XNVME_CLI_LFLG},
		 TOOL_PATH_OPTS, {XNVME_CLI_OPT_SUBNQN, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_RDONLY, XNVME_CLI_LFLG},
		 {XNVME_CLI_OPT_POLL_IO, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_POLL_SQ, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_POLICY, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_GPU_ID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SHM_ID, XNVME_CLI_LOPT}),
	TOOL_SUB("verify",
		 "For each device: writes --count sequential IOs with a per-LBA pattern, reads "
		 "them back and compares", perf_sub_verify,
		 {XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP}, {XNVME_CLI_OPT_URI, XNVME_CLI_POSN},
		 {XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
		 {XNVME_CLI_OPT_IOSIZE, XNVME_CLI_LREQ}, {XNVME_CLI_OPT_COUNT, XNVME_CLI_LREQ},
		 {XNVME_CLI_OPT_QDEPTH, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SEED, XNVME_CLI_LOPT},
		 TOOL_PATH_OPTS, {XNVME_CLI_OPT_SUBNQN, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_DIRECT, XNVME_CLI_LFLG}, {XNVME_CLI_OPT_POLL_IO, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_POLL_SQ, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_POLICY, XNVME_CLI_LOPT},
		 {XNVME_CLI_OPT_GPU_ID, XNVME_CLI_LOPT}, {XNVME_CLI_OPT_SHM_ID, XNVME_CLI_LOPT}),
};

static struct xnvme_cli cli = {
	.title = "xnvmeperf - measure and verify",
	.descr_short = "Measure and verify NVMe devices",
	.descr_long = "Keep the queues of one or more devices full, and tell rates, latencies and "
		      "processor time; or write, read back and compare. While it measures it "
		      "polls, with --policy conserve-cpu it sleeps between completions",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_NONE);
}
