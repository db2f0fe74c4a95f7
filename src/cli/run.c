/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One command line from argv to exit code.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>

/* Report an invalid command line with line->why; discard the library's last-error text */
static int
usage(const struct cli_line *line)
{
	xnvme_err_clear();
	fflush(stdout);
	fprintf(stderr, "# ERR: 'xnvme_cli_run()': {errno: %d, msg: '%s'}\n# WHY: %s\n", EINVAL,
		strerror(EINVAL), line->why);
	cli_errors_add(&cli_process.errors, "xnvme_cli_run()", EINVAL, line->why);
	return CLI_EXIT_USAGE;
}

int
xnvme_cli_usage(const char *format, ...)
{
	struct cli_line *line = &cli_process.line;
	va_list ap;

	va_start(ap, format);
	vsnprintf(line->why, sizeof(line->why), format, ap);
	va_end(ap);
	line->refused = true;
	usage(line);
	return -EINVAL;
}

static int
generate(struct cli_line *line, const struct xnvme_cli *cli)
{
	if (!strcmp(line->generate, "man")) {
		cli_man(stdout, cli, line->tool);
	} else if (!strcmp(line->generate, "bash")) {
		cli_complete_bash(stdout, cli, line->tool);
	} else if (!strcmp(line->generate, "zsh")) {
		cli_complete_zsh(stdout, cli, line->tool);
	} else {
		snprintf(line->why, sizeof(line->why),
			 "'--generate %s' makes nothing; it takes one of: man bash zsh",
			 line->generate);
		return usage(line);
	}
	return CLI_EXIT_OK;
}

static int
say_version(const struct xnvme_cli *cli)
{
	if (cli->ver_pr) {
		cli->ver_pr(XNVME_PR_DEF);
	} else {
		xnvme_ver_pr(XNVME_PR_DEF);
	}
	return CLI_EXIT_OK;
}

static bool
takes_device(const struct xnvme_cli_sub *sub)
{
	const struct xnvme_cli_sub_opt *at = NULL;

	while ((at = cli_sub_opt_next(sub, at)) != NULL) {
		if (at->opt == XNVME_CLI_OPT_URI && at->type == XNVME_CLI_POSA) {
			return true;
		}
	}
	return false;
}

static int
open_device(struct xnvme_cli *cli)
{
	struct xnvme_opts opts = xnvme_opts_default();
	int err = xnvme_cli_to_opts(cli, &opts);

	if (err) {
		xnvme_cli_perr("xnvme_cli_to_opts()", err);
		return err;
	}
	cli->args.dev = xnvme_dev_open(cli->args.uri, &opts);
	if (!cli->args.dev) {
		err = errno ? -errno : -EIO;
		xnvme_cli_perr("xnvme_dev_open()", err);
		return err;
	}
	/* Clear the note about skipped paths: it must not explain later errors */
	xnvme_err_clear();
	return 0;
}

static int
run_sub(const struct cli_line *line, struct xnvme_cli *cli, int opts)
{
	int err;

	if ((opts & XNVME_CLI_INIT_DEV_OPEN) && takes_device(cli->sub) && open_device(cli)) {
		return CLI_EXIT_FAILED;
	}
	err = cli->sub->command ? cli->sub->command(cli) : -ENOSYS;
	if (err && !line->refused && !line->told) {
		xnvme_cli_perr(cli->sub->name, err);
	}
	xnvme_dev_close(cli->args.dev);
	cli->args.dev = NULL;
	if (line->refused) {
		return CLI_EXIT_USAGE;
	}
	return err ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}

static int
dispatch(struct cli_line *line, struct xnvme_cli *cli, int argc, char **argv, int opts)
{
	if (cli_line_parse(line, cli, argc, argv)) {
		return usage(line);
	}
	switch (line->want) {
	case CLI_WANT_HELP:
		if (line->sub) {
			cli_help_sub(stdout, cli, line->tool, line->sub);
		} else {
			cli_help_tool(stdout, cli, line->tool);
		}
		return CLI_EXIT_OK;
	case CLI_WANT_VERSION:
		return say_version(cli);
	case CLI_WANT_GENERATE:
		return generate(line, cli);
	case CLI_WANT_RUN:
	default:
		return run_sub(line, cli, opts);
	}
}

