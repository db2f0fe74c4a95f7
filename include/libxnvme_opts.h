/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options for opening a device. What they name are constraints on the choice of paths; what they
 * leave out is chosen. Memory of the strings stays the caller's; the handle keeps copies of
 * those that it needs.
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
 * What a device's async path shall favour; the value of xnvme_opts.policy
 *
 * What a policy turns on is left out where the kernel or the device does not have it; the features
 * of a queue say what is used. poll_io and poll_sq demand it instead.
 */
enum xnvme_policy {
	XNVME_POLICY_AUTO = 0x0,         /**< what suits the device */
	/** submit at once, poll for completions: the NVMe device itself (IOPOLL), where its driver
	 * has queues for that and it was opened with `direct`, until a completion fd is wanted */
	XNVME_POLICY_LATENCY = 0x1,
	/** batch submissions until the queue is poked; a kernel thread takes them from the ring
	 * (SQPOLL) while there are two processors for each such queue */
	XNVME_POLICY_THROUGHPUT = 0x2,
	XNVME_POLICY_CONSERVE_CPU = 0x3, /**< sleep in the kernel rather than poll */
};

struct xnvme_opts {
	const char *be;    /**< a path with or without the kind of handle: io_uring, libaio_file */
	const char *dev;   /**< filled in: who opened it */
	const char *mem;   /**< where buffers come from: posix, hugepage */
	const char *sync;  /**< path of synchronous commands */
	const char *async; /**< path of queues */
	const char *admin; /**< path of admin commands */
	uint32_t nsid;     /**< for URIs that name a controller; 0: its first active namespace */
	uint8_t rdonly;    /**< open for reading only: what changes stored data is refused */
	uint8_t wronly;    /**< open for writing only */
	uint8_t rdwr;      /**< open for both; the default */
	uint8_t create;    /**< make the file when there is none */
	uint8_t truncate;  /**< make the file empty */
	/** past the page cache; refused where that cannot be. Without it the paths of an NVMe block
	 * device are chosen so that all or none of them go through the cache */
	uint8_t direct;
	uint8_t policy; /**< enum xnvme_policy; was padding, so 0 in programs that know no policy */
	uint32_t create_mode; /**< permissions of a file that is made */
	/** poll the device for completions; refused where it cannot. For rings (io_uring,
	 * io_uring_cmd): other paths take no notice of it, nor of poll_sq */
	uint8_t poll_io;
	uint8_t poll_sq;   /**< have a thread of the kernel look for submissions */
	uint8_t register_files;
	uint8_t register_buffers;
	struct xnvme_opts_css css;
	uint32_t use_cmb_sqs;
	uint32_t shm_id; /**< anything but 0 is refused: no path shares devices between processes */
	uint32_t main_core;
	const char *core_mask;
	const char *iova_mode;
	const char *adrfam;
	const char *subnqn;
	const char *hostnqn;
	uint32_t admin_timeout;   /**< microseconds */
	uint32_t command_timeout; /**< microseconds */
	uint32_t spdk_fabrics;
	uint32_t keep_alive_timeout_ms;
	size_t host_heap_size; /**< limit of the heap of huge pages, in bytes; 0: none */
	size_t device_heap_size;
	uint32_t gpu_id;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_opts) == 168, "incorrect size")

/** Sets all options to their defaults: read and write, namespace 1, everything else chosen */
void xnvme_opts_set_defaults(struct xnvme_opts *opts) XNVME_LAYOUT_0_8(xnvme_opts_set_defaults);

/** The defaults, by value */
struct xnvme_opts xnvme_opts_default(void) XNVME_LAYOUT_0_8(xnvme_opts_default);

/** Writes the options as YAML to the standard output. The number of characters, or -errno. */
int xnvme_opts_pr(const struct xnvme_opts *opts, int pr_opts) XNVME_LAYOUT_0_8(xnvme_opts_pr);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_OPTS_H */
