/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Streams: opening their files, and synchronous transfers, one piece at a time. For several pieces
 * at a time see stream_async.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "stream.h"
#include "stream_piece.h"

#define IOSIZE_MAX (1u << 30)
#define QDEPTH_MAX 4096

/* A stream needs reads and writes at byte offsets, which paths that pass NVMe commands lack: use
 * psync for a block device, unless the options select a path */
static int
to_opts(struct xnvme_cli *cli, const char *path, struct xnvme_opts *opts, bool *is_device)
{
	int err = xnvme_cli_to_opts(cli, opts);
	struct stat st;
	bool exists = !stat(path, &st);

	*is_device = exists && !S_ISREG(st.st_mode);
	if (exists && S_ISBLK(st.st_mode) && !opts->sync && !opts->be) {
		opts->sync = "psync";
	}
	return err;
}

struct xnvme_dev *
stream_open_src(struct xnvme_cli *cli, const char *path, int *err)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	bool is_device;

	*err = to_opts(cli, path, &opts, &is_device);
	opts.rdonly = 1;
	opts.rdwr = 0;
	dev = *err ? NULL : xnvme_file_open(path, &opts);
	if (!dev) {
		*err = *err ? *err : -errno;
		xnvme_cli_perr("xnvme_file_open(source)", *err);
	}
	return dev;
}

struct xnvme_dev *
stream_open_dst(struct xnvme_cli *cli, const char *path, bool keep, int *err)
{
	struct xnvme_opts opts = xnvme_opts_default();
	struct xnvme_dev *dev;
	bool is_device;

	*err = to_opts(cli, path, &opts, &is_device);
	opts.create = !is_device;
	opts.create_mode = 0644;
	opts.truncate = !keep && !is_device;
	dev = *err ? NULL : xnvme_file_open(path, &opts);
	if (!dev) {
		*err = *err ? *err : -errno;
		xnvme_cli_perr("xnvme_file_open(destination)", *err);
	}
	return dev;
}

int
stream_args(struct xnvme_cli *cli, struct stream *stream)
{
	struct xnvme_cli_args *args = &cli->args;

	stream->iosize = cli->given[XNVME_CLI_OPT_IOSIZE] ? args->iosize : STREAM_IOSIZE_DEFAULT;
	stream->qdepth = cli->given[XNVME_CLI_OPT_QDEPTH] ? args->qdepth : STREAM_QDEPTH_DEFAULT;
	stream->vec_cnt = args->vec_cnt;
	stream->offset = args->offset;
	if (!stream->iosize || stream->iosize > IOSIZE_MAX) {
		return xnvme_cli_usage("--iosize is 1 to %u bytes", IOSIZE_MAX);
	}
	if (!stream->qdepth || stream->qdepth > QDEPTH_MAX) {
		return xnvme_cli_usage("--qdepth is 1 to %u commands", QDEPTH_MAX);
	}
	if (cli->given[XNVME_CLI_OPT_VEC_CNT] &&
	    (!args->vec_cnt || args->vec_cnt > STREAM_VEC_MAX)) {
		return xnvme_cli_usage("--vec-cnt is 1 to %d buffers", STREAM_VEC_MAX);
	}
	return 0;
}

/* Split the buffer of a piece into vec_cnt buffers, the last of which has the remainder */
static uint32_t
cut(const struct stream *stream, struct stream_piece *piece)
{
	size_t each = piece->nbytes / stream->vec_cnt;
	uint32_t count = each ? stream->vec_cnt : 1;

	for (uint32_t i = 0; i < count; ++i) {
		bool last = i + 1 == count;

		piece->vec[i].iov_base = (char *)piece->buf + i * each;
		piece->vec[i].iov_len = last ? piece->nbytes - i * each : each;
	}
	return count;
}

int
stream_piece_write(const struct stream *stream, struct stream_piece *piece,
		   struct xnvme_cmd_ctx *ctx)
{
	if (!stream->vec_cnt) {
		return xnvme_file_pwrite(ctx, piece->buf, piece->nbytes, (off_t)piece->offset);
	}
	ctx->cmd.common.opcode = XNVME_SPEC_FS_OPC_WRITE;
	ctx->cmd.common.nsid = xnvme_dev_get_nsid(stream->dst);
	ctx->cmd.nvm.slba = piece->offset;
	ctx->cmd.nvm.nlb = 0;
	return xnvme_cmd_pass_iov(ctx, piece->vec, cut(stream, piece), piece->nbytes, NULL, 0);
}

int
stream_piece_read(const struct stream *stream, struct stream_piece *piece,
		  struct xnvme_cmd_ctx *ctx)
{
	return xnvme_file_pread(ctx, piece->buf, piece->nbytes,
				(off_t)(stream->offset + piece->offset));
}