/* Why standard output failed. An earlier write has lost its errno: one more shows it again. */
static int
stdout_errno(void)
{
	if (!errno) {
		clearerr(stdout);
		(void)(fputc('\n', stdout) == EOF || fflush(stdout));
	}
	return errno ? errno : EIO;
}

/* Flush stdout: a full disk or a closed pipe is a failure, too */
static int
finish(int exit_code)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		int err = stdout_errno();

		fprintf(stderr, "# ERR: 'stdout': {errno: %d, msg: '%s'}\n", err, strerror(err));
		return exit_code ? exit_code : CLI_EXIT_FAILED;
	}
	return exit_code;
}

int
xnvme_cli_run(struct xnvme_cli *cli, int argc, char **argv, int opts)
{
	struct cli_line *line = &cli_process.line;
	struct cli_capture capture;
	struct cli_result result = {0};
	char *text = NULL;
	int err;

	cli_line_scan(line, argc, argv);
	cli_errors_clear(&cli_process.errors);
	xnvme_err_clear();
	/* Help and generated scripts are plain text, independent of --output */
	if (line->output != XNVME_CLI_OUTPUT_JSON || line->want == CLI_WANT_HELP ||
	    line->want == CLI_WANT_GENERATE) {
		return finish(dispatch(line, cli, argc, argv, opts));
	}
	err = cli_capture_begin(&capture);
	if (err) {
		xnvme_cli_perr("keeping stdout aside for --output json", err);
		return CLI_EXIT_FAILED;
	}
	result.exit = dispatch(line, cli, argc, argv, opts);
	result.tool = line->tool;
	result.sub = line->sub ? line->sub->name : NULL;
	err = cli_capture_end(&capture, &text, &result.yaml_nbytes);
	if (err) {
		xnvme_cli_perr("reading back stdout for --output json", err);
		result.exit = CLI_EXIT_FAILED;
	}
	result.yaml = text;
	result.exit = cli_json_emit(stdout, &result, &cli_process.errors);
	free(text);
	return finish(result.exit);
}

/* Set a flag of struct xnvme_opts. The parser accepts 0 and 1 only; a program may have set another
 * value in args, so check it. */
static int
flag_to_opts(const struct xnvme_cli *cli, enum xnvme_cli_opt opt, uint64_t value, uint8_t *flag)
{
	if (!cli->given[opt]) {
		return 0;
	}
	*flag = (uint8_t)value;
	return value > 1 ? -EINVAL : 0;
}

static void
str_to_opts(const struct xnvme_cli *cli, enum xnvme_cli_opt opt, const char *value,
	    const char **member)
{
	if (cli->given[opt]) {
		*member = value;
	}
}

static void
num_to_opts(const struct xnvme_cli *cli, enum xnvme_cli_opt opt, uint32_t value, uint32_t *member)
{
	if (cli->given[opt]) {
		*member = value;
	}
}

static void
strings_to_opts(const struct xnvme_cli *cli, struct xnvme_opts *opts)
{
	const struct xnvme_cli_args *args = &cli->args;

	str_to_opts(cli, XNVME_CLI_OPT_BE, args->be, &opts->be);
	str_to_opts(cli, XNVME_CLI_OPT_MEM, args->mem, &opts->mem);
	str_to_opts(cli, XNVME_CLI_OPT_SYNC, args->sync, &opts->sync);
	str_to_opts(cli, XNVME_CLI_OPT_ASYNC, args->async, &opts->async);
	str_to_opts(cli, XNVME_CLI_OPT_ADMIN, args->admin, &opts->admin);
	str_to_opts(cli, XNVME_CLI_OPT_CORE_MASK, args->core_mask, &opts->core_mask);
	str_to_opts(cli, XNVME_CLI_OPT_IOVA_MODE, args->iova_mode, &opts->iova_mode);
	str_to_opts(cli, XNVME_CLI_OPT_ADRFAM, args->adrfam, &opts->adrfam);
	str_to_opts(cli, XNVME_CLI_OPT_SUBNQN, args->subnqn, &opts->subnqn);
	str_to_opts(cli, XNVME_CLI_OPT_HOSTNQN, args->hostnqn, &opts->hostnqn);
}

