/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices: open, close, enumerate, ask.
 *
 * A handle (struct xnvme_dev) is made by opening a URI and lives until it is closed and its last
 * queue is terminated. Opening looks at the URI, picks the paths that fit within what the
 * options ask for, and reads the identify pages: getters never do I/O. Everything here may be
 * called from any thread; two threads must not close the same handle.
 *
 * Errors: NULL with errno, or -errno; xnvme_err_text() then says why and what to do.
 *
 * fork(). Handles, their queues and buffers belong to the process that opened them, which goes on
 * using them whatever a child does. In the child they refuse everything with -ESTALE: commands are
 * not accepted and no callback follows; a poke is refused when commands were outstanding, and those
 * complete in the parent. xnvme_queue_term(), xnvme_dev_close(), xnvme_buf_free() and exit() are
 * safe there and let go of what is the child's own; memory of a driver in user space and
 * descriptors of rings and sockets stay until it ends or calls exec(). Handles that the child opens
 * anew work. The same holds for virtual SSDs and servers of libnvmevirt.h. Two limits: a child that
 * is forked within a callback must not return from it, and before Linux 6.5 memory that a command
 * with direct I/O is reading into must not be written to by the parent around the fork, since
 * copy-on-write then takes the page away from the device: fork with nothing outstanding.
 * multiprocessing of Python, posix_spawn() and vfork() with exec() are fine.
 */
#ifndef LIBXNVME_DEV_H
#define LIBXNVME_DEV_H

#include <stdio.h>
#include <libxnvme_base.h>
#include <libxnvme_opts.h>
#include <libxnvme_ident.h>
#include <libxnvme_geo.h>
#include <libxnvme_spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_dev;

typedef int (*xnvme_enumerate_cb)(struct xnvme_dev *dev, void *cb_args);

enum xnvme_enumerate_action {
	XNVME_ENUMERATE_DEV_KEEP_OPEN = 0x0,
	XNVME_ENUMERATE_DEV_CLOSE = 0x1,
};

/**
 * Writes handle, paths, options and geometry as YAML to `stream`; `opts` is of enum xnvme_pr.
 * The number of characters, or -errno.
 */
int xnvme_dev_fpr(FILE *stream, const struct xnvme_dev *dev, int opts);

/** The same to the standard output. */
int xnvme_dev_pr(const struct xnvme_dev *dev, int opts);

/**
 * Opens each device of this machine in turn (or only `sys_uri`, when it is not NULL) with `opts`
 * (NULL: the defaults) and calls `cb_func` with the handle. The callback returns what shall
 * become of the handle: kept, then the caller closes it, or closed. What cannot be opened is
 * passed over; xnvme_err_text() then says how many were and why, and is empty when none was.
 *
 * Blocks. 0 or -errno.
 */
int xnvme_enumerate(const char *sys_uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb_func,
		    void *cb_args) XNVME_LAYOUT_0_8(xnvme_enumerate);

/**
 * Reads the identify pages again and derives the geometry anew: after a format or a resize.
 * Blocks. No command may be outstanding on the handle, and queues that it has are to be made anew
 * when its blocks have another size now. 0 or -errno.
 */
int xnvme_dev_derive_geo(struct xnvme_dev *dev);

/** The geometry; never NULL, lent until the handle is closed */
const struct xnvme_geo *xnvme_dev_get_geo(const struct xnvme_dev *dev);

/**
 * The identify page of the controller (NVMe Base 2.0, Identify); lent until the handle is closed
 */
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr(const struct xnvme_dev *dev);

/**
 * The controller's page of the namespace's command set (CNS 06h); NULL when it has none; lent
 */
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr_css(const struct xnvme_dev *dev);

/**
 * The identify page of the namespace (CNS 00h); NULL for a controller or key-value handle; lent
 */
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns(const struct xnvme_dev *dev);

/** The namespace's page of its command set (CNS 05h); NULL when it has none; lent */
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns_css(const struct xnvme_dev *dev);

/** The namespace's identifier; 0 for a controller handle */
uint32_t xnvme_dev_get_nsid(const struct xnvme_dev *dev);

/**
 * The command set identifier, enum xnvme_spec_csi, or XNVME_SPEC_CSI_FS for files and ramdisks
 */
uint8_t xnvme_dev_get_csi(const struct xnvme_dev *dev);

/** Who the device is; lent until the handle is closed */
const struct xnvme_ident *xnvme_dev_get_ident(const struct xnvme_dev *dev);

/** The options in effect: be, dev, sync, async, admin and mem name what was chosen; lent */
const struct xnvme_opts *xnvme_dev_get_opts(const struct xnvme_dev *dev);

/**
 * What the kind of handle keeps for itself; NULL when it keeps nothing. For the library's own
 * tests.
 */
const void *xnvme_dev_get_be_state(const struct xnvme_dev *dev);

/**
 * The base-2 logarithm of a block's data bytes: an offset in bytes shifted right by it is a
 * block
 */
uint64_t xnvme_dev_get_ssw(const struct xnvme_dev *dev);

/**
 * What happened when paths were chosen at open, as sentences: what would have been preferred and
 * why it was not usable. Empty when the first choice worked. Lent until the handle is closed.
 */
const char *xnvme_dev_get_note(const struct xnvme_dev *dev);

/** What the async path uses of what the system offers, as words separated by commas; lent */
const char *xnvme_dev_get_features(const struct xnvme_dev *dev);

/** What the URI was found to name: "file", "block", "ramdisk", "virt", ...; static */
const char *xnvme_dev_get_kind(const struct xnvme_dev *dev);

/**
 * Opens what `dev_uri` names: a regular file, a block device, an NVMe node (/dev/nvme0n1,
 * /dev/ng0n1, /dev/nvme0), a ramdisk ("1GiB"), a virtual SSD ("virt:PRESET"), a PCI function
 * ("0000:03:00.0"), ...
 *
 * `opts` may be NULL. rdwr and create_mode are filled in where they were not given. Blocks: the
 * device is identified. A handle, to be closed by xnvme_dev_close(); or NULL with errno, and
 * xnvme_err_text() says why and what would work.
 */
struct xnvme_dev *xnvme_dev_open(const char *dev_uri, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_dev_open);

/**
 * Closes a handle; NULL is allowed. With queues left it lives on until the last one is
 * terminated. Blocks while the system closes what was opened.
 */
void xnvme_dev_close(struct xnvme_dev *dev);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_DEV_H */
