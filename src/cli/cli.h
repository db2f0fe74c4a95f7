/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command line of every tool. A program describes its sub-commands as data (struct xnvme_cli,
 * xnvme_cli_sub, xnvme_cli_sub_opt); the table in opts.c describes each option once: name, kind of
 * value, help text, where the value goes. Parsing, --help, shell completions, man pages and
 * --output json are functions of these two and of nothing else.
 *
 * Terms
 *   row        one option of the table in opts.c (struct cli_opt)
 *   line       one parsed command line (struct cli_line)
 *   capture    stdout of the process, redirected to a file while a sub-command runs
 *   result     the output of a sub-command, as YAML, and its exit code
 *
 * Life cycle of a command line
 *   xnvme_cli_run() -> cli_line_scan() (JSON requested? Then errors must be JSON, too)
 *     -> cli_line_parse() (argv -> cli->args, cli->given)
 *     -> [help | version | man page | completion]
 *     -> xnvme_dev_open() -> the sub-command -> xnvme_dev_close()
 *     -> cli_json_emit() (the captured YAML -> one JSON object)
 *
 * States (struct cli_line.want)
 *   RUN --cli_line_parse()--> HELP | VERSION | GENERATE
 *
 * Ownership and lifetimes
 *   Strings in cli->args point into argv. The line and the errors are static: a process has one
 *   command line.
 *
 * Threads
 *   xnvme_cli_run() is called by one thread, once at a time. xnvme_cli_perr() may be called by any
 *   thread of a sub-command.
 *
 * Errors
 *   An invalid command line gives exit code 2 and a message that names the argument and the valid
 *   values. A failed sub-command gives exit code 1.
 *
 * What it does not do
 *   It is independent of paths, devices and commands of the NVMe standard.
 *
 * This file: the rows of the option table and the state of one run.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <pthread.h>

#include <libxnvme.h>
#include <libxnvme_cli.h>

#define CLI_OPT_COUNT XNVME_CLI_OPT_EXT_END
#define CLI_EXT_COUNT (XNVME_CLI_OPT_EXT_END - XNVME_CLI_OPT_EXT_BEGIN)

/* Exit codes of all programs */
enum cli_exit { CLI_EXIT_OK = 0, CLI_EXIT_FAILED = 1, CLI_EXIT_USAGE = 2 };

/* The heading under which help and man pages list an option */
enum cli_group {
	CLI_GROUP_CMD,	/* options of the sub-command */
	CLI_GROUP_OPEN, /* options for opening the device */
	CLI_GROUP_ALL,	/* options of every sub-command */
	CLI_GROUP_COUNT,
};

/* A row of the option table: the complete description of an option */
struct cli_opt {
	struct xnvme_cli_opt_attr attr; /* the part that the public API returns */
	const char *choices;		/* valid values, separated by blanks; NULL: any */
	uint16_t offset;		/* of its member in struct xnvme_cli_args */
	uint8_t width;			/* bytes of that member; 0: no member */
	uint8_t group;
	bool is_size; /* a number of bytes, with an optional unit */
};

/* opts.c */
const struct cli_opt *cli_opt_get(enum xnvme_cli_opt opt);
const struct cli_opt *cli_opt_by_name(const struct xnvme_cli_sub *sub, const char *name, size_t len,
				      enum xnvme_cli_opt_type *type);
const struct xnvme_cli_sub_opt *cli_sub_opt_next(const struct xnvme_cli_sub *sub,
						 const struct xnvme_cli_sub_opt *at);
uint64_t cli_opt_max(const struct cli_opt *row);
bool cli_opt_is_boolean(const struct cli_opt *row);
const char *cli_opt_placeholder(const struct cli_opt *row);

/* value.c */
int cli_value_num(const char *text, int base, uint64_t *value);
int cli_value_size(const char *text, uint64_t *value);
int cli_value_cpus(const char *text, bool mask, uint16_t *cpus, uint16_t *ncpus);

/* parse.c: the values of options without a member in xnvme_cli_args */
struct cli_ext {
	bool given;
	uint64_t num;
	const char *str;
};

enum cli_want { CLI_WANT_RUN, CLI_WANT_HELP, CLI_WANT_VERSION, CLI_WANT_GENERATE };

/* The parsed command line, except the options in cli->args; one per process */
struct cli_line {
	enum cli_want want;
	enum xnvme_cli_output output;
	struct xnvme_cli_sub *sub;
	bool told;    /* the sub-command reported its failure, with a reason */
	bool refused;	      /* the sub-command reported an invalid command line */
	const char *generate; /* man, bash, zsh */
	struct cli_ext ext[CLI_EXT_COUNT];
	const char *tool; /* the last component of argv[0] */
	char why[512];	  /* error message for an invalid command line */
};

void cli_line_scan(struct cli_line *line, int argc, char **argv);
int cli_line_parse(struct cli_line *line, struct xnvme_cli *cli, int argc, char **argv);

/* help.c, complete.c, man.c */
void cli_help_tool(FILE *stream, const struct xnvme_cli *cli, const char *tool);
void cli_help_sub(FILE *stream, const struct xnvme_cli *cli, const char *tool,
		  const struct xnvme_cli_sub *sub);
const char *cli_help_plain(const struct xnvme_cli_sub *sub);
void cli_help_synopsis(FILE *stream, const char *tool, const struct xnvme_cli_sub *sub);
void cli_complete_bash(FILE *stream, const struct xnvme_cli *cli, const char *tool);
void cli_complete_zsh(FILE *stream, const struct xnvme_cli *cli, const char *tool);
void cli_man(FILE *stream, const struct xnvme_cli *cli, const char *tool);

/* json.c: the reported errors, and the JSON object to print */
struct cli_errors {
	pthread_mutex_t lock; /* sub-commands report from several threads */
	struct json_object *list;
	char printed[1024]; /* the last text of the library that was printed as a reason */
};

void cli_errors_add(struct cli_errors *errors, const char *what, int err, const char *why);
void cli_errors_clear(struct cli_errors *errors);

struct cli_result {
	const char *tool;
	const char *sub; /* NULL: the command line has no valid sub-command */
	int exit;
	const char *yaml; /* captured output; not necessarily NUL-terminated */
	size_t yaml_nbytes;
};

int cli_json_emit(FILE *stream, const struct cli_result *result, struct cli_errors *errors);

/* capture.c: redirect stdout of the process to a file, and read it back */
struct cli_capture {
	int saved;
	FILE *file;
};

int cli_capture_begin(struct cli_capture *capture);
int cli_capture_end(struct cli_capture *capture, char **text, size_t *nbytes);

/* A program has one command line: its state, for the accessors of libxnvme_cli.h */
struct cli_process {
	struct cli_line line;
	struct cli_errors errors;
	uint64_t progress_ns; /* when the progress bar was drawn last */
};

extern struct cli_process cli_process __attribute__((visibility("hidden")));

#endif /* CLI_CLI_H */
