/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options for opening a device
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

/** What a device's async path shall favour; the value of xnvme_opts.policy */
enum xnvme_policy {
	XNVME_POLICY_AUTO = 0x0,         /**< what suits the device */
	XNVME_POLICY_LATENCY = 0x1,      /**< submit at once, poll for completions */
	XNVME_POLICY_THROUGHPUT = 0x2,   /**< batch submissions until the queue is poked */
	XNVME_POLICY_CONSERVE_CPU = 0x3, /**< sleep in the kernel rather than poll */
};

struct xnvme_opts {
	const char *be;
	const char *dev;
	const char *mem;
	const char *sync;
	const char *async;
	const char *admin;
	uint32_t nsid;
	uint8_t rdonly;
	uint8_t wronly;
	uint8_t rdwr;
	uint8_t create;
	uint8_t truncate;
	uint8_t direct;
	uint8_t policy; /**< enum xnvme_policy; was padding, so 0 in programs that know no policy */
	uint32_t create_mode;
	uint8_t poll_io;
	uint8_t poll_sq;
	uint8_t register_files;
	uint8_t register_buffers;
	struct xnvme_opts_css css;
	uint32_t use_cmb_sqs;
	uint32_t shm_id;
	uint32_t main_core;
	const char *core_mask;
	const char *iova_mode;
	const char *adrfam;
	const char *subnqn;
	const char *hostnqn;
	uint32_t admin_timeout;
	uint32_t command_timeout;
	uint32_t spdk_fabrics;
	uint32_t keep_alive_timeout_ms;
	size_t host_heap_size;
	size_t device_heap_size;
	uint32_t gpu_id;
};
XNVME_STATIC_ASSERT(sizeof(struct xnvme_opts) == 168, "incorrect size")

void xnvme_opts_set_defaults(struct xnvme_opts *opts);

struct xnvme_opts xnvme_opts_default(void);

int xnvme_opts_pr(const struct xnvme_opts *opts, int pr_opts);

#ifdef __cplusplus
}
#endif

#endif /* LIBXNVME_OPTS_H */
