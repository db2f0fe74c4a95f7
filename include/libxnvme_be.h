/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The values that xnvme_opts.be takes, and the I/O paths behind them. Static data: any thread,
 * never fails unless it is said.
 *
 * Three kinds of names, in this order: the I/O paths ("io_uring", "psync"); the paths together with
 * the kind of handle ("io_uring_file", "ramdisk_emu"), which is what xnvme_opts.be of an open
 * handle holds; and names that leave the choice of the path to the library ("linux"; "spdk",
 * "vfio" and "upcie" for its driver in user space).
 */
#ifndef LIBXNVME_BE_H
#define LIBXNVME_BE_H

#include <stdio.h>
#include <libxnvme_base.h>
#include <libxnvme_pp.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_be_attr {
	const char *name; /**< a value of xnvme_opts.be */
	uint8_t enabled;  /**< 1: in this build of the library */
	uint8_t _rsvd[15];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr) == 24, "incorrect size")

/* The same in the form of the main line */
struct xnvme_be_attr_706 {
	const char *name;
	const char *descr;
	uint32_t caps; /**< a bit per kind of handle that it serves */
	uint8_t _rsvd[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr_706) == 24, "incorrect size")

struct xnvme_be_attr_list {
	uint32_t capacity;
	int count; /**< entries of `item` that are filled in */
	struct xnvme_be_attr item[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr_list) == 8, "incorrect size")

/**
 * Writes it as YAML to `stream`; `opts` is of enum xnvme_pr. The number of characters, or
 * -errno.
 */
int xnvme_be_attr_fpr(FILE *stream, const struct xnvme_be_attr *attr, int opts);

/** The same to the standard output. */
int xnvme_be_attr_pr(const struct xnvme_be_attr *attr, int opts);

/**
 * Lists all names, those whose path is not in this build among them. 0 and `*list`, to be freed
 * by free(); or -ENOMEM.
 */
int xnvme_be_attr_list_bundled(struct xnvme_be_attr_list **list);

/** Writes a list as YAML to `stream`. The number of characters, or -errno. */
int xnvme_be_attr_list_fpr(FILE *stream, const struct xnvme_be_attr_list *list, int opts);

/** The same to the standard output. */
int xnvme_be_attr_list_pr(const struct xnvme_be_attr_list *list, int opts);

/**
 * Name number `idx`, from 0 on: those of this build, then those that it lacks; NULL beyond the
 * last. Valid for ever.
 */
const struct xnvme_be_attr *xnvme_be_attr_get(int idx);

/** As xnvme_be_attr_fpr(), in the form of the main line */
int xnvme_be_attr_fpr_706(FILE *stream, const struct xnvme_be_attr_706 *attr, int opts);

/** The same to the standard output. */
int xnvme_be_attr_pr_706(const struct xnvme_be_attr_706 *attr, int opts);

/** Writes all names of this build as YAML to `stream`. The number of characters, or -errno. */
int xnvme_be_attr_list_fpr_706(FILE *stream, enum xnvme_pr opts);

/** The same to the standard output. */
int xnvme_be_attr_list_pr_706(enum xnvme_pr opts);

/** As xnvme_be_attr_get(), but only names of this build */
const struct xnvme_be_attr_706 *xnvme_be_attr_get_706(int idx);

/** What a path may be used for: bits, a path may have several */
enum xnvme_be_role {
	XNVME_BE_ROLE_SYNC = 0x1,
	XNVME_BE_ROLE_ASYNC = 0x2,
	XNVME_BE_ROLE_ADMIN = 0x4,
};

/**
 * The roles that the path of xnvme_be_attr_get(idx) plays, for any kind of device
 *
 * @return Bits of enum xnvme_be_role; 0 for a name that is no path, and beyond the last name of
 *         this build
 */
uint32_t xnvme_be_attr_get_roles(int idx);

#if XNVME_API_VERSION >= 706
#define xnvme_be_attr xnvme_be_attr_706
#define xnvme_be_attr_fpr xnvme_be_attr_fpr_706
#define xnvme_be_attr_pr xnvme_be_attr_pr_706
#define xnvme_be_attr_list_fpr xnvme_be_attr_list_fpr_706
#define xnvme_be_attr_list_pr xnvme_be_attr_list_pr_706
#define xnvme_be_attr_get xnvme_be_attr_get_706
#endif

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_BE_H */
