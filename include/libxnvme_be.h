/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What I/O paths this library has. Static data: never fails, any thread.
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
	const char *name;
	const char *descr;
	uint32_t caps;
	uint8_t _rsvd[4];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_be_attr) == 24, "incorrect size")

/**
 * Writes it as YAML to `stream`; `opts` is of enum xnvme_pr. The number of characters, or
 * -errno.
 */
int xnvme_be_attr_fpr(FILE *stream, const struct xnvme_be_attr *attr, int opts);

/** The same to the standard output. */
int xnvme_be_attr_pr(const struct xnvme_be_attr *attr, int opts);

/** Writes all paths of this build as YAML to `stream`. The number of characters, or -errno. */
int xnvme_be_attr_list_fpr(FILE *stream, enum xnvme_pr opts);

/** The same to the standard output. */
int xnvme_be_attr_list_pr(enum xnvme_pr opts);

/**
 * Path number `idx` of this build, from 0 on; NULL beyond the last. `caps` has a bit per kind of
 * handle that the path serves. Lent until this thread's next call.
 */
const struct xnvme_be_attr *xnvme_be_attr_get(int idx);

/** What a path may be used for: bits, a path may have several */
enum xnvme_be_role {
	XNVME_BE_ROLE_SYNC = 0x1,
	XNVME_BE_ROLE_ASYNC = 0x2,
	XNVME_BE_ROLE_ADMIN = 0x4,
};

/**
 * The roles that the path of xnvme_be_attr_get(idx) plays, for any kind of device
 *
 * @return Bits of enum xnvme_be_role; 0 when there is no such path
 */
uint32_t xnvme_be_attr_get_roles(int idx);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_BE_H */
