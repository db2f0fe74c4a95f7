/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program for xNVMe 0.7.5 includes only <libxnvme.h> and <errno.h>: <libxnvme.h> provides the
 * command line, streams, formats, assertions, strings, memory, files, vectors and time.
 */
#include <errno.h>

#include <libxnvme.h>

static int
read_first(struct xnvme_cli *cli, uint8_t *buf)
{
	struct xnvme_cmd_ctx ctx = xnvme_cmd_ctx_from_dev(cli->args.dev);
	const struct xnvme_geo *geo = xnvme_dev_get_geo(cli->args.dev);
	struct iovec halves[2] = {
		{.iov_base = buf, .iov_len = geo->lba_nbytes / 2},
		{.iov_base = buf + geo->lba_nbytes / 2, .iov_len = geo->lba_nbytes / 2},
	};
	int err;

	xnvme_prep_nvm(&ctx, XNVME_SPEC_NVM_OPC_READ, xnvme_dev_get_nsid(cli->args.dev), 0, 0);
	err = xnvme_cmd_pass_iov(&ctx, halves, 2, geo->lba_nbytes, NULL, 0);
	if (err || xnvme_cmd_ctx_cpl_status(&ctx)) {
		xnvme_cli_perr("xnvme_cmd_pass_iov()", err);
		xnvme_cmd_ctx_pr(&ctx, XNVME_PR_DEF);
	}
	return err;
}

static int
sub_dump(struct xnvme_cli *cli)
{
	const struct xnvme_geo *geo = xnvme_dev_get_geo(cli->args.dev);
	struct timespec now;
	struct stat file;
	bool found;
	uint8_t *buf;
	int err;

	assert(geo->lba_nbytes > 0);
	buf = xnvme_buf_alloc(cli->args.dev, geo->lba_nbytes);
	if (!buf) {
		xnvme_cli_perr("xnvme_buf_alloc()", -errno);
		return -errno;
	}
	memset(buf, 0xff, geo->lba_nbytes);
	err = read_first(cli, buf);
	found = !stat(cli->args.uri, &file);
	clock_gettime(CLOCK_MONOTONIC, &now);
	xnvme_cli_pinf("tbytes: %" PRIu64 ", lba_nbytes: %" PRIu32 ", file: %d, now: %" PRId64,
		       geo->tbytes, geo->lba_nbytes, found, (int64_t)now.tv_sec);
	printf("first: 0x%" PRIx8 "\n", buf[0]);
	err = err ? err : buf[0] + atoi("0");
	xnvme_buf_free(cli->args.dev, buf);
	return err;
}

static struct xnvme_cli_sub subs[] = {
	{
		"dump",
		"Read the first block",
		"Read the first block",
		sub_dump,
		{
			{XNVME_CLI_OPT_POSA_TITLE, XNVME_CLI_SKIP},
			{XNVME_CLI_OPT_URI, XNVME_CLI_POSA},
		},
	},
};

static struct xnvme_cli cli = {
	.title = "A program with one header",
	.descr_short = "Reads a block",
	.subs = subs,
	.nsubs = sizeof(subs) / sizeof(*subs),
};

int
main(int argc, char **argv)
{
	return xnvme_cli_run(&cli, argc, argv, XNVME_CLI_INIT_DEV_OPEN);
}
