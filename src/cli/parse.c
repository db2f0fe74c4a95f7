/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parses argv into cli->args. An error is reported as one sentence that names the argument.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cli/cli.h>

#define NAME_MAX_LEN 32

struct parse {
	struct cli_line *line;
	struct xnvme_cli *cli;
	int at;					    /* index into cli->argv */
	const struct xnvme_cli_sub_opt *positional; /* the last one that was filled */
};

static int wrong(struct cli_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int
wrong(struct cli_line *line, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(line->why, sizeof(line->why), format, ap);
	va_end(ap);
	return -EINVAL;
}

/* Edit distance of two names; both are short */
static unsigned int
distance(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b);
	unsigned int cost[NAME_MAX_LEN + 1];

	if (alen > NAME_MAX_LEN || blen > NAME_MAX_LEN) {
		return NAME_MAX_LEN;
	}
	for (size_t j = 0; j <= blen; ++j) {
		cost[j] = (unsigned int)j;
	}
	for (size_t i = 1; i <= alen; ++i) {
		unsigned int diagonal = cost[0];

		cost[0] = (unsigned int)i;
		for (size_t j = 1; j <= blen; ++j) {
			unsigned int replaced = diagonal + (a[i - 1] != b[j - 1]);
			unsigned int least = cost[j] < cost[j - 1] ? cost[j] : cost[j - 1];

			diagonal = cost[j];
			cost[j] = least + 1 < replaced ? least + 1 : replaced;
		}
	}
	return cost[blen];
}

/* Sets *best to `candidate` if it is nearer to `name` than the best so far, and near enough */
static void
nearer(const char *name, const char *candidate, const char **best, unsigned int *best_distance)
{
	unsigned int edits = distance(name, candidate);

	if (edits < *best_distance && edits <= 1 + strlen(name) / 3) {
		*best = candidate;
		*best_distance = edits;
	}
}

static int
unknown_sub(struct cli_line *line, const struct xnvme_cli *cli, const char *name)
{
	const char *best = NULL;
	unsigned int best_distance = NAME_MAX_LEN;

	for (int i = 0; i < cli->nsubs; ++i) {
		nearer(name, cli->subs[i].name, &best, &best_distance);
	}
	return wrong(line, "there is no command '%s'%s%s%s; '%s --help' lists them all", name,
		     best ? ", did you mean '" : "", best ? best : "", best ? "'" : "", line->tool);
}

static int
unknown_opt(struct parse *p, const char *name, size_t len)
{
	const struct xnvme_cli_sub_opt *at = NULL;
	const char *best = NULL;
	unsigned int best_distance = NAME_MAX_LEN;
	char text[NAME_MAX_LEN + 1];

	snprintf(text, sizeof(text), "%.*s", (int)len, name);
	while ((at = cli_sub_opt_next(p->line->sub, at)) != NULL) {
		if (at->type != XNVME_CLI_POSA && at->type != XNVME_CLI_POSN) {
			nearer(text, cli_opt_get(at->opt)->attr.name, &best, &best_distance);
		}
	}
	return wrong(p->line, "there is no option '--%s'%s%s%s; '%s %s --help' lists them all",
		     text, best ? ", did you mean '--" : "", best ? best : "", best ? "'" : "",
		     p->line->tool, p->line->sub->name);
}

/* Whether `value` is one of the blank-separated `choices` */
static bool
is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *at = choices; *at; at += strcspn(at, " "), at += *at == ' ') {
		if (strcspn(at, " ") == len && !memcmp(at, value, len)) {
			return true;
		}
	}
	return false;
}

static void
store_num(struct parse *p, const struct cli_opt *row, uint64_t value)
{
	char *member = (char *)&p->cli->args + row->offset;
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	switch (row->width) {
	case 1:
		memcpy(member, &u8, sizeof(u8));
		break;
	case 2:
		memcpy(member, &u16, sizeof(u16));
		break;
	case 4:
		memcpy(member, &u32, sizeof(u32));
		break;
	case 8:
		memcpy(member, &value, sizeof(value));
		break;
	default: /* 0: an option without a member */
		p->line->ext[row->attr.opt - XNVME_CLI_OPT_EXT_BEGIN].num = value;
		break;
	}
}

