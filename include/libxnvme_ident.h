/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Identity of a device: URI, subsystem name, type, namespace and command set.
 *
 * @param stream Where to print
 * @param ident The identity
 * @param opts Output format, a value of enum xnvme_pr
 */
#ifndef LIBXNVME_IDENT_H
#define LIBXNVME_IDENT_H

#include <stdio.h>
#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XNVME_IDENT_URI_LEN 384

struct xnvme_ident {
	char subnqn[256];	/**< NQN of the NVM subsystem; empty: unknown */
	char uri[384];		/**< the URI with which xnvme_dev_open() opens the device */
	uint32_t dtype;		/**< 1 controller, 2 namespace, 3 block device, 4 file, 5 ramdisk */
	uint32_t nsid;
	uint8_t csi;		/**< enum xnvme_spec_csi, or XNVME_SPEC_CSI_FS */
	char kernel_driver[32]; /**< empty: unknown or none */
	uint8_t rsvd[23];
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_ident) == 704, "incorrect size")

/**
 * Print the fields of an identity as YAML, with given indentation and separator
 *
 * @param indent Columns before each entry
 * @param sep Text between entries
 * @param head Not 0: print a heading
 * @return The number of characters, or -errno
 */
int xnvme_ident_yaml(FILE *stream, const struct xnvme_ident *ident, int indent, const char *sep,
		     int head);

/**
 * Print an identity as YAML
 *
 * @return The number of characters, or -errno
 */
int xnvme_ident_fpr(FILE *stream, const struct xnvme_ident *ident, int opts);

/** As xnvme_ident_fpr(), to stdout */
int xnvme_ident_pr(const struct xnvme_ident *ident, int opts);

/**
 * Set an identity to a URI; the other fields are unknown
 *
 * Does not block or access the device; any thread.
 *
 * @param uri The URI; copied
 * @param ident Set
 * @return 0 or -errno
 * @error EINVAL `uri` is NULL or too long
 */
int xnvme_ident_from_uri(const char *uri, struct xnvme_ident *ident);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_IDENT_H */
