/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvmeperf verify: write blocks with data derived from their addresses, read them back, compare.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "../common/tool_stop.h"
#include "../load/verify.h"
#include "perf.h"

#define MISMATCHES_SHOWN 16

static void
on_mismatch(uint64_t io, uint64_t slba, uint64_t nth)
{
	if (nth <= MISMATCHES_SHOWN) {
		fprintf(stderr, "  MISMATCH at slba=%" PRIu64 " (IO %" PRIu64 ")\n", slba, io);
	}
}

static void
report(const struct verify *v, const char *uri, enum xnvme_cli_output output)
{
	if (output == XNVME_CLI_OUTPUT_TEXT) {
		printf(" %-21s verified %" PRIu64 " IOs, %" PRIu64 " mismatches, %" PRIu64 " failed"
		       "\n",
		       uri, v->nverified, v->nmismatches, v->nwrite_failed + v->nread_failed);
		return;
	}
	printf("    - {uri: '%s', verified: %" PRIu64 ", mismatches: %" PRIu64
	       ", write_failed: %" PRIu64 ", read_failed: %" PRIu64 "}\n",
	       uri, v->nverified, v->nmismatches, v->nwrite_failed, v->nread_failed);
}

static int
verify_target(struct xnvme_cli *cli, struct perf_target *target)
{
	struct verify v = {
		.dev = target->dev,
		.iosize = cli->args.iosize,
		.nios = cli->args.count,
		.qdepth = cli->args.qdepth,
		.seed = cli->args.seed,
		.on_mismatch = on_mismatch,
		.stop = &tool_stop,
	};
	int err = verify_check_sizes(&v);
	char why[160];

	err = err ? err : verify_run(&v);
	report(&v, target->uri, xnvme_cli_get_output(cli));
	if (err == -EINVAL) {
		return err; /* invalid sizes: already reported */
	}
	if (err == -EBADMSG) {
		return xnvme_cli_refuse(err, "%s: what was read is not what was written",
					target->uri);
	}
	if (err == -EIO) {
		tool_status(&v.first_failure, why, sizeof(why));
		return xnvme_cli_refuse(err, "%s: commands failed; the first: %s", target->uri,
					why);
	}
	if (err == -EINTR && tool_stop_signal()) {
		return tool_stop_report("not all was verified");
	}
	if (err) {
		xnvme_cli_perr(target->uri, err);
	}
	return err;
}

int
perf_sub_verify(struct xnvme_cli *cli)
{
	bool text = xnvme_cli_get_output(cli) == XNVME_CLI_OUTPUT_TEXT;
	struct perf_target *targets;
	uint32_t ntargets;
	int err, first_err;

	tool_stop_catch();
	err = perf_open(cli, &targets, &ntargets);
	first_err = err;
	if (!err && text) {
		printf("\nxnvmeperf verify: iosize=%u, nios=%" PRIu64 "\n%s\n", cli->args.iosize,
		       cli->args.count, PERF_RULE);
	} else if (!err) {
		printf("xnvmeperf_verify:\n  iosize: %u\n  nios: %" PRIu64 "\n  devices:\n",
		       cli->args.iosize, cli->args.count);
	}
	for (uint32_t i = 0; i < ntargets && !err; ++i) {
		/* after an error continue with the other targets */
		int target_err = verify_target(cli, &targets[i]);

		first_err = first_err ? first_err : target_err;
	}
	if (!err && text) {
		printf("%s\n", PERF_RULE);
	}
	perf_close(targets, ntargets);
	return first_err;
}