static int
take_num(struct parse *p, const struct cli_opt *row, const char *text)
{
	int base = row->attr.vtype == XNVME_CLI_OPT_VTYPE_HEX ? 16 : 10;
	uint64_t value = 0;
	int err = row->is_size ? cli_value_size(text, &value) : cli_value_num(text, base, &value);

	if (err == -EINVAL && row->is_size) {
		return wrong(p->line, "'%s' is not a size; '%s' takes bytes, or a number with a "
			     "unit: KiB MiB GiB TiB or K M G T (1024), kB MB GB TB (1000)", text,
			     row->attr.name);
	}
	if (err == -EINVAL) {
		return wrong(p->line, "'%s' is not a number; '%s' takes a %s one, e.g. %s", text,
			     row->attr.name, base == 16 ? "hexadecimal" : "decimal",
			     base == 16 ? "0x10" : "16");
	}
	if (err || value > cli_opt_max(row)) {
		return wrong(p->line, "'%s' is too large; '%s' takes at most 0x%llx", text,
			     row->attr.name, (unsigned long long)cli_opt_max(row));
	}
	store_num(p, row, value);
	return 0;
}

static int
take_str(struct parse *p, const struct cli_opt *row, const char *text)
{
	struct xnvme_cli_args *args = &p->cli->args;
	bool mask = row->attr.opt == XNVME_CLI_OPT_CPUMASK;
	int err;

	if (!*text) {
		return wrong(p->line, "'%s' is empty; it takes a value", row->attr.name);
	}
	if (row->choices && !is_choice(row->choices, text)) {
		return wrong(p->line, "'%s' is not a value of '%s'; it takes one of: %s", text,
			     row->attr.name, row->choices);
	}
	if (row->width) {
		memcpy((char *)args + row->offset, &text, sizeof(text));
	} else {
		p->line->ext[row->attr.opt - XNVME_CLI_OPT_EXT_BEGIN].str = text;
	}
	if (!mask && row->attr.opt != XNVME_CLI_OPT_CPULIST) {
		return 0;
	}
	if (args->cpumask && args->cpulist) {
		return wrong(p->line, "'cpumask' and 'cpulist' say the same thing; give one of "
				      "them");
	}
	err = cli_value_cpus(text, mask, args->cpus, &args->ncpus);
	if (err == -EEXIST) {
		return wrong(p->line, "'%s' names a processor twice; name each once", text);
	}
	if (err) {
		return wrong(p->line, "'%s' names no processors; '%s' takes %s, below %d", text,
			     row->attr.name, mask ? "a mask like 0x5" : "a list like 0,2-3",
			     XNVME_CLI_CPU_MAX_ID);
	}
	return 0;
}

static int
take_value(struct parse *p, const struct cli_opt *row, const char *text)
{
	bool is_num = row->attr.vtype == XNVME_CLI_OPT_VTYPE_NUM ||
		      row->attr.vtype == XNVME_CLI_OPT_VTYPE_HEX;
	int err = is_num ? take_num(p, row, text) : take_str(p, row, text);

	if (err) {
		return err;
	}
	if (row->attr.opt < XNVME_CLI_OPT_END) {
		p->cli->given[row->attr.opt] = 1;
	} else {
		p->line->ext[row->attr.opt - XNVME_CLI_OPT_EXT_BEGIN].given = true;
	}
	return 0;
}

/* Required positional arguments that are still missing */
static int
positionals_missing(const struct parse *p)
{
	const struct xnvme_cli_sub_opt *at = p->positional;
	int missing = 0;

	while ((at = cli_sub_opt_next(p->line->sub, at)) != NULL) {
		missing += at->type == XNVME_CLI_POSA;
	}
	return missing;
}

static bool
is_zero_or_one(const char *text)
{
	return text && (!strcmp(text, "0") || !strcmp(text, "1"));
}

/* Whether the option `name` takes the word after it as its value */
static bool
takes_next(const struct parse *p, const char *name, const char *next)
{
	size_t len = strcspn(name, "=");
	enum xnvme_cli_opt_type type = XNVME_CLI_SKIP;

	if (!cli_opt_by_name(p->line->sub, name, len, &type) || name[len] == '=' || !next ||
	    !strncmp(next, "--", 2)) {
		return false;
	}
	return type != XNVME_CLI_LFLG || is_zero_or_one(next);
}

