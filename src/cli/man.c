/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints the manual page of a program, section 1, as man(7) source, from the parser's tables.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <cli/cli.h>

/* Escape text for roff: literal hyphens, backslashes, and characters that start a control line */
static void
roff_part(FILE *stream, const char *text, size_t nbytes)
{
	const char *end = text + nbytes;

	if (nbytes && (*text == '.' || *text == '\'')) {
		fputs("\\&", stream);
	}
	for (; text < end; ++text) {
		if (*text == '-') {
			fputs("\\-", stream);
		} else if (*text == '\\') {
			fputs("\\e", stream);
		} else {
			fputc(*text, stream);
			if (*text == '\n' && text + 1 < end &&
			    (text[1] == '.' || text[1] == '\'')) {
				fputs("\\&", stream);
			}
		}
	}
}

static void
roff(FILE *stream, const char *text)
{
	roff_part(stream, text, strlen(text));
}

static void
man_option(FILE *stream, const struct xnvme_cli_sub_opt *at)
{
	const struct cli_opt *row = cli_opt_get(at->opt);
	bool positional = at->type == XNVME_CLI_POSA || at->type == XNVME_CLI_POSN;

	fprintf(stream, ".TP\n");
	if (positional) {
		fprintf(stream, ".I ");
		roff(stream, row->attr.name);
		fprintf(stream, "%s\n", at->type == XNVME_CLI_POSN ? " ..." : "");
	} else {
		fprintf(stream, ".BR \\-\\-");
		roff(stream, row->attr.name);
		if (at->type != XNVME_CLI_LFLG) {
			fprintf(stream, " \" %s\"", cli_opt_placeholder(row));
		}
		fprintf(stream, "\n");
	}
	roff(stream, row->attr.descr);
	if (row->choices) {
		fprintf(stream, "; one of: %s", row->choices);
	}
	fprintf(stream, ".%s\n", at->type == XNVME_CLI_LREQ ? " Required." : "");
}

/* Only the names of the options: man_opening() describes them once for all sub-commands */
static void
man_opening_of(FILE *stream, const struct xnvme_cli_sub *sub)
{
	const struct xnvme_cli_sub_opt *at = NULL;
	bool any = false;

	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		const struct cli_opt *row = cli_opt_get(at->opt);

		if (row->group != CLI_GROUP_OPEN) {
			continue;
		}
		fprintf(stream, any ? ",\n" : ".PP\n");
		fprintf(stream, "\\%%\\fB\\-\\-"); /* \%: do not hyphenate */
		roff(stream, row->attr.name);
		fprintf(stream, "\\fR");
		any = true;
	}
	if (any) {
		fprintf(stream, ": see OPENING A DEVICE.\n");
	}
}

/* All options for opening a device, of all sub-commands */
static void
man_opening(FILE *stream, const struct xnvme_cli *cli)
{
	bool seen[CLI_OPT_COUNT] = {false};
	bool any = false;

	for (int i = 0; i < cli->nsubs; ++i) {
		const struct xnvme_cli_sub_opt *at = NULL;

		while ((at = cli_sub_opt_next(&cli->subs[i], at)) != NULL) {
			if (cli_opt_get(at->opt)->group != CLI_GROUP_OPEN || seen[at->opt]) {
				continue;
			}
			if (!any) {
				fprintf(stream, ".SH OPENING A DEVICE\nWhat is left out is chosen. "
						"The section of each command lists its own.\n");
				any = true;
			}
			man_option(stream, at);
			seen[at->opt] = true;
		}
	}
}

/* Length of the line at `text`, without its newline */
static size_t
line_nbytes(const char *text)
{
	return strcspn(text, "\n");
}

/* In a line `  TERM  description`: offset of the blanks after TERM; 0 for any other line */
static size_t
term_end(const char *line, size_t nbytes)
{
	if (nbytes < 3 || strncmp(line, "  ", 2) != 0 || line[2] == ' ') {
		return 0;
	}
	for (size_t i = 3; i + 2 < nbytes; ++i) {
		if (line[i] == ' ' && line[i + 1] == ' ') {
			return i;
		}
	}
	return 0;
}

/* An indented line: a term with its text, a continuation of that text, or an example command */
static void
usage_indented(FILE *stream, const char *line, size_t nbytes, bool *in_term)
{
	size_t term = term_end(line, nbytes);
	size_t from = strspn(line + term, " ") + term;

	if (term) {
		fprintf(stream, ".TP\n.B ");
		roff_part(stream, line + 2, term - 2);
		fprintf(stream, "\n");
		*in_term = true;
	}
	if (!*in_term) {
		fprintf(stream, ".nf\n\\&");
		from = 0;
	}
	roff_part(stream, line + from, nbytes - from);
	fprintf(stream, *in_term ? "\n" : "\n.fi\n");
}