static void
policy_to_opts(const struct xnvme_cli *cli, struct xnvme_opts *opts)
{
	/* in the order of enum xnvme_policy */
	static const char *const names[] = {"auto", "latency", "throughput", "conserve-cpu"};
	const char *name = xnvme_cli_get_str(cli, XNVME_CLI_OPT_POLICY);

	for (size_t i = 0; name && i < sizeof(names) / sizeof(names[0]); ++i) {
		if (!strcmp(name, names[i])) {
			opts->policy = (uint8_t)i;
		}
	}
}

static int
flags_to_opts(const struct xnvme_cli *cli, struct xnvme_opts *opts)
{
	const struct xnvme_cli_args *args = &cli->args;
	int bad = 0;

	if ((args->rdonly || args->wronly) && !cli->given[XNVME_CLI_OPT_RDWR]) {
		opts->rdwr = 0; /* the given option overrides the default */
	}
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_RDONLY, args->rdonly, &opts->rdonly);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_WRONLY, args->wronly, &opts->wronly);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_RDWR, args->rdwr, &opts->rdwr);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_CREATE, args->create, &opts->create);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_TRUNCATE, args->truncate, &opts->truncate);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_DIRECT, args->direct, &opts->direct);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_POLL_IO, args->poll_io, &opts->poll_io);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_POLL_SQ, args->poll_sq, &opts->poll_sq);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_REGISTER_FILES, args->register_files,
			    &opts->register_files);
	bad |= flag_to_opts(cli, XNVME_CLI_OPT_REGISTER_BUFFERS, args->register_buffers,
			    &opts->register_buffers);
	return bad ? -EINVAL : 0;
}

int
xnvme_cli_to_opts(const struct xnvme_cli *cli, struct xnvme_opts *opts)
{
	const struct xnvme_cli_args *args = &cli->args;

	strings_to_opts(cli, opts);
	policy_to_opts(cli, opts);
	num_to_opts(cli, XNVME_CLI_OPT_DEV_NSID, args->dev_nsid, &opts->nsid);
	num_to_opts(cli, XNVME_CLI_OPT_CREATE_MODE, args->create_mode, &opts->create_mode);
	num_to_opts(cli, XNVME_CLI_OPT_USE_CMB_SQS, args->use_cmb_sqs, &opts->use_cmb_sqs);
	num_to_opts(cli, XNVME_CLI_OPT_MAIN_CORE, args->main_core, &opts->main_core);
	num_to_opts(cli, XNVME_CLI_OPT_GPU_ID, args->gpu_id, &opts->gpu_id);
	if (cli->given[XNVME_CLI_OPT_CSS]) {
		opts->css.value = args->css.value;
		opts->css.given = 1;
	}
	if (cli->given[XNVME_CLI_OPT_HOST_HEAP_SIZE]) {
		opts->host_heap_size = args->host_heap_size;
	}
	if (cli->given[XNVME_CLI_OPT_DEVICE_HEAP_SIZE]) {
		opts->device_heap_size = args->device_heap_size;
	}
	if (cli->given[XNVME_CLI_OPT_SHM_ID]) {
		if (args->shm_id > UINT32_MAX) {
			return -EINVAL;
		}
		opts->shm_id = (uint32_t)args->shm_id;
	}
	return flags_to_opts(cli, opts);
}