/* Positional arguments from argv[i] on, if each 0 or 1 after a flag is the value of the flag */
static int
positionals_from(const struct parse *p, int i)
{
	bool only_positionals = false;
	int count = 0;

	for (; i < p->cli->argc; i += 1) {
		const char *text = p->cli->argv[i];
		const char *next = i + 1 < p->cli->argc ? p->cli->argv[i + 1] : NULL;

		if (only_positionals || strncmp(text, "--", 2) != 0) {
			count += 1;
		} else if (!text[2]) {
			only_positionals = true;
		} else {
			i += takes_next(p, text + 2, next);
		}
	}
	return count;
}

/*
 * A flag may stand alone, or be followed by 0 or 1: scripts for xNVMe write `--direct 1`. A 0 or 1
 * that is needed as a positional argument, because too few other words follow, is taken as that.
 */
static int
take_flag(struct parse *p, const struct cli_opt *row, const char *joined, const char *next)
{
	if (joined) {
		if (!is_zero_or_one(joined)) {
			return wrong(p->line, "'--%s' takes no value but 0 and 1, not '%s'",
				     row->attr.name, joined);
		}
		return take_value(p, row, joined);
	}
	if (is_zero_or_one(next) && positionals_missing(p) <= positionals_from(p, p->at + 2)) {
		p->at += 1;
		return take_value(p, row, next);
	}
	return take_value(p, row, "1");
}

/* --name, --name value or --name=value at p->at */
static int
take_option(struct parse *p)
{
	const char *name = p->cli->argv[p->at] + 2;
	size_t len = strcspn(name, "=");
	bool joined = name[len] == '=';
	enum xnvme_cli_opt_type type = XNVME_CLI_SKIP;
	const struct cli_opt *row = cli_opt_by_name(p->line->sub, name, len, &type);
	const char *next = p->at + 1 < p->cli->argc ? p->cli->argv[p->at + 1] : NULL;

	if (!row) {
		return unknown_opt(p, name, len);
	}
	if (type == XNVME_CLI_LFLG) {
		return take_flag(p, row, joined ? name + len + 1 : NULL, next);
	}
	if (joined) {
		return take_value(p, row, name + len + 1);
	}
	if (!next || !strncmp(next, "--", 2)) {
		if (cli_opt_is_boolean(row)) {
			return take_value(p, row, "1");
		}
		return wrong(p->line, "'--%s' needs a value: --%s %s", row->attr.name,
			     row->attr.name, cli_opt_placeholder(row));
	}
	p->at += 1;
	return take_value(p, row, next);
}

static int
take_positional(struct parse *p)
{
	const struct xnvme_cli_sub_opt *at = p->positional;
	const char *text = p->cli->argv[p->at];

	if (!at || at->type != XNVME_CLI_POSN) {
		do {
			at = cli_sub_opt_next(p->line->sub, at);
		} while (at && at->type != XNVME_CLI_POSA && at->type != XNVME_CLI_POSN);
	}
	if (!at) {
		return wrong(p->line, "'%s' is one argument too many; see '%s %s --help'", text,
			     p->line->tool, p->line->sub->name);
	}
	p->positional = at;
	if (at->type == XNVME_CLI_POSN) {
		/* Compact into argv in place: its entries that were parsed are no longer needed */
		if (!p->cli->args.posn) {
			p->cli->args.posn = (const char **)&p->cli->argv[p->at];
		}
		p->cli->args.posn[p->cli->args.posn_count++] = text;
		p->cli->given[at->opt] = 1;
		if (p->cli->args.posn_count > 1) {
			return 0; /* the member holds the first one */
		}
	}
	return take_value(p, cli_opt_get(at->opt), text);
}

static int
check_complete(struct parse *p)
{
	const struct xnvme_cli_sub_opt *at = NULL;

	while ((at = cli_sub_opt_next(p->line->sub, at)) != NULL) {
		const struct cli_opt *row = cli_opt_get(at->opt);
		bool required = at->type == XNVME_CLI_POSA || at->type == XNVME_CLI_LREQ;

		if (!required || xnvme_cli_given(p->cli, at->opt)) {
			continue;
		}
		if (at->type == XNVME_CLI_POSA) {
			return wrong(p->line, "<%s> is missing; see '%s %s --help'", row->attr.name,
				     p->line->tool, p->line->sub->name);
		}
		return wrong(p->line, "'--%s %s' is missing; see '%s %s --help'", row->attr.name,
			     cli_opt_placeholder(row), p->line->tool, p->line->sub->name);
	}
	return 0;
}

