/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme doctor: runs the checks of this platform, reports for each path whether this machine meets
 * its requirements, then tests every path on the device, if one was given. Changes nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "paths.h"

#define CHECKS_MAX 32

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
print_check(const struct doctor_check *check, const struct doctor_finding *finding)
{
	printf("    - name: '%s'\n      verdict: '%s'\n      found: ", check->name,
	       verdict_str(finding->verdict));
	tool_yaml_string(finding->found);
	printf("\n      matters: ");
	tool_yaml_string(check->matters);
	printf("\n      advice: ");
	tool_yaml_string(finding->advice);
	printf("\n");
}

/* Whether `name` is a word of `names` */
static bool
lists(const char *names, const char *name)
{
	size_t nbytes = strlen(name);

	while (names && *names) {
		size_t word = strcspn(names, " ");

		if (word == nbytes && !strncmp(names, name, nbytes)) {
			return true;
		}
		names += word + strspn(names + word, " ");
	}
	return false;
}

/* A path works unless a check that it depends on failed. The first failed check is the reason, and
 * its advice is what to do. */
static void
print_path(const struct xnvme_be_attr_706 *attr, const struct doctor_finding *findings)
{
	const char *why = attr->descr ? attr->descr : "", *enable = "";
	bool works = true;

	for (int i = 0; works && doctor_checks[i].name; ++i) {
		enum doctor_verdict verdict = findings[i].verdict;

		works = !lists(doctor_checks[i].paths, attr->name) ||
			(verdict != DOCTOR_MISSING && verdict != DOCTOR_NONE);
		if (!works) {
			why = findings[i].found;
			enable = findings[i].advice;
		}
	}
	printf("    - name: '%s'\n      works: %d\n      why: ", attr->name, works);
	tool_yaml_string(why);
	printf("\n      enable: ");
	tool_yaml_string(enable);
	printf("\n");
}

int
doctor_sub(struct xnvme_cli *cli)
{
	static struct doctor_finding findings[CHECKS_MAX];
	const struct xnvme_be_attr_706 *attr;

	if (cli->args.posn_count > 1) {
		return xnvme_cli_usage("give one <uri>, or none; '%s' is one too many",
				       cli->args.posn[1]);
	}
	printf("xnvme_doctor:\n  checks:\n");
	for (int i = 0; i < CHECKS_MAX && doctor_checks[i].name; ++i) {
		doctor_checks[i].run(&findings[i]);
		print_check(&doctor_checks[i], &findings[i]);
	}
	printf("  paths:\n");
	for (int i = 0; (attr = xnvme_be_attr_get_706(i)) != NULL; ++i) {
		if (xnvme_be_attr_get_roles(i)) {
			print_path(attr, findings);
		}
	}
	return cli->args.posn_count ? paths_list(cli, cli->args.posn[0]) : 0;
}
