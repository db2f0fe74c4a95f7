/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One piece of a stream: what stream.c and stream_async.c share.
 */
#ifndef TOOLS_STREAM_PIECE_H
#define TOOLS_STREAM_PIECE_H

#include <sys/uio.h>

#include "stream.h"

struct stream_piece {
	void *buf;
	size_t nbytes;
	uint64_t offset; /* from the beginning of the stream */
	struct iovec vec[STREAM_VEC_MAX];
};

int stream_piece_read(const struct stream *stream, struct stream_piece *piece,
		      struct xnvme_cmd_ctx *ctx);
int stream_piece_write(const struct stream *stream, struct stream_piece *piece,
		       struct xnvme_cmd_ctx *ctx);

/* Whether the completed command moved all of the piece; otherwise an error, which was printed */
int stream_piece_end(struct stream_piece *piece, struct xnvme_cmd_ctx *ctx, const char *what);

#endif /* TOOLS_STREAM_PIECE_H */
