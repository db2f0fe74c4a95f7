/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copies one file to another. --offset is the first byte of the source; the destination is written
 * from its start. --data-nbytes is the number of bytes, by default up to the end of the source.
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "copy.h"

static void
announce(const struct xnvme_cli *cli, const struct stream *s, bool async)
{
	uint64_t buf_nbytes = async ? (uint64_t)s->iosize * s->qdepth : s->iosize;

	if (async) {
		xnvme_cli_pinf("copy-async: {src: %s, dst: %s, tbytes: %" PRIu64
			       ", buf_nbytes: %" PRIu64 ", iosize: %u, qdepth: %u, "
			       "start_offset: %" PRIu64 "}",
			       cli->args.data_input, cli->args.data_output, s->tbytes, buf_nbytes,
			       s->iosize, s->qdepth, s->offset);
		return;
	}
	xnvme_cli_pinf("copy-sync: {src: %s, dst: %s, tbytes: %" PRIu64 ", buf_nbytes: %" PRIu64
		       ", iosize: %u, start_offset: %" PRIu64 "}",
		       cli->args.data_input, cli->args.data_output, s->tbytes, buf_nbytes,
		       s->iosize, s->offset);
}

/* Without --data-nbytes: all bytes from the offset on */
static int
copy_nbytes(const struct xnvme_cli *cli, struct stream *s)
{
	uint64_t available = xnvme_dev_get_geo(s->src)->tbytes;

	if (cli->given[XNVME_CLI_OPT_DATA_NBYTES]) {
		s->tbytes = cli->args.data_nbytes;
		return s->tbytes ? 0 : xnvme_cli_usage("--data-nbytes is at least 1");
	}
	if (s->offset > available) {
		return xnvme_cli_usage("--offset is beyond the %" PRIu64 " bytes of the source",
				       available);
	}
	s->tbytes = available - s->offset;
	return 0;
}

static int
copy_opened(struct xnvme_cli *cli, struct stream *s, bool async)
{
	int err = copy_nbytes(cli, s);

	if (err) {
		return err;
	}
	announce(cli, s, async);
	return stream_run(cli, s, async);
}

/* Whether both names refer to the same regular file; opening a device does not truncate it */
static bool
is_one_file(const char *src, const char *dst)
{
	struct stat a, b;

	return !stat(src, &a) && !stat(dst, &b) && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static int
copy(struct xnvme_cli *cli, bool async)
{
	struct stream s = {.src = NULL};
	int err = stream_args(cli, &s);

	if (!err && is_one_file(cli->args.data_input, cli->args.data_output)) {
		err = tool_refuse("the source is the destination: it would be emptied before it "
				  "is read");
	}
	if (err) {
		return err;
	}
	s.src = stream_open_src(cli, cli->args.data_input, &err);
	if (!s.src) {
		return err;
	}
	s.dst = stream_open_dst(cli, cli->args.data_output, false, &err);
	if (s.dst) {
		err = copy_opened(cli, &s, async);
		xnvme_file_close(s.dst);
	}
	xnvme_file_close(s.src);
	return err;
}

int
copy_sub_sync(struct xnvme_cli *cli)
{
	return copy(cli, false);
}

int
copy_sub_async(struct xnvme_cli *cli)
{
	return copy(cli, true);
}
