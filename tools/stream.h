/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stream of bytes from a file to memory, from memory to a file, or from file to file, in pieces
 * of one size, several at a time. What xdd and xnvme_file are made of.
 */
#ifndef TOOLS_STREAM_H
#define TOOLS_STREAM_H

#include "tool.h"
#include "tool_stop.h"

#define STREAM_IOSIZE_DEFAULT 4096
#define STREAM_QDEPTH_DEFAULT 16
#define STREAM_VEC_MAX 128

struct stream {
	struct xnvme_dev *src; /* NULL: the bytes come from `memory` */
	struct xnvme_dev *dst; /* NULL: the bytes go to `memory` */
	char *memory;	       /* tbytes of it; NULL when both src and dst are given */
	uint64_t tbytes;
	uint64_t offset; /* of the first byte in src */
	uint32_t iosize;
	uint32_t qdepth;
	uint32_t vec_cnt; /* 0: flat; otherwise each write is that many buffers */

	/* Counted while it runs */
	uint64_t nsubmissions, ncompletions, nerrors;
	uint64_t begun; /* bytes from the start on that were taken up: all, unless it was stopped */
};

/* Both return 0, or the first error, which was printed */
int stream_sync(struct stream *stream);
int stream_async(struct stream *stream);

/* One of these, timed; prints the rate, and of several at a time the counts */
int stream_run(struct xnvme_cli *cli, struct stream *stream, bool async);

/* Open a file to read from, or to write to (created; truncated unless `keep`); NULL, and the error
 * was printed, on failure */
struct xnvme_dev *stream_open_src(struct xnvme_cli *cli, const char *path, int *err);
struct xnvme_dev *stream_open_dst(struct xnvme_cli *cli, const char *path, bool keep, int *err);

/* Pieces and depth from the command line, with defaults; refuses what cannot be */
int stream_args(struct xnvme_cli *cli, struct stream *stream);

#endif /* TOOLS_STREAM_H */
