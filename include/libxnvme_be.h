/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The valid values of xnvme_opts.be ("backends") and the I/O paths that they select. Static data:
 * any thread; functions without a documented error cannot fail.
 *
 * There are three kinds of names, in this order: I/O paths ("io_uring", "psync"); a path and a kind
 * of handle ("io_uring_file", "ramdisk_emu"), as in xnvme_opts.be of an open handle; and names with
 * which the library selects the path ("linux"; "spdk", "vfio" and "upcie" for its driver in user
 * space).
 *
 * @param attr The name to print
 * @param list The list
 */
#ifndef LIBXNVME_BE_H
#define LIBXNVME_BE_H

#include <stdio.h>
#include <libxnvme_base.h>
#include <libxnvme_pp.h>

/* Anonymous members are an extension in C99 and C++, flexible array members in C++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_be_attr {
	const char *name; /**< a value of xnvme_opts.be */
	uint8_t enabled;  /**< 1: available in this build of the library */
	uint8_t _rsvd[15];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr) == 24, "incorrect size")

/* struct xnvme_be_attr in the form of the main line */
struct xnvme_be_attr_706 {
	const char *name;
	const char *descr;
	uint32_t caps; /**< one bit per supported kind of handle */
	uint8_t _rsvd[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr_706) == 24, "incorrect size")

struct xnvme_be_attr_list {
	uint32_t capacity;
	int count; /**< valid entries of `item` */
	struct xnvme_be_attr item[];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr_list) == 8, "incorrect size")

/**
 * Print a name as YAML
 *
 * @return The number of characters, or -errno
 */
int xnvme_be_attr_fpr(FILE *stream, const struct xnvme_be_attr *attr, int opts);

/** As xnvme_be_attr_fpr(), to stdout */
int xnvme_be_attr_pr(const struct xnvme_be_attr *attr, int opts);

/**
 * List all names, including those that this build lacks
 *
 * @param list Set to the list, which the caller releases with free()
 * @return 0 or -errno
 * @error ENOMEM Out of memory
 */
int xnvme_be_attr_list_bundled(struct xnvme_be_attr_list **list);

/**
 * Print a list of names as YAML
 *
 * @return The number of characters, or -errno
 */
int xnvme_be_attr_list_fpr(FILE *stream, const struct xnvme_be_attr_list *list, int opts);

/** As xnvme_be_attr_list_fpr(), to stdout */
int xnvme_be_attr_list_pr(const struct xnvme_be_attr_list *list, int opts);

/**
 * Get a name by its index: first the names of this build, then those that it lacks
 *
 * @param idx Index, from 0
 * @return The name, static; NULL beyond the last
 */
const struct xnvme_be_attr *xnvme_be_attr_get(int idx);

/** As xnvme_be_attr_fpr(), in the form of the main line */
int xnvme_be_attr_fpr_706(FILE *stream, const struct xnvme_be_attr_706 *attr, int opts);

/** As xnvme_be_attr_fpr_706(), to stdout */
int xnvme_be_attr_pr_706(const struct xnvme_be_attr_706 *attr, int opts);

/**
 * Print all names of this build as YAML
 *
 * @return The number of characters, or -errno
 */
int xnvme_be_attr_list_fpr_706(FILE *stream, enum xnvme_pr opts);

/** As xnvme_be_attr_list_fpr_706(), to stdout */
int xnvme_be_attr_list_pr_706(enum xnvme_pr opts);

/** As xnvme_be_attr_get(), limited to names of this build */
const struct xnvme_be_attr_706 *xnvme_be_attr_get_706(int idx);

/** Commands that a path serves; bits, of which a path may have several */
enum xnvme_be_role {
	XNVME_BE_ROLE_SYNC = 0x1,
	XNVME_BE_ROLE_ASYNC = 0x2,
	XNVME_BE_ROLE_ADMIN = 0x4,
};

/**
 * Get the roles of a path, over all kinds of devices
 *
 * @param idx Index of xnvme_be_attr_get()
 * @return Bits of enum xnvme_be_role; 0 when the name is not of a path, and beyond the last name of
 *   this build
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

#pragma GCC diagnostic pop

#endif /* LIBXNVME_BE_H */
