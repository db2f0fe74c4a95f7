/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers for I/O: allocate them, fill, compare and print their contents.
 *
 * The caller owns a buffer and frees it with the handle that allocated it, while that handle is
 * open. Allocation is slow and may block: do it outside of I/O loops. Any thread.
 */
#ifndef LIBXNVME_BUF_H
#define LIBXNVME_BUF_H

#include <libxnvme_base.h>
#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocates at least `nbytes` bytes for I/O, page aligned, with undefined contents. The caller
 * frees them with xnvme_buf_free(). Returns NULL and sets errno on failure (EINVAL for 0 bytes,
 * ENOMEM).
 */
void *xnvme_buf_alloc(const struct xnvme_dev *dev, size_t nbytes);

/**
 * Allocates a buffer of `nbytes` bytes, copies the contents of `buf` (may be NULL) to it and frees
 * `buf`. On failure returns NULL, sets errno, and `buf` stays valid and unchanged.
 */
void *xnvme_buf_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes);

/** Frees a buffer; NULL is allowed. Commands that use it must be complete. */
void xnvme_buf_free(const struct xnvme_dev *dev, void *buf);

/**
 * As xnvme_buf_alloc(), and sets `*phys` to the address that the device uses for the buffer. NULL
 * with errno ENOSYS on handles without a driver in user space.
 */
void *xnvme_buf_phys_alloc(const struct xnvme_dev *dev, size_t nbytes, uint64_t *phys);

/** As xnvme_buf_free() */
void xnvme_buf_phys_free(const struct xnvme_dev *dev, void *buf);

/** As xnvme_buf_realloc(), and sets `*phys` as xnvme_buf_phys_alloc() does */
void *xnvme_buf_phys_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes,
			     uint64_t *phys);

/**
 * Sets `*phys` to the address that the device uses for `buf`. Returns 0, or -ENOSYS on handles
 * without a driver in user space.
 */
int xnvme_buf_vtophys(const struct xnvme_dev *dev, void *buf, uint64_t *phys);

/**
 * Allocates memory independent of any device: `nbytes` rounded up to `alignment`, a power of two,
 * and aligned to it. The caller frees it with xnvme_buf_virt_free(). Returns NULL and sets errno on
 * failure (EINVAL, ENOMEM).
 */
void *xnvme_buf_virt_alloc(size_t alignment, size_t nbytes);

/** Frees memory of xnvme_buf_virt_alloc(); NULL is allowed */
void xnvme_buf_virt_free(void *buf);

/**
 * Fills a buffer. `content` is "anum" (A to Z, repeated), "rand-k" (pseudo-random, the same in each
 * run), "rand-t" (pseudo-random, different in each run), "zero", one character to repeat, or the
 * path of a file whose first bytes are read. Returns 0 or -errno.
 */
int xnvme_buf_fill(void *buf, size_t nbytes, const char *content);

/** Fills a buffer with zeroes; returns `buf` */
void *xnvme_buf_clear(void *buf, size_t nbytes);

/** As xnvme_buf_clear(), in the form of the main line: returns 0 */
int xnvme_buf_clear_706(void *buf, size_t nbytes);

/** Copies `nbytes` bytes between buffers that do not overlap; returns 0 */
int xnvme_buf_memcpy(void *dst, const void *src, size_t nbytes);

/** Returns the number of bytes that differ */
size_t xnvme_buf_diff(const void *expected, const void *actual, size_t nbytes);

/** Sets `*diff` to the number of bytes that differ; returns 0 */
int xnvme_buf_diff_706(const void *expected, const void *actual, size_t nbytes, size_t *diff);

/** Prints the bytes that differ as YAML to stdout; `opts` is of enum xnvme_pr */
void xnvme_buf_diff_pr(const void *expected, const void *actual, size_t nbytes, int opts);

/** As xnvme_buf_diff_pr(); returns 0, -EINVAL for a NULL buffer, -EIO when the output fails */
int xnvme_buf_diff_pr_706(const void *expected, const void *actual, size_t nbytes, int opts);

/** Writes the buffer to the file `path`, creates or replaces it. Blocks. Returns 0 or -errno. */
int xnvme_buf_to_file(void *buf, size_t nbytes, const char *path);

/**
 * Fills a buffer from the start of a file; zeroes follow the data of a shorter file. Blocks.
 * Returns 0 or -errno.
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
