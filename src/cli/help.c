/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --help of a program and of a sub-command.
 */
#include <stdio.h>
#include <string.h>

#include <cli/cli.h>

void
cli_help_tool(FILE *stream, const struct xnvme_cli *cli, const char *tool)
{
	fprintf(stream, "Usage: %s <command> [<args>]\n\nWhere <command> is one of:\n\n", tool);
	for (int i = 0; i < cli->nsubs; ++i) {
		fprintf(stream, "  %-16s | %s\n", cli->subs[i].name, cli->subs[i].descr_short);
	}
	fprintf(stream, "\nSee '%s <command> --help' for the description of [<args>]\n\n", tool);
	fprintf(stream, "%s -- ver: {major: %d, minor: %d, patch: %d}\n", cli->title,
		xnvme_ver_major(), xnvme_ver_minor(), xnvme_ver_patch());
}

/* `tool sub <uri> --slba 0xNUM [ <args> ]` */
void
cli_help_synopsis(FILE *stream, const char *tool, const struct xnvme_cli_sub *sub)
{
	const struct xnvme_cli_sub_opt *at = NULL;

	fprintf(stream, "%s %s", tool, sub->name);
	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		const struct cli_opt *row = cli_opt_get(at->opt);

		if (at->type == XNVME_CLI_POSA) {
			fprintf(stream, " <%s>", row->attr.name);
		} else if (at->type == XNVME_CLI_POSN) {
			fprintf(stream, " [<%s>...]", row->attr.name);
		} else if (at->type == XNVME_CLI_LREQ) {
			fprintf(stream, " --%s %s", row->attr.name, cli_opt_placeholder(row));
		}
	}
	fprintf(stream, " [<args>]");
}

static void
option_line(FILE *stream, const struct xnvme_cli_sub_opt *at, const struct cli_opt *row)
{
	const char *value = at->type == XNVME_CLI_LFLG ? "" : cli_opt_placeholder(row);
	char left[64];

	if (at->type == XNVME_CLI_POSA || at->type == XNVME_CLI_POSN) {
		snprintf(left, sizeof(left), "%s%s", row->attr.name,
			 at->type == XNVME_CLI_POSN ? "..." : "");
	} else {
		bool required = at->type == XNVME_CLI_LREQ;

		snprintf(left, sizeof(left), "%s--%s%s%s%s", required ? "" : "[ ", row->attr.name,
			 *value ? " " : "", value, required ? "" : " ]");
	}
	fprintf(stream, "  %-30s ; %s%s%s%s\n", left, row->attr.descr, row->choices ? " (" : "",
		row->choices ? row->choices : "", row->choices ? ")" : "");
}

/* A heading and its options; prints nothing if there are none */
static void
option_group(FILE *stream, const struct xnvme_cli_sub *sub, const char *heading, bool positional,
	     unsigned int group)
{
	const struct xnvme_cli_sub_opt *at = NULL;
	bool any = false;

	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		const struct cli_opt *row = cli_opt_get(at->opt);
		bool is_positional = at->type == XNVME_CLI_POSA || at->type == XNVME_CLI_POSN;

		if (is_positional != positional || (!positional && row->group != group)) {
			continue;
		}
		if (!any) {
			fprintf(stream, "\n%s\n\n", heading);
			any = true;
		}
		option_line(stream, at, row);
	}
}

/* The help text of a sub-command that parses its arguments itself; else NULL */
const char *
cli_help_plain(const struct xnvme_cli_sub *sub)
{
	return sub->command ? NULL : sub->descr_long;
}

void
cli_help_sub(FILE *stream, const struct xnvme_cli *cli, const char *tool,
	     const struct xnvme_cli_sub *sub)
{
	if (cli_help_plain(sub)) {
		fputs(cli_help_plain(sub), stream);
		return;
	}
	fprintf(stream, "Usage: ");
	cli_help_synopsis(stream, tool, sub);
	fprintf(stream, "\n\n%s\n",
		sub->descr_long && *sub->descr_long ? sub->descr_long : sub->descr_short);
	option_group(stream, sub, "Where <args> include:", true, 0);
	option_group(stream, sub, "With [<args>] for the command:", false, CLI_GROUP_CMD);
	option_group(stream, sub, "With [<args>] for opening the device:", false, CLI_GROUP_OPEN);
	option_group(stream, sub, "With [<args>] that every command has:", false, CLI_GROUP_ALL);
	fprintf(stream, "\nSee '%s --help' for other commands\n\n", tool);
	fprintf(stream, "%s -- ver: {major: %d, minor: %d, patch: %d}\n", cli->title,
		xnvme_ver_major(), xnvme_ver_minor(), xnvme_ver_patch());
}
