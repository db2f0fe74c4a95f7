/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options for opening a device. `struct xnvme_opts` lists what you require; the library picks the
 * rest. The caller owns the strings; the handle keeps copies of those that it needs.
 *
 *
 */
#ifndef LIBXNVME_OPTS_H
#define LIBXNVME_OPTS_H

#include <libxnvme_base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xnvme_opts_css {
	uint32_t value;
	uint32_t given;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_opts_css) == 8, "incorrect size")

/**
 * Optimization goal of a device's async path; the value of xnvme_opts.policy
 *
 * A policy enables features where the kernel and the device support them, and works without them
 * elsewhere; xnvme_queue_get_features() returns those in use. In contrast, poll_io and poll_sq
 * require their feature.
 */
enum xnvme_policy {
	XNVME_POLICY_AUTO = 0x0,         /**< selected by the library for the device */
	/** submit immediately and poll for completions. Poll the NVMe device itself (IOPOLL) where
	 * its driver has poll queues and the device was opened with `direct`, until the program
	 * requests a completion fd */
	XNVME_POLICY_LATENCY = 0x1,
	/** batch submissions until the queue is poked. A kernel thread takes them from the ring
	 * (SQPOLL) while there are two processors for each such queue */
	XNVME_POLICY_THROUGHPUT = 0x2,
	XNVME_POLICY_CONSERVE_CPU = 0x3, /**< sleep in the kernel rather than poll */
};

struct xnvme_opts {
	const char *be;    /**< path with or without a kind of handle: io_uring, libaio_file */
	const char *dev;   /**< output of xnvme_dev_get_opts(): linux, virt, pcie, ramdisk */
	const char *mem;   /**< allocator of buffers: posix, hugepage */
	const char *sync;  /**< path of synchronous commands */
	const char *async; /**< path of queues */
	const char *admin; /**< path of admin commands */
	/** for the URI of a controller; 0: its first active namespace. 0xffffffff is refused, as is
	 * more than 1 for a file, a block device other than an NVMe namespace's, or a ramdisk */
	uint32_t nsid;
	/** open for reading only; refused are commands that change data or settings (Set Features,
	 * namespace and firmware management), and resets. A virtual SSD's file must exist and is
	 * not written */
	uint8_t rdonly;
	uint8_t wronly;    /**< open for writing only */
	uint8_t rdwr;      /**< open for reading and writing; the default */
	uint8_t create;    /**< create the file if it does not exist */
	uint8_t truncate;  /**< truncate the file to 0 bytes */
	/** bypass the page cache; open fails where that is impossible. For a file or block device
	 * the kernel then requires that memory, offsets and lengths are aligned to the blocks of
	 * the device below: memory of xnvme_buf_alloc() is. Without it the paths of an
	 * NVMe block device are selected such that all or none of them use the page cache */
	uint8_t direct;
	uint8_t policy; /**< enum xnvme_policy; formerly padding, so 0 in older programs */
	uint32_t create_mode; /**< permissions of a file that is created */
	/** poll the device for completions; refused where unsupported. For rings (io_uring,
	 * io_uring_cmd); other paths ignore poll_io and poll_sq */
	uint8_t poll_io;
	uint8_t poll_sq;   /**< a kernel thread polls the ring for submissions (SQPOLL) */
	uint8_t register_files;   /**< ignored: rings register their file where they can */
	uint8_t register_buffers; /**< allocate buffers in one region that rings register */
	struct xnvme_opts_css css; /**< ignored */
	uint32_t use_cmb_sqs;      /**< ignored */
	uint32_t shm_id; /**< must be 0: no path shares a device between processes */
	uint32_t main_core;    /**< ignored */
	const char *core_mask; /**< ignored */
	const char *iova_mode; /**< ignored */
	const char *adrfam;    /**< ignored */
	const char *subnqn;    /**< ignored */
	const char *hostnqn;   /**< ignored */
	uint32_t admin_timeout;   /**< microseconds */
	uint32_t command_timeout; /**< microseconds */
	uint32_t spdk_fabrics;          /**< ignored */
	uint32_t keep_alive_timeout_ms; /**< ignored */
	/** bytes of the buffer heap: its limit with mem=hugepage, else its size, with
	 * register_buffers or a driver in user space; 0: the default */
	size_t host_heap_size;
	size_t device_heap_size; /**< ignored */
	uint32_t gpu_id;         /**< ignored */
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_opts) == 168, "incorrect size")

/**
 * Set all options to their defaults: rdwr, namespace 1, paths selected by the library
 *
 * @param opts Set; the strings in it become NULL
 */
void xnvme_opts_set_defaults(struct xnvme_opts *opts) XNVME_LAYOUT_0_8(xnvme_opts_set_defaults);

/**
 * Get the default options, by value
 *
 * @return The options that xnvme_opts_set_defaults() sets
 */
struct xnvme_opts xnvme_opts_default(void) XNVME_LAYOUT_0_8(xnvme_opts_default);

/**
 * Print options as YAML to stdout
 *
 * @param opts The options; NULL prints as `~`
 * @param pr_opts Output format, a value of enum xnvme_pr
 * @return The number of characters, or -errno
 */
int xnvme_opts_pr(const struct xnvme_opts *opts, int pr_opts) XNVME_LAYOUT_0_8(xnvme_opts_pr);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_OPTS_H */
