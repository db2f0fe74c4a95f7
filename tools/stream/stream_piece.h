/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One piece of a stream, shared by stream.c and stream_async.c.
 */
#ifndef TOOLS_STREAM_PIECE_H
#define TOOLS_STREAM_PIECE_H

#include <sys/uio.h>

#include "stream.h"

struct stream_piece {
	void *buf;
	size_t nbytes;
	uint64_t offset; /* from the start of the stream */
	struct iovec vec[STREAM_VEC_MAX];
};

int stream_piece_read(const struct stream *stream, struct stream_piece *piece,
		      struct xnvme_cmd_ctx *ctx);
int stream_piece_write(const struct stream *stream, struct stream_piece *piece,
		       struct xnvme_cmd_ctx *ctx);

/* Returns 0 if the completed command transferred the whole piece; otherwise prints an error and
 * returns it */
int stream_piece_end(struct stream_piece *piece, struct xnvme_cmd_ctx *ctx, const char *what);

#endif /* TOOLS_STREAM_PIECE_H */
