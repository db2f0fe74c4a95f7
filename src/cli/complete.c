/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints completion scripts for bash and zsh, from the parser's tables.
 */
#include <stdio.h>
#include <string.h>

#include <cli/cli.h>

/* The next `--option` in a text, and its length; NULL after the last */
static const char *
next_word(const char *text, size_t *nbytes)
{
	while ((text = strstr(text, "--")) != NULL) {
		*nbytes = 2 + strspn(text + 2, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (*nbytes > 2) {
			return text;
		}
		text += 2;
	}
	return NULL;
}

static bool
first_time(const char *text, const char *word, size_t nbytes)
{
	size_t length = 0;

	for (const char *at = text; (at = next_word(at, &length)) < word; at += length) {
		if (length == nbytes && !memcmp(at, word, nbytes)) {
			return false;
		}
	}
	return true;
}

/* Completions of a sub-command that parses its arguments itself: the options in its --help */
static void
words_of_usage(FILE *stream, const char *usage)
{
	size_t nbytes;

	for (const char *at = usage; (at = next_word(at, &nbytes)) != NULL; at += nbytes) {
		if (first_time(usage, at, nbytes)) {
			fprintf(stream, " %.*s", (int)nbytes, at);
		}
	}
	fprintf(stream, " --help --version");
}

/* Completions of a sub-command: all its options */
static void
words_of_sub(FILE *stream, const struct xnvme_cli_sub *sub)
{
	const struct xnvme_cli_sub_opt *at = NULL;

	if (cli_help_plain(sub)) {
		words_of_usage(stream, cli_help_plain(sub));
		return;
	}
	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		if (at->type != XNVME_CLI_POSA && at->type != XNVME_CLI_POSN) {
			fprintf(stream, " --%s", cli_opt_get(at->opt)->attr.name);
		}
	}
}

/* `name)` branches for options with a fixed set of values, or a file name as value */
static void
bash_values(FILE *stream)
{
	for (int opt = 0; opt < CLI_OPT_COUNT; ++opt) {
		const struct cli_opt *row = cli_opt_get((enum xnvme_cli_opt)opt);

		if (row && row->choices) {
			fprintf(stream,
				"\t--%s)\n\t\tCOMPREPLY=($(compgen -W \"%s\" -- \"$cur\"))\n"
				"\t\treturn ;;\n",
				row->attr.name, row->choices);
		}
	}
	fprintf(stream, "\t--data-input | --data-output | --meta-input | --meta-output | "
			"--cmd-input | "
			"--cmd-output)\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\t\treturn "
			";;\n");
}

void
cli_complete_bash(FILE *stream, const struct xnvme_cli *cli, const char *tool)
{
	fprintf(stream, "# bash completion for %s\n_%s_completions()\n{\n", tool, tool);
	fprintf(stream, "\tlocal cur=\"${COMP_WORDS[COMP_CWORD]}\" "
			"prev=\"${COMP_WORDS[COMP_CWORD - 1]}\" opts=\"\"\n\n\tCOMPREPLY=()\n");
	fprintf(stream, "\tif [[ $COMP_CWORD -eq 1 ]]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	for (int i = 0; i < cli->nsubs; ++i) {
		fprintf(stream, "%s ", cli->subs[i].name);
	}
	fprintf(stream, "--help --version\" -- \"$cur\"))\n\t\treturn\n\tfi\n");
	fprintf(stream, "\tcase \"$prev\" in\n");
	bash_values(stream);
	fprintf(stream, "\tesac\n\tcase \"${COMP_WORDS[1]}\" in\n");
	for (int i = 0; i < cli->nsubs; ++i) {
		fprintf(stream, "\t%s) opts=\"", cli->subs[i].name);
		words_of_sub(stream, &cli->subs[i]);
		fprintf(stream, "\" ;;\n");
	}
	fprintf(stream, "\tesac\n\tif [[ $cur == -* ]]; then\n"
			"\t\tCOMPREPLY=($(compgen -W \"$opts\" -- \"$cur\"))\n\telse\n"
			"\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n\n");
	fprintf(stream, "complete -o filenames -F _%s_completions %s\n", tool, tool);
}

/* Escape text for the brackets of a zsh _arguments spec, in single quotes */
static void
zsh_text(FILE *stream, const char *text)
{
	for (; *text; ++text) {
		if (*text == '\'') {
			fputs("'\\''", stream);
		} else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\') {
			fprintf(stream, "\\%c", *text);
		} else {
			fputc(*text, stream);
		}
	}
}

static void
zsh_option(FILE *stream, const struct xnvme_cli_sub_opt *at)
{
	const struct cli_opt *row = cli_opt_get(at->opt);

	if (at->type == XNVME_CLI_POSA || at->type == XNVME_CLI_POSN) {
		fprintf(stream, "\t\t\t'%s%s:_files' \\\n", at->type == XNVME_CLI_POSN ? "*:" : ":",
			row->attr.name);
		return;
	}
	fprintf(stream, "\t\t\t'--%s[", row->attr.name);
	zsh_text(stream, row->attr.descr);
	fprintf(stream, "]");
	if (at->type != XNVME_CLI_LFLG) {
		fprintf(stream, ":%s:", row->attr.name);
		if (row->choices) {
			fprintf(stream, "(%s)", row->choices);
		} else if (row->attr.vtype == XNVME_CLI_OPT_VTYPE_FILE ||
			   row->attr.vtype == XNVME_CLI_OPT_VTYPE_URI) {
			fprintf(stream, "_files");
		}
	}
	fprintf(stream, "' \\\n");
}

void
cli_complete_zsh(FILE *stream, const struct xnvme_cli *cli, const char *tool)
{
	fprintf(stream, "#compdef %s\n\n_%s()\n{\n\tlocal -a commands=(\n", tool, tool);
	for (int i = 0; i < cli->nsubs; ++i) {
		fprintf(stream, "\t\t'%s:", cli->subs[i].name);
		zsh_text(stream, cli->subs[i].descr_short);
		fprintf(stream, "'\n");
	}
	fprintf(stream, "\t)\n\n\tif (( CURRENT == 2 )); then\n"
			"\t\t_describe 'command' commands\n\t\treturn\n\tfi\n"
			"\tlocal command=\"$words[2]\"\n\t(( CURRENT-- ))\n\tshift words\n"
			"\tcase \"$command\" in\n");
	for (int i = 0; i < cli->nsubs; ++i) {
		const struct xnvme_cli_sub_opt *at = NULL;

		if (cli_help_plain(&cli->subs[i])) {
			fprintf(stream, "\t%s)\n\t\tcompadd --", cli->subs[i].name);
			words_of_usage(stream, cli_help_plain(&cli->subs[i]));
			fprintf(stream, "\n\t\t_files ;;\n");
			continue;
		}
		fprintf(stream, "\t%s)\n\t\t_arguments \\\n", cli->subs[i].name);
		while ((at = cli_sub_opt_next(&cli->subs[i], at)) != NULL) {
			zsh_option(stream, at);
		}
		fprintf(stream, "\t\t\t&& return ;;\n");
	}
	fprintf(stream, "\tesac\n}\n\n_%s \"$@\"\n", tool);
}
