/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers that a device can read and write, and small helpers for what is in them.
 *
 * A buffer belongs to whoever allocated it and is freed with the same handle, which must still
 * be open. Allocation may block and takes time: do it outside of loops. Any thread.
 */
#ifndef LIBXNVME_BUF_H
#define LIBXNVME_BUF_H

#include <libxnvme_base.h>
#include <libxnvme_dev.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Memory of at least `nbytes` bytes, page aligned, its content undefined; to be freed by
 * xnvme_buf_free(). NULL with errno (EINVAL for 0 bytes, ENOMEM).
 */
void *xnvme_buf_alloc(const struct xnvme_dev *dev, size_t nbytes);

/**
 * A buffer of `nbytes` bytes that begins with what is in `buf` (NULL: nothing), which is freed.
 * NULL with errno, and `buf` stays as it is.
 */
void *xnvme_buf_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes);

/** Frees a buffer; NULL is allowed. No command may use it any more. */
void xnvme_buf_free(const struct xnvme_dev *dev, void *buf);

/**
 * As xnvme_buf_alloc(), and the address that the device uses for it in `*phys`; NULL with errno
 * ENOSYS on handles without a driver in user space
 */
void *xnvme_buf_phys_alloc(const struct xnvme_dev *dev, size_t nbytes, uint64_t *phys);

/** As xnvme_buf_free() */
void xnvme_buf_phys_free(const struct xnvme_dev *dev, void *buf);

/** As xnvme_buf_realloc(), and the device's address in `*phys` */
void *xnvme_buf_phys_realloc(const struct xnvme_dev *dev, void *buf, size_t nbytes,
			     uint64_t *phys);

/**
 * The address that the device uses for `buf`. 0, or -ENOSYS on handles without a driver in user
 * space.
 */
int xnvme_buf_vtophys(const struct xnvme_dev *dev, void *buf, uint64_t *phys);

/**
 * Memory that is no device's: aligned to `alignment`, a power of two, `nbytes` rounded up to it.
 * To be freed by xnvme_buf_virt_free(). NULL with errno (EINVAL, ENOMEM).
 */
void *xnvme_buf_virt_alloc(size_t alignment, size_t nbytes);

/** Frees what xnvme_buf_virt_alloc() gave; NULL is allowed */
void xnvme_buf_virt_free(void *buf);

/**
 * Fills a buffer: "anum" cycles through A to Z, "rand-k" is pseudo-random and the same in each
 * run, "rand-t" is another in each run, "zero", or one character, repeated; anything else names
 * a file whose first bytes are read. 0 or -errno.
 */
int xnvme_buf_fill(void *buf, size_t nbytes, const char *content);

/** Fills a buffer with zeroes; returns `buf` */
void *xnvme_buf_clear(void *buf, size_t nbytes);

/** As xnvme_buf_clear(), with the main line's return: 0 */
int xnvme_buf_clear_706(void *buf, size_t nbytes);

/** Copies `nbytes` bytes between buffers that do not overlap; returns 0 */
int xnvme_buf_memcpy(void *dst, const void *src, size_t nbytes);

/** The number of bytes that differ */
size_t xnvme_buf_diff(const void *expected, const void *actual, size_t nbytes);

/** As xnvme_buf_diff(), into `*diff`, which is set, not added to; returns 0 */
int xnvme_buf_diff_706(const void *expected, const void *actual, size_t nbytes, size_t *diff);

/** Writes the bytes that differ to the standard output as YAML; `opts` is of enum xnvme_pr */
void xnvme_buf_diff_pr(const void *expected, const void *actual, size_t nbytes, int opts);

/** As xnvme_buf_diff_pr(). 0; -EINVAL for NULL, -EIO when the output fails. */
int xnvme_buf_diff_pr_706(const void *expected, const void *actual, size_t nbytes, int opts);

/** Makes a file of exactly these bytes, or replaces one. Blocks. 0 or -errno. */
int xnvme_buf_to_file(void *buf, size_t nbytes, const char *path);

/**
 * Fills a buffer from a file; what a shorter file does not have is zeroes. Blocks. 0 or -errno.
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
