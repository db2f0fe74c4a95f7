/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices: open, close, enumerate, get attributes.
 *
 * A handle (struct xnvme_dev) is created by opening a URI and exists until it is closed and its
 * last queue is terminated. Opening resolves the URI, selects I/O paths within the constraints of
 * the options, and reads the identify pages; getters return stored values without I/O. All
 * functions may be called from any thread; only one thread may close a handle.
 *
 * Errors: NULL with errno, or -errno; xnvme_err_text() then has the reason and what to do.
 *
 * fork(): Handles, their queues and buffers belong to the process that opened them; the parent
 * continues to use them, whatever the child does. In the child all functions on them return
 * -ESTALE: commands are refused and no callback follows; a poke is refused when commands were
 * outstanding, and those complete in the parent. In the child xnvme_queue_term(),
 * xnvme_dev_close(), xnvme_buf_free() and exit() are safe and release the child's own resources;
 * memory of a driver in user space and descriptors of rings and sockets stay until the child exits
 * or calls exec(). Handles that the child opens itself work. The same rules apply to virtual SSDs
 * and servers of libnvmevirt.h. There are two limits. A child that is forked within a callback must
 * not return from it. Before Linux 6.5 the parent must not, around the fork, write to memory into
 * which a command with direct I/O is reading, since copy-on-write then replaces the page that the
 * device uses: fork with no commands outstanding. Python's multiprocessing, posix_spawn() and
 * vfork() with exec() are safe.
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

/** Called by xnvme_enumerate() for each device; returns a value of enum xnvme_enumerate_action */
typedef int (*xnvme_enumerate_cb)(struct xnvme_dev *dev, void *cb_args);

/** What xnvme_enumerate() does with the handle after the callback */
enum xnvme_enumerate_action {
	XNVME_ENUMERATE_DEV_KEEP_OPEN = 0x0,
	XNVME_ENUMERATE_DEV_CLOSE = 0x1,
};

/**
 * Prints handle, paths, options and geometry as YAML to `stream`; `opts` is of enum xnvme_pr.
 * Returns the number of characters, or -errno.
 */
int xnvme_dev_fpr(FILE *stream, const struct xnvme_dev *dev, int opts);

/** As xnvme_dev_fpr(), to stdout */
int xnvme_dev_pr(const struct xnvme_dev *dev, int opts);

/**
 * Opens each device of this machine in turn (or only `sys_uri`, when it is not NULL) with `opts`
 * (NULL: the defaults) and calls `cb_func` with the handle. The callback returns a value of enum
 * xnvme_enumerate_action: keep the handle open (the caller closes it), or close it. Controllers and
 * PCI functions that the kernel's driver is bound to are not enumerated. Devices that cannot be
 * opened are skipped; xnvme_err_text() then has their number and the reason of the first, and is
 * empty when none was skipped.
 *
 * Blocks. Returns 0 or -errno.
 */
int xnvme_enumerate(const char *sys_uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb_func,
		    void *cb_args) XNVME_LAYOUT_0_8(xnvme_enumerate);

/**
 * Reads the identify pages again and updates the geometry, after a format or a resize. Blocks. No
 * command may be outstanding on the handle. If the block size has changed, the caller must create
 * the handle's queues anew. Returns 0 or -errno.
 */
int xnvme_dev_derive_geo(struct xnvme_dev *dev);

/** Returns the geometry; never NULL; valid until the handle is closed */
const struct xnvme_geo *xnvme_dev_get_geo(const struct xnvme_dev *dev);

/**
 * Returns the Identify Controller data (NVMe Base 2.0, Identify); valid until the handle is closed
 */
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr(const struct xnvme_dev *dev);

/**
 * Returns Identify Controller of the namespace's command set (CNS 06h), or NULL when there is none;
 * valid until the handle is closed
 */
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr_css(const struct xnvme_dev *dev);

/**
 * Returns the Identify Namespace data (CNS 00h), or NULL for a controller or key-value handle;
 * valid until the handle is closed
 */
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns(const struct xnvme_dev *dev);

/**
 * Returns Identify Namespace of the namespace's command set (CNS 05h), or NULL when there is none;
 * valid until the handle is closed
 */
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns_css(const struct xnvme_dev *dev);

/** Returns the namespace identifier; 0 for a controller handle */
uint32_t xnvme_dev_get_nsid(const struct xnvme_dev *dev);

/**
 * Returns the command set identifier, enum xnvme_spec_csi, or XNVME_SPEC_CSI_FS for files and
 * ramdisks
 */
uint8_t xnvme_dev_get_csi(const struct xnvme_dev *dev);

/** Returns the identity of the device; valid until the handle is closed */
const struct xnvme_ident *xnvme_dev_get_ident(const struct xnvme_dev *dev);

/**
 * Returns the options in effect: be, dev, sync, async, admin and mem are the names of the selected
 * implementations; valid until the handle is closed
 */
const struct xnvme_opts *xnvme_dev_get_opts(const struct xnvme_dev *dev);

/** Returns private state of the kind of handle, or NULL; for the library's own tests */
const void *xnvme_dev_get_be_state(const struct xnvme_dev *dev);

/**
 * Returns the base-2 logarithm of a block's data bytes: a byte offset shifted right by it is the
 * LBA
 */
uint64_t xnvme_dev_get_ssw(const struct xnvme_dev *dev);

/**
 * Returns the log of the path selection at open, as sentences: each preferred path that was
 * unusable, and why. Empty when the first choice was usable. Valid until the handle is closed.
 */
const char *xnvme_dev_get_note(const struct xnvme_dev *dev);

/**
 * Returns the features of the system that the async path uses, as words separated by commas; valid
 * until the handle is closed
 */
const char *xnvme_dev_get_features(const struct xnvme_dev *dev);

/** Returns the kind of the opened device: "file", "block", "ramdisk", "virt", ...; static */
const char *xnvme_dev_get_kind(const struct xnvme_dev *dev);

/**
 * Opens the device `dev_uri`: a regular file, a block device, an NVMe node (/dev/nvme0n1,
 * /dev/ng0n1, /dev/nvme0), a ramdisk ("1GiB"), a virtual SSD ("virt:PRESET"), a PCI function
 * ("0000:03:00.0"), ...
 *
 * A ramdisk has the units of sizes elsewhere (KiB, K, k, KB, kB to TiB, T, t, TB), all of them
 * powers of 1024: "1GB" is 1 GiB, as in xNVMe. An existing file of that name is opened instead, and
 * with `create` a name in units of one letter ("1M") is a file.
 *
 * `opts` may be NULL; unset rdwr and create_mode in it are set to their defaults. Blocks while it
 * identifies the device. Returns a handle, which the caller closes with xnvme_dev_close(); or NULL
 * with errno, and xnvme_err_text() has the reason and what is possible instead.
 */
struct xnvme_dev *xnvme_dev_open(const char *dev_uri, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_dev_open);

/**
 * Closes a handle; NULL is allowed. A handle with queues exists until the last of them is
 * terminated. Blocks while the system closes the device.
 */
void xnvme_dev_close(struct xnvme_dev *dev);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_DEV_H */
