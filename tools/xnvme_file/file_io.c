/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xnvme_file: file I/O through the same paths as devices.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "../common/tool_stop.h"
#include "file_io.h"

#define VEC_CNT_DEFAULT 4

int
file_sub_write_read(struct xnvme_cli *cli)
{
	const char *path = cli->args.uri;
	size_t nbytes = cli->args.data_nbytes;
	struct stream s = {.tbytes = nbytes, .iosize = STREAM_IOSIZE_DEFAULT};
	struct xnvme_dev *dev;
	char *written = NULL, *read = NULL;
	int err;

	if (!nbytes) {
		return xnvme_cli_usage("<data-nbytes> is at least 1");
	}
	tool_stop_catch();
	xnvme_cli_pinf("opening '%s'", path);
	dev = stream_open_dst(cli, path, true, &err);
	if (!dev) {
		return err;
	}
	xnvme_cli_pinf("opened nvme device %s", path);
	written = tool_buf(dev, nbytes, NULL, &err);
	read = written ? tool_buf(dev, nbytes, NULL, &err) : NULL;
	if (read) {
		xnvme_buf_fill(written, nbytes, "anum");
		s.dst = dev;
		s.memory = written;
		err = stream_sync(&s);
		s.dst = NULL;
		s.src = dev;
		s.memory = read;
		err = err ? err : stream_sync(&s);
		err = err ? err : tool_stop_report("not all was written and read");
	}
	if (!err && memcmp(written, read, nbytes)) {
		err = xnvme_cli_refuse(-EBADMSG, "what was read is not what was written");
	}
	if (!err) {
		xnvme_cli_pinf("Successfully wrote and read %zu bytes to/from %s!", nbytes, path);
	}
	xnvme_buf_free(dev, read);
	xnvme_buf_free(dev, written);
	xnvme_file_close(dev);
	return err;
}

static void
announce(const struct xnvme_cli *cli, const char *path, const struct stream *s, bool async)
{
	char qdepth[32] = "";

	if (async) {
		snprintf(qdepth, sizeof(qdepth), ", qdepth: %u", s->qdepth);
	}
	xnvme_cli_pinf("%s: {fpath: %s, tbytes: %" PRIu64 ", buf_nbytes: %" PRIu64 ", iosize: "
		       "%u%s}",
		       cli->sub->name, path, s->tbytes, s->tbytes, s->iosize, qdepth);
}

/* Transfer all bytes between the file and memory, and print the rate */
static int
run(struct xnvme_cli *cli, const char *path, struct stream *s, bool async)
{
	struct xnvme_dev *dev = s->dst ? s->dst : s->src;
	int err;

	if (!s->tbytes) {
		return tool_refuse("there are no bytes to move: the file is empty, or "
				   "--data-nbytes is 0");
	}
	tool_stop_catch(); /* to fill much memory takes seconds, too */
	s->memory = tool_buf(dev, s->tbytes, NULL, &err);
	if (!s->memory) {
		return err;
	}
	if (s->dst) {
		xnvme_buf_fill(s->memory, s->tbytes, "anum");
	}
	announce(cli, path, s, async);
	err = stream_run(cli, s, async);
	xnvme_buf_free(dev, s->memory);
	return err;
}

static int
dump(struct xnvme_cli *cli, bool async, bool vectored)
{
	const char *path = cli->args.data_output;
	struct stream s = {.tbytes = cli->args.data_nbytes};
	int err = stream_args(cli, &s);

	if (err) {
		return err;
	}
	if (vectored && !s.vec_cnt) {
		s.vec_cnt = VEC_CNT_DEFAULT;
	}
	s.dst = stream_open_dst(cli, path, false, &err);
	if (!s.dst) {
		return err;
	}
	err = run(cli, path, &s, async);
	xnvme_file_close(s.dst);
	return err;
}

static int
load(struct xnvme_cli *cli, bool async)
{
	const char *path = cli->args.data_input;
	struct stream s = {.tbytes = 0};
	int err = stream_args(cli, &s);

	if (err) {
		return err;
	}
	s.src = stream_open_src(cli, path, &err);
	if (!s.src) {
		return err;
	}
	s.tbytes = xnvme_dev_get_geo(s.src)->tbytes;
	err = run(cli, path, &s, async);
	xnvme_file_close(s.src);
	return err;
}

int
file_sub_dump_sync(struct xnvme_cli *cli)
{
	return dump(cli, false, false);
}

int
file_sub_dump_sync_iovec(struct xnvme_cli *cli)
{
	return dump(cli, false, true);
}

int
file_sub_dump_async(struct xnvme_cli *cli)
{
	return dump(cli, true, false);
}

int
file_sub_dump_async_iovec(struct xnvme_cli *cli)
{
	return dump(cli, true, true);
}

int
file_sub_load_sync(struct xnvme_cli *cli)
{
	return load(cli, false);
}

int
file_sub_load_async(struct xnvme_cli *cli)
{
	return load(cli, true);
}
