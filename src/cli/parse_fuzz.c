/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parses any bytes as a command line, with arguments separated by NUL. Checks that the result is
 * values within their limits, or an error message. Built with -Dfuzzers=true; run as cli_parse_fuzz
 * CORPUS_FOLDER.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>

#define ARGS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes);

#define FIRST_OF_ALL 2
#define NPARTS 8

/* The last sub-commands share all options among them, since looking up a name takes time */
static struct xnvme_cli_sub subs[] = {
	{.name = "run",
	 .opts = {{XNVME_CLI_OPT_URI, XNVME_CLI_POSN}, XNVME_CLI_CORE_OPTS, XNVME_CLI_CORE_OPTS}},
	{.name = "read",
	 .opts = {{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
		  {XNVME_CLI_OPT_DATA_NBYTES, XNVME_CLI_POSA},
		  {XNVME_CLI_OPT_SLBA, XNVME_CLI_LREQ},
		  {XNVME_CLI_OPT_ALL, XNVME_CLI_LFLG},
		  {XNVME_CLI_OPT_DEMO, XNVME_CLI_LFLG},
		  {XNVME_CLI_OPT_RSVD_5E, XNVME_CLI_LOPT},
		  XNVME_CLI_SYNC_OPTS}},
	{.name = "0"}, {.name = "1"}, {.name = "2"}, {.name = "3"},
	{.name = "4"}, {.name = "5"}, {.name = "6"}, {.name = "7"},
};

static struct xnvme_cli cli = {.title = "Fuzz", .nsubs = FIRST_OF_ALL + NPARTS, .subs = subs};

static void
part_of_all(struct xnvme_cli_sub *sub, int part)
{
	struct xnvme_cli_sub_opt *at = sub->opts;

	*at++ = (struct xnvme_cli_sub_opt){XNVME_CLI_OPT_URI, XNVME_CLI_POSN};
	for (int opt = part; opt < CLI_OPT_COUNT; opt += NPARTS) {
		if (opt && cli_opt_get(opt) && opt != XNVME_CLI_OPT_URI) {
			*at++ = (struct xnvme_cli_sub_opt){opt, XNVME_CLI_LOPT};
		}
	}
}

static void
must(bool true_of_it)
{
	if (!true_of_it) {
		abort();
	}
}

/* Check the guarantees to a program whose command line was accepted */
static void
check_accepted(const struct cli_line *line, int argc)
{
	const struct xnvme_cli_args *args = &cli.args;
	const struct xnvme_cli_sub_opt *at = NULL;

	must(line->want != CLI_WANT_RUN || (cli.sub && cli.sub == line->sub));
	must(args->posn_count >= 0 && args->posn_count <= argc);
	for (int i = 0; i < args->posn_count; ++i) {
		must(strlen(args->posn[i]) < SIZE_MAX);
	}
	must(args->ncpus <= XNVME_CLI_CPU_MAX_ID);
	for (int i = 0; i < args->ncpus; ++i) {
		must(args->cpus[i] < XNVME_CLI_CPU_MAX_ID);
	}
	while (line->want == CLI_WANT_RUN && (at = cli_sub_opt_next(cli.sub, at)) != NULL) {
		bool required = at->type == XNVME_CLI_POSA || at->type == XNVME_CLI_LREQ;

		must(!required || xnvme_cli_given(&cli, at->opt));
	}
	must(args->nlb <= UINT16_MAX && args->lbafl <= 0xF && args->rae <= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t nbytes)
{
	struct cli_line *line = &cli_process.line;
	char *text = malloc(nbytes + 1), *argv[ARGS_MAX + 1];
	int argc = 0, err;

	if (!text) {
		return 0;
	}
	for (int i = 0; i < NPARTS && !subs[FIRST_OF_ALL + i].opts[0].type; ++i) {
		part_of_all(&subs[FIRST_OF_ALL + i], i);
	}
	memcpy(text, data, nbytes);
	text[nbytes] = '\0';
	for (char *at = text; at <= text + nbytes && argc < ARGS_MAX; at += strlen(at) + 1) {
		argv[argc++] = at;
	}
	argv[argc] = NULL;
	cli_line_scan(line, argc, argv);
	err = cli_line_parse(line, &cli, argc, argv);
	must(err == 0 || err == -EINVAL);
	must(memchr(line->why, '\0', sizeof(line->why)) && (err ? *line->why : !*line->why));
	if (!err) {
		check_accepted(line, argc);
	}
	free(text);
	return 0;
}
