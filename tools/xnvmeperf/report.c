/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Results of a run: a human-readable table, or a record for programs.
 */
#include <inttypes.h>
#include <stdio.h>

#include "../common/tool_stop.h"
#include "perf.h"

static double
per_second(uint64_t count, uint64_t elapsed_ns)
{
	return elapsed_ns ? (double)count * 1e9 / (double)elapsed_ns : 0.0;
}

static double
mib_per_second(const struct perf_run *run, uint64_t nios, uint64_t elapsed_ns)
{
	return per_second(nios, elapsed_ns) * run->spec.iosize / (1 << 20);
}

static uint64_t
latency_ns(const struct perf_target *target, uint32_t permille)
{
	return (uint64_t)((double)hist_permille(&target->hist, permille) * target->ns_per_tick);
}

static uint64_t
longest_ns(const struct perf_target *target)
{
	return (uint64_t)((double)target->hist.max * target->ns_per_tick);
}

static uint64_t
cpu_per_io(const struct perf_target *target)
{
	uint64_t nios = target->nios + target->nfailed;

	return nios ? target->cpu_ns / nios : 0;
}

/* The processors of the run as text: 0,1 or - when the threads are not pinned */
static void
cpus_text(const struct perf_run *run, char *text, size_t nbytes)
{
	size_t used = 0;

	snprintf(text, nbytes, "-");
	for (uint32_t i = 0; run->cpus && i < run->nthreads && used < nbytes; ++i) {
		used += (size_t)snprintf(text + used, nbytes - used, "%s%u", i ? "," : "",
					 run->cpus[i]);
	}
}

static void
report_rates(const struct perf_run *run)
{
	double iops = 0, mib = 0;
	uint64_t nfailed = 0;
	char cpus[16];

	cpus_text(run, cpus, sizeof(cpus));
	printf("\n%s\n xnvmeperf (elapsed: %.2fs)\n%s\n", PERF_RULE, (double)run->elapsed_ns / 1e9,
	       PERF_RULE);
	printf(" %-19s %8s  %12s %10s %8s\n", "Device", "CPUs", "IOPS", "MiB/s", "Failed");
	for (uint32_t i = 0; i < run->ntargets; ++i) {
		const struct perf_target *target = &run->targets[i];
		double target_iops = per_second(target->nios, target->elapsed_ns);
		double target_mib = mib_per_second(run, target->nios, target->elapsed_ns);

		printf(" %-19s %8s  %12.2f %10.2f %8" PRIu64 "\n", target->uri, cpus, target_iops,
		       target_mib, target->nfailed);
		iops += target_iops;
		mib += target_mib;
		nfailed += target->nfailed;
	}
	printf("%s\n %-19s %8s  %12.2f %10.2f %8" PRIu64 "\n%s\n", PERF_THIN, "Total:", "", iops,
	       mib, nfailed, PERF_RULE);
}

static void
report_latencies(const struct perf_run *run)
{
	printf(" %-19s %9s %9s %9s %9s %8s\n", "Latency [us]", "p50", "p99", "p99.9", "max",
	       "CPU/IO");
	for (uint32_t i = 0; i < run->ntargets; ++i) {
		const struct perf_target *target = &run->targets[i];

		printf(" %-19s %9.2f %9.2f %9.2f %9.2f %8.2f\n", target->uri,
		       (double)latency_ns(target, 500) / 1e3,
		       (double)latency_ns(target, 990) / 1e3,
		       (double)latency_ns(target, 999) / 1e3,
		       (double)longest_ns(target) / 1e3, (double)cpu_per_io(target) / 1e3);
	}
	printf("%s\n", PERF_RULE);
	for (uint32_t i = 0; i < run->ntargets; ++i) {
		if (run->targets[i].clock.is_virtual) {
			printf(" %s: rates and latencies are in the time of the virtual SSD\n",
			       run->targets[i].uri);
		}
	}
}

static void
record_target(const struct perf_run *run, const struct perf_target *target)
{
	const struct xnvme_opts *opts = xnvme_dev_get_opts(target->dev);

	printf("    - uri: '%s'\n      async: '%s'\n      clock: '%s'\n      elapsed_ns: %" PRIu64
	       "\n      ios: %" PRIu64 "\n      failed: %" PRIu64 "\n",
	       target->uri, opts->async ? opts->async : "",
	       target->clock.is_virtual ? "virtual" : "real", target->elapsed_ns, target->nios,
	       target->nfailed);
	printf("      iops: %.2f\n      mib_sec: %.2f\n",
	       per_second(target->nios, target->elapsed_ns),
	       mib_per_second(run, target->nios, target->elapsed_ns));
	printf("      latency_ns: {p50: %" PRIu64 ", p99: %" PRIu64 ", p99_9: %" PRIu64
	       ", max: %" PRIu64 "}\n      cpu_ns_per_io: %" PRIu64 "\n",
	       latency_ns(target, 500), latency_ns(target, 990),
	       latency_ns(target, 999), longest_ns(target), cpu_per_io(target));
}

static void
record(const struct perf_run *run)
{
	printf("xnvmeperf:\n  iopattern: '%s'\n  nqueues: %u\n  qdepth: %u\n  iosize: %u\n"
	       "  runtime_ns: %" PRIu64 "\n  seed: %" PRIu64 "\n  elapsed_ns: %" PRIu64 "\n",
	       run->pattern_name, run->nqueues, run->spec.qdepth, run->spec.iosize,
	       run->spec.runtime_ns, run->spec.seed, run->elapsed_ns);
	printf("  stopped_by: '%s'\n", tool_stop_signal() ? tool_stop_signal() : "");
	printf("  cpus: [");
	for (uint32_t i = 0; run->cpus && i < run->nthreads; ++i) {
		printf("%s%u", i ? ", " : "", run->cpus[i]);
	}
	printf("]\n  devices:\n");
	for (uint32_t i = 0; i < run->ntargets; ++i) {
		record_target(run, &run->targets[i]);
	}
}

void
perf_report(const struct perf_run *run, enum xnvme_cli_output output)
{
	if (output != XNVME_CLI_OUTPUT_TEXT) {
		record(run);
		return;
	}
	report_rates(run);
	report_latencies(run);
}
