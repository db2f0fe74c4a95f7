/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stream of bytes from a file to memory, from memory to a file, or from file to file, in pieces
 * of equal size, several of them in flight. xdd and xnvme_file are built on it.
 */
#ifndef TOOLS_STREAM_H
#define TOOLS_STREAM_H

#include "../common/tool.h"
#include "../common/tool_stop.h"

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
	uint32_t vec_cnt; /* 0: one buffer per write; else a vector of so many */

	/* Counters, updated during the run */
	uint64_t nsubmissions, ncompletions, nerrors;
	uint64_t started; /* bytes from the start whose transfer started: all, unless stopped */
};

/* Both return 0, or print the first error and return it */
int stream_sync(struct stream *stream);
int stream_async(struct stream *stream);

/* Run one of these and print the rate, and for the asynchronous one the counters */
int stream_run(struct xnvme_cli *cli, struct stream *stream, bool async);

/* Open a file for reading, or for writing (created; truncated unless `keep`). On failure prints the
 * error and returns NULL. */
struct xnvme_dev *stream_open_src(struct xnvme_cli *cli, const char *path, int *err);
struct xnvme_dev *stream_open_dst(struct xnvme_cli *cli, const char *path, bool keep, int *err);

/* Set piece size and depth from the command line, with defaults; reports invalid values */
int stream_args(struct xnvme_cli *cli, struct stream *stream);

#endif /* TOOLS_STREAM_H */
