/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * File I/O: offsets are in bytes
 *
 * A transfer that stops at the end of the file succeeds; ctx->cpl.result is the number of bytes
 * transferred.
 *
 * On a handle whose path sends NVMe commands to a device these commands fail with ENOTSUP, and
 * nothing is sent.
 *
 * @param fh A handle of xnvme_file_open()
 * @param buf Data; valid until the command is complete
 * @param count Bytes to transfer
 * @param offset Byte offset in the file
 *
 * @note With a context of a queue the function submits, with one of a device it blocks.
 */
#ifndef LIBXNVME_FILE_H
#define LIBXNVME_FILE_H

#include <sys/types.h>
#include <libxnvme_cmd.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * As xnvme_dev_open(), for a file
 *
 * @param pathname The file; the option `create` creates it if it does not exist
 */
struct xnvme_dev *xnvme_file_open(const char *pathname, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_file_open);

/**
 * As xnvme_dev_close()
 *
 * @return 0
 */
int xnvme_file_close(struct xnvme_dev *fh);

/**
 * Read from a file
 *
 * @return What xnvme_cmd_pass() returns: 0, or -errno
 * @error EIO Reading failed: the reason is in ctx->cpl
 * @error ENOTSUP The path sends NVMe commands to a device
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_file_pread(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);

/**
 * Write to a file, and extend it if necessary
 *
 * @return What xnvme_cmd_pass() returns: 0, or -errno
 * @error EIO Writing failed: the reason is in ctx->cpl
 * @error ENOTSUP The path sends NVMe commands to a device
 * @error EBUSY The queue is full: poke, then try again
 */
int xnvme_file_pwrite(struct xnvme_cmd_ctx *ctx, void *buf, size_t count, off_t offset);

/**
 * Flush all completed writes to stable storage
 *
 * Blocks; any thread.
 *
 * @return 0 or -errno
 */
int xnvme_file_sync(struct xnvme_dev *fh);

/** As xnvme_cmd_ctx_from_dev() */
struct xnvme_cmd_ctx xnvme_file_get_cmd_ctx(struct xnvme_dev *fh);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_FILE_H */
