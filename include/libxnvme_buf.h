/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers for I/O: allocate them, fill, compare and print their contents.
 *
 * The caller owns a buffer and frees it with the handle that allocated it, while that handle is
 * open. Allocation is slow and may block: do it outside of I/O loops. Any thread.
 *
 * @param buf The buffer
 * @param nbytes Bytes of the buffer
 * @param phys Set to the address that the device uses for the buffer
 * @param expected Buffer of `nbytes` bytes
 * @param actual Buffer of `nbytes` bytes, to compare with `expected`
 */
#ifndef LIBXNVME_BUF_H
#define LIBXNVME_BUF_H

#include <libxnvme_base.h>
#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocate a buffer for I/O, page aligned, with undefined contents
 *
 * @param nbytes Bytes, at least 1
 * @return The buffer, which the caller frees with xnvme_buf_free(); NULL with errno
 * @error EINVAL `nbytes` is 0
 * @error ENOMEM Out of memory
 * @error ESTALE The handle belongs to the process that forked this one
 */
void *xnvme_buf_alloc(const struct xnvme_dev *dev, size_t nbytes);

/**
 * Allocate a buffer, copy the contents of `buf` to it and free `buf`
 *
 * @param buf A buffer of the same handle; NULL: there is nothing to copy
 * @param nbytes Bytes of the new buffer, at least 1
 * @return The new buffer; NULL with errno, and then `buf` stays valid and unchanged
 * @error EINVAL `nbytes` is 0
 * @error ENOMEM Out of memory
 */
void *xnvme_buf_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes);

/**
 * Free a buffer
 *
 * Commands that use it must be complete.
 *
 * @param buf A buffer of the same handle; NULL is allowed
 */
void xnvme_buf_free(const struct xnvme_dev *dev, void *buf);

/**
 * As xnvme_buf_alloc(), and set `*phys` to the address that the device uses for the buffer
 *
 * @return The buffer, which the caller frees with xnvme_buf_phys_free(); NULL with errno
 * @error ENOSYS The handle has no driver in user space
 * @error EINVAL `nbytes` is 0
 * @error ENOMEM Out of memory
 */
void *xnvme_buf_phys_alloc(const struct xnvme_dev *dev, size_t nbytes, uint64_t *phys);

/** As xnvme_buf_free() */
void xnvme_buf_phys_free(const struct xnvme_dev *dev, void *buf);

/** As xnvme_buf_realloc(), and set `*phys` as xnvme_buf_phys_alloc() does */
void *xnvme_buf_phys_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes,
			     uint64_t *phys);

/**
 * Get the address that the device uses for a buffer
 *
 * @return 0 or -errno
 * @error ENOSYS The handle has no driver in user space
 * @error EINVAL The device cannot access `buf`
 */
int xnvme_buf_vtophys(const struct xnvme_dev *dev, void *buf, uint64_t *phys);

/**
 * Allocate memory independent of any device
 *
 * @param alignment A power of two
 * @param nbytes Bytes; rounded up to `alignment`
 * @return The memory, aligned to `alignment`, which the caller frees with xnvme_buf_virt_free();
 *   NULL with errno
 * @error EINVAL `alignment` is not a power of two, or `nbytes` is 0
 * @error ENOMEM Out of memory
 */
void *xnvme_buf_virt_alloc(size_t alignment, size_t nbytes);

/**
 * Free memory of xnvme_buf_virt_alloc()
 *
 * @param buf The memory; NULL is allowed
 */
void xnvme_buf_virt_free(void *buf);

/**
 * Fill a buffer with a pattern, or from a file
 *
 * @param content "anum" (A to Z, repeated), "rand-k" (pseudo-random, the same in each run),
 *   "rand-t" (pseudo-random, different in each run), "zero", one character to repeat, or the path
 *   of a file whose first bytes are read
 * @return 0 or -errno
 */
int xnvme_buf_fill(void *buf, size_t nbytes, const char *content);

/**
 * Fill a buffer with zeroes
 *
 * @return `buf`
 */
void *xnvme_buf_clear(void *buf, size_t nbytes);

/**
 * As xnvme_buf_clear(), in the form of the main line
 *
 * @return 0
 */
int xnvme_buf_clear_706(void *buf, size_t nbytes);

/**
 * Copy bytes between buffers that do not overlap
 *
 * @param dst Destination, of `nbytes` bytes
 * @param src Source, of `nbytes` bytes
 * @param nbytes Bytes to copy
 * @return 0
 */
int xnvme_buf_memcpy(void *dst, const void *src, size_t nbytes);

/**
 * Count the bytes that differ between two buffers
 *
 * @return The number of bytes that differ
 */
size_t xnvme_buf_diff(const void *expected, const void *actual, size_t nbytes);

/**
 * As xnvme_buf_diff(), in the form of the main line
 *
 * @param diff Set to the number of bytes that differ
 * @return 0
 */
int xnvme_buf_diff_706(const void *expected, const void *actual, size_t nbytes, size_t *diff);

/**
 * Print the bytes that differ as YAML to stdout
 *
 * @param opts Output format, a value of enum xnvme_pr
 */
void xnvme_buf_diff_pr(const void *expected, const void *actual, size_t nbytes, int opts);

/**
 * As xnvme_buf_diff_pr(), in the form of the main line
 *
 * @return 0 or -errno
 * @error EINVAL A buffer is NULL
 * @error EIO The output failed
 */
int xnvme_buf_diff_pr_706(const void *expected, const void *actual, size_t nbytes, int opts);

/**
 * Write a buffer to a file, which is created or replaced
 *
 * Blocks.
 *
 * @param path The file
 * @return 0 or -errno
 */
int xnvme_buf_to_file(void *buf, size_t nbytes, const char *path);

/**
 * Fill a buffer from the start of a file
 *
 * Zeroes follow the data of a shorter file. Blocks.
 *
 * @param path The file
 * @return 0 or -errno
 */
int xnvme_buf_from_file(void *buf, size_t nbytes, const char *path);

#if XNVME_API_VERSION >= 706
#define xnvme_buf_clear xnvme_buf_clear_706
#define xnvme_buf_diff xnvme_buf_diff_706
#define xnvme_buf_diff_pr xnvme_buf_diff_pr_706
#endif

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_BUF_H */
