/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nvmevirt: list virtual SSDs, simulate them, print their counters, serve them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nvmevirt.h"

static struct xnvme_cli_sub subs[] = {
	{
		"presets",
		"List the virtual SSDs that are built in",
		"List the virtual SSDs that are built in: open one as virt:NAME, see what it is "
		"with `nvmevirt show NAME`",
		nvmevirt_sub_presets,
		{
			{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
		},
	},
	{
		"show",
		"Print the description of a virtual SSD, and what follows from it",
		"Print the description of a virtual SSD, and what follows from it: the uri is a "
		"preset, a description file, or either with ,key=value. The text output is itself "
		"a description: save it, change it, and open it as virt:FILE.toml",
		nvmevirt_sub_show,
		{
			TOOL_URI,
		},
	},
	{
		"keys",
		"List every key of a description: values, unit, default, meaning",
		"List every key of a description: values, unit, default, meaning. With --format "
		"man: the manual page nvmevirt(5)",
		nvmevirt_sub_keys,
		{
			{XNVME_CLI_OPT_NON_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_FORMAT, XNVME_CLI_LOPT},
		},
	},
	{
		"oracle",
		"Repeat recorded runs of NVMeVirt on the model nvmevirt1",
		nvmevirt_oracle_usage,
		NULL,
		{{XNVME_CLI_OPT_NONE, XNVME_CLI_SKIP}},
	},
	{
		"serve",
		"Offer virtual SSDs to QEMU, SPDK and other processes",
		nvmevirt_serve_usage,
		NULL,
		{{XNVME_CLI_OPT_NONE, XNVME_CLI_SKIP}},
	},
	{
		"sim",
		"Replay a trace on a virtual SSD in virtual time",
		nvmevirt_sim_usage,
		NULL,
		{{XNVME_CLI_OPT_NONE, XNVME_CLI_SKIP}},
	},
	{
		"calibrate",
		"Derive parameters of the model simple from measured figures",
		nvmevirt_calibrate_usage,
		NULL,
		{{XNVME_CLI_OPT_NONE, XNVME_CLI_SKIP}},
	},
	{
		"stat",
		"Print the counters of a virtual SSD",
		"Print the counters of a virtual SSD: what the host did, what the drive did "
		"inside, write amplification",
		nvmevirt_sub_stat,
		{
			TOOL_URI,
			XNVME_CLI_ADMIN_OPTS,
		},
	},
};

static struct xnvme_cli cli = {
	.title = "Virtual NVMe SSDs",
	.descr_short = "Virtual NVMe SSDs: presets, descriptions, counters",
	.descr_long = "Virtual NVMe SSDs: which there are, what one is made of, would do and did; "
		      "serve them to other processes, replay traces on them",
	.nsubs = sizeof(subs) / sizeof(subs[0]),
	.subs = subs,
};

int
nvmevirt_fail(const char *what, int err)
{
	if (*nvmevirt_err_text()) {
		what = nvmevirt_err_text();
	}
	xnvme_cli_perr(what, err);
	return err;
}

bool
nvmevirt_wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc; ++i) {
		const char *next = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--output=json") ||
		    (!strcmp(argv[i], "--output") && !strcmp(next, "json"))) {
			return true;
		}
	}
	return false;
}

static struct {
	int err;
	bool is_usage;
	char why[512];
} failure; /* what report_failure() reports */

static int
report_failure(struct xnvme_cli *line)
{
	(void)line;
	return failure.is_usage ? xnvme_cli_usage("%s", failure.why)
				: xnvme_cli_refuse(failure.err, "%s", failure.why);
}

int
nvmevirt_refuse(bool json, const char *sub, const char *usage, int err, const char *format, ...)
{
	struct xnvme_cli_sub failing = {.name = sub, .command = report_failure};
	struct xnvme_cli line = {.title = cli.title, .nsubs = 1, .subs = &failing};
	char tool[] = "nvmevirt", output[] = "--output=json", name[32];
	char *argv[] = {tool, name, output, NULL};
	va_list ap;

	va_start(ap, format);
	vsnprintf(failure.why, sizeof(failure.why), format, ap);
	va_end(ap);
	if (!json) {
		fprintf(stderr, "%s\n%s%s", failure.why, usage ? "\n" : "", usage ? usage : "");
		return usage ? 2 : 1;
	}
	failure.err = err;
	failure.is_usage = usage != NULL;
	snprintf(name, sizeof(name), "%s", sub);
	return xnvme_cli_run(&line, 3, argv, XNVME_CLI_INIT_NONE);
}

/* Sub-commands that parse their arguments themselves: they have any number of paths, or own
 * options */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} plain_subs[] = {
	{"calibrate", nvmevirt_calibrate_main},
	{"oracle", nvmevirt_oracle_main},
	{"serve", nvmevirt_serve_main},
	{"sim", nvmevirt_sim_main},
};

/* Whether --help or --version is requested, which all sub-commands handle alike */
static bool
asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc; ++i) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h") ||
		    !strcmp(argv[i], "--version")) {
			return true;
		}
	}
	return false;
}

/* Flush stdout: failed output, e.g. on a full disk, makes the program fail */
static int
finish(int exit_code)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout)) {
		return exit_code;
	}
	if (!errno) { /* an earlier write has lost it: one more shows it again */
		clearerr(stdout);
		(void)(fputc('\n', stdout) == EOF || fflush(stdout));
	}
	fprintf(stderr, "nvmevirt: the output cannot be written: %s\n",
		strerror(errno ? errno : EIO));
	return exit_code ? exit_code : 1;
}

int
main(int argc, char **argv)
{
	bool plain = argc > 1 && !asks_help(argc, argv);

	for (size_t i = 0; plain && i < sizeof(plain_subs) / sizeof(plain_subs[0]); ++i) {
		if (strcmp(argv[1], plain_subs[i].name) == 0) {
			return finish(plain_subs[i].run(argc - 1, argv + 1));
		}
	}
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_NONE);
}
