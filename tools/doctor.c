/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme doctor: runs the checks of this platform, then tries every path on the device, if one was
 * named. Changes nothing.
 */
#include <errno.h>
#include <stdio.h>

#include "doctor.h"
#include "paths.h"

static const char *
verdict_str(enum doctor_verdict verdict)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok",
		[DOCTOR_SLOW] = "slow",
		[DOCTOR_MISSING] = "missing",
		[DOCTOR_NONE] = "none",
	};

	return names[verdict];
}

static void
print_check(const struct doctor_check *check)
{
	struct doctor_finding finding = {.verdict = DOCTOR_OK};

	check->run(&finding);
	printf("    - name: '%s'\n      verdict: '%s'\n      found: ", check->name,
	       verdict_str(finding.verdict));
	tool_yaml_string(finding.found);
	printf("\n      matters: ");
	tool_yaml_string(check->matters);
	printf("\n      advice: ");
	tool_yaml_string(finding.advice);
	printf("\n");
}

int
doctor_sub(struct xnvme_cli *cli)
{
	if (cli->args.posn_count > 1) {
		return xnvme_cli_usage("give one <uri>, or none; '%s' is one too many",
				       cli->args.posn[1]);
	}
	printf("xnvme_doctor:\n  checks:\n");
	for (const struct doctor_check *check = doctor_checks; check->name; ++check) {
		print_check(check);
	}
	return cli->args.posn_count ? paths_list(cli, cli->args.posn[0]) : 0;
}
