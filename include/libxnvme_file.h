/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files spoken to as devices: offsets are bytes. A transfer that stops at the end of the file is
 * no error; ctx->cpl.result says how many bytes moved. With a context from a queue these submit.
 *
 * Where the handle's path carries NVMe commands to a device they end with ENOTSUP, and nothing is
 * sent.
 */
#ifndef LIBXNVME_FILE_H
#define LIBXNVME_FILE_H

#include <sys/types.h>
#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** As xnvme_dev_open(); set `create` to make the file */
struct xnvme_dev *xnvme_file_open(const char *pathname, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_file_open);

/** As xnvme_dev_close(); returns 0 */
int xnvme_file_close(struct xnvme_dev *fh);

/** Reads `count` bytes at byte `offset`; returns what xnvme_cmd_pass() returns */
int xnvme_file_pread(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);

/**
 * Writes `count` bytes at byte `offset`; a file grows by it. Returns what xnvme_cmd_pass()
 * returns.
 */
int xnvme_file_pwrite(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);

/** Blocks until what was written is on stable storage. 0 or -errno. */
int xnvme_file_sync(struct xnvme_dev *fh);

/** As xnvme_cmd_ctx_from_dev() */
struct xnvme_cmd_ctx xnvme_file_get_cmd_ctx(struct xnvme_dev *fh);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_FILE_H */
