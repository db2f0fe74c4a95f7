/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * File I/O: offsets are in bytes. A transfer that stops at the end of the file succeeds;
 * ctx->cpl.result is the number of bytes transferred. With a context of a queue the functions
 * submit.
 *
 * On a handle whose path sends NVMe commands to a device these commands fail with ENOTSUP, and
 * nothing is sent.
 */
#ifndef LIBXNVME_FILE_H
#define LIBXNVME_FILE_H

#include <sys/types.h>
#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** As xnvme_dev_open(), for a file; the option `create` creates it if it does not exist */
struct xnvme_dev *xnvme_file_open(const char *pathname, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_file_open);

/** As xnvme_dev_close(); returns 0 */
int xnvme_file_close(struct xnvme_dev *fh);

/** Reads `count` bytes at byte offset `offset`; returns what xnvme_cmd_pass() returns */
int xnvme_file_pread(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);

/**
 * Writes `count` bytes at byte offset `offset`; extends the file if necessary. Returns what
 * xnvme_cmd_pass() returns.
 */
int xnvme_file_pwrite(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);

/** Flushes all completed writes to stable storage. Blocks. Returns 0 or -errno. */
int xnvme_file_sync(struct xnvme_dev *fh);

/** As xnvme_cmd_ctx_from_dev() */
struct xnvme_cmd_ctx xnvme_file_get_cmd_ctx(struct xnvme_dev *fh);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_FILE_H */