/*
 * A sub-command that parses its arguments itself has its complete --help text as description:
 * "Usage:" and the synopsis, an empty line, then paragraphs and indented lines.
 */
static void
man_usage(FILE *stream, const char *usage)
{
	static const char heading[] = "Usage: ";
	const char *at = usage + (strncmp(usage, heading, sizeof(heading) - 1) ? 0 : 7);
	bool in_term = false;

	fprintf(stream, ".SS \"");
	for (const char *blank = ""; *at && *at != '\n'; at += *at == '\n', blank = " ") {
		at += strspn(at, " ");
		fprintf(stream, "%s", blank);
		roff_part(stream, at, line_nbytes(at));
		at += line_nbytes(at);
	}
	fprintf(stream, "\"\n");
	for (; *at; at += *at == '\n') {
		size_t nbytes = line_nbytes(at);

		if (nbytes == 0) {
			fprintf(stream, ".PP\n");
			in_term = false;
		} else if (*at == ' ') {
			usage_indented(stream, at, nbytes, &in_term);
		} else {
			roff_part(stream, at, nbytes);
			fprintf(stream, "\n");
		}
		at += nbytes;
	}
}

/* The options of a sub-command, without those common to all sub-commands */
static void
man_sub(FILE *stream, const char *tool, const struct xnvme_cli_sub *sub)
{
	const struct xnvme_cli_sub_opt *at = NULL;

	if (cli_help_plain(sub)) {
		man_usage(stream, cli_help_plain(sub));
		return;
	}
	fprintf(stream, ".SS \"");
	cli_help_synopsis(stream, tool, sub);
	fprintf(stream, "\"\n");
	roff(stream, sub->descr_long && *sub->descr_long ? sub->descr_long : sub->descr_short);
	fprintf(stream, ".\n");
	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		if (cli_opt_get(at->opt)->group == CLI_GROUP_CMD) {
			man_option(stream, at);
		}
	}
	man_opening_of(stream, sub);
}

/* List the sub-commands that parse their arguments themselves: they do not support --output */
static void
man_exceptions(FILE *stream, const struct xnvme_cli *cli)
{
	const char *before = "The commands ";

	for (int i = 0; i < cli->nsubs; ++i) {
		if (cli_help_plain(&cli->subs[i])) {
			fprintf(stream, "%s%s", before, cli->subs[i].name);
			before = ", ";
		}
	}
	fprintf(stream, *before == ',' ? " take it only where they tell of it.\n" : "");
}

void
cli_man(FILE *stream, const struct xnvme_cli *cli, const char *tool)
{
	fprintf(stream, ".TH ");
	for (const char *at = tool; *at; ++at) {
		fputc(toupper((unsigned char)*at), stream);
	}
	fprintf(stream, " 1 \"\" \"xnvme %d.%d.%d\" \"User Commands\"\n", xnvme_ver_major(),
		xnvme_ver_minor(), xnvme_ver_patch());
	fprintf(stream, ".SH NAME\n%s \\- %s\n", tool, cli->descr_short);
	fprintf(stream, ".SH SYNOPSIS\n.B %s\n.I command\n[\n.I args\n]\n", tool);
	fprintf(stream, ".SH DESCRIPTION\n");
	roff(stream, cli->descr_long && *cli->descr_long ? cli->descr_long : cli->descr_short);
	fprintf(stream, ".\n.SH OPTIONS\nEvery command takes:\n"
			".TP\n.BR \\-\\-output \" text|yaml|json\"\n"
			"Format of the result. With json: one object with the members schema "
			"(xnvme/1), "
			"tool, sub, exit, result, notes and errors.\n");
	man_exceptions(stream, cli);
	fprintf(stream, ".TP\n.B \\-\\-help\nShow the arguments of the command and exit.\n"
			".TP\n.B \\-\\-version\nShow the version and exit.\n"
			".PP\nNumbers shown as NUM are decimal, or hexadecimal with 0x in front; "
			"numbers shown "
			"as 0xNUM are hexadecimal, with or without 0x. A SIZE is a number of "
			"bytes, or a decimal number with a unit: KiB, MiB, GiB, TiB, which K, M, "
			"G, T and k, m, g, t stand for, are powers of 1024; kB, MB, GB, TB are "
			"powers of 1000. (As the name of a ramdisk, 1GB is 1GiB, as in xNVMe.) "
			"What takes no value may have 0 or 1 behind it.\n");
	fprintf(stream, ".SH COMMANDS\n");
	for (int i = 0; i < cli->nsubs; ++i) {
		man_sub(stream, tool, &cli->subs[i]);
	}
	man_opening(stream, cli);
	fprintf(stream, ".SH EXIT STATUS\n.TP\n.B 0\nDone.\n.TP\n.B 1\nFailed; stderr says why.\n"
			".TP\n.B 2\nThe command line is wrong; nothing was started.\n");
}
