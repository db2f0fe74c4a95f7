/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's form of a command that it passes through to an NVMe device.
 *
 * Built field by field from the context, never laid over it: the kernel's structure goes on where
 * the command of the standard ends, and what lies there in a context (an old completion) would be
 * taken for a timeout.
 */
#ifndef PATH_LINUX_PASSTHRU_H
#define PATH_LINUX_PASSTHRU_H

#include <base/assert.h>
#include <host/err.h>
#include <linux/nvme_ioctl.h>
#include <string.h>

/* What io_uring carries is the head of what the ioctl takes */
union passthru {
	struct nvme_uring_cmd head;
	struct nvme_passthru_cmd64 whole;
};
STATIC_ASSERT(offsetof(struct nvme_uring_cmd, timeout_ms) ==
	      offsetof(struct nvme_passthru_cmd64, timeout_ms), "the head is not the same");
STATIC_ASSERT(sizeof(struct nvme_uring_cmd) == 72, "one that io_uring would not take");

/* `data_len` is a count of vectors for the vectored forms */
static inline void
passthru_fill(struct nvme_uring_cmd *out, const struct xnvme_spec_cmd *cmd, uint32_t timeout_ms,
	      const void *data, uint32_t data_len, const void *meta, uint32_t meta_nbytes)
{
	out->opcode = cmd->common.opcode;
	out->flags = cmd->common.fuse; /* data pointers are the kernel's to choose: no PSDT */
	out->rsvd1 = 0;
	out->nsid = cmd->common.nsid;
	out->cdw2 = cmd->common.cdw02;
	out->cdw3 = cmd->common.cdw03;
	out->metadata = (uintptr_t)meta;
	out->addr = (uintptr_t)data;
	out->metadata_len = meta_nbytes;
	out->data_len = data_len;
	out->cdw10 = cmd->common.ndt;
	out->cdw11 = cmd->common.ndm;
	out->cdw12 = cmd->common.cdw12;
	out->cdw13 = cmd->common.cdw13;
	out->cdw14 = cmd->common.cdw14;
	out->cdw15 = cmd->common.cdw15;
	out->timeout_ms = timeout_ms;
	out->rsvd2 = 0;
}

/* What the kernel returns above 0 is the completion's status without its phase bit */
static inline void
passthru_cpl(struct xnvme_spec_cpl *cpl, uint32_t status, uint64_t result)
{
	cpl->result = result;
	cpl->status.val = (uint16_t)(status << 1);
}

/* Options have microseconds, 0 for the kernel's own choice; the kernel takes milliseconds */
static inline uint32_t
passthru_timeout_ms(uint32_t timeout_us)
{
	return timeout_us / 1000 + (timeout_us % 1000 ? 1 : 0);
}

#endif /* PATH_LINUX_PASSTHRU_H */