/* First pass over argv: find the output format of errors, and whether help is requested */
void
cli_line_scan(struct cli_line *line, int argc, char **argv)
{
	const char *slash = argc && argv[0] ? strrchr(argv[0], '/') : NULL;

	memset(line, 0, sizeof(*line));
	line->tool = slash ? slash + 1 : (argc && argv[0] ? argv[0] : "");
	line->want = argc < 2 ? CLI_WANT_HELP : CLI_WANT_RUN;
	for (int i = 1; i < argc; ++i) {
		const char *next = i + 1 < argc ? argv[i + 1] : "";
		const char *format = !strcmp(argv[i], "--output")	 ? next
				     : !strncmp(argv[i], "--output=", 9) ? argv[i] + 9
									 : "";

		if (!strcmp(format, "json")) {
			line->output = XNVME_CLI_OUTPUT_JSON;
		} else if (!strcmp(format, "yaml")) {
			line->output = XNVME_CLI_OUTPUT_YAML;
		} else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			line->want = CLI_WANT_HELP;
		} else if (!strcmp(argv[i], "--version") && line->want == CLI_WANT_RUN) {
			line->want = CLI_WANT_VERSION;
		} else if (!strcmp(argv[i], "--generate") && i == 1) {
			line->want = CLI_WANT_GENERATE;
			line->generate = next;
		}
	}
}

static struct xnvme_cli_sub *
find_sub(struct xnvme_cli *cli, const char *name)
{
	for (int i = 0; i < cli->nsubs; ++i) {
		if (!strcmp(cli->subs[i].name, name)) {
			return &cli->subs[i];
		}
	}
	return NULL;
}

/*
 * Set cli->args, cli->given and cli->sub. Returns 0, or -EINVAL with the reason in line->why. A
 * request for help or the version ends parsing.
 */
int
cli_line_parse(struct cli_line *line, struct xnvme_cli *cli, int argc, char **argv)
{
	struct parse p = {line, cli, 2, NULL};
	bool only_positionals = false;

	memset(&cli->args, 0, sizeof(cli->args));
	memset(cli->given, 0, sizeof(cli->given));
	cli->argc = argc;
	cli->argv = argv;
	cli->sub = NULL;
	if (argc >= 2 && argv[1][0] != '-') {
		cli->sub = line->sub = find_sub(cli, argv[1]);
		if (!line->sub) {
			return unknown_sub(line, cli, argv[1]);
		}
	}
	if (line->want != CLI_WANT_RUN) {
		return 0;
	}
	if (!line->sub) {
		return wrong(line,
			     "'%s' comes before the command; the order is: %s COMMAND [<arg>...]",
			     argv[1], line->tool);
	}
	for (; p.at < argc; ++p.at) {
		const char *text = argv[p.at];
		int err;

		if (!strcmp(text, "--") && !only_positionals) {
			only_positionals = true;
			continue;
		}
		err = !only_positionals && !strncmp(text, "--", 2) ? take_option(&p)
								   : take_positional(&p);
		if (err) {
			return err;
		}
	}
	return check_complete(&p);
}

bool
xnvme_cli_given(const struct xnvme_cli *cli, enum xnvme_cli_opt opt)
{
	if ((int)opt >= XNVME_CLI_OPT_EXT_BEGIN && opt < XNVME_CLI_OPT_EXT_END) {
		return cli_process.line.ext[opt - XNVME_CLI_OPT_EXT_BEGIN].given;
	}
	return (int)opt >= 0 && opt < XNVME_CLI_OPT_END && cli->given[opt];
}

uint64_t
xnvme_cli_get_num(const struct xnvme_cli *cli, enum xnvme_cli_opt opt)
{
	bool is_ext = (int)opt >= XNVME_CLI_OPT_EXT_BEGIN && opt < XNVME_CLI_OPT_EXT_END;

	(void)cli;
	return is_ext ? cli_process.line.ext[opt - XNVME_CLI_OPT_EXT_BEGIN].num : 0;
}

const char *
xnvme_cli_get_str(const struct xnvme_cli *cli, enum xnvme_cli_opt opt)
{
	bool is_ext = (int)opt >= XNVME_CLI_OPT_EXT_BEGIN && opt < XNVME_CLI_OPT_EXT_END;

	(void)cli;
	return is_ext ? cli_process.line.ext[opt - XNVME_CLI_OPT_EXT_BEGIN].str : NULL;
}

enum xnvme_cli_output
xnvme_cli_get_output(const struct xnvme_cli *cli)
{
	(void)cli;
	return cli_process.line.output;
}
