/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Devices: open, close, enumerate, get attributes.
 *
 * A handle (struct xnvme_dev) is created by opening a URI and exists until it is closed and its
 * last queue is terminated. Opening resolves the URI, selects I/O paths within the constraints of
 * the options, and reads the identify pages; getters return stored values without I/O. All
 * functions may be called from any thread; only one thread may close a handle.
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
 *
 * @param dev An open handle
 *
 * @note Errors: a function that fails returns NULL with errno, or -errno; xnvme_err_text() then has
 *   the reason and what to do.
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
 * Print handle, paths, options and geometry as YAML
 *
 * Any thread.
 *
 * @return The number of characters, or -errno
 */
int xnvme_dev_fpr(FILE *stream, const struct xnvme_dev *dev, int opts);

/** As xnvme_dev_fpr(), to stdout */
int xnvme_dev_pr(const struct xnvme_dev *dev, int opts);

/**
 * Open each device of this machine in turn and call a function with the handle
 *
 * The callback returns a value of enum xnvme_enumerate_action: keep the handle open (the caller
 * closes it), or close it. Controllers and PCI functions that the kernel's driver is bound to are
 * not enumerated. Devices that cannot be opened are skipped; xnvme_err_text() then has their number
 * and the reason of the first, and is empty when none was skipped. Blocks.
 *
 * @param sys_uri NULL, or the only device to open
 * @param opts Options with which each device is opened; NULL: the defaults. Copied.
 * @param cb_func Called on this thread for each device that could be opened
 * @param cb_args Passed to `cb_func`
 * @return 0 or -errno
 */
int xnvme_enumerate(const char *sys_uri, struct xnvme_opts *opts, xnvme_enumerate_cb cb_func,
		    void *cb_args) XNVME_LAYOUT_0_8(xnvme_enumerate);

/**
 * Read the identify pages again and update the geometry, after a format or a resize
 *
 * No command may be outstanding on the handle. If the block size has changed, the caller must
 * create the handle's queues anew. Blocks.
 *
 * @return 0, or -errno, which may also be that of the path
 * @error EIO The device completed Identify with an error
 * @error ESTALE The handle belongs to the process that forked this one
 */
int xnvme_dev_derive_geo(struct xnvme_dev *dev);

/**
 * Get the geometry
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The geometry; never NULL
 */
const struct xnvme_geo *xnvme_dev_get_geo(const struct xnvme_dev *dev);

/**
 * Get the Identify Controller data; NVMe Base 2.0, Identify
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The data, as read at open
 */
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr(const struct xnvme_dev *dev);

/**
 * Get Identify Controller of the namespace's command set (CNS 06h); NVMe Base 2.0, Identify
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The data, as read at open; NULL when there is none
 */
const struct xnvme_spec_idfy_ctrlr *xnvme_dev_get_ctrlr_css(const struct xnvme_dev *dev);

/**
 * Get the Identify Namespace data (CNS 00h); NVM Command Set 1.0, Identify
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The data, as read at open; NULL for a controller or key-value handle
 */
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns(const struct xnvme_dev *dev);

/**
 * Get Identify Namespace of the namespace's command set (CNS 05h); NVMe Base 2.0, Identify
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The data, as read at open; NULL when there is none
 */
const struct xnvme_spec_idfy_ns *xnvme_dev_get_ns_css(const struct xnvme_dev *dev);

/**
 * Get the namespace identifier
 *
 * Does not block; any thread.
 *
 * @return The identifier; 0 for a controller handle
 */
uint32_t xnvme_dev_get_nsid(const struct xnvme_dev *dev);

/**
 * Get the command set identifier
 *
 * Does not block; any thread.
 *
 * @return A value of enum xnvme_spec_csi, or XNVME_SPEC_CSI_FS for files and ramdisks
 */
uint8_t xnvme_dev_get_csi(const struct xnvme_dev *dev);

/**
 * Get the identity of the device
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The identity; never NULL
 */
const struct xnvme_ident *xnvme_dev_get_ident(const struct xnvme_dev *dev);

/**
 * Get the options in effect
 *
 * The strings be, dev, sync, async, admin and mem are the names of the selected implementations.
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return The options; never NULL
 */
const struct xnvme_opts *xnvme_dev_get_opts(const struct xnvme_dev *dev);

/**
 * Get private state of the kind of handle; for the library's own tests
 *
 * @return The state, or NULL
 */
const void *xnvme_dev_get_be_state(const struct xnvme_dev *dev);

/**
 * Get the base-2 logarithm of a block's data bytes
 *
 * Does not block; any thread.
 *
 * @return The shift: a byte offset shifted right by it is the LBA
 */
uint64_t xnvme_dev_get_ssw(const struct xnvme_dev *dev);

/**
 * Get the log of the path selection at open
 *
 * It lists, as sentences, each preferred path that was unusable, and why. Valid until the handle is
 * closed. Does not block; any thread.
 *
 * @return The log; empty when the first choice was usable
 */
const char *xnvme_dev_get_note(const struct xnvme_dev *dev);

/**
 * Get the features of the system that the async path uses
 *
 * Valid until the handle is closed. Does not block; any thread.
 *
 * @return Words separated by commas
 */
const char *xnvme_dev_get_features(const struct xnvme_dev *dev);

/**
 * Get the kind of the opened device
 *
 * Does not block; any thread.
 *
 * @return "file", "block", "ramdisk", "virt", ...; static
 */
const char *xnvme_dev_get_kind(const struct xnvme_dev *dev);

/**
 * Open a device
 *
 * The URI is that of a regular file, a block device, an NVMe node (/dev/nvme0n1, /dev/ng0n1,
 * /dev/nvme0), a ramdisk ("1GiB"), a virtual SSD ("virt:PRESET"), a PCI function ("0000:03:00.0"),
 * ...
 *
 * A ramdisk has the units of sizes elsewhere (KiB, K, k, KB, kB to TiB, T, t, TB), all of them
 * powers of 1024: "1GB" is 1 GiB, as in xNVMe. An existing file of that name is opened instead, and
 * with `create` a name in units of one letter ("1M") is a file.
 *
 * Blocks while it identifies the device; any thread.
 *
 * @param dev_uri The device
 * @param opts Required properties of the handle, copied; unset rdwr and create_mode are set to
 *   their defaults in it. NULL: the defaults.
 * @return A handle, which the caller closes with xnvme_dev_close(); or NULL with errno, and
 *   xnvme_err_text() has the reason and what is possible instead
 * @error EINVAL The URI or an option is invalid, or no path supports the combination
 * @error ENOENT There is no such device or file
 * @error EACCES The user lacks the permission
 * @error ENOTSUP The library does not support this kind of device
 * @error ENOMEM Out of memory
 */
struct xnvme_dev *xnvme_dev_open(const char *dev_uri, struct xnvme_opts *opts)
	XNVME_LAYOUT_0_8(xnvme_dev_open);

/**
 * Close a handle
 *
 * A handle with queues exists until the last of them is terminated. Blocks while the system closes
 * the device. Only one thread may close a handle.
 *
 * @param dev An open handle; NULL is allowed
 */
void xnvme_dev_close(struct xnvme_dev *dev);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_DEV_H */