/* A short transfer (end of file, full disk) is an error */
int
stream_piece_end(struct stream_piece *piece, struct xnvme_cmd_ctx *ctx, const char *what)
{
	int err = tool_cmd_end(what, ctx, 0);
	char text[160];

	if (err || ctx->cpl.result == piece->nbytes) {
		return err;
	}
	snprintf(text, sizeof(text),
		 "%s: %" PRIu64 " of %zu bytes at offset %" PRIu64 " were transferred; does the "
		 "file end there?",
		 what, ctx->cpl.result, piece->nbytes, piece->offset);
	xnvme_cli_perr(text, -ENODATA);
	return -ENODATA;
}

static int
piece_sync(struct stream *stream, struct stream_piece *piece)
{
	int err = 0;

	if (stream->src) {
		struct xnvme_cmd_ctx ctx = xnvme_file_get_cmd_ctx(stream->src);

		stream->nsubmissions += 1;
		err = tool_cmd_end("xnvme_file_pread()", &ctx,
				   stream_piece_read(stream, piece, &ctx));
		err = err ? err : stream_piece_end(piece, &ctx, "xnvme_file_pread()");
	}
	if (!err && stream->dst) {
		struct xnvme_cmd_ctx ctx = xnvme_file_get_cmd_ctx(stream->dst);

		stream->nsubmissions += 1;
		err = tool_cmd_end("xnvme_file_pwrite()", &ctx,
				   stream_piece_write(stream, piece, &ctx));
		err = err ? err : stream_piece_end(piece, &ctx, "xnvme_file_pwrite()");
	}
	return err;
}

int
stream_sync(struct stream *stream)
{
	struct xnvme_dev *dev = stream->dst ? stream->dst : stream->src;
	struct stream_piece piece = {.offset = 0};
	void *own = NULL;
	int err = 0;

	if (!stream->memory) {
		own = tool_buf(dev, stream->iosize, NULL, &err);
		if (!own) {
			return err;
		}
	}
	for (; !err && piece.offset < stream->tbytes && !atomic_load(&tool_stop);
	     piece.offset += piece.nbytes) {
		piece.nbytes = XNVME_MIN_U64(stream->iosize, stream->tbytes - piece.offset);
		piece.buf = own ? own : stream->memory + piece.offset;
		err = piece_sync(stream, &piece);
		xnvme_cli_progress("bytes", piece.offset + piece.nbytes, stream->tbytes);
	}
	stream->started = piece.offset;
	xnvme_buf_free(dev, own);
	if (!err && stream->dst) {
		err = xnvme_file_sync(stream->dst);
		if (err) {
			xnvme_cli_perr("xnvme_file_sync()", err);
		}
	}
	return err;
}

/* Pieces no larger than the stream, no more at a time than it has, and no more memory for them than
 * the machine has: the kernel promises that too, and ends the process once it is used */
static int
fit(struct stream *stream, bool async)
{
	uint64_t npieces, nbytes;

	stream->iosize = (uint32_t)XNVME_MIN_U64(stream->iosize, stream->tbytes);
	npieces = (stream->tbytes + stream->iosize - 1) / stream->iosize;
	stream->qdepth = async ? (uint32_t)XNVME_MIN_U64(stream->qdepth, npieces) : 1;
	nbytes = (uint64_t)stream->qdepth * stream->iosize;
	if (!stream->memory && nbytes > tool_memory_nbytes()) {
		return xnvme_cli_refuse(-ENOMEM, "%u pieces of %u bytes at a time need more memory "
					"than the machine has; give a smaller --iosize%s",
					stream->qdepth, stream->iosize,
					async ? " or --qdepth" : "");
	}
	return 0;
}

int
stream_run(struct xnvme_cli *cli, struct stream *stream, bool async)
{
	int err = stream->tbytes ? fit(stream, async) : 0;

	if (err) {
		return err;
	}
	tool_stop_catch();
	xnvme_cli_timer_start(cli);
	err = async ? stream_async(stream) : stream_sync(stream);
	xnvme_cli_timer_stop(cli);
	if (!err) {
		xnvme_cli_timer_bw_pr(cli, "wall-clock", stream->started);
	}
	if (async) {
		xnvme_cli_pinf("cb_args: {nsubmissions: %" PRIu64 ", ncompletions: %" PRIu64
			       ", nerrors: %" PRIu64 "}",
			       stream->nsubmissions, stream->ncompletions, stream->nerrors);
	}
	if (!err && stream->started < stream->tbytes) {
		char undone[96];

		snprintf(undone, sizeof(undone),
			 "%" PRIu64 " of %" PRIu64 " bytes were transferred", stream->started,
			 stream->tbytes);
		err = tool_stop_report(undone);
	}
	return err;
}
